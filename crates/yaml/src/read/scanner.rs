//! From bytes to tokens, with the rules of libyaml: indentation becomes tokens, and a scalar becomes a key once its `:`
//! is seen on the same line within 1024 characters.

use std::borrow::Cow;
use std::collections::VecDeque;

use source::{Diagnostic, FileId, Span};

use super::chars::{LINE, break_length, byte, is_blank, is_break_or_end, is_space_or_end, is_word};
use super::token::{Located, TagParts, Token};

/// The longest implicit key, in characters.
const KEY_CHARACTERS: usize = 1024;

pub(crate) type Scan<T> = Result<T, Box<Diagnostic>>;

/// A token that turns out to be a key if a `:` follows in time.
#[derive(Clone, Copy, Debug)]
struct SimpleKey {
    flow: usize,
    /// It stands where only a key can stand.
    required: bool,
    /// Number of the token before which the key token would go.
    number: usize,
    start: usize,
    column: usize,
}

/// Reads tokens one after the other.
#[derive(Debug)]
pub(crate) struct Scanner<'a> {
    pub(crate) file: FileId,
    pub(crate) text: &'a str,
    pub(crate) bytes: &'a [u8],
    pub(crate) at: usize,
    pub(crate) line_start: usize,
    /// Column of the innermost block collection; -1 outside of all.
    pub(crate) indent: isize,
    indents: Vec<isize>,
    pub(crate) flow: usize,
    pub(crate) key_allowed: bool,
    keys: Vec<SimpleKey>,
    tokens: VecDeque<Located<'a>>,
    /// Tokens handed out so far.
    taken: usize,
    ended: bool,
}

impl<'a> Scanner<'a> {
    /// A scanner over `text[from..]`; the caller knows that `from` is the start of a line.
    pub(crate) fn new(file: FileId, text: &'a str, from: usize) -> Self {
        Self {
            file,
            text,
            bytes: text.as_bytes(),
            at: from,
            line_start: from,
            indent: -1,
            indents: Vec::new(),
            flow: 0,
            key_allowed: true,
            keys: Vec::new(),
            tokens: VecDeque::new(),
            taken: 0,
            ended: false,
        }
    }

