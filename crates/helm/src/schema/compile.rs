//! From documents to schemas that can be applied: keywords are read once, references are resolved (`compiler.go`,
//! `objcompiler.go`).

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::Arc;

use gotmpl::go::Regexp;
use yaml::{Json, Str};

use super::decimal::Decimal;
use super::documents::{Documents, lookup};
use super::draft::{Dialect, Draft};
use super::format::{self, Format};
use super::instance::{Instance, Shape};
use super::location::{Place, Reference, join, split_fragment};
use crate::quote::quote;

/// A schema in a [`Schemas`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) struct Id(u32);

/// Schemas that refer to each other.
#[derive(Debug, Default)]
pub(super) struct Schemas(Vec<Schema>);

impl Schemas {
    pub(super) fn get(&self, id: Id) -> Option<&Schema> {
        self.0.get(id.0 as usize)
    }

    /// The id of the schema that is added next.
    pub(super) fn next_id(&self) -> Id {
        // There are fewer schemas than bytes of text.
        Id(u32::try_from(self.0.len()).unwrap_or(u32::MAX))
    }

    pub(super) fn push(&mut self, schema: Schema) -> Id {
        let id = self.next_id();
        self.0.push(schema);
        id
    }
}

/// The types that a value may have, in the order in which upstream names them.
pub(super) const TYPES: [&str; 7] = ["null", "boolean", "number", "integer", "string", "array", "object"];

/// `additionalProperties` and `additionalItems`.
#[derive(Clone, Copy, Debug)]
pub(super) enum Additional {
    Allowed(bool),
    Schema(Id),
}

/// A value of `dependencies`.
#[derive(Debug)]
pub(super) enum Dependency {
    Properties(Vec<Str>),
    Schema(Id),
}

/// `items` before 2020.
#[derive(Debug)]
pub(super) enum Items {
    All(Id),
    Each(Vec<Id>),
}

/// A schema with its keywords. Those for one type of value stand apart: most schemas have those of one.
#[derive(Debug)]
pub(super) struct Schema {
    pub(super) place: Place,
    pub(super) draft: Draft,
    pub(super) resource: Id,
    pub(super) dynamic_anchors: BTreeMap<String, Id>,
    pub(super) all_properties_evaluated: bool,
    pub(super) all_items_evaluated: bool,
    pub(super) items_evaluated: usize,

    pub(super) boolean: Option<bool>,
    pub(super) reference: Option<Id>,
    pub(super) recursive_reference: Option<Id>,
    pub(super) recursive_anchor: bool,
    /// With the name of the anchor, if it is one.
    pub(super) dynamic_reference: Option<(Id, String)>,
    pub(super) dynamic_anchor: String,
    /// Bits in the order of [`TYPES`].
    pub(super) types: u8,
    pub(super) one_of_values: Option<Vec<Json>>,
    pub(super) constant: Option<Json>,
    pub(super) not: Option<Id>,
    pub(super) all_of: Vec<Id>,
    pub(super) any_of: Vec<Id>,
    pub(super) one_of: Vec<Id>,
    pub(super) condition: Option<Id>,
    pub(super) then: Option<Id>,
    pub(super) otherwise: Option<Id>,
    pub(super) format: Option<Format>,

    pub(super) object: Option<Box<ObjectKeywords>>,
    pub(super) array: Option<Box<ArrayKeywords>>,
    pub(super) text: Option<Box<TextKeywords>>,
    pub(super) number: Option<Box<NumberKeywords>>,
}

/// Keywords for objects.
#[derive(Debug, Default)]
pub(super) struct ObjectKeywords {
    pub(super) min_properties: Option<i64>,
    pub(super) max_properties: Option<i64>,
    pub(super) required: Vec<Str>,
    pub(super) properties: BTreeMap<Str, Id>,
    pub(super) patterns: Vec<(Regexp, Id)>,
    pub(super) additional: Option<Additional>,
    pub(super) names: Option<Id>,
    pub(super) dependencies: BTreeMap<Str, Dependency>,
    pub(super) dependent_required: BTreeMap<Str, Vec<Str>>,
    pub(super) dependent_schemas: BTreeMap<Str, Id>,
    pub(super) unevaluated: Option<Id>,
}

