//! Sprig on lists and dictionaries: making them, reading and writing entries, merging, comparing.

mod dictionaries;
mod equality;
mod lists;
mod merge;
#[cfg(test)]
mod tests;

use crate::function::{Args, Function, Type};
use crate::{Budget, Failure, Item, Map, MapType, Value};

pub(crate) use self::equality::deep_equal;

/// The functions of this file and its folder.
pub(super) const TABLE: &[Function] = &[
    Function { name: "append", parameters: &[Type::Any, Type::Any], variadic: false, call: lists::append },
    Function { name: "chunk", parameters: &[Type::Int, Type::Any], variadic: false, call: lists::chunk },
    Function { name: "compact", parameters: &[Type::Any], variadic: false, call: lists::compact },
    Function { name: "concat", parameters: &[Type::Any], variadic: true, call: lists::concat },
    Function { name: "deepCopy", parameters: &[Type::Any], variadic: false, call: dictionaries::deep_copy },
    Function { name: "dict", parameters: &[Type::Any], variadic: true, call: dictionaries::dict },
    Function { name: "dig", parameters: &[Type::Any], variadic: true, call: dictionaries::dig },
    Function { name: "first", parameters: &[Type::Any], variadic: false, call: lists::first },
    Function { name: "get", parameters: &[Type::Map, Type::Str], variadic: false, call: dictionaries::get },
    Function { name: "has", parameters: &[Type::Any, Type::Any], variadic: false, call: lists::has },
    Function { name: "hasKey", parameters: &[Type::Map, Type::Str], variadic: false, call: dictionaries::has_key },
    Function { name: "initial", parameters: &[Type::Any], variadic: false, call: lists::initial },
    Function { name: "keys", parameters: &[Type::Map], variadic: true, call: dictionaries::keys },
    Function { name: "last", parameters: &[Type::Any], variadic: false, call: lists::last },
    Function { name: "list", parameters: &[Type::Any], variadic: true, call: lists::list },
    Function { name: "merge", parameters: &[Type::Map, Type::Map], variadic: true, call: merge::merge },
    Function {
        name: "mergeOverwrite",
        parameters: &[Type::Map, Type::Map],
        variadic: true,
        call: merge::merge_overwrite,
    },
    Function { name: "mustAppend", parameters: &[Type::Any, Type::Any], variadic: false, call: lists::append },
    Function { name: "mustChunk", parameters: &[Type::Int, Type::Any], variadic: false, call: lists::chunk },
    Function { name: "mustCompact", parameters: &[Type::Any], variadic: false, call: lists::compact },
    Function { name: "mustDeepCopy", parameters: &[Type::Any], variadic: false, call: dictionaries::deep_copy },
    Function { name: "mustFirst", parameters: &[Type::Any], variadic: false, call: lists::first },
    Function { name: "mustHas", parameters: &[Type::Any, Type::Any], variadic: false, call: lists::has },
    Function { name: "mustInitial", parameters: &[Type::Any], variadic: false, call: lists::initial },
    Function { name: "mustLast", parameters: &[Type::Any], variadic: false, call: lists::last },
    Function { name: "mustMerge", parameters: &[Type::Map, Type::Map], variadic: true, call: merge::merge },
    Function {
        name: "mustMergeOverwrite",
        parameters: &[Type::Map, Type::Map],
        variadic: true,
        call: merge::merge_overwrite,
    },
    Function { name: "mustPrepend", parameters: &[Type::Any, Type::Any], variadic: false, call: lists::prepend },
    Function { name: "mustPush", parameters: &[Type::Any, Type::Any], variadic: false, call: lists::append },
    Function { name: "mustRest", parameters: &[Type::Any], variadic: false, call: lists::rest },
    Function { name: "mustReverse", parameters: &[Type::Any], variadic: false, call: lists::reverse },
    Function { name: "mustSlice", parameters: &[Type::Any, Type::Any], variadic: true, call: lists::slice },
    Function { name: "mustUniq", parameters: &[Type::Any], variadic: false, call: lists::uniq },
    Function { name: "mustWithout", parameters: &[Type::Any, Type::Any], variadic: true, call: lists::without },
    Function { name: "omit", parameters: &[Type::Map, Type::Str], variadic: true, call: dictionaries::omit },
    Function { name: "pick", parameters: &[Type::Map, Type::Str], variadic: true, call: dictionaries::pick },
    Function { name: "pluck", parameters: &[Type::Str, Type::Map], variadic: true, call: dictionaries::pluck },
    Function { name: "prepend", parameters: &[Type::Any, Type::Any], variadic: false, call: lists::prepend },
    Function { name: "push", parameters: &[Type::Any, Type::Any], variadic: false, call: lists::append },
    Function { name: "rest", parameters: &[Type::Any], variadic: false, call: lists::rest },
    Function { name: "reverse", parameters: &[Type::Any], variadic: false, call: lists::reverse },
    Function { name: "set", parameters: &[Type::Map, Type::Str, Type::Any], variadic: false, call: dictionaries::set },
    Function { name: "slice", parameters: &[Type::Any, Type::Any], variadic: true, call: lists::slice },
    Function { name: "tuple", parameters: &[Type::Any], variadic: true, call: lists::list },
    Function { name: "uniq", parameters: &[Type::Any], variadic: false, call: lists::uniq },
    Function { name: "unset", parameters: &[Type::Map, Type::Str], variadic: false, call: dictionaries::unset },
    Function { name: "values", parameters: &[Type::Map], variadic: false, call: dictionaries::values },
    Function { name: "without", parameters: &[Type::Any, Type::Any], variadic: true, call: lists::without },
];

/// A map argument, or nothing for Go's nil map, which a literal `nil` becomes.
fn map_or_nil(args: Args<'_>, index: usize) -> Result<Option<&Map>, Failure> {
    match args.value(index)? {
        Value::Nil => Ok(None),
        _ => args.map(index).map(Some),
    }
}

/// Whether the type is `map[string]interface {}` and no named one.
fn is_plain(map: &Map) -> bool {
    map.map_type().name == MapType::ANY.name
}

/// Takes the memory of a list or map of that many items, before it is made. Lists cannot grow, so adding to one copies
/// it. What holds the items takes about as much as two of them.
fn allocate_items(budget: &mut Budget, count: usize) -> Result<(), Failure> {
    budget.allocate(count.saturating_add(2).saturating_mul(size_of::<Item>()))
}
