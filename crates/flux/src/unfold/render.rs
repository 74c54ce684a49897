//! One Kustomization from its files to the objects that Flux would apply, in the order of kustomize-controller's
//! `build` (v1.9.4): generate, build, substitute, common metadata.

use std::sync::Arc;

use kustomize::{LoadRestrictor, Memo, Reorder};
use object::{Action, Object};
use source::{Diagnostic, Files, FilesError, Kind, Sources, Span, TreePath};
use yaml::{Map, Node};

use crate::charts::Charts;
use crate::facts::DataObjects;
use crate::fields::{flag, items, span, text};
use crate::generate;
use crate::identity::Scopes;
use crate::mirror::Mirror;
use crate::near::{listed, near};
use crate::request::Options;
use crate::substitute;
use crate::unfold::job::{Job, path};
use crate::unit::Release;

/// What all builds of a run share.
pub(crate) struct Shared<'r> {
    pub(crate) sources: &'r Sources,
    pub(crate) memo: &'r Memo,
    pub(crate) data: &'r DataObjects,
    pub(crate) scopes: &'r Scopes,
    pub(crate) mirrors: &'r [Mirror<'r>],
    pub(crate) charts: &'r Charts,
    pub(crate) templates: &'r helm::Memo,
    pub(crate) options: &'r Options,
}

/// What a build gave: no objects when anything failed.
#[derive(Debug, Default)]
pub(crate) struct Built {
    pub(crate) objects: Vec<Object>,
    pub(crate) diagnostics: Vec<Diagnostic>,
    pub(crate) failed: bool,
    /// Why it was not rendered, though nothing about it is wrong.
    pub(crate) not_rendered: Option<String>,
    /// For a HelmRelease: the release.
    pub(crate) release: Option<Release>,
    /// Objects in which something is random, and the same as another draw makes them.
    pub(crate) redrawn: Vec<Object>,
}

impl Built {
    fn failed(diagnostics: Vec<Diagnostic>) -> Self {
        Self { diagnostics, failed: true, ..Self::default() }
    }
}

/// Builds one unit from the files of its source. `whole` are the files before ignore rules, where they are at hand: only
/// to say why a path is missing.
pub(crate) fn build(
    job: &Job,
    files: &dyn Files,
    whole: Option<&dyn Files>,
    directory: &TreePath,
    shared: &Shared<'_>,
) -> Built {
    let place = job.node().map_or(job.span, |node| span(node, &["spec", "path"]));
    match files.resolve(directory) {
        Ok((_, Kind::Directory)) => {}
        Ok((_, Kind::File)) => {
            let message = format!("`{}` is a file, and Flux builds directories", directory.relative());
            return Built::failed(vec![Diagnostic::error("flux/path-not-found", place, message)]);
        }
        Err(error) => {
            return Built::failed(vec![path_not_found(job, files, whole, directory, place, &error)]);
        }
    }
    let layer: Arc<str> = job.id.to_string().into();
    let generated = match generate::entry(files, shared.sources, directory, job.node()) {
        Ok(generated) => generated,
        Err(diagnostics) => return Built::failed(diagnostics),
    };
    let mut options = kustomize::Options::new(LoadRestrictor::None);
    options.reorder = Some(Reorder::None);
    let mut built = Built { diagnostics: generated.diagnostics, ..Built::default() };
    match kustomize::build(files, shared.sources, shared.memo, &generated.entry, &options) {
        Ok(output) => {
            built.objects = output.objects;
            built.diagnostics.extend(output.diagnostics.into_iter().filter(|finding| !is_inherited(job, finding)));
        }
        Err(diagnostics) => {
            built.diagnostics.extend(diagnostics);
            return Built::failed(built.diagnostics);
        }
    }
    if let Some(node) = job.node() {
        after_build(node, &mut built, shared, &layer);
    }
    built.failed |= built.diagnostics.iter().any(Diagnostic::is_error);
    if built.failed {
        built.objects.clear();
    } else if built.objects.is_empty() {
        built.diagnostics.push(empty(job, directory, place));
    }
    if shared.options.owner_labels {
        own(job, &mut built.objects, &layer);
    }
    built
}

