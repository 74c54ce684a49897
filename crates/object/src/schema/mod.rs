//! What a strategic merge must know about kinds: which lists merge, and by which keys.
//!
//! A [`Schema`] is a set of flat tables, so that the built-in one is plain constant data: nothing is parsed when a run
//! starts, and a lookup is a binary search. `built_in.rs` holds the tables of the schema that kustomize 5.8.1 compiles in
//! (Kubernetes 1.21.2); `openapi.rs` makes the same tables from a document that `openapi: path` names.

use std::borrow::Cow;

mod built_in;
mod openapi;
mod print;

pub use openapi::Precedence;

/// Stands for "no definition" in a table.
const NONE: u32 = u32::MAX;

/// A stretch of [`Schema::names`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
struct Name(u32, u32);

/// What is known about one place in objects. Indices point into the tables of the schema; [`NONE`] points nowhere.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
struct Definition {
    /// First field and number of fields in [`Schema::fields`].
    fields: (u32, u32),
    /// The definition of every list item.
    items: u32,
    /// The definition of every map value that `fields` does not name.
    values: u32,
    /// First key and number of keys in [`Schema::keys`] when lists here merge; [`NONE`] as first when they do not.
    merge: (u32, u32),
}

/// The kinds, fields and merge keys that one OpenAPI document knows.
#[derive(Clone, Debug)]
pub struct Schema {
    names: Cow<'static, str>,
    definitions: Cow<'static, [Definition]>,
    /// The fields of each definition, sorted by name.
    fields: Cow<'static, [(Name, u32)]>,
    keys: Cow<'static, [Name]>,
    /// The definitions that have names, sorted by name; other documents may refer to them.
    named: Cow<'static, [(Name, u32)]>,
    /// `apiVersion` and kind, sorted by their texts.
    kinds: Cow<'static, [(Name, Name, u32)]>,
}

/// A place in a schema while an object is walked.
#[derive(Clone, Copy, Debug)]
pub struct Cursor<'a> {
    schema: &'a Schema,
    at: Definition,
}

impl Schema {
    /// The schema that kustomize 5.8.1 has built in: Kubernetes 1.21.2 and nothing newer.
    pub fn built_in() -> &'static Self {
        &built_in::SCHEMA
    }

    /// The place of an object's root, when its kind is known.
    pub fn kind(&self, api_version: &str, kind: &str) -> Option<Cursor<'_>> {
        let found = self
            .kinds
            .binary_search_by(|(version, name, _)| (self.text(*version), self.text(*name)).cmp(&(api_version, kind)))
            .ok()?;
        self.cursor(self.kinds.get(found)?.2)
    }

    /// Number of kinds it knows.
    pub fn kind_count(&self) -> usize {
        self.kinds.len()
    }

    fn text(&self, name: Name) -> &str {
        let start = name.0 as usize;
        self.names.get(start..start + name.1 as usize).unwrap_or_default()
    }

    fn cursor(&self, index: u32) -> Option<Cursor<'_>> {
        self.definitions.get(index as usize).map(|at| Cursor { schema: self, at: *at })
    }
}

impl<'a> Cursor<'a> {
    /// The place of a field.
    pub fn field(self, name: &str) -> Option<Self> {
        let (start, count) = (self.at.fields.0 as usize, self.at.fields.1 as usize);
        let fields = self.schema.fields.get(start..start + count).unwrap_or_default();
        let next = match fields.binary_search_by(|(field, _)| self.schema.text(*field).cmp(name)) {
            Ok(found) => fields.get(found)?.1,
            Err(_) => self.at.values,
        };
        self.schema.cursor(next)
    }

    /// The place of every item of the list.
    pub fn items(self) -> Option<Self> {
        self.schema.cursor(self.at.items)
    }

    /// The keys by which lists here merge, without any for a list of scalars; `None` where a list replaces.
    pub fn merge_keys(self) -> Option<impl Iterator<Item = &'a str>> {
        let (start, count) = (self.at.merge.0 as usize, self.at.merge.1 as usize);
        (self.at.merge.0 != NONE).then(|| {
            let keys = self.schema.keys.get(start..start + count).unwrap_or_default();
            keys.iter().map(|key| self.schema.text(*key))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(schema: &Schema, api_version: &str, kind: &str, path: &[&str]) -> Option<Vec<String>> {
        let root = schema.kind(api_version, kind)?;
        let place = path.iter().try_fold(root, |at, part| if *part == "[]" { at.items() } else { at.field(part) })?;
        Some(place.merge_keys()?.map(str::to_owned).collect())
    }

    #[test]
    fn knows_the_merge_keys_of_built_in_kinds() {
        let schema = Schema::built_in();
        let pod = ["spec", "template", "spec"];
        let containers = [&pod[..], &["containers"]].concat();
        assert_eq!(keys(schema, "apps/v1", "Deployment", &containers).unwrap(), ["name"]);
        let ports = [&containers[..], &["[]", "ports"]].concat();
        assert_eq!(keys(schema, "apps/v1", "Deployment", &ports).unwrap(), ["containerPort", "protocol"]);
        let tolerations = [&pod[..], &["tolerations"]].concat();
        assert_eq!(keys(schema, "apps/v1", "Deployment", &tolerations), None);
        assert_eq!(keys(schema, "v1", "Service", &["spec", "ports"]).unwrap(), ["port", "protocol"]);
        assert_eq!(keys(schema, "v1", "Pod", &["metadata", "finalizers"]).unwrap(), [] as [&str; 0]);
        assert!(schema.kind("apps/v1", "Rollout").is_none());
        assert!(schema.kind("extensions/v1beta1", "Deployment").is_none());
    }

    #[test]
    fn the_table_is_the_one_that_was_printed() {
        assert_eq!(Schema::built_in().to_source("x"), Schema::built_in().clone().to_source("x"));
        assert!(Schema::built_in().kind_count() > 250);
    }
}
