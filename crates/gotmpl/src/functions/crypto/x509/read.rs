//! Reading a certificate in the order of Go's `x509.ParseCertificate`, with its words where something is wrong.

use super::super::super::dates::is_certificate_time;
use super::super::der::{
    BOOLEAN, GENERALIZED_TIME, INTEGER, NULL, OCTET_STRING, PRINTABLE_STRING, Reader, SEQUENCE, SET, UTC_TIME,
    UTF8_STRING, context, dotted, oid,
};
use super::extensions;
use crate::quote::quote;

/// What of a certificate goes into those that it signs.
pub(in super::super) struct Parent<'d> {
    /// Its subject, written.
    pub(in super::super) subject: &'d [u8],
    /// The identifier of its key; empty without one.
    pub(in super::super) key_id: &'d [u8],
    /// Its public key, if that is of a kind that Go knows.
    pub(in super::super) public_key: Option<&'d [u8]>,
}

/// An extension: its identifier, whether it is critical, its value.
pub(super) struct Extension<'d> {
    pub(super) identifier: &'d [u8],
    pub(super) is_critical: bool,
    pub(super) value: &'d [u8],
}

fn wrong(what: &str) -> String {
    format!("x509: {what}")
}

fn malformed(what: &str) -> impl Fn() -> String {
    move || format!("x509: malformed {what}")
}

/// Reads a certificate.
///
/// # Errors
/// Go's words.
pub(in super::super) fn parse(der: &[u8]) -> Result<Parent<'_>, String> {
    let mut outer = Reader(der);
    let mut input = Reader(outer.read(SEQUENCE).ok_or_else(malformed("certificate"))?);
    let parent = parse_body(&mut input)?;
    input.bit_string().ok_or_else(malformed("signature"))?;
    if !outer.is_empty() {
        return Err(wrong("trailing data"));
    }
    Ok(parent)
}

/// Reads the part that is signed, and the algorithm that follows it.
fn parse_body<'d>(input: &mut Reader<'d>) -> Result<Parent<'d>, String> {
    let mut body = Reader(input.read(SEQUENCE).ok_or_else(malformed("tbs certificate"))?);
    let version = version(&mut body)?;
    let serial = body.integer().ok_or_else(malformed("serial number"))?;
    if serial.first().is_some_and(|first| *first >= 0x80) {
        return Err(wrong("negative serial number"));
    }
    let inner = body.read(SEQUENCE).ok_or_else(malformed("signature algorithm identifier"))?;
    let algorithm = input.read(SEQUENCE).ok_or_else(malformed("algorithm identifier"))?;
    if inner != algorithm {
        return Err(wrong("inner and outer signature algorithm identifiers don't match"));
    }
    check_algorithm(algorithm)?;
    check_name(body.read(SEQUENCE).ok_or_else(malformed("issuer"))?)?;
    let mut validity = Reader(body.read(SEQUENCE).ok_or_else(malformed("validity"))?);
    check_time(&mut validity)?;
    check_time(&mut validity)?;
    // Go says issuer here too.
    let subject = body.element(SEQUENCE).ok_or_else(malformed("issuer"))?;
    check_name(subject.contents)?;
    let mut key = Reader(body.read(SEQUENCE).ok_or_else(malformed("spki"))?);
    let public_key = public_key(&mut key)?;
    let mut key_id: &[u8] = &[];
    if version > 1 {
        for (number, what) in [(0x81, "issuerUniqueID"), (0x82, "subjectUniqueID")] {
            if body.peek(number) {
                body.read(number).ok_or_else(malformed(what))?;
            }
        }
    }
    if version == 3 && body.peek(context(3)) {
        let mut wrapped = Reader(body.read(context(3)).ok_or_else(malformed("extensions"))?);
        let list = Reader(wrapped.read(SEQUENCE).ok_or_else(malformed("extensions"))?);
        key_id = extensions::check(&extension_list(list)?)?;
    }
    Ok(Parent { subject: subject.whole, key_id, public_key })
}

