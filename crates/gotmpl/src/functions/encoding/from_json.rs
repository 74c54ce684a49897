//! Reading JSON as Go's `encoding/json` does, with its words for what is wrong: templates see them as a result.

use crate::convert::MAX_DEPTH;
use crate::function::{Args, Call};
use crate::{Failure, Item, List, Map, Text, Value};

pub(super) fn from_json(call: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    super::allocate_value(call, args.text(0)?)?;
    let (map, error) = match parse(args.text(0)?) {
        Ok((Value::Map(map), error)) => (map, error),
        Ok((Value::Nil, error)) => (Map::new(), error),
        Ok((other, _)) => (Map::new(), Some(wrong_type(&other, "map[string]interface {}"))),
        Err(error) => (Map::new(), Some(error)),
    };
    if let Some(error) = error {
        map.insert("Error", Value::from(error));
    }
    Ok(Value::Map(map))
}

pub(super) fn from_json_array(call: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    super::allocate_value(call, args.text(0)?)?;
    let error = match parse(args.text(0)?) {
        Ok((Value::List(list), None)) => return Ok(Value::List(list)),
        Ok((Value::Nil, None)) => return Ok(Value::List(List::nil(crate::ListType::ANY))),
        Ok((_, Some(error))) | Err(error) => error,
        Ok((other, None)) => wrong_type(&other, "[]interface {}"),
    };
    Ok(Value::List(List::any([Item::from(Value::from(error))])))
}

pub(super) fn must_from_json(call: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    super::allocate_value(call, args.text(0)?)?;
    match parse(args.text(0)?) {
        Ok((value, None)) => Ok(value),
        Ok((_, Some(error))) | Err(error) => Err(Failure::error(error)),
    }
}

fn wrong_type(found: &Value, wanted: &str) -> String {
    let found = match found {
        Value::Bool(_) => "bool",
        Value::Str(_) => "string",
        Value::List(_) => "array",
        Value::Map(_) => "object",
        _ => "number",
    };
    format!("json: cannot unmarshal {found} into Go value of type {wanted}")
}

/// The value, and the first number in it that no `float64` holds (in whose place stands nil).
fn parse(text: &[u8]) -> Result<(Value, Option<String>), String> {
    let mut reader = Reader { text, at: 0, out_of_range: None };
    let value = reader.value(0)?;
    reader.skip_blanks();
    match reader.peek() {
        None => Ok((value, reader.out_of_range)),
        Some(byte) => Err(invalid(byte, "after top-level value")),
    }
}

struct Reader<'a> {
    text: &'a [u8],
    at: usize,
    out_of_range: Option<String>,
}

impl<'a> Reader<'a> {
    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    /// Takes the next byte; the text must not end here.
    fn next(&mut self) -> Result<u8, String> {
        let byte = self.peek().ok_or_else(|| "unexpected end of JSON input".to_owned())?;
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

    /// Go refuses texts nested deeper than 10,000; here the bound is that of all other functions.
    fn value(&mut self, depth: usize) -> Result<Value, String> {
        if depth > MAX_DEPTH {
            return Err("exceeded max depth".to_owned());
        }
        match self.after_blanks()? {
            b'{' => self.object(depth),
            b'[' => self.array(depth),
            b'"' => Ok(Value::Str(self.string()?)),
            b't' => self.literal("true", Value::Bool(true)),
            b'f' => self.literal("false", Value::Bool(false)),
            b'n' => self.literal("null", Value::Nil),
            first @ (b'-' | b'0'..=b'9') => self.number(first),
            byte => Err(invalid(byte, "looking for beginning of value")),
        }
    }

    fn object(&mut self, depth: usize) -> Result<Value, String> {
        let map = Map::new();
        let mut byte = self.after_blanks()?;
        if byte == b'}' {
            return Ok(Value::Map(map));
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
            map.insert(key, self.value(depth + 1)?);
            match self.after_blanks()? {
                b',' => byte = self.after_blanks()?,
                b'}' => return Ok(Value::Map(map)),
                byte => return Err(invalid(byte, "after object key:value pair")),
            }
        }
    }

    fn array(&mut self, depth: usize) -> Result<Value, String> {
        let mut items = Vec::new();
        self.skip_blanks();
        if self.peek() == Some(b']') {
            self.at += 1;
            return Ok(Value::List(List::any(items)));
        }
        loop {
            items.push(Item::from(self.value(depth + 1)?));
            match self.after_blanks()? {
                b',' => {}
                b']' => return Ok(Value::List(List::any(items))),
                byte => return Err(invalid(byte, "after array element")),
            }
        }
    }

    fn literal(&mut self, word: &str, value: Value) -> Result<Value, String> {
        for expected in word.bytes().skip(1) {
            let byte = self.next()?;
            if byte != expected {
                return Err(invalid(byte, &format!("in literal {word} (expecting '{}')", char::from(expected))));
            }
        }
        Ok(value)
    }

    fn number(&mut self, first: u8) -> Result<Value, String> {
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
        match text.parse::<f64>() {
            Ok(number) if number.is_finite() => Ok(Value::Float(number)),
            _ => {
                let error = format!("json: cannot unmarshal number {text} into Go value of type float64");
                self.out_of_range.get_or_insert(error);
                Ok(Value::Nil)
            }
        }
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
    fn string(&mut self) -> Result<Text, String> {
        let mut out = Vec::new();
        loop {
            match self.next()? {
                b'"' => return Ok(crate::convert::to_utf8(&out).into_owned().into()),
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
        parse(text.as_bytes()).unwrap_err()
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
    fn surrogates() {
        let text = |json: &str| match parse(json.as_bytes()) {
            Ok((Value::Str(text), None)) => text.to_str_lossy().into_owned(),
            other => panic!("{other:?}"),
        };
        assert_eq!(text(r#""\ud83d\ude00""#), "😀");
        assert_eq!(text(r#""\ud83dx\ude00""#), "\u{FFFD}x\u{FFFD}");
    }
}
