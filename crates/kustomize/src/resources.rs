//! Objects out of files: documents, lists that stand for their items, and what every object must have.

use std::collections::VecDeque;

use object::{Action, Object, Step};
use source::{Diagnostic, FileId, Sources, Span};
use yaml::{Dialect, DuplicateKeys, Node, ReadOptions, Value};

use crate::context::{Context, Layer};
use crate::decode::Text;
use crate::id::scalar;
use crate::load::{self, Loaded};
use crate::resource::Resource;
use crate::set::ResourceSet;

/// An annotation by which kustomize itself keeps the history of an object; in input it makes v5.8.1 crash.
const RESERVED: &str = "internal.config.kubernetes.io/previousNames";

/// An annotation by which kustomize marks what is to be renamed by its content; it counts in input too.
const NEEDS_HASH: &str = "internal.config.kubernetes.io/needsHashSuffix";

/// The objects of a file, as a layer reads them.
pub(crate) fn read(context: &Context<'_>, layer: &Layer, path: &Text) -> Result<Vec<Resource>, Box<Diagnostic>> {
    let loaded = load::file(context, layer, path)?;
    let step = Step { action: Action::Read, by: path.span, layer: layer.name.clone() };
    let objects = of_file(context, &loaded)?;
    context.schema.borrow_mut().notice(&objects);
    let resource = |node| {
        let mut resource = Resource::new(node, step.clone());
        resource.needs_hash = resource.metadata_text("annotations", NEEDS_HASH).is_some_and(|text| text == "enabled");
        resource
    };
    Ok(objects.into_iter().map(resource).collect())
}

/// The objects of a file.
pub(crate) fn of_file(context: &Context<'_>, loaded: &Loaded) -> Result<Vec<Node>, Box<Diagnostic>> {
    let documents = load::documents(context, loaded, Dialect::Kustomize)?;
    objects(&documents, Span::new(loaded.id, 0, 0))
}

/// The objects of texts that another program printed, as kustomize reads them (`NewResMapFromBytes` of v5.8.1): empty
/// documents are skipped, the items of lists stand for themselves, and no object may be there twice.
///
/// # Errors
/// Everything that kustomize would refuse.
pub fn of_stream(
    sources: &Sources,
    documents: impl IntoIterator<Item = FileId>,
    limits: &yaml::Limits,
) -> Result<Vec<Object>, Vec<Diagnostic>> {
    let options = ReadOptions { dialect: Dialect::Kustomize, limits: *limits, duplicate_keys: DuplicateKeys::Refuse };
    let mut set = ResourceSet::default();
    let mut refused = Vec::new();
    for id in documents {
        let text = sources.get(id).map(|file| file.text.clone()).unwrap_or_default();
        let read = yaml::read_with(id, text.as_bytes(), &options);
        match read.and_then(|documents| objects(&documents, Span::new(id, 0, 0))) {
            Ok(nodes) => {
                for node in nodes {
                    let step = Step { action: Action::Read, by: node.span, layer: "".into() };
                    refused.extend(set.push(Resource::new(node, step)).err().map(|diagnostic| *diagnostic));
                }
            }
            Err(diagnostic) => refused.push(*diagnostic),
        }
    }
    if !refused.is_empty() {
        return Err(refused);
    }
    let object = |resource: Resource| {
        let span = resource.node.span;
        Object::new(resource.node, span)
    };
    Ok(set.into_vec().into_iter().map(object).collect())
}

/// The objects of a text that is registered already.
pub(crate) fn of_registered(context: &Context<'_>, id: FileId) -> Result<Vec<Node>, Box<Diagnostic>> {
    let text = context.sources.get(id).map(|file| file.text.clone()).unwrap_or_default();
    let documents = load::registered_documents(context, id, &text, Dialect::Kustomize)?;
    objects(&documents, Span::new(id, 0, 0))
}

/// The objects of a text inside a kustomization file.
pub(crate) fn of_text(context: &Context<'_>, text: &Text, name: &str) -> Result<Vec<Node>, Box<Diagnostic>> {
    let documents = load::text_documents(context, text, name, Dialect::Kustomize)?;
    objects(&documents, text.span)
}

