//! Documents with schemas: loading them, and what in them has an identifier, an anchor, or a dialect of its own
//! (`roots.go`, `root.go`, `loader.go`).

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use yaml::Json;

use super::draft::{Dialect, Draft, Inside, LATEST, SUBSCHEMAS, published};
use super::location::{Place, Reference, join, scheme, split, split_fragment};
use super::meta;
use super::ordinary::Glance;
use super::patterns::Patterns;
use crate::Warning;
use crate::quote::quote;

/// A part of a document with an identifier of its own, or all of it.
#[derive(Clone, Debug)]
pub(super) struct Resource {
    pub(super) id: Arc<str>,
    pub(super) pointer: Arc<str>,
    pub(super) dialect: Arc<Dialect>,
    pub(super) anchors: BTreeMap<String, Arc<str>>,
    pub(super) dynamic_anchors: Vec<String>,
}

/// A document.
#[derive(Debug)]
pub(super) struct Document {
    pub(super) url: Arc<str>,
    pub(super) json: Arc<Json>,
    resources: HashMap<Arc<str>, Resource>,
    /// Where in the document the resource of each identifier is.
    ids: HashMap<String, Arc<str>>,
    known: HashSet<Arc<str>>,
}

impl Document {
    /// The resource that a place belongs to.
    pub(super) fn resource(&self, pointer: &str) -> Option<&Resource> {
        let mut pointer = pointer;
        loop {
            if let Some(resource) = self.resources.get(pointer) {
                return Some(resource);
            }
            pointer = pointer.get(..pointer.rfind('/')?)?;
        }
    }

    /// All resources, by their place.
    pub(super) fn resources(&self) -> &HashMap<Arc<str>, Resource> {
        &self.resources
    }

    /// The place of a fragment in a resource.
    fn place(&self, fragment: &str, resource: &Resource) -> Result<Place, String> {
        if fragment.is_empty() || fragment.starts_with('/') {
            return Ok(Place::new(&self.url, format!("{}{fragment}", resource.pointer)));
        }
        match resource.anchors.get(fragment) {
            Some(pointer) => Ok(Place::new(&self.url, Arc::clone(pointer))),
            None => {
                let reference = Reference { url: resource.id.to_string(), fragment: fragment.to_owned() };
                let (reference, url) = (quote(&reference.to_string()), quote(&self.url));
                Err(format!("anchor in {reference} not found in schema {url}"))
            }
        }
    }

    /// What a reference means inside of this document; `None` for another one.
    pub(super) fn resolve(&self, reference: &Reference) -> Option<Result<Place, String>> {
        let pointer = if *reference.url == *self.url { "" } else { self.ids.get(&reference.url)? };
        Some(self.place(&reference.fragment, self.resources.get(pointer)?))
    }
}

/// The value at a place of a document.
pub(super) fn lookup<'a>(document: &'a Json, place: &Place) -> Result<&'a Json, String> {
    let mut value = document;
    for part in place.pointer.split('/').skip(1) {
        let shown = || quote(&place.to_string());
        let name = super::location::unescape(part).ok_or_else(|| format!("invalid json-pointer {}", shown()))?;
        let inner = match value {
            Json::Object(fields) => fields.get(name.as_str()),
            Json::Array(items) => name.parse::<usize>().ok().and_then(|index| items.get(index)),
            _ => None,
        };
        value = inner.ok_or_else(|| format!("json-pointer in {} not found", shown()))?;
    }
    Ok(value)
}

/// What a document that is not there is replaced with, by its URL.
pub(super) type Loader<'a> = &'a dyn Fn(&str) -> Option<Arc<[u8]>>;

/// The documents of one compilation.
pub(super) struct Documents<'a> {
    loader: Loader<'a>,
    texts: HashMap<String, Arc<Json>>,
    documents: HashMap<Arc<str>, Document>,
    /// What upstream logs.
    pub(super) warnings: Vec<Warning>,
    pub(super) patterns: Patterns,
}

