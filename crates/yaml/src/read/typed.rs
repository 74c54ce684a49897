//! Scalars with their tags: the value, or the key, that each dialect makes of them.

use std::borrow::Cow;

use source::{Diagnostic, Span};

use crate::{Dialect, Str, Value};

use super::number;
use super::parser::CORE_PREFIX;
use super::reprint;
use super::resolve::{Resolved, resolve};
use super::scanner::Scan;
use super::token::Style;

/// A scalar as it was scanned.
pub(crate) struct Scalar<'a, 't> {
    pub(crate) text: Cow<'a, str>,
    pub(crate) style: Style,
    /// The resolved tag and its place.
    pub(crate) tag: Option<(&'t str, Span)>,
    pub(crate) span: Span,
    /// Whether a flow collection is around it.
    pub(crate) in_flow: bool,
    /// Whether it stands directly in the outermost collection.
    pub(crate) outermost: bool,
}

/// A tag as go-yaml looks at it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Tag {
    None,
    /// A lone `!`.
    NonSpecific,
    Str,
    Binary,
    Null,
    Bool,
    Int,
    Float,
    Timestamp,
    Merge,
    /// A local tag, or a collection's tag on a scalar: the text counts as a string.
    Other,
}

/// Refuses tags of YAML's own name space that ask for types that no tool here has; local tags are ignored by the tools.
pub(crate) fn check_tag(tag: &str, span: Span) -> Scan<()> {
    let known =
        ["null", "bool", "str", "int", "float", "timestamp", "seq", "map", "binary", "merge", "set", "omap", "pairs"];
    match tag.strip_prefix(CORE_PREFIX) {
        Some(name) if !known.contains(&name) => {
            let error = Diagnostic::error("yaml/unknown-tag", span, format!("unknown tag `!!{name}`"));
            Err(Box::new(error.with_help("remove the tag: Kubernetes reads plain strings, numbers, maps and lists")))
        }
        _ => Ok(()),
    }
}

impl Scalar<'_, '_> {
    fn tag(&self) -> Tag {
        let Some((tag, _)) = self.tag else { return Tag::None };
        if tag == "!" {
            return Tag::NonSpecific;
        }
        match tag.strip_prefix(CORE_PREFIX).or_else(|| tag.strip_prefix("!!")) {
            Some("str") => Tag::Str,
            Some("binary") => Tag::Binary,
            Some("null") => Tag::Null,
            Some("bool") => Tag::Bool,
            Some("int") => Tag::Int,
            Some("float") => Tag::Float,
            Some("timestamp") => Tag::Timestamp,
            Some("merge") => Tag::Merge,
            _ => Tag::Other,
        }
    }

    /// Whether this key merges.
    pub(crate) fn is_merge(&self, dialect: Dialect) -> bool {
        &*self.text == "<<"
            && match self.tag() {
                Tag::Merge => true,
                Tag::None => self.style == Style::Plain,
                Tag::NonSpecific => self.style == Style::Plain || dialect == Dialect::Kubernetes,
                _ => false,
            }
    }

    fn resolved(&self, dialect: Dialect) -> Scan<Resolved> {
        let plain = self.style == Style::Plain;
        let tag = self.tag();
        if let Some((tag, span)) = self.tag {
            check_tag(tag, span)?;
        }
        let found = match tag {
            Tag::None if plain => return Ok(resolve(&self.text, dialect)),
            // go-yaml v2 takes a lone `!` for a tag that it does not know, v3 for no tag.
            Tag::NonSpecific if plain && dialect == Dialect::Kustomize => return Ok(resolve(&self.text, dialect)),
            Tag::None | Tag::NonSpecific | Tag::Str | Tag::Binary | Tag::Merge | Tag::Other => {
                return Ok(Resolved::Text);
            }
            _ => resolve(&self.text, dialect),
        };
        match (tag, found) {
            (Tag::Null, found @ Resolved::Null)
            | (Tag::Bool, found @ Resolved::Bool(_))
            | (Tag::Int, found @ (Resolved::Int(_) | Resolved::Uint(_)))
            | (Tag::Float, found @ Resolved::Float(_))
            | (Tag::Timestamp, found @ Resolved::Timestamp(_)) => Ok(found),
            (Tag::Float, Resolved::Int(value)) => Ok(Resolved::Float(value as f64)),
            (Tag::Int | Tag::Float, Resolved::Timestamp(_)) => {
                // With a tag that asks for a number, dates are not looked for.
                match (tag, number::parse(&self.text, dialect)) {
                    (Tag::Float, Some(Resolved::Int(value))) => Ok(Resolved::Float(value as f64)),
                    (_, Some(found)) => Ok(found),
                    _ => Err(self.wrong_tag()),
                }
            }
            _ => Err(self.wrong_tag()),
        }
    }

