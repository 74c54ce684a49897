//! How sprig makes a string of any value.

use crate::convert::bytes_of;
use crate::format::sprint;
use crate::{Budget, Failure, Item, Text, Value};

/// Sprig's `strval`: strings and bytes as they are, everything else as it is printed.
///
/// # Errors
/// A used-up budget; a value that holds itself.
pub(crate) fn shown(value: &Value, budget: &mut Budget) -> Result<Text, Failure> {
    match value {
        Value::Str(text) => return Ok(text.clone()),
        Value::List(list) => {
            if let Some(bytes) = bytes_of(list) {
                return Ok(bytes.into_owned().into());
            }
        }
        Value::Object(object) => {
            if let Some(text) = object.display() {
                return Ok(text);
            }
        }
        _ => {}
    }
    printed(value, budget)
}

/// As `%v` prints it.
///
/// # Errors
/// A used-up budget; a value that holds itself.
pub(super) fn printed(value: &Value, budget: &mut Budget) -> Result<Text, Failure> {
    match value {
        Value::Str(text) => Ok(text.clone()),
        _ => Ok(sprint(&[Item::from(value.clone())], budget)?.into()),
    }
}