impl<'a> Documents<'a> {
    pub(super) fn new(loader: Loader<'a>) -> Self {
        Self {
            loader,
            texts: HashMap::new(),
            documents: HashMap::new(),
            warnings: Vec::new(),
            patterns: Patterns::default(),
        }
    }

    /// A document that needs no loading.
    pub(super) fn add(&mut self, url: &str, json: Json) {
        self.texts.insert(url.to_owned(), Arc::new(json));
    }

    /// The document of a place that [`Documents::resolve`] or [`Documents::ensure`] gave.
    pub(super) fn get(&self, url: &str) -> Result<&Document, String> {
        self.documents.get(url).ok_or_else(|| format!("no schema at {}", quote(url)))
    }

    fn text(&mut self, url: &str) -> Result<Arc<Json>, String> {
        if let Some(json) = self.texts.get(url) {
            return Ok(Arc::clone(json));
        }
        let failing = |error: String| format!("failing loading {}: {error}", quote(url));
        let json = match (published(url), (self.loader)(url)) {
            (Some(json), _) => json,
            (None, Some(text)) => Arc::new(read(&text).map_err(failing)?),
            (None, None) => match &*scheme(url) {
                "http" | "https" => {
                    return Err(failing("schemas are not loaded from the network; give it with the chart".to_owned()));
                }
                "file" => {
                    let path = url.strip_prefix("file://").unwrap_or(url);
                    return Err(failing(format!("open {path}: files beside the chart's own schema are not read")));
                }
                // Upstream takes what it cannot resolve for a schema that everything fits.
                "urn" => {
                    let message = "unresolved URN reference ignored; using permissive schema";
                    self.warnings.push(Warning::warn(message, [("urn", url)]));
                    Arc::new(Json::Bool(true))
                }
                _ => return Err(failing(format!("no URLLoader registered for {}", quote(url)))),
            },
        };
        self.texts.insert(url.to_owned(), Arc::clone(&json));
        Ok(json)
    }

    fn load(&mut self, url: &str) -> Result<(), String> {
        if self.documents.contains_key(url) {
            return Ok(());
        }
        let json = self.text(url)?;
        let mut document = Document {
            url: url.into(),
            json: Arc::clone(&json),
            resources: HashMap::new(),
            ids: HashMap::new(),
            known: HashSet::new(),
        };
        let latest = Arc::new(Dialect { draft: LATEST, vocabularies: None });
        self.collect(&mut document, &json, url, "".into(), &latest)?;
        let is_published = ["http://json-schema.org/", "https://json-schema.org/"];
        if !is_published.iter().any(|prefix| url.starts_with(prefix)) {
            let is_ordinary = match document.resource("") {
                Some(root) if document.resources.len() == 1 && root.dialect.vocabularies.is_none() => {
                    Glance { draft: root.dialect.draft, patterns: &mut self.patterns }.is_ordinary(&json)
                }
                _ => false,
            };
            if !is_ordinary {
                meta::check(&document, &json, "")?;
            }
        }
        self.documents.insert(Arc::clone(&document.url), document);
        Ok(())
    }

    /// The place that a reference means, whose document is loaded for it.
    pub(super) fn resolve(&mut self, reference: &Reference) -> Result<Place, String> {
        self.load(&reference.url)?;
        let document = self.get(&reference.url)?;
        match document.resources.get("") {
            Some(root) => document.place(&reference.fragment, root),
            None => Err(format!("no schema at {}", quote(&reference.url))),
        }
    }

