//! What happens once, at the entry: hashes, references, vars, what is left out, the order, and the last annotations.

use std::collections::HashMap;

use object::{Action, Object};
use source::{Diagnostic, Span};
use yaml::{Entry, Map, Node, Value};

use crate::accumulate::Accumulated;
use crate::context::{Context, Layer, Reported};
use crate::id::{ResId, scalar};
use crate::order::{self, KindOrder};
use crate::provenance::{ORIGIN, TRANSFORMATIONS, origin_text, transformations_text};
use crate::resource::{PreviousId, Resource};
use crate::set::ResourceSet;
use crate::{Reorder, hash, plain, references, resources, vars};

/// Objects with this annotation are only there to be read by others.
const LOCAL_CONFIG: &str = "config.kubernetes.io/local-config";
const MANAGED_BY: &str = "app.kubernetes.io/managed-by";

/// Annotations that kustomize takes off at the end, whoever put them there.
const INTERNAL: &[&str] = &[
    "internal.config.kubernetes.io/previousKinds",
    "internal.config.kubernetes.io/previousNames",
    "internal.config.kubernetes.io/prefixes",
    "internal.config.kubernetes.io/suffixes",
    "internal.config.kubernetes.io/previousNamespaces",
    "internal.config.kubernetes.io/allowNameChange",
    "internal.config.kubernetes.io/allowKindChange",
    "internal.config.kubernetes.io/refBy",
    "internal.config.kubernetes.io/generatorBehavior",
    "internal.config.kubernetes.io/needsHashSuffix",
    "internal.config.kubernetes.io/path",
    "internal.config.kubernetes.io/index",
    "internal.config.kubernetes.io/seqindent",
    "internal.config.kubernetes.io/id",
    "internal.config.kubernetes.io/annotations-migration-resource-id",
    "internal.config.kubernetes.io/helm-generated",
    "config.kubernetes.io/path",
    "config.kubernetes.io/index",
    "config.k8s.io/id",
    ORIGIN,
    TRANSFORMATIONS,
];

/// From everything that was accumulated to the objects of the output.
pub(crate) fn finish(context: &Context<'_>, layer: &Layer, all: Accumulated) -> Result<Vec<Object>, Reported> {
    let Accumulated { mut set, config, vars, .. } = all;
    let config = config.unwrap_or_default();
    add_hashes(context, layer, &mut set)?;
    references::follow(context, layer, &mut set, &config.name_reference)?;
    vars::resolve(context, layer, &mut set, &vars, &config.var_reference)?;
    let mut result = Ok(());
    for resource in set.iter() {
        let checked = resources::check(&resource.node, resource.origin.span);
        result = result.and(checked.map_err(|diagnostic| context.fail(diagnostic)));
        if let Some(previous) = comma_in_history(resource) {
            let message = format!("`{previous}` holds a comma, and the object was renamed or moved");
            let diagnostic = Diagnostic::error("kustomize/comma-in-id", resource.origin.span, message);
            result =
                Err(context.fail(diagnostic.with_help("correct kind, name or namespace, or decrypt the file first")));
        }
        if let Some(span) = control_character(&resource.node) {
            let message = format!("`{}` holds a control character that cannot be printed", resource.id());
            let diagnostic = Diagnostic::error("kustomize/control-character", span.or(resource.origin.span), message);
            result = Err(context.fail(diagnostic.with_help("remove it, or keep the text base64-encoded")));
        }
    }
    result?;
    let mut objects = set.into_vec();
    objects.retain(|resource| !resources::is_empty(&resource.node) && !is_local(resource));
    refuse_duplicates(context, &objects)?;
    sort(context, layer, &mut objects)?;
    let asked = |option: &str| layer.kustomization.build_metadata.iter().find(|o| o.as_str() == option);
    if let Some(option) = asked("managedByLabel") {
        for resource in &mut objects {
            label_manager(context, resource, option.span)?;
        }
    }
    let (origins, transformations) = (asked("originAnnotations"), asked("transformerAnnotations"));
    for resource in &mut objects {
        settle_annotations(context, resource, origins.map(|o| o.span), transformations.map(|o| o.span));
        // Upstream writes every annotation anew, with plain keys.
        if let Some(entry) = plain::breaking_key(resource.metadata_map("annotations")) {
            let diagnostic = Diagnostic::error("kustomize/key-loses-quotes", entry.key_span, plain::says(&entry.key));
            result = Err(context.fail(diagnostic.within(resource.id().to_string())));
        }
    }
    result?;
    Ok(objects.into_iter().map(|resource| Object { node: resource.node, origin: resource.origin }).collect())
}

