//! The characters of a TOML text: blanks, comments, bare keys and strings.

use super::{Problem, Read};
use crate::quote::quote;

pub(super) struct Scanner<'t> {
    text: &'t [u8],
    at: usize,
    line: usize,
    /// Whether the end was taken as if it were a character.
    took_end: bool,
}

impl<'t> Scanner<'t> {
    pub(super) fn new(text: &'t [u8]) -> Self {
        Self { text, at: 0, line: 1, took_end: false }
    }

    pub(super) fn line(&self) -> usize {
        self.line
    }

    pub(super) fn at(&self) -> usize {
        self.at
    }

    pub(super) fn since(&self, start: usize) -> &'t str {
        self.text.get(start..self.at).and_then(|bytes| std::str::from_utf8(bytes).ok()).unwrap_or_default()
    }

    /// A problem here. At the end of a text it stands on the last line that is not empty.
    pub(super) fn problem(&self, message: impl Into<String>) -> Problem {
        let is_after_break = self.at.checked_sub(1).and_then(|at| self.text.get(at)) == Some(&b'\n');
        let line = self.line - usize::from(self.took_end && is_after_break);
        Problem { line, message: message.into() }
    }

    /// A problem with a character that was taken; a line break belongs to the line that it ends.
    pub(super) fn problem_at(&self, c: Option<char>, message: impl Into<String>) -> Problem {
        match c {
            Some('\n') => Problem { line: self.line.saturating_sub(1), message: message.into() },
            _ => self.problem(message),
        }
    }

    /// The next character and its length. Control characters and what is not UTF-8 are refused wherever they stand.
    fn decode(&self) -> Read<Option<(char, usize)>> {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let Some(first) = rest.first() else { return Ok(None) };
        let head = rest.get(..4).unwrap_or(rest);
        let valid = head.utf8_chunks().next().map_or("", |chunk| chunk.valid());
        let Some(c) = valid.chars().next() else {
            return Err(Problem { line: self.line, message: format!("invalid UTF-8 byte: 0x{first:02x}") });
        };
        let is_lone_return = c == '\r' && rest.get(1) != Some(&b'\n');
        if is_lone_return || matches!(c, '\0'..='\x08' | '\x0B' | '\x0C' | '\x0E'..='\x1F' | '\x7F') {
            let message = format!("TOML files cannot contain control characters: '0x{first:02x}'");
            return Err(Problem { line: self.line, message });
        }
        Ok(Some((c, c.len_utf8())))
    }

    pub(super) fn peek(&self) -> Read<Option<char>> {
        Ok(self.decode()?.map(|(c, _)| c))
    }

    pub(super) fn next(&mut self) -> Read<Option<char>> {
        let Some((c, length)) = self.decode()? else {
            self.took_end = true;
            return Ok(None);
        };
        self.at += length;
        self.line += usize::from(c == '\n');
        Ok(Some(c))
    }

    pub(super) fn eat(&mut self, c: char) -> Read<bool> {
        let found = self.peek()? == Some(c);
        if found {
            self.next()?;
        }
        Ok(found)
    }

    /// The run of such characters.
    pub(super) fn run(&mut self, is_in: impl Fn(char) -> bool) -> Read<&'t str> {
        let start = self.at;
        while self.peek()?.is_some_and(&is_in) {
            self.next()?;
        }
        Ok(self.since(start))
    }

    pub(super) fn skip_blanks(&mut self) -> Read<()> {
        self.run(|c| c == ' ' || c == '\t').map(|_| ())
    }

    /// The rest of a line.
    pub(super) fn comment(&mut self) -> Read<()> {
        self.run(|c| c != '\n' && c != '\r').map(|_| ())
    }

    /// The next character after blanks, line breaks and comments; not taken.
    pub(super) fn after_breaks(&mut self) -> Read<Option<char>> {
        loop {
            self.run(|c| matches!(c, ' ' | '\t' | '\n' | '\r'))?;
            match self.peek()? {
                Some('#') => self.comment()?,
                other => return Ok(other),
            }
        }
    }

    pub(super) fn bare_key(&mut self) -> Read<String> {
        Ok(self.run(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-')?.to_owned())
    }

    /// The rest of a string in double quotes.
    pub(super) fn basic_string(&mut self) -> Read<String> {
        let start = self.at;
        loop {
            match self.next()? {
                None => return Err(self.problem("unexpected EOF; expected '\"'")),
                Some('\n' | '\r') => return Err(self.break_in_string()),
                Some('\\') => self.escape(start)?,
                Some('"') => break,
                Some(_) => {}
            }
        }
        let raw = self.since(start);
        self.unescape(raw.strip_suffix('"').unwrap_or(raw))
    }

    /// The rest of a string in single quotes.
    pub(super) fn raw_string(&mut self) -> Read<String> {
        let start = self.at;
        loop {
            match self.next()? {
                None => return Err(self.problem("unexpected EOF; expected \"'\"")),
                Some('\n' | '\r') => return Err(self.break_in_string()),
                Some('\'') => break,
                Some(_) => {}
            }
        }
        let raw = self.since(start);
        Ok(raw.strip_suffix('\'').unwrap_or(raw).to_owned())
    }

    /// Upstream takes a line off also where the carriage return of a break came first.
    fn break_in_string(&self) -> Problem {
        Problem { line: self.line.saturating_sub(1), message: "strings cannot contain newlines".to_owned() }
    }

    /// The rest of a string in three quotes of a kind. Up to two more of them may stand before the end.
    pub(super) fn long_string(&mut self, mark: char) -> Read<String> {
        let start = self.at;
        let raw = loop {
            match self.next()? {
                None => return Err(self.problem(format!("unexpected EOF; expected {}", three(mark, 3)))),
                Some('\\') if mark == '"' => {
                    if !self.eat('\n')? && !self.eat('\r')? {
                        self.escape(start)?;
                    }
                }
                Some(c) if c == mark => match 1 + self.run(|c| c == mark)?.len() {
                    1 | 2 => {}
                    3..=5 => {
                        let raw = self.since(start);
                        break raw.get(..raw.len() - 3).unwrap_or_default();
                    }
                    _ => return Err(self.problem(format!("unexpected {}", three(mark, 6)))),
                },
                Some(_) => {}
            }
        };
        let raw = raw.strip_prefix('\n').or_else(|| raw.strip_prefix("\r\n")).unwrap_or(raw);
        if mark == '"' { self.unescape(&without_escaped_breaks(raw)) } else { Ok(raw.to_owned()) }
    }

    /// Checks the escape after a backslash.
    fn escape(&mut self, start: usize) -> Read<()> {
        let c = self.next()?;
        let (digits, words) = match c {
            Some('e' | 'b' | 't' | 'n' | 'f' | 'r' | '"' | ' ' | '\t' | '\\') => return Ok(()),
            Some('x') => (2, "two hexadecimal digits after '\\x'"),
            Some('u') => (4, "four hexadecimal digits after '\\u'"),
            Some('U') => (8, "eight hexadecimal digits after '\\U'"),
            other => {
                let line = self.line - usize::from(other.is_none());
                let message = format!("invalid escape in string '\\{}'", other.unwrap_or('\0'));
                return Err(Problem { line, message });
            }
        };
        for _ in 0..digits {
            if !self.next()?.is_some_and(|c| c.is_ascii_hexdigit()) {
                let got = quote(self.since(start).as_bytes());
                return Err(self.problem(format!("expected {words}, but got {got} instead")));
            }
        }
        Ok(())
    }

    /// Replaces the escapes, which are checked already.
    fn unescape(&self, raw: &str) -> Read<String> {
        let mut out = String::with_capacity(raw.len());
        let mut rest = raw;
        while let Some((before, after)) = rest.split_once('\\') {
            out.push_str(before);
            let mut chars = after.chars();
            let c = chars.next().unwrap_or_default();
            rest = chars.as_str();
            let digits = match c {
                'b' => '\x08',
                't' => '\t',
                'n' => '\n',
                'f' => '\x0C',
                'r' => '\r',
                'e' => '\x1B',
                '"' | '\\' => c,
                'x' | 'u' | 'U' => {
                    let length = if c == 'x' {
                        2
                    } else if c == 'u' {
                        4
                    } else {
                        8
                    };
                    let (digits, after) = rest.split_at_checked(length).unwrap_or((rest, ""));
                    rest = after;
                    let code = u32::from_str_radix(digits, 16).ok().and_then(char::from_u32);
                    code.ok_or_else(|| self.problem(format!("Escaped character '\\u{digits}' is not valid UTF-8.")))?
                }
                other => return Err(self.problem(format!("invalid escape: '\\{other}'"))),
            };
            out.push(digits);
        }
        out.push_str(rest);
        Ok(out)
    }
}

/// A run of quotes as a message shows it, in quotes of the other kind.
fn three(mark: char, count: usize) -> String {
    let around = if mark == '"' { '\'' } else { '"' };
    format!("{around}{}{around}", mark.to_string().repeat(count))
}

/// Drops each backslash at the end of a line with all blanks and breaks that follow it.
fn without_escaped_breaks(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        let (before, escape) = rest.split_at(at);
        out.push_str(before);
        let after = escape.strip_prefix('\\').unwrap_or(escape);
        let trimmed = after.trim_start_matches([' ', '\t', '\r', '\n']);
        let blanks = after.get(..after.len() - trimmed.len()).unwrap_or_default();
        if blanks.contains('\n') {
            rest = trimmed;
            continue;
        }
        // An escape of two characters at least, the second of which may be a backslash.
        let length = 1 + after.chars().next().map_or(0, char::len_utf8);
        let (escape, after) = escape.split_at_checked(length).unwrap_or((escape, ""));
        out.push_str(escape);
        rest = after;
    }
    out.push_str(rest);
    out
}
