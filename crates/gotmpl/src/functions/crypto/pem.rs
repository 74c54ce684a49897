//! PEM as Go's `encoding/pem` writes and reads it.

use super::super::encoding::{base64, from_base64};

/// A block: its label and its bytes.
pub(super) struct Block {
    pub(super) label: Vec<u8>,
    pub(super) bytes: Vec<u8>,
}

/// A block with lines of 64 characters.
pub(super) fn encode(label: &str, bytes: &[u8]) -> String {
    let mut out = format!("-----BEGIN {label}-----\n");
    let encoded = base64(bytes);
    let mut rest = encoded.as_str();
    while !rest.is_empty() {
        let (line, after) = rest.split_at_checked(64).unwrap_or((rest, ""));
        out.push_str(line);
        out.push('\n');
        rest = after;
    }
    out.push_str(&format!("-----END {label}-----\n"));
    out
}

const BEGIN: &[u8] = b"-----BEGIN ";
const END: &[u8] = b"\n-----END ";
const DASHES: &[u8] = b"-----";

/// The first block of a text: from the last beginning before an end. What is broken is stepped over.
pub(super) fn decode(text: &[u8]) -> Option<Block> {
    let mut rest = text;
    loop {
        let end = find(rest, END)?;
        let (before, after) = (rest.get(..end)?, rest.get(end + END.len()..)?);
        if let Some(block) = block(before, after) {
            return Some(block);
        }
        rest = after;
    }
}

fn find(text: &[u8], what: &[u8]) -> Option<usize> {
    text.windows(what.len()).position(|window| window == what)
}

/// The block that ends between the two texts.
fn block(before: &[u8], after: &[u8]) -> Option<Block> {
    let begin = before.windows(BEGIN.len()).rposition(|window| window == BEGIN)?;
    if begin > 0 && before.get(begin - 1) != Some(&b'\n') {
        return None;
    }
    let (label, mut body) = line(before.get(begin + BEGIN.len()..)?);
    let label = label.strip_suffix(DASHES)?;
    // Headers: lines with a colon.
    loop {
        let (first, rest) = line(body);
        if !first.contains(&b':') {
            break;
        }
        body = rest;
    }
    let (last, _) = line(after.strip_prefix(label)?.strip_prefix(DASHES)?);
    if !last.is_empty() {
        return None;
    }
    let encoded: Vec<u8> = body.iter().copied().filter(|byte| !b" \t".contains(byte)).collect();
    Some(Block { label: label.to_vec(), bytes: from_base64(&encoded).ok()? })
}

/// The first line without the white space at its end, and what follows it.
fn line(text: &[u8]) -> (&[u8], &[u8]) {
    let end = text.iter().position(|byte| *byte == b'\n').unwrap_or(text.len());
    let (line, rest) = text.split_at_checked(end).unwrap_or((text, &[]));
    (line.trim_ascii_end(), rest.get(1..).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_and_back() {
        let bytes: Vec<u8> = (0..100).collect();
        let text = encode("TEST", &bytes);
        assert_eq!(text.lines().map(str::len).max(), Some(64));
        let found = decode(format!("words\n{text}").as_bytes()).unwrap();
        assert_eq!((found.label.as_slice(), found.bytes), (b"TEST".as_slice(), bytes));
    }

    #[test]
    fn headers_and_broken_blocks_are_stepped_over() {
        let text = b"-----BEGIN A-----\n!\n-----END A-----\n-----BEGIN B-----\nKey: value\n\nAQID\n-----END B-----\n";
        assert_eq!(decode(text).unwrap().bytes, [1, 2, 3]);
        assert!(decode(b"-----BEGIN A-----\nAQID\n-----END B-----\n").is_none());
    }
}