    /// Sees to it that a place is known as a schema: pointers may lead to where no keyword puts one.
    pub(super) fn ensure(&mut self, place: &Place) -> Result<(), String> {
        self.load(&place.url)?;
        if self.get(&place.url)?.known.contains(&place.pointer) {
            return Ok(());
        }
        let Some(mut document) = self.documents.remove(&place.url) else { return Ok(()) };
        // A handle of its own: the document changes while its tree is looked at.
        let json = Arc::clone(&document.json);
        let value = lookup(&json, place)?;
        let above = document.resource(&place.pointer).map(|above| (Arc::clone(&above.id), Arc::clone(&above.dialect)));
        if let Some((id, dialect)) = above {
            self.collect(&mut document, value, &id, Arc::clone(&place.pointer), &dialect)?;
            meta::check(&document, value, &place.pointer)?;
        }
        self.documents.insert(Arc::clone(&place.url), document);
        Ok(())
    }

    fn collect(
        &mut self,
        document: &mut Document,
        schema: &Json,
        base: &str,
        pointer: Arc<str>,
        above: &Arc<Dialect>,
    ) -> Result<(), String> {
        if document.known.contains(&pointer) {
            return Ok(());
        }
        let is_root = pointer.is_empty();
        let Json::Object(fields) = schema else {
            if is_root {
                let resource = resource(base, &pointer, Arc::clone(above));
                document.ids.insert(base.to_owned(), Arc::clone(&pointer));
                document.resources.insert(Arc::clone(&pointer), resource);
            }
            document.known.insert(pointer);
            return Ok(());
        };
        let here = Place::new(&document.url, Arc::clone(&pointer));
        let mut names_dialect = schema.get("$schema").and_then(Json::as_str).is_some();
        let mut draft = self.draft(&here, schema, above.draft, &mut HashSet::new())?;
        let mut id = draft.id(schema);
        if id.is_empty() && !is_root {
            // Only what has an identifier has a dialect of its own.
            draft = above.draft;
            names_dialect = false;
            id = draft.id(schema);
        }
        let mut base = base.to_owned();
        if !id.is_empty() {
            base = join(&base, id).map_err(|_| format!("error in parsing id at {}", quote(&here.to_string())))?.url;
        }
        if !id.is_empty() || is_root {
            match document.ids.get(&base) {
                Some(other) if *other != pointer => {
                    let [id, url, pointer, other] = [&base, &*document.url, &*pointer, &**other].map(quote);
                    return Err(format!("duplicate id {id} in {url} at {pointer} and {other}"));
                }
                Some(_) => {}
                None => {
                    let dialect = match names_dialect {
                        true => Arc::new(Dialect { draft, vocabularies: self.vocabularies(schema, draft)? }),
                        false => Arc::clone(above),
                    };
                    document.ids.insert(base.clone(), Arc::clone(&pointer));
                    document.resources.insert(Arc::clone(&pointer), resource(&base, &pointer, dialect));
                }
            }
        }
        let owner = document.ids.get(&base).cloned().and_then(|owner| document.resources.get_mut(&owner));
        let Some(owner) = owner else { return Ok(()) };
        collect_anchors(owner, schema, &here)?;
        let dialect = Arc::clone(&owner.dialect);
        for (since, keyword, inside) in SUBSCHEMAS {
            let Some(value) = fields.get(*keyword).filter(|_| *since <= draft) else { continue };
            let place = here.field(keyword);
            match (inside, value) {
                (Inside::Value, value) => self.collect(document, value, &base, place.pointer, &dialect)?,
                (Inside::Fields, Json::Object(fields)) => {
                    for (name, value) in fields {
                        self.collect(document, value, &base, place.field(name).pointer, &dialect)?;
                    }
                }
                (Inside::Items, Json::Array(items)) => {
                    for (index, value) in items.iter().enumerate() {
                        self.collect(document, value, &base, place.field(&index.to_string()).pointer, &dialect)?;
                    }
                }
                _ => {}
            }
        }
        document.known.insert(pointer);
        Ok(())
    }

