//! JSON patches: how their texts are read, and which objects they are for.

use object::Action;
use object::JsonPatch;
use source::{Diagnostic, Span};
use yaml::{Dialect, Map, Node, Value};

use super::{Written, json_text};
use crate::context::{Context, Layer, Reported};
use crate::id::scalar;
use crate::kustomization::Patch;
use crate::load;
use crate::resource::Resource;
use crate::selector;
use crate::set::ResourceSet;

/// Why a text is no JSON patch.
pub(super) struct NoPatch {
    pub(super) diagnostic: Box<Diagnostic>,
    /// Whether the text is a list, so that a JSON patch was meant.
    pub(super) is_list: bool,
}

/// A JSON patch with its place.
pub(super) struct Operations {
    patch: JsonPatch,
    span: Span,
}

/// Reads a JSON patch, which may be written as YAML. Only the first document counts.
pub(super) fn parse(context: &Context<'_>, written: &Written<'_>) -> Result<Operations, NoPatch> {
    let place = written.span();
    let node = match documents(context, written) {
        Ok(documents) => documents.into_iter().next().unwrap_or(Node::new(place, Value::Null)),
        Err((diagnostic, is_list)) => return Err(NoPatch { diagnostic, is_list }),
    };
    let is_list = node.as_list().is_some();
    match JsonPatch::from_node(&node) {
        Ok(patch) => Ok(Operations { patch, span: node.span.or(place) }),
        Err(diagnostic) => Err(NoPatch { diagnostic, is_list }),
    }
}

/// The documents of a patch, and with an error whether the text begins like a list.
fn documents(context: &Context<'_>, written: &Written<'_>) -> Result<Vec<Node>, (Box<Diagnostic>, bool)> {
    let (id, text) = match written {
        Written::Inline(text) => {
            let id = yaml::embedded(context.sources, &text.node(), Written::NAME);
            (id, text.text.to_string())
        }
        Written::File(_, loaded) => (loaded.id, String::from_utf8_lossy(&loaded.file.bytes).into_owned()),
    };
    let is_list = text.trim_start().starts_with(['-', '[']);
    // Upstream cuts blanks off a patch in the kustomization file, but not off a file.
    let start = if matches!(written, Written::Inline(_)) { text.trim_start() } else { &text };
    let mut as_yaml = None;
    if start.starts_with('[') {
        if let Err(at) = json_text::check(&text) {
            let what = "a patch that starts with `[` must be JSON, and this is none";
            let diagnostic = Diagnostic::error("kustomize/patch-is-not-json", Span::new(id, at, at + 1), what)
                .with_help(
                    "put names and texts in double quotes without commas at the end, or write the patch as a YAML list",
                );
            return Err((Box::new(diagnostic), is_list));
        }
        as_yaml = json_text::for_yaml(context.sources, id, &text);
    }
    let (id, text) = as_yaml.unwrap_or((id, text));
    load::registered_documents(context, id, &text, Dialect::Kubernetes).map_err(|diagnostic| (diagnostic, is_list))
}

/// Applies the operations of one entry of `patches`.
pub(super) fn apply(
    context: &Context<'_>,
    layer: &Layer,
    set: &mut ResourceSet,
    patch: &Patch,
    written: &Written<'_>,
    operations: &Operations,
) -> Result<(), Reported> {
    let Some(target) = &patch.target else {
        let diagnostic =
            Diagnostic::error("kustomize/json-patch-without-target", written.span(), "a JSON patch needs a `target`");
        return Err(context.fail(diagnostic.with_help("say which objects it is for: `target: {kind: …, name: …}`")));
    };
    let selected = selector::select(context, target, set)?;
    if selected.is_empty() {
        super::warn_of_no_match(context, patch, written.span());
    }
    let mut result = Ok(());
    for position in selected {
        let Some(resource) = set.get_mut(position) else { continue };
        resource.remember_id();
        if let Err(reported) = patch_one(context, layer, resource, operations) {
            result = Err(reported);
        }
    }
    result
}

/// `patchesJson6902`, and configured `PatchJson6902Transformer`s.
pub(crate) fn apply_json6902(
    context: &Context<'_>,
    layer: &Layer,
    set: &mut ResourceSet,
    patches: &[Patch],
) -> Result<(), Reported> {
    let mut result = Ok(());
    for patch in patches {
        if let Err(reported) = apply_one_json6902(context, layer, set, patch) {
            result = Err(reported);
        }
    }
    result
}

