//! Strategic merge patches: which objects they are for, and what a patch may not change.

use object::strategic::{Merged, merge};
use object::{Action, Gvk};
use source::{Diagnostic, Span};
use yaml::{Map, Node, Value};

use super::Written;
use crate::context::{Context, Layer, Reported};
use crate::id::scalar;
use crate::kustomization::Patch;
use crate::resource::Resource;
use crate::selector;
use crate::set::ResourceSet;

/// What a patch may change of an object's identity.
#[derive(Clone, Copy)]
struct Allowed {
    name: bool,
    kind: bool,
}

/// Applies the objects of one entry of `patches`.
pub(super) fn apply(
    context: &Context<'_>,
    layer: &Layer,
    set: &mut ResourceSet,
    patch: &Patch,
    written: &Written<'_>,
    objects: &[Node],
) -> Result<(), Reported> {
    let Some(first) = objects.first() else {
        context.warn(
            Diagnostic::warning("kustomize/empty-patch", written.span(), "the patch is empty")
                .with_help("remove it, or write what it should change"),
        );
        return Ok(());
    };
    let allowed = Allowed { name: patch.allow_name_change, kind: patch.allow_kind_change };
    let Some(target) = &patch.target else {
        let mut result = Ok(());
        for object in objects {
            let one = super::by_id(context, set, object)
                .and_then(|position| patch_at(context, layer, set, position, object, allowed));
            if let Err(reported) = one {
                result = Err(reported);
            }
        }
        return result;
    };
    if let Some(second) = objects.get(1) {
        let what = "a patch with a `target` can only be one document";
        let diagnostic = Diagnostic::error("kustomize/several-patches-for-target", second.span, what);
        return Err(context.fail(
            diagnostic
                .with_related(target.span, "the target")
                .with_help("make an entry of `patches` of every document, or remove `target`"),
        ));
    }
    let selected = selector::select(context, target, set)?;
    if selected.is_empty() {
        super::warn_of_no_match(context, patch, written.span());
    }
    let mut result = Ok(());
    // From the end, as a patch may remove objects.
    for position in selected.into_iter().rev() {
        let Some(resource) = set.get(position) else { continue };
        let prepared = prepare(context, first, &resource.id().gvk);
        if let Err(reported) = patch_at(context, layer, set, position, &prepared, allowed) {
            result = Err(reported);
        }
    }
    if allowed.name || allowed.kind {
        refuse_duplicates(context, set, written)?;
    }
    result
}

/// Applies an entry of `patchesStrategicMerge` to the object whose id it has.
pub(super) fn by_id(context: &Context<'_>, layer: &Layer, set: &mut ResourceSet, patch: &Node) -> Result<(), Reported> {
    let position = super::by_id(context, set, patch)?;
    let Some(resource) = set.get(position) else { return Ok(()) };
    let prepared = prepare(context, patch, &resource.id().gvk);
    patch_at(context, layer, set, position, &prepared, Allowed { name: false, kind: false })
}

fn patch_at(
    context: &Context<'_>,
    layer: &Layer,
    set: &mut ResourceSet,
    position: usize,
    patch: &Node,
    allowed: Allowed,
) -> Result<(), Reported> {
    let resource = if allowed.name || allowed.kind { set.get_mut(position) } else { set.get_mut_same_id(position) };
    let Some(resource) = resource else { return Ok(()) };
    match patch_one(context, layer, resource, patch, allowed)? {
        Merged::Kept => {}
        Merged::Deleted => {
            set.vec_mut().remove(position);
        }
    }
    Ok(())
}

/// Lays a patch over an object. Its namespace stays, and its name and kind unless they may change.
fn patch_one(
    context: &Context<'_>,
    layer: &Layer,
    resource: &mut Resource,
    patch: &Node,
    allowed: Allowed,
) -> Result<Merged, Reported> {
    if patch.get("$patch").and_then(Node::as_str) == Some("replace") {
        // Upstream merges into a copy here and keeps the object it had (api/resource/resource.go `ApplyFilter`).
        let what = "`$patch: replace` for a whole object has no effect";
        context.warn(
            Diagnostic::warning("kustomize/patch-replace-has-no-effect", patch.span, what)
                .with_help("replace the fields below it, or the object in `resources`"),
        );
        return Ok(Merged::Kept);
    }
    let field = |path: &[&str]| resource.node.at(path).cloned();
    let (kind, name, namespace) = (field(&["kind"]), field(&["metadata", "name"]), field(&["metadata", "namespace"]));
    let id = resource.id();
    if allowed.name || allowed.kind {
        resource.remember_id();
    }
    let mut findings = Vec::new();
    context.schema.borrow_mut().uses();
    let schema = context.schema.borrow();
    let merged = merge(&mut resource.node, patch, schema.schema(), context.sources, &mut findings);
    for finding in findings {
        context.warn(finding.within(id.to_string()));
    }
    let merged = merged.map_err(|error| context.fail(error.within(id.to_string())))?;
    if merged == Merged::Deleted || crate::resources::is_empty(&resource.node) {
        return Ok(Merged::Deleted);
    }
    if forgets_history(patch) {
        resource.forget();
    }
    if let Some(kind) = kind.filter(|_| !allowed.kind)
        && let Some(map) = resource.node.as_map_mut()
    {
        put_back(map, "kind", kind);
    }
    if let Some(metadata) = resource.node.make_path(&["metadata"], patch.span) {
        if metadata.is_null() {
            *metadata = Node::new(patch.span, Map::new());
        }
        if let Some(map) = metadata.as_map_mut() {
            if let Some(name) = name.filter(|_| !allowed.name) {
                put_back(map, "name", name);
            }
            match namespace.filter(|node| !scalar(node).is_empty()) {
                Some(namespace) => put_back(map, "namespace", namespace),
                None if map.contains_key("namespace") => {
                    map.remove("namespace");
                }
                None => {}
            }
        }
    }
    resource.did(layer, Action::Patched, patch.span);
    Ok(Merged::Kept)
}

