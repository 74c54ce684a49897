//! ConfigMaps and Secrets out of `configMapGenerator` and `secretGenerator`, and how generated objects join the others.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use object::Action;
use source::{Diagnostic, Span};
use yaml::{Entry, Map, Node, Str, Value};

use crate::context::{Context, Layer, Reported};
use crate::decode::{Pair, Text};
use crate::id::scalar;
use crate::kustomization::{Generator, GeneratorOptions};
use crate::resource::{Behavior, Resource};
use crate::set::ResourceSet;
use crate::{pairs, plain};

/// What a generator makes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Kind {
    ConfigMap,
    Secret,
}

impl Kind {
    /// The kind's name.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Kind::ConfigMap => "ConfigMap",
            Kind::Secret => "Secret",
        }
    }
}

/// Options of one generator over those for all: maps of both, where the one wins; flags that either sets.
pub(crate) fn merged_options(own: &GeneratorOptions, all: Option<&GeneratorOptions>) -> GeneratorOptions {
    let Some(all) = all else { return own.clone() };
    let merged = |own: &[Pair], all: &[Pair]| {
        let mut pairs = own.to_vec();
        pairs.extend(all.iter().filter(|pair| !own.iter().any(|other| other.key == pair.key)).cloned());
        pairs.sort_by(|a, b| a.key.cmp(&b.key));
        pairs
    };
    GeneratorOptions {
        labels: merged(&own.labels, &all.labels),
        annotations: merged(&own.annotations, &all.annotations),
        disable_name_suffix_hash: own.disable_name_suffix_hash || all.disable_name_suffix_hash,
        immutable: own.immutable.or(all.immutable),
    }
}

/// The object that a generator makes.
pub(crate) fn generate(
    context: &Context<'_>,
    layer: &Layer,
    generator: &Generator,
    options: &GeneratorOptions,
    kind: Kind,
) -> Result<Resource, Reported> {
    let span = generator.span;
    let pairs = pairs::of(context, layer, generator);
    let Some(name) = &generator.name else {
        let message = format!("a generated {} must have a name", kind.as_str());
        return Err(context.fail(Diagnostic::error("kustomize/generator-without-name", span, message)));
    };
    let pairs = pairs?;
    let at = |value: &str| Node::new(span, value);
    let mut object = Map::new();
    object.insert("apiVersion", at("v1"));
    object.insert("kind", at(kind.as_str()));
    let mut metadata = Map::new();
    metadata.insert("name", name.node());
    if let Some(namespace) = &generator.namespace {
        metadata.insert("namespace", namespace.node());
    }
    for (field, entries) in [("labels", &options.labels), ("annotations", &options.annotations)] {
        if !entries.is_empty() {
            metadata.insert(field, Node::new(span, map_of(entries)));
        }
    }
    object.insert("metadata", Node::new(span, metadata));
    match kind {
        Kind::ConfigMap => {
            let (mut data, mut binary) = (Map::new(), Map::new());
            for pair in pairs {
                match std::str::from_utf8(pair.bytes.as_slice()) {
                    Ok(text) => push(&mut data, &pair, text.into()),
                    Err(_) => push(&mut binary, &pair, wrapped_base64(pair.bytes.as_slice()).into()),
                }
            }
            for (field, map) in [("data", data), ("binaryData", binary)] {
                if !map.is_empty() {
                    object.insert(field, Node::new(span, map));
                }
            }
        }
        Kind::Secret => {
            object.insert("type", generator.secret_type.as_ref().map_or_else(|| at("Opaque"), Text::node));
            let mut data = Map::new();
            for pair in &pairs {
                push(&mut data, pair, wrapped_base64(pair.bytes.as_slice()).into());
            }
            object.insert("data", Node::new(span, data));
        }
    }
    if let Some(span) = options.immutable {
        object.insert("immutable", Node::new(span, true));
    }
    let mut resource = Resource::new(Node::new(span, object), layer.step(Action::Generated, span));
    refuse_breaking_keys(context, &resource)?;
    resource.needs_hash = !options.disable_name_suffix_hash;
    resource.behavior = behavior(generator.behavior.as_ref());
    Ok(resource)
}

