//! The values of a HelmRelease: `valuesFrom` in order, then `values` (fluxcd/pkg `chartutil/values.go`, v1, as
//! helm-controller 1.6 calls it).
//!
//! Nulls stay: Helm takes them for deletions when it merges with the chart's own values.

use helm::Table;
use source::{Diagnostic, FileId, Piece, Sources, Span, SpanMap};
use yaml::{Dialect, DuplicateKeys, Limits, Map, Node, ReadOptions, Value};

use crate::facts::{DataKind, Datum, Lookup, data};
use crate::near::{listed, near};

mod set;

/// The values of a release; `None` when a part of them is not known in this run or refused.
pub fn compose(
    sources: &Sources,
    release: &Node,
    lookup: &dyn Fn(DataKind, &str, &str) -> Lookup,
) -> (Option<Node>, Vec<Diagnostic>) {
    let inline_node = release.at(&["spec", "values"]);
    let inline = inline_node.and_then(Node::as_map).map(|fields| {
        let mut fields = Node::new(Span::DETACHED, fields.clone());
        as_json_numbers(&mut fields);
        fields.as_map().map(Table::new).unwrap_or_default()
    });
    let inline = inline.unwrap_or_default();
    let mut result = Table::default();
    let mut findings = Vec::new();
    let mut complete = true;
    let namespace = release.at(&["metadata", "namespace"]).and_then(Node::as_str).unwrap_or_default();
    let references = release.at(&["spec", "valuesFrom"]).and_then(Node::as_list);
    for node in references.into_iter().flatten() {
        let Some(reference) = Reference::new(node, namespace) else {
            complete = false;
            continue;
        };
        match reference.find(lookup) {
            Found::Skip => {}
            Found::Datum(datum) => match reference.put(sources, &datum, &result, &inline) {
                Ok(next) => result = next,
                Err(finding) => {
                    complete = false;
                    findings.push(*finding);
                }
            },
            Found::Finding(finding) => {
                complete = false;
                findings.push(finding);
            }
        }
    }
    let span = inline_node.or(release.get("spec")).unwrap_or(release).span;
    (complete.then(|| Node::new(span, result.merged(&inline).map())), findings)
}

/// One entry of `valuesFrom`.
struct Reference<'a> {
    node: &'a Node,
    kind: DataKind,
    namespace: &'a str,
    name: &'a str,
    key: &'a str,
    target_path: &'a str,
    literal: bool,
    optional: bool,
}

enum Found {
    Skip,
    Datum(Datum),
    Finding(Diagnostic),
}

impl<'a> Reference<'a> {
    /// `None` where the API server refuses the entry, which is the finding of the API's own check.
    fn new(node: &'a Node, namespace: &'a str) -> Option<Self> {
        let text = |field: &str| node.get(field).and_then(Node::as_str).unwrap_or_default();
        let flag = |field: &str| node.get(field).and_then(|node| node.value.as_bool()) == Some(true);
        Some(Self {
            node,
            kind: DataKind::new(text("kind"))?,
            namespace,
            name: node.get("name")?.as_str()?,
            key: Some(text("valuesKey")).filter(|key| !key.is_empty()).unwrap_or("values.yaml"),
            target_path: text("targetPath"),
            literal: flag("literal"),
            optional: flag("optional"),
        })
    }

    fn title(&self) -> String {
        format!("{} `{}/{}`", self.kind.as_str(), self.namespace, self.name)
    }

    fn span(&self, field: &str) -> Span {
        self.node.get(field).unwrap_or(self.node).span
    }

    fn find(&self, lookup: &dyn Fn(DataKind, &str, &str) -> Lookup) -> Found {
        let object = match lookup(self.kind, self.namespace, self.name) {
            Lookup::Found(object) => object,
            Lookup::Encrypted(_) => {
                return Found::Finding(
                    Diagnostic::info(
                        "flux/encrypted-values-source",
                        self.span("name"),
                        format!("the values in {} are encrypted", self.title()),
                    )
                    .with_help("give stand-ins for them with `--facts FILE`"),
                );
            }
            Lookup::Missing if self.optional => return Found::Skip,
            Lookup::Missing => {
                return Found::Finding(
                    Diagnostic::warning(
                        "flux/missing-values-source",
                        self.span("name"),
                        format!("{} is not in this repository", self.title()),
                    )
                    .with_help("if it lives in the cluster only, give it with `--facts FILE`; else mark the reference `optional: true`"),
                );
            }
        };
        let mut values = data(&object);
        let Some(datum) = values.remove(self.key) else {
            if self.optional {
                return Found::Skip;
            }
            let names = near(self.key, values.keys().map(String::as_str));
            let mut found = Diagnostic::error(
                "flux/missing-values-key",
                self.span(if self.node.get("valuesKey").is_some() { "valuesKey" } else { "name" }),
                format!("{} has no key `{}`", self.title(), self.key),
            )
            .with_related(
                object.get("data").or(object.get("stringData")).unwrap_or(&object).span,
                "these are its keys",
            );
            if let Some(listed) = listed(&names) {
                found = found.with_help(format!("did you mean {listed}?"));
            }
            return Found::Finding(found);
        };
        Found::Datum(datum)
    }

