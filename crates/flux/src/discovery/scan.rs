//! Flux objects in files, found without building anything: a quick look that decides where building starts.

use source::{Files, Kind, Sources, Span, TreePath};
use yaml::{Dialect, Limits, Node};

use crate::fields::{items, text};

/// Directory entries that are looked at before the look ends early.
const MAX_ENTRIES: usize = 200_000;
/// Nesting of directories.
const MAX_DEPTH: usize = 48;
/// A larger file is not one that a person writes Flux objects into.
const MAX_FILE: usize = 4 << 20;

/// What an object points Flux at.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum PointerKind {
    /// A Flux Kustomization.
    Kustomization,
    /// A FluxInstance or the values of its chart.
    Instance,
    /// A `from` of an ArtifactGenerator: says which directories the repository has, but is no entry.
    Generator,
}

/// An object that names a directory of the repository.
#[derive(Clone, Debug)]
pub(super) struct Pointer {
    pub(super) kind: PointerKind,
    pub(super) namespace: String,
    pub(super) name: String,
    /// The file that holds the object.
    pub(super) file: TreePath,
    /// The directory that the object names, relative to the root of its source.
    pub(super) path: String,
    /// `spec.sourceRef.kind`; empty where there is none.
    pub(super) source_kind: String,
    /// `spec.sourceRef.name`.
    pub(super) source_name: String,
    /// Whether the file also defines that source.
    pub(super) source_beside: bool,
    pub(super) span: Span,
    /// The object.
    pub(super) node: Node,
}

impl Pointer {
    /// Whether it is written as `flux bootstrap` writes it: beside its source, or with the name that it gives.
    pub(super) fn is_bootstrapped(&self) -> bool {
        self.source_beside || self.name == "flux-system"
    }

    /// Whether `path` starts at the root of a repository, rather than of a composed artifact, and says more than that root.
    pub(super) fn names_repository_path(&self) -> bool {
        self.source_kind != "ExternalArtifact" && !self.path.trim_matches(['.', '/']).is_empty()
    }
}

/// Looks through the YAML files at and below `at`.
pub(super) fn scan(files: &dyn Files, sources: &Sources, at: &TreePath) -> Vec<Pointer> {
    let mut found = Vec::new();
    let mut left = MAX_ENTRIES;
    directory(files, sources, at, MAX_DEPTH, &mut left, &mut found);
    found
}

fn directory(
    files: &dyn Files,
    sources: &Sources,
    at: &TreePath,
    depth: usize,
    left: &mut usize,
    found: &mut Vec<Pointer>,
) {
    let Some(depth) = depth.checked_sub(1) else { return };
    let Ok(entries) = files.list(at) else { return };
    for entry in entries {
        let Some(next) = left.checked_sub(1) else { return };
        *left = next;
        let Some(path) = at.join(&entry.name) else { continue };
        match entry.kind {
            Some(Kind::Directory) if !entry.link && !matches!(&*entry.name, ".git" | "node_modules" | ".terraform") => {
                directory(files, sources, &path, depth, left, found);
            }
            Some(Kind::File) if is_yaml(&entry.name) => file(files, sources, &path, found),
            _ => {}
        }
    }
}

pub(super) fn is_yaml(name: &str) -> bool {
    name.ends_with(".yaml") || name.ends_with(".yml")
}

/// Objects of the one file that point somewhere. A file that cannot be read as YAML points nowhere: charts and
/// templates lie in repositories too, and what Flux would build of them is reported by the build.
fn file(files: &dyn Files, sources: &Sources, path: &TreePath, found: &mut Vec<Pointer>) {
    let Ok(file) = files.read(path) else { return };
    if file.bytes.len() > MAX_FILE || !std::str::from_utf8(&file.bytes).is_ok_and(may_point) {
        return;
    }
    let limits = Limits { bytes: MAX_FILE, ..Limits::default() };
    let Ok(documents) = yaml::read(sources.add_file(&file), &file.bytes, Dialect::Kubernetes, &limits) else { return };
    let first = found.len();
    documents.iter().for_each(|document| pointers(document, path, found));
    for pointer in found.iter_mut().skip(first) {
        pointer.source_beside = documents.iter().any(|document| {
            text(document, &["kind"]) == pointer.source_kind
                && text(document, &["metadata", "name"]) == pointer.source_name
                && text(document, &["apiVersion"]).starts_with("source.toolkit.fluxcd.io/")
        });
    }
}

fn may_point(text: &str) -> bool {
    ["kustomize.toolkit.fluxcd.io/v", "fluxcd.controlplane.io/v", "source.extensions.fluxcd.io/v", "flux-instance"]
        .iter()
        .any(|part| text.contains(part))
}

fn pointers(document: &Node, file: &TreePath, found: &mut Vec<Pointer>) {
    let mut push = |kind, path: &str, span: Span| {
        found.push(Pointer {
            kind,
            namespace: text(document, &["metadata", "namespace"]).to_owned(),
            name: text(document, &["metadata", "name"]).to_owned(),
            file: file.clone(),
            path: path.to_owned(),
            source_kind: text(document, &["spec", "sourceRef", "kind"]).to_owned(),
            source_name: text(document, &["spec", "sourceRef", "name"]).to_owned(),
            source_beside: false,
            span,
            node: document.clone(),
        });
    };
    let (group, _) = object::split_api_version(text(document, &["apiVersion"]));
    match (group, text(document, &["kind"])) {
        // A Kustomization without a source is a patch for one.
        ("kustomize.toolkit.fluxcd.io", "Kustomization") if document.at(&["spec", "sourceRef"]).is_some() => {
            push(PointerKind::Kustomization, text(document, &["spec", "path"]), document.span);
        }
        ("fluxcd.controlplane.io", "FluxInstance") => {
            if let Some(path) = document.at(&["spec", "sync", "path"]) {
                push(PointerKind::Instance, path.as_str().unwrap_or_default(), path.span);
            }
        }
        // The chart of the same name makes a FluxInstance of `values.instance`.
        ("helm.toolkit.fluxcd.io", "HelmRelease") if installs_flux_instance(document) => {
            if let Some(path) = document.at(&["spec", "values", "instance", "sync", "path"]) {
                push(PointerKind::Instance, path.as_str().unwrap_or_default(), path.span);
            }
        }
        ("source.extensions.fluxcd.io", "ArtifactGenerator") => {
            let copies = items(document, &["spec", "artifacts"]).flat_map(|artifact| items(artifact, &["copy"]));
            for from in copies.filter_map(|copy| copy.get("from")) {
                let pattern = from.as_str().unwrap_or_default().split_once('/').map_or("", |(_, pattern)| pattern);
                let literal: Vec<&str> =
                    pattern.split('/').take_while(|part| !part.contains(['*', '?', '[', '{'])).collect();
                push(PointerKind::Generator, &literal.join("/"), from.span);
            }
        }
        _ => {}
    }
}

fn installs_flux_instance(release: &Node) -> bool {
    text(release, &["spec", "chart", "spec", "chart"]) == "flux-instance"
        || text(release, &["spec", "chartRef", "name"]) == "flux-instance"
}