/// Gives generated objects names that change with their content.
pub(crate) fn add_hashes(context: &Context<'_>, layer: &Layer, set: &mut ResourceSet) -> Result<(), Reported> {
    for resource in set.iter_mut().filter(|resource| resource.needs_hash) {
        let Some(hash) = hash::of(&resource.node) else {
            let what = format!("a hash in the name of a {} is not supported", resource.id().gvk.kind);
            let diagnostic = Diagnostic::error("kustomize/unsupported-hash", resource.origin.span, what);
            return Err(context.fail(diagnostic.with_help("only names of a ConfigMap or Secret can end with a hash")));
        };
        resource.remember_id();
        let name = resource.node.at(&["metadata", "name"]);
        let (old, span) = name.map_or((String::new(), Span::DETACHED), |name| (scalar(name), name.span));
        resource.set_metadata("name", Node::new(span, format!("{old}-{hash}")));
        let by = resource.origin.span;
        resource.did(layer, Action::Renamed, by);
    }
    Ok(())
}

/// A part of an earlier id with a comma. Upstream keeps such parts in lists separated by commas and crashes when these
/// differ in length (`api/internal/utils/makeResIds.go` of kustomize v5.8.1).
fn comma_in_history(resource: &Resource) -> Option<&str> {
    let parts: [fn(&PreviousId) -> &str; 3] = [|id| &id.name, |id| &id.namespace, |id| &id.kind];
    let commas = parts.map(|part| resource.previous.iter().map(|id| part(id).matches(',').count()).sum::<usize>());
    let [names, namespaces, kinds] = commas;
    if names == namespaces && namespaces == kinds {
        return None;
    }
    resource.previous.iter().flat_map(|id| parts.map(|part| part(id))).find(|part| part.contains(','))
}

/// Where a text holds a character that go-yaml v2 refuses to read, and so kustomize to print.
fn control_character(node: &Node) -> Option<Span> {
    let refused = |text: &str| {
        let suspicious = |byte: u8| byte == 0x7f || byte == 0xc2 || byte == 0xef;
        let is_refused = |c: char| matches!(c, '\x7f'..='\u{84}' | '\u{86}'..='\u{9f}' | '\u{fffe}' | '\u{ffff}');
        text.bytes().any(suspicious) && text.chars().any(is_refused)
    };
    match &node.value {
        Value::Str(text) => refused(text).then_some(node.span),
        Value::List(items) => items.iter().find_map(control_character),
        Value::Map(map) => map
            .iter()
            .find_map(|entry| if refused(&entry.key) { Some(entry.key_span) } else { control_character(&entry.node) }),
        _ => None,
    }
}

fn is_local(resource: &Resource) -> bool {
    resource.metadata_text("annotations", LOCAL_CONFIG).is_some_and(|value| value != "false")
}

fn refuse_duplicates(context: &Context<'_>, resources: &[Resource]) -> Result<(), Reported> {
    let mut seen: HashMap<ResId, Span> = HashMap::with_capacity(resources.len());
    let mut result = Ok(());
    for resource in resources {
        let id = resource.id();
        if let Some(first) = seen.insert(id.key(), resource.origin.span) {
            let message = format!("two objects end up as `{id}`");
            result = Err(context.fail(
                Diagnostic::error("kustomize/duplicate-object", resource.origin.span, message)
                    .with_related(first, "the first one is here")
                    .with_help("names, prefixes or namespaces made them the same"),
            ));
        }
    }
    result
}

