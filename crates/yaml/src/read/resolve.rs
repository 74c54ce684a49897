//! From the text of a plain scalar to its value.

use crate::{Dialect, Value};

/// The value of a plain (unquoted) scalar.
pub fn type_scalar(text: &str, _dialect: Dialect) -> Value {
    Value::from(text)
}