fn push(map: &mut Map, pair: &pairs::Pair, text: Str) {
    map.push(Entry { key: pair.key.clone(), key_span: pair.key_span, node: Node::new(pair.span, text) });
}

/// Refuses keys that kustomize would write and not be able to print.
fn refuse_breaking_keys(context: &Context<'_>, resource: &Resource) -> Result<(), Reported> {
    let map = |field| resource.node.get(field).and_then(Node::as_map);
    let maps = [resource.metadata_map("labels"), resource.metadata_map("annotations"), map("data"), map("binaryData")];
    let mut result = Ok(());
    for entry in maps.into_iter().filter_map(plain::breaking_key) {
        let diagnostic = Diagnostic::error("kustomize/key-loses-quotes", entry.key_span, plain::says(&entry.key));
        result = Err(context.fail(diagnostic.with_help("choose another key, or write the object by hand")));
    }
    result
}

/// A map of texts with the places of its entries.
pub(crate) fn map_of(pairs: &[Pair]) -> Map {
    let mut map = Map::new();
    for pair in pairs {
        map.push(Entry { key: pair.key.clone(), key_span: pair.key_span, node: pair.value.node() });
    }
    map
}

/// What a `behavior` says; an unknown word counts as create.
fn behavior(text: Option<&Text>) -> Behavior {
    match text.map(Text::as_str) {
        Some("create") => Behavior::Create,
        Some("replace") => Behavior::Replace,
        Some("merge") => Behavior::Merge,
        _ => Behavior::Unspecified,
    }
}

/// Base64 in lines of 70 characters, each ended by a newline; text that fits one line has none. As
/// `kyaml/yaml/datamap.go` of kustomize v5.8.1.
fn wrapped_base64(bytes: &[u8]) -> String {
    const LINE: usize = 70;
    let encoded = STANDARD.encode(bytes);
    if encoded.len() < LINE {
        return encoded;
    }
    let mut wrapped = String::with_capacity(encoded.len() + encoded.len() / LINE + 1);
    let mut rest = encoded.as_str();
    while let Some((line, next)) = rest.split_at_checked(LINE.min(rest.len())).filter(|(line, _)| !line.is_empty()) {
        wrapped.push_str(line);
        wrapped.push('\n');
        rest = next;
    }
    wrapped
}

/// Adds a generated object to the others: as a new one, in place of, or merged over one of the same id.
pub(crate) fn absorb(
    context: &Context<'_>,
    layer: &Layer,
    set: &mut ResourceSet,
    resource: Resource,
) -> Result<(), Reported> {
    let id = resource.id();
    let span = resource.origin.span;
    let matches = set.with_any_id(&id).to_vec();
    let fail = |message: String| Diagnostic::error("kustomize/generator-behavior", span, message);
    match (matches.as_slice(), resource.behavior) {
        ([], Behavior::Merge | Behavior::Replace) => Err(context.fail(
            fail(format!("there is no `{id}` to merge with or to replace"))
                .with_help("list the base that has it, correct name or namespace, or remove `behavior`"),
        )),
        ([], _) => set.push(resource).map_err(|diagnostic| context.fail(diagnostic)),
        ([position], Behavior::Merge | Behavior::Replace) => {
            let Some(old) = set.get(*position).cloned() else { return Ok(()) };
            let merged = laid_over(context, layer, &old, resource);
            refuse_breaking_keys(context, &merged)?;
            if let Some(place) = set.get_mut_same_id(*position) {
                *place = merged;
            }
            Ok(())
        }
        ([position, ..], Behavior::Create | Behavior::Unspecified) => {
            let other = set.get(*position).map_or(Span::DETACHED, |other| other.origin.span);
            Err(context.fail(
                fail(format!("`{id}` exists already"))
                    .with_related(other, "it is here")
                    .with_help("set `behavior: merge` or `behavior: replace`, or give it another name"),
            ))
        }
        (several, _) => {
            let mut diagnostic = fail(format!("several objects are or were called `{id}`"));
            for other in several.iter().filter_map(|position| set.get(*position)) {
                diagnostic = diagnostic.with_related(other.origin.span, "one is here");
            }
            Err(context.fail(diagnostic))
        }
    }
}

