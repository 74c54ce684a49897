//! YAML, JSON, TOML and base encodings, both ways.

mod base;
mod from_json;
mod from_toml;
mod json;
mod toml;
mod yaml;

use crate::function::{Args, Call, Function, Type};
use crate::{Failure, Value};

pub(crate) use self::base::{base64, from_base64};

/// The functions of this file.
pub(super) const TABLE: &[Function] = &[
    one("b32dec", Type::Str, base::b32dec),
    one("b32enc", Type::Str, base::b32enc),
    one("b64dec", Type::Str, base::b64dec),
    one("b64enc", Type::Str, base::b64enc),
    one("fromJson", Type::Str, from_json::from_json),
    one("fromJsonArray", Type::Str, from_json::from_json_array),
    one("fromToml", Type::Str, from_toml::from_toml),
    one("fromYaml", Type::Str, yaml::from_yaml),
    one("fromYamlArray", Type::Str, yaml::from_yaml_array),
    one("mustFromJson", Type::Str, from_json::must_from_json),
    one("mustToJson", Type::Any, json::must_to_json),
    one("mustToPrettyJson", Type::Any, json::must_to_pretty_json),
    one("mustToRawJson", Type::Any, json::to_raw_json),
    one("mustToToml", Type::Any, toml::must_to_toml),
    one("mustToYaml", Type::Any, yaml::must_to_yaml),
    one("toJson", Type::Any, json::to_json),
    one("toPrettyJson", Type::Any, json::to_pretty_json),
    one("toRawJson", Type::Any, json::to_raw_json),
    one("toToml", Type::Any, toml::to_toml),
    one("toYaml", Type::Any, yaml::to_yaml),
    one("toYamlPretty", Type::Any, yaml::to_yaml_pretty),
];

type Body = fn(&mut Call<'_>, Args<'_>) -> Result<Value, Failure>;

/// A function of one argument, as all here are.
const fn one(name: &'static str, parameter: Type, call: Body) -> Function {
    let parameters: &'static [Type] = match parameter {
        Type::Str => &[Type::Str],
        _ => &[Type::Any],
    };
    Function { name, parameters, variadic: false, call }
}

/// Helm's printers that have no `must` give an empty text for an error. A spent budget is none of Helm's errors.
fn or_empty(printed: Result<Value, Failure>) -> Result<Value, Failure> {
    match printed {
        Err(Failure::Error(_)) => Ok("".into()),
        other => other,
    }
}

/// Takes the memory of a value that is read from a text: a few bytes of text can make a value of many.
fn allocate_value(call: &mut Call<'_>, text: &[u8]) -> Result<(), Failure> {
    call.budget.allocate(text.len().saturating_mul(8))
}
