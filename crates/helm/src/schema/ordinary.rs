//! Schemas that are valid at a glance.
//!
//! Nearly all schemas of charts use the keywords as they are meant. To see that takes one walk, where applying the schema
//! for schemas takes hundreds of steps for each subschema, and compiling it first. Whatever is unusual is left to that.

use std::collections::BTreeSet;

use yaml::Json;

use super::compile::TYPES;
use super::decimal::Decimal;
use super::draft::Draft;
use super::format;

/// Whether a document is surely valid against the schema of its draft, but for its patterns: these are compiled anyway.
/// Only documents without parts of another dialect are asked about.
pub(super) fn is_ordinary(document: &Json, draft: Draft) -> bool {
    // Earlier drafts have other rules, and few use them.
    draft >= Draft::Draft7 && schema(document, draft)
}

fn schema(value: &Json, draft: Draft) -> bool {
    match value {
        Json::Bool(_) => true,
        Json::Object(fields) => fields.iter().all(|(keyword, value)| keyword_fits(keyword, value, draft)),
        _ => false,
    }
}

fn keyword_fits(keyword: &str, value: &Json, draft: Draft) -> bool {
    match keyword {
        "not"
        | "if"
        | "then"
        | "else"
        | "contains"
        | "propertyNames"
        | "additionalProperties"
        | "additionalItems"
        | "unevaluatedProperties"
        | "unevaluatedItems"
        | "contentSchema" => schema(value, draft),
        "items" => schema(value, draft) || draft < Draft::Draft2020 && schemas(value, draft),
        "allOf" | "anyOf" | "oneOf" | "prefixItems" => schemas(value, draft),
        "properties" | "patternProperties" | "definitions" | "$defs" | "dependentSchemas" => {
            matches!(value, Json::Object(fields) if fields.values().all(|value| schema(value, draft)))
        }
        "dependentRequired" => matches!(value, Json::Object(fields) if fields.values().all(names)),
        "dependencies" => {
            matches!(value, Json::Object(fields) if fields.values().all(|value| names(value) || schema(value, draft)))
        }
        "required" => names(value),
        "type" => match value {
            Json::Str(name) => TYPES.contains(&name.as_str()),
            Json::Array(items) => {
                !items.is_empty() && names(value) && items.iter().all(|item| TYPES.iter().any(|name| is(item, name)))
            }
            _ => false,
        },
        "enum" | "examples" => matches!(value, Json::Array(_)),
        "default" | "const" => true,
        "title" | "description" | "$comment" | "format" | "contentEncoding" | "contentMediaType" | "pattern" => {
            matches!(value, Json::Str(_))
        }
        "uniqueItems" | "readOnly" | "writeOnly" | "deprecated" => matches!(value, Json::Bool(_)),
        "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum" => matches!(value, Json::Number(_)),
        "multipleOf" => matches!(value, Json::Number(text) if Decimal::new(text) > Decimal::new("0")),
        "minLength" | "maxLength" | "minItems" | "maxItems" | "minProperties" | "maxProperties" | "minContains"
        | "maxContains" => matches!(value, Json::Number(text) if text.bytes().all(|byte| byte.is_ascii_digit())),
        "$ref" => has_format(value, "uri-reference"),
        "$id" => has_format(value, "uri-reference") && !value.as_str().is_some_and(|text| text.contains('#')),
        "$schema" => has_format(value, "uri"),
        // What no draft knows means nothing.
        _ => !keyword.starts_with('$'),
    }
}

fn schemas(value: &Json, draft: Draft) -> bool {
    matches!(value, Json::Array(items) if !items.is_empty() && items.iter().all(|item| schema(item, draft)))
}

/// Texts, each of them once.
fn names(value: &Json) -> bool {
    let Json::Array(items) = value else { return false };
    let mut seen = BTreeSet::new();
    items.iter().all(|item| item.as_str().is_some_and(|name| seen.insert(name)))
}

fn is(value: &Json, text: &str) -> bool {
    value.as_str() == Some(text)
}

fn has_format(value: &Json, name: &str) -> bool {
    let Some(text) = value.as_str() else { return false };
    format::find(name).is_some_and(|format| format.check(text).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_unusual_is_left_to_the_schema_for_schemas() {
        let ordinary = |text: &str| is_ordinary(&yaml::read_json(text.as_bytes()).unwrap(), Draft::Draft2020);
        assert!(ordinary(
            r##"{"type":["string","null"],"properties":{"a":{"$ref":"#/$defs/x"}},"x-y":[1],"items":{}}"##
        ));
        for unusual in [
            r#"{"type":"text"}"#,
            r#"{"type":[]}"#,
            r#"{"required":["a","a"]}"#,
            r#"{"items":[{}]}"#,
            r#"{"$anchor":"a"}"#,
            r#"{"allOf":[]}"#,
            r#"{"multipleOf":0}"#,
            r#"{"maxLength":1.0}"#,
            r#"{"properties":{"a":{"properties":[]}}}"#,
        ] {
            assert!(!ordinary(unusual), "{unusual}");
        }
    }
}
