//! Reading JSON as Go's `encoding/json` does, with its words for what is wrong: templates see them as a result.

use yaml::Json;

use crate::function::{Args, Call};
use crate::{Failure, Item, List, Map, Value};

pub(super) fn from_json(call: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    super::allocate_value(call, args.text(0)?)?;
    let (map, error) = match parse(args.text(0)?) {
        Ok((Value::Map(map), error)) => (map, error),
        Ok((Value::Nil, None)) => (Map::new(), None),
        Ok((other, _)) => (Map::new(), Some(wrong_type(&other, "map[string]interface {}"))),
        Err(error) => (Map::new(), Some(error)),
    };
    if let Some(error) = error {
        map.insert("Error", Value::from(error));
    }
    Ok(Value::Map(map))
}

pub(super) fn from_json_array(call: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    super::allocate_value(call, args.text(0)?)?;
    let error = match parse(args.text(0)?) {
        Ok((Value::List(list), None)) => return Ok(Value::List(list)),
        Ok((Value::Nil, None)) => return Ok(Value::List(List::nil(crate::ListType::ANY))),
        Ok((Value::List(_), Some(error))) | Err(error) => error,
        Ok((other, _)) => wrong_type(&other, "[]interface {}"),
    };
    Ok(Value::List(List::any([Item::from(Value::from(error))])))
}

pub(super) fn must_from_json(call: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    super::allocate_value(call, args.text(0)?)?;
    match parse(args.text(0)?) {
        Ok((value, None)) => Ok(value),
        Ok((_, Some(error))) | Err(error) => Err(Failure::error(error)),
    }
}

fn wrong_type(found: &Value, wanted: &str) -> String {
    let found = match found {
        Value::Bool(_) => "bool",
        Value::Str(_) => "string",
        Value::List(_) => "array",
        Value::Map(_) => "object",
        _ => "number",
    };
    format!("json: cannot unmarshal {found} into Go value of type {wanted}")
}

/// The value, and the first number in it that no `float64` holds (in whose place stands nil).
fn parse(text: &[u8]) -> Result<(Value, Option<String>), String> {
    let mut out_of_range = None;
    let value = value_of(yaml::read_json(text)?, &mut out_of_range);
    Ok((value, out_of_range))
}

fn value_of(json: Json, out_of_range: &mut Option<String>) -> Value {
    match json {
        Json::Null => Value::Nil,
        Json::Bool(value) => Value::Bool(value),
        Json::Str(text) => Value::Str(text.as_str().into()),
        Json::Number(text) => match text.parse::<f64>() {
            Ok(number) if number.is_finite() => Value::Float(number),
            _ => {
                let error = format!("json: cannot unmarshal number {text} into Go value of type float64");
                out_of_range.get_or_insert(error);
                Value::Nil
            }
        },
        Json::Array(items) => {
            let items = items.into_iter().map(|item| Item::from(value_of(item, out_of_range)));
            Value::List(List::any(items.collect::<Vec<_>>()))
        }
        Json::Object(fields) => {
            let map = Map::new();
            for (key, value) in fields {
                map.insert(key.as_str(), value_of(value, out_of_range));
            }
            Value::Map(map)
        }
    }
}
