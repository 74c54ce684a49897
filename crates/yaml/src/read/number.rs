//! Numbers as Go's `strconv` reads them for go-yaml: any base, underscores, and floats that JSON later prints as integers.

use std::borrow::Cow;

use crate::{Dialect, Value};

use super::resolve::Resolved;

/// The number that a scalar starting with a digit or a sign stands for.
pub(crate) fn parse(text: &str, dialect: Dialect) -> Option<Resolved> {
    let plain: Cow<'_, str> = if text.contains('_') { text.replace('_', "").into() } else { text.into() };
    if let Some(value) = parse_int(&plain, 0) {
        return Some(Resolved::Int(value));
    }
    if let Some(value) = parse_uint(&plain, 0) {
        return Some(Resolved::Uint(value));
    }
    if is_float(&plain)
        && let Some(value) = parse_float(&plain)
    {
        return Some(Resolved::Float(value));
    }
    // Only odd texts such as `0b+1` get here with success; version 3 treats `0o` the same way.
    let bases: &[(&str, u32)] = if dialect == Dialect::Kustomize { &[("0b", 2), ("0o", 8)] } else { &[("0b", 2)] };
    for (prefix, base) in bases {
        if let Some(digits) = plain.strip_prefix(prefix) {
            let int = parse_int(digits, *base).map(Resolved::Int);
            return int.or_else(|| parse_uint(digits, *base).map(Resolved::Uint));
        }
        if let Some(digits) = plain.strip_prefix('-').and_then(|p| p.strip_prefix(prefix)) {
            return parse_int(&format!("-{digits}"), *base).map(Resolved::Int);
        }
    }
    None
}

/// Go's `ParseInt` with 64 bits; base 0 looks at the prefix. Underscores were taken away before.
fn parse_int(text: &str, base: u32) -> Option<i64> {
    let (negative, digits) = match text.as_bytes().first()? {
        b'-' => (true, text.get(1..)?),
        b'+' => (false, text.get(1..)?),
        _ => (false, text),
    };
    let magnitude = parse_uint(digits, base)?;
    if negative { 0i64.checked_sub_unsigned(magnitude) } else { i64::try_from(magnitude).ok() }
}

/// Go's `ParseUint` with 64 bits.
fn parse_uint(text: &str, base: u32) -> Option<u64> {
    let (digits, base) = match (base, text.as_bytes()) {
        (0, [b'0', b'x' | b'X', _, ..]) => (text.get(2..)?, 16),
        (0, [b'0', b'b' | b'B', _, ..]) => (text.get(2..)?, 2),
        (0, [b'0', b'o' | b'O', _, ..]) => (text.get(2..)?, 8),
        (0, [b'0', _, ..]) => (text.get(1..)?, 8),
        (0, _) => (text, 10),
        (base, _) => (text, base),
    };
    if digits.starts_with('+') {
        return None;
    }
    u64::from_str_radix(digits, base).ok()
}

/// `[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?`
fn is_float(text: &str) -> bool {
    let digits = |s: &mut &[u8]| {
        let count = s.iter().take_while(|b| b.is_ascii_digit()).count();
        *s = s.get(count..).unwrap_or_default();
        count
    };
    let mut rest = text.as_bytes();
    if let [b'+' | b'-', after @ ..] = rest {
        rest = after;
    }
    let whole = digits(&mut rest);
    if let [b'.', after @ ..] = rest {
        rest = after;
        if digits(&mut rest) == 0 && whole == 0 {
            return false;
        }
    } else if whole == 0 {
        return false;
    }
    if let [b'e' | b'E', after @ ..] = rest {
        rest = after;
        if let [b'+' | b'-', after @ ..] = rest {
            rest = after;
        }
        if digits(&mut rest) == 0 {
            return false;
        }
    }
    rest.is_empty()
}

/// Go's `ParseFloat` for decimal texts: underscores may stand between digits, and out of range is no number.
pub(crate) fn parse_float(text: &str) -> Option<f64> {
    let digit = |at: Option<usize>| at.and_then(|at| text.as_bytes().get(at)).is_some_and(u8::is_ascii_digit);
    if !text.match_indices('_').all(|(at, _)| digit(at.checked_sub(1)) && digit(Some(at + 1))) {
        return None;
    }
    let plain: Cow<'_, str> = if text.contains('_') { text.replace('_', "").into() } else { text.into() };
    if !is_float(&plain) {
        return None;
    }
    plain.parse::<f64>().ok().filter(|v| v.is_finite())
}

/// A float after a trip through JSON: Go prints floats below 1e21 with their shortest digits and without exponent, so whole
/// ones come back as integers, and large ones as rounder integers than they were.
pub(crate) fn through_json(value: f64) -> Value {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    if value.fract() != 0.0 || !value.is_finite() || value.abs() >= 1e21 {
        return Value::Float(value);
    }
    if value.abs() <= EXACT {
        return Value::Int(value as i64);
    }
    let digits = value.to_string();
    if let Ok(int) = digits.parse() {
        return Value::Int(int);
    }
    digits.parse().map_or(Value::Float(value), Value::Uint)
}

/// A float as a key: Go's shortest `%g` in 32 bits, as sigs.k8s.io/yaml prints it.
pub(crate) fn float_key(value: f64) -> String {
    let value = value as f32;
    if value.is_nan() {
        return ".nan".to_owned();
    }
    if value.is_infinite() {
        return if value > 0.0 { ".inf" } else { "-.inf" }.to_owned();
    }
    let scientific = format!("{value:e}");
    let (digits, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if !(-4..6).contains(&exponent) {
        let sign = if exponent < 0 { '-' } else { '+' };
        return format!("{digits}e{sign}{:02}", exponent.abs());
    }
    format!("{value}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_go() {
        let int = |text: &str| parse(text, Dialect::Kustomize);
        assert_eq!(int("0777"), Some(Resolved::Int(511)));
        assert_eq!(int("0o17"), Some(Resolved::Int(15)));
        assert_eq!(int("-0x1F"), Some(Resolved::Int(-31)));
        assert_eq!(int("1_000"), Some(Resolved::Int(1000)));
        assert_eq!(int("08"), Some(Resolved::Float(8.0)));
        assert_eq!(int("18446744073709551615"), Some(Resolved::Uint(u64::MAX)));
        assert_eq!(int("-9223372036854775808"), Some(Resolved::Int(i64::MIN)));
        assert_eq!(int("18446744073709551616"), Some(Resolved::Float(18446744073709551616.0)));
        assert_eq!(int("1e400"), None);
        assert_eq!(int("0b+1"), Some(Resolved::Int(1)));
        assert_eq!(int("1."), Some(Resolved::Float(1.0)));
        assert_eq!(int("12:30"), None);
        assert_eq!(int("-"), None);
        assert_eq!(int("0x"), None);
    }
}
