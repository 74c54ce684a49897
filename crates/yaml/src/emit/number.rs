//! Floating-point numbers as Go prints them, in JSON and on the way from JSON to YAML.

use std::fmt::Write;

/// The shortest decimal digits that give the number back: sign, digits, and the exponent of the first digit.
struct Decimal {
    negative: bool,
    digits: String,
    exponent: i32,
}

impl Decimal {
    fn of(number: f64) -> Self {
        let shortest = format!("{:e}", number.abs());
        // Two texts of the same length may both give the number back and be equally near to it; Go then takes the even
        // last digit, as rounding to a fixed number of digits does here.
        let fraction_digits = shortest.bytes().take_while(|b| *b != b'e').count().saturating_sub(2);
        let rounded = format!("{:.fraction_digits$e}", number.abs());
        let text = if rounded.parse() == Ok(number.abs()) { rounded } else { shortest };
        let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
        Self {
            negative: number.is_sign_negative(),
            digits: mantissa.chars().filter(char::is_ascii_digit).collect(),
            exponent: exponent.parse().unwrap_or(0),
        }
    }

    fn sign(&self) -> &'static str {
        if self.negative { "-" } else { "" }
    }

    /// Without an exponent.
    fn positional(&self) -> String {
        let sign = self.sign();
        let Ok(before_point) = usize::try_from(self.exponent + 1) else {
            let zeros = self.exponent.unsigned_abs() as usize - 1;
            return format!("{sign}0.{:0>width$}", self.digits, width = zeros + self.digits.len());
        };
        match self.digits.split_at_checked(before_point) {
            Some(("", fraction)) => format!("{sign}0.{fraction}"),
            Some((whole, "")) => format!("{sign}{whole}"),
            Some((whole, fraction)) => format!("{sign}{whole}.{fraction}"),
            None => format!("{sign}{:0<before_point$}", self.digits),
        }
    }

    /// The shorter form, as Go's format `g` with the fewest digits chooses it.
    fn general(&self) -> String {
        if (-4..6).contains(&self.exponent) { self.positional() } else { self.scientific(2) }
    }

    /// With an exponent of at least `width` digits.
    fn scientific(&self, width: usize) -> String {
        let (first, rest) = self.digits.split_at_checked(1).unwrap_or((&self.digits, ""));
        let point = if rest.is_empty() { "" } else { "." };
        let sign = if self.exponent < 0 { '-' } else { '+' };
        let mut text = format!("{}{first}{point}{rest}e{sign}", self.sign());
        let _ = write!(text, "{:0>width$}", self.exponent.unsigned_abs());
        text
    }
}

/// As Go's `encoding/json` prints a float64; infinity and NaN, which it refuses, are `null`.
pub fn json_float(number: f64) -> String {
    if !number.is_finite() {
        return "null".to_owned();
    }
    let decimal = Decimal::of(number);
    // Go pads exponents to two digits and `encoding/json` takes the zero away again, but only from negative ones;
    // positive ones have two digits anyway.
    if number != 0.0 && !(-6..21).contains(&decimal.exponent) { decimal.scientific(1) } else { decimal.positional() }
}

/// As go-yaml v2 prints the number that it read from the JSON text: an integer where the text looks like one, else Go's
/// `%g` with the fewest digits.
pub(crate) fn yaml_float(number: f64) -> String {
    if number.is_nan() {
        return ".nan".to_owned();
    }
    if number.is_infinite() {
        return if number > 0.0 { ".inf" } else { "-.inf" }.to_owned();
    }
    let decimal = Decimal::of(number);
    if (-6..21).contains(&decimal.exponent) {
        let text = decimal.positional();
        if let Ok(integer) = text.parse::<i64>() {
            return integer.to_string();
        }
        if text.parse::<u64>().is_ok() {
            return text;
        }
    }
    decimal.general()
}

/// As Go's `strconv.FormatFloat(number, 'g', -1, 64)` prints a finite number: with an exponent from a million on.
pub fn go_float(number: f64) -> String {
    Decimal::of(number).general()
}

/// As Go's `strconv.FormatFloat(number, 'g', -1, 32)`: what `sigs.k8s.io/yaml` makes of a number where a text is wanted.
pub fn go_float32(number: f64) -> String {
    // The fewest digits of the 32-bit number, as a 64-bit one.
    let single = number as f32;
    Decimal::of(format!("{single:e}").parse().unwrap_or(number)).general()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_go_prints_them() {
        let cases = [
            (1.0, "1", "1"),
            (-0.0, "-0", "0"),
            (0.5, "0.5", "0.5"),
            (1e20, "100000000000000000000", "1e+20"),
            (1e21, "1e+21", "1e+21"),
            (1e19, "10000000000000000000", "10000000000000000000"),
            (-1e19, "-10000000000000000000", "-1e+19"),
            (1e-7, "1e-7", "1e-07"),
            (1.5e-10, "1.5e-10", "1.5e-10"),
            (0.000001, "0.000001", "1e-06"),
            (0.00012, "0.00012", "0.00012"),
            (1_234_567.5, "1234567.5", "1.2345675e+06"),
            (123_456.5, "123456.5", "123456.5"),
            (3_758_764_933_215_609.0 / 4.0, "939691233303902.2", "9.396912333039022e+14"),
        ];
        for (number, json, yaml) in cases {
            assert_eq!((json_float(number).as_str(), yaml_float(number).as_str()), (json, yaml));
        }
    }
}