fn sort(context: &Context<'_>, layer: &Layer, objects: &mut Vec<Resource>) -> Result<(), Reported> {
    let invalid = |span: Span, message: &str| {
        Err(context.fail(Diagnostic::error("kustomize/invalid-sort-options", span, message.to_owned())))
    };
    let Some(options) = &layer.kustomization.sort_options else {
        if context.options.reorder != Some(Reorder::None) {
            order::legacy(objects, &order::DEFAULT_ORDER);
        }
        return Ok(());
    };
    match options.order.as_ref().map(|order| order.as_str()) {
        Some("fifo") if options.legacy.is_some() => {
            invalid(options.span, "`legacySortOptions` is for `order: legacy` only")
        }
        Some("fifo") => Ok(()),
        Some("legacy") => {
            match &options.legacy {
                None => order::legacy(objects, &order::DEFAULT_ORDER),
                Some(legacy) => {
                    let first: Vec<&str> = legacy.first.iter().map(|kind| kind.as_str()).collect();
                    let last: Vec<&str> = legacy.last.iter().map(|kind| kind.as_str()).collect();
                    order::legacy(objects, &KindOrder { first: &first, last: &last });
                }
            }
            Ok(())
        }
        _ => invalid(options.span, "`sortOptions.order` must be `legacy` or `fifo`"),
    }
}

fn label_manager(context: &Context<'_>, resource: &mut Resource, span: Span) -> Result<(), Reported> {
    let value = Node::new(span, format!("kustomize-{}", context.options.version));
    match resource.node.make_path(&["metadata", "labels"], span) {
        Some(labels) if labels.is_null() => {
            *labels = Node::new(span, [(MANAGED_BY, value)].into_iter().collect::<Map>())
        }
        Some(Node { value: Value::Map(labels), .. }) => drop(labels.insert(MANAGED_BY, value)),
        _ => {
            let message = format!("`metadata.labels` of `{}` is not a map", resource.id());
            return Err(context.fail(Diagnostic::error("kustomize/field-mismatch", resource.origin.span, message)));
        }
    }
    Ok(())
}

/// Takes kustomize's own annotations off, adds those that `buildMetadata` asks for, and makes every value a text. An
/// empty map goes away, and an object without metadata gets an empty one, as in kustomize v5.8.1.
fn settle_annotations(
    context: &Context<'_>,
    resource: &mut Resource,
    origins: Option<Span>,
    transformations: Option<Span>,
) {
    let mut map = Map::new();
    let mut added = Vec::new();
    if let (Some(span), Some(place)) = (origins, &resource.provenance.origin) {
        added.push((ORIGIN, Node::new(span, origin_text(place))));
    }
    if let Some(span) = transformations.filter(|_| !resource.provenance.transformations.is_empty()) {
        added.push((TRANSFORMATIONS, Node::new(span, transformations_text(&resource.provenance.transformations))));
    }
    let annotations = resource.node.at(&["metadata", "annotations"]);
    let is_settled = |annotations: &Map| {
        let settled = |entry: &Entry| {
            entry.node.as_str().is_some()
                && !INTERNAL.contains(&&*entry.key)
                && plain::date_as_written(context, &entry.node).is_none()
        };
        !annotations.is_empty() && annotations.iter().all(settled)
    };
    match annotations.map(|annotations| (&annotations.value, annotations.span)) {
        None if added.is_empty() && resource.node.get("metadata").is_some() => return,
        Some((Value::Map(annotations), _)) if added.is_empty() && is_settled(annotations) => return,
        Some((Value::Map(annotations), _)) => {
            for entry in annotations.iter().filter(|entry| !INTERNAL.contains(&&*entry.key)) {
                let text = match &entry.node.value {
                    Value::Str(text) => {
                        plain::date_as_written(context, &entry.node).map_or_else(|| text.clone(), Into::into)
                    }
                    Value::List(_) | Value::Map(_) => "".into(),
                    _ => yaml::scalar_text(context.sources, &entry.node).into(),
                };
                let node = Node::new(entry.node.span, text);
                map.push(Entry { key: entry.key.clone(), key_span: entry.key_span, node });
            }
        }
        _ => {}
    }
    let span = annotations.map_or(Span::DETACHED, |annotations| annotations.span);
    for (key, node) in added {
        map.insert(key, node);
    }
    let Some(metadata) = resource.node.make_path(&["metadata"], span) else { return };
    if metadata.is_null() && span.is_detached() {
        *metadata = Node::new(span, Map::new());
    }
    if let Some(metadata) = metadata.as_map_mut() {
        match map.is_empty() {
            true => drop(metadata.remove("annotations")),
            false => drop(metadata.insert("annotations", Node::new(span, map))),
        }
    }
}