/// The version, counted from 1.
fn version(body: &mut Reader<'_>) -> Result<u8, String> {
    if !body.peek(context(0)) {
        return Ok(1);
    }
    let mut wrapped = Reader(body.read(context(0)).ok_or_else(malformed("version"))?);
    let number = wrapped.integer().filter(|_| wrapped.is_empty()).ok_or_else(malformed("version"))?;
    match number {
        [first, ..] if *first >= 0x80 => Err(malformed("version")()),
        [number @ 0..=2] => Ok(number + 1),
        number if number.len() > 8 => Err(malformed("version")()),
        _ => Err(wrong("invalid version")),
    }
}

/// Reads an algorithm and gives its identifier and its parameters.
fn check_algorithm(contents: &[u8]) -> Result<(&[u8], &[u8]), String> {
    let mut reader = Reader(contents);
    let identifier = reader.identifier().ok_or_else(malformed("OID"))?;
    if reader.is_empty() {
        return Ok((identifier, &[]));
    }
    let parameters = reader.any().ok_or_else(malformed("parameters"))?;
    Ok((identifier, parameters.whole))
}

fn check_name(contents: &[u8]) -> Result<(), String> {
    let invalid = |what: &'static str| move || format!("x509: invalid RDNSequence{what}");
    let mut sets = Reader(contents);
    while !sets.is_empty() {
        let mut set = Reader(sets.read(SET).ok_or_else(invalid(""))?);
        while !set.is_empty() {
            let mut attribute = Reader(set.read(SEQUENCE).ok_or_else(invalid(": invalid attribute"))?);
            attribute.identifier().ok_or_else(invalid(": invalid attribute type"))?;
            let value = attribute.any().ok_or_else(invalid(": invalid attribute value"))?;
            check_string(value.tag, value.contents)
                .map_err(|error| format!("x509: invalid RDNSequence: invalid attribute value: {error}"))?;
        }
    }
    Ok(())
}

fn check_string(tag: u8, contents: &[u8]) -> Result<(), String> {
    // For reading Go lets `*` and `&` pass, for many certificates hold them.
    let is_printable = |byte: &u8| byte.is_ascii_alphanumeric() || b" '()*+,-./:=?&".contains(byte);
    let (is_valid, name) = match tag {
        PRINTABLE_STRING => (contents.iter().all(is_printable), "PrintableString"),
        UTF8_STRING => (std::str::from_utf8(contents).is_ok(), "UTF-8 string"),
        0x12 => (contents.iter().all(|byte| byte.is_ascii_digit() || *byte == b' '), "NumericString"),
        // T.61 is taken for Latin-1.
        0x14 => (true, ""),
        0x16 => (contents.is_ascii(), "IA5String"),
        0x1E => (is_bmp(contents), "BMPString"),
        _ => return Err(format!("unsupported string type: {tag}")),
    };
    if is_valid { Ok(()) } else { Err(format!("invalid {name}")) }
}

/// Whether the bytes are characters of the basic plane.
fn is_bmp(contents: &[u8]) -> bool {
    let (characters, rest) = contents.as_chunks::<2>();
    let is_character =
        |bytes: &[u8; 2]| !matches!(u16::from_be_bytes(*bytes), 0xFFFE | 0xFFFF | 0xFDD0..=0xFDEF | 0xD800..=0xDFFF);
    rest.is_empty() && characters.iter().all(is_character)
}

fn check_time(reader: &mut Reader<'_>) -> Result<(), String> {
    let (tag, what) = if reader.peek(UTC_TIME) {
        (UTC_TIME, "UTCTime")
    } else if reader.peek(GENERALIZED_TIME) {
        (GENERALIZED_TIME, "GeneralizedTime")
    } else {
        return Err(wrong("unsupported time format"));
    };
    let text = reader.read(tag).ok_or_else(malformed(what))?;
    if is_certificate_time(text, tag == UTC_TIME) { Ok(()) } else { Err(malformed(what)()) }
}

