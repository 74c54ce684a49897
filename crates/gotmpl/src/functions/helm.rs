//! Helm's functions that need no templates: `fail`, `required`, and `lookup` as it is without a cluster.

use crate::function::{Args, Call, Function, Type};
use crate::{Failure, Map, Value};

/// The functions of this file.
pub(super) const TABLE: &[Function] = &[
    Function { name: "fail", parameters: &[Type::Str], variadic: false, call: fail },
    Function {
        name: "lookup",
        parameters: &[Type::Str, Type::Str, Type::Str, Type::Str],
        variadic: false,
        call: lookup,
    },
    Function { name: "required", parameters: &[Type::Str, Type::Any], variadic: false, call: required },
];

fn fail(_: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    Err(Failure::Chart(args.text(0)?.to_vec()))
}

fn lookup(_: &mut Call<'_>, _: Args<'_>) -> Result<Value, Failure> {
    Ok(Value::Map(Map::new()))
}

/// Only nil and the empty text are missing; zero and false are given values.
fn required(call: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    let item = args.item(1)?;
    let is_missing = match &item.value {
        Value::Nil => true,
        Value::Str(text) => text.is_empty(),
        _ => false,
    };
    if is_missing {
        return Err(Failure::Chart(args.text(0)?.to_vec()));
    }
    call.span = item.span;
    Ok(item.value.clone())
}
