//! Between the trees of the `yaml` crate and the values of templates, and how Go's `encoding/json` sees a value: the
//! common ground of everything that prints values.

use std::borrow::Cow;

use source::Span;
use yaml::Node;

use crate::{Budget, Failure, Item, Limits, List, Map, MapType, Object, Value};

/// Values nested deeper than this are taken for a map that holds itself, which is what Go's encoder says then.
pub(crate) const MAX_DEPTH: usize = 500;

/// Which Go type a whole number gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Numbers {
    /// All numbers are `float64`, as after a trip through JSON: everything from a values file.
    Float,
    /// Whole numbers are `int64`, as Helm's `--set` makes them.
    Int64,
}

/// A tree as Helm hands it to templates: all numbers are `float64`. Spans stay on the items.
///
/// The depth of the tree is bounded by the limits that it was read with.
pub fn from_node(node: &Node) -> Item {
    from_node_with(node, Numbers::Float)
}

/// As [`from_node`], with a choice for whole numbers.
pub fn from_node_with(node: &Node, numbers: Numbers) -> Item {
    let value = match &node.value {
        yaml::Value::Null => Value::Nil,
        yaml::Value::Bool(value) => Value::Bool(*value),
        yaml::Value::Int(number) if numbers == Numbers::Int64 => Value::Int64(*number),
        yaml::Value::Int(number) => Value::Float(*number as f64),
        yaml::Value::Uint(number) => Value::Float(*number as f64),
        yaml::Value::Float(number) => Value::Float(*number),
        yaml::Value::Str(text) => Value::Str(text.as_str().into()),
        yaml::Value::List(list) => {
            Value::List(List::any(list.iter().map(|item| from_node_with(item, numbers)).collect::<Vec<_>>()))
        }
        yaml::Value::Map(map) => Value::Map(Map::of(
            MapType::ANY,
            map.iter().map(|entry| (entry.key.as_str().into(), from_node_with(&entry.node, numbers))),
        )),
    };
    Item { value, span: node.span }
}

/// A mapping as [`from_node_with`] makes it of a node, for values whose floats are floats already.
pub fn from_map(map: &yaml::Map) -> Value {
    Value::Map(Map::of(
        MapType::ANY,
        map.iter().map(|entry| (entry.key.as_str().into(), from_node_with(&entry.node, Numbers::Int64))),
    ))
}

/// The tree of a value as Go's `encoding/json` sees it. Fields of structs stand in order of declaration, fields of maps by
/// rising key.
///
/// # Errors
/// Go's text for what JSON cannot hold: infinity, NaN, a map that holds itself, functions.
pub fn to_node(item: &Item) -> Result<Node, Failure> {
    to_node_within(&mut Budget::new(Limits::default()), item)
}

/// As [`to_node`]. What a value shares with itself stands in the tree as often as it is reached, so the tree can be much
/// larger than the value.
pub(crate) fn to_node_within(budget: &mut Budget, item: &Item) -> Result<Node, Failure> {
    node_of(budget, &item.value, item.span, 0)
}

fn node_of(budget: &mut Budget, value: &Value, span: Span, depth: usize) -> Result<Node, Failure> {
    if depth > MAX_DEPTH {
        return Err(cycle(value));
    }
    budget.allocate(size_of::<Node>())?;
    let value = match value {
        Value::Nil => yaml::Value::Null,
        Value::Bool(value) => yaml::Value::Bool(*value),
        Value::Int(number) | Value::Int64(number) => yaml::Value::Int(*number),
        Value::Float(number) => yaml::Value::Float(finite(*number)?),
        Value::Str(text) => {
            budget.allocate(text.len())?;
            yaml::Value::from(to_utf8(text).into_owned())
        }
        Value::List(list) => match bytes_of(list) {
            _ if list.is_nil() => yaml::Value::Null,
            Some(bytes) => yaml::Value::from(crate::functions::base64(&bytes)),
            None => {
                let items = list.items().iter().map(|item| node_of(budget, &item.value, item.span, depth + 1));
                yaml::Value::List(items.collect::<Result<_, _>>()?)
            }
        },
        Value::Map(map) => {
            let mut made = yaml::Map::new();
            for (key, item) in map.read().iter() {
                let node = node_of(budget, &item.value, item.span, depth + 1)?;
                push(&mut made, &to_utf8(key), node);
            }
            yaml::Value::Map(made)
        }
        Value::Object(object) => match seen(object.as_ref())? {
            Seen::Value(value) => return node_of(budget, &value, span, depth + 1),
            Seen::Integer(number) => integer(number)?,
            Seen::Fields(fields) => {
                let mut made = yaml::Map::new();
                for (name, item) in fields {
                    push(&mut made, name, node_of(budget, &item.value, item.span, depth + 1)?);
                }
                yaml::Value::Map(made)
            }
        },
    };
    Ok(Node { span, value })
}

