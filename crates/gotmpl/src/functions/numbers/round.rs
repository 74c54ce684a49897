//! `round`, `ceil`, `floor`, `maxf`, `minf`, with the corners of Go's `math`.

use crate::function::{Args, Call};
use crate::{Failure, Value};

use super::cast::to_float;

pub(super) fn ceil(_: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    Ok(Value::Float(to_float(args.value(0)?).ceil()))
}

pub(super) fn floor(_: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    Ok(Value::Float(to_float(args.value(0)?).floor()))
}

/// To so many places; up from `.5` on, or from the third argument on. Negative numbers are always rounded down, because
/// the part that sprig compares is negative then.
pub(super) fn round(_: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    let number = to_float(args.value(0)?);
    let up_from = match args.rest(2).first() {
        Some(item) => to_float(&item.value),
        None => 0.5,
    };
    let power = power_of_ten(args.int(1)?);
    let scaled = power * number;
    // Go's `Modf` of infinity gives NaN, as the subtraction here.
    let fraction = scaled - scaled.trunc();
    let rounded = if fraction >= up_from { scaled.ceil() } else { scaled.floor() };
    Ok(Value::Float(rounded / power))
}

/// Go's `math.Pow(10, places)`, with its rounding: squares of a mantissa of less than one, the exponent apart.
fn power_of_ten(places: i64) -> f64 {
    let mut left = places.unsigned_abs();
    if left > 400 {
        return if places < 0 { 0.0 } else { f64::INFINITY };
    }
    let (mut result, mut exponent) = (1.0_f64, 0_i32);
    let (mut square, mut square_exponent) = (0.625_f64, 4_i32);
    while left != 0 {
        if left & 1 == 1 {
            result *= square;
            exponent += square_exponent;
        }
        square *= square;
        square_exponent *= 2;
        if square < 0.5 {
            square += square;
            square_exponent -= 1;
        }
        left >>= 1;
    }
    if places < 0 {
        result = 1.0 / result;
        exponent = -exponent;
    }
    // In two steps, so that neither power of two is out of range.
    let half = exponent / 2;
    result * 2.0_f64.powi(half) * 2.0_f64.powi(exponent - half)
}

pub(super) fn maxf(_: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    fold(args, larger)
}

pub(super) fn minf(_: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    fold(args, |a, b| -larger(-a, -b))
}

fn fold(args: Args<'_>, combine: impl Fn(f64, f64) -> f64) -> Result<Value, Failure> {
    let first = to_float(args.value(0)?);
    Ok(Value::Float(args.rest(1).iter().map(|item| to_float(&item.value)).fold(first, combine)))
}

/// Go's `math.Max`: infinity before NaN before all others, 0 before -0.
fn larger(a: f64, b: f64) -> f64 {
    if a == f64::INFINITY || b == f64::INFINITY {
        f64::INFINITY
    } else if a.is_nan() || b.is_nan() {
        f64::NAN
    } else if a == b {
        if a.is_sign_negative() { b } else { a }
    } else if a > b {
        a
    } else {
        b
    }
}
