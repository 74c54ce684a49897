//! Decimal numbers of any length, compared exactly: upstream reads every number of schema and values as a fraction of big
//! integers from its decimal text, so 0.3 is a multiple of 0.1.

use std::cmp::Ordering;

/// A number: its digits as an integer times a power of ten. Neither the first nor the last digit is zero; zero has none.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Decimal {
    negative: bool,
    digits: Vec<u8>,
    exponent: i64,
}

/// Go's `big.Rat.SetString` gives nothing for numbers whose exponent is beyond this (Go 1.26 `math/big/ratconv.go`).
const MAX_EXPONENT: i64 = 1_000_000;

/// Digits that divide any number of digits with 128 bits.
const MAX_DIVISOR_DIGITS: usize = 37;

impl Decimal {
    /// Reads what JSON and Go's `fmt` write; `None` for infinities and for exponents that Go does not take.
    pub(super) fn new(text: &str) -> Option<Self> {
        let (negative, rest) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        let (mantissa, exponent) = match rest.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, exponent.parse::<i64>().ok()?),
            None => (rest, 0),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let mut digits = Vec::with_capacity(whole.len() + fraction.len());
        for byte in whole.bytes().chain(fraction.bytes()) {
            digits.push(byte.checked_sub(b'0').filter(|digit| *digit < 10)?);
        }
        let mut exponent = exponent.checked_sub(i64::try_from(fraction.len()).ok()?)?;
        if exponent.checked_abs()? > MAX_EXPONENT || whole.is_empty() {
            return None;
        }
        while digits.pop_if(|digit| *digit == 0).is_some() {
            exponent += 1;
        }
        let zeros = digits.iter().take_while(|digit| **digit == 0).count();
        digits.drain(..zeros);
        match digits.is_empty() {
            true => Some(Self { negative: false, digits, exponent: 0 }),
            false => Some(Self { negative, digits, exponent }),
        }
    }

    /// Whether nothing stands behind the point: 1.0 is an integer.
    pub(super) fn is_integer(&self) -> bool {
        self.exponent >= 0
    }

    /// The integer, its last 64 bits where it does not fit, as Go's `big.Int.Int64` gives it.
    pub(super) fn to_i64(&self) -> Option<i64> {
        if !self.is_integer() {
            return None;
        }
        let zeros = usize::try_from(self.exponent).ok()?;
        let digits = self.digits.iter().copied().chain(std::iter::repeat_n(0, zeros));
        let magnitude = digits.fold(0_i64, |value, digit| value.wrapping_mul(10).wrapping_add(i64::from(digit)));
        Some(if self.negative { magnitude.wrapping_neg() } else { magnitude })
    }

    /// Whether dividing by `other` gives an integer. Divisors of more digits than a 128-bit remainder holds divide only
    /// what has at least as many.
    pub(super) fn is_multiple_of(&self, other: &Self) -> bool {
        if self.digits.is_empty() || other.digits.is_empty() {
            return self.digits.is_empty();
        }
        // Below the divisor's power of ten stands a digit other than zero.
        let Ok(zeros) = usize::try_from(self.exponent - other.exponent) else { return false };
        if other.digits.len() > MAX_DIVISOR_DIGITS {
            return self.digits == other.digits;
        }
        let divisor = other.digits.iter().fold(0_u128, |value, digit| value * 10 + u128::from(*digit));
        let digits = self.digits.iter().copied().chain(std::iter::repeat_n(0, zeros));
        digits.fold(0, |rest, digit| (rest * 10 + u128::from(digit)) % divisor) == 0
    }

    /// Where the first digit stands.
    fn magnitude(&self) -> i64 {
        self.exponent.saturating_add(i64::try_from(self.digits.len()).unwrap_or(i64::MAX))
    }

    /// The digits and the exponent in a form that is the same for equal numbers.
    pub(super) fn key(&self) -> String {
        let sign = if self.negative { "-" } else { "" };
        let digits: String = self.digits.iter().map(|digit| char::from(b'0' + digit)).collect();
        format!("{sign}{digits}e{}", self.exponent)
    }
}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> Ordering {
        let sign = |number: &Self| match (number.digits.is_empty(), number.negative) {
            (true, _) => 0,
            (false, true) => -1,
            (false, false) => 1,
        };
        sign(self).cmp(&sign(other)).then_with(|| {
            let larger = self.magnitude().cmp(&other.magnitude()).then_with(|| self.digits.cmp(&other.digits));
            if self.negative { larger.reverse() } else { larger }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Decimal {
        Decimal::new(text).unwrap()
    }

    #[test]
    fn numbers_are_compared_by_value() {
        assert_eq!(of("1.50e2"), of("150"));
        assert_eq!(of("-0.0"), of("0"));
        assert!(of("-2") < of("-1.5") && of("-1") < of("0.001") && of("99") < of("100") && of("9e-1") < of("1"));
        assert!(of("1.0").is_integer() && of("1e3").is_integer() && !of("1.5").is_integer());
        assert_eq!(of("-12e2").to_i64(), Some(-1200));
        assert_eq!(of("123456789012345678901234567890").to_i64(), Some(-4_362_896_299_872_285_998));
        assert_eq!(Decimal::new("+Inf"), None);
        assert_eq!(Decimal::new("1e9999999"), None);
    }

    #[test]
    fn multiples_are_exact() {
        assert!(of("0.3").is_multiple_of(&of("0.1")) && of("1e308").is_multiple_of(&of("7e-10")).eq(&false));
        assert!(of("4.5").is_multiple_of(&of("0.5")) && !of("4.25").is_multiple_of(&of("0.5")));
        assert!(of("0").is_multiple_of(&of("3")) && !of("5").is_multiple_of(&of("10")));
    }
}
