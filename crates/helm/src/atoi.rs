//! Go's `strconv.Atoi`, whose words stand in messages of Helm.

use crate::quote::quote;

/// Reads an integer.
///
/// # Errors
/// Go's text.
pub(crate) fn atoi(text: &str) -> Result<i64, String> {
    text.parse().map_err(|_| format!("strconv.Atoi: parsing {}: {}", quote(text), problem(text)))
}

/// Go notices first whichever comes first: a character that is no digit, or more digits than 64 bits hold.
fn problem(text: &str) -> &'static str {
    const SYNTAX: &str = "invalid syntax";
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let mut value = Some(0_u64);
    for c in digits.chars() {
        let Some(digit) = c.to_digit(10) else { return SYNTAX };
        value = value.and_then(|value| value.checked_mul(10)?.checked_add(u64::from(digit)));
        if value.is_none() {
            return "value out of range";
        }
    }
    if digits.is_empty() { SYNTAX } else { "value out of range" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_those_of_go() {
        let problem = |text: &str| atoi(text).unwrap_err().rsplit_once(": ").unwrap().1.to_owned();
        assert_eq!(atoi("+5"), Ok(5));
        assert_eq!(atoi("x\"").unwrap_err(), "strconv.Atoi: parsing \"x\\\"\": invalid syntax");
        for text in ["", "-", "1_0", "9223372036854775808x", "+-1"] {
            assert_eq!(problem(text), "invalid syntax", "{text}");
        }
        for text in ["9223372036854775808", "-99999999999999999999", "92233720368547758080x"] {
            assert_eq!(problem(text), "value out of range", "{text}");
        }
    }
}
