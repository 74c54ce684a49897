//! OpenAPI v2 documents into schema tables, with upstream's reading of them (kyaml/openapi/openapi.go, 5.8.1).

use std::borrow::Cow;
use std::collections::BTreeMap;

use yaml::{Node, Value};

use super::{Definition, NONE, Name, Schema};

/// Nesting of inline definitions; deeper ones are left out. Real documents stay below ten.
const MAX_DEPTH: usize = 64;

/// `$ref`s followed from one to the next before the chain counts as endless.
const MAX_CHAIN: usize = 32;

/// Whose definitions count where two documents have one of the same name.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Precedence {
    /// Those of the schema that is there.
    Existing,
    /// Those of the document that is added.
    Added,
}

impl Schema {
    /// The tables of an OpenAPI v2 document: its `definitions`, indexed by `x-kubernetes-group-version-kind`. What is not a
    /// definition is passed over, as upstream does.
    pub fn from_openapi(document: &Node) -> Self {
        Builder::default().add(document, Precedence::Added)
    }

    /// These tables and those of a document, whose definitions may refer to each other.
    #[must_use]
    pub fn with_openapi(&self, document: &Node, precedence: Precedence) -> Self {
        Builder::from(self).add(document, precedence)
    }
}

/// The `apiVersion` and kind pairs that a definition says it describes.
fn kinds(definition: &Node) -> Vec<(String, String)> {
    let list = definition.get("x-kubernetes-group-version-kind").and_then(Node::as_list);
    let text = |node: &Node, key: &str| node.get(key).and_then(Node::as_str).unwrap_or_default().to_owned();
    list.into_iter()
        .flatten()
        .map(|entry| {
            let (group, version) = (text(entry, "group"), text(entry, "version"));
            let api_version = if group.is_empty() { version } else { format!("{group}/{version}") };
            (api_version, text(entry, "kind"))
        })
        .collect()
}

fn reference(node: &Node) -> Option<String> {
    let name = node.get("$ref")?.as_str()?.strip_prefix("#/definitions/")?;
    Some(name.replace("~1", "/").replace("~0", "~"))
}

#[derive(Default)]
struct Builder {
    names: String,
    known_names: BTreeMap<String, Name>,
    definitions: Vec<Definition>,
    /// Equal inline definitions are kept once.
    known_definitions: BTreeMap<Definition, u32>,
    fields: Vec<(Name, u32)>,
    known_fields: BTreeMap<Vec<(Name, u32)>, u32>,
    keys: Vec<Name>,
    known_keys: BTreeMap<Vec<Name>, u32>,
    named: BTreeMap<String, u32>,
    /// Where a reference to a named definition ends, when that definition is itself a reference.
    chains: BTreeMap<String, u32>,
    kinds: BTreeMap<(String, String), u32>,
}

impl From<&Schema> for Builder {
    fn from(schema: &Schema) -> Self {
        let text = |name: &Name| schema.text(*name).to_owned();
        Self {
            names: schema.names.to_string(),
            definitions: schema.definitions.to_vec(),
            fields: schema.fields.to_vec(),
            keys: schema.keys.to_vec(),
            named: schema.named.iter().map(|(name, index)| (text(name), *index)).collect(),
            kinds: schema.kinds.iter().map(|(version, kind, index)| ((text(version), text(kind)), *index)).collect(),
            ..Self::default()
        }
    }
}

impl Builder {
    fn add(mut self, document: &Node, precedence: Precedence) -> Schema {
        let mut definitions: BTreeMap<&str, &Node> = document
            .get("definitions")
            .and_then(Node::as_map)
            .map(|map| map.iter().map(|entry| (&*entry.key, &entry.node)).collect())
            .unwrap_or_default();
        if precedence == Precedence::Existing {
            definitions.retain(|name, _| !self.named.contains_key(*name));
        }
        for name in definitions.keys() {
            if !self.named.contains_key(*name) {
                let index = self.reserve();
                self.named.insert((*name).to_owned(), index);
            }
        }
        self.resolve_chains(&definitions);
        for (name, node) in &definitions {
            let Some(index) = self.named.get(*name).copied() else { continue };
            let definition = self.definition(node, 0);
            if let Some(slot) = self.definitions.get_mut(index as usize) {
                *slot = definition;
            }
            for kind in kinds(node) {
                if precedence == Precedence::Added || !self.kinds.contains_key(&kind) {
                    self.kinds.insert(kind, index);
                }
            }
        }
        self.finish()
    }

