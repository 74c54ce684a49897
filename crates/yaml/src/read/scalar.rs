//! Scanning scalars: plain, quoted and block, with libyaml's folding.

use source::{Diagnostic, Span};

use super::chars::{PLAIN, QUOTED, break_length, is_blank, is_break_or_end, is_space_or_end};
use super::content::Content;
use super::scanner::{Scan, Scanner};
use super::token::{Style, Token};

/// What a block scalar does with the line breaks at its end.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Chomping {
    Strip,
    Clip,
    Keep,
}

impl<'a> Scanner<'a> {
    /// Scans a plain scalar.
    pub(crate) fn plain(&mut self) -> Scan<()> {
        self.save_key()?;
        self.key_allowed = false;
        let start = self.at;
        let mut content = Content::new(self.text, false);
        let (end, broken) = self.plain_content(&mut content)?;
        // A key may follow a scalar that was followed by a line break.
        if broken {
            self.key_allowed = true;
        }
        let (text, _) = content.finish();
        let after = std::mem::replace(&mut self.at, end);
        self.push(Token::Scalar { text, style: Style::Plain }, start);
        self.at = after;
        Ok(())
    }

    /// Collects a plain scalar; gives its end and whether line breaks follow it.
    pub(crate) fn plain_content(&mut self, content: &mut Content<'a>) -> Scan<(usize, bool)> {
        let (mut from, mut end) = (self.at, self.at);
        let mut broken_at = None;
        loop {
            if self.column() == 0 && self.document_indicator().is_some() || self.byte(0) == b'#' {
                break;
            }
            if let Some(blanks) = broken_at
                && !is_space_or_end(self.bytes, self.at)
                && !self.plain_ends()
            {
                content.copy(from, end);
                content.fold(blanks, self.at);
                broken_at = None;
                from = self.at;
            }
            let word = self.at;
            self.at = PLAIN.find(self.bytes, word);
            while !is_space_or_end(self.bytes, self.at) && !self.plain_ends() {
                self.at = PLAIN.find(self.bytes, self.at + 1);
            }
            if self.at > word {
                end = self.at;
            }
            if !is_blank(self.byte(0)) && break_length(self.bytes, self.at) == 0 {
                break;
            }
            loop {
                let b = self.byte(0);
                if is_blank(b) {
                    if b == b'\t' && broken_at.is_some() && (self.column() as isize) <= self.indent {
                        let span = Span::new(self.file, self.at, self.at + 1);
                        let error =
                            Diagnostic::error("yaml/syntax", span, "a tab is used to indent the rest of a value");
                        return Err(Box::new(error.with_help("indent with spaces")));
                    }
                    self.at += 1;
                } else if break_length(self.bytes, self.at) > 0 {
                    broken_at.get_or_insert(end);
                    self.skip_break();
                } else {
                    break;
                }
            }
            if self.flow == 0 && (self.column() as isize) <= self.indent {
                break;
            }
        }
        content.copy(from, end);
        Ok((end, broken_at.is_some()))
    }

    /// Whether a plain scalar ends at the current character, which is no space.
    fn plain_ends(&self) -> bool {
        match self.byte(0) {
            b':' => is_space_or_end(self.bytes, self.at + 1),
            b',' | b'?' | b'[' | b']' | b'{' | b'}' => self.flow > 0,
            _ => false,
        }
    }

    /// Scans a quoted scalar.
    pub(crate) fn quoted(&mut self, single: bool) -> Scan<()> {
        self.save_key()?;
        self.key_allowed = false;
        let start = self.at;
        let mut content = Content::new(self.text, false);
        self.quoted_content(single, &mut content)?;
        let style = if single { Style::SingleQuoted } else { Style::DoubleQuoted };
        self.push(Token::Scalar { text: content.finish().0, style }, start);
        Ok(())
    }

