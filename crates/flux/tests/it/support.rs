//! Short ways from files to objects.

#![expect(clippy::unwrap_used, reason = "a test that cannot read its own data fails")]

use std::path::Path;
use std::sync::Arc;

use flux::facts::DataObjects;
use flux::{generate, substitute};
use kustomize::{LoadRestrictor, Memo, Options, Reorder};
use object::Object;
use source::{Diagnostic, Files, Sources, TreePath};
use yaml::{Dialect, Limits, Node};

/// The text of a file on disk.
#[expect(clippy::disallowed_methods, reason = "what a tool printed stands beside the trees that are built")]
pub(crate) fn on_disk(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap()
}

/// The documents of a file in a tree.
pub(crate) fn documents(files: &dyn Files, sources: &Sources, path: &str) -> Vec<Node> {
    let file = files.read(&TreePath::new(path).unwrap()).unwrap();
    let id = sources.add_file(&file);
    let documents = yaml::read(id, &file.bytes, Dialect::Kubernetes, &Limits::default()).unwrap();
    documents.into_iter().filter(|node| !node.is_null()).collect()
}

/// The documents of a text.
pub(crate) fn parsed(sources: &Sources, name: &str, text: &str) -> Vec<Node> {
    let id = sources.add(name, text);
    let documents = yaml::read(id, text.as_bytes(), Dialect::Kubernetes, &Limits::default()).unwrap();
    documents.into_iter().filter(|node| !node.is_null()).collect()
}

/// Builds a directory as Flux does for a Kustomization object: overlay, build, substitution, common metadata.
pub(crate) fn build(
    files: &dyn Files,
    sources: &Sources,
    directory: &str,
    kustomization: Option<&Node>,
    data: &DataObjects,
    strict: bool,
) -> Result<Vec<Object>, Vec<Diagnostic>> {
    let directory = TreePath::new(directory).unwrap();
    let generated = generate::entry(files, sources, &directory, kustomization)?;
    let mut options = Options::new(LoadRestrictor::None);
    options.reorder = Some(Reorder::None);
    let built = kustomize::build(files, sources, &Memo::new(), &generated.entry, &options)?;
    let mut objects = built.objects;
    let Some(kustomization) = kustomization else { return Ok(objects) };
    let layer: Arc<str> = "Kustomization".into();
    if let Some(variables) = substitute::variables(kustomization, &|kind, ns, name| data.lookup(kind, ns, name)) {
        let findings = substitute::substitute(sources, &mut objects, &variables, strict, &layer);
        if findings.iter().any(Diagnostic::is_error) {
            return Err(findings);
        }
    }
    generate::common_metadata(&mut objects, kustomization, &layer);
    Ok(objects)
}

/// Objects as kustomize prints them.
pub(crate) fn printed(objects: &[Object]) -> String {
    objects.iter().map(|object| yaml::to_yaml(&object.node)).collect::<Vec<_>>().join("---\n")
}

/// Messages of findings, one a line.
pub(crate) fn messages(findings: &[Diagnostic]) -> String {
    findings.iter().map(|finding| format!("{}: {}", finding.rule, finding.message)).collect::<Vec<_>>().join("\n")
}

/// A value as JSON.
pub(crate) fn on_one_line(node: &Node) -> String {
    yaml::to_json(node)
}
