//! The content of a scalar while it is collected: borrowed as long as it stands in the text as it is, and on demand with
//! a record of which bytes came from where.

use std::borrow::Cow;

use super::chars::{break_length, byte};

/// A stretch of content that stands in the text as it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Copied {
    /// First byte in the content.
    pub(crate) to: usize,
    /// First byte in the text.
    pub(crate) from: usize,
    /// Bytes in the content.
    pub(crate) length: usize,
    /// Bytes in the text.
    pub(crate) source_length: usize,
    /// Whether the content is the text itself, and not an escape or a folded break.
    pub(crate) verbatim: bool,
}

/// Collects the content of one scalar.
#[derive(Debug)]
pub(crate) struct Content<'a> {
    text: &'a str,
    /// The whole content as long as it is one stretch of the text.
    borrowed: &'a str,
    owned: String,
    record: Option<Vec<Copied>>,
}

impl<'a> Content<'a> {
    pub(crate) fn new(text: &'a str, record: bool) -> Self {
        Self { text, borrowed: "", owned: String::new(), record: record.then(Vec::new) }
    }

    fn length(&self) -> usize {
        self.borrowed.len() + self.owned.len()
    }

    fn note(&mut self, from: usize, source_length: usize, content: &str) {
        let (to, length) = (self.length(), content.len());
        let Some(record) = &mut self.record else { return };
        if length > 0 {
            let verbatim = self.text.get(from..from + source_length) == Some(content);
            record.push(Copied { to, from, length, source_length, verbatim });
        }
    }

    fn own(&mut self) {
        if !self.borrowed.is_empty() {
            self.owned.push_str(self.borrowed);
            self.borrowed = "";
        }
    }

    /// Appends `text[from..to]`.
    pub(crate) fn copy(&mut self, from: usize, to: usize) {
        let part = self.text.get(from..to).unwrap_or_default();
        self.note(from, part.len(), part);
        if self.length() == 0 {
            self.borrowed = part;
        } else if !part.is_empty() {
            self.own();
            self.owned.push_str(part);
        }
    }

    /// Appends a character that `text[from..from + source_length]` stands for.
    pub(crate) fn put(&mut self, character: char, from: usize, source_length: usize) {
        self.own();
        self.note(from, source_length, character.encode_utf8(&mut [0; 4]));
        self.owned.push(character);
    }

    /// Appends one line break as content: LS and PS stay, all others become a newline.
    fn put_break(&mut self, at: usize, length: usize) {
        match length {
            3 if byte(self.text.as_bytes(), at + 2) == 0xA8 => self.put('\u{2028}', at, 3),
            3 => self.put('\u{2029}', at, 3),
            _ => self.put('\n', at, length),
        }
    }

    /// Appends all line breaks of `text[from..to]`, which holds blanks and breaks only.
    pub(crate) fn breaks(&mut self, from: usize, to: usize) {
        let mut at = from;
        while at < to {
            match break_length(self.text.as_bytes(), at) {
                0 => at += 1,
                length => {
                    self.put_break(at, length);
                    at += length;
                }
            }
        }
    }

    /// Folds `text[from..to]`, which holds blanks and at least one break: one newline becomes a space, more lose their
    /// first; LS and PS are never folded.
    pub(crate) fn fold(&mut self, from: usize, to: usize) {
        let bytes = self.text.as_bytes();
        let mut first = from;
        while first < to && break_length(bytes, first) == 0 {
            first += 1;
        }
        let length = break_length(bytes, first);
        if length == 3 {
            return self.breaks(first, to);
        }
        let before = self.length();
        self.breaks(first + length, to);
        if self.length() == before {
            self.put(' ', first, length);
        }
    }

    pub(crate) fn finish(self) -> (Cow<'a, str>, Vec<Copied>) {
        let text = if self.owned.is_empty() { Cow::Borrowed(self.borrowed) } else { Cow::Owned(self.owned) };
        (text, self.record.unwrap_or_default())
    }
}
