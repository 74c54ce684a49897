//! Numbers of values of any type, as spf13/cast 1.7.0 makes them: what is no number is 0.

use crate::parse::{parse_float, parse_int};
use crate::value::Object;
use crate::{Text, Value};

/// `cast.ToInt64`, which `cast.ToInt` equals on 64 bits.
pub(in crate::functions) fn to_int(value: &Value) -> i64 {
    match value {
        Value::Int(number) | Value::Int64(number) => *number,
        Value::Float(number) => truncated(*number),
        Value::Bool(value) => i64::from(*value),
        Value::Str(text) => parse_int(without_zeros(&text.to_str_lossy())).unwrap_or(0),
        Value::Object(object) => integer(object.as_ref()).map_or(0, |number| number as i64),
        Value::Nil | Value::List(_) | Value::Map(_) => 0,
    }
}

/// `cast.ToFloat64`.
pub(super) fn to_float(value: &Value) -> f64 {
    match value {
        Value::Int(number) | Value::Int64(number) => *number as f64,
        Value::Float(number) => *number,
        Value::Bool(value) => f64::from(u8::from(*value)),
        Value::Str(text) => float_of(text).unwrap_or(0.0),
        Value::Object(object) => integer(object.as_ref()).map_or(0.0, |number| number as f64),
        Value::Nil | Value::List(_) | Value::Map(_) => 0.0,
    }
}

/// Named types are no numbers to `cast`, but for two.
fn integer(object: &dyn Object) -> Option<i128> {
    let is_plain = object.type_name() == object.kind();
    let number = object.integer()?;
    (is_plain || matches!(object.type_name(), "time.Month" | "time.Weekday")).then_some(number)
}

/// Go's conversion on amd64: what does not fit is the least number.
fn truncated(number: f64) -> i64 {
    let fits = (-9_223_372_036_854_775_808.0..9_223_372_036_854_775_808.0).contains(&number);
    if fits { number as i64 } else { i64::MIN }
}

/// Without `.0`, `.00` at the end.
fn without_zeros(text: &str) -> &str {
    let mut found_zero = false;
    for (index, byte) in text.bytes().enumerate().rev() {
        match byte {
            b'.' if found_zero => return text.get(..index).unwrap_or(text),
            b'.' => {}
            b'0' => found_zero = true,
            _ => break,
        }
    }
    text
}

fn float_of(text: &Text) -> Option<f64> {
    let text = text.to_str_lossy();
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(&text);
    if unsigned.eq_ignore_ascii_case("inf") || unsigned.eq_ignore_ascii_case("infinity") {
        return Some(if text.starts_with('-') { f64::NEG_INFINITY } else { f64::INFINITY });
    }
    if text.eq_ignore_ascii_case("nan") {
        return Some(f64::NAN);
    }
    parse_float(&text)
}

/// Go's `strconv.ParseInt` in a given base.
///
/// # Errors
/// The number that Go gives with its error: the nearest one, or 0 for what is no number.
pub(super) fn parse_radix(text: &str, radix: u32) -> Result<i64, i64> {
    let negative = text.starts_with('-');
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if digits.is_empty() || !digits.chars().all(|digit| digit.is_digit(radix)) {
        return Err(0);
    }
    let nearest = if negative { i64::MIN } else { i64::MAX };
    i64::from_str_radix(text, radix).map_err(|_| nearest)
}
