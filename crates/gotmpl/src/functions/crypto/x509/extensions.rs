//! The extensions of a certificate that is read: checked as Go's `processExtensions` does, for it refuses the certificate
//! where one is malformed. Only the identifier of the key is kept.

use super::super::der::{BOOLEAN, INTEGER, OCTET_STRING, Reader, SEQUENCE, context};
use super::read::{Extension, is_integer};
use crate::quote::quote;

const AUTHORITY_ACCESS: &[u8] = &[0x2B, 6, 1, 5, 5, 7, 1, 1];

/// Checks all and gives the identifier of the certificate's key; empty without one.
pub(super) fn check<'d>(extensions: &[Extension<'d>]) -> Result<&'d [u8], String> {
    let mut key_id: &[u8] = &[];
    for extension in extensions {
        let value = Reader(extension.value);
        let result = match extension.identifier {
            [0x55, 0x1D, 14] => subject_key(extension).map(|found| key_id = found),
            [0x55, 0x1D, 15] => ok(key_usage(value), "invalid key usage"),
            [0x55, 0x1D, 17] => subject_names(value),
            [0x55, 0x1D, 19] => ok(basic_constraints(value), "invalid basic constraints"),
            [0x55, 0x1D, 31] => distribution_points(value),
            [0x55, 0x1D, 32] => ok(policies(value), "invalid certificate policies"),
            [0x55, 0x1D, 33] => ok(policy_mappings(value), "invalid policy mappings extension"),
            [0x55, 0x1D, 35] => authority_key(extension),
            [0x55, 0x1D, 36] => ok(policy_constraints(value), "invalid policy constraints extension"),
            [0x55, 0x1D, 37] => ok(purposes(value), "invalid extended key usages"),
            [0x55, 0x1D, 54] => ok(is_integer(extension.value).then_some(()), "invalid inhibit any policy extension"),
            AUTHORITY_ACCESS => authority_access(extension),
            _ => Ok(()),
        };
        result.map_err(|error| format!("x509: {error}"))?;
    }
    Ok(key_id)
}

fn ok(found: Option<()>, otherwise: &str) -> Result<(), String> {
    found.ok_or_else(|| otherwise.to_owned())
}

fn key_usage(mut value: Reader<'_>) -> Option<()> {
    value.bit_string().map(drop)
}

fn subject_key<'d>(extension: &Extension<'d>) -> Result<&'d [u8], String> {
    if extension.is_critical {
        return Err("subject key identifier incorrectly marked critical".into());
    }
    Reader(extension.value).read(OCTET_STRING).ok_or_else(|| "invalid subject key identifier".into())
}

fn authority_key(extension: &Extension<'_>) -> Result<(), String> {
    if extension.is_critical {
        return Err("authority key identifier incorrectly marked critical".into());
    }
    let check = || {
        let mut fields = Reader(Reader(extension.value).read(SEQUENCE)?);
        if fields.peek(0x80) { fields.read(0x80).map(drop) } else { Some(()) }
    };
    ok(check(), "invalid authority key identifier")
}

fn authority_access(extension: &Extension<'_>) -> Result<(), String> {
    if extension.is_critical {
        return Err("authority info access incorrectly marked critical".into());
    }
    let check = || {
        let mut list = Reader(Reader(extension.value).read(SEQUENCE)?);
        while !list.is_empty() {
            let mut access = Reader(list.read(SEQUENCE)?);
            access.identifier()?;
            if access.peek(0x86) {
                access.read(0x86)?;
            }
        }
        Some(())
    };
    ok(check(), "invalid authority info access")
}

fn subject_names(mut value: Reader<'_>) -> Result<(), String> {
    let mut names = Reader(value.read(SEQUENCE).ok_or("invalid subject alternative names")?);
    while !names.is_empty() {
        let name = names.any().ok_or("invalid subject alternative name")?;
        let ascii = |what: &str| ok(name.contents.is_ascii().then_some(()), &format!("SAN {what} is malformed"));
        match name.tag ^ 0x80 {
            1 => ascii("rfc822Name")?,
            2 => ascii("dNSName")?,
            6 => {
                ascii("uniformResourceIdentifier")?;
                super::super::super::urls::check(name.contents).map_err(|error| {
                    let error = String::from_utf8_lossy(&error).into_owned();
                    format!("cannot parse URI {}: {error}", quote(name.contents))
                })?;
            }
            7 if !matches!(name.contents.len(), 4 | 16) => {
                return Err(format!("cannot parse IP address of length {}", name.contents.len()));
            }
            _ => {}
        }
    }
    Ok(())
}

fn basic_constraints(mut value: Reader<'_>) -> Option<()> {
    let mut fields = Reader(value.read(SEQUENCE)?);
    if fields.peek(BOOLEAN) {
        fields.boolean()?;
    }
    if fields.peek(INTEGER) {
        fields.integer().filter(|length| length.len() <= 8 && length.first().is_some_and(|first| *first < 0x80))?;
    }
    Some(())
}

fn distribution_points(mut value: Reader<'_>) -> Result<(), String> {
    let mut points = Reader(value.read(SEQUENCE).ok_or("invalid CRL distribution points")?);
    let mut check = || {
        while !points.is_empty() {
            let mut point = Reader(points.read(SEQUENCE)?);
            if point.peek(context(0)) {
                let mut names = Reader(Reader(point.read(context(0))?).read(context(0))?);
                while names.peek(0x86) {
                    names.read(0x86)?;
                }
            }
        }
        Some(())
    };
    ok(check(), "invalid CRL distribution point")
}

fn policies(mut value: Reader<'_>) -> Option<()> {
    let mut list = Reader(value.read(SEQUENCE)?);
    let mut seen = Vec::new();
    while !list.is_empty() {
        let identifier = Reader(list.read(SEQUENCE)?).identifier()?;
        if seen.contains(&identifier) {
            return None;
        }
        seen.push(identifier);
    }
    Some(())
}

fn policy_mappings(mut value: Reader<'_>) -> Option<()> {
    let mut list = Reader(value.read(SEQUENCE)?);
    while !list.is_empty() {
        let mut pair = Reader(list.read(SEQUENCE)?);
        pair.identifier()?;
        pair.identifier()?;
    }
    Some(())
}

fn policy_constraints(mut value: Reader<'_>) -> Option<()> {
    let mut fields = Reader(value.read(SEQUENCE)?);
    for tag in [0x80, 0x81] {
        if fields.peek(tag) {
            fields.read(tag).filter(|number| super::super::der::is_shortest(number) && number.len() <= 8)?;
        }
    }
    Some(())
}

fn purposes(mut value: Reader<'_>) -> Option<()> {
    let mut list = Reader(value.read(SEQUENCE)?);
    while !list.is_empty() {
        list.identifier()?;
    }
    Some(())
}
