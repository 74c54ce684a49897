//! Sprig's choices by emptiness and truth (`default`, `empty`, `coalesce`, `ternary`) and its questions about types.

use crate::function::{Args, Call, Function, Type};
use crate::functions::collections::deep_equal;
use crate::{Failure, Item, Value};

/// The functions of this file.
pub(super) const TABLE: &[Function] = &[
    Function { name: "all", parameters: &[Type::Any], variadic: true, call: all },
    Function { name: "any", parameters: &[Type::Any], variadic: true, call: any },
    Function { name: "coalesce", parameters: &[Type::Any], variadic: true, call: coalesce },
    Function { name: "deepEqual", parameters: &[Type::Any, Type::Any], variadic: false, call: is_deep_equal },
    Function { name: "default", parameters: &[Type::Any, Type::Any], variadic: true, call: default },
    Function { name: "empty", parameters: &[Type::Any], variadic: false, call: empty },
    Function { name: "kindIs", parameters: &[Type::Str, Type::Any], variadic: false, call: kind_is },
    Function { name: "kindOf", parameters: &[Type::Any], variadic: false, call: kind_of },
    Function { name: "ternary", parameters: &[Type::Any, Type::Any, Type::Bool], variadic: false, call: ternary },
    Function { name: "typeIs", parameters: &[Type::Str, Type::Any], variadic: false, call: type_is },
    Function { name: "typeIsLike", parameters: &[Type::Str, Type::Any], variadic: false, call: type_is_like },
    Function { name: "typeOf", parameters: &[Type::Any], variadic: false, call: type_of },
];

/// Whether sprig holds the value for unset: the zero of its type, or nothing in it. A struct never is.
pub(super) fn is_empty(value: &Value) -> bool {
    match value {
        Value::Nil => true,
        Value::Bool(value) => !value,
        Value::Int(number) | Value::Int64(number) => *number == 0,
        Value::Float(number) => *number == 0.0,
        Value::Str(text) => text.is_empty(),
        Value::List(list) => list.is_empty(),
        Value::Map(map) => map.is_empty(),
        Value::Object(object) => object.kind() != "struct" && object.is_zero(),
    }
}

/// The item's value, with the result placed where the item stands.
fn picked(call: &mut Call<'_>, item: &Item) -> Value {
    call.span = item.span;
    item.value.clone()
}

fn all(_: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    Ok(Value::Bool(!args.rest(0).iter().any(|item| is_empty(&item.value))))
}

fn any(_: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    Ok(Value::Bool(args.rest(0).iter().any(|item| !is_empty(&item.value))))
}

fn coalesce(call: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    let found = args.rest(0).iter().find(|item| !is_empty(&item.value));
    Ok(found.map_or(Value::Nil, |item| picked(call, item)))
}

fn default(call: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    let given = args.rest(1).first().filter(|item| !is_empty(&item.value));
    let item = given.map_or_else(|| args.item(0), Ok)?;
    Ok(picked(call, item))
}

fn empty(_: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    Ok(Value::Bool(is_empty(args.value(0)?)))
}

fn ternary(call: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    let item = args.item(if args.bool(2)? { 0 } else { 1 })?;
    Ok(picked(call, item))
}

fn is_deep_equal(call: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    let (one, other) = (args.value(0)?, args.value(1)?);
    if let (Value::List(list), Value::List(_)) = (one, other) {
        call.budget.step(list.len() as u64)?;
    }
    Ok(Value::Bool(deep_equal(one, other)))
}

fn kind_is(_: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    Ok(Value::Bool(args.text(0)?.as_bytes() == args.value(1)?.kind().as_bytes()))
}

fn kind_of(_: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    Ok(args.value(0)?.kind().into())
}

fn type_is(_: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    Ok(Value::Bool(args.text(0)?.as_bytes() == args.value(1)?.type_name().as_bytes()))
}

/// The type, or a pointer to it.
fn type_is_like(_: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    let (wanted, found) = (args.text(0)?.as_bytes(), args.value(1)?.type_name().as_bytes());
    Ok(Value::Bool(found == wanted || found.strip_prefix(b"*") == Some(wanted)))
}

fn type_of(_: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    Ok(args.value(0)?.type_name().into())
}
