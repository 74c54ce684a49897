//! Certificates: made as Go's `x509.CreateCertificate` makes them from sprig's templates, and read as far as one that
//! signs others must be.

mod extensions;
mod read;

use sha2::{Digest, Sha256};

pub(super) use self::read::{Parent, parse};

use super::super::dates::certificate_time;
use super::der::{BIT_STRING, BOOLEAN, OBJECT_IDENTIFIER, OCTET_STRING, PRINTABLE_STRING, SEQUENCE, SET, UTF8_STRING};
use super::der::{bits, context, element, sequence, unsigned};
use super::keys::{PrivateKey, PublicKey};
use crate::quote::quote;

const COMMON_NAME: &[u8] = &[0x55, 4, 3];
const SUBJECT_KEY: &[u8] = &[0x55, 0x1D, 14];
const KEY_USAGE: &[u8] = &[0x55, 0x1D, 15];
const SUBJECT_NAMES: &[u8] = &[0x55, 0x1D, 17];
const BASIC_CONSTRAINTS: &[u8] = &[0x55, 0x1D, 19];
const AUTHORITY_KEY: &[u8] = &[0x55, 0x1D, 35];
const EXTENDED_KEY_USAGE: &[u8] = &[0x55, 0x1D, 37];
const SERVER_AUTH: &[u8] = &[0x2B, 6, 1, 5, 5, 7, 3, 1];
const CLIENT_AUTH: &[u8] = &[0x2B, 6, 1, 5, 5, 7, 3, 2];

/// What a certificate says.
pub(super) struct Template<'t> {
    pub(super) common_name: &'t [u8],
    pub(super) serial: [u8; 16],
    pub(super) dns_names: Vec<&'t [u8]>,
    /// Addresses of 4 or 16 bytes.
    pub(super) addresses: Vec<Vec<u8>>,
    /// Seconds since 1970.
    pub(super) not_before: i64,
    pub(super) not_after: i64,
    pub(super) is_authority: bool,
}

/// Makes the certificate of a key, signed by its parent, or by itself without one.
///
/// # Errors
/// Go's words.
pub(super) fn create(
    template: &Template<'_>,
    key: &PrivateKey,
    signer: Option<(&Parent<'_>, &PrivateKey)>,
) -> Result<Vec<u8>, String> {
    let signing_key = signer.map_or(key, |(_, key)| key);
    let signature_algorithm = signing_key.signature_algorithm()?;
    let public = key.public()?;
    let own_subject = name(template.common_name);
    let issuer = match signer {
        Some((parent, _)) => parent.subject.to_vec(),
        None => own_subject.clone()?,
    };
    let subject = own_subject?;
    let authority_key = signer.map_or(&[][..], |(parent, _)| if issuer == subject { &[] } else { parent.key_id });
    if let Some((parent, _)) = signer
        && parent.public_key.is_some_and(|public_key| !is_key_of(public_key, signing_key))
    {
        return Err("x509: provided PrivateKey doesn't match parent's PublicKey".into());
    }
    let extensions = extensions(template, &public, subject.len() == 2, authority_key)?;
    let body = sequence(&[
        &element(context(0), &unsigned(&[2])),
        &unsigned(&template.serial),
        &signature_algorithm,
        &issuer,
        &sequence(&[&certificate_time(template.not_before)?, &certificate_time(template.not_after)?]),
        &subject,
        &public.to_der(),
        &element(context(3), &element(SEQUENCE, &extensions)),
    ]);
    let signature = signing_key.sign(&body)?;
    Ok(sequence(&[&body, &signature_algorithm, &bits(&signature)]))
}

/// Whether the public key of a certificate belongs to the private key.
fn is_key_of(public_key: &[u8], key: &PrivateKey) -> bool {
    key.public().is_ok_and(|public| public.bytes == public_key)
}

/// A subject of a common name alone.
fn name(common_name: &[u8]) -> Result<Vec<u8>, String> {
    if common_name.is_empty() {
        return Ok(sequence(&[]));
    }
    // Go's set of printable characters for writing, which leaves out `*` and `&`.
    let is_printable = |byte: &u8| byte.is_ascii_alphanumeric() || b" '()+,-./:=?".contains(byte);
    let tag = if common_name.iter().all(is_printable) {
        PRINTABLE_STRING
    } else if std::str::from_utf8(common_name).is_ok() {
        UTF8_STRING
    } else {
        return Err("asn1: string not valid UTF-8".into());
    };
    let attribute = sequence(&[&element(OBJECT_IDENTIFIER, COMMON_NAME), &element(tag, common_name)]);
    Ok(sequence(&[&element(SET, &attribute)]))
}

fn extension(identifier: &[u8], is_critical: bool, value: &[u8]) -> Vec<u8> {
    let critical = if is_critical { element(BOOLEAN, &[0xFF]) } else { Vec::new() };
    sequence(&[&element(OBJECT_IDENTIFIER, identifier), &critical, &element(OCTET_STRING, value)])
}

/// All extensions in Go's order.
fn extensions(
    template: &Template<'_>,
    public: &PublicKey,
    has_no_subject: bool,
    authority_key: &[u8],
) -> Result<Vec<u8>, String> {
    // Digital signature and encipherment of keys; an authority also signs certificates.
    let usage = element(BIT_STRING, if template.is_authority { &[2, 0xA4] } else { &[5, 0xA0] });
    let purposes = sequence(&[&element(OBJECT_IDENTIFIER, SERVER_AUTH), &element(OBJECT_IDENTIFIER, CLIENT_AUTH)]);
    let authority = if template.is_authority { element(BOOLEAN, &[0xFF]) } else { Vec::new() };
    let mut out = extension(KEY_USAGE, true, &usage);
    out.extend(extension(EXTENDED_KEY_USAGE, false, &purposes));
    out.extend(extension(BASIC_CONSTRAINTS, true, &sequence(&[&authority])));
    if template.is_authority {
        // RFC 7093, section 2, method 1; Go 1.25 and later.
        let hash = Sha256::digest(&public.bytes);
        let short = hash.get(..20).unwrap_or_default();
        out.extend(extension(SUBJECT_KEY, false, &element(OCTET_STRING, short)));
    }
    if !authority_key.is_empty() {
        out.extend(extension(AUTHORITY_KEY, false, &sequence(&[&element(0x80, authority_key)])));
    }
    let mut names = Vec::new();
    for dns_name in &template.dns_names {
        if !dns_name.is_ascii() {
            return Err(format!("x509: {} cannot be encoded as an IA5String", quote(dns_name)));
        }
        names.extend(element(0x82, dns_name));
    }
    names.extend(template.addresses.iter().flat_map(|address| element(0x87, address)));
    if !names.is_empty() {
        out.extend(extension(SUBJECT_NAMES, has_no_subject, &element(SEQUENCE, &names)));
    }
    Ok(out)
}
