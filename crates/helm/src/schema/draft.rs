//! The drafts of JSON Schema: where their subschemas are, their vocabularies, and the schemas that describe them, as
//! json-schema.org publishes these.

use std::sync::{Arc, OnceLock};

use yaml::Json;

/// A version of the specification.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(super) enum Draft {
    Draft4,
    Draft6,
    Draft7,
    Draft2019,
    Draft2020,
}

/// What a schema without `$schema` is.
pub(super) const LATEST: Draft = Draft::Draft2020;

/// Which values below a keyword are schemas.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Inside {
    /// The value itself.
    Value,
    /// Each field of the object.
    Fields,
    /// Each item of the array.
    Items,
}

/// Keywords with schemas in them, and the draft that brought them.
pub(super) const SUBSCHEMAS: &[(Draft, &str, Inside)] = &[
    (Draft::Draft4, "definitions", Inside::Fields),
    (Draft::Draft4, "not", Inside::Value),
    (Draft::Draft4, "allOf", Inside::Items),
    (Draft::Draft4, "anyOf", Inside::Items),
    (Draft::Draft4, "oneOf", Inside::Items),
    (Draft::Draft4, "properties", Inside::Fields),
    (Draft::Draft4, "additionalProperties", Inside::Value),
    (Draft::Draft4, "patternProperties", Inside::Fields),
    (Draft::Draft4, "items", Inside::Value),
    (Draft::Draft4, "items", Inside::Items),
    (Draft::Draft4, "additionalItems", Inside::Value),
    (Draft::Draft4, "dependencies", Inside::Fields),
    (Draft::Draft6, "propertyNames", Inside::Value),
    (Draft::Draft6, "contains", Inside::Value),
    (Draft::Draft7, "if", Inside::Value),
    (Draft::Draft7, "then", Inside::Value),
    (Draft::Draft7, "else", Inside::Value),
    (Draft::Draft2019, "$defs", Inside::Fields),
    (Draft::Draft2019, "dependentSchemas", Inside::Fields),
    (Draft::Draft2019, "unevaluatedProperties", Inside::Value),
    (Draft::Draft2019, "unevaluatedItems", Inside::Value),
    (Draft::Draft2019, "contentSchema", Inside::Value),
    (Draft::Draft2020, "prefixItems", Inside::Items),
];

impl Draft {
    /// The draft whose own schema has this URL.
    pub(super) fn of_url(url: &str) -> Option<Self> {
        let (url, fragment) = super::location::split(url);
        if !fragment.is_empty() {
            return None;
        }
        let rest = url.strip_prefix("http://").or_else(|| url.strip_prefix("https://")).unwrap_or(url);
        Some(match rest {
            "json-schema.org/schema" => LATEST,
            "json-schema.org/draft/2020-12/schema" => Draft::Draft2020,
            "json-schema.org/draft/2019-09/schema" => Draft::Draft2019,
            "json-schema.org/draft-07/schema" => Draft::Draft7,
            "json-schema.org/draft-06/schema" => Draft::Draft6,
            "json-schema.org/draft-04/schema" => Draft::Draft4,
            _ => return None,
        })
    }

    /// The URL of its own schema.
    pub(super) fn url(self) -> &'static str {
        match self {
            Draft::Draft4 => "http://json-schema.org/draft-04/schema",
            Draft::Draft6 => "http://json-schema.org/draft-06/schema",
            Draft::Draft7 => "http://json-schema.org/draft-07/schema",
            Draft::Draft2019 => "https://json-schema.org/draft/2019-09/schema",
            Draft::Draft2020 => "https://json-schema.org/draft/2020-12/schema",
        }
    }

    /// The keyword of identifiers.
    pub(super) fn id_keyword(self) -> &'static str {
        if self == Draft::Draft4 { "id" } else { "$id" }
    }

    /// The identifier of a schema, without a fragment; empty where it has none.
    pub(super) fn id(self, schema: &Json) -> &str {
        // Before 2019, everything beside a `$ref` is ignored.
        if self < Draft::Draft2019 && schema.get("$ref").is_some() {
            return "";
        }
        let id = schema.get(self.id_keyword()).and_then(Json::as_str).unwrap_or_default();
        super::location::split(id).0
    }

    /// What the names of its vocabularies start with.
    pub(super) fn vocabulary_prefix(self) -> &'static str {
        match self {
            Draft::Draft4 | Draft::Draft6 | Draft::Draft7 => "",
            Draft::Draft2019 => "https://json-schema.org/draft/2019-09/vocab/",
            Draft::Draft2020 => "https://json-schema.org/draft/2020-12/vocab/",
        }
    }

    /// The names of its vocabularies.
    pub(super) fn vocabularies(self) -> &'static [&'static str] {
        match self {
            Draft::Draft4 | Draft::Draft6 | Draft::Draft7 => &[],
            Draft::Draft2019 => &["core", "applicator", "validation", "meta-data", "format", "content"],
            Draft::Draft2020 => &[
                "core",
                "applicator",
                "unevaluated",
                "validation",
                "meta-data",
                "format-annotation",
                "format-assertion",
                "content",
            ],
        }
    }

    /// The vocabularies that count where a schema names none.
    fn default_vocabularies(self) -> &'static [&'static str] {
        match self {
            Draft::Draft4 | Draft::Draft6 | Draft::Draft7 => &[],
            Draft::Draft2019 => &["core", "applicator", "validation"],
            Draft::Draft2020 => &["core", "applicator", "unevaluated", "validation"],
        }
    }
}