/// The objects among documents: empty ones are skipped, the items of lists come after everything else.
fn objects(documents: &[Node], place: Span) -> Result<Vec<Node>, Box<Diagnostic>> {
    let mut queue: VecDeque<Node> = VecDeque::new();
    let mut documents = documents.iter().filter(|document| !document.is_null());
    match (documents.next(), documents.next()) {
        (Some(only), None) if is_wrapper(only) => {
            for item in only.get("items").and_then(Node::as_list).into_iter().flatten() {
                check(item, place)?;
                queue.extend(Some(item).filter(|item| !is_empty(item)).cloned());
            }
        }
        (first, second) => {
            for document in first.into_iter().chain(second).chain(documents).filter(|document| !is_empty(document)) {
                check(document, place)?;
                queue.push_back(document.clone());
            }
        }
    }
    let mut found = Vec::with_capacity(queue.len());
    while let Some(object) = queue.pop_front() {
        let kind = object.get("kind").map(scalar).unwrap_or_default();
        let items = object.get("items").filter(|_| kind.ends_with("List"));
        match items.map(|items| (&items.value, items.span)) {
            None => found.push(object),
            Some((Value::Null, _)) => {}
            Some((Value::List(items), _)) => {
                for item in items.iter().filter(|item| !is_empty(item)) {
                    check(item, place)?;
                    queue.push_back(item.clone());
                }
            }
            Some((other, span)) => {
                let message = format!("`items` of a `{kind}` must be a list, found {}", other.type_name());
                return Err(Box::new(Diagnostic::error("kustomize/wrong-type", span, message)));
            }
        }
    }
    Ok(found)
}

/// Whether a lone document is a list whose items are meant, whatever its group.
fn is_wrapper(document: &Node) -> bool {
    let has = |key| document.get(key).is_some();
    matches!(document.get("kind").and_then(Node::as_str), Some("List" | "ResourceList"))
        && (has("items") || has("functionConfig"))
}

/// Whether there is nothing to build.
pub(crate) fn is_empty(node: &Node) -> bool {
    match &node.value {
        Value::Null => true,
        Value::Map(map) => map.is_empty(),
        Value::List(list) => list.is_empty(),
        _ => false,
    }
}

/// Refuses what cannot be an object. Empty documents pass, as they are skipped.
pub(crate) fn check(object: &Node, place: Span) -> Result<(), Box<Diagnostic>> {
    if is_empty(object) {
        return Ok(());
    }
    let span = object.span.or(place);
    let Some(map) = object.as_map() else {
        let message = format!("an object must be a map, found {}", object.value.type_name());
        return Err(Box::new(Diagnostic::error("kustomize/not-an-object", span, message)));
    };
    let kind = map.get("kind").map(scalar).unwrap_or_default();
    let missing = |field: &str| {
        let diagnostic = Diagnostic::error("kustomize/not-an-object", span, format!("the object has no `{field}`"));
        let name = map.get("metadata").and_then(|metadata| metadata.get("generateName"));
        match name {
            Some(name) if field == "metadata.name" => {
                diagnostic.with_related(name.span, "kustomize cannot build objects with `generateName`")
            }
            _ => diagnostic,
        }
    };
    if kind.is_empty() {
        return Err(Box::new(missing("kind")));
    }
    let metadata = map.get("metadata");
    let name = metadata.and_then(|metadata| metadata.get("name")).map(scalar).unwrap_or_default();
    if name.is_empty() && !kind.ends_with("List") {
        return Err(Box::new(missing("metadata.name")));
    }
    let annotations = metadata.and_then(|metadata| metadata.get("annotations"));
    if let Some(list) = annotations.filter(|node| node.as_list().is_some_and(|list| !list.is_empty())) {
        let message = "`metadata.annotations` must be a map, found list";
        return Err(Box::new(Diagnostic::error("kustomize/wrong-type", list.span, message)));
    }
    let reserved = metadata.and_then(|m| m.get("annotations")).and_then(Node::as_map).and_then(|m| m.entry(RESERVED));
    if let Some(entry) = reserved {
        let message = format!("the annotation `{RESERVED}` is kustomize's own");
        return Err(Box::new(
            Diagnostic::error("kustomize/reserved-annotation", entry.key_span, message).with_help("remove it"),
        ));
    }
    Ok(())
}

/// The resource of a configuration that stands in a kustomization file itself.
pub(crate) fn inline(layer: &Layer, node: Node, by: Span) -> Resource {
    let mut resource = Resource::new(node, layer.step(Action::Read, by));
    resource.provenance.origin = crate::provenance::Place::file(layer, &layer.file_name);
    resource
}
