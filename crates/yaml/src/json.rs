//! JSON as Go's `encoding/json` (Go 1.26) reads it, with its words for what is wrong: users and charts see these words.

use std::collections::BTreeMap;

use crate::{Map, Node, Str, Value};
use source::Span;

/// A JSON value. Numbers keep their text, as Go's `json.Number` does; of equal keys the last one counts.
#[derive(Clone, Debug, PartialEq)]
pub enum Json {
    /// `null`.
    Null,
    /// A boolean.
    Bool(bool),
    /// A number as it is written.
    Number(Str),
    /// A string.
    Str(Str),
    /// An array.
    Array(Vec<Json>),
    /// An object.
    Object(BTreeMap<Str, Json>),
}

impl Json {
    /// The field of an object; `None` for anything else.
    pub fn get(&self, key: &str) -> Option<&Json> {
        match self {
            Json::Object(fields) => fields.get(key),
            _ => None,
        }
    }

    /// The string, if it is one.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Json::Str(text) => Some(text),
            _ => None,
        }
    }

    /// The value as Go decodes it into `interface{}`, with every number a float64.
    ///
    /// # Errors
    /// Go's text for a number that no float64 holds.
    pub fn to_node(&self, span: Span) -> Result<Node, String> {
        Ok(Node::new(
            span,
            match self {
                Json::Null => Value::Null,
                Json::Bool(value) => Value::Bool(*value),
                Json::Str(text) => Value::Str(text.clone()),
                Json::Number(text) => Value::Float(number(text)?),
                Json::Array(items) => {
                    Value::List(items.iter().map(|item| item.to_node(span)).collect::<Result<_, _>>()?)
                }
                Json::Object(fields) => {
                    let fields = fields.iter().map(|(key, value)| Ok((key.clone(), value.to_node(span)?)));
                    Value::Map(fields.collect::<Result<Map, String>>()?)
                }
            },
        ))
    }
}

fn number(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(number) if number.is_finite() => Ok(number),
        _ => Err(format!("json: cannot unmarshal number {text} into Go value of type float64")),
    }
}

/// Go refuses texts nested deeper than 10,000; trees of that depth would not fit the stack here.
const MAX_DEPTH: usize = 500;

/// Reads a text that is one JSON value.
///
/// # Errors
/// Go's text, as `json.Unmarshal` gives it.
pub fn read_json(text: &[u8]) -> Result<Json, String> {
    let mut reader = Reader { text, at: 0 };
    let value = reader.value(0)?;
    reader.skip_blanks();
    match reader.peek() {
        None => Ok(value),
        Some(byte) => Err(invalid(byte, "after top-level value")),
    }
}

/// Reads the JSON value at the start of a text; gives the length of what was read.
///
/// # Errors
/// Go's text, as `json.Decoder` gives it.
pub fn read_json_prefix(text: &[u8]) -> Result<(Json, usize), String> {
    let mut reader = Reader { text, at: 0 };
    reader.skip_blanks();
    if reader.peek().is_none() {
        return Err("EOF".to_owned());
    }
    match reader.value(0) {
        Ok(value) => Ok((value, reader.at)),
        Err(error) if error == END => Err("unexpected EOF".to_owned()),
        Err(error) => Err(error),
    }
}

const END: &str = "unexpected end of JSON input";