    /// Collects a quoted scalar from its first to its last quote.
    pub(crate) fn quoted_content(&mut self, single: bool, content: &mut Content<'a>) -> Scan<()> {
        let start = self.at;
        let quote = if single { b'\'' } else { b'"' };
        self.at += 1;
        loop {
            if self.column() == 0 && self.document_indicator().is_some() || self.byte(0) == 0 {
                let span = Span::new(self.file, start, start + 1);
                let error = Diagnostic::error("yaml/syntax", span, "this quote is never closed");
                return Err(Box::new(error.with_help("close the quote where the value ends")));
            }
            // A line break right after a `\` joins the lines without a space.
            let mut joined = false;
            let mut from = self.at;
            while !is_space_or_end(self.bytes, self.at) {
                match self.byte(0) {
                    b'\'' if single && self.byte(1) == b'\'' => {
                        content.copy(from, self.at + 1);
                        self.at += 2;
                        from = self.at;
                    }
                    b if b == quote => break,
                    b'\\' if !single => {
                        content.copy(from, self.at);
                        if break_length(self.bytes, self.at + 1) > 0 {
                            self.at += 1;
                            self.skip_break();
                            joined = true;
                            from = self.at;
                            break;
                        }
                        self.escape(start, content)?;
                        from = self.at;
                    }
                    _ => self.at = QUOTED.find(self.bytes, self.at + 1),
                }
            }
            content.copy(from, self.at);
            if self.byte(0) == quote {
                self.at += 1;
                return Ok(());
            }
            let blanks = self.at;
            let mut broken = false;
            loop {
                if is_blank(self.byte(0)) {
                    self.at += 1;
                } else if break_length(self.bytes, self.at) > 0 {
                    self.skip_break();
                    broken = true;
                } else {
                    break;
                }
            }
            match (joined, broken) {
                (true, _) => content.breaks(blanks, self.at),
                (false, true) => content.fold(blanks, self.at),
                (false, false) => content.copy(blanks, self.at),
            }
        }
    }

    /// Collects the escape sequence at the current position.
    fn escape(&mut self, start: usize, content: &mut Content<'a>) -> Scan<()> {
        let from = self.at;
        let digits = match self.byte(1) {
            b'x' => 2,
            b'u' => 4,
            b'U' => 8,
            _ => 0,
        };
        let character = match self.byte(1) {
            b'0' => Some('\0'),
            b'a' => Some('\x07'),
            b'b' => Some('\x08'),
            b't' | b'\t' => Some('\t'),
            b'n' => Some('\n'),
            b'v' => Some('\x0B'),
            b'f' => Some('\x0C'),
            b'r' => Some('\r'),
            b'e' => Some('\x1B'),
            b @ (b' ' | b'"' | b'\'' | b'\\') => Some(char::from(b)),
            b'N' => Some('\u{85}'),
            b'_' => Some('\u{A0}'),
            b'L' => Some('\u{2028}'),
            b'P' => Some('\u{2029}'),
            _ if digits > 0 => {
                let code = self.text.get(from + 2..from + 2 + digits);
                let code = code.filter(|c| c.bytes().all(|b| b.is_ascii_hexdigit()));
                code.and_then(|c| u32::from_str_radix(c, 16).ok()).and_then(char::from_u32)
            }
            _ => None,
        };
        let Some(character) = character else {
            let span = Span::new(self.file, from, from + 2);
            let error = Diagnostic::error("yaml/syntax", span, "unknown escape sequence in a double-quoted string")
                .with_related(Span::new(self.file, start, start + 1), "the string starts here");
            let help = if digits > 0 {
                "write the code point of one character in hexadecimal; no surrogates"
            } else {
                "write `\\\\` for a backslash, or put the string in single quotes"
            };
            return Err(Box::new(error.with_help(help)));
        };
        self.at += 2 + digits;
        content.put(character, from, 2 + digits);
        Ok(())
    }

    /// Scans a block scalar.
    pub(crate) fn block_scalar(&mut self, literal: bool) -> Scan<()> {
        self.drop_key()?;
        self.key_allowed = true;
        let start = self.at;
        let mut content = Content::new(self.text, false);
        let end = self.block_content(literal, &mut content)?;
        let style = if literal { Style::Literal } else { Style::Folded };
        let after = std::mem::replace(&mut self.at, end);
        self.push(Token::Scalar { text: content.finish().0, style }, start);
        self.at = after;
        Ok(())
    }