    /// The draft that `$schema` leads to, perhaps through schemas of schemas.
    fn draft(
        &mut self,
        place: &Place,
        schema: &Json,
        default: Draft,
        seen: &mut HashSet<String>,
    ) -> Result<Draft, String> {
        let Some(named) = schema.get("$schema").and_then(Json::as_str) else { return Ok(default) };
        if let Some(draft) = Draft::of_url(named) {
            return Ok(draft);
        }
        let (url, _) = split(named);
        gotmpl::go::Url::parse(url)
            .map_err(|error| format!("invalid $schema in {}: {error}", quote(&place.to_string())))?;
        if place.pointer.is_empty() && *url == *place.url {
            return Err(format!("draft {} is not supported", quote(url)));
        }
        if !seen.insert(url.to_owned()) {
            return Err(format!("cycle in resolving $schema in {}", quote(url)));
        }
        let next = self.text(url)?;
        self.draft(&Place::new(&url.into(), ""), &next, default, seen)
    }

    /// The vocabularies that the schema named by `$schema` requires.
    fn vocabularies(&mut self, schema: &Json, draft: Draft) -> Result<Option<Vec<&'static str>>, String> {
        let Some(named) = schema.get("$schema").and_then(Json::as_str) else { return Ok(None) };
        if Draft::of_url(named).is_some() || draft < Draft::Draft2019 {
            return Ok(None);
        }
        let (url, _) = split(named);
        let meta = self.text(url)?;
        let Some(Json::Object(listed)) = meta.get("$vocabulary") else { return Ok(None) };
        let mut found = Vec::new();
        for name in listed.iter().filter(|(_, required)| **required == Json::Bool(true)).map(|(name, _)| name) {
            let short = name.strip_prefix(draft.vocabulary_prefix());
            match draft.vocabularies().iter().find(|known| short == Some(**known)) {
                Some(known) => found.push(*known),
                None => return Err(format!("unsupported vocabulary {} in {}", quote(name), quote(url))),
            }
        }
        if !found.contains(&"core") {
            found.push("core");
        }
        Ok(Some(found))
    }
}

fn resource(id: &str, pointer: &Arc<str>, dialect: Arc<Dialect>) -> Resource {
    Resource {
        id: id.into(),
        pointer: Arc::clone(pointer),
        dialect,
        anchors: BTreeMap::new(),
        dynamic_anchors: Vec::new(),
    }
}

fn collect_anchors(owner: &mut Resource, schema: &Json, here: &Place) -> Result<(), String> {
    let text = |keyword: &str| schema.get(keyword).and_then(Json::as_str);
    let add = |owner: &mut Resource, anchor: &str| match owner.anchors.get(anchor) {
        Some(other) if *other != here.pointer => {
            let [anchor, url, other, pointer] = [anchor, &*here.url, &**other, &*here.pointer].map(quote);
            Err(format!("duplicate anchor {anchor} in {url} at {other} and {pointer}"))
        }
        _ => {
            owner.anchors.insert(anchor.to_owned(), Arc::clone(&here.pointer));
            Ok(())
        }
    };
    let draft = owner.dialect.draft;
    if draft < Draft::Draft2019 {
        // Everything beside a `$ref` is ignored.
        if schema.get("$ref").is_none()
            && let Some(id) = text(draft.id_keyword())
        {
            let (_, fragment) =
                split_fragment(id).map_err(|_| format!("error in parsing anchor at {}", quote(&here.to_string())))?;
            if !fragment.is_empty() && !fragment.starts_with('/') {
                add(owner, &fragment)?;
            }
        }
        return Ok(());
    }
    if let Some(anchor) = text("$anchor") {
        add(owner, anchor)?;
    }
    if draft >= Draft::Draft2020
        && let Some(anchor) = text("$dynamicAnchor")
    {
        add(owner, anchor)?;
        owner.dynamic_anchors.push(anchor.to_owned());
    }
    Ok(())
}

/// Reads a document (`UnmarshalJSON`).
pub(super) fn read(text: &[u8]) -> Result<Json, String> {
    let (json, length) = yaml::read_json_prefix(text)?;
    let rest = text.get(length..).unwrap_or_default();
    match rest.iter().all(u8::is_ascii_whitespace) {
        true => Ok(json),
        false => Err("invalid character after top-level value".to_owned()),
    }
}
