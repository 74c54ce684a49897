//! From the text of a scalar to its value: the rules of go-yaml's `resolve.go`, in version 3 for kustomize and in version
//! 2 for Kubernetes.

use crate::{Dialect, Value};

use super::number;
use super::timestamp;

/// What a plain scalar is, before it is squeezed into JSON.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Resolved {
    Null,
    Bool(bool),
    Int(i64),
    Uint(u64),
    /// May be infinite or NaN.
    Float(f64),
    /// A date or a time, in RFC 3339; `None` where that cannot be printed.
    Timestamp(Option<String>),
    /// `<<`.
    Merge,
    Text,
}

/// What go-yaml takes a plain scalar without a tag for.
pub(crate) fn resolve(text: &str, dialect: Dialect) -> Resolved {
    let Some(first) = text.bytes().next() else { return Resolved::Null };
    match first {
        b'0'..=b'9' | b'+' | b'-' => special_float(text).unwrap_or_else(|| number_or_time(text, dialect)),
        b'.' => {
            special_float(text).or_else(|| number::parse_float(text).map(Resolved::Float)).unwrap_or(Resolved::Text)
        }
        b'~' | b'n' | b'N' | b't' | b'T' | b'f' | b'F' | b'y' | b'Y' | b'o' | b'O' => word(text, dialect),
        b'<' if text == "<<" => Resolved::Merge,
        _ => Resolved::Text,
    }
}

fn word(text: &str, dialect: Dialect) -> Resolved {
    match text {
        "~" | "null" | "Null" | "NULL" => Resolved::Null,
        "true" | "True" | "TRUE" => Resolved::Bool(true),
        "false" | "False" | "FALSE" => Resolved::Bool(false),
        "y" | "Y" | "yes" | "Yes" | "YES" | "on" | "On" | "ON" if dialect == Dialect::Kubernetes => {
            Resolved::Bool(true)
        }
        "n" | "N" | "no" | "No" | "NO" | "off" | "Off" | "OFF" if dialect == Dialect::Kubernetes => {
            Resolved::Bool(false)
        }
        _ => Resolved::Text,
    }
}

fn special_float(text: &str) -> Option<Resolved> {
    match text {
        ".nan" | ".NaN" | ".NAN" => Some(Resolved::Float(f64::NAN)),
        ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" => Some(Resolved::Float(f64::INFINITY)),
        "-.inf" | "-.Inf" | "-.INF" => Some(Resolved::Float(f64::NEG_INFINITY)),
        _ => None,
    }
}

fn number_or_time(text: &str, dialect: Dialect) -> Resolved {
    if let Some(time) = timestamp::parse(text) {
        return Resolved::Timestamp(time.rfc3339());
    }
    number::parse(text, dialect).unwrap_or(Resolved::Text)
}

/// The value of a plain (unquoted) scalar. Infinities and NaN, which JSON cannot hold, stay floats.
pub fn type_scalar(text: &str, dialect: Dialect) -> Value {
    match resolve(text, dialect) {
        Resolved::Null => Value::Null,
        Resolved::Bool(value) => Value::Bool(value),
        Resolved::Int(value) => Value::Int(value),
        Resolved::Uint(value) => Value::Uint(value),
        Resolved::Float(value) => number::through_json(value),
        Resolved::Timestamp(Some(time)) if dialect == Dialect::Kustomize => Value::from(time),
        Resolved::Timestamp(_) | Resolved::Merge | Resolved::Text => Value::from(text),
    }
}
