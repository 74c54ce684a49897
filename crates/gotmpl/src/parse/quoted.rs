//! Pieces of the text as messages show them.

use crate::format;

/// `%q`.
pub(crate) fn go_quote(text: &[u8]) -> String {
    String::from_utf8_lossy(&format::quote(text)).into_owned()
}

/// `%#U`: the code point, and the character where it can be printed.
pub(super) fn go_unicode(c: char) -> String {
    let number = u32::from(c);
    if c.is_control() || c.is_whitespace() && c != ' ' {
        format!("U+{number:04X}")
    } else {
        format!("U+{number:04X} '{c}'")
    }
}
