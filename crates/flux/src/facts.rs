//! ConfigMaps and Secrets as sources of values, and facts: those that live in the cluster and not in Git, given by the
//! user in a file.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use object::Object;
use source::{Diagnostic, Sources, Span};
use yaml::{Entry, Map, Node, Str, Value};

/// What values can be kept in.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum DataKind {
    /// A ConfigMap.
    ConfigMap,
    /// A Secret.
    Secret,
}

impl DataKind {
    /// From the kind as Kubernetes writes it.
    pub fn new(kind: &str) -> Option<Self> {
        match kind {
            "ConfigMap" => Some(DataKind::ConfigMap),
            "Secret" => Some(DataKind::Secret),
            _ => None,
        }
    }

    /// As Kubernetes writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            DataKind::ConfigMap => "ConfigMap",
            DataKind::Secret => "Secret",
        }
    }
}

/// What is known of a ConfigMap or Secret.
#[derive(Clone, Debug)]
pub enum Lookup {
    /// The object.
    Found(Node),
    /// The object, whose keys are readable and whose values are encrypted.
    Encrypted(Node),
    /// It is neither in Git nor among the facts.
    Missing,
}

/// One value of a ConfigMap or Secret.
#[derive(Clone, Debug)]
pub struct Datum {
    /// The value, decoded; `None` when it is not text.
    pub text: Option<String>,
    /// Where it is written.
    pub span: Span,
    /// The text as it stands in a file, when it is not encoded there.
    pub plain: Option<Node>,
}

/// The ConfigMaps and Secrets that are known, by kind, namespace and name.
#[derive(Clone, Default, Debug)]
pub struct DataObjects {
    rendered: BTreeMap<(DataKind, Str, Str), Node>,
    facts: BTreeMap<(DataKind, Str, Str), Node>,
}

impl DataObjects {
    /// Knows the facts, and nothing rendered yet.
    pub fn new(facts: &[Object]) -> Self {
        let facts = facts.iter().filter_map(|object| Some((key(&object.node)?, object.node.clone()))).collect();
        Self { facts, rendered: BTreeMap::new() }
    }

    /// Adds an object that Flux would apply; objects of other kinds are left out. Says whether it was one.
    pub fn insert(&mut self, object: &Node) -> bool {
        let Some(key) = key(object) else { return false };
        self.rendered.insert(key, object.clone());
        true
    }

    /// Looks an object up. A fact stands before an object in Git: the user gives it because Git's is not the truth.
    pub fn lookup(&self, kind: DataKind, namespace: &str, name: &str) -> Lookup {
        let key = (kind, namespace.into(), name.into());
        match self.facts.get(&key).or_else(|| self.rendered.get(&key)) {
            Some(object) if is_encrypted(object) => Lookup::Encrypted(object.clone()),
            Some(object) => Lookup::Found(object.clone()),
            None => Lookup::Missing,
        }
    }
}

fn key(object: &Node) -> Option<(DataKind, Str, Str)> {
    if object.get("apiVersion").and_then(Node::as_str) != Some("v1") {
        return None;
    }
    let kind = DataKind::new(object.get("kind")?.as_str()?)?;
    let text = |key| object.at(&["metadata", key]).and_then(Node::as_str).unwrap_or_default();
    let namespace = match text("namespace") {
        "" => "default",
        namespace => namespace,
    };
    Some((kind, namespace.into(), text("name").into()))
}

/// Whether SOPS encrypted the object.
pub fn is_encrypted(object: &Node) -> bool {
    object.at(&["sops", "mac"]).is_some() || object.at(&["sops", "lastmodified"]).is_some()
}