/// Sets a field to what it was; nothing is written when it is so already.
fn put_back(map: &mut Map, key: &str, node: Node) {
    let same = map.get(key).is_some_and(|now| *now == node && now.span == node.span);
    if !same {
        map.insert(key, node);
    }
}

/// Whether a patch takes away the annotations, in which upstream keeps an object's earlier ids.
fn forgets_history(patch: &Node) -> bool {
    let gone =
        |node: &Node| node.is_null() || node.get("$patch").and_then(Node::as_str).is_some_and(|word| word != "merge");
    let along = [patch.get("metadata"), patch.at(&["metadata", "annotations"])];
    along.into_iter().flatten().any(gone)
}

/// A patch as it is merged into an object that was selected: with the object's `apiVersion`, and with labels and
/// annotations as maps of strings. Upstream copies metadata field by field for every target
/// (api/resmap/reswrangler.go `ApplySmPatch`), so nulls in them do not remove anything.
fn prepare(context: &Context<'_>, patch: &Node, gvk: &Gvk) -> Node {
    let mut patch = patch.clone();
    let span = patch.span;
    if let Some(map) = patch.as_map_mut() {
        let own = map.get("apiVersion").map_or(span, |node| node.span);
        if map.get("apiVersion").and_then(Node::as_str) != Some(&gvk.api_version()) {
            map.insert("apiVersion", Node::new(own, gvk.api_version()));
        }
        if let Some(metadata) = map.get_mut("metadata").and_then(Node::as_map_mut) {
            for key in ["labels", "annotations"] {
                normalise(context, metadata, key);
            }
            if metadata.get("namespace").is_some_and(|node| scalar(node).is_empty()) {
                metadata.remove("namespace");
            }
        }
    }
    patch
}

/// A map of strings, or nothing when it would be empty.
fn normalise(context: &Context<'_>, metadata: &mut Map, key: &str) {
    let warn = |span, what: String| {
        context.warn(
            Diagnostic::warning("kustomize/patch-null-has-no-effect", span, what)
                .with_help("remove it with a JSON patch, or patch the object by its name without `target`"),
        );
    };
    let Some(node) = metadata.get(key) else { return };
    let Some(map) = node.as_map().filter(|map| !map.is_empty()) else {
        if node.is_null() {
            warn(node.span, format!("a patch with a `target` cannot remove `{key}` by null"));
        }
        metadata.remove(key);
        return;
    };
    if map.values().all(|value| matches!(value.value, Value::Str(_))) {
        return;
    }
    for entry in map.iter().filter(|entry| entry.node.is_null()) {
        warn(entry.node.span, format!("a patch with a `target` writes null in `{key}` as the text `null`"));
    }
    let text = |node: &Node| if node.is_null() { "null".to_owned() } else { scalar(node) };
    let strings: Map =
        map.iter().map(|entry| (entry.key.clone(), Node::new(entry.node.span, text(&entry.node)))).collect();
    let span = node.span;
    metadata.insert(key, Node::new(span, strings));
}

/// Refuses ids that are there twice after names or kinds changed.
fn refuse_duplicates(context: &Context<'_>, set: &mut ResourceSet, written: &Written<'_>) -> Result<(), Reported> {
    let ids: Vec<_> = set.iter().map(Resource::id).collect();
    for id in &ids {
        if let [first, second, ..] = *set.with_current_id(id) {
            let span = |position| set.get(position).map_or(Span::DETACHED, |resource| resource.origin.span);
            let what = format!("after this patch there are two objects `{id}`");
            let diagnostic = Diagnostic::error("kustomize/duplicate-object", written.span(), what)
                .with_related(span(first), "one of them")
                .with_related(span(second), "the other");
            return Err(context.fail(diagnostic));
        }
    }
    Ok(())
}