    /// The next token without taking it.
    pub(crate) fn peek(&mut self) -> Scan<&Located<'a>> {
        self.fill()?;
        self.tokens.front().ok_or_else(|| self.error(self.at, "unexpected end of the text"))
    }

    /// Scans until `count` tokens wait or the text ends.
    pub(crate) fn look_ahead(&mut self, count: usize) -> Scan<()> {
        while !self.ended && self.tokens.len() < count {
            self.scan_token()?;
        }
        Ok(())
    }

    /// Takes the next token.
    pub(crate) fn next(&mut self) -> Scan<Located<'a>> {
        self.fill()?;
        self.taken += 1;
        self.tokens.pop_front().ok_or_else(|| self.error(self.at, "unexpected end of the text"))
    }

    /// Scans until the first token in the queue can no longer become a key.
    fn fill(&mut self) -> Scan<()> {
        while !self.ended {
            if !self.tokens.is_empty() {
                match self.keys.first().copied() {
                    Some(key) if key.number == self.taken => {
                        if self.still_possible(&key)? {
                            self.scan_token()?;
                            continue;
                        }
                        self.keys.remove(0);
                    }
                    _ => {}
                }
                break;
            }
            self.scan_token()?;
        }
        Ok(())
    }

    /// How far the text is scanned.
    pub(crate) fn position(&self) -> usize {
        self.at
    }

    pub(crate) fn column(&self) -> usize {
        self.at - self.line_start
    }

    pub(crate) fn byte(&self, ahead: usize) -> u8 {
        byte(self.bytes, self.at + ahead)
    }

    /// Steps over the line break at the current position.
    pub(crate) fn skip_break(&mut self) {
        self.at += break_length(self.bytes, self.at);
        self.line_start = self.at;
    }

    pub(crate) fn push(&mut self, token: Token<'a>, start: usize) {
        let end = self.at;
        self.tokens.push_back(Located { token, start, end });
    }

    fn scan_token(&mut self) -> Scan<()> {
        self.skip_to_token();
        self.unroll(self.column() as isize);
        let (here, next) = (self.byte(0), self.byte(1));
        if here == 0 {
            return self.end_of_stream();
        }
        if self.column() == 0 {
            if here == b'%' {
                return self.directive();
            }
            if let Some(token) = self.document_indicator() {
                self.unroll(-1);
                self.drop_key()?;
                self.key_allowed = false;
                self.at += 3;
                self.push(token, self.at - 3);
                return Ok(());
            }
        }
        let in_flow = self.flow > 0;
        let before_space = is_space_or_end(self.bytes, self.at + 1);
        match here {
            b'[' => self.flow_start(Token::FlowSequenceStart),
            b'{' => self.flow_start(Token::FlowMappingStart),
            b']' => self.flow_end(Token::FlowSequenceEnd),
            b'}' => self.flow_end(Token::FlowMappingEnd),
            b',' => self.flow_entry(),
            b'-' if before_space => self.block_entry(),
            b'?' if in_flow || before_space => self.explicit_key(),
            b':' if in_flow || before_space => self.value(),
            b'*' => self.alias_or_anchor(true),
            b'&' => self.alias_or_anchor(false),
            b'!' => self.tag(),
            b'|' if !in_flow => self.block_scalar(true),
            b'>' if !in_flow => self.block_scalar(false),
            b'\'' => self.quoted(true),
            b'"' => self.quoted(false),
            b'-' if !is_blank(next) => self.plain(),
            b'?' | b':' if !in_flow => self.plain(),
            b'-' | b'?' | b':' | b'#' | b'|' | b'>' | b'%' | b'@' | b'`' | b'\t' => Err(self.cannot_start()),
            _ => self.plain(),
        }
    }

    fn cannot_start(&self) -> Box<Diagnostic> {
        let span = Span::new(self.file, self.at, self.at + 1);
        let (message, help) = match self.byte(0) {
            b'\t' => ("a tab is used for indentation", "indent with spaces".to_owned()),
            b => {
                let b = char::from(b);
                (
                    "this character cannot start a value",
                    format!("put the value in quotes if it is meant to start with `{b}`"),
                )
            }
        };
        Box::new(Diagnostic::error("yaml/syntax", span, message).with_help(help))
    }

    /// Steps over blanks, comments and line breaks.
    fn skip_to_token(&mut self) {
        loop {
            while self.byte(0) == b' ' || self.byte(0) == b'\t' && (self.flow > 0 || !self.key_allowed) {
                self.at += 1;
            }
            if self.byte(0) == b'#' {
                self.skip_line_rest();
            }
            if break_length(self.bytes, self.at) == 0 {
                return;
            }
            self.skip_break();
            if self.flow == 0 {
                self.key_allowed = true;
            }
        }
    }

    pub(crate) fn skip_line_rest(&mut self) {
        self.at = LINE.find(self.bytes, self.at);
        while !is_break_or_end(self.bytes, self.at) {
            self.at = LINE.find(self.bytes, self.at + 1);
        }
    }

    pub(crate) fn skip_blanks(&mut self) {
        while is_blank(self.byte(0)) {
            self.at += 1;
        }
    }

    /// `---` or `...` at the current position, which the caller knows to be the start of a line.
    pub(crate) fn document_indicator(&self) -> Option<Token<'a>> {
        let token = match self.bytes.get(self.at..self.at + 3)? {
            b"---" => Token::DocumentStart,
            b"..." => Token::DocumentEnd,
            _ => return None,
        };
        is_space_or_end(self.bytes, self.at + 3).then_some(token)
    }

    /// Closes the block collections that are indented deeper than `column`.
    fn unroll(&mut self, column: isize) {
        if self.flow > 0 {
            return;
        }
        while self.indent > column {
            self.push(Token::BlockEnd, self.at);
            self.indent = self.indents.pop().unwrap_or(-1);
        }
    }

    /// Opens a block collection if `column` is deeper than the innermost one. `number` is that of the token before which
    /// the start goes, if not at the end.
    fn roll(&mut self, column: usize, number: Option<usize>, token: Token<'a>, start: usize) {
        if self.flow > 0 || self.indent >= column as isize {
            return;
        }
        self.indents.push(self.indent);
        self.indent = column as isize;
        let located = Located { token, start, end: start };
        match number {
            Some(number) => self.tokens.insert(number.saturating_sub(self.taken), located),
            None => self.tokens.push_back(located),
        }
    }

    /// Remembers the current position as the start of a possible key.
    pub(crate) fn save_key(&mut self) -> Scan<()> {
        if self.key_allowed {
            self.drop_key()?;
            self.keys.push(SimpleKey {
                flow: self.flow,
                required: self.flow == 0 && self.indent == self.column() as isize,
                number: self.taken + self.tokens.len(),
                start: self.at,
                column: self.column(),
            });
        }
        Ok(())
    }

    /// Forgets the possible key of the current flow level.
    pub(crate) fn drop_key(&mut self) -> Scan<()> {
        if let Some(key) = self.keys.pop_if(|k| k.flow == self.flow)
            && key.required
        {
            return Err(self.missing_colon(&key));
        }
        Ok(())
    }

    /// A key ends on its line, within [`KEY_CHARACTERS`].
    fn still_possible(&self, key: &SimpleKey) -> Scan<bool> {
        let long = || {
            self.at - key.start > KEY_CHARACTERS
                && self.text.get(key.start..self.at).is_some_and(|t| t.chars().count() > KEY_CHARACTERS)
        };
        if key.start >= self.line_start && !long() {
            return Ok(true);
        }
        if key.required { Err(self.missing_colon(key)) } else { Ok(false) }
    }

    fn missing_colon(&self, key: &SimpleKey) -> Box<Diagnostic> {
        let mut end = key.start;
        while !is_break_or_end(self.bytes, end) {
            end += 1;
        }
        let line = self.text.get(key.start..end).unwrap_or_default();
        let end = key.start + line.trim_end().len();
        let mut diagnostic =
            Diagnostic::error("yaml/syntax", Span::new(self.file, key.start, end), "expected a key with `:` here")
                .with_help("put `: ` and a value after the key, or check the indentation of this line");
        if line.trim_start_matches(|c: char| c != ':').starts_with(':') {
            diagnostic = diagnostic.with_note("a `:` makes a key only when a space or the end of the line follows");
        }
        Box::new(diagnostic)
    }

    fn end_of_stream(&mut self) -> Scan<()> {
        self.unroll(-1);
        self.drop_key()?;
        self.key_allowed = false;
        self.push(Token::StreamEnd, self.at);
        self.ended = true;
        Ok(())
    }

    fn flow_start(&mut self, token: Token<'a>) -> Scan<()> {
        self.save_key()?;
        self.flow += 1;
        self.key_allowed = true;
        self.single(token)
    }

    fn flow_end(&mut self, token: Token<'a>) -> Scan<()> {
        self.drop_key()?;
        self.flow = self.flow.saturating_sub(1);
        self.key_allowed = false;
        self.single(token)
    }

    fn flow_entry(&mut self) -> Scan<()> {
        self.drop_key()?;
        self.key_allowed = true;
        self.single(Token::FlowEntry)
    }

    fn single(&mut self, token: Token<'a>) -> Scan<()> {
        self.at += 1;
        self.push(token, self.at - 1);
        Ok(())
    }

    fn block_entry(&mut self) -> Scan<()> {
        if self.flow == 0 {
            if !self.key_allowed {
                return Err(self.with_help("a list item cannot start here", "start the list on its own line"));
            }
            self.roll(self.column(), None, Token::BlockSequenceStart, self.at);
        }
        self.drop_key()?;
        self.key_allowed = true;
        self.single(Token::BlockEntry)
    }

    fn explicit_key(&mut self) -> Scan<()> {
        if self.flow == 0 {
            if !self.key_allowed {
                return Err(self.with_help("a key cannot start here", "start the map on its own line"));
            }
            self.roll(self.column(), None, Token::BlockMappingStart, self.at);
        }
        self.drop_key()?;
        self.key_allowed = self.flow == 0;
        self.single(Token::Key)
    }

    fn value(&mut self) -> Scan<()> {
        let key = self.keys.last().copied().filter(|k| k.flow == self.flow);
        if key.is_some() {
            self.keys.pop();
        }
        match key {
            Some(key) if self.still_possible(&key)? => {
                let located = Located { token: Token::Key, start: key.start, end: key.start };
                self.tokens.insert(key.number.saturating_sub(self.taken), located);
                self.roll(key.column, Some(key.number), Token::BlockMappingStart, key.start);
                self.key_allowed = false;
            }
            _ => {
                if self.flow == 0 {
                    if !self.key_allowed {
                        return Err(self.with_help(
                            "a map cannot start here: this line already has a key",
                            "put the value in quotes if the `:` belongs to it, else start the map on its own line",
                        ));
                    }
                    self.roll(self.column(), None, Token::BlockMappingStart, self.at);
                }
                self.key_allowed = self.flow == 0;
            }
        }
        self.single(Token::Value)
    }

    fn alias_or_anchor(&mut self, alias: bool) -> Scan<()> {
        self.save_key()?;
        self.key_allowed = false;
        let start = self.at;
        self.at += 1;
        while is_word(self.byte(0)) {
            self.at += 1;
        }
        let name = self.text.get(start + 1..self.at).unwrap_or_default();
        let ends_well = is_space_or_end(self.bytes, self.at)
            || matches!(self.byte(0), b'?' | b':' | b',' | b']' | b'}' | b'%' | b'@' | b'`');
        if name.is_empty() || !ends_well {
            let help = if alias {
                "put the value in quotes if it is meant to start with `*`"
            } else {
                "put the value in quotes if it is meant to start with `&`"
            };
            return Err(self.at_with_help(
                start,
                if alias { "an alias needs a name" } else { "an anchor needs a name" },
                help,
            ));
        }
        self.push(if alias { Token::Alias(name) } else { Token::Anchor(name) }, start);
        Ok(())
    }

    fn directive(&mut self) -> Scan<()> {
        self.unroll(-1);
        self.drop_key()?;
        self.key_allowed = false;
        let start = self.at;
        self.at += 1;
        while is_word(self.byte(0)) {
            self.at += 1;
        }
        if !is_space_or_end(self.bytes, self.at) {
            return Err(self.error(start, "this is not a directive"));
        }
        let token = match self.text.get(start + 1..self.at).unwrap_or_default() {
            "YAML" => {
                self.skip_blanks();
                let major = self.version_number(start)?;
                if self.byte(0) != b'.' {
                    return Err(self.error(start, "a version directive needs a version such as `1.1`"));
                }
                self.at += 1;
                let minor = self.version_number(start)?;
                Token::VersionDirective { major, minor }
            }
            "TAG" => {
                self.skip_blanks();
                let handle = self.tag_handle(start, true)?;
                if !is_blank(self.byte(0)) {
                    return Err(self.error(start, "a tag directive needs a handle and a prefix"));
                }
                self.skip_blanks();
                let rest = self.tag_rest(start, "")?;
                if !is_space_or_end(self.bytes, self.at) {
                    return Err(self.error(start, "this tag directive has text after its prefix"));
                }
                Token::TagDirective(Box::new(TagParts { handle, rest }))
            }
            _ => return Err(self.at_with_help(start, "unknown directive", "only `%YAML` and `%TAG` are known")),
        };
        let end = self.at;
        self.skip_blanks();
        if self.byte(0) == b'#' {
            self.skip_line_rest();
        }
        if !is_break_or_end(self.bytes, self.at) {
            return Err(self.error(self.at, "expected the end of the line after this directive"));
        }
        if self.byte(0) != 0 {
            self.skip_break();
        }
        self.tokens.push_back(Located { token, start, end });
        Ok(())
    }

    fn version_number(&mut self, start: usize) -> Scan<u8> {
        let from = self.at;
        while self.byte(0).is_ascii_digit() {
            self.at += 1;
        }
        let digits = self.text.get(from..self.at).unwrap_or_default();
        match digits.parse() {
            Ok(number) if digits.len() <= 2 => Ok(number),
            _ => Err(self.error(start, "a version directive needs a version such as `1.1`")),
        }
    }

    fn tag(&mut self) -> Scan<()> {
        self.save_key()?;
        self.key_allowed = false;
        let start = self.at;
        let parts = if self.byte(1) == b'<' {
            self.at += 2;
            let rest = self.tag_rest(start, "")?;
            if self.byte(0) != b'>' {
                return Err(self.error(start, "this tag misses its `>`"));
            }
            self.at += 1;
            TagParts { handle: "", rest }
        } else {
            let handle = self.tag_handle(start, false)?;
            if handle.len() > 1 && handle.ends_with('!') {
                TagParts { handle, rest: self.tag_rest(start, "")? }
            } else {
                // Not a handle after all: what was read belongs to the rest, and `!` alone is the whole tag.
                match self.tag_rest(start, handle)? {
                    rest if rest.is_empty() => TagParts { handle: "", rest: Cow::Borrowed("!") },
                    rest => TagParts { handle: "!", rest },
                }
            }
        };
        if !is_space_or_end(self.bytes, self.at) {
            return Err(self.error(start, "expected a space after this tag"));
        }
        self.push(Token::Tag(Box::new(parts)), start);
        Ok(())
    }

    /// `!`, `!!` or `!word!`; in a tag (not in a directive) also `!word`, which then is not a handle.
    fn tag_handle(&mut self, start: usize, directive: bool) -> Scan<&'a str> {
        let from = self.at;
        if self.byte(0) != b'!' {
            return Err(self.error(start, "a tag handle starts with `!`"));
        }
        self.at += 1;
        while is_word(self.byte(0)) {
            self.at += 1;
        }
        if self.byte(0) == b'!' {
            self.at += 1;
        } else if directive && self.at > from + 1 {
            return Err(self.error(start, "a tag handle ends with `!`"));
        }
        Ok(self.text.get(from..self.at).unwrap_or_default())
    }

    /// The characters of a tag after its handle, with `%` escapes decoded; `head` was read before and loses its `!`.
    fn tag_rest(&mut self, start: usize, head: &'a str) -> Scan<Cow<'a, str>> {
        let head_start = self.at - head.len().saturating_sub(1);
        let from = self.at;
        let mut decoded: Option<Vec<u8>> = None;
        loop {
            let b = self.byte(0);
            if b == b'%' {
                let digits =
                    self.text.get(self.at + 1..self.at + 3).filter(|d| d.bytes().all(|b| b.is_ascii_hexdigit()));
                let Some(octet) = digits.and_then(|d| u8::from_str_radix(d, 16).ok()) else {
                    return Err(self.error(start, "`%` in a tag needs two hexadecimal digits"));
                };
                let so_far = self.bytes.get(head_start..self.at).unwrap_or_default();
                decoded.get_or_insert_with(|| so_far.to_vec()).push(octet);
                self.at += 3;
            } else if is_word(b) || b != 0 && b";/?:@&=+$,.!~*'()[]".contains(&b) {
                if let Some(decoded) = &mut decoded {
                    decoded.push(b);
                }
                self.at += 1;
            } else {
                break;
            }
        }
        if self.at == from && head.is_empty() {
            return Err(self.error(start, "this tag is incomplete"));
        }
        match decoded.map(String::from_utf8) {
            None => Ok(Cow::Borrowed(self.text.get(head_start..self.at).unwrap_or_default())),
            Some(Ok(text)) => Ok(Cow::Owned(text)),
            Some(Err(_)) => Err(self.error(start, "the `%` escapes of this tag are not UTF-8")),
        }
    }

    /// An error in a tag or a directive, which hardly anybody means to write.
    fn error(&self, start: usize, message: &str) -> Box<Diagnostic> {
        self.at_with_help(start, message, "put the value in quotes if it is meant as text, else correct or remove this")
    }

    fn with_help(&self, message: &str, help: &str) -> Box<Diagnostic> {
        let span = Span::new(self.file, self.at, self.at + 1);
        Box::new(Diagnostic::error("yaml/syntax", span, message).with_help(help))
    }

    pub(crate) fn at_with_help(&self, start: usize, message: &str, help: &str) -> Box<Diagnostic> {
        let end = (start + 1).max(self.at).min(self.bytes.len()).max(start);
        Box::new(Diagnostic::error("yaml/syntax", Span::new(self.file, start, end), message).with_help(help))
    }
}