    fn reserve(&mut self) -> u32 {
        let index = self.definitions.len() as u32;
        self.definitions.push(Definition { fields: (0, 0), items: NONE, values: NONE, merge: (NONE, 0) });
        index
    }

    fn resolve_chains(&mut self, definitions: &BTreeMap<&str, &Node>) {
        for (name, node) in definitions {
            let Some(mut next) = reference(node) else { continue };
            let mut end = NONE;
            for _ in 0..MAX_CHAIN {
                match definitions.get(&*next).map(|node| reference(node)) {
                    Some(Some(further)) => next = further,
                    Some(None) | None => {
                        end = self.named.get(&next).copied().unwrap_or(NONE);
                        break;
                    }
                }
            }
            self.chains.insert((*name).to_owned(), end);
        }
    }

    /// The index of what a property, item or map value is. A `$ref` takes the place of everything beside it.
    fn place(&mut self, node: &Node, depth: usize) -> u32 {
        if node.get("$ref").and_then(Node::as_str).is_some_and(|text| !text.is_empty()) {
            let Some(name) = reference(node) else { return NONE };
            return self.chains.get(&name).or_else(|| self.named.get(&name)).copied().unwrap_or(NONE);
        }
        if depth >= MAX_DEPTH {
            return NONE;
        }
        let definition = self.definition(node, depth);
        let next = self.definitions.len() as u32;
        let index = *self.known_definitions.entry(definition).or_insert(next);
        if index == next {
            self.definitions.push(definition);
        }
        index
    }

    fn definition(&mut self, node: &Node, depth: usize) -> Definition {
        let mut fields: Vec<(Name, u32)> = Vec::new();
        let mut sorted: Vec<(&str, &Node)> = Vec::new();
        if let Some(properties) = node.get("properties").and_then(Node::as_map) {
            sorted.extend(properties.iter().map(|entry| (&*entry.key, &entry.node)));
            sorted.sort_by_key(|(name, _)| *name);
        }
        for (name, property) in sorted {
            let index = self.place(property, depth + 1);
            fields.push((self.name(name), index));
        }
        let values = match node.get("additionalProperties") {
            Some(values) if values.as_map().is_some() => self.place(values, depth + 1),
            _ => NONE,
        };
        let items = match node.get("items") {
            Some(items) if items.as_map().is_some() && is_array(node) => self.place(items, depth + 1),
            _ => NONE,
        };
        Definition { fields: self.intern_fields(fields), items, values, merge: self.merge(node) }
    }

    fn merge(&mut self, node: &Node) -> (u32, u32) {
        let strategy = node.get("x-kubernetes-patch-strategy").and_then(Node::as_str).unwrap_or_default();
        if !strategy.split(',').any(|part| part == "merge") {
            return (NONE, 0);
        }
        let keys: Vec<Name> = match node.get("x-kubernetes-list-map-keys").map(|keys| &keys.value) {
            Some(Value::List(list)) => list.iter().filter_map(Node::as_str).map(|key| self.name(key)).collect(),
            _ => {
                let key = node.get("x-kubernetes-patch-merge-key").and_then(Node::as_str);
                key.map(|key| self.name(key)).into_iter().collect()
            }
        };
        let count = keys.len() as u32;
        let next = self.keys.len() as u32;
        let start = *self.known_keys.entry(keys.clone()).or_insert(next);
        if start == next {
            self.keys.extend(keys);
        }
        (start, count)
    }