/// A generated object over the one it merges with or replaces: name, namespace, history and hash are those of the old.
fn laid_over(context: &Context<'_>, layer: &Layer, old: &Resource, mut new: Resource) -> Resource {
    let by = new.origin.span;
    for field in ["labels", "annotations"] {
        let merged = merged_texts(context, old.metadata_map(field), new.metadata_map(field));
        if let Some(metadata) = new.node.make_path(&["metadata"], by).and_then(Node::as_map_mut) {
            match merged.is_empty() {
                true => drop(metadata.remove(field)),
                false => drop(metadata.insert(field, Node::new(by, merged))),
            }
        }
    }
    for field in ["name", "namespace"] {
        match old.node.at(&["metadata", field]) {
            Some(value) => new.set_metadata(field, value.clone()),
            None => {
                if let Some(metadata) = new.node.make_path(&["metadata"], by).and_then(Node::as_map_mut) {
                    metadata.remove(field);
                }
            }
        }
    }
    if new.behavior == Behavior::Merge {
        for field in ["data", "binaryData"] {
            let map = |resource: &Resource| resource.node.get(field).and_then(Node::as_map).cloned();
            let merged = merged_texts(context, map(old).as_ref(), map(&new).as_ref());
            if let Some(object) = new.node.as_map_mut() {
                match merged.is_empty() {
                    true => drop(object.remove(field)),
                    false => drop(object.insert(field, Node::new(by, merged))),
                }
            }
        }
        if old.provenance.origin.is_some() {
            new.provenance.origin = old.provenance.origin.clone();
        }
    }
    new.provenance.transformations = old.provenance.transformations.clone();
    new.previous = old.previous.clone();
    new.prefixes = old.prefixes.clone();
    new.suffixes = old.suffixes.clone();
    new.behavior = old.behavior;
    new.needs_hash = old.needs_hash && new.needs_hash;
    new.read_by_vars = old.read_by_vars.clone();
    new.origin = old.origin.clone();
    new.did(layer, Action::Merged, by);
    new
}

/// Two maps of texts in one, where the second wins; other scalars become their texts.
fn merged_texts(context: &Context<'_>, old: Option<&Map>, new: Option<&Map>) -> Map {
    let mut entries: Vec<Entry> = Vec::new();
    for entry in old.into_iter().chain(new).flatten() {
        let node = match &entry.node.value {
            Value::Str(_) => entry.node.clone(),
            Value::Null | Value::List(_) | Value::Map(_) => Node::new(entry.node.span, scalar(&entry.node)),
            _ => Node::new(entry.node.span, yaml::scalar_text(context.sources, &entry.node)),
        };
        entries.push(Entry { key: entry.key.clone(), key_span: entry.key_span, node });
    }
    entries.sort_by(|a, b| a.key.cmp(&b.key));
    let mut map = Map::new();
    let mut entries = entries.into_iter().peekable();
    while let Some(entry) = entries.next() {
        if entries.peek().is_none_or(|next| next.key != entry.key) {
            map.push(entry);
        }
    }
    map
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_wrapped_at_seventy() {
        assert_eq!(wrapped_base64(b"admin"), "YWRtaW4=");
        assert_eq!(wrapped_base64(&[0; 51]), "A".repeat(68));
        let long = wrapped_base64(&[0; 60]);
        assert_eq!(long, format!("{}\n{}\n", "A".repeat(70), "A".repeat(10)));
    }
}