/// The values of a ConfigMap (`data`) or Secret (`data` decoded, then `stringData`, which wins), by key.
pub fn data(object: &Node) -> BTreeMap<String, Datum> {
    let fields = |name: &str| object.get(name).and_then(Node::as_map).into_iter().flatten();
    let secret = object.get("kind").and_then(Node::as_str) == Some("Secret");
    let mut values = BTreeMap::new();
    for Entry { key, node, .. } in fields("data") {
        let text = match &node.value {
            Value::Str(text) if secret => decoded(text),
            Value::Str(text) => Some(text.to_string()),
            _ => None,
        };
        let plain = (!secret && text.is_some()).then(|| node.clone());
        values.insert(key.to_string(), Datum { text, span: node.span, plain });
    }
    for Entry { key, node, .. } in fields("stringData").filter(|_| secret) {
        let text = node.as_str().map(str::to_owned);
        let plain = text.is_some().then(|| node.clone());
        values.insert(key.to_string(), Datum { text, span: node.span, plain });
    }
    values
}

/// Base64 with line breaks, as `data: |` gives it.
fn decoded(text: &str) -> Option<String> {
    let text: String = text.chars().filter(|c| !matches!(c, '\r' | '\n')).collect();
    STANDARD.decode(text).ok().and_then(|bytes| String::from_utf8(bytes).ok())
}

/// Reads a facts file that has been parsed: documents are ConfigMaps, Secrets, or the shorthand
/// `substitutions: {namespace/name: {KEY: value}}`, each entry of which stands for a ConfigMap and a Secret of that name.
///
/// # Errors
/// Diagnostics with rule `flux/malformed-facts` for anything else.
pub fn read(sources: &Sources, documents: Vec<Node>) -> Result<Vec<Object>, Vec<Diagnostic>> {
    let mut objects = Vec::new();
    let mut findings = Vec::new();
    for document in documents {
        if document.is_null() {
            continue;
        }
        if let Some(substitutions) = document.get("substitutions") {
            shorthand(sources, substitutions, &mut objects, &mut findings);
        } else if key(&document).is_some_and(|(_, _, name)| !name.is_empty()) {
            let span = document.span;
            objects.push(Object::new(document, span));
        } else {
            findings.push(
                malformed(document.span, "a document of the facts file is neither a ConfigMap nor a Secret").with_help(
                    "write `apiVersion: v1`, `kind: ConfigMap` or `Secret`, and `metadata.name`, or `substitutions:`",
                ),
            );
        }
    }
    if findings.is_empty() { Ok(objects) } else { Err(findings) }
}

fn malformed(span: Span, message: impl Into<String>) -> Diagnostic {
    Diagnostic::error("flux/malformed-facts", span, message)
}

fn shorthand(sources: &Sources, substitutions: &Node, objects: &mut Vec<Object>, findings: &mut Vec<Diagnostic>) {
    let Some(entries) = substitutions.as_map() else {
        findings.push(malformed(substitutions.span, "`substitutions` must be a map from `namespace/name` to values"));
        return;
    };
    for entry in entries {
        let names = entry.key.split_once('/').filter(|(ns, name)| !ns.is_empty() && !name.is_empty());
        let (Some((namespace, name)), Some(values)) = (names, entry.node.as_map()) else {
            let message = format!("`{}` must be `namespace/name: {{KEY: value}}`", entry.key);
            findings.push(malformed(entry.key_span, message));
            continue;
        };
        let mut data = Map::new();
        for value in values {
            let text = match &value.node.value {
                Value::List(_) | Value::Map(_) | Value::Null => {
                    findings.push(malformed(value.node.span, format!("`{}` must be a text", value.key)));
                    continue;
                }
                Value::Str(text) => text.clone(),
                // `PORT: 080` means the text that stands there.
                _ => yaml::scalar_text(sources, &value.node).into(),
            };
            let node = Node::new(value.node.span, text);
            data.push(Entry { key: value.key.clone(), key_span: value.key_span, node });
        }
        for (kind, field) in [("ConfigMap", "data"), ("Secret", "stringData")] {
            let text = |text: &str| Node::new(entry.key_span, text);
            let metadata: Map = [("name", text(name)), ("namespace", text(namespace))].into_iter().collect();
            let fields: Map = [
                ("apiVersion", text("v1")),
                ("kind", text(kind)),
                ("metadata", Node::new(entry.key_span, metadata)),
                (field, Node::new(entry.node.span, data.clone())),
            ]
            .into_iter()
            .collect();
            objects.push(Object::new(Node::new(entry.node.span, fields), entry.key_span));
        }
    }
}
