//! Private keys: drawn, written to PEM, read from it, and signing.

use crypto_bigint::BoxedUint;
use ed25519_dalek::SigningKey as Ed25519Key;
use p256::SecretKey as P256Key;
use p256::ecdsa::signature::Signer;
use p256::elliptic_curve::sec1::ToSec1Point;
use rsa::Pkcs1v15Sign;
use rsa::pkcs1::EncodeRsaPrivateKey;
use rsa::traits::PublicKeyParts;
use sha2::{Digest, Sha256};

use super::asn1::{Fields, trailing_data};
use super::der::{NULL, algorithm, bits, context, dotted, element, oid, sequence, unsigned};
use super::der::{OBJECT_IDENTIFIER, OCTET_STRING};
use super::{dsa, pem, primes};
use crate::env::Draw;
use crate::{Budget, Failure};

/// A private key.
pub(super) enum PrivateKey {
    Rsa(Box<rsa::PrivateKey>),
    P256(Box<P256Key>),
    Ed25519(Box<Ed25519Key>),
    /// In sprig's own form. Go signs nothing with it.
    Dsa(Vec<u8>),
    /// Well formed, but of a kind that is not computed with here: only passed on.
    Other(&'static str),
}

/// A public key as certificates hold it.
pub(super) struct PublicKey {
    /// The algorithm, written.
    pub(super) algorithm: Vec<u8>,
    /// The contents of the bit string.
    pub(super) bytes: Vec<u8>,
}

impl PublicKey {
    /// The structure that a certificate holds.
    pub(super) fn to_der(&self) -> Vec<u8> {
        sequence(&[&self.algorithm, &bits(&self.bytes)])
    }
}

/// Draws an RSA key.
pub(super) fn generate_rsa(draw: &mut Draw, bits: u32, budget: &mut Budget) -> Result<PrivateKey, Failure> {
    let [first, second] = primes::pair(draw, bits, budget)?;
    let key = rsa::PrivateKey::from_p_q(first, second, BoxedUint::from(primes::EXPONENT));
    key.map(|key| PrivateKey::Rsa(Box::new(key)))
        .map_err(|error| Failure::error(format!("error generating rsa key: {error}")))
}

/// Draws a key of the kind that `genPrivateKey` names; nothing for a kind that it does not know.
pub(super) fn generate(kind: &[u8], draw: &mut Draw, budget: &mut Budget) -> Result<Option<PrivateKey>, Failure> {
    Ok(Some(match kind {
        b"" | b"rsa" => generate_rsa(draw, 4096, budget)?,
        b"dsa" => PrivateKey::Dsa(dsa::generate(draw).unwrap_or_default()),
        b"ecdsa" => loop {
            // Numbers beyond the order of the curve are no keys, and next to none are.
            if let Ok(key) = P256Key::from_bytes(&draw.bytes::<32>().into()) {
                break PrivateKey::P256(Box::new(key));
            }
        },
        b"ed25519" => PrivateKey::Ed25519(Box::new(Ed25519Key::from_bytes(&draw.bytes()))),
        _ => return Ok(None),
    }))
}

/// The words for what is not computed.
fn unsupported(kind: &str) -> String {
    format!("not supported: {kind}")
}

impl PrivateKey {
    /// The key as sprig writes it.
    pub(super) fn to_pem(&self) -> Result<String, String> {
        let (label, der) = match self {
            PrivateKey::Rsa(key) => {
                let der = key.to_pkcs1_der().map_err(|error| error.to_string())?;
                ("RSA PRIVATE KEY", der.as_bytes().to_vec())
            }
            PrivateKey::P256(key) => {
                let point = key.public_key().to_sec1_point(false);
                let der = sequence(&[
                    &unsigned(&[1]),
                    &element(OCTET_STRING, &key.to_bytes()),
                    &element(context(0), &element(OBJECT_IDENTIFIER, oid::P256)),
                    &element(context(1), &bits(point.as_bytes())),
                ]);
                ("EC PRIVATE KEY", der)
            }
            PrivateKey::Ed25519(key) => {
                let secret = element(OCTET_STRING, &element(OCTET_STRING, key.as_bytes()));
                ("PRIVATE KEY", sequence(&[&unsigned(&[]), &algorithm(oid::ED25519, &[]), &secret]))
            }
            PrivateKey::Dsa(der) => ("DSA PRIVATE KEY", der.clone()),
            PrivateKey::Other(kind) => return Err(unsupported(kind)),
        };
        Ok(pem::encode(label, &der))
    }

    /// The public key.
    ///
    /// # Errors
    /// Go's words for a kind of key that certificates do not hold.
    pub(super) fn public(&self) -> Result<PublicKey, String> {
        Ok(match self {
            PrivateKey::Rsa(key) => PublicKey {
                algorithm: algorithm(oid::RSA, NULL),
                bytes: sequence(&[&unsigned(&key.n().to_be_bytes()), &unsigned(&key.e().to_be_bytes())]),
            },
            PrivateKey::P256(key) => PublicKey {
                algorithm: algorithm(oid::EC, &element(OBJECT_IDENTIFIER, oid::P256)),
                bytes: key.public_key().to_sec1_point(false).as_bytes().to_vec(),
            },
            PrivateKey::Ed25519(key) => {
                PublicKey { algorithm: algorithm(oid::ED25519, &[]), bytes: key.verifying_key().as_bytes().to_vec() }
            }
            PrivateKey::Dsa(_) => return Err("x509: unsupported public key type: *dsa.PublicKey".into()),
            PrivateKey::Other(kind) => return Err(unsupported(kind)),
        })
    }

