//! Number literals under every Go type that can hold them, which is how templates get Go's untyped constants.

use super::lexer::TokenKind;
use super::unquote::unquote_character;
use crate::quote::quote;

/// A number of a template.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Number {
    /// As it is written.
    pub(crate) text: String,
    /// Its value as an integer, if it is one.
    pub(crate) int: Option<i64>,
    /// Whether it fits `uint64` only.
    pub(crate) is_uint: bool,
    /// Its value as a float.
    pub(crate) float: Option<f64>,
    /// Real and imaginary part of a complex number.
    pub(crate) complex: Option<(f64, f64)>,
}

/// Reads a literal.
///
/// # Errors
/// Go's text.
pub(super) fn number(literal: &[u8], kind: TokenKind) -> Result<Number, String> {
    let text = String::from_utf8_lossy(literal).into_owned();
    if kind == TokenKind::CharConstant {
        let number = unquote_character(literal).map_err(|several| match several {
            true => format!("malformed character constant: {text}"),
            false => "invalid syntax".to_owned(),
        })?;
        let (int, float) = (Some(number.into()), Some(number.into()));
        return Ok(Number { text, int, is_uint: true, float, complex: None });
    }
    if kind == TokenKind::Complex {
        let split = text.bytes().rposition(|byte| byte == b'+' || byte == b'-').unwrap_or(0);
        let (real, imaginary) = text.split_at(split);
        let imaginary = imaginary.trim_end_matches('i');
        return match (parse_float(real), parse_float(imaginary)) {
            (Some(real), Some(imaginary)) => Ok(complex(text.clone(), real, imaginary)),
            _ => Err("syntax error scanning complex number".to_owned()),
        };
    }
    if let Some(imaginary) = text.strip_suffix('i').and_then(parse_float) {
        return Ok(complex(text, 0.0, imaginary));
    }
    let unsigned = parse_uint(&text);
    let mut number = Number { is_uint: unsigned.is_some(), ..Number::default() };
    number.int = parse_int(&text);
    if number.int == Some(0) {
        number.is_uint = true;
    }
    if let Some(int) = number.int {
        number.float = Some(int as f64);
    } else if let Some(unsigned) = unsigned {
        number.float = Some(unsigned as f64);
    } else if let Some(float) = parse_float(&text) {
        if !text.contains(['.', 'e', 'E', 'p', 'P']) {
            return Err(format!("integer overflow: {}", quote(text.as_bytes())));
        }
        number.float = Some(float);
        number.int = whole(float);
        number.is_uint = float.fract() == 0.0 && (0.0..18_446_744_073_709_551_616.0).contains(&float);
    }
    if number.int.is_none() && !number.is_uint && number.float.is_none() {
        return Err(format!("illegal number syntax: {}", quote(text.as_bytes())));
    }
    number.text = text;
    Ok(number)
}

fn complex(text: String, real: f64, imaginary: f64) -> Number {
    let is_real = imaginary == 0.0;
    Number {
        text,
        int: if is_real { whole(real) } else { None },
        is_uint: is_real && real >= 0.0 && real.fract() == 0.0,
        float: is_real.then_some(real),
        complex: Some((real, imaginary)),
    }
}

/// The integer that a float is, where `int64` holds it.
fn whole(float: f64) -> Option<i64> {
    let fits = float.fract() == 0.0 && (-9_223_372_036_854_775_808.0..9_223_372_036_854_775_808.0).contains(&float);
    fits.then_some(float as i64)
}

/// `strconv.ParseInt(text, 0, 64)`.
pub(crate) fn parse_int(text: &str) -> Option<i64> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let number = i128::from(parse_uint(digits)?);
    i64::try_from(if negative { -number } else { number }).ok()
}