/// Keywords for arrays.
#[derive(Debug, Default)]
pub(super) struct ArrayKeywords {
    pub(super) min_items: Option<i64>,
    pub(super) max_items: Option<i64>,
    pub(super) unique: bool,
    pub(super) contains: Option<Id>,
    pub(super) min_contains: Option<i64>,
    pub(super) max_contains: Option<i64>,
    pub(super) items: Option<Items>,
    pub(super) additional: Option<Additional>,
    pub(super) prefix: Vec<Id>,
    /// `items` since 2020.
    pub(super) rest: Option<Id>,
    pub(super) unevaluated: Option<Id>,
}

/// Keywords for texts.
#[derive(Debug, Default)]
pub(super) struct TextKeywords {
    pub(super) min_length: Option<i64>,
    pub(super) max_length: Option<i64>,
    /// With its text.
    pub(super) pattern: Option<(Regexp, Str)>,
}

/// A bound, and how it is shown.
#[derive(Debug)]
pub(super) struct Bound {
    pub(super) value: Decimal,
    pub(super) float: f64,
}

/// Keywords for numbers.
#[derive(Debug, Default)]
pub(super) struct NumberKeywords {
    pub(super) minimum: Option<Bound>,
    pub(super) maximum: Option<Bound>,
    pub(super) exclusive_minimum: Option<Bound>,
    pub(super) exclusive_maximum: Option<Bound>,
    pub(super) multiple_of: Option<Bound>,
}

/// Schemas of one compilation. What lies inside of a schema is compiled with it, what it refers to waits in line.
pub(super) struct Compiler<'d, 'l> {
    documents: &'d mut Documents<'l>,
    /// The drafts' own schemas assert formats, whatever their draft.
    asserts_formats: bool,
    schemas: Vec<Option<Schema>>,
    ids: HashMap<Place, Id>,
    waiting: VecDeque<(Place, Id)>,
}

/// Schemas within schemas that are compiled at once; deeper ones wait in line, so that the stack stays small.
const MAX_DEPTH: usize = 50;

/// The resource that a schema belongs to.
#[derive(Clone)]
struct Owner {
    base: Arc<str>,
    dialect: Arc<Dialect>,
    id: Id,
}

impl<'d, 'l> Compiler<'d, 'l> {
    pub(super) fn new(documents: &'d mut Documents<'l>, asserts_formats: bool) -> Self {
        Self { documents, asserts_formats, schemas: Vec::new(), ids: HashMap::new(), waiting: VecDeque::new() }
    }

    /// The schemas so far.
    pub(super) fn finish(self) -> Schemas {
        // All that was met is compiled, or nobody asks for the schemas.
        Schemas(self.schemas.into_iter().map_while(|schema| schema).collect())
    }

    /// Compiles the schema at a URL and all that it refers to.
    ///
    /// # Errors
    /// Upstream's text.
    pub(super) fn compile(&mut self, url: &str) -> Result<Id, String> {
        let (text, fragment) = split_fragment(url)?;
        let place = self.documents.resolve(&Reference { url: text.to_owned(), fragment })?;
        let root = self.enqueue(place);
        while let Some((place, id)) = self.waiting.pop_front() {
            if self.is_compiled(id) {
                continue;
            }
            self.documents.ensure(&place)?;
            let document = self.documents.get(&place.url)?;
            let json = Arc::clone(&document.json);
            let resource = document.resource(&place.pointer).ok_or_else(|| format!("no schema at {place}"))?;
            let (base, dialect) = (Arc::clone(&resource.id), Arc::clone(&resource.dialect));
            let pointer = Arc::clone(&resource.pointer);
            let owner = Owner { base, dialect, id: self.enqueue(Place::new(&place.url, pointer)) };
            self.schema(place.clone(), id, lookup(&json, &place)?, &owner, 0)?;
        }
        Ok(root)
    }

    fn is_compiled(&self, id: Id) -> bool {
        matches!(self.schemas.get(id.0 as usize), Some(Some(_)))
    }

    /// The id of a place, and whether it is a new one.
    fn id(&mut self, place: &Place) -> (Id, bool) {
        if let Some(id) = self.ids.get(place) {
            return (*id, false);
        }
        let id = Id(u32::try_from(self.schemas.len()).unwrap_or(u32::MAX));
        self.schemas.push(None);
        self.ids.insert(place.clone(), id);
        (id, true)
    }

