//! Tokens of a template. Positions are bytes from the start of the text.

use std::sync::LazyLock;

use memchr::memmem::Finder;

use crate::quote::quote;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TokenKind {
    Error,
    Bool,
    Char,
    CharConstant,
    Complex,
    Assign,
    Declare,
    Eof,
    Field,
    Identifier,
    LeftDelimiter,
    LeftParen,
    Number,
    Pipe,
    RawString,
    RightDelimiter,
    RightParen,
    Space,
    String,
    Text,
    Variable,
    Block,
    Break,
    Continue,
    Dot,
    Define,
    Else,
    End,
    If,
    Nil,
    Range,
    Template,
    With,
}

impl TokenKind {
    /// Whether it is one of the words of the language, which messages show in angle brackets.
    fn is_keyword(self) -> bool {
        use TokenKind as T;
        matches!(
            self,
            T::Block
                | T::Break
                | T::Continue
                | T::Dot
                | T::Define
                | T::Else
                | T::End
                | T::If
                | T::Nil
                | T::Range
                | T::Template
                | T::With
        )
    }
}

/// A piece of the text. The message of an error is with the lexer, since there is only one.
#[derive(Clone, Copy, Debug)]
pub(super) struct Token<'t> {
    pub(super) kind: TokenKind,
    pub(super) start: usize,
    pub(super) text: &'t [u8],
}

impl Token<'_> {
    /// As messages show it.
    pub(super) fn shown(&self) -> String {
        match self.kind {
            TokenKind::Eof | TokenKind::Error => "EOF".to_owned(),
            kind if kind.is_keyword() => format!("<{}>", String::from_utf8_lossy(self.text)),
            _ if self.text.len() > 10 => {
                let text = String::from_utf8_lossy(self.text);
                let cut: String = text.chars().take(10).collect();
                format!("{}...", quote(cut.as_bytes()))
            }
            _ => quote(self.text),
        }
    }
}

const LEFT: &[u8] = b"{{";
const RIGHT: &[u8] = b"}}";
const TRIM_LENGTH: usize = 2;

pub(super) struct Lexer<'t> {
    /// What is wrong, once something is.
    pub(super) error: String,
    input: &'t [u8],
    position: usize,
    start: usize,
    paren_depth: usize,
    inside_action: bool,
}

/// What the next step of the lexer is.
enum Step<'t> {
    Emit(Token<'t>),
    Text,
    LeftDelimiter,
    Comment,
    RightDelimiter,
    Inside,
}

impl<'t> Lexer<'t> {
    pub(super) fn new(input: &'t [u8]) -> Self {
        Self { error: String::new(), input, position: 0, start: 0, paren_depth: 0, inside_action: false }
    }

