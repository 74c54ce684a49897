//! The text of a JSON patch that is written as JSON.
//!
//! A patch that starts with `[` is decoded as JSON upstream, not as YAML: what only YAML allows is refused there, and
//! surrogate pairs and `\/`, which YAML does not know, are fine.

use source::{FileId, Piece, Sources, Span, SpanMap};

/// Where a text stops being JSON; `Ok` when it is one JSON value.
pub(super) fn check(text: &str) -> Result<(), usize> {
    let mut checker = Checker { bytes: text.as_bytes(), at: 0 };
    checker.value()?;
    checker.blanks();
    if checker.at == checker.bytes.len() { Ok(()) } else { Err(checker.at) }
}

struct Checker<'t> {
    bytes: &'t [u8],
    at: usize,
}

impl Checker<'_> {
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn take(&mut self, wanted: u8) -> bool {
        let found = self.peek() == Some(wanted);
        self.at += usize::from(found);
        found
    }

    fn expect(&mut self, wanted: u8) -> Result<(), usize> {
        if self.take(wanted) { Ok(()) } else { Err(self.at) }
    }

    fn blanks(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    /// One value. What is open is kept in a list, so nesting costs no stack.
    fn value(&mut self) -> Result<(), usize> {
        let mut open: Vec<u8> = Vec::new();
        loop {
            self.blanks();
            match self.peek() {
                Some(bracket @ (b'{' | b'[')) => {
                    self.at += 1;
                    let close = if bracket == b'{' { b'}' } else { b']' };
                    self.blanks();
                    if !self.take(close) {
                        open.push(close);
                        self.key(close)?;
                        continue;
                    }
                }
                Some(b'"') => self.string()?,
                Some(b'-' | b'0'..=b'9') => self.number()?,
                Some(_) => self.word()?,
                None => return Err(self.at),
            }
            loop {
                let Some(close) = open.last().copied() else { return Ok(()) };
                self.blanks();
                if self.take(b',') {
                    self.key(close)?;
                    break;
                }
                self.expect(close)?;
                open.pop();
            }
        }
    }

    /// The key and colon before a value of an object; nothing in a list.
    fn key(&mut self, close: u8) -> Result<(), usize> {
        if close == b'}' {
            self.blanks();
            self.string()?;
            self.blanks();
            self.expect(b':')?;
        }
        Ok(())
    }

    fn string(&mut self) -> Result<(), usize> {
        self.expect(b'"')?;
        loop {
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(());
                }
                Some(b'\\') => {
                    self.at += 1;
                    match self.peek() {
                        Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => self.at += 1,
                        Some(b'u') => {
                            let digits = self.bytes.get(self.at + 1..self.at + 5).unwrap_or_default();
                            if digits.len() < 4 || !digits.iter().all(u8::is_ascii_hexdigit) {
                                return Err(self.at);
                            }
                            self.at += 5;
                        }
                        _ => return Err(self.at),
                    }
                }
                Some(0x20..) => self.at += 1,
                Some(_) | None => return Err(self.at),
            }
        }
    }

    fn digits(&mut self) -> Result<(), usize> {
        let start = self.at;
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        if self.at > start { Ok(()) } else { Err(self.at) }
    }

    fn number(&mut self) -> Result<(), usize> {
        self.take(b'-');
        if !self.take(b'0') {
            self.digits()?;
        }
        if self.take(b'.') {
            self.digits()?;
        }
        if self.take(b'e') || self.take(b'E') {
            let _ = self.take(b'+') || self.take(b'-');
            self.digits()?;
        }
        Ok(())
    }

    fn word(&mut self) -> Result<(), usize> {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let word = [&b"true"[..], b"false", b"null"].into_iter().find(|word| rest.starts_with(word)).ok_or(self.at)?;
        self.at += word.len();
        Ok(())
    }
}

/// The JSON text with the escapes that YAML does not know written out, registered with the way back; `None` when there are
/// none.
pub(super) fn for_yaml(sources: &Sources, id: FileId, text: &str) -> Option<(FileId, String)> {
    let mut out = String::with_capacity(text.len());
    let mut map = SpanMap::default();
    let mut copied = 0;
    let mut at = 0;
    while let Some(found) = text.get(at..).and_then(|rest| rest.find('\\')) {
        let start = at + found;
        let rest = text.get(start..).unwrap_or_default();
        let unit = |from: usize| {
            let digits = rest.get(from..)?.strip_prefix("\\u")?.get(..4)?;
            u16::from_str_radix(digits, 16).ok()
        };
        let (length, written) = match (unit(0), unit(6)) {
            (Some(high @ 0xD800..=0xDBFF), Some(low @ 0xDC00..=0xDFFF)) => {
                (12, char::decode_utf16([high, low]).next().and_then(Result::ok))
            }
            (Some(0xD800..=0xDFFF), _) => (6, Some(char::REPLACEMENT_CHARACTER)),
            _ if rest.starts_with("\\/") => (2, Some('/')),
            _ => (2, None),
        };
        at = (start + length).min(text.len());
        if let Some(written) = written {
            copy(&mut out, &mut map, id, text, copied, start);
            let from = out.len();
            out.push(written);
            map.push(Piece {
                start: from,
                end: out.len(),
                origin: Span::new(id, start, at),
                value: None,
                secret: false,
            });
            copied = at;
        }
    }
    if copied == 0 {
        return None;
    }
    copy(&mut out, &mut map, id, text, copied, text.len());
    Some((sources.add_virtual("patch", out.as_str(), map), out))
}

/// Copies a stretch line by line, each with its way back.
fn copy(out: &mut String, map: &mut SpanMap, id: FileId, text: &str, from: usize, to: usize) {
    let mut at = from;
    for line in text.get(from..to).unwrap_or_default().split_inclusive('\n') {
        let start = out.len();
        out.push_str(line);
        map.push(Piece {
            start,
            end: out.len(),
            origin: Span::new(id, at, at + line.len()),
            value: None,
            secret: false,
        });
        at += line.len();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_json() {
        for text in
            ["[]", " [{\"op\": \"add\", \"value\": [1, -2.5e+3, true, null, {}]}]\n", "[\"\\ud83d\\/\\n\"]", "0"]
        {
            assert_eq!(check(text), Ok(()), "{text}");
        }
        for text in
            ["[{op: add}]", "[1,]", "[1] # c", "['a']", "[\"a\nb\"]", "[01]", "{\"a\"}", "", "[", "[1]]", "\"\\x\""]
        {
            assert!(check(text).is_err(), "{text}");
        }
    }

    #[test]
    fn writes_pairs_out() {
        let sources = Sources::new();
        let text = "[\"\\ud83d\\ude42 \\\\u \\u00e9\\/\"]";
        let id = sources.add("p.json", text);
        assert_eq!(for_yaml(&sources, id, text).unwrap().1, "[\"🙂 \\\\u \\u00e9/\"]");
        assert!(for_yaml(&sources, id, "[\"\\u00e9\\\\/\"]").is_none());
    }
}
