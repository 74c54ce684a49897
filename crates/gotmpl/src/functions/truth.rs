//! What counts as true in `if`, `with`, `and`, `or` and `not`.

use crate::value::Value;

/// Go's `template.IsTrue`: not the zero of its type. A struct always is true.
pub(crate) fn is_true(value: &Value) -> bool {
    match value {
        Value::Nil => false,
        Value::Bool(value) => *value,
        Value::Int(number) | Value::Int64(number) => *number != 0,
        Value::Float(number) => *number != 0.0,
        Value::Str(text) => !text.is_empty(),
        Value::List(list) => !list.is_empty(),
        Value::Map(map) => !map.is_empty(),
        Value::Object(object) => match object.kind() {
            "map" => !object.entries().is_empty(),
            "struct" | "ptr" => true,
            _ => !object.is_zero(),
        },
    }
}