    fn wrong_tag(&self) -> Box<Diagnostic> {
        let (tag, span) = self.tag.unwrap_or(("", self.span));
        let tag = tag.replace(CORE_PREFIX, "!!");
        let error =
            Diagnostic::error("yaml/tag-mismatch", self.span, format!("this value is not what its tag `{tag}` says"))
                .with_related(span, "the tag")
                .with_help("correct the value or remove the tag");
        Box::new(error)
    }

    /// The bytes of `!!binary`; text that is not UTF-8 afterwards is replaced, as in JSON.
    fn binary(&self) -> Scan<Value> {
        match decode_base64(self.text.bytes()) {
            Some(bytes) => Ok(Value::from(self.survives_json(&json_text(&bytes))?)),
            None => {
                let error = Diagnostic::error("yaml/tag-mismatch", self.span, "this `!!binary` value is not base64");
                Err(Box::new(error.with_help("encode the value with base64, or remove the tag")))
            }
        }
    }

    fn survives_json(&self, text: &str) -> Scan<Str> {
        match reprint::through_json(text) {
            Ok(text) => Ok(Str::from(&*text)),
            Err(character) => {
                let message = format!("kustomize cannot print the control character U+{:04X}", u32::from(character));
                let error = Diagnostic::error("yaml/control-character", self.span, message);
                Err(Box::new(error.with_help("remove the character, or move the data into `binaryData` as base64")))
            }
        }
    }

    /// The text as a string.
    fn string(&self, dialect: Dialect) -> Scan<Str> {
        match (dialect, self.style) {
            (Dialect::Kustomize, Style::DoubleQuoted) => self.survives_json(&self.text),
            (Dialect::Kustomize, Style::Folded) if !self.in_flow => Ok(Str::from(&*reprint::refold(&self.text))),
            _ => Ok(Str::from(&*self.text)),
        }
    }

    /// The value.
    pub(crate) fn value(&self, dialect: Dialect) -> Scan<Value> {
        if self.tag() == Tag::Binary {
            return self.binary();
        }
        let kustomize = dialect == Dialect::Kustomize;
        match self.resolved(dialect)? {
            // Inside brackets kustomize prints an empty null as `''` and reads that again; so it goes with colons in times.
            Resolved::Null if kustomize && self.in_flow && self.text.is_empty() && self.tag.is_none() => {
                Ok(Value::from(""))
            }
            Resolved::Timestamp(_) if kustomize && self.in_flow && self.tag.is_none() && self.text.contains(':') => {
                Ok(Value::from(&*self.text))
            }
            Resolved::Null => Ok(Value::Null),
            Resolved::Bool(value) => Ok(Value::Bool(value)),
            Resolved::Int(value) => Ok(Value::Int(value)),
            Resolved::Uint(value) => Ok(Value::Uint(value)),
            // Helm's values are floats, whose zero keeps its sign.
            Resolved::Float(value) if value == 0.0 && value.is_sign_negative() && !kustomize => Ok(Value::Float(value)),
            Resolved::Float(value) if value.is_finite() => Ok(number::through_json(value)),
            Resolved::Float(_) => {
                let error = Diagnostic::error("yaml/number-not-finite", self.span, "infinity and NaN cannot be JSON");
                Err(Box::new(error.with_help("put the value in quotes if it is meant as text")))
            }
            Resolved::Timestamp(time) if kustomize => match time {
                Some(time) => Ok(Value::from(time)),
                None => {
                    let error = Diagnostic::error("yaml/timestamp", self.span, "this time has an impossible zone");
                    Err(Box::new(error.with_help("put the value in quotes if it is meant as text")))
                }
            },
            Resolved::Timestamp(_) | Resolved::Merge | Resolved::Text => Ok(Value::Str(self.string(dialect)?)),
        }
    }

    /// Whether it is written without quotes, tag or brackets around it, so that the text alone says what it is.
    pub(crate) fn is_plain_word(&self) -> bool {
        self.style == Style::Plain && self.tag.is_none() && !self.in_flow
    }

    /// As [`Scalar::key`], for a key that nobody wants.
    pub(crate) fn check_key(&self, dialect: Dialect) -> Scan<()> {
        match (self.resolved(dialect)?, dialect) {
            (Resolved::Text | Resolved::Timestamp(_), Dialect::Kubernetes) if self.tag.is_none() => Ok(()),
            _ => self.key(dialect).map(|_| ()),
        }
    }

    /// As [`Scalar::value`], for a value that nobody wants.
    pub(crate) fn check_value(&self, dialect: Dialect) -> Scan<()> {
        match (self.resolved(dialect)?, dialect) {
            (Resolved::Text | Resolved::Null | Resolved::Bool(_) | Resolved::Int(_), Dialect::Kubernetes)
                if self.tag.is_none() =>
            {
                Ok(())
            }
            _ => self.value(dialect).map(|_| ()),
        }
    }

