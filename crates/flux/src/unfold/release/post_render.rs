//! Post-renderers: `spec.postRenderers` in order, then `spec.commonMetadata`, then the labels of the release
//! (helm-controller v1.6.3, `internal/postrender`).
//!
//! Each is a kustomize of its own that reads what the one before printed, and so it is here; the texts in between know
//! where they come from.

use std::sync::Arc;

use kustomize::{Entry, LoadRestrictor, Memo, Options, Reorder};
use object::{Action, Object};
use source::{Diagnostic, File, Span, Tree, TreePath};
use yaml::{List, Map, Node};

use super::objects::What;
use crate::fields::items;
use crate::generate;

/// Runs all of them over the objects of one stream.
pub(super) fn run(
    what: &What<'_>,
    mut objects: Vec<Object>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Result<Vec<Object>, Vec<Diagnostic>> {
    for renderer in items(what.node, &["spec", "postRenderers"]) {
        if let Some(renderer) = renderer.get("kustomize") {
            objects = kustomized(what, objects, renderer, diagnostics)?;
        }
    }
    generate::common_metadata(&mut objects, what.node, what.layer);
    for object in &mut objects {
        own(what, object);
    }
    Ok(objects)
}

/// Patches and images over the objects, which keep their stories.
fn kustomized(
    what: &What<'_>,
    objects: Vec<Object>,
    renderer: &Node,
    diagnostics: &mut Vec<Diagnostic>,
) -> Result<Vec<Object>, Vec<Diagnostic>> {
    let sources = what.shared.sources;
    let mut tree = Tree::new("");
    let mut names = List::new();
    let mut files = Vec::new();
    for (number, object) in objects.iter().enumerate() {
        let name = format!("{number}.yaml");
        let (printed, map) = yaml::to_yaml_mapped(&object.node);
        let file = Arc::new(File::new(format!("{}, to be patched", what.layer), printed.into_bytes()));
        files.push(sources.add_file_made(&file, map));
        if let Some(path) = TreePath::new(&name) {
            tree.insert(path, file);
        }
        names.push(Node::new(renderer.span, name));
    }
    let mut kustomization = Map::new();
    kustomization.insert("resources", Node::new(renderer.span, names));
    for (field, picked) in [("patches", generate::patches(renderer)), ("images", generate::images(renderer))] {
        if !picked.is_empty() {
            kustomization.insert(field, Node::new(renderer.span, picked.into_iter().collect::<List>()));
        }
    }
    let entry = Entry::Inline { directory: TreePath::root(), kustomization: Node::new(renderer.span, kustomization) };
    let mut options = Options::new(LoadRestrictor::None);
    options.reorder = Some(Reorder::None);
    let output = kustomize::build(&tree, sources, &Memo::new(), &entry, &options)?;
    diagnostics.extend(output.diagnostics);
    let with_story = |new: Object| {
        let before = new.origin.span.file().and_then(|file| files.iter().position(|known| *known == file));
        let mut object = Object {
            node: new.node,
            origin: before
                .and_then(|at| objects.get(at))
                .map_or_else(|| object::Origin { span: new.origin.span, steps: Vec::new() }, |old| old.origin.clone()),
        };
        for step in new.origin.steps.into_iter().filter(|step| step.action != Action::Read) {
            object.record(step.action, step.by, what.layer);
        }
        object
    };
    Ok(output.objects.into_iter().map(with_story).collect())
}

/// The labels by which helm-controller knows the objects of a release again.
pub(super) fn own(what: &What<'_>, object: &mut Object) {
    if !what.shared.options.owner_labels {
        return;
    }
    let by = what.job.span;
    for (key, value) in [("name", &what.job.id.name), ("namespace", &what.job.id.namespace)] {
        set_label(&mut object.node, &format!("helm.toolkit.fluxcd.io/{key}"), Node::new(by, value.clone()), by);
    }
    object.record(Action::Labelled, by, what.layer);
}

fn set_label(object: &mut Node, key: &str, value: Node, by: Span) {
    let Some(labels) = object.make_path(&["metadata", "labels"], by) else { return };
    if labels.is_null() {
        *labels = Node::new(by, Map::new());
    }
    if let Some(labels) = labels.as_map_mut() {
        labels.insert(key, value);
    }
}