/// `strconv.ParseUint(text, 0, 64)`.
fn parse_uint(text: &str) -> Option<u64> {
    if !underscores_fit(text) {
        return None;
    }
    let lower = text.to_ascii_lowercase();
    let (radix, digits) = match lower.as_bytes() {
        [b'0', b'x', ..] => (16, lower.get(2..)?),
        [b'0', b'b', ..] => (2, lower.get(2..)?),
        [b'0', b'o', ..] => (8, lower.get(2..)?),
        [b'0', _, ..] => (8, lower.get(1..)?),
        _ => (10, lower.as_str()),
    };
    let digits: String = digits.chars().filter(|c| *c != '_').collect();
    if digits.starts_with(['+', '-']) {
        return None;
    }
    u64::from_str_radix(&digits, radix).ok()
}

/// `strconv.ParseFloat(text, 64)` but for infinity and NaN in words.
pub(crate) fn parse_float(text: &str) -> Option<f64> {
    let unsigned = text.trim_start_matches(['+', '-']);
    if text.len() - unsigned.len() > 1 || !underscores_fit(unsigned) {
        return None;
    }
    let lower: String = unsigned.to_ascii_lowercase().chars().filter(|c| *c != '_').collect();
    let value = match lower.strip_prefix("0x") {
        Some(hexadecimal) => hexadecimal_float(hexadecimal)?,
        // Rust also takes words.
        None if lower.starts_with(|c: char| c.is_ascii_digit() || c == '.') => lower.parse().ok()?,
        None => return None,
    };
    if !f64::is_finite(value) {
        return None;
    }
    Some(if text.starts_with('-') { -value } else { value })
}

/// `1.8p3` without its prefix; the exponent is needed.
fn hexadecimal_float(text: &str) -> Option<f64> {
    let (mantissa, exponent) = text.split_once('p')?;
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    if whole.is_empty() && fraction.is_empty() {
        return None;
    }
    let mut value = 0.0_f64;
    for digit in whole.chars().chain(fraction.chars()) {
        value = value * 16.0 + f64::from(digit.to_digit(16)?);
    }
    let exponent: i32 = exponent.parse().ok()?;
    let shift = exponent.checked_sub(i32::try_from(fraction.len()).ok()?.checked_mul(4)?)?;
    Some(value * 2.0_f64.powi(shift))
}

/// Go's rule: an underscore stands between digits, or between a base prefix and a digit.
fn underscores_fit(text: &str) -> bool {
    if !text.contains('_') {
        return true;
    }
    let unsigned = text.trim_start_matches(['+', '-']).to_ascii_lowercase();
    let prefixed = ["0x", "0b", "0o"].iter().any(|prefix| unsigned.starts_with(prefix));
    let hexadecimal = unsigned.starts_with("0x");
    let digits = if prefixed { unsigned.get(2..).unwrap_or_default() } else { &unsigned };
    let mut last = if prefixed { '0' } else { '^' };
    for c in digits.chars() {
        let is_digit = c.is_ascii_digit() || hexadecimal && c.is_ascii_hexdigit();
        match (c, last) {
            ('_', '0') => last = '_',
            ('_', _) => return false,
            _ if is_digit => last = '0',
            (_, '_') => return false,
            _ => last = '!',
        }
    }
    last != '_'
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<(Option<i64>, Option<f64>), String> {
        number(text.as_bytes(), TokenKind::Number).map(|number| (number.int, number.float))
    }

    #[test]
    fn numbers_are_read_as_in_go() {
        for (text, int, float) in [
            ("0", Some(0), Some(0.0)),
            ("-7", Some(-7), Some(-7.0)),
            ("017", Some(15), Some(15.0)),
            ("0x1F", Some(31), Some(31.0)),
            ("0b11", Some(3), Some(3.0)),
            ("1_000", Some(1000), Some(1000.0)),
            ("1.5", None, Some(1.5)),
            ("1e3", Some(1000), Some(1000.0)),
            ("0x1p4", Some(16), Some(16.0)),
            ("18446744073709551615", None, Some(18_446_744_073_709_551_615.0)),
        ] {
            assert_eq!(read(text), Ok((int, float)), "{text}");
        }
        assert_eq!(read("18446744073709551616"), Err("integer overflow: \"18446744073709551616\"".to_owned()));
        assert_eq!(read("1__0"), Err("illegal number syntax: \"1__0\"".to_owned()));
    }
}
