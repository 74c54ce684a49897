//! Go's `strconv.Quote` as a string: how errors show a text.

/// The bytes as a Go string literal in double quotes; what is not UTF-8 in them is escaped.
pub fn quote(bytes: &[u8]) -> String {
    String::from_utf8_lossy(&crate::format::quote(bytes)).into_owned()
}

/// Go's `unicode.IsPrint`.
pub fn is_printable(c: char) -> bool {
    crate::unicode::is_print(c)
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
