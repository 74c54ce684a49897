//! Base64 and base32 as Go's `encoding/base64` and `encoding/base32` do them with their standard alphabets: padding is
//! needed, line breaks are ignored, errors name the byte.

use crate::function::{Args, Call};
use crate::{Failure, Value};

const BASE64: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const BASE32: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

pub(super) fn b64enc(_: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    Ok(base64(args.text(0)?).into())
}

pub(super) fn b32enc(_: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    Ok(encode(args.text(0)?, BASE32, 5, 8).into())
}

pub(super) fn b64dec(_: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    Ok(decode(args.text(0)?, BASE64, 6, 4).unwrap_or_else(|at| corrupt("base64", at)).into())
}

pub(super) fn b32dec(_: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    Ok(decode(args.text(0)?, BASE32, 5, 8).unwrap_or_else(|at| corrupt("base32", at)).into())
}

/// sprig gives the error as the text.
fn corrupt(encoding: &str, at: usize) -> Vec<u8> {
    format!("illegal {encoding} data at input byte {at}").into_bytes()
}

/// Bytes in base64.
pub(crate) fn base64(bytes: &[u8]) -> String {
    encode(bytes, BASE64, 6, 4)
}

/// Bytes from base64.
///
/// # Errors
/// The offset of the byte that Go says is corrupt.
pub(crate) fn from_base64(text: &[u8]) -> Result<Vec<u8>, usize> {
    decode(text, BASE64, 6, 4)
}

/// Cuts the bytes into digits of `bits` bits and pads to groups of `group` digits.
fn encode(bytes: &[u8], alphabet: &[u8], bits: u32, group: usize) -> String {
    let mut out = String::with_capacity(bytes.len() * 8 / bits as usize + group);
    let mask = (1_u32 << bits) - 1;
    let mut buffer = 0_u32;
    let mut held = 0;
    let mut digit = |buffer: u32| out.extend(alphabet.get((buffer & mask) as usize).map(|byte| char::from(*byte)));
    for byte in bytes {
        buffer = (buffer << 8 | u32::from(*byte)) & 0xFFFF;
        held += 8;
        while held >= bits {
            held -= bits;
            digit(buffer >> held);
        }
    }
    if held > 0 {
        digit(buffer << (bits - held));
    }
    let padding = out.len().next_multiple_of(group) - out.len();
    out.extend(std::iter::repeat_n('=', padding));
    out
}

/// Decodes whole groups of digits; gives the offset where Go says the data is corrupt.
fn decode(text: &[u8], alphabet: &[u8], bits: u32, group: usize) -> Result<Vec<u8>, usize> {
    let is_break = |byte: u8| byte == b'\n' || byte == b'\r';
    // base32 drops line breaks first, so its offsets do not count them; base64 steps over them.
    let digits: Vec<(usize, u8)> = match group {
        8 => text.iter().copied().filter(|byte| !is_break(*byte)).enumerate().collect(),
        _ => text.iter().copied().enumerate().filter(|(_, byte)| !is_break(*byte)).collect(),
    };
    let mut out = Vec::with_capacity(digits.len() * bits as usize / 8);
    let mut rest = digits.as_slice();
    while !rest.is_empty() {
        let (chunk, after) = rest.split_at_checked(group).unwrap_or((rest, &[]));
        let mut buffer = 0_u64;
        let mut count = 0;
        for (index, &(at, byte)) in chunk.iter().enumerate() {
            if byte == b'=' {
                padding(chunk, after, index, at, text.len(), group)?;
                break;
            }
            let Some(value) = alphabet.iter().position(|letter| *letter == byte) else { return Err(at) };
            buffer = buffer << bits | value as u64;
            count += 1;
        }
        let padded = chunk.get(count).is_some();
        if count < group && !padded {
            // The text ends inside a group without padding. Go names the start of the group in base64, the end in base32.
            let start = chunk.first().map_or(0, |first| first.0);
            return Err(if group == 8 { digits.len() } else { start });
        }
        let whole = count as u32 * bits / 8;
        let spare = count as u32 * bits % 8;
        buffer >>= spare;
        out.extend((0..whole).rev().map(|byte| (buffer >> (8 * byte)) as u8));
        rest = after;
    }
    Ok(out)
}

/// Checks the padding that starts at `index` of a group: enough digits before it, the group filled, nothing after it.
fn padding(
    chunk: &[(usize, u8)],
    after: &[(usize, u8)],
    index: usize,
    at: usize,
    length: usize,
    group: usize,
) -> Result<(), usize> {
    let valid = if group == 4 { matches!(index, 2 | 3) } else { matches!(index, 2 | 4 | 5 | 7) };
    if !valid {
        return Err(at);
    }
    for &(at, byte) in chunk.iter().skip(index) {
        if byte != b'=' {
            return Err(at);
        }
    }
    if chunk.len() < group {
        return Err(length);
    }
    after.first().map_or(Ok(()), |(at, _)| Err(*at))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_and_back() {
        for text in ["", "f", "fo", "foo", "foob", "fooba", "foobar"] {
            assert_eq!(decode(base64(text.as_bytes()).as_bytes(), BASE64, 6, 4).unwrap(), text.as_bytes());
            let base32 = encode(text.as_bytes(), BASE32, 5, 8);
            assert_eq!(decode(base32.as_bytes(), BASE32, 5, 8).unwrap(), text.as_bytes());
        }
        assert_eq!(base64(b"foob"), "Zm9vYg==");
        assert_eq!(encode(b"foob", BASE32, 5, 8), "MZXW6YQ=");
    }

    #[test]
    fn corrupt_bytes_are_named() {
        assert_eq!(decode(b"Zm9v!mFy", BASE64, 6, 4), Err(4));
        assert_eq!(decode(b"Zm9vY", BASE64, 6, 4), Err(4));
    }
}
