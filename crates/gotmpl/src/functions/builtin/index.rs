//! `index` and `len`.

use std::borrow::Cow;

use source::Span;

use crate::function::{Args, Call, Type};
use crate::value::{NoValue, Object};
use crate::{Failure, Integer, Item, List, Text, Value};

/// An entry of an entry of …: of maps by key, of slices and strings by number.
pub(super) fn index(call: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    if matches!(args.value(0)?, Value::Nil) {
        return Err(Failure::error("index of untyped nil"));
    }
    let mut item = args.item(0)?.clone();
    for index in args.rest(1) {
        item = entry(&item, &index.value)?;
    }
    if !item.span.is_detached() {
        call.span = item.span;
    }
    Ok(item.value)
}

fn entry(item: &Item, index: &Value) -> Result<Item, Failure> {
    match &*indirect(&item.value) {
        Value::Nil => Err(Failure::error("index of nil pointer")),
        Value::Str(text) => {
            let at = position(index, text.len())?;
            let byte = text.get(at).ok_or_else(|| Failure::error("reflect: string index out of range"))?;
            Ok(Item { value: Integer::value("uint8", *byte), span: item.span })
        }
        Value::List(list) => {
            let at = position(index, list.len())?;
            list.items().get(at).cloned().ok_or_else(|| Failure::error("reflect: slice index out of range"))
        }
        Value::Map(map) => Ok(map.get(key(index)?).unwrap_or_else(|| zero(map.map_type().element).into())),
        Value::Object(object) if object.kind() == "map" => Ok(of_entries(object.as_ref(), key(index)?)),
        other => Err(Failure::error(format!("can't index item of type {}", other.type_name()))),
    }
}

fn of_entries(object: &dyn Object, key: &[u8]) -> Item {
    let found = object.entries().into_iter().find(|(name, _)| name.as_bytes() == key);
    found.map_or(Item { value: Value::Nil, span: Span::DETACHED }, |(_, item)| item)
}

/// What a pointer points to.
fn indirect(value: &Value) -> Cow<'_, Value> {
    match value {
        Value::Object(object) if object.kind() == "ptr" => object.pointee().map_or(Cow::Borrowed(value), Cow::Owned),
        _ => Cow::Borrowed(value),
    }
}

fn key(index: &Value) -> Result<&Text, Failure> {
    match index {
        Value::Str(text) => Ok(text),
        Value::Nil => Err(Failure::error("value is nil; should be of type string")),
        other => Err(Failure::error(format!("value has type {}; should be string", other.type_name()))),
    }
}

/// The length itself passes; reflection refuses it later in other words.
fn position(index: &Value, length: usize) -> Result<usize, Failure> {
    let number = match index {
        Value::Int(number) | Value::Int64(number) => *number,
        Value::Nil => return Err(Failure::error("cannot index slice/array with nil")),
        other => match other {
            Value::Object(object) if object.integer().is_some() => object.integer().unwrap_or_default() as i64,
            _ => {
                let message = format!("cannot index slice/array with type {}", other.type_name());
                return Err(Failure::error(message));
            }
        },
    };
    let position = usize::try_from(number).ok().filter(|position| *position <= length);
    position.ok_or_else(|| Failure::error(format!("index out of range: {number}")))
}

/// What a map has for a key that it does not have.
fn zero(element: Type) -> Value {
    match element {
        Type::Str => "".into(),
        Type::Bool => Value::Bool(false),
        Type::Int => Value::Int(0),
        Type::Int64 => Value::Int64(0),
        Type::Float => Value::Float(0.0),
        Type::List | Type::Strings | Type::Bytes => Value::List(List::any([])),
        _ => Value::Nil,
    }
}

/// How many bytes, items or entries.
pub(super) fn len(_: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    let length = match &*indirect(args.value(0)?) {
        Value::Nil => return Err(Failure::error("len of nil pointer")),
        Value::Str(text) => text.len(),
        Value::List(list) => list.len(),
        Value::Map(map) => map.len(),
        Value::Object(object) if object.kind() == "map" => object.entries().len(),
        Value::Object(object) if object.as_any().is::<NoValue>() => {
            return Err(Failure::error("reflect: call of reflect.Value.Type on zero Value"));
        }
        other => return Err(Failure::error(format!("len of type {}", other.type_name()))),
    };
    Ok(Value::Int(length as i64))
}