/// A draft with the vocabularies that are in use.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(super) struct Dialect {
    pub(super) draft: Draft,
    /// `None` for those of the draft.
    pub(super) vocabularies: Option<Vec<&'static str>>,
}

impl Dialect {
    pub(super) fn has(&self, vocabulary: &str) -> bool {
        if vocabulary == "core" || self.draft < Draft::Draft2019 {
            return true;
        }
        match &self.vocabularies {
            Some(vocabularies) => vocabularies.contains(&vocabulary),
            None => self.draft.default_vocabularies().contains(&vocabulary),
        }
    }
}

/// The schema that json-schema.org has at a URL.
pub(super) fn published(url: &str) -> Option<Arc<Json>> {
    let path = url.strip_prefix("http://json-schema.org/").or_else(|| url.strip_prefix("https://json-schema.org/"))?;
    let path = if path == "schema" { "draft/2020-12/schema" } else { path };
    let (_, text, read) = DOCUMENTS.iter().find(|(name, ..)| *name == path)?;
    // The texts are part of the program, so that they are JSON is known from its tests.
    let document = read.get_or_init(|| Arc::new(yaml::read_json(text.as_bytes()).unwrap_or(Json::Bool(true))));
    Some(Arc::clone(document))
}

type Document = (&'static str, &'static str, OnceLock<Arc<Json>>);

macro_rules! documents {
    ($($path:literal => $file:literal),* $(,)?) => {
        static DOCUMENTS: [Document; 19] =
            [$(($path, include_str!(concat!("meta/", $file, ".json")), OnceLock::new())),*];
    };
}
documents! {
    "draft-04/schema" => "draft-04",
    "draft-06/schema" => "draft-06",
    "draft-07/schema" => "draft-07",
    "draft/2019-09/schema" => "draft-2019-09",
    "draft/2019-09/meta/core" => "draft-2019-09-core",
    "draft/2019-09/meta/applicator" => "draft-2019-09-applicator",
    "draft/2019-09/meta/validation" => "draft-2019-09-validation",
    "draft/2019-09/meta/meta-data" => "draft-2019-09-meta-data",
    "draft/2019-09/meta/format" => "draft-2019-09-format",
    "draft/2019-09/meta/content" => "draft-2019-09-content",
    "draft/2020-12/schema" => "draft-2020-12",
    "draft/2020-12/meta/core" => "draft-2020-12-core",
    "draft/2020-12/meta/applicator" => "draft-2020-12-applicator",
    "draft/2020-12/meta/unevaluated" => "draft-2020-12-unevaluated",
    "draft/2020-12/meta/validation" => "draft-2020-12-validation",
    "draft/2020-12/meta/meta-data" => "draft-2020-12-meta-data",
    "draft/2020-12/meta/format-annotation" => "draft-2020-12-format-annotation",
    "draft/2020-12/meta/format-assertion" => "draft-2020-12-format-assertion",
    "draft/2020-12/meta/content" => "draft-2020-12-content",
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_documents_are_json() {
        for (path, text, _) in &DOCUMENTS {
            assert!(matches!(yaml::read_json(text.as_bytes()), Ok(Json::Object(_))), "{path}");
        }
        assert!(published("http://json-schema.org/schema").is_some());
        assert!(published("https://json-schema.org/draft/2020-12/nope").is_none());
    }
}
