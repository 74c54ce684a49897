//! Go's quoted texts and characters: `strconv.Quote` and its kin.

use std::io::Write;

use crate::unicode::{self, REPLACEMENT};

/// `strconv.Quote`: in double quotes, with escapes for what does not print.
pub(crate) fn quote(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len() + 2);
    quote_to(&mut out, text, false);
    out
}

/// As [`quote`]; with `ascii` everything beyond ASCII is escaped too.
pub(super) fn quote_to(out: &mut Vec<u8>, text: &[u8], ascii: bool) {
    out.push(b'"');
    let mut rest = text;
    while let Some((character, size)) = unicode::decode(rest) {
        match rest.first() {
            Some(byte) if size == 1 && character == REPLACEMENT => hex(out, "\\x", u32::from(*byte), 2),
            _ => escape(out, character, '"', ascii),
        }
        rest = rest.get(size..).unwrap_or_default();
    }
    out.push(b'"');
}

/// `strconv.QuoteRune`: a character in single quotes.
pub(super) fn quote_character(out: &mut Vec<u8>, character: char, ascii: bool) {
    out.push(b'\'');
    escape(out, character, '\'', ascii);
    out.push(b'\'');
}

fn escape(out: &mut Vec<u8>, character: char, quote: char, ascii: bool) {
    match character {
        '\\' => out.extend_from_slice(b"\\\\"),
        _ if character == quote => {
            out.push(b'\\');
            unicode::push(out, character);
        }
        _ if unicode::is_print(character) && (character.is_ascii() || !ascii) => unicode::push(out, character),
        '\x07' => out.extend_from_slice(b"\\a"),
        '\x08' => out.extend_from_slice(b"\\b"),
        '\x0C' => out.extend_from_slice(b"\\f"),
        '\n' => out.extend_from_slice(b"\\n"),
        '\r' => out.extend_from_slice(b"\\r"),
        '\t' => out.extend_from_slice(b"\\t"),
        '\x0B' => out.extend_from_slice(b"\\v"),
        '\0'..' ' | '\x7F' => hex(out, "\\x", u32::from(character), 2),
        '\0'..'\u{10000}' => hex(out, "\\u", u32::from(character), 4),
        _ => hex(out, "\\U", u32::from(character), 8),
    }
}

fn hex(out: &mut Vec<u8>, prefix: &str, number: u32, width: usize) {
    // A vector takes everything.
    let _ = write!(out, "{prefix}{number:0width$x}");
}

/// `strconv.CanBackquote`: whether the text can stand unchanged between backquotes.
pub(super) fn can_backquote(text: &[u8]) -> bool {
    unicode::runes(text).all(|(character, size)| match character {
        '\u{FEFF}' | '`' | '\x7F' => false,
        REPLACEMENT => size > 1,
        '\t' => true,
        _ => character >= ' ',
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What Go 1.26's `strconv` gives.
    #[test]
    fn as_go_quotes() {
        let quoted = quote("a\"b\\c\t\x01\u{7f}é\u{a0}\u{200b}\u{e0001}日".as_bytes());
        assert_eq!(String::from_utf8_lossy(&quoted), r#""a\"b\\c\t\x01\x7fé\u00a0\u200b\U000e0001日""#);
        assert_eq!(quote(b"\xff\xe6\x97"), br#""\xff\xe6\x97""#);
        assert_eq!(quote("\u{fffd}".as_bytes()), "\"\u{fffd}\"".as_bytes());
        let mut ascii = Vec::new();
        quote_to(&mut ascii, "é日".as_bytes(), true);
        assert_eq!(ascii, br#""\u00e9\u65e5""#);
        let mut character = Vec::new();
        quote_character(&mut character, '\'', false);
        assert_eq!(character, br"'\''");
    }

    #[test]
    fn backquotes() {
        assert!(can_backquote("a\tb\"é\u{fffd}".as_bytes()));
        for text in [b"`".as_slice(), b"a\nb", b"\xff", "\u{feff}".as_bytes(), b"\x7f"] {
            assert!(!can_backquote(text));
        }
    }
}
