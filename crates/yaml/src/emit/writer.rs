//! The text under construction, with the state that libyaml's emitter keeps about the current line (`emitterc.go` of
//! go-yaml v2.4.2), and the four ways of writing a string into it.

use std::fmt::Write;

use super::style::{BYTE_ORDER_MARK, Scalar, Style, is_break, is_printable};

/// The column after which a blank in a string becomes a line break.
const WIDTH: usize = 80;

/// The text and where its last line stands.
pub(crate) struct Writer {
    pub(crate) out: String,
    /// Characters in the current line.
    column: usize,
    /// Columns before the fields or items of the innermost collection; `None` outside of all.
    indent: Option<usize>,
    /// Whether the last character separates, so that no blank is needed.
    whitespace: bool,
    /// Whether the current line has nothing but blanks and the indicators `-`, `?` and `:`.
    indention: bool,
    layout: Layout,
}

/// Whose layout it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Layout {
    /// go-yaml v2: lists stand at the level of their key, long lines are folded.
    Compact,
    /// go-yaml v3 with an indentation of 2: lists stand below their key, nothing is folded.
    Indented,
}

impl Writer {
    pub(crate) fn new(layout: Layout) -> Self {
        Self { out: String::new(), column: 0, indent: None, whitespace: true, indention: true, layout }
    }

    pub(crate) fn layout(&self) -> Layout {
        self.layout
    }

    /// Starts a new document on a line of its own.
    pub(crate) fn start_document(&mut self) {
        (self.column, self.indent, self.whitespace, self.indention) = (0, None, true, true);
    }

    pub(crate) fn indent(&self) -> Option<usize> {
        self.indent
    }

    pub(crate) fn set_indent(&mut self, indent: Option<usize>) {
        self.indent = indent;
    }

    /// Goes one level in, for the fields of a mapping or the items of a sequence. A sequence right after `key:` stays on
    /// the level of its key.
    pub(crate) fn increase_indent(&mut self, is_value_list: bool) {
        self.indent = match self.indent {
            None => Some(0),
            Some(indent) if is_value_list && !self.indention && self.layout == Layout::Compact => Some(indent),
            Some(indent) => Some(indent + 2),
        };
    }

    fn put(&mut self, c: char) {
        self.out.push(c);
        self.column += 1;
    }

    fn put_text(&mut self, text: &str) {
        self.out.push_str(text);
        self.column += if text.is_ascii() { text.len() } else { text.chars().count() };
    }

    fn put_break(&mut self, c: char) {
        self.out.push(c);
        self.column = 0;
    }

    /// Goes to the indentation, on a new line unless the current one can still take it.
    pub(crate) fn write_indent(&mut self) {
        let indent = self.indent.unwrap_or(0);
        if !self.indention || self.column > indent || self.column == indent && !self.whitespace {
            self.put_break('\n');
        }
        if self.column < indent {
            self.out.extend(std::iter::repeat_n(' ', indent - self.column));
            self.column = indent;
        }
        self.whitespace = true;
        self.indention = true;
    }

    /// Puts the blank that separates from what stands before.
    pub(crate) fn separate(&mut self) {
        if !self.whitespace {
            self.put(' ');
            self.whitespace = true;
        }
    }

    /// `-`, `?`, or the `:` of a long key, after which more may follow on the line as if it were indentation.
    pub(crate) fn block_indicator(&mut self, indicator: char) {
        self.separate();
        self.put(indicator);
        self.whitespace = false;
    }

    /// The `:` right after a key.
    pub(crate) fn colon(&mut self) {
        self.put(':');
        self.whitespace = false;
        self.indention = false;
    }

    /// A text that is written as it is and never folded: numbers, words, empty collections.
    pub(crate) fn word(&mut self, text: &str) {
        self.separate();
        self.put_text(text);
        self.whitespace = false;
        self.indention = false;
    }

    /// A string in the style that was found for it. A key before its colon is not folded.
    pub(crate) fn string(&mut self, text: &str, scalar: Scalar, is_key: bool) {
        let outer = self.indent;
        self.indent = Some(outer.map_or(2, |indent| indent + 2));
        self.separate();
        let fold = !is_key && self.layout == Layout::Compact;
        match scalar.style {
            Style::Plain => self.plain(text, fold),
            Style::Single => self.single(text, fold),
            Style::Double => self.double(text, fold),
            Style::Literal => self.literal(text),
        }
        if scalar.style != Style::Literal {
            self.whitespace = false;
            self.indention = false;
        }
        self.indent = outer;
    }