    pub(super) fn next_token(&mut self) -> Token<'t> {
        let mut step = if self.inside_action { Step::Inside } else { Step::Text };
        loop {
            step = match step {
                Step::Emit(token) => return token,
                Step::Text => self.text(),
                Step::LeftDelimiter => self.left_delimiter(),
                Step::Comment => self.comment(),
                Step::RightDelimiter => self.right_delimiter(),
                Step::Inside => self.inside(),
            };
        }
    }

    fn rest(&self) -> &'t [u8] {
        self.input.get(self.position..).unwrap_or_default()
    }

    fn taken(&self) -> &'t [u8] {
        self.input.get(self.start..self.position).unwrap_or_default()
    }

    fn token(&mut self, kind: TokenKind) -> Token<'t> {
        let token = Token { kind, start: self.start, text: self.taken() };
        self.start = self.position;
        token
    }

    fn emit(&mut self, kind: TokenKind) -> Step<'t> {
        Step::Emit(self.token(kind))
    }

    fn ignore(&mut self) {
        self.start = self.position;
    }

    /// After an error there is only the end of the text.
    fn error(&mut self, message: impl Into<String>) -> Step<'t> {
        let token = Token { kind: TokenKind::Error, start: self.start, text: b"" };
        self.error = message.into();
        (self.input, self.position) = (b"", self.start);
        self.inside_action = false;
        Step::Emit(token)
    }

    /// The next character and its length; a byte that is not UTF-8 is U+FFFD.
    fn peek(&self) -> Option<(char, usize)> {
        decode(self.rest())
    }

    fn next(&mut self) -> Option<char> {
        let (found, length) = self.peek()?;
        self.position += length;
        Some(found)
    }

    fn next_if(&mut self, wanted: impl Fn(char) -> bool) -> bool {
        match self.peek() {
            Some((found, length)) if wanted(found) => {
                self.position += length;
                true
            }
            _ => false,
        }
    }

    fn text(&mut self) -> Step<'t> {
        let Some(at) = find(self.rest(), LEFT) else {
            self.position = self.input.len();
            return self.emit(if self.position > self.start { TokenKind::Text } else { TokenKind::Eof });
        };
        if at > 0 {
            self.position += at;
            let after = self.input.get(self.position + LEFT.len()..).unwrap_or_default();
            let trimmed = if has_left_trim(after) { blanks_at_end(self.taken()) } else { 0 };
            self.position -= trimmed;
            let token = self.token(TokenKind::Text);
            self.position += trimmed;
            self.ignore();
            if !token.text.is_empty() {
                return Step::Emit(token);
            }
        }
        Step::LeftDelimiter
    }

    fn left_delimiter(&mut self) -> Step<'t> {
        self.position += LEFT.len();
        let marker = if has_left_trim(self.rest()) { TRIM_LENGTH } else { 0 };
        if self.rest().get(marker..).is_some_and(|rest| rest.starts_with(b"/*")) {
            self.position += marker;
            self.ignore();
            return Step::Comment;
        }
        let token = self.token(TokenKind::LeftDelimiter);
        self.inside_action = true;
        self.position += marker;
        self.ignore();
        self.paren_depth = 0;
        Step::Emit(token)
    }

    fn comment(&mut self) -> Step<'t> {
        self.position += 2;
        let Some(length) = find(self.rest(), b"*/") else { return self.error("unclosed comment") };
        self.position += length + 2;
        let Some(trims) = self.at_right_delimiter() else {
            return self.error("comment ends before closing delimiter");
        };
        self.close_delimiter(trims);
        self.ignore();
        Step::Text
    }

    fn right_delimiter(&mut self) -> Step<'t> {
        let trims = self.at_right_delimiter() == Some(true);
        if trims {
            self.position += TRIM_LENGTH;
            self.ignore();
        }
        self.position += RIGHT.len();
        let token = self.token(TokenKind::RightDelimiter);
        if trims {
            self.position += blanks_at_start(self.rest());
            self.ignore();
        }
        self.inside_action = false;
        Step::Emit(token)
    }

    fn close_delimiter(&mut self, trims: bool) {
        self.position += RIGHT.len();
        if trims {
            self.position += TRIM_LENGTH;
            self.position += blanks_at_start(self.rest());
        }
    }

    /// Whether the text goes on with a closing delimiter, and whether that trims.
    fn at_right_delimiter(&self) -> Option<bool> {
        let rest = self.rest();
        if has_right_trim(rest) && rest.get(TRIM_LENGTH..).is_some_and(|rest| rest.starts_with(RIGHT)) {
            return Some(true);
        }
        rest.starts_with(RIGHT).then_some(false)
    }

    fn inside(&mut self) -> Step<'t> {
        if self.at_right_delimiter().is_some() {
            return match self.paren_depth {
                0 => Step::RightDelimiter,
                _ => self.error("unclosed left paren"),
            };
        }
        let Some((found, length)) = self.peek() else { return self.error("unclosed action") };
        if is_space(found) {
            return self.space();
        }
        if found.is_ascii_digit() || found == '+' || found == '-' {
            return self.number();
        }
        if is_alphanumeric(found) {
            return self.identifier();
        }
        self.position += length;
        match found {
            '=' => self.emit(TokenKind::Assign),
            ':' if self.next_if(|next| next == '=') => self.emit(TokenKind::Declare),
            ':' => self.error("expected :="),
            '|' => self.emit(TokenKind::Pipe),
            '"' => self.quoted('"', TokenKind::String, "unterminated quoted string"),
            '\'' => self.quoted('\'', TokenKind::CharConstant, "unterminated character constant"),
            '`' => self.raw_string(),
            '$' => self.field_or_variable(TokenKind::Variable, TokenKind::Variable),
            '.' if self.rest().first().is_some_and(u8::is_ascii_digit) => {
                self.position -= length;
                self.number()
            }
            '.' => self.field_or_variable(TokenKind::Field, TokenKind::Dot),
            '(' => {
                self.paren_depth += 1;
                self.emit(TokenKind::LeftParen)
            }
            ')' => match self.paren_depth.checked_sub(1) {
                Some(depth) => {
                    self.paren_depth = depth;
                    self.emit(TokenKind::RightParen)
                }
                None => self.error("unexpected right paren"),
            },
            ' '..='~' => self.emit(TokenKind::Char),
            other => self.error(format!("unrecognized character in action: {}", unicode(other))),
        }
    }

    /// A run of blanks; the last one may belong to a closing delimiter that trims.
    fn space(&mut self) -> Step<'t> {
        let mut last = self.position;
        let mut count = 0;
        while let Some((found, length)) = self.peek().filter(|(found, _)| is_space(*found)) {
            last = self.position;
            self.position += length;
            count += 1;
            debug_assert!(is_space(found));
        }
        let from_last = self.input.get(last..).unwrap_or_default();
        if has_right_trim(from_last) && from_last.get(TRIM_LENGTH..).is_some_and(|rest| rest.starts_with(RIGHT)) {
            self.position = last;
            if count == 1 {
                return Step::RightDelimiter;
            }
        }
        self.emit(TokenKind::Space)
    }

    fn identifier(&mut self) -> Step<'t> {
        self.skip_word();
        if !self.at_terminator() {
            return self.bad_character();
        }
        let kind = match self.taken() {
            b"block" => TokenKind::Block,
            b"break" => TokenKind::Break,
            b"continue" => TokenKind::Continue,
            b"define" => TokenKind::Define,
            b"else" => TokenKind::Else,
            b"end" => TokenKind::End,
            b"if" => TokenKind::If,
            b"range" => TokenKind::Range,
            b"nil" => TokenKind::Nil,
            b"template" => TokenKind::Template,
            b"with" => TokenKind::With,
            b"true" | b"false" => TokenKind::Bool,
            _ => TokenKind::Identifier,
        };
        self.emit(kind)
    }

    fn field_or_variable(&mut self, named: TokenKind, alone: TokenKind) -> Step<'t> {
        if self.at_terminator() {
            return self.emit(alone);
        }
        self.skip_word();
        if !self.at_terminator() {
            return self.bad_character();
        }
        self.emit(named)
    }

    /// Steps over letters, digits and underscores.
    fn skip_word(&mut self) {
        loop {
            let is_word = |byte: &&u8| byte.is_ascii_alphanumeric() || **byte == b'_';
            self.position += self.rest().iter().take_while(is_word).count();
            if !self.next_if(|found| !found.is_ascii() && is_alphanumeric(found)) {
                return;
            }
        }
    }

    fn bad_character(&mut self) -> Step<'t> {
        match self.peek() {
            Some((found, _)) => self.error(format!("bad character {}", unicode(found))),
            None => self.error("bad character U+FFFFFFFFFFFFFFFF"),
        }
    }

    /// Whether a word may end here.
    fn at_terminator(&self) -> bool {
        match self.peek() {
            None => true,
            Some((found, _)) => {
                is_space(found) || matches!(found, '.' | ',' | '|' | ':' | ')' | '(') || self.rest().starts_with(RIGHT)
            }
        }
    }

    fn quoted(&mut self, end: char, kind: TokenKind, unterminated: &str) -> Step<'t> {
        loop {
            match self.next() {
                Some('\\') => match self.next() {
                    None | Some('\n') => return self.error(unterminated),
                    Some(_) => {}
                },
                None | Some('\n') => return self.error(unterminated),
                Some(found) if found == end => return self.emit(kind),
                Some(_) => {}
            }
        }
    }

    fn raw_string(&mut self) -> Step<'t> {
        match memchr::memchr(b'`', self.rest()) {
            Some(length) => {
                self.position += length + 1;
                self.emit(TokenKind::RawString)
            }
            None => self.error("unterminated raw quoted string"),
        }
    }

    fn number(&mut self) -> Step<'t> {
        if !self.scan_number() {
            return self.bad_number();
        }
        if self.peek().is_some_and(|(found, _)| found == '+' || found == '-') {
            if !self.scan_number() || !self.taken().ends_with(b"i") {
                return self.bad_number();
            }
            return self.emit(TokenKind::Complex);
        }
        self.emit(TokenKind::Number)
    }

    fn bad_number(&mut self) -> Step<'t> {
        let message = format!("bad number syntax: {}", quote(self.taken()));
        self.error(message)
    }

    fn scan_number(&mut self) -> bool {
        let decimal = |c: char| c.is_ascii_digit() || c == '_';
        let hexadecimal = |c: char| c.is_ascii_hexdigit() || c == '_';
        self.next_if(|c| c == '+' || c == '-');
        let (mut is_decimal, mut is_hexadecimal) = (true, false);
        if self.next_if(|c| c == '0') {
            if self.next_if(|c| c == 'x' || c == 'X') {
                (is_decimal, is_hexadecimal) = (false, true);
            } else if self.next_if(|c| c == 'o' || c == 'O') || self.next_if(|c| c == 'b' || c == 'B') {
                is_decimal = false;
            }
        }
        let prefix = self.taken();
        let is_digit = |c: char| {
            if is_hexadecimal {
                hexadecimal(c)
            } else if is_decimal {
                decimal(c)
            } else if prefix.ends_with(b"o") || prefix.ends_with(b"O") {
                matches!(c, '0'..='7' | '_')
            } else {
                matches!(c, '0' | '1' | '_')
            }
        };
        while self.next_if(is_digit) {}
        if self.next_if(|c| c == '.') {
            while self.next_if(is_digit) {}
        }
        if is_decimal && self.next_if(|c| c == 'e' || c == 'E')
            || is_hexadecimal && self.next_if(|c| c == 'p' || c == 'P')
        {
            self.next_if(|c| c == '+' || c == '-');
            while self.next_if(decimal) {}
        }
        self.next_if(|c| c == 'i');
        // The character that does not belong is part of the message.
        !self.next_if(is_alphanumeric)
    }
}

