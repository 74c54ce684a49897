//! Sprig's `merge` functions, which are mergo v1.0.1 on maps: the first map is written, maps within maps are merged into
//! it, everything else is shared with it.

use crate::convert::MAX_DEPTH;
use crate::function::{Args, Call, Type};
use crate::functions::reflection::is_empty;
use crate::{Budget, Failure, Item, Map, Value};

/// Fills what the first map has not, or has empty.
pub(super) fn merge(call: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    merge_all(call, args, false)
}

/// Takes what the other maps have, also where it is empty.
pub(super) fn merge_overwrite(call: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    merge_all(call, args, true)
}

fn merge_all(call: &mut Call<'_>, args: Args<'_>, overwrite: bool) -> Result<Value, Failure> {
    let target = super::map_or_nil(args, 0)?.cloned().unwrap_or_default();
    for index in 1..args.len() {
        if let Some(source) = super::map_or_nil(args, index)? {
            merge_into(call.budget, &target, source, overwrite, 0)?;
        }
    }
    Ok(Value::Map(target))
}

/// Go's order of keys is random here, and shows only where the maps share parts.
fn merge_into(budget: &mut Budget, target: &Map, source: &Map, overwrite: bool, depth: usize) -> Result<(), Failure> {
    if depth > MAX_DEPTH {
        return Err(Failure::Budget(format!("maps that are merged are nested deeper than {MAX_DEPTH}")));
    }
    budget.step(source.len() as u64)?;
    for (key, item) in source.snapshot() {
        let present = target.get(&key);
        match (&item.value, present.as_ref().map(|present| &present.value)) {
            (Value::Nil, _) if !overwrite => continue,
            (Value::Map(inner), Some(Value::Map(present))) => {
                merge_into(budget, present, inner, overwrite, depth + 1)?;
                // What is still empty then is replaced, so that the source's map becomes part of the target.
                if !present.is_empty() {
                    continue;
                }
            }
            (_, Some(present)) if !overwrite && !is_unset(present) => continue,
            _ => {}
        }
        assign(target, source, key, item)?;
    }
    Ok(())
}

/// Mergo's idea of emptiness. Structs, and pointers to them, are never empty.
fn is_unset(value: &Value) -> bool {
    match value {
        Value::Object(object) => object.integer() == Some(0),
        _ => is_empty(value),
    }
}

fn assign(target: &Map, source: &Map, key: crate::Text, item: Item) -> Result<(), Failure> {
    let (wanted, given) = (target.map_type().element, source.map_type().element);
    if wanted == Type::Str && given != Type::Str {
        return Err(Failure::error(
            "reflect.Value.SetMapIndex: value of type interface {} is not assignable to type string",
        ));
    }
    target.insert(key, item);
    Ok(())
}