    /// Collects a block scalar from its indicator on; gives the end of its last line.
    pub(crate) fn block_content(&mut self, literal: bool, content: &mut Content<'a>) -> Scan<usize> {
        let start = self.at;
        let (chomping, increment) = self.block_header(start)?;
        let mut end = self.at;
        if self.byte(0) != 0 {
            self.skip_break();
        }
        let mut indent = increment.map(|i| i + self.indent.max(0) as usize);
        let mut breaks = self.at;
        self.block_indentation(&mut indent, start)?;
        let indent = indent.unwrap_or(1);
        // The break that ends the line before, not yet part of the content: it may be folded or chomped.
        let mut line_break = breaks..breaks;
        let mut was_blank = false;
        while self.column() == indent && self.byte(0) != 0 {
            let blank = is_blank(self.byte(0));
            let has_break = !line_break.is_empty();
            let foldable = has_break && line_break.len() < 3;
            if !literal && foldable && !was_blank && !blank {
                let more = self.has_break(breaks, self.at);
                if more {
                    content.breaks(breaks, self.at);
                } else {
                    content.put(' ', line_break.start, line_break.len());
                }
            } else {
                content.breaks(line_break.start, line_break.end);
                content.breaks(breaks, self.at);
            }
            was_blank = blank;
            let from = self.at;
            self.skip_line_rest();
            content.copy(from, self.at);
            end = self.at;
            let break_start = self.at;
            self.skip_break();
            line_break = break_start..self.at;
            breaks = self.at;
            self.block_indentation(&mut Some(indent), start)?;
        }
        if chomping != Chomping::Strip {
            content.breaks(line_break.start, line_break.end);
        }
        if chomping == Chomping::Keep {
            content.breaks(breaks, self.at);
            end = end.max(self.line_start);
        }
        Ok(end)
    }

    fn has_break(&self, from: usize, to: usize) -> bool {
        (from..to).any(|at| break_length(self.bytes, at) > 0)
    }

    /// The indicators after `|` or `>`, up to the end of the line.
    fn block_header(&mut self, start: usize) -> Scan<(Chomping, Option<usize>)> {
        self.at += 1;
        let mut chomping = None;
        let mut increment = None;
        for _ in 0..2 {
            match self.byte(0) {
                b'+' if chomping.is_none() => chomping = Some(Chomping::Keep),
                b'-' if chomping.is_none() => chomping = Some(Chomping::Strip),
                b'0' if increment.is_none() => {
                    return Err(self.at_with_help(
                        start,
                        "the indentation of a block scalar cannot be 0",
                        "write a number from 1 to 9, or none",
                    ));
                }
                digit @ b'1'..=b'9' if increment.is_none() => increment = Some(usize::from(digit - b'0')),
                _ => break,
            }
            self.at += 1;
        }
        self.skip_blanks();
        if self.byte(0) == b'#' {
            self.skip_line_rest();
        }
        if !is_break_or_end(self.bytes, self.at) {
            return Err(self.at_with_help(
                start,
                "text follows the indicator of a block scalar on its line",
                "start the text on the next line, or put the value in quotes if it is meant to start with this character",
            ));
        }
        Ok((chomping.unwrap_or(Chomping::Clip), increment))
    }

    /// Steps over the indentation and the empty lines before the next line of a block scalar, and finds the indentation
    /// if it is not known yet: that of the first line with content, but at least that of the longest line of blanks.
    fn block_indentation(&mut self, indent: &mut Option<usize>, start: usize) -> Scan<()> {
        let mut longest = 0;
        loop {
            while indent.is_none_or(|i| self.column() < i) && self.byte(0) == b' ' {
                self.at += 1;
            }
            longest = longest.max(self.column());
            if indent.is_none_or(|i| self.column() < i) && self.byte(0) == b'\t' {
                let span = Span::new(self.file, self.at, self.at + 1);
                let error =
                    Diagnostic::error("yaml/syntax", span, "a tab is used to indent the text of a block scalar")
                        .with_related(Span::new(self.file, start, start + 1), "in the block scalar that starts here")
                        .with_help("indent with spaces");
                return Err(Box::new(error));
            }
            if break_length(self.bytes, self.at) == 0 {
                break;
            }
            self.skip_break();
        }
        if indent.is_none() {
            *indent = Some(longest.max((self.indent + 1).max(1) as usize));
        }
        Ok(())
    }
}