struct Reader<'a> {
    text: &'a [u8],
    at: usize,
}

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    /// Takes the next byte; the text must not end here.
    fn next(&mut self) -> Result<u8, String> {
        let byte = self.peek().ok_or_else(|| END.to_owned())?;
        self.at += 1;
        Ok(byte)
    }

    fn skip_blanks(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\r' | b'\n')) {
            self.at += 1;
        }
    }

    fn after_blanks(&mut self) -> Result<u8, String> {
        self.skip_blanks();
        self.next()
    }

    fn value(&mut self, depth: usize) -> Result<Json, String> {
        if depth > MAX_DEPTH {
            return Err("exceeded max depth".to_owned());
        }
        match self.after_blanks()? {
            b'{' => self.object(depth),
            b'[' => self.array(depth),
            b'"' => Ok(Json::Str(self.string()?.into())),
            b't' => self.literal("true", Json::Bool(true)),
            b'f' => self.literal("false", Json::Bool(false)),
            b'n' => self.literal("null", Json::Null),
            first @ (b'-' | b'0'..=b'9') => self.number(first),
            byte => Err(invalid(byte, "looking for beginning of value")),
        }
    }

    fn object(&mut self, depth: usize) -> Result<Json, String> {
        let mut fields = BTreeMap::new();
        let mut byte = self.after_blanks()?;
        if byte == b'}' {
            return Ok(Json::Object(fields));
        }
        loop {
            if byte != b'"' {
                return Err(invalid(byte, "looking for beginning of object key string"));
            }
            let key = self.string()?;
            match self.after_blanks()? {
                b':' => {}
                byte => return Err(invalid(byte, "after object key")),
            }
            fields.insert(Str::from(key), self.value(depth + 1)?);
            match self.after_blanks()? {
                b',' => byte = self.after_blanks()?,
                b'}' => return Ok(Json::Object(fields)),
                byte => return Err(invalid(byte, "after object key:value pair")),
            }
        }
    }

    fn array(&mut self, depth: usize) -> Result<Json, String> {
        let mut items = Vec::new();
        self.skip_blanks();
        if self.peek() == Some(b']') {
            self.at += 1;
            return Ok(Json::Array(items));
        }
        loop {
            items.push(self.value(depth + 1)?);
            match self.after_blanks()? {
                b',' => {}
                b']' => return Ok(Json::Array(items)),
                byte => return Err(invalid(byte, "after array element")),
            }
        }
    }

    fn literal(&mut self, word: &str, value: Json) -> Result<Json, String> {
        for expected in word.bytes().skip(1) {
            let byte = self.next()?;
            if byte != expected {
                return Err(invalid(byte, &format!("in literal {word} (expecting '{}')", char::from(expected))));
            }
        }
        Ok(value)
    }

    fn number(&mut self, first: u8) -> Result<Json, String> {
        let start = self.at - 1;
        let first = if first == b'-' { self.digit("in numeric literal")? } else { first };
        if first != b'0' {
            self.digits();
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.digit("after decimal point in numeric literal")?;
            self.digits();
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            self.digit("in exponent of numeric literal")?;
            self.digits();
        }
        let text = String::from_utf8_lossy(self.text.get(start..self.at).unwrap_or_default());
        Ok(Json::Number(Str::from(&*text)))
    }

    fn digit(&mut self, place: &str) -> Result<u8, String> {
        match self.next()? {
            digit @ b'0'..=b'9' => Ok(digit),
            byte => Err(invalid(byte, place)),
        }
    }

    fn digits(&mut self) {
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
    }

    /// The rest of a string whose first quote is taken. What is not UTF-8 or half a surrogate pair becomes U+FFFD.
    fn string(&mut self) -> Result<String, String> {
        let mut out = Vec::new();
        loop {
            match self.next()? {
                b'"' => return Ok(utf8(out)),
                b'\\' => {
                    let c = self.escape()?;
                    out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
                }
                byte @ 0..=0x1F => return Err(invalid(byte, "in string literal")),
                byte => out.push(byte),
            }
        }
    }

    fn escape(&mut self) -> Result<char, String> {
        Ok(match self.next()? {
            b'b' => '\u{8}',
            b'f' => '\u{C}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            byte @ (b'\\' | b'/' | b'"') => char::from(byte),
            b'u' => {
                let high = self.code_unit()?;
                let low = match self.text.get(self.at..) {
                    Some([b'\\', b'u', ..]) if (0xD800..0xDC00).contains(&high) => self.second_half()?,
                    _ => None,
                };
                let code = low.map_or(high, |low| 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00));
                char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER)
            }
            byte => return Err(invalid(byte, "in string escape code")),
        })
    }

    /// The low half after a high one; anything else is left for the next turn.
    fn second_half(&mut self) -> Result<Option<u32>, String> {
        let before = self.at;
        self.at += 2;
        let low = self.code_unit()?;
        if (0xDC00..0xE000).contains(&low) {
            return Ok(Some(low));
        }
        self.at = before;
        Ok(None)
    }

    fn code_unit(&mut self) -> Result<u32, String> {
        let mut code = 0;
        for _ in 0..4 {
            let byte = self.next()?;
            let Some(digit) = char::from(byte).to_digit(16) else {
                return Err(invalid(byte, "in \\u hexadecimal character escape"));
            };
            code = code << 4 | digit;
        }
        Ok(code)
    }
}

/// Go puts U+FFFD for each byte that is not UTF-8, where Rust's own conversion puts one for a broken sequence.
fn utf8(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap_or_else(|error| {
        let mut out = String::new();
        for chunk in error.as_bytes().utf8_chunks() {
            out.push_str(chunk.valid());
            out.extend(chunk.invalid().iter().map(|_| char::REPLACEMENT_CHARACTER));
        }
        out
    })
}

/// Go's scanner names a byte as if it were a character of Latin-1, in `strconv.Quote`'s escapes.
fn invalid(byte: u8, place: &str) -> String {
    let shown = match byte {
        b'\'' => "\\'".to_owned(),
        b'\\' => "\\\\".to_owned(),
        0x07 => "\\a".to_owned(),
        0x08 => "\\b".to_owned(),
        0x0C => "\\f".to_owned(),
        b'\n' => "\\n".to_owned(),
        b'\r' => "\\r".to_owned(),
        b'\t' => "\\t".to_owned(),
        0x0B => "\\v".to_owned(),
        0..=0x1F | 0x7F => format!("\\x{byte:02x}"),
        0x80..=0xA0 | 0xAD => format!("\\u{byte:04x}"),
        _ => char::from(byte).to_string(),
    };
    format!("invalid character '{shown}' {place}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(text: &str) -> String {
        read_json(text.as_bytes()).unwrap_err()
    }

    #[test]
    fn errors_are_those_of_go() {
        assert_eq!(error(""), "unexpected end of JSON input");
        assert_eq!(error("{a"), "invalid character 'a' looking for beginning of object key string");
        assert_eq!(error("[1 2]"), "invalid character '2' after array element");
        assert_eq!(error("1 \""), "invalid character '\"' after top-level value");
        assert_eq!(error("01"), "invalid character '1' after top-level value");
        assert_eq!(error("trye"), "invalid character 'y' in literal true (expecting 'u')");
        assert_eq!(error("\"\\q\""), "invalid character 'q' in string escape code");
    }

    #[test]
    fn a_prefix_ends_with_its_value() {
        assert_eq!(read_json_prefix(b" [1] , b").map(|(_, length)| length), Ok(4));
        assert_eq!(read_json_prefix(b"[1").unwrap_err(), "unexpected EOF");
        assert_eq!(read_json_prefix(b" ").unwrap_err(), "EOF");
    }

    #[test]
    fn surrogates() {
        let text = |json: &str| read_json(json.as_bytes()).unwrap().as_str().unwrap().to_owned();
        assert_eq!(text(r#""\ud83d\ude00""#), "😀");
        assert_eq!(text(r#""\ud83dx\ude00""#), "\u{FFFD}x\u{FFFD}");
    }
}