/// What the controller does to objects that are built already.
fn after_build(node: &Node, built: &mut Built, shared: &Shared<'_>, layer: &Arc<str>) {
    let lookup = |kind, namespace: &str, name: &str| shared.data.lookup(kind, namespace, name);
    if let Some(variables) = substitute::variables(node, &lookup) {
        let strict = shared.options.strict_substitution;
        built.diagnostics.extend(substitute::substitute(shared.sources, &mut built.objects, &variables, strict, layer));
    }
    generate::common_metadata(&mut built.objects, node, layer);
}

/// Whether a patch that matches nothing was put into the Kustomization by its parent. A parent gives all its children the
/// same patches, and not every child has every kind of object.
fn is_inherited(job: &Job, finding: &Diagnostic) -> bool {
    let Some(definition) = &job.definition else { return false };
    let covers = |patch: &Node| {
        let (outer, inner) = (patch.span, finding.span);
        outer.file() == inner.file() && outer.start() <= inner.start() && inner.end() <= outer.end()
    };
    finding.rule == "kustomize/patch-matches-nothing"
        && items(&definition.node, &["spec", "patches"])
            .any(|patch| patch.span.file() != definition.origin.span.file() && covers(patch))
}

fn path_not_found(
    job: &Job,
    files: &dyn Files,
    whole: Option<&dyn Files>,
    directory: &TreePath,
    place: Span,
    error: &FilesError,
) -> Diagnostic {
    let written = if job.node().is_some() { job.text(&["spec", "path"]) } else { directory.relative() };
    if whole.is_some_and(|whole| whole.resolve(directory).is_ok()) {
        return Diagnostic::error(
            "flux/path-not-found",
            place,
            format!("`{written}` is in the repository but not in the artifact that Flux builds from"),
        )
        .with_help("ignore rules leave it out: look at `.sourceignore` and at `spec.ignore` of the source");
    }
    let message = match error {
        FilesError::Missing => format!("the path `{written}` does not exist in the source"),
        error => format!("the path `{written}` can not be used: {error}"),
    };
    let mut diagnostic = Diagnostic::error("flux/path-not-found", place, message);
    // The first part that is missing, and what is there in its place.
    let mut at = TreePath::root();
    for part in directory.parts() {
        let Some(next) = at.join(part) else { break };
        if files.resolve(&next).is_ok() {
            at = next;
            continue;
        }
        let there: Vec<String> = files.list(&at).unwrap_or_default().into_iter().map(|entry| entry.name).collect();
        let names = near(part, there.iter().map(String::as_str));
        let at = if at.is_root() { "the root of the source".to_owned() } else { format!("`{}`", at.relative()) };
        diagnostic = diagnostic.with_note(format!("there is no `{part}` in {at}"));
        if let Some(names) = listed(&names) {
            diagnostic = diagnostic.with_help(format!("did you mean {names}?"));
        }
        break;
    }
    diagnostic
}

/// Nothing to apply: with `prune` everything that the Kustomization applied before would be deleted.
fn empty(job: &Job, directory: &TreePath, place: Span) -> Diagnostic {
    let path = if directory.is_root() { "the root of the source" } else { directory.relative() };
    if job.node().is_some_and(|node| flag(node, &["spec", "prune"])) {
        Diagnostic::error("flux/empty-render", place, format!("`{path}` renders no objects at all"))
            .with_note("with `prune: true` Flux deletes everything that it applied from here before")
            .with_help("if that is what you want, delete the Kustomization instead")
    } else {
        Diagnostic::warning("flux/empty-render", place, format!("`{path}` renders no objects at all"))
    }
}

/// The labels by which kustomize-controller knows its own objects again.
fn own(job: &Job, objects: &mut [Object], layer: &Arc<str>) {
    for object in objects {
        for (key, value) in [("name", &job.id.name), ("namespace", &job.id.namespace)] {
            let key = format!("kustomize.toolkit.fluxcd.io/{key}");
            let label = Node::new(job.span, value.clone());
            if let Some(labels) = object.node.make_path(&["metadata", "labels"], job.span) {
                if labels.is_null() {
                    *labels = Node::new(job.span, Map::new());
                }
                if let Some(labels) = labels.as_map_mut() {
                    labels.insert(key.as_str(), label);
                }
            }
        }
        object.record(Action::Labelled, job.span, layer);
    }
}

/// The directory of a unit: `spec.path`, or for a directory entry the entry itself.
pub(crate) fn directory(job: &Job, entry: &str) -> TreePath {
    job.node().map_or_else(|| path(entry), |node| path(text(node, &["spec", "path"])))
}