    fn plain(&mut self, text: &str, fold: bool) {
        if !fold || self.column + text.len() <= WIDTH {
            return self.put_text(text);
        }
        self.folded(text, |writer, run| writer.put_text(run));
    }

    /// Writes the stretches without spaces by `write` and the spaces themselves, where a single one past the width
    /// becomes a line break. The first and the last character are never such a space.
    fn folded(&mut self, text: &str, write: impl Fn(&mut Self, &str)) {
        let mut rest = text;
        let mut after_space = false;
        while !rest.is_empty() {
            let run = rest.find(' ').unwrap_or(rest.len());
            let (before, from_space) = rest.split_at(run);
            if !before.is_empty() {
                write(self, before);
                self.indention = false;
                after_space = false;
            }
            let Some(next) = from_space.strip_prefix(' ') else { return };
            let inside = rest.len() - run < text.len() && !next.is_empty();
            if inside && !after_space && self.column > WIDTH && !next.starts_with(' ') {
                self.write_indent();
            } else {
                self.put(' ');
            }
            after_space = true;
            rest = next;
        }
    }

    fn single(&mut self, text: &str, fold: bool) {
        self.put('\'');
        self.whitespace = false;
        self.indention = false;
        let write = |writer: &mut Self, run: &str| {
            let mut after_break = false;
            for c in run.chars() {
                if is_break(c) {
                    writer.put_break(c);
                    writer.indention = true;
                    after_break = true;
                    continue;
                }
                if after_break {
                    writer.write_indent();
                }
                if c == '\'' {
                    writer.put('\'');
                }
                writer.put(c);
                writer.indention = false;
                after_break = false;
            }
        };
        if fold {
            self.folded(text, write)
        } else {
            write(self, text)
        }
        self.put('\'');
    }

    fn double(&mut self, text: &str, fold: bool) {
        let escape_all = text.starts_with(BYTE_ORDER_MARK);
        self.put('"');
        self.whitespace = false;
        self.indention = false;
        let mut after_space = false;
        let mut chars = text.char_indices().peekable();
        while let Some((at, c)) = chars.next() {
            if escape_all || c == '"' || c == '\\' || !is_printable(c) || is_break(c) {
                self.escaped(c);
                after_space = false;
            } else if c == ' ' {
                let next = chars.peek().map(|(_, next)| *next);
                if fold && !after_space && self.column > WIDTH && at > 0 && next.is_some() {
                    self.write_indent();
                    if next == Some(' ') {
                        self.put('\\');
                    }
                } else {
                    self.put(' ');
                }
                after_space = true;
            } else {
                self.put(c);
                after_space = false;
            }
            self.indention = false;
        }
        self.put('"');
    }

    fn escaped(&mut self, c: char) {
        let short = match c {
            '\0' => '0',
            '\u{7}' => 'a',
            '\u{8}' => 'b',
            '\t' => 't',
            '\n' => 'n',
            '\u{B}' => 'v',
            '\u{C}' => 'f',
            '\r' => 'r',
            '\u{1B}' => 'e',
            '"' => '"',
            '\\' => '\\',
            '\u{85}' => 'N',
            '\u{A0}' => '_',
            '\u{2028}' => 'L',
            '\u{2029}' => 'P',
            _ => {
                let code = u32::from(c);
                let before = self.out.len();
                // Writing to a string does not fail.
                let _ = match code {
                    0..=0xFF => write!(self.out, "\\x{code:02X}"),
                    0x100..=0xFFFF => write!(self.out, "\\u{code:04X}"),
                    _ => write!(self.out, "\\U{code:08X}"),
                };
                self.column += self.out.len() - before;
                return;
            }
        };
        self.put('\\');
        self.put(short);
    }

    fn literal(&mut self, text: &str) {
        self.put('|');
        // Without a number the first line would decide how far the block is indented.
        if text.starts_with(|c| c == ' ' || is_break(c)) {
            self.put('2');
        }
        let mut backwards = text.chars().rev();
        match (backwards.next().is_some_and(is_break), backwards.next().is_none_or(is_break)) {
            (false, _) => self.put('-'),
            (true, true) => self.put('+'),
            (true, false) => {}
        }
        self.put_break('\n');
        for line in text.split_inclusive(is_break) {
            let (content, end) = match line.char_indices().next_back() {
                Some((at, c)) if is_break(c) => (line.get(..at).unwrap_or_default(), Some(c)),
                _ => (line, None),
            };
            self.indention = true;
            self.whitespace = true;
            if !content.is_empty() {
                self.write_indent();
                self.put_text(content);
                self.indention = false;
            }
            if let Some(end) = end {
                self.put_break(end);
                self.indention = true;
            }
        }
    }
}
