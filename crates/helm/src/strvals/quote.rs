//! Texts as Go's `%q` shows them in messages.

/// A string in double quotes (`strconv.Quote`).
pub(crate) fn quote(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        escape(&mut out, c, '"');
    }
    out.push('"');
    out
}

/// A slice of runes, each in single quotes.
pub(super) fn quote_each(text: &str) -> String {
    let mut out = String::from("[");
    for (index, c) in text.chars().enumerate() {
        out.push_str(if index == 0 { "'" } else { " '" });
        escape(&mut out, c, '\'');
        out.push('\'');
    }
    out.push(']');
    out
}

fn escape(out: &mut String, c: char, mark: char) {
    match c {
        '\\' => out.push_str("\\\\"),
        _ if c == mark => {
            out.push('\\');
            out.push(c);
        }
        '\u{7}' => out.push_str("\\a"),
        '\u{8}' => out.push_str("\\b"),
        '\u{C}' => out.push_str("\\f"),
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        '\u{B}' => out.push_str("\\v"),
        _ if is_printable(c) => out.push(c),
        _ if c.is_ascii() => out.push_str(&format!("\\x{:02x}", u32::from(c))),
        _ if c.len_utf8() < 4 => out.push_str(&format!("\\u{:04x}", u32::from(c))),
        _ => out.push_str(&format!("\\U{:08x}", u32::from(c))),
    }
}

/// Go's `strconv.IsPrint`: letters, marks, numbers, punctuation, symbols, and the ASCII space. The standard library escapes
/// the others, and marks only where they begin a text.
fn is_printable(c: char) -> bool {
    match c {
        ' '..='~' => true,
        _ if c.is_ascii() => false,
        _ => {
            let mut buffer = [b'a'; 5];
            let [_, rest @ ..] = &mut buffer;
            let length = 1 + c.encode_utf8(rest).len();
            let text = buffer.get(..length).and_then(|bytes| std::str::from_utf8(bytes).ok()).unwrap_or_default();
            text.escape_debug().count() == 2
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_go_quotes() {
        assert_eq!(
            quote("a\"'\\\n\u{0}\u{7f}é\u{301}日\u{a0}\u{200b}😀\u{e000}"),
            "\"a\\\"'\\\\\\n\\x00\\x7fé\u{301}日\\u00a0\\u200b😀\\ue000\""
        );
        assert_eq!(quote_each("b'\""), "['b' '\\'' '\"']");
    }
}
