//! Go's string and character literals: `strconv.Unquote`.

use super::lexer::decode;

/// The bytes of a quoted or raw string; `None` is Go's `invalid syntax`.
pub(super) fn unquote(literal: &[u8]) -> Option<Vec<u8>> {
    match literal {
        [b'`', inner @ .., b'`'] if memchr::memchr(b'\r', inner).is_none() => Some(inner.to_vec()),
        [b'`', inner @ .., b'`'] => Some(inner.iter().copied().filter(|byte| *byte != b'\r').collect()),
        [b'"', inner @ .., b'"'] => {
            if !inner.iter().any(|byte| matches!(byte, b'\\' | b'"' | b'\n')) {
                return Some(inner.to_vec());
            }
            let mut out = Vec::with_capacity(inner.len());
            let mut rest = inner;
            while !rest.is_empty() {
                rest = character(rest, b'"', &mut out)?.1;
            }
            Some(out)
        }
        _ => None,
    }
}

/// The number of a character constant: `Err(false)` is Go's `invalid syntax`, `Err(true)` a constant of more than one.
pub(super) fn unquote_character(literal: &[u8]) -> Result<u32, bool> {
    let inner = literal.get(1..).unwrap_or_default();
    let (number, rest) = character(inner, b'\'', &mut Vec::new()).ok_or(false)?;
    if rest == b"'" { Ok(number) } else { Err(true) }
}

/// Takes one character or escape off `text`; gives its number and what is left.
fn character<'t>(text: &'t [u8], quote: u8, out: &mut Vec<u8>) -> Option<(u32, &'t [u8])> {
    let first = *text.first()?;
    if first == quote || first == b'\n' {
        return None;
    }
    if first != b'\\' {
        let (found, length) = decode(text)?;
        let bytes = text.get(..length)?;
        out.extend_from_slice(bytes);
        return Some((found.into(), text.get(length..)?));
    }
    let kind = *text.get(1)?;
    let rest = text.get(2..)?;
    let simple = |byte: u8, out: &mut Vec<u8>| {
        out.push(byte);
        Some((u32::from(byte), rest))
    };
    match kind {
        b'a' => simple(7, out),
        b'b' => simple(8, out),
        b'f' => simple(12, out),
        b'n' => simple(b'\n', out),
        b'r' => simple(b'\r', out),
        b't' => simple(b'\t', out),
        b'v' => simple(11, out),
        b'\\' => simple(b'\\', out),
        b'\'' | b'"' if kind == quote => simple(kind, out),
        b'x' => {
            let number = digits(rest, 2, 16)?;
            out.push(u8::try_from(number).ok()?);
            Some((number, rest.get(2..)?))
        }
        b'u' | b'U' => {
            let length = if kind == b'u' { 4 } else { 8 };
            let number = digits(rest, length, 16)?;
            out.extend_from_slice(char::from_u32(number)?.encode_utf8(&mut [0; 4]).as_bytes());
            Some((number, rest.get(length..)?))
        }
        b'0'..=b'7' => {
            let number = digits(text.get(1..)?, 3, 8)?;
            out.push(u8::try_from(number).ok()?);
            Some((number, text.get(4..)?))
        }
        _ => None,
    }
}

fn digits(text: &[u8], count: usize, radix: u32) -> Option<u32> {
    text.get(..count)?
        .iter()
        .try_fold(0_u32, |number, byte| number.checked_mul(radix)?.checked_add(char::from(*byte).to_digit(radix)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_are_read_as_in_go() {
        for (literal, expected) in [
            (&b"\"a\\tb\\x41\\101\\u00e9\""[..], Some("a\tbAAé".as_bytes())),
            (b"\"\\xff\"", Some(&[0xff][..])),
            (b"`a\\n\r`", Some(b"a\\n")),
            (b"\"\\q\"", None),
            (b"\"\\'\"", None),
            (b"\"\\400\"", None),
            (b"\"\\ud800\"", None),
        ] {
            assert_eq!(unquote(literal).as_deref(), expected, "{}", String::from_utf8_lossy(literal));
        }
        assert_eq!(unquote_character(b"'x'"), Ok(120));
        assert_eq!(unquote_character(b"'\\n'"), Ok(10));
        assert_eq!(unquote_character(b"'ab'"), Err(true));
        assert_eq!(unquote_character(b"''"), Err(false));
    }
}
