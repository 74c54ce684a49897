//! Sprig on numbers: conversion, arithmetic, rounding, sequences.

mod cast;
mod decimal;
mod round;
mod sequence;

use crate::format::sprint;
use crate::function::{Args, Call, Function, Type};
use crate::{Failure, Value};

use cast::to_float;
pub(super) use cast::to_int;

/// The functions of this file.
pub(super) const TABLE: &[Function] = &[
    Function { name: "add", parameters: &[Type::Any], variadic: true, call: add },
    Function { name: "add1", parameters: &[Type::Any], variadic: false, call: add1 },
    Function { name: "add1f", parameters: &[Type::Any], variadic: false, call: decimal::add1f },
    Function { name: "addf", parameters: &[Type::Any], variadic: true, call: decimal::addf },
    Function { name: "atoi", parameters: &[Type::Str], variadic: false, call: atoi },
    Function { name: "biggest", parameters: &[Type::Any, Type::Any], variadic: true, call: max },
    Function { name: "ceil", parameters: &[Type::Any], variadic: false, call: round::ceil },
    Function { name: "div", parameters: &[Type::Any, Type::Any], variadic: false, call: div },
    Function { name: "divf", parameters: &[Type::Any, Type::Any], variadic: true, call: decimal::divf },
    Function { name: "float64", parameters: &[Type::Any], variadic: false, call: float64 },
    Function { name: "floor", parameters: &[Type::Any], variadic: false, call: round::floor },
    Function { name: "int", parameters: &[Type::Any], variadic: false, call: int },
    Function { name: "int64", parameters: &[Type::Any], variadic: false, call: int64 },
    Function { name: "max", parameters: &[Type::Any, Type::Any], variadic: true, call: max },
    Function { name: "maxf", parameters: &[Type::Any, Type::Any], variadic: true, call: round::maxf },
    Function { name: "min", parameters: &[Type::Any, Type::Any], variadic: true, call: min },
    Function { name: "minf", parameters: &[Type::Any, Type::Any], variadic: true, call: round::minf },
    Function { name: "mod", parameters: &[Type::Any, Type::Any], variadic: false, call: modulo },
    Function { name: "mul", parameters: &[Type::Any, Type::Any], variadic: true, call: mul },
    Function { name: "mulf", parameters: &[Type::Any, Type::Any], variadic: true, call: decimal::mulf },
    Function { name: "round", parameters: &[Type::Any, Type::Int, Type::Float], variadic: true, call: round::round },
    Function { name: "seq", parameters: &[Type::Int], variadic: true, call: sequence::seq },
    Function { name: "sub", parameters: &[Type::Any, Type::Any], variadic: false, call: sub },
    Function { name: "subf", parameters: &[Type::Any, Type::Any], variadic: true, call: decimal::subf },
    Function { name: "toDecimal", parameters: &[Type::Any], variadic: false, call: to_decimal },
    Function { name: "until", parameters: &[Type::Int], variadic: false, call: sequence::until },
    Function {
        name: "untilStep",
        parameters: &[Type::Int, Type::Int, Type::Int],
        variadic: false,
        call: sequence::until_step,
    },
];

fn int(_: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    Ok(Value::Int(to_int(args.value(0)?)))
}

fn int64(_: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    Ok(Value::Int64(to_int(args.value(0)?)))
}

fn float64(_: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    Ok(Value::Float(to_float(args.value(0)?)))
}

/// Go's `strconv.Atoi` without its error: what is no number is 0, what is too large the largest.
fn atoi(_: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    let text = args.text(0)?.to_str_lossy();
    Ok(Value::Int(cast::parse_radix(&text, 10).unwrap_or_else(|clamped| clamped)))
}

/// Reads the digits of a number as octal ones.
fn to_decimal(call: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    let text = sprint(args.rest(0), call.budget)?;
    Ok(Value::Int64(cast::parse_radix(&String::from_utf8_lossy(&text), 8).unwrap_or(0)))
}

/// All arguments folded into the first, as `int64` that wraps around.
fn fold(args: Args<'_>, combine: impl Fn(i64, i64) -> i64) -> Result<Value, Failure> {
    let first = to_int(args.value(0)?);
    Ok(Value::Int64(args.rest(1).iter().map(|item| to_int(&item.value)).fold(first, combine)))
}

fn add(_: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    if args.is_empty() { Ok(Value::Int64(0)) } else { fold(args, i64::wrapping_add) }
}

fn add1(_: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    Ok(Value::Int64(to_int(args.value(0)?).wrapping_add(1)))
}

fn sub(_: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    fold(args, i64::wrapping_sub)
}

fn mul(_: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    fold(args, i64::wrapping_mul)
}

fn max(_: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    fold(args, i64::max)
}

fn min(_: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    fold(args, i64::min)
}

fn div(_: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    divided(args, i64::wrapping_div)
}

fn modulo(_: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    divided(args, i64::wrapping_rem)
}

fn divided(args: Args<'_>, combine: impl Fn(i64, i64) -> i64) -> Result<Value, Failure> {
    match (to_int(args.value(0)?), to_int(args.value(1)?)) {
        (_, 0) => Err(Failure::error("runtime error: integer divide by zero")),
        (a, b) => Ok(Value::Int64(combine(a, b))),
    }
}

#[cfg(test)]
mod tests;