    fn enqueue(&mut self, place: Place) -> Id {
        let (id, is_new) = self.id(&place);
        if is_new {
            self.waiting.push_back((place, id));
        }
        id
    }

    /// Compiles what lies inside of another schema.
    fn inner(&mut self, place: Place, value: &Json, owner: &Owner, depth: usize) -> Result<Id, String> {
        if depth >= MAX_DEPTH {
            return Ok(self.enqueue(place));
        }
        let (id, _) = self.id(&place);
        if !self.is_compiled(id) {
            let own = self.documents.get(&place.url)?.resources().get(&place.pointer);
            let own = own.map(|own| Owner { base: Arc::clone(&own.id), dialect: Arc::clone(&own.dialect), id });
            self.schema(place, id, value, own.as_ref().unwrap_or(owner), depth)?;
        }
        Ok(id)
    }

    fn schema(&mut self, place: Place, id: Id, value: &Json, owner: &Owner, depth: usize) -> Result<(), String> {
        let mut schema = Schema::new(place, owner.dialect.draft, owner.id);
        if owner.id == id && schema.draft >= Draft::Draft2020 {
            let document = self.documents.get(&schema.place.url)?;
            let resource = document.resources().get(&schema.place.pointer);
            let anchors: Vec<(String, Arc<str>)> = resource
                .into_iter()
                .flat_map(|own| own.anchors.iter().filter(|(name, _)| own.dynamic_anchors.contains(name)))
                .map(|(name, pointer)| (name.clone(), Arc::clone(pointer)))
                .collect();
            for (name, pointer) in anchors {
                let id = self.enqueue(Place::new(&schema.place.url, pointer));
                schema.dynamic_anchors.insert(name, id);
            }
        }
        match value {
            Json::Bool(value) => schema.boolean = Some(*value),
            Json::Object(fields) if fields.is_empty() => schema.boolean = Some(true),
            Json::Object(fields) => {
                let place = schema.place.clone();
                Keywords { compiler: self, fields, place: &place, owner, depth: depth + 1 }.read(&mut schema)?;
            }
            _ => {}
        }
        schema.note_evaluated();
        if let Some(slot) = self.schemas.get_mut(id.0 as usize) {
            *slot = Some(schema);
        }
        Ok(())
    }
}

impl Schema {
    /// A schema that everything fits.
    pub(super) fn new(place: Place, draft: Draft, resource: Id) -> Self {
        Self {
            place,
            draft,
            resource,
            dynamic_anchors: BTreeMap::new(),
            all_properties_evaluated: false,
            all_items_evaluated: false,
            items_evaluated: 0,
            boolean: None,
            reference: None,
            recursive_reference: None,
            recursive_anchor: false,
            dynamic_reference: None,
            dynamic_anchor: String::new(),
            types: 0,
            one_of_values: None,
            constant: None,
            not: None,
            all_of: Vec::new(),
            any_of: Vec::new(),
            one_of: Vec::new(),
            condition: None,
            then: None,
            otherwise: None,
            format: None,
            object: None,
            array: None,
            text: None,
            number: None,
        }
    }

    fn note_evaluated(&mut self) {
        self.all_properties_evaluated = self.object.as_ref().is_some_and(|object| object.additional.is_some());
        if let Some(array) = &self.array {
            if self.draft < Draft::Draft2020 {
                self.all_items_evaluated = array.additional.is_some() || matches!(array.items, Some(Items::All(_)));
                self.items_evaluated = match &array.items {
                    Some(Items::Each(items)) => items.len(),
                    _ => 0,
                };
            } else {
                self.all_items_evaluated = array.rest.is_some();
                self.items_evaluated = array.prefix.len();
            }
        }
    }
}

/// The keywords of one schema.
struct Keywords<'k, 'd, 'l> {
    compiler: &'k mut Compiler<'d, 'l>,
    fields: &'k BTreeMap<Str, Json>,
    place: &'k Place,
    owner: &'k Owner,
    depth: usize,
}