    /// The algorithm of its signatures, written.
    ///
    /// # Errors
    /// Go's words for a key that does not sign.
    pub(super) fn signature_algorithm(&self) -> Result<Vec<u8>, String> {
        match self {
            PrivateKey::Rsa(_) => Ok(algorithm(oid::SHA256_WITH_RSA, NULL)),
            PrivateKey::P256(_) => Ok(algorithm(oid::ECDSA_WITH_SHA256, &[])),
            PrivateKey::Ed25519(_) => Ok(algorithm(oid::ED25519, &[])),
            PrivateKey::Dsa(_) => Err("x509: certificate private key does not implement crypto.Signer".into()),
            PrivateKey::Other(kind) => Err(unsupported(kind)),
        }
    }

    /// Signs a message. Nothing is drawn: signatures of elliptic curves follow RFC 6979.
    pub(super) fn sign(&self, message: &[u8]) -> Result<Vec<u8>, String> {
        match self {
            PrivateKey::Rsa(key) => key
                .sign(Pkcs1v15Sign::new::<Sha256>(), &Sha256::digest(message))
                .map_err(|error| format!("crypto/rsa: {error}")),
            PrivateKey::P256(key) => {
                let signature: p256::ecdsa::DerSignature = p256::ecdsa::SigningKey::from(key.as_ref()).sign(message);
                Ok(signature.as_bytes().to_vec())
            }
            PrivateKey::Ed25519(key) => Ok(key.sign(message).to_bytes().to_vec()),
            PrivateKey::Dsa(_) | PrivateKey::Other(_) => self.signature_algorithm(),
        }
    }
}

/// Reads a key in PEM.
///
/// # Errors
/// The words of sprig and Go.
pub(super) fn parse_pem(text: &[u8]) -> Result<PrivateKey, Vec<u8>> {
    let block = pem::decode(text).ok_or("no PEM data in input")?;
    let within = |before: &'static str| move |error: String| format!("{before}: {error}").into_bytes();
    if block.label == b"PRIVATE KEY" {
        return parse_pkcs8(&block.bytes).map_err(within("decoding PEM as PKCS#8"));
    }
    match block.label.strip_suffix(b" PRIVATE KEY") {
        None => Err([b"no private key data in PEM block of type ".as_slice(), &block.label].concat()),
        Some(b"RSA") => parse_pkcs1(&block.bytes).map_err(within("parsing RSA private key from PEM")),
        Some(b"EC") => parse_sec1(&block.bytes, None).map_err(within("parsing EC private key from PEM")),
        Some(b"DSA") => parse_dsa(&block.bytes).map_err(within("parsing DSA private key from PEM")),
        Some(_) => Err([b"invalid private key type ".as_slice(), &block.label].concat()),
    }
}

/// The fields of a PKCS #8 key that Go reads: the algorithm, its parameters and the key.
fn pkcs8_fields(der: &[u8]) -> Result<[&[u8]; 3], String> {
    let (mut fields, _) = Fields::open(der, "pkcs8")?;
    fields.int()?;
    let mut algorithm = fields.structure("AlgorithmIdentifier")?;
    Ok([algorithm.identifier(None)?, algorithm.raw()?, fields.octets()?])
}

/// The fields of an EC key that Go reads: the version, the number and the curve.
fn sec1_fields(der: &[u8]) -> Result<(i64, &[u8], &[u8]), String> {
    let (mut fields, _) = Fields::open(der, "ecPrivateKey")?;
    let found = (fields.int()?, fields.octets()?, fields.identifier(Some(0))?);
    fields.optional_bits(1)?;
    Ok(found)
}

/// The fields of an RSA key.
struct Pkcs1<'d> {
    version: i64,
    exponent: i64,
    /// Modulus, private exponent, two primes.
    numbers: [&'d [u8]; 4],
    /// What follows from them and may be left out.
    derived: [Option<&'d [u8]>; 3],
}

fn pkcs1_fields(der: &[u8]) -> Result<(Pkcs1<'_>, &[u8]), String> {
    let (mut fields, rest) = Fields::open(der, "pkcs1PrivateKey")?;
    let version = fields.int()?;
    let modulus = fields.big()?;
    let exponent = fields.int()?;
    let numbers = [modulus, fields.big()?, fields.big()?, fields.big()?];
    let derived = [fields.optional_big()?, fields.optional_big()?, fields.optional_big()?];
    Ok((Pkcs1 { version, exponent, numbers, derived }, rest))
}

/// The hint that Go gives where a key is of another format.
fn other_format(function: &str) -> String {
    format!("x509: failed to parse private key (use {function} instead for this key format)")
}

fn parse_pkcs1(der: &[u8]) -> Result<PrivateKey, String> {
    let (found, rest) = pkcs1_fields(der).map_err(|error| match () {
        () if sec1_fields(der).is_ok() => other_format("ParseECPrivateKey"),
        () if pkcs8_fields(der).is_ok() => other_format("ParsePKCS8PrivateKey"),
        () => error,
    })?;
    if !rest.is_empty() {
        return Err(trailing_data());
    }
    if found.version > 1 {
        return Err("x509: unsupported private key version".into());
    }
    let is_positive = |bytes: &&[u8]| matches!(bytes, [0, _, ..] | [1..0x80, ..]);
    if !found.numbers.iter().all(is_positive) || !found.derived.iter().flatten().all(is_positive) {
        return Err("x509: private key contains zero or negative value".into());
    }
    let number = |bytes: &[u8]| BoxedUint::from_be_slice_vartime(bytes);
    let [modulus, private, first, second] = found.numbers.map(number);
    let exponent = BoxedUint::from(found.exponent.unsigned_abs());
    rsa::PrivateKey::from_components(modulus, exponent, private, vec![first, second])
        .map(|key| PrivateKey::Rsa(Box::new(key)))
        .map_err(|error| format!("crypto/rsa: {error}"))
}

fn parse_sec1(der: &[u8], curve: Option<&[u8]>) -> Result<PrivateKey, String> {
    let (version, secret, named) = sec1_fields(der).map_err(|error| match () {
        () if pkcs8_fields(der).is_ok() => other_format("ParsePKCS8PrivateKey"),
        () if pkcs1_fields(der).is_ok() => other_format("ParsePKCS1PrivateKey"),
        () => format!("x509: failed to parse EC private key: {error}"),
    })?;
    if version != 1 {
        return Err(format!("x509: unknown EC private key version {version}"));
    }
    let curve = curve.unwrap_or(named);
    let size = match curve {
        _ if curve == oid::P224 => 28,
        _ if curve == oid::P256 => 32,
        _ if curve == oid::P384 => 48,
        _ if curve == oid::P521 => 66,
        _ => return Err("x509: unknown elliptic curve".into()),
    };
    // Zeros at the front may be missing or too many.
    let mut secret = secret;
    while secret.len() > size {
        secret = secret.strip_prefix(&[0]).ok_or("x509: invalid private key length")?;
    }
    if curve != oid::P256 {
        return Ok(PrivateKey::Other("keys of elliptic curves other than P-256"));
    }
    let mut padded = [0; 32];
    padded.iter_mut().rev().zip(secret.iter().rev()).for_each(|(byte, given)| *byte = *given);
    P256Key::from_bytes(&padded.into())
        .map(|key| PrivateKey::P256(Box::new(key)))
        .map_err(|_| "crypto/ecdsa: invalid private key".into())
}

fn parse_pkcs8(der: &[u8]) -> Result<PrivateKey, String> {
    let [algorithm, parameters, key] = pkcs8_fields(der).map_err(|error| match () {
        () if sec1_fields(der).is_ok() => other_format("ParseECPrivateKey"),
        () if pkcs1_fields(der).is_ok() => other_format("ParsePKCS1PrivateKey"),
        () => error,
    })?;
    let embedded =
        |kind: &str, error: String| format!("x509: failed to parse {kind} private key embedded in PKCS#8: {error}");
    match algorithm {
        _ if algorithm == oid::RSA => parse_pkcs1(key).map_err(|error| embedded("RSA", error)),
        _ if algorithm == oid::EC => {
            let curve = super::der::Reader(parameters).identifier();
            parse_sec1(key, curve).map_err(|error| embedded("EC", error))
        }
        _ if algorithm == oid::ED25519 || algorithm == oid::X25519 => {
            let name = if algorithm == oid::ED25519 { "Ed25519" } else { "X25519" };
            if !parameters.is_empty() {
                return Err(format!("x509: invalid {name} private key parameters"));
            }
            let mut fields = Fields::within(key);
            let secret = fields.octets().map_err(|error| format!("x509: invalid {name} private key: {error}"))?;
            match secret.first_chunk().filter(|_| secret.len() == 32) {
                None if name == "X25519" => Err("crypto/ecdh: invalid private key size".into()),
                None => Err(format!("x509: invalid Ed25519 private key length: {}", secret.len())),
                Some(_) if name == "X25519" => Ok(PrivateKey::Other("X25519 keys")),
                Some(secret) => Ok(PrivateKey::Ed25519(Box::new(Ed25519Key::from_bytes(secret)))),
            }
        }
        _ => Err(format!("x509: PKCS#8 wrapping contained private key with unknown algorithm: {}", dotted(algorithm))),
    }
}

fn parse_dsa(der: &[u8]) -> Result<PrivateKey, String> {
    let (mut fields, rest) = Fields::open(der, "DSAKeyFormat")?;
    fields.int()?;
    for _ in 0..5 {
        fields.big()?;
    }
    Ok(PrivateKey::Dsa(der.get(..der.len() - rest.len()).unwrap_or(der).to_vec()))
}