    fn intern_fields(&mut self, fields: Vec<(Name, u32)>) -> (u32, u32) {
        if fields.is_empty() {
            return (0, 0);
        }
        let count = fields.len() as u32;
        let next = self.fields.len() as u32;
        let start = *self.known_fields.entry(fields.clone()).or_insert(next);
        if start == next {
            self.fields.extend(fields);
        }
        (start, count)
    }

    fn name(&mut self, text: &str) -> Name {
        if let Some(name) = self.known_names.get(text) {
            return *name;
        }
        let name = Name(self.names.len() as u32, text.len() as u32);
        self.names.push_str(text);
        self.known_names.insert(text.to_owned(), name);
        name
    }

    fn finish(mut self) -> Schema {
        let kinds = std::mem::take(&mut self.kinds);
        let kinds: Vec<(Name, Name, u32)> = kinds
            .into_iter()
            .map(|((api_version, kind), index)| (self.name(&api_version), self.name(&kind), index))
            .collect();
        let named = std::mem::take(&mut self.named);
        let named: Vec<(Name, u32)> = named.into_iter().map(|(name, index)| (self.name(&name), index)).collect();
        Schema {
            names: Cow::Owned(self.names),
            definitions: Cow::Owned(self.definitions),
            fields: Cow::Owned(self.fields),
            keys: Cow::Owned(self.keys),
            named: Cow::Owned(named),
            kinds: Cow::Owned(kinds),
        }
    }
}

/// Exactly the type `array`, as text or as the only item of a list.
fn is_array(node: &Node) -> bool {
    match node.get("type").map(|node| &node.value) {
        Some(Value::Str(text)) => *text == "array",
        Some(Value::List(list)) => list.len() == 1 && list.first().and_then(Node::as_str) == Some("array"),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map<const N: usize>(fields: [(&str, Node); N]) -> Node {
        Node::detached(fields.into_iter().collect::<yaml::Map>())
    }

    fn text(text: &str) -> Node {
        Node::detached(text)
    }

    fn list<const N: usize>(items: [Node; N]) -> Node {
        Node::detached(items.into_iter().collect::<yaml::List>())
    }

    #[test]
    fn follows_references_and_survives_endless_ones() {
        let gvk = map([("group", text("example.com")), ("version", text("v1")), ("kind", text("Toy"))]);
        let parts = map([
            ("type", text("array")),
            ("items", map([("$ref", text("#/definitions/part"))])),
            ("x-kubernetes-patch-strategy", text("retainKeys,merge")),
            ("x-kubernetes-patch-merge-key", text("id")),
        ]);
        let toy = map([
            ("properties", map([("parts", parts), ("loop", map([("$ref", text("#/definitions/loop"))]))])),
            ("x-kubernetes-group-version-kind", list([gvk])),
        ]);
        let part = map([("properties", map([("inner", map([("$ref", text("#/definitions/toy"))]))]))]);
        let alias = map([("$ref", text("#/definitions/part"))]);
        let endless = map([("$ref", text("#/definitions/loop"))]);
        let document = map([("definitions", map([("toy", toy), ("part", part), ("alias", alias), ("loop", endless)]))]);
        let schema = Schema::from_openapi(&document);
        let root = schema.kind("example.com/v1", "Toy").unwrap();
        let parts = root.field("parts").unwrap();
        assert_eq!(parts.merge_keys().unwrap().collect::<Vec<_>>(), ["id"]);
        let again = parts.items().unwrap().field("inner").unwrap().field("parts").unwrap();
        assert!(again.merge_keys().is_some());
        let more = map([(
            "definitions",
            map([("late", map([("$ref", text("#/definitions/toy"))])), ("part", map([("type", text("string"))]))]),
        )]);
        let both = |precedence| schema.with_openapi(&more, precedence);
        let inner = |schema: &Schema| {
            let root = schema.kind("example.com/v1", "Toy").unwrap();
            root.field("parts").unwrap().items().unwrap().field("inner").is_some()
        };
        assert!(inner(&both(Precedence::Existing)));
        assert!(!inner(&both(Precedence::Added)));
        assert!(root.field("loop").is_none());
        assert!(root.field("other").is_none());
    }
}
