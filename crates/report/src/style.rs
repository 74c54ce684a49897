//! What a terminal can do, and text made safe for one.

use std::borrow::Cow;

/// How text is laid out for the reader.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Style {
    /// Whether colours may be used.
    pub color: bool,
    /// Columns of the terminal, or of text that is laid out as for one.
    pub width: usize,
    /// Whether a person reads it on a terminal: lists and values that are longer than a line are cropped only then.
    pub terminal: bool,
}

impl Style {
    /// Plain text of 100 columns: for files, pipes and tests.
    pub const PLAIN: Style = Style { color: false, width: 100, terminal: false };

    /// The width that tables are cropped to, if they are.
    pub fn crop(self) -> Option<usize> {
        self.terminal.then_some(self.width)
    }

    /// The text in a colour, or as it is.
    pub fn paint(self, paint: Paint, text: &str) -> String {
        if self.color { format!("\x1b[{}m{text}\x1b[0m", paint.code()) } else { text.to_owned() }
    }
}

/// The few colours that are used.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Paint {
    /// Errors and what is deleted.
    Red,
    /// Warnings and what changes.
    Yellow,
    /// What is well and what is added.
    Green,
    /// Names and places.
    Cyan,
    /// Headings.
    Bold,
    /// What matters less.
    Dim,
}

impl Paint {
    pub(crate) fn code(self) -> &'static str {
        match self {
            Paint::Red => "1;31",
            Paint::Yellow => "1;33",
            Paint::Green => "32",
            Paint::Cyan => "36",
            Paint::Bold => "1",
            Paint::Dim => "2",
        }
    }
}

/// The text with control characters replaced one by one with pictures of themselves, so that a hostile file cannot drive
/// the reader's terminal. Tabs stay; so do newlines when `lines` is set. Characters that reorder text are replaced too.
pub fn clean(text: &str, lines: bool) -> Cow<'_, str> {
    let bad = |c: char| match c {
        '\t' => false,
        '\n' => !lines,
        c => c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}'),
    };
    if !text.contains(bad) {
        return Cow::Borrowed(text);
    }
    let replace = |c: char| match c {
        c if !bad(c) => c,
        '\u{7f}' => '\u{2421}',
        c if (c as u32) < 0x20 => char::from_u32(0x2400 + c as u32).unwrap_or('\u{fffd}'),
        _ => '\u{fffd}',
    };
    Cow::Owned(text.chars().map(replace).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_become_pictures() {
        assert_eq!(clean("a\tb\n", true), "a\tb\n");
        assert_eq!(clean("\u{1b}[31mred\u{7}\n", false), "␛[31mred␇␊");
        assert_eq!(clean("a\u{202e}b", false), "a\u{fffd}b");
    }
}
