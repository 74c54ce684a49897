//! `addf`, `subf`, `mulf`, `divf`: sprig makes decimals of floats, calculates exactly and makes a float of the result, so
//! that 0.1 and 0.2 give 0.3. The arithmetic is that of shopspring/decimal 1.4.0.

use num_bigint::{BigInt, Sign};

use crate::format::shortest_digits;
use crate::function::{Args, Call};
use crate::{Failure, Value};

use super::cast::to_float;

/// Places after the point of a quotient.
const DIVISION_PLACES: i64 = 16;

/// An integer times a power of ten.
#[derive(Clone, Debug)]
struct Decimal {
    value: BigInt,
    exponent: i64,
}

impl Decimal {
    /// With the shortest digits that give the float back.
    fn from_float(number: f64) -> Result<Self, Failure> {
        if !number.is_finite() {
            let shown = match number {
                _ if number.is_nan() => "NaN",
                _ if number > 0.0 => "+Inf",
                _ => "-Inf",
            };
            return Err(Failure::error(format!("Cannot create a Decimal from {shown}")));
        }
        let (digits, point) = shortest_digits(number.abs());
        let value = BigInt::parse_bytes(&digits, 10).unwrap_or_default();
        let value = if number < 0.0 { -value } else { value };
        Ok(Self { exponent: point - digits.len() as i64, value })
    }

    /// The nearest float.
    fn to_float(&self) -> f64 {
        format!("{}e{}", self.value, self.exponent).parse().unwrap_or(0.0)
    }

    /// Both values under the smaller exponent.
    fn aligned(&self, other: &Self) -> (BigInt, BigInt, i64) {
        let exponent = self.exponent.min(other.exponent);
        let scaled = |decimal: &Self| &decimal.value * power(decimal.exponent - exponent);
        (scaled(self), scaled(other), exponent)
    }

    fn add(&self, other: &Self) -> Self {
        let (a, b, exponent) = self.aligned(other);
        Self { value: a + b, exponent }
    }

    fn subtract(&self, other: &Self) -> Self {
        let (a, b, exponent) = self.aligned(other);
        Self { value: a - b, exponent }
    }

    fn multiply(&self, other: &Self) -> Self {
        Self { value: &self.value * &other.value, exponent: self.exponent + other.exponent }
    }

    /// Rounded half away from zero.
    fn divide(&self, other: &Self) -> Result<Self, Failure> {
        if other.value.sign() == Sign::NoSign {
            return Err(Failure::error("decimal division by 0"));
        }
        let shift = self.exponent - other.exponent + DIVISION_PLACES;
        let dividend = &self.value * power(shift);
        let divisor = &other.value * power(-shift);
        let quotient = &dividend / &divisor;
        let remainder = dividend - &quotient * &divisor;
        let is_half = remainder.magnitude() * 2_u8 >= *divisor.magnitude();
        let is_negative = (self.value.sign() == Sign::Minus) != (other.value.sign() == Sign::Minus);
        let correction = match (is_half, is_negative) {
            (false, _) => 0,
            (true, true) => -1,
            (true, false) => 1,
        };
        Ok(Self { value: quotient + correction, exponent: -DIVISION_PLACES })
    }
}

/// Ten to a power; 1 for negative ones.
fn power(exponent: i64) -> BigInt {
    BigInt::from(10).pow(u32::try_from(exponent).unwrap_or(0))
}

/// All arguments folded into a first number.
fn fold(
    call: &mut Call<'_>,
    first: f64,
    args: Args<'_>,
    from: usize,
    combine: impl Fn(&Decimal, &Decimal) -> Result<Decimal, Failure>,
) -> Result<Value, Failure> {
    let mut result = Decimal::from_float(first)?;
    for item in args.rest(from) {
        // Digits add up; a product of many numbers has many.
        call.budget.step(result.value.bits() >> 10)?;
        result = combine(&result, &Decimal::from_float(to_float(&item.value))?)?;
    }
    Ok(Value::Float(result.to_float()))
}

pub(super) fn add1f(_: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    let sum = Decimal::from_float(to_float(args.value(0)?))?.add(&Decimal::from_float(1.0)?);
    Ok(Value::Float(sum.to_float()))
}

pub(super) fn addf(call: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    fold(call, 0.0, args, 0, |a, b| Ok(a.add(b)))
}

pub(super) fn subf(call: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    fold(call, to_float(args.value(0)?), args, 1, |a, b| Ok(a.subtract(b)))
}

pub(super) fn mulf(call: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    fold(call, to_float(args.value(0)?), args, 1, |a, b| Ok(a.multiply(b)))
}

pub(super) fn divf(call: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    fold(call, to_float(args.value(0)?), args, 1, Decimal::divide)
}
