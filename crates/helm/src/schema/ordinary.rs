//! Schemas that are valid at a glance.
//!
//! Nearly all schemas of charts use the keywords as they are meant. To see that takes one walk, where applying the schema
//! for schemas takes hundreds of steps for each subschema, and compiling it first. Whatever is unusual is left to that.

use std::collections::{BTreeMap, BTreeSet};

use yaml::{Json, Str};

use super::compile::TYPES;
use super::decimal::Decimal;
use super::draft::Draft;
use super::format;
use super::instance::duplicates;
use super::patterns::Patterns;

/// One look at a document that has no parts of another dialect.
pub(super) struct Glance<'a> {
    pub(super) draft: Draft,
    pub(super) patterns: &'a mut Patterns,
}

impl Glance<'_> {
    /// Whether a document is surely valid against the schema of its draft.
    pub(super) fn is_ordinary(&mut self, document: &Json) -> bool {
        // Earlier drafts have other rules, and few use them.
        self.draft >= Draft::Draft7 && self.schema(document)
    }

    fn schema(&mut self, value: &Json) -> bool {
        match value {
            Json::Bool(_) => true,
            Json::Object(fields) => fields.iter().all(|(keyword, value)| self.fits(keyword, value)),
            _ => false,
        }
    }

    fn fits(&mut self, keyword: &str, value: &Json) -> bool {
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
            | "contentSchema" => self.schema(value),
            "items" => self.schema(value) || self.draft < Draft::Draft2020 && self.schemas(value),
            "allOf" | "anyOf" | "oneOf" | "prefixItems" => self.schemas(value),
            "properties" | "definitions" | "$defs" | "dependentSchemas" => {
                fields(value).is_some_and(|fields| fields.values().all(|value| self.schema(value)))
            }
            "patternProperties" => fields(value).is_some_and(|fields| {
                fields.iter().all(|(pattern, value)| self.patterns.get(pattern).is_ok() && self.schema(value))
            }),
            "dependencies" => {
                fields(value).is_some_and(|fields| fields.values().all(|value| names(value) || self.schema(value)))
            }
            "pattern" => value.as_str().is_some_and(|pattern| self.patterns.get(pattern).is_ok()),
            "enum" => items(value).is_some_and(|items| {
                self.draft >= Draft::Draft2019 || !items.is_empty() && duplicates(items).is_none()
            }),
            _ => simple_keyword_fits(keyword, value),
        }
    }

    fn schemas(&mut self, value: &Json) -> bool {
        items(value).is_some_and(|items| !items.is_empty() && items.iter().all(|item| self.schema(item)))
    }
}

/// Keywords whose values hold no schemas.
fn simple_keyword_fits(keyword: &str, value: &Json) -> bool {
    match keyword {
        "dependentRequired" => fields(value).is_some_and(|fields| fields.values().all(names)),
        "required" => names(value),
        "type" => {
            let is_type = |value: &Json| value.as_str().is_some_and(|name| TYPES.contains(&name));
            is_type(value)
                || names(value) && items(value).is_some_and(|items| !items.is_empty() && items.iter().all(is_type))
        }
        "examples" => matches!(value, Json::Array(_)),
        "default" | "const" => true,
        "title" | "description" | "$comment" | "format" | "contentEncoding" | "contentMediaType" => {
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

fn fields(value: &Json) -> Option<&BTreeMap<Str, Json>> {
    match value {
        Json::Object(fields) => Some(fields),
        _ => None,
    }
}

fn items(value: &Json) -> Option<&[Json]> {
    match value {
        Json::Array(items) => Some(items),
        _ => None,
    }
}

/// Texts, each of them once.
fn names(value: &Json) -> bool {
    let mut seen = BTreeSet::new();
    items(value).is_some_and(|items| items.iter().all(|item| item.as_str().is_some_and(|name| seen.insert(name))))
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
        let glance = |text: &str, draft| {
            let document = yaml::read_json(text.as_bytes()).unwrap();
            Glance { draft, patterns: &mut Patterns::default() }.is_ordinary(&document)
        };
        let ordinary = |text: &str| glance(text, Draft::Draft2020);
        assert!(!glance(r#"{"enum":[1,1.0]}"#, Draft::Draft7));
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
            r#"{"$defs":{"a":{"pattern":"(?=a)"}}}"#,
            r#"{"$defs":{"a":{"patternProperties":{"(?=a)":{}}}}}"#,
        ] {
            assert!(!ordinary(unusual), "{unusual}");
        }
    }
}