/// The first character of a text and its length; a byte that is not UTF-8 is U+FFFD.
pub(super) fn decode(text: &[u8]) -> Option<(char, usize)> {
    let first = *text.first()?;
    if first.is_ascii() {
        return Some((first.into(), 1));
    }
    let chunk = text.get(..text.len().min(4)).unwrap_or_default().utf8_chunks().next()?;
    Some(chunk.valid().chars().next().map_or((char::REPLACEMENT_CHARACTER, 1), |found| (found, found.len_utf8())))
}

fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\r' | '\n')
}

/// Go's letters and decimal digits, and the underscore.
fn is_alphanumeric(c: char) -> bool {
    c == '_' || c.is_ascii_alphanumeric() || !c.is_ascii() && (c.is_alphabetic() || c.is_numeric())
}

fn is_blank(byte: &u8) -> bool {
    is_space(char::from(*byte))
}

fn blanks_at_start(text: &[u8]) -> usize {
    text.iter().take_while(|byte| is_blank(byte)).count()
}

fn blanks_at_end(text: &[u8]) -> usize {
    text.iter().rev().take_while(|byte| is_blank(byte)).count()
}

fn has_left_trim(text: &[u8]) -> bool {
    matches!(text, [b'-', blank, ..] if is_blank(blank))
}

fn has_right_trim(text: &[u8]) -> bool {
    matches!(text, [blank, b'-', ..] if is_blank(blank))
}

fn find(text: &[u8], wanted: &[u8]) -> Option<usize> {
    static BRACES: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(LEFT));
    if wanted == LEFT { BRACES.find(text) } else { memchr::memmem::find(text, wanted) }
}

/// `%#U`: the code point, and the character where it can be printed.
fn unicode(c: char) -> String {
    let number = u32::from(c);
    if quote(c.encode_utf8(&mut [0; 4]).as_bytes()).contains('\\') && c != '\\' && c != '"' {
        return format!("U+{number:04X}");
    }
    format!("U+{number:04X} '{c}'")
}
