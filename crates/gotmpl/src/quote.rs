//! Go's `strconv.Quote`: how errors show a text.

/// The bytes as a Go string literal in double quotes.
pub fn quote(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len() + 2);
    out.push('"');
    for chunk in bytes.utf8_chunks() {
        chunk.valid().chars().for_each(|c| push(&mut out, c));
        chunk.invalid().iter().for_each(|byte| out.push_str(&format!("\\x{byte:02x}")));
    }
    out.push('"');
    out
}

fn push(out: &mut String, c: char) {
    match c {
        '"' => out.push_str("\\\""),
        '\\' => out.push_str("\\\\"),
        '\x07' => out.push_str("\\a"),
        '\x08' => out.push_str("\\b"),
        '\x0C' => out.push_str("\\f"),
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        '\x0B' => out.push_str("\\v"),
        c if is_printable(c) => out.push(c),
        c => {
            let escaped = match u32::from(c) {
                code @ ..0x80 => format!("\\x{code:02x}"),
                code @ ..0x1_0000 => format!("\\u{code:04x}"),
                code => format!("\\U{code:08x}"),
            };
            out.push_str(&escaped);
        }
    }
}

/// Go's `unicode.IsPrint`. Rust's debug form escapes the same characters, and marks where they begin a text.
pub fn is_printable(c: char) -> bool {
    match c {
        ' '..='~' => true,
        c if c.is_ascii() => false,
        c => format!("a{c}").escape_debug().count() == 2,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_go_quotes() {
        assert_eq!(quote(b"a\"\\\n\x00\x7f\xff"), r#""a\"\\\n\x00\x7f\xff""#);
        assert_eq!(
            quote("é\u{301}\u{a0}\u{feff}\u{fffd}\u{e0001}".as_bytes()),
            "\"é\u{301}\\u00a0\\ufeff\u{fffd}\\U000e0001\""
        );
    }
}
