//! Lists: sprig's functions on slices of any type. None of them changes its argument.

use std::collections::BTreeSet;

use crate::function::{Args, Call};
use crate::functions::numbers::to_int;
use crate::functions::reflection::is_empty;
use crate::{Budget, Failure, Item, List, ListType, Text, Value};

use super::{allocate_items, deep_equal};

pub(super) fn list(_: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    Ok(Value::List(List::any(args.rest(0))))
}

/// The slice, or upstream's error: `refusal` and the kind of the value.
fn slice_of<'a>(value: &'a Value, refusal: &str) -> Result<&'a List, Failure> {
    match value {
        Value::List(list) => Ok(list),
        Value::Nil => Err(Failure::error("runtime error: invalid memory address or nil pointer dereference")),
        _ => Err(Failure::error(format!("{refusal} {}", value.kind()))),
    }
}

fn made(budget: &mut Budget, count: usize, items: impl Iterator<Item = Item>) -> Result<Value, Failure> {
    allocate_items(budget, count)?;
    Ok(Value::List(List::any(items.collect::<Vec<_>>())))
}

/// The item, with the result placed where it stands; nil for none.
fn picked(call: &mut Call<'_>, item: Option<&Item>) -> Value {
    let Some(item) = item else { return Value::Nil };
    call.span = item.span;
    item.value.clone()
}

pub(super) fn append(call: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    let list = slice_of(args.value(0)?, "Cannot push on type")?;
    made(call.budget, list.len() + 1, list.items().iter().chain([args.item(1)?]).cloned())
}

pub(super) fn prepend(call: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    let list = slice_of(args.value(0)?, "Cannot prepend on type")?;
    made(call.budget, list.len() + 1, [args.item(1)?].into_iter().chain(list.items()).cloned())
}

/// Without any item the result is Go's nil slice.
pub(super) fn concat(call: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    let lists = args.rest(0).iter().map(|item| match &item.value {
        Value::List(_) | Value::Nil => slice_of(&item.value, ""),
        other => Err(Failure::error(format!("Cannot concat type {} as list", other.kind()))),
    });
    let lists = lists.collect::<Result<Vec<_>, _>>()?;
    let count = lists.iter().map(|list| list.len()).sum();
    if count == 0 {
        return Ok(Value::List(List::nil(ListType::ANY)));
    }
    made(call.budget, count, lists.into_iter().flat_map(List::items).cloned())
}

pub(super) fn first(call: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    let list = slice_of(args.value(0)?, "Cannot find first on type")?;
    Ok(picked(call, list.items().first()))
}

pub(super) fn last(call: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    let list = slice_of(args.value(0)?, "Cannot find last on type")?;
    Ok(picked(call, list.items().last()))
}

/// All but the first; the nil slice if there is none.
pub(super) fn rest(call: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    let list = slice_of(args.value(0)?, "Cannot find rest on type")?;
    part(call.budget, list.items().split_first().map(|(_, rest)| rest))
}

/// All but the last; the nil slice if there is none.
pub(super) fn initial(call: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    let list = slice_of(args.value(0)?, "Cannot find initial on type")?;
    part(call.budget, list.items().split_last().map(|(_, initial)| initial))
}

fn part(budget: &mut Budget, items: Option<&[Item]>) -> Result<Value, Failure> {
    match items {
        None => Ok(Value::List(List::nil(ListType::ANY))),
        Some(items) => made(budget, items.len(), items.iter().cloned()),
    }
}

pub(super) fn reverse(call: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    let list = slice_of(args.value(0)?, "Cannot find reverse on type")?;
    made(call.budget, list.len(), list.items().iter().rev().cloned())
}

pub(super) fn compact(call: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    let list = slice_of(args.value(0)?, "Cannot compact on type")?;
    made(call.budget, list.len(), list.items().iter().filter(|item| !is_empty(&item.value)).cloned())
}

pub(super) fn has(call: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    let (needle, haystack) = (args.value(0)?, args.value(1)?);
    if matches!(haystack, Value::Nil) {
        return Ok(Value::Bool(false));
    }
    let list = slice_of(haystack, "Cannot find has on type")?;
    call.budget.step(list.len() as u64)?;
    Ok(Value::Bool(contains(list.items().iter(), needle)))
}

fn contains<'a>(mut items: impl Iterator<Item = &'a Item>, value: &Value) -> bool {
    items.any(|item| deep_equal(value, &item.value))
}

/// The first of each. Texts are looked up; other values are compared with all others, as upstream does with all.
pub(super) fn uniq(call: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    let list = slice_of(args.value(0)?, "Cannot find uniq on type")?;
    allocate_items(call.budget, list.len())?;
    let mut texts: BTreeSet<&Text> = BTreeSet::new();
    let mut others: Vec<&Item> = Vec::new();
    let mut kept = Vec::new();
    for item in list.items() {
        let is_new = match &item.value {
            Value::Str(text) => texts.insert(text),
            value => {
                call.budget.step(others.len() as u64)?;
                let is_new = !contains(others.iter().copied(), value);
                if is_new {
                    others.push(item);
                }
                is_new
            }
        };
        if is_new {
            kept.push(item.clone());
        }
    }
    Ok(Value::List(List::any(kept)))
}

pub(super) fn without(call: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    let list = slice_of(args.value(0)?, "Cannot find without on type")?;
    let omitted = args.rest(1);
    call.budget.step((list.len() as u64).saturating_mul(omitted.len() as u64))?;
    made(call.budget, list.len(), list.items().iter().filter(|item| !contains(omitted.iter(), &item.value)).cloned())
}

/// Sprig's `slice` replaces Go's. It keeps the type of the slice, and gives nil for an empty one whatever the bounds.
///
/// Go slices up to the capacity, which can lie beyond the items there are; here the items are all there is.
pub(super) fn slice(call: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    let list = slice_of(args.value(0)?, "list should be type of slice or array but")?;
    if list.is_empty() {
        return Ok(Value::Nil);
    }
    let bound = |index: usize, default: usize| match args.rest(index).first() {
        Some(item) => usize::try_from(to_int(&item.value)).ok(),
        None => Some(default),
    };
    let items = bound(1, 0).zip(bound(2, list.len())).and_then(|(start, end)| list.items().get(start..end));
    let Some(items) = items else {
        return Err(Failure::error("reflect.Value.Slice: slice index out of bounds"));
    };
    allocate_items(call.budget, items.len())?;
    Ok(Value::List(List::of(list.list_type(), items)))
}

/// The items in lists of `size`.
pub(super) fn chunk(call: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    let list = slice_of(args.value(1)?, "Cannot chunk type")?;
    let size = args.int(0)?;
    allocate_items(call.budget, list.len())?;
    let chunks: Vec<&[Item]> = match usize::try_from(size) {
        Ok(size @ 1..) => list.items().chunks(size).collect(),
        _ => odd_chunks(list.items(), size)?,
    };
    let chunks = chunks.into_iter().map(|items| Item::from(Value::List(List::any(items))));
    Ok(Value::List(List::of(ListType::LISTS, chunks.collect::<Vec<_>>())))
}

/// What upstream's arithmetic makes of a size that is not positive: mostly a panic, but few items are dropped, and one
/// alone is kept.
fn odd_chunks(items: &[Item], size: i64) -> Result<Vec<&[Item]>, Failure> {
    let count = items.len() as u64;
    match (size, count) {
        (..=-2, 1) => Ok(vec![items]),
        (..=-1, 2..) if count - 1 <= size.unsigned_abs() => Ok(Vec::new()),
        _ => Err(Failure::error("runtime error: makeslice: len out of range")),
    }
}