impl Keywords<'_, '_, '_> {
    fn read(&mut self, schema: &mut Schema) -> Result<(), String> {
        let draft = schema.draft;
        schema.reference = self.reference("$ref")?;
        // Before 2019, everything beside a `$ref` is ignored but what later drafts brought, which upstream still reads.
        let is_alone = draft < Draft::Draft2019 && schema.reference.is_some();
        let mut object = ObjectKeywords::default();
        let mut array = ArrayKeywords::default();
        if !is_alone {
            self.read_general(schema)?;
            self.read_object(&mut object)?;
            self.read_array(&mut array, draft)?;
            schema.text = self.text()?;
            schema.number = self.number();
        }
        if draft >= Draft::Draft6 {
            if self.owner.dialect.has("applicator") {
                array.contains = self.schema("contains")?;
                object.names = self.schema("propertyNames")?;
            }
            if self.owner.dialect.has("validation") {
                schema.constant = self.fields.get("const").cloned();
            }
        }
        if draft >= Draft::Draft7 && self.owner.dialect.has("applicator") {
            schema.condition = self.schema("if")?;
            if schema.condition.is_some() {
                let known = self.boolean("if");
                schema.then = if known == Some(false) { None } else { self.schema("then")? };
                schema.otherwise = if known == Some(true) { None } else { self.schema("else")? };
            }
        }
        if draft >= Draft::Draft2019 {
            self.read_2019(schema, &mut object, &mut array)?;
        }
        if draft >= Draft::Draft2020 {
            self.read_2020(schema, &mut array)?;
        }
        schema.object = object.is_used().then(|| Box::new(object));
        schema.array = array.is_used().then(|| Box::new(array));
        Ok(())
    }

    fn read_general(&mut self, schema: &mut Schema) -> Result<(), String> {
        if self.owner.dialect.has("applicator") {
            schema.all_of = self.schemas("allOf")?;
            schema.any_of = self.schemas("anyOf")?;
            schema.one_of = self.schemas("oneOf")?;
            schema.not = self.schema("not")?;
        }
        if self.owner.dialect.has("validation") {
            schema.types = match self.fields.get("type") {
                Some(Json::Str(name)) => type_bit(name),
                Some(Json::Array(names)) => {
                    names.iter().filter_map(Json::as_str).fold(0, |types, name| types | type_bit(name))
                }
                _ => 0,
            };
            if let Some(Json::Array(values)) = self.fields.get("enum") {
                schema.one_of_values = Some(values.clone());
            }
        }
        let asserts = self.compiler.asserts_formats
            || match schema.draft {
                Draft::Draft4 | Draft::Draft6 | Draft::Draft7 => true,
                Draft::Draft2019 => self.owner.dialect.has("format"),
                Draft::Draft2020 => self.owner.dialect.has("format-assertion"),
            };
        if asserts {
            schema.format = self.fields.get("format").and_then(Json::as_str).and_then(format::find);
        }
        Ok(())
    }

    fn read_object(&mut self, object: &mut ObjectKeywords) -> Result<(), String> {
        if self.owner.dialect.has("applicator") {
            object.properties = self.schema_map("properties")?;
            for (text, id) in self.schema_map("patternProperties")? {
                object.patterns.push((self.pattern("patternProperties", &text)?, id));
            }
            object.additional = self.additional("additionalProperties")?;
            if let Some(Json::Object(dependencies)) = self.fields.get("dependencies") {
                let place = self.place.field("dependencies");
                for (name, value) in dependencies {
                    let dependency = match value {
                        Json::Array(names) => Dependency::Properties(texts(names)),
                        _ => Dependency::Schema(self.inner(place.field(name), value)?),
                    };
                    object.dependencies.insert(name.clone(), dependency);
                }
            }
        }
        if self.owner.dialect.has("validation") {
            object.min_properties = self.integer("minProperties");
            object.max_properties = self.integer("maxProperties");
            object.required = self.texts("required");
        }
        Ok(())
    }

    fn read_array(&mut self, array: &mut ArrayKeywords, draft: Draft) -> Result<(), String> {
        if self.owner.dialect.has("applicator") && draft < Draft::Draft2020 {
            if let Some(Json::Array(_)) = self.fields.get("items") {
                array.items = Some(Items::Each(self.schemas("items")?));
                array.additional = self.additional("additionalItems")?;
            } else {
                array.items = self.schema("items")?.map(Items::All);
            }
        }
        if self.owner.dialect.has("validation") {
            array.min_items = self.integer("minItems");
            array.max_items = self.integer("maxItems");
            array.unique = self.boolean("uniqueItems") == Some(true);
        }
        Ok(())
    }

    fn text(&mut self) -> Result<Option<Box<TextKeywords>>, String> {
        if !self.owner.dialect.has("validation") {
            return Ok(None);
        }
        let pattern = match self.fields.get("pattern") {
            Some(Json::Str(text)) => Some((self.pattern("pattern", text)?, text.clone())),
            _ => None,
        };
        let (min_length, max_length) = (self.integer("minLength"), self.integer("maxLength"));
        let is_used = pattern.is_some() || min_length.is_some() || max_length.is_some();
        Ok(is_used.then(|| Box::new(TextKeywords { min_length, max_length, pattern })))
    }

    fn number(&self) -> Option<Box<NumberKeywords>> {
        if !self.owner.dialect.has("validation") {
            return None;
        }
        let mut number = NumberKeywords {
            minimum: self.bound("minimum"),
            maximum: self.bound("maximum"),
            exclusive_minimum: None,
            exclusive_maximum: None,
            multiple_of: self.bound("multipleOf"),
        };
        // Draft 4 makes a bound exclusive with a boolean beside it.
        number.exclusive_maximum = match self.boolean("exclusiveMaximum") {
            Some(true) => number.maximum.take(),
            _ => self.bound("exclusiveMaximum"),
        };
        number.exclusive_minimum = match self.boolean("exclusiveMinimum") {
            Some(true) => number.minimum.take(),
            _ => self.bound("exclusiveMinimum"),
        };
        let NumberKeywords { minimum, maximum, exclusive_minimum, exclusive_maximum, multiple_of } = &number;
        let bounds = [minimum, maximum, exclusive_minimum, exclusive_maximum, multiple_of];
        bounds.iter().any(|bound| bound.is_some()).then(|| Box::new(number))
    }

    fn read_2019(
        &mut self,
        schema: &mut Schema,
        object: &mut ObjectKeywords,
        array: &mut ArrayKeywords,
    ) -> Result<(), String> {
        schema.recursive_reference = self.reference("$recursiveRef")?;
        schema.recursive_anchor = self.boolean("$recursiveAnchor") == Some(true);
        if self.owner.dialect.has("validation") {
            if array.contains.is_some() {
                array.min_contains = self.integer("minContains");
                array.max_contains = self.integer("maxContains");
            }
            if let Some(Json::Object(fields)) = self.fields.get("dependentRequired") {
                object.dependent_required = fields
                    .iter()
                    .filter_map(|(name, value)| match value {
                        Json::Array(names) => Some((name.clone(), texts(names))),
                        _ => None,
                    })
                    .collect();
            }
        }
        if self.owner.dialect.has("applicator") {
            object.dependent_schemas = self.schema_map("dependentSchemas")?;
        }
        let vocabulary = if schema.draft == Draft::Draft2019 { "applicator" } else { "unevaluated" };
        if self.owner.dialect.has(vocabulary) {
            array.unevaluated = self.schema("unevaluatedItems")?;
            object.unevaluated = self.schema("unevaluatedProperties")?;
        }
        Ok(())
    }

    fn read_2020(&mut self, schema: &mut Schema, array: &mut ArrayKeywords) -> Result<(), String> {
        if let Some(id) = self.reference("$dynamicRef")? {
            let text = self.fields.get("$dynamicRef").and_then(Json::as_str).unwrap_or_default();
            let (_, fragment) = split_fragment(text)?;
            let anchor = if fragment.starts_with('/') { String::new() } else { fragment };
            schema.dynamic_reference = Some((id, anchor));
        }
        schema.dynamic_anchor = self.fields.get("$dynamicAnchor").and_then(Json::as_str).unwrap_or_default().to_owned();
        if self.owner.dialect.has("applicator") {
            array.prefix = self.schemas("prefixItems")?;
            array.rest = self.schema("items")?;
        }
        Ok(())
    }

    fn reference(&mut self, keyword: &str) -> Result<Option<Id>, String> {
        let Some(text) = self.fields.get(keyword).and_then(Json::as_str) else { return Ok(None) };
        let reference = join(&self.owner.base, text)?;
        let document = self.compiler.documents.get(&self.place.url)?;
        let place = match document.resolve(&reference) {
            Some(place) => place?,
            None => self.compiler.documents.resolve(&reference)?,
        };
        Ok(Some(self.compiler.enqueue(place)))
    }

    fn inner(&mut self, place: Place, value: &Json) -> Result<Id, String> {
        self.compiler.inner(place, value, self.owner, self.depth)
    }

    fn schema(&mut self, keyword: &str) -> Result<Option<Id>, String> {
        let fields = self.fields;
        fields.get(keyword).map(|value| self.inner(self.place.field(keyword), value)).transpose()
    }

    fn schemas(&mut self, keyword: &str) -> Result<Vec<Id>, String> {
        let Some(Json::Array(items)) = self.fields.get(keyword) else { return Ok(Vec::new()) };
        let place = self.place.field(keyword);
        items.iter().enumerate().map(|(index, item)| self.inner(place.field(&index.to_string()), item)).collect()
    }

    fn schema_map(&mut self, keyword: &str) -> Result<BTreeMap<Str, Id>, String> {
        let Some(Json::Object(fields)) = self.fields.get(keyword) else { return Ok(BTreeMap::new()) };
        let place = self.place.field(keyword);
        let inner = |(name, value): (&Str, &Json)| Ok((name.clone(), self.inner(place.field(name), value)?));
        fields.iter().map(inner).collect()
    }

    fn additional(&mut self, keyword: &str) -> Result<Option<Additional>, String> {
        match self.boolean(keyword) {
            Some(allowed) => Ok(Some(Additional::Allowed(allowed))),
            None => Ok(self.schema(keyword)?.map(Additional::Schema)),
        }
    }

    fn pattern(&mut self, keyword: &str, text: &str) -> Result<Regexp, String> {
        self.compiler.documents.patterns.get(text).map_err(|error| {
            let [text, place] = [text, &self.place.field(keyword).to_string()].map(quote);
            format!("invalid regex {text} at {place}: {error}")
        })
    }

    fn boolean(&self, keyword: &str) -> Option<bool> {
        match self.fields.get(keyword) {
            Some(Json::Bool(value)) => Some(*value),
            _ => None,
        }
    }

    fn bound(&self, keyword: &str) -> Option<Bound> {
        match self.fields.get(keyword)?.shape() {
            Shape::Number(number) => {
                let text = number.text();
                Some(Bound { value: Decimal::new(&text)?, float: text.parse::<f64>().ok()? + 0.0 })
            }
            _ => None,
        }
    }

    fn integer(&self, keyword: &str) -> Option<i64> {
        self.bound(keyword)?.value.to_i64()
    }

    fn texts(&self, keyword: &str) -> Vec<Str> {
        match self.fields.get(keyword) {
            Some(Json::Array(items)) => texts(items),
            _ => Vec::new(),
        }
    }
}

impl ObjectKeywords {
    fn is_used(&self) -> bool {
        self.min_properties.is_some()
            || self.max_properties.is_some()
            || !self.required.is_empty()
            || !self.properties.is_empty()
            || !self.patterns.is_empty()
            || self.additional.is_some()
            || self.names.is_some()
            || !self.dependencies.is_empty()
            || !self.dependent_required.is_empty()
            || !self.dependent_schemas.is_empty()
            || self.unevaluated.is_some()
    }
}

impl ArrayKeywords {
    fn is_used(&self) -> bool {
        self.min_items.is_some()
            || self.max_items.is_some()
            || self.unique
            || self.contains.is_some()
            || self.items.is_some()
            || self.additional.is_some()
            || !self.prefix.is_empty()
            || self.rest.is_some()
            || self.unevaluated.is_some()
    }
}

fn type_bit(name: &str) -> u8 {
    TYPES.iter().position(|known| *known == name).map_or(0, |position| 1 << position)
}

fn texts(items: &[Json]) -> Vec<Str> {
    items
        .iter()
        .filter_map(|item| match item {
            Json::Str(text) => Some(text.clone()),
            _ => None,
        })
        .collect()
}
