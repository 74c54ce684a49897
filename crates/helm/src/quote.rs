//! Texts as Go's `%q` shows them in messages.

/// A string in double quotes.
pub(crate) fn quote(text: &str) -> String {
    gotmpl::quote(text.as_bytes())
}

/// A character in single quotes.
pub(crate) fn quote_char(c: char) -> String {
    match c {
        '\'' => "'\\''".to_owned(),
        '"' => "'\"'".to_owned(),
        _ => {
            let quoted = quote(c.encode_utf8(&mut [0; 4]));
            format!("'{}'", quoted.trim_matches('"'))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_have_single_quotes() {
        let quoted: Vec<String> = "b'\"\\\n".chars().map(quote_char).collect();
        assert_eq!(quoted, ["'b'", "'\\''", "'\"'", "'\\\\'", "'\\n'"]);
    }
}