    /// The key: kustomize wants strings, Kubernetes makes strings of numbers and booleans.
    pub(crate) fn key(&self, dialect: Dialect) -> Scan<Str> {
        let key = self.any_key(dialect)?;
        if dialect == Dialect::Kustomize && reprint::too_long_for_a_key(&key) {
            let message = "kustomize cannot print keys of more than 1022 characters";
            let error = Diagnostic::error("yaml/key-too-long", self.span, message).with_help("shorten the key");
            return Err(Box::new(error));
        }
        Ok(key)
    }

    fn any_key(&self, dialect: Dialect) -> Scan<Str> {
        if self.tag() == Tag::Binary
            && let Value::Str(key) = self.binary()?
        {
            return Ok(key);
        }
        let resolved = self.resolved(dialect)?;
        let what = match (&resolved, dialect) {
            (Resolved::Text, Dialect::Kustomize) if self.tag() == Tag::Other && !self.outermost => {
                "tagged as something else"
            }
            (Resolved::Text | Resolved::Merge, _) | (Resolved::Timestamp(_), Dialect::Kubernetes) => {
                return self.string(dialect);
            }
            // kustomize prints an empty key as `''` and reads that again.
            (Resolved::Null, Dialect::Kustomize) if self.text.is_empty() && self.tag.is_none() => {
                return Ok(Str::from(""));
            }
            (Resolved::Null, _) => "null",
            // kustomize decodes the outermost map with string keys, and takes any but null as written.
            (_, Dialect::Kustomize) if self.outermost => return self.string(dialect),
            (Resolved::Bool(value), Dialect::Kubernetes) => {
                return Ok(Str::from(if *value { "true" } else { "false" }));
            }
            (Resolved::Int(value), Dialect::Kubernetes) => return Ok(Str::from(value.to_string())),
            (Resolved::Float(value), Dialect::Kubernetes) => return Ok(Str::from(number::float_key(*value))),
            (Resolved::Bool(_), _) => "a boolean",
            (Resolved::Int(_) | Resolved::Uint(_) | Resolved::Float(_), _) => "a number",
            (Resolved::Timestamp(_), _) => "a date",
        };
        let key = &self.text;
        let error =
            Diagnostic::error("yaml/key-type", self.span, format!("a key must be a string, and `{key}` is {what}"));
        Err(Box::new(error.with_help(format!("put the key in quotes: `\"{key}\"`"))))
    }
}

/// The key that an alias to this value stands for.
pub(crate) fn key_of_value(value: &Value, dialect: Dialect) -> Option<Str> {
    match (value, dialect) {
        (Value::Str(text), _) => Some(text.clone()),
        (Value::Bool(value), Dialect::Kubernetes) => Some(Str::from(if *value { "true" } else { "false" })),
        (Value::Int(value), Dialect::Kubernetes) => Some(Str::from(value.to_string())),
        (Value::Float(value), Dialect::Kubernetes) => Some(Str::from(number::float_key(*value))),
        _ => None,
    }
}

/// Standard base64 with padding; line breaks are skipped, as Go does.
fn decode_base64(text: impl Iterator<Item = u8>) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let (mut bits, mut count, mut padding) = (0u32, 0u32, 0u32);
    for b in text.filter(|b| !matches!(b, b'\r' | b'\n')) {
        let six = match b {
            b'A'..=b'Z' => b - b'A',
            b'a'..=b'z' => b - b'a' + 26,
            b'0'..=b'9' => b - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            b'=' => {
                padding += 1;
                continue;
            }
            _ => return None,
        };
        if padding > 0 {
            return None;
        }
        bits = bits << 6 | u32::from(six);
        count += 1;
        if count == 4 {
            bytes.extend([(bits >> 16) as u8, (bits >> 8) as u8, bits as u8]);
            (bits, count) = (0, 0);
        }
    }
    match (count, padding) {
        (0, 0) => {}
        (2, 2) => bytes.push((bits >> 4) as u8),
        (3, 1) => bytes.extend([(bits >> 10) as u8, (bits >> 2) as u8]),
        _ => return None,
    }
    Some(bytes)
}

/// Bytes as text, with U+FFFD for each byte that is not UTF-8: what Go's JSON prints.
fn json_text(mut bytes: &[u8]) -> String {
    let mut text = String::new();
    loop {
        match std::str::from_utf8(bytes) {
            Ok(rest) => {
                text.push_str(rest);
                return text;
            }
            Err(error) => {
                let (valid, rest) = bytes.split_at_checked(error.valid_up_to()).unwrap_or((bytes, &[]));
                text.push_str(std::str::from_utf8(valid).unwrap_or_default());
                text.push('\u{FFFD}');
                bytes = rest.get(1..).unwrap_or_default();
            }
        }
    }
}
