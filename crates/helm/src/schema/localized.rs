//! Numbers and quoted texts as the messages of the validator show them: upstream prints numbers for English readers
//! (golang.org/x/text v0.40.0 `message`), with commas between thousands and powers of ten from a million on.

/// An integer: `12,345`.
pub(super) fn integer(number: i64) -> String {
    let sign = if number < 0 { "-" } else { "" };
    format!("{sign}{}", grouped(&number.unsigned_abs().to_string()))
}

/// A number as `%v` of a float64: `123,456.789`, `1.5×10⁻⁰⁵`.
pub(super) fn float(number: f64) -> String {
    let sign = if number.is_sign_negative() { "-" } else { "" };
    if number.is_infinite() {
        return format!("{sign}∞");
    }
    let number = number.abs();
    let scientific = format!("{number:e}");
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or_default();
    if number != 0.0 && !(-4..6).contains(&exponent) {
        let minus = if exponent < 0 { "⁻" } else { "" };
        let power: String = format!("{:02}", exponent.unsigned_abs()).chars().map(superscript).collect();
        return format!("{sign}{mantissa}×10{minus}{power}");
    }
    let plain = number.to_string();
    match plain.split_once('.') {
        Some((whole, fraction)) => format!("{sign}{}.{fraction}", grouped(whole)),
        None => format!("{sign}{}", grouped(&plain)),
    }
}

fn superscript(digit: char) -> char {
    match digit {
        '0' => '⁰',
        '1' => '¹',
        '2' => '²',
        '3' => '³',
        '4' => '⁴',
        '5' => '⁵',
        '6' => '⁶',
        '7' => '⁷',
        '8' => '⁸',
        _ => '⁹',
    }
}

fn grouped(digits: &str) -> String {
    let mut out = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A text in single quotes (`kind.go`, `quote`).
pub(super) fn quote(text: &str) -> String {
    let quoted = gotmpl::quote(text.as_bytes());
    let inner = quoted.get(1..quoted.len().saturating_sub(1)).unwrap_or_default();
    format!("'{}'", inner.replace("\\\"", "\"").replace('\'', "\\'"))
}

/// Quoted texts in a row.
pub(super) fn quote_all<'a>(texts: impl IntoIterator<Item = &'a str>) -> String {
    texts.into_iter().map(quote).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_for_english_readers() {
        let cases = [
            (0.0, "0"),
            (0.5, "0.5"),
            (100_000.0, "100,000"),
            (123_456.789, "123,456.789"),
            (999_999.5, "999,999.5"),
            (1_234_567.0, "1.234567×10⁰⁶"),
            (-0.00012345, "-0.00012345"),
            (0.00001, "1×10⁻⁰⁵"),
            (1e308, "1×10³⁰⁸"),
            (f64::INFINITY, "∞"),
        ];
        for (number, text) in cases {
            assert_eq!(float(number), text);
        }
        assert_eq!(integer(-12_345), "-12,345");
    }

    #[test]
    fn quotes_are_single() {
        assert_eq!(quote("a'b\"c\n"), "'a\\'b\"c\\n'");
    }
}
