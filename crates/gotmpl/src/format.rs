//! Go's `fmt`: `print` and `printf` of every kind of value.

use crate::value::Value;

/// `%q`.
pub(crate) fn quote(text: &[u8]) -> Vec<u8> {
    format!("{:?}", String::from_utf8_lossy(text)).into_bytes()
}

/// `%v`.
pub(crate) fn print_value(out: &mut Vec<u8>, value: &Value) {
    match value {
        Value::Nil => out.extend_from_slice(b"<nil>"),
        Value::Bool(value) => out.extend_from_slice(value.to_string().as_bytes()),
        Value::Int(number) | Value::Int64(number) => out.extend_from_slice(number.to_string().as_bytes()),
        Value::Float(number) => out.extend_from_slice(yaml::go_float(*number).as_bytes()),
        Value::Str(text) => out.extend_from_slice(text),
        Value::List(_) | Value::Map(_) | Value::Object(_) => {}
    }
}