/// The public key, if it is of a kind that Go knows.
fn public_key<'d>(reader: &mut Reader<'d>) -> Result<Option<&'d [u8]>, String> {
    let algorithm = reader.read(SEQUENCE).ok_or_else(malformed("public key algorithm identifier"))?;
    let (identifier, parameters) = check_algorithm(algorithm)?;
    let key = reader.bit_string().ok_or_else(malformed("subjectPublicKey"))?;
    match identifier {
        _ if identifier == oid::RSA => check_rsa(key, parameters)?,
        _ if identifier == oid::EC => check_point(key, parameters)?,
        _ if identifier == oid::ED25519 || identifier == oid::X25519 => {
            let name = if identifier == oid::ED25519 { "Ed25519" } else { "X25519" };
            if !parameters.is_empty() {
                return Err(wrong(&format!("{name} key encoded with illegal parameters")));
            }
            if key.len() != 32 {
                let is_signing = identifier == oid::ED25519;
                let message = "crypto/ecdh: invalid public key";
                return Err(if is_signing { wrong("wrong Ed25519 public key size") } else { message.into() });
            }
        }
        _ if identifier == oid::DSA => check_dsa(key, parameters)?,
        _ => return Ok(None),
    }
    Ok(Some(key))
}

/// Whether the bytes of an integer are a number above zero.
fn is_positive(number: &[u8]) -> bool {
    number.first().is_some_and(|first| *first < 0x80) && number.iter().any(|byte| *byte != 0)
}

fn check_rsa(key: &[u8], parameters: &[u8]) -> Result<(), String> {
    if parameters != NULL {
        return Err(wrong("RSA key missing NULL parameters"));
    }
    let mut fields = Reader(Reader(key).read(SEQUENCE).ok_or_else(|| wrong("invalid RSA public key"))?);
    let modulus = fields.integer().ok_or_else(|| wrong("invalid RSA modulus"))?;
    let exponent = fields.integer().filter(|exponent| exponent.len() <= 8);
    let exponent = exponent.ok_or_else(|| wrong("invalid RSA public exponent"))?;
    if !is_positive(modulus) {
        return Err(wrong("RSA modulus is not a positive number"));
    }
    if !is_positive(exponent) {
        return Err(wrong("RSA public exponent is not a positive number"));
    }
    Ok(())
}

fn check_point(key: &[u8], parameters: &[u8]) -> Result<(), String> {
    let curve = Reader(parameters).identifier().ok_or_else(|| wrong("invalid ECDSA parameters"))?;
    let size = match curve {
        _ if curve == oid::P224 => 28,
        _ if curve == oid::P256 => 32,
        _ if curve == oid::P384 => 48,
        _ if curve == oid::P521 => 66,
        _ => return Err(wrong("unsupported elliptic curve")),
    };
    let is_on_curve = curve != oid::P256 || p256::PublicKey::from_sec1_bytes(key).is_ok();
    if key.len() != 1 + 2 * size || key.first() != Some(&4) || !is_on_curve {
        return Err("crypto/ecdsa: invalid public key".into());
    }
    Ok(())
}

fn check_dsa(key: &[u8], parameters: &[u8]) -> Result<(), String> {
    let mut numbers = vec![Reader(key).integer().ok_or_else(|| wrong("invalid DSA public key"))?];
    let invalid = || wrong("invalid DSA parameters");
    let mut fields = Reader(Reader(parameters).read(SEQUENCE).ok_or_else(invalid)?);
    while numbers.len() < 4 {
        numbers.push(fields.integer().ok_or_else(invalid)?);
    }
    if numbers.into_iter().all(is_positive) { Ok(()) } else { Err(wrong("zero or negative DSA parameter")) }
}

/// All extensions; each may be there once.
fn extension_list(mut reader: Reader<'_>) -> Result<Vec<Extension<'_>>, String> {
    let mut found: Vec<Extension<'_>> = Vec::new();
    while !reader.is_empty() {
        let mut fields = Reader(reader.read(SEQUENCE).ok_or_else(malformed("extension"))?);
        let identifier = fields.identifier().ok_or_else(malformed("extension OID field"))?;
        let is_critical = if fields.peek(BOOLEAN) {
            fields.boolean().ok_or_else(malformed("extension critical field"))?
        } else {
            false
        };
        let value = fields.read(OCTET_STRING).ok_or_else(malformed("extension value field"))?;
        if found.iter().any(|other| other.identifier == identifier) {
            let shown = quote(dotted(identifier).as_bytes());
            return Err(wrong(&format!("certificate contains duplicate extension with OID {shown}")));
        }
        found.push(Extension { identifier, is_critical, value });
    }
    Ok(found)
}

/// Whether an element is an integer, for extensions that hold one.
pub(super) fn is_integer(value: &[u8]) -> bool {
    let mut reader = Reader(value);
    reader.peek(INTEGER) && reader.integer().is_some()
}