    /// The values with what this entry adds. The inline values are merged before a `targetPath` is set, so that it can
    /// write into them.
    fn put(&self, sources: &Sources, datum: &Datum, result: &Table, inline: &Table) -> Result<Table, Box<Diagnostic>> {
        let Some(text) = &datum.text else {
            let message = format!("the key `{}` of {} is not text", self.key, self.title());
            return Err(Box::new(Diagnostic::error("flux/malformed-values", self.span("name"), message)));
        };
        if self.target_path.is_empty() {
            return Ok(result.merged(&Table::new(&self.read(sources, datum, text)?)));
        }
        let result = result.merged(inline);
        let setter = if self.literal { set::set_literal } else { set::set };
        setter(&result, self.target_path, text, self.value_span(sources, datum, text)).map_err(|problem| {
            let message = format!("the value of {} can not be set at `{}`: {problem}", self.title(), self.target_path);
            let mut found = Diagnostic::error("flux/malformed-target-path", self.span("targetPath"), message);
            if !self.literal {
                found = found.with_help("add `literal: true` to take the value as it is");
            }
            Box::new(found)
        })?;
        Ok(result)
    }

    /// The place of a value that is set as a whole; that of a Secret stays known as one.
    fn value_span(&self, sources: &Sources, datum: &Datum, text: &str) -> Span {
        match self.kind {
            DataKind::ConfigMap => datum.span,
            DataKind::Secret => {
                let name = format!("{} of {}", self.key, self.title());
                Span::new(secret(sources, &name, text, datum.span), 0, text.len())
            }
        }
    }

    fn read(&self, sources: &Sources, datum: &Datum, text: &str) -> Result<Map, Box<Diagnostic>> {
        let name = format!("{} of {}", self.key, self.title());
        let file = match (&datum.plain, self.kind) {
            (Some(node), DataKind::ConfigMap) => yaml::embedded(sources, node, &name),
            (Some(node), DataKind::Secret) => {
                let file = yaml::embedded(sources, node, &name);
                secret(sources, &name, text, Span::new(file, 0, text.len()))
            }
            (None, DataKind::ConfigMap) => {
                let mut map = SpanMap::default();
                map.push(Piece { start: 0, end: text.len(), origin: datum.span, value: None, secret: false });
                sources.add_virtual(name, text, map)
            }
            (None, DataKind::Secret) => secret(sources, &name, text, datum.span),
        };
        let refused = |message: String| Diagnostic::error("flux/malformed-values", self.span("name"), message);
        let options = ReadOptions {
            dialect: Dialect::Kubernetes,
            limits: Limits::default(),
            duplicate_keys: DuplicateKeys::LastWins,
        };
        let first = yaml::read_first(file, text.as_bytes(), &options).map_err(|error| {
            // The place and the words of the error may show a Secret's value.
            Box::new(match self.kind {
                DataKind::Secret => refused(format!("the values in {} are not valid YAML", self.title())),
                DataKind::ConfigMap => refused(format!("the values in {} are not valid YAML", self.title()))
                    .with_related(error.span, error.message.clone()),
            })
        })?;
        let mut first = first;
        as_json_numbers(&mut first);
        match first.value {
            Value::Map(fields) => Ok(fields),
            Value::Null => Ok(Map::new()),
            other => {
                let message = format!("the values in {} must be a map, found {}", self.title(), other.type_name());
                Err(Box::new(
                    refused(message)
                        .with_help("give `targetPath` to set a single value, or `valuesKey` to name another key"),
                ))
            }
        }
    }
}

/// Registers a text of a Secret: whatever is made from it is not shown.
fn secret(sources: &Sources, name: &str, text: &str, origin: Span) -> FileId {
    let mut map = SpanMap::default();
    map.push(Piece { start: 0, end: text.len(), origin, value: None, secret: true });
    sources.add_virtual(name, text, map)
}

/// Numbers as they are after a way through JSON, where Go knows floats only.
pub(crate) fn as_json_numbers(node: &mut Node) {
    match &mut node.value {
        Value::Int(number) => node.value = Value::Float(*number as f64),
        Value::Uint(number) => node.value = Value::Float(*number as f64),
        Value::List(items) => items.make_mut().iter_mut().for_each(as_json_numbers),
        Value::Map(fields) => fields.iter_mut().for_each(|entry| as_json_numbers(&mut entry.node)),
        _ => {}
    }
}