/// Keys are unique already, but for those that differ in bytes that are not UTF-8; Go prints both.
fn push(map: &mut yaml::Map, key: &str, node: Node) {
    map.push(yaml::Entry { key: key.into(), key_span: Span::DETACHED, node });
}

/// What an object is to `encoding/json`.
pub(crate) enum Seen {
    /// Its marshaller gives this.
    Value(Value),
    /// A number.
    Integer(i128),
    /// A struct.
    Fields(Vec<(&'static str, Item)>),
}

pub(crate) fn seen(object: &dyn Object) -> Result<Seen, Failure> {
    if let Some(value) = object.json() {
        return Ok(Seen::Value(value));
    }
    if let Some(number) = object.integer() {
        return Ok(Seen::Integer(number));
    }
    match object.kind() {
        "struct" | "ptr" | "map" => Ok(Seen::Fields(object.fields())),
        _ => Err(Failure::error(format!("json: unsupported type: {}", object.type_name()))),
    }
}

fn integer(number: i128) -> Result<yaml::Value, Failure> {
    i64::try_from(number)
        .map(yaml::Value::Int)
        .or_else(|_| u64::try_from(number).map(yaml::Value::Uint))
        .map_err(|_| Failure::error("json: unsupported value: a number beyond 64 bits"))
}

pub(crate) fn finite(number: f64) -> Result<f64, Failure> {
    let name = match number {
        _ if number.is_finite() => return Ok(number),
        _ if number.is_nan() => "NaN",
        _ if number > 0.0 => "+Inf",
        _ => "-Inf",
    };
    Err(Failure::error(format!("json: unsupported value: {name}")))
}

pub(crate) fn cycle(value: &Value) -> Failure {
    let type_name = match value {
        Value::Map(map) => map.map_type().name,
        _ => "[]interface {}",
    };
    Failure::error(format!("json: unsupported value: encountered a cycle via {type_name}"))
}

/// The bytes of a `[]uint8`, which JSON holds as base64.
pub(crate) fn bytes_of(list: &List) -> Option<Cow<'_, [u8]>> {
    if let Some(bytes) = list.as_bytes() {
        return Some(Cow::Borrowed(bytes));
    }
    if !list.list_type().is_bytes() {
        return None;
    }
    let byte = |item: &Item| match &item.value {
        Value::Object(object) => u8::try_from(object.integer()?).ok(),
        Value::Int(number) | Value::Int64(number) => u8::try_from(*number).ok(),
        _ => None,
    };
    list.items().iter().map(byte).collect::<Option<_>>().map(Cow::Owned)
}

/// The text with U+FFFD for each byte that is not UTF-8, as Go's range over a string gives it; Rust's own replacement
/// takes several bytes for one.
pub(crate) fn to_utf8(bytes: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.into(),
        Err(_) => {
            let mut text = String::with_capacity(bytes.len() + 8);
            for chunk in bytes.utf8_chunks() {
                text.push_str(chunk.valid());
                text.extend(chunk.invalid().iter().map(|_| char::REPLACEMENT_CHARACTER));
            }
            text.into()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_floats_but_for_set() {
        let node = Node::detached(7_i64);
        assert!(matches!(from_node(&node).value, Value::Float(7.0)));
        assert!(matches!(from_node_with(&node, Numbers::Int64).value, Value::Int64(7)));
    }

    #[test]
    fn a_map_that_holds_itself_is_an_error() {
        let map = Map::new();
        map.insert("self", Value::Map(map.clone()));
        let Err(Failure::Error(message)) = to_node(&Item::from(Value::Map(map.clone()))) else { panic!() };
        assert_eq!(message, b"json: unsupported value: encountered a cycle via map[string]interface {}");
        map.remove(b"self");
    }

    #[test]
    fn each_invalid_byte_counts() {
        assert_eq!(to_utf8(b"a\xe6\x97"), "a\u{FFFD}\u{FFFD}");
    }
}
