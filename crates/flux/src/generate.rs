//! The kustomization that Flux builds: the file of a directory, or one that lists its manifests where there is none, with
//! the overlay of a Kustomization object put into it (fluxcd/pkg `kustomize/kustomize_generator.go`, v1).
//!
//! Fields of the overlay keep their places in the Kustomization object, so a name prefix or a patch leads there.

use std::sync::Arc;

use kustomize::Entry;
use object::{Action, Object};
use source::{Diagnostic, Files, Kind, Sources, Span, TreePath};
use yaml::{Dialect, DuplicateKeys, Limits, Map, Node, ReadOptions, Value};

mod overlay;
mod scan;

pub use overlay::is_local_path;
pub(crate) use overlay::{images, patches};

/// Names of kustomization files, in kustomize's order.
const FILE_NAMES: [&str; 3] = ["kustomization.yaml", "kustomization.yml", "Kustomization"];

/// What Flux's copy of the `Kustomization` type knows; other fields are lost when it writes the file again.
const FIELDS: &[&str] = &[
    "apiVersion",
    "kind",
    "metadata",
    "openapi",
    "namePrefix",
    "nameSuffix",
    "namespace",
    "commonLabels",
    "labels",
    "commonAnnotations",
    "patchesStrategicMerge",
    "patchesJson6902",
    "patches",
    "images",
    "imageTags",
    "replacements",
    "replicas",
    "vars",
    "sortOptions",
    "resources",
    "components",
    "crds",
    "bases",
    "configMapGenerator",
    "secretGenerator",
    "helmGlobals",
    "helmCharts",
    "helmChartInflationGenerator",
    "generatorOptions",
    "configurations",
    "generators",
    "transformers",
    "validators",
    "buildMetadata",
];

/// What to build, and what Flux drops on the way without a word.
#[derive(Clone, Debug)]
pub struct Generated {
    /// The kustomization.
    pub entry: Entry,
    /// Warnings.
    pub diagnostics: Vec<Diagnostic>,
}

/// The kustomization for a directory as Flux makes it. `kustomization` is the Flux object; without one nothing is put
/// over the directory's own.
///
/// # Errors
/// Diagnostics when the directory or its kustomization file can not be read, or the overlay is refused.
pub fn entry(
    files: &dyn Files,
    sources: &Sources,
    directory: &TreePath,
    kustomization: Option<&Node>,
) -> Result<Generated, Vec<Diagnostic>> {
    let path_span = kustomization.map_or(Span::DETACHED, |object| {
        let path = object.at(&["spec", "path"]).or_else(|| object.get("spec"));
        path.unwrap_or(object).span
    });
    match files.resolve(directory) {
        Ok((_, Kind::Directory)) => {}
        Ok((_, Kind::File)) => return Err(vec![not_a_directory(files, directory, path_span)]),
        Err(error) => {
            let message = format!("the path `{}` can not be read: {error}", files.display(directory));
            return Err(vec![Diagnostic::error("flux/missing-path", path_span, message)]);
        }
    }
    let mut diagnostics = Vec::new();
    let mut content = match find(files, directory) {
        Some(path) => {
            let mut content = read(files, sources, &path).map_err(|error| vec![*error])?;
            drop_unknown(&mut content, &mut diagnostics);
            if content.get("resources").and_then(Node::as_list).is_none_or(|list| list.is_empty()) {
                // Keeps upstream's kustomize from calling the file empty, and replaces the file's own choice.
                let metadata = Node::new(content.span, "originAnnotations");
                set(&mut content, "buildMetadata", Node::new(metadata.span, yaml::List::from_iter([metadata])));
            }
            content
        }
        None => scan::generate(files, directory, path_span).map_err(|error| vec![*error])?,
    };
    if let Some(spec) = kustomization.and_then(|object| object.get("spec")) {
        overlay::apply(&mut content, spec, files, directory)?;
    }
    Ok(Generated { entry: Entry::Inline { directory: directory.clone(), kustomization: content }, diagnostics })
}

fn not_a_directory(files: &dyn Files, path: &TreePath, span: Span) -> Diagnostic {
    Diagnostic::error("flux/missing-path", span, format!("the path `{}` is a file", files.display(path)))
        .with_help("name the directory that holds the manifests")
}

/// The kustomization file of a directory.
fn find(files: &dyn Files, directory: &TreePath) -> Option<TreePath> {
    FILE_NAMES
        .iter()
        .filter_map(|name| directory.join(name))
        .find(|path| matches!(files.resolve(path), Ok((_, Kind::File))))
}

fn read(files: &dyn Files, sources: &Sources, path: &TreePath) -> Result<Node, Box<Diagnostic>> {
    let file = files.read(path).map_err(|error| {
        let message = format!("`{}` can not be read: {error}", files.display(path));
        Box::new(Diagnostic::error("flux/missing-path", Span::DETACHED, message))
    })?;
    let id = sources.add_file(&file);
    let options = ReadOptions {
        dialect: Dialect::Kubernetes,
        limits: Limits::default(),
        duplicate_keys: DuplicateKeys::LastWins,
    };
    let content = yaml::read_first(id, &file.bytes, &options)?;
    match &content.value {
        Value::Map(_) => Ok(content),
        Value::Null => Ok(Node::new(content.span, Map::new())),
        other => {
            let message = format!("a kustomization must be a map, found {}", other.type_name());
            Err(Box::new(Diagnostic::error("kustomize/wrong-type", content.span, message)))
        }
    }
}

fn drop_unknown(content: &mut Node, diagnostics: &mut Vec<Diagnostic>) {
    let Some(fields) = content.as_map_mut() else { return };
    for field in fields.iter().filter(|field| !FIELDS.contains(&&*field.key)) {
        let names = crate::near::near(&field.key, FIELDS.iter().copied());
        let mut found = Diagnostic::warning(
            "flux/dropped-field",
            field.key_span,
            format!("Flux drops the field `{}`, which kustomize does not know", field.key),
        );
        if let Some(listed) = crate::near::listed(&names) {
            found = found.with_help(format!("did you mean {listed}?"));
        }
        diagnostics.push(found);
    }
    fields.retain(|field| FIELDS.contains(&&*field.key));
}

fn set(content: &mut Node, field: &str, node: Node) {
    if let Some(fields) = content.as_map_mut() {
        fields.insert(field, node);
    }
}

/// Puts `spec.commonMetadata` on objects, as kustomize-controller does to what it is about to apply: after build and
/// substitution, and over labels and annotations that are there.
pub fn common_metadata(objects: &mut [Object], kustomization: &Node, layer: &Arc<str>) {
    let Some(metadata) = kustomization.at(&["spec", "commonMetadata"]) else { return };
    for (field, action) in [("labels", Action::Labelled), ("annotations", Action::Annotated)] {
        let Some(wanted) = metadata.get(field).and_then(Node::as_map).filter(|fields| !fields.is_empty()) else {
            continue;
        };
        for object in objects.iter_mut() {
            let Some(target) = object.node.make_path(&["metadata", field], metadata.span) else { continue };
            if target.is_null() {
                *target = Node::new(metadata.span, Map::new());
            }
            let Some(fields) = target.as_map_mut() else { continue };
            for entry in wanted {
                fields.insert(entry.key.clone(), entry.node.clone());
            }
            object.record(action, metadata.span, layer);
        }
    }
}
