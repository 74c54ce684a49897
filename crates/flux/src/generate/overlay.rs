//! What the spec of a Kustomization object puts into a kustomization.

use source::{Diagnostic, Files, TreePath};
use yaml::{Entry, List, Map, Node};

use super::set;

/// The fields of an image.
const IMAGE: &[&str] = &["name", "newName", "newTag", "digest"];

/// Puts the overlay into `content`: the spec's texts replace, its patches and components are appended, its images are
/// merged by name.
pub(super) fn apply(
    content: &mut Node,
    spec: &Node,
    files: &dyn Files,
    directory: &TreePath,
) -> Result<(), Vec<Diagnostic>> {
    for (field, target) in
        [("targetNamespace", "namespace"), ("namePrefix", "namePrefix"), ("nameSuffix", "nameSuffix")]
    {
        if let Some(node) = spec.get(field).filter(|node| node.as_str().is_some()) {
            set(content, target, node.clone());
        }
    }
    append(content, "patches", patches(spec));
    let components = components(spec, files, directory)?;
    append(content, "components", components);
    merge_images(content, spec);
    if let Some(metadata) = spec.get("buildMetadata").filter(|node| node.as_list().is_some_and(|list| !list.is_empty()))
    {
        set(content, "buildMetadata", metadata.clone());
    }
    Ok(())
}

/// The patches of a spec, with what Flux's types of them have.
pub(crate) fn patches(spec: &Node) -> Vec<Node> {
    items(spec, "patches").map(patch).collect()
}

/// The images of a spec, with what Flux's type of them has.
pub(crate) fn images(spec: &Node) -> Vec<Node> {
    items(spec, "images").map(|image| pick(image, IMAGE)).collect()
}

fn items<'a>(spec: &'a Node, field: &str) -> impl Iterator<Item = &'a Node> {
    spec.get(field).and_then(Node::as_list).into_iter().flatten()
}

fn append(content: &mut Node, field: &str, added: Vec<Node>) {
    let Some(first) = added.first() else { return };
    let span = first.span;
    let Some(list) = content.make_path(&[field], span) else { return };
    if list.is_null() {
        *list = Node::new(span, List::new());
    }
    if let Some(list) = list.as_list_mut() {
        list.make_mut().extend(added);
    }
}

/// Only what Flux's `Patch` and `Selector` have goes over.
fn patch(item: &Node) -> Node {
    let mut kept = pick(item, &["patch"]);
    if let (Some(target), Some(fields)) = (item.get("target"), kept.as_map_mut()) {
        const SELECTOR: &[&str] =
            &["group", "version", "kind", "name", "namespace", "labelSelector", "annotationSelector"];
        fields.insert("target", pick(target, SELECTOR));
    }
    kept
}

fn pick(node: &Node, fields: &[&str]) -> Node {
    let mut kept = Map::new();
    for entry in node.as_map().into_iter().flatten().filter(|entry| fields.contains(&&*entry.key)) {
        kept.push(entry.clone());
    }
    Node::new(node.span, kept)
}

fn components(spec: &Node, files: &dyn Files, directory: &TreePath) -> Result<Vec<Node>, Vec<Diagnostic>> {
    let ignore_missing = spec.get("ignoreMissingComponents").and_then(|node| node.value.as_bool()) == Some(true);
    let mut kept = Vec::new();
    let mut refused = Vec::new();
    for node in items(spec, "components") {
        let Some(path) = node.as_str() else { continue };
        if !is_local_path(path) {
            refused.push(
                Diagnostic::error(
                    "flux/remote-component",
                    node.span,
                    format!("the component `{path}` must be a relative path in the source"),
                )
                .with_help("copy the component into the repository, or compose a source with an ArtifactGenerator"),
            );
            continue;
        }
        let exists = directory.join(path).is_some_and(|path| files.resolve(&path).is_ok());
        if exists || !ignore_missing {
            kept.push(node.clone());
        }
    }
    if refused.is_empty() { Ok(kept) } else { Err(refused) }
}

/// Whether a component's path stays in the source, by the look of it.
pub fn is_local_path(path: &str) -> bool {
    const REMOTE: &[&str] = &["git::", "gh:", "ssh://", "https://", "http://", "git@", "github.com:", "github.com/"];
    let lower = path.to_lowercase();
    let remote = REMOTE.iter().any(|prefix| lower.len() > prefix.len() && lower.starts_with(prefix));
    !remote && !path.starts_with('/') && !lower.trim_start_matches("file://").starts_with('/')
}

/// An image of the spec goes into the entry of the same name field by field; tag and digest are one choice.
fn merge_images(content: &mut Node, spec: &Node) {
    let wanted = images(spec);
    let Some(span) = wanted.first().map(|first| first.span) else { return };
    let Some(list) = content.make_path(&["images"], span) else { return };
    if list.is_null() {
        *list = Node::new(span, List::new());
    }
    let Some(images) = list.as_list_mut() else { return };
    let images = images.make_mut();
    let name = |image: &Node| image.get("name").and_then(Node::as_str).unwrap_or_default().to_owned();
    for image in wanted {
        match images.iter_mut().find(|known| name(known) == name(&image)) {
            Some(known) => override_image(known, &image),
            None => images.push(image),
        }
    }
}

fn override_image(known: &mut Node, image: &Node) {
    let Some(fields) = known.as_map_mut() else { return };
    let given = |field: &str| {
        let entry = image.as_map()?.entry(field)?;
        entry.node.as_str().is_some_and(|text| !text.is_empty()).then_some(entry)
    };
    let mut take = |entry: Option<&Entry>| {
        if let Some(entry) = entry {
            fields.remove(&entry.key);
            fields.push(entry.clone());
        }
    };
    take(given("newName"));
    let (tag, digest) = (given("newTag"), given("digest"));
    if tag.is_some() || digest.is_some() {
        take(tag);
        take(digest);
        for (field, found) in [("newTag", tag), ("digest", digest)] {
            if found.is_none() {
                fields.remove(field);
            }
        }
    }
}
