//! Percent-encoding of the parts of a URL, as Go's `net/url` does and undoes it: each part has its own set of bytes that
//! stand for themselves (RFC 3986, with Go's exceptions).

use crate::quote::quote;

/// The part of a URL that is written or read.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Path,
    Host,
    /// The zone of an IPv6 address in a host.
    Zone,
    User,
    Fragment,
}

/// Whether the byte stands for itself in the part.
pub(super) fn is_plain(byte: u8, part: Part) -> bool {
    let others: &[u8] = match part {
        Part::Path => b"$&+,/:;=@",
        Part::Host | Part::Zone => b"!\"$&'()*+,:;<=>[]",
        Part::User => b"$&+,;=",
        Part::Fragment => b"!$&()*+,/:;=?@",
    };
    byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) || others.contains(&byte)
}

/// Writes what does not stand for itself as `%XX`.
pub(super) fn escape(text: &[u8], part: Part) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    for byte in text {
        if is_plain(*byte, part) {
            out.push(*byte);
        } else {
            out.extend_from_slice(format!("%{byte:02X}").as_bytes());
        }
    }
    out
}

/// Reads `%XX`; refuses what may not stand in a host.
pub(super) fn unescape(text: &[u8], part: Part) -> Result<Vec<u8>, Vec<u8>> {
    let in_host = matches!(part, Part::Host | Part::Zone);
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((first, after)) = rest.split_first() {
        if *first == b'%' {
            let Some(byte) = hex(after) else { return Err(bad_escape(rest)) };
            let is_percent = byte == b'%';
            // In a host only bytes beyond ASCII are escaped (RFC 3986); in a zone also blanks, as on Windows (RFC 6874).
            let is_refused = match part {
                Part::Host => byte < 0x80 && !is_percent,
                Part::Zone => byte != b' ' && !is_percent && !is_plain(byte, Part::Host),
                _ => false,
            };
            if is_refused {
                return Err(bad_escape(rest));
            }
            out.push(byte);
            rest = after.get(2..).unwrap_or_default();
        } else {
            if in_host && first.is_ascii() && !is_plain(*first, part) {
                return Err(format!("invalid character {} in host name", quote(&[*first])).into_bytes());
            }
            out.push(*first);
            rest = after;
        }
    }
    Ok(out)
}

/// The byte that two leading hexadecimal digits give.
fn hex(digits: &[u8]) -> Option<u8> {
    let digits = digits.get(..2).filter(|digits| digits.iter().all(u8::is_ascii_hexdigit))?;
    u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
}

fn bad_escape(rest: &[u8]) -> Vec<u8> {
    format!("invalid URL escape {}", quote(rest.get(..3).unwrap_or(rest))).into_bytes()
}