fn apply_one_json6902(
    context: &Context<'_>,
    layer: &Layer,
    set: &mut ResourceSet,
    patch: &Patch,
) -> Result<(), Reported> {
    let Some(target) = patch.target.as_ref().filter(|target| target.name.is_some()) else {
        let span = patch.target.as_ref().map_or(patch.span, |target| target.span);
        let diagnostic = Diagnostic::error(
            "kustomize/json-patch-without-target",
            span,
            "an entry of `patchesJson6902` needs a `target` with a `name`",
        );
        return Err(context.fail(diagnostic.with_help("move it to `patches`, where the name may be left out")));
    };
    let written = Written::read(context, layer, patch)?;
    let operations = parse(context, &written).map_err(|no_patch| context.fail(no_patch.diagnostic))?;
    if operations.patch.is_empty() {
        let diagnostic = Diagnostic::error("kustomize/empty-patch", written.span(), "the patch has no operations");
        return Err(context.fail(diagnostic.with_help("remove it, or write what it should change")));
    }
    let selected = selector::select(context, target, set)?;
    if selected.is_empty() {
        super::warn_of_no_match(context, patch, written.span());
    }
    let mut result = Ok(());
    for position in selected {
        let Some(resource) = set.get_mut(position) else { continue };
        if let Err(reported) = patch_one(context, layer, resource, &operations) {
            result = Err(reported);
        }
    }
    result
}

fn patch_one(
    context: &Context<'_>,
    layer: &Layer,
    resource: &mut Resource,
    operations: &Operations,
) -> Result<(), Reported> {
    let id = resource.id();
    // Upstream keeps an object's history in its annotations, so the map is there for a patch to write to.
    if resource.has_history()
        && let Some(annotations) = resource.node.make_path(&["metadata", "annotations"], operations.span)
        && annotations.is_null()
    {
        *annotations = Node::new(operations.span, Map::new());
    }
    let mut findings = Vec::new();
    let applied = operations.patch.apply(&mut resource.node, &mut findings);
    for finding in findings {
        context.warn(finding.within(id.to_string()));
    }
    applied.map_err(|error| context.fail(error.within(id.to_string())))?;
    if has_long_integer(&resource.node) {
        round_integers(&mut resource.node);
    }
    if let Some(metadata) = resource.node.as_map().and_then(|map| map.get("metadata")).and_then(Node::as_map)
        && metadata.get("annotations").is_some_and(|node| !is_map_of_strings(node))
        && let Some(metadata) =
            resource.node.as_map_mut().and_then(|map| map.get_mut("metadata")).and_then(Node::as_map_mut)
    {
        tidy_annotations(metadata);
    }
    resource.did(layer, Action::Patched, operations.span);
    Ok(())
}

fn is_map_of_strings(node: &Node) -> bool {
    node.as_map().is_some_and(|map| !map.is_empty() && map.values().all(|value| value.as_str().is_some()))
}

/// Annotations become strings, and an empty map goes away: upstream writes them again after every JSON patch.
fn tidy_annotations(metadata: &mut Map) {
    let Some(node) = metadata.get("annotations") else { return };
    let text = |node: &Node| if node.is_null() { "null".to_owned() } else { scalar(node) };
    let strings: Map = node
        .as_map()
        .into_iter()
        .flatten()
        .map(|entry| (entry.key.clone(), Node::new(entry.node.span, text(&entry.node))))
        .collect();
    let span = node.span;
    if strings.is_empty() {
        metadata.remove("annotations");
    } else {
        metadata.insert("annotations", Node::new(span, strings));
    }
}

/// Largest number below which every integer is a floating-point number of its own.
const EXACT: u64 = 1 << 53;

fn has_long_integer(node: &Node) -> bool {
    match &node.value {
        Value::Int(number) => number.unsigned_abs() > EXACT,
        Value::Uint(_) => true,
        Value::Map(map) => map.values().any(has_long_integer),
        Value::List(items) => items.iter().any(has_long_integer),
        _ => false,
    }
}

/// Integers become floating-point numbers and back, in the whole object: upstream decodes the patched object into Go values
/// (kyaml/yaml/rnode.go `UnmarshalJSON`), where every number is a float64.
fn round_integers(node: &mut Node) {
    let rounded = |number: f64| {
        let text = number.to_string();
        let signed = text.parse().ok().map(Value::Int);
        signed.or_else(|| text.parse().ok().map(Value::Uint)).unwrap_or(Value::Float(number))
    };
    match &mut node.value {
        Value::Int(number) if number.unsigned_abs() > EXACT => node.value = rounded(*number as f64),
        Value::Uint(number) => node.value = rounded(*number as f64),
        Value::Map(map) if map.values().any(has_long_integer) => {
            map.iter_mut().for_each(|entry| round_integers(&mut entry.node));
        }
        Value::List(items) if items.iter().any(has_long_integer) => {
            items.make_mut().iter_mut().for_each(round_integers);
        }
        _ => {}
    }
}
