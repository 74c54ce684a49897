//! Schemas are values too: each is checked against the schema of its draft before it is used.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use yaml::Json;

use super::compile::{Compiler, Id, Schema, Schemas};
use super::documents::{Document, Documents};
use super::draft::{Dialect, Draft};
use super::failure::Failure;
use super::localized;
use super::location::Place;
use super::validate::{Verdict, Whole, validate};
use crate::quote::quote;

/// Where the schemas are that no draft publishes.
const MADE: &str = "urn:mem:metaschema";

/// The schema for schemas of one dialect.
#[derive(Debug)]
struct Meta {
    schemas: Schemas,
    root: Id,
}

impl Meta {
    fn whole(&self) -> Whole<'_> {
        Whole { schemas: &self.schemas, root: self.root }
    }

    /// That of a draft. The published schemas compile, which a test knows.
    fn of_draft(draft: Draft) -> Option<&'static Meta> {
        static METAS: [OnceLock<Option<Meta>>; 5] = [const { OnceLock::new() }; 5];
        let meta = METAS.get(draft as usize)?;
        meta.get_or_init(|| Meta::compile(|compiler| compiler.compile(draft.url())).ok()).as_ref()
    }

    /// That of single vocabularies, which all must be met (`dialect.getSchema`).
    fn of_vocabularies(draft: Draft, vocabularies: &[&str]) -> Result<Self, String> {
        let prefix = draft.url().strip_suffix("schema").unwrap_or_default();
        let mut all_of = Vec::new();
        let mut meta = Meta::compile(|compiler| {
            for name in vocabularies {
                all_of.push(compiler.compile(&format!("{prefix}meta/{name}"))?);
            }
            all_of.first().copied().ok_or_else(String::new)
        })?;
        let place = Place::new(&MADE.into(), "");
        let next = meta.schemas.next_id();
        let mut schema = Schema::new(place, draft, next);
        schema.all_of = all_of;
        if draft >= Draft::Draft2020 {
            schema.dynamic_anchor = "meta".to_owned();
            schema.dynamic_anchors.insert("meta".to_owned(), next);
        }
        meta.root = meta.schemas.push(schema);
        Ok(meta)
    }

    fn compile(roots: impl FnOnce(&mut Compiler<'_, '_>) -> Result<Id, String>) -> Result<Self, String> {
        let mut documents = Documents::new(&|_| None);
        let mut compiler = Compiler::new(&mut documents, true);
        let root = roots(&mut compiler)?;
        Ok(Self { schemas: compiler.finish(), root })
    }
}

/// Checks a value in a document that is to be a schema.
///
/// # Errors
/// Upstream's text.
pub(super) fn check(document: &Document, value: &Json, pointer: &str) -> Result<(), String> {
    let Some(resource) = document.resource(pointer) else { return Ok(()) };
    // Held until the end: what is validated with borrows from it.
    let mut own = HashMap::new();
    for dialect in document.resources().values().map(|resource| &resource.dialect) {
        if let Some(vocabularies) = &dialect.vocabularies
            && !own.contains_key(dialect)
        {
            own.insert(Arc::clone(dialect), Meta::of_vocabularies(dialect.draft, vocabularies)?);
        }
    }
    let find = |dialect: &Arc<Dialect>| match dialect.vocabularies {
        None => Meta::of_draft(dialect.draft),
        Some(_) => own.get(dialect),
    };
    let parts: HashMap<Arc<str>, Whole<'_>> = document
        .resources()
        .iter()
        .filter_map(|(pointer, resource)| Some((Arc::clone(pointer), find(&resource.dialect)?.whole())))
        .collect();
    let Some(meta) = find(&resource.dialect) else { return Ok(()) };
    match validate(meta.whole(), value, Some(&parts)) {
        Verdict::Valid => Ok(()),
        Verdict::Stopped(why) => Err(why),
        Verdict::Invalid(failures) => {
            let place = Place::new(&document.url, pointer).to_string();
            let place = quote(&place);
            let location = match meta.schemas.get(meta.root) {
                Some(schema) if &*schema.place.url != MADE => schema.place.to_string(),
                _ => MADE.to_owned(),
            };
            Err(format!("{place} is not valid against metaschema: {}", text(&location, &failures)))
        }
    }
}

/// A whole message about a value that does not fit the schema at a place.
pub(super) fn text(location: &str, failures: &[Failure]) -> String {
    let mut text = format!("jsonschema validation failed with {}", localized::quote(location));
    failures.iter().for_each(|failure| failure.write(&mut text, 0));
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_drafts_compile() {
        for draft in [Draft::Draft4, Draft::Draft6, Draft::Draft7, Draft::Draft2019, Draft::Draft2020] {
            assert!(Meta::of_draft(draft).is_some(), "{draft:?}");
            for vocabulary in draft.vocabularies() {
                assert!(Meta::of_vocabularies(draft, &[vocabulary]).is_ok(), "{vocabulary}");
            }
        }
    }
}
