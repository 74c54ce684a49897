//! Sprig on lists and dictionaries: making them, reading and writing entries.

use crate::function::{Args, Call, Function, Type};
use crate::{Failure, List, Value};

/// The functions of this file.
pub(super) const TABLE: &[Function] = &[
    Function { name: "get", parameters: &[Type::Map, Type::Str], variadic: false, call: get },
    Function { name: "hasKey", parameters: &[Type::Map, Type::Str], variadic: false, call: has_key },
    Function { name: "list", parameters: &[Type::Any], variadic: true, call: list },
    Function { name: "set", parameters: &[Type::Map, Type::Str, Type::Any], variadic: false, call: set },
    Function { name: "tuple", parameters: &[Type::Any], variadic: true, call: list },
    Function { name: "unset", parameters: &[Type::Map, Type::Str], variadic: false, call: unset },
];

fn get(call: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    let Some(item) = args.map(0)?.get(args.text(1)?) else { return Ok(Value::from("")) };
    call.span = item.span;
    Ok(item.value)
}

fn has_key(_: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    let key: &[u8] = args.text(1)?;
    Ok(Value::Bool(args.map(0)?.read().contains_key(key)))
}

fn list(_: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    Ok(Value::List(List::any(args.rest(0))))
}

fn set(_: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    let map = args.map(0)?;
    map.insert(args.text(1)?.clone(), args.item(2)?.clone());
    Ok(Value::Map(map.clone()))
}

fn unset(_: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    let map = args.map(0)?;
    map.remove(args.text(1)?);
    Ok(Value::Map(map.clone()))
}
