//! Dictionaries: making them, reading and writing entries, copies.

use crate::convert::MAX_DEPTH;
use crate::function::{Args, Call};
use crate::functions::strings::shown;
use crate::{Budget, Failure, Item, List, Map, MapType, Value};

use super::{allocate_items, is_plain, map_or_nil};

pub(super) fn dict(call: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    let map = Map::new();
    for pair in args.rest(0).chunks(2) {
        if let [key, rest @ ..] = pair {
            map.insert(shown(&key.value, call.budget)?, rest.first().cloned().unwrap_or_else(|| "".into()));
        }
    }
    Ok(Value::Map(map))
}

pub(super) fn get(call: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    let key: &[u8] = args.text(1)?;
    let Some(item) = map_or_nil(args, 0)?.and_then(|map| map.get(key)) else { return Ok(Value::from("")) };
    call.span = item.span;
    Ok(item.value)
}

pub(super) fn has_key(_: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    let key: &[u8] = args.text(1)?;
    Ok(Value::Bool(map_or_nil(args, 0)?.is_some_and(|map| map.read().contains_key(key))))
}

pub(super) fn set(_: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    let Some(map) = map_or_nil(args, 0)? else { return Err(Failure::error("assignment to entry in nil map")) };
    map.insert(args.text(1)?.clone(), args.item(2)?.clone());
    Ok(Value::Map(map.clone()))
}

pub(super) fn unset(_: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    let map = map_or_nil(args, 0)?.cloned().unwrap_or_default();
    map.remove(args.text(1)?);
    Ok(Value::Map(map))
}

/// Go gives the keys in random order; here they rise.
pub(super) fn keys(call: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    let mut keys = Vec::new();
    for index in 0..args.len() {
        let Some(map) = map_or_nil(args, index)? else { continue };
        allocate_items(call.budget, map.len())?;
        keys.extend(map.read().keys().cloned());
    }
    Ok(Value::List(List::strings(keys)))
}

/// Go gives the values in random order; here it is that of their keys.
pub(super) fn values(call: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    let Some(map) = map_or_nil(args, 0)? else { return Ok(Value::List(List::any([]))) };
    allocate_items(call.budget, map.len())?;
    Ok(Value::List(List::any(map.read().values().cloned().collect::<Vec<_>>())))
}

pub(super) fn pluck(_: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    let key: &[u8] = args.text(0)?;
    let mut found = Vec::new();
    for index in 1..args.len() {
        found.extend(map_or_nil(args, index)?.and_then(|map| map.get(key)));
    }
    Ok(Value::List(List::any(found)))
}

pub(super) fn pick(_: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    let picked = Map::new();
    let Some(map) = map_or_nil(args, 0)? else { return Ok(Value::Map(picked)) };
    for index in 1..args.len() {
        let key = args.text(index)?;
        if let Some(item) = map.get(key) {
            picked.insert(key.clone(), item);
        }
    }
    Ok(Value::Map(picked))
}

pub(super) fn omit(call: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    let Some(map) = map_or_nil(args, 0)? else { return Ok(Value::Map(Map::new())) };
    allocate_items(call.budget, map.len())?;
    let kept = Map::of(MapType::ANY, map.snapshot());
    for index in 1..args.len() {
        kept.remove(args.text(index)?);
    }
    Ok(Value::Map(kept))
}

/// `dig "a" "b" DEFAULT MAP`. The maps on the way must be plain ones: `.Values` itself is of a named type and refused.
pub(super) fn dig(call: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    let [path @ .., default, map] = args.rest(0) else { return Err(too_few()) };
    if path.is_empty() {
        return Err(too_few());
    }
    let mut found = map.clone();
    plain_map(&found.value)?;
    for key in path {
        if !matches!(key.value, Value::Str(_)) {
            return Err(conversion(&key.value, "string"));
        }
    }
    for key in path {
        let Value::Str(key) = &key.value else { continue };
        let Some(item) = plain_map(&found.value)?.get(key) else {
            call.span = default.span;
            return Ok(default.value.clone());
        };
        found = item;
    }
    call.span = found.span;
    Ok(found.value)
}

fn too_few() -> Failure {
    Failure::error("dig needs at least three arguments")
}

fn plain_map(value: &Value) -> Result<&Map, Failure> {
    match value {
        Value::Map(map) if is_plain(map) => Ok(map),
        _ => Err(conversion(value, MapType::ANY.name)),
    }
}

/// The panic of a type assertion.
fn conversion(value: &Value, wanted: &str) -> Failure {
    let found = if matches!(value, Value::Nil) { "nil" } else { value.type_name() };
    Failure::error(format!("interface conversion: interface {{}} is {found}, not {wanted}"))
}

pub(super) fn deep_copy(call: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    match args.value(0)? {
        Value::Nil => Err(Failure::error("reflect: call of reflect.Value.Type on zero Value")),
        value => copy(call.budget, value, 0),
    }
}

/// Maps and slices anew, all else shared. Each place gets a copy of its own, so a value that shares its parts can grow.
fn copy(budget: &mut Budget, value: &Value, depth: usize) -> Result<Value, Failure> {
    if depth > MAX_DEPTH {
        return Err(Failure::Budget(format!("a value that is copied is nested deeper than {MAX_DEPTH}")));
    }
    Ok(match value {
        Value::List(list) if !list.is_nil() => {
            allocate_items(budget, list.len())?;
            let copies = list.items().iter().map(|item| copy_item(budget, item, depth));
            Value::List(List::of(list.list_type(), copies.collect::<Result<Vec<_>, _>>()?))
        }
        Value::Map(map) => {
            allocate_items(budget, map.len())?;
            let copied = Map::of(map.map_type(), []);
            for (key, item) in map.snapshot() {
                copied.insert(key, copy_item(budget, &item, depth)?);
            }
            Value::Map(copied)
        }
        _ => value.clone(),
    })
}

fn copy_item(budget: &mut Budget, item: &Item, depth: usize) -> Result<Item, Failure> {
    Ok(Item { value: copy(budget, &item.value, depth + 1)?, span: item.span })
}
