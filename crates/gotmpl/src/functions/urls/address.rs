//! Whether the text in the brackets of a host is an IPv6 address, with the words of Go's `netip.ParseAddr` where it is not.

use crate::quote::quote;

/// What kind of address a text is.
pub(super) enum Address {
    V4,
    V6,
}

struct Refused<'t> {
    message: &'static str,
    /// From where on the text was not understood.
    at: &'t [u8],
}

/// Reads an address; the zone of an IPv6 address is let through.
pub(super) fn parse(text: &[u8]) -> Result<Address, Vec<u8>> {
    let first = text.iter().find(|byte| b".:%".contains(byte));
    let result = match first {
        Some(b'.') => v4(text).map(|()| Address::V4),
        Some(b':') => v6(text).map(|()| Address::V6),
        Some(_) => Err(refused("missing IPv6 address")),
        None => Err(refused("unable to parse IP")),
    };
    result.map_err(|Refused { message, at }| {
        let shown = if at.is_empty() { String::new() } else { format!(" (at {})", quote(at)) };
        format!("ParseAddr({}): {message}{shown}", quote(text)).into_bytes()
    })
}

fn refused<'t>(message: &'static str) -> Refused<'t> {
    Refused { message, at: &[] }
}

fn v4(text: &[u8]) -> Result<(), Refused<'_>> {
    let mut fields = 0;
    let (mut value, mut digits) = (0_u32, 0);
    let mut previous = None;
    let mut rest = text;
    while let Some((byte, after)) = rest.split_first() {
        match byte {
            b'0'..=b'9' => {
                if digits == 1 && value == 0 {
                    return Err(refused("IPv4 field has octet with leading zero"));
                }
                value = value * 10 + u32::from(byte - b'0');
                digits += 1;
                if value > 255 {
                    return Err(refused("IPv4 field has value >255"));
                }
            }
            b'.' => {
                if matches!(previous, None | Some(b'.')) || after.is_empty() {
                    return Err(Refused { message: "IPv4 field must have at least one digit", at: rest });
                }
                if fields == 3 {
                    return Err(refused("IPv4 address too long"));
                }
                fields += 1;
                (value, digits) = (0, 0);
            }
            _ => return Err(Refused { message: "unexpected character", at: rest }),
        }
        previous = Some(*byte);
        rest = after;
    }
    if fields < 3 { Err(refused("IPv4 address too short")) } else { Ok(()) }
}

fn v6(text: &[u8]) -> Result<(), Refused<'_>> {
    let mut rest = match text.iter().position(|byte| *byte == b'%').and_then(|at| text.split_at_checked(at)) {
        Some((_, b"%")) => return Err(refused("zone must be a non-empty string")),
        Some((address, _)) => address,
        None => text,
    };
    let mut has_gap = false;
    if let Some(after) = rest.strip_prefix(b"::") {
        has_gap = true;
        rest = after;
        if rest.is_empty() {
            return Ok(());
        }
    }
    // In bytes, of sixteen.
    let mut filled = 0;
    while filled < 16 {
        let digits = rest.iter().take_while(|byte| byte.is_ascii_hexdigit()).count();
        if digits > 4 {
            return Err(Refused { message: "each group must have 4 or less digits", at: rest });
        }
        if digits == 0 {
            return Err(Refused { message: "each colon-separated field must have at least one digit", at: rest });
        }
        let after = rest.get(digits..).unwrap_or_default();
        if after.first() == Some(&b'.') {
            if !has_gap && filled != 12 {
                let message = "embedded IPv4 address must replace the final 2 fields of the address";
                return Err(Refused { message, at: rest });
            }
            if filled + 4 > 16 {
                let message = "too many hex fields to fit an embedded IPv4 at the end of the address";
                return Err(Refused { message, at: rest });
            }
            v4(rest)?;
            filled += 4;
            rest = &[];
            break;
        }
        filled += 2;
        rest = match after {
            [] => &[],
            [b':'] => return Err(Refused { message: "colon must be followed by more characters", at: after }),
            [b':', next @ ..] => next,
            _ => return Err(Refused { message: "unexpected character, want colon", at: after }),
        };
        if after.is_empty() {
            break;
        }
        if let Some(next) = rest.strip_prefix(b":") {
            if has_gap {
                return Err(Refused { message: "multiple :: in address", at: rest });
            }
            has_gap = true;
            rest = next;
            if rest.is_empty() {
                break;
            }
        }
    }
    match rest {
        [] if filled < 16 && !has_gap => Err(refused("address string too short")),
        [] if filled == 16 && has_gap => Err(refused("the :: must expand to at least one field of zeros")),
        [] => Ok(()),
        _ => Err(Refused { message: "trailing garbage after address", at: rest }),
    }
}
