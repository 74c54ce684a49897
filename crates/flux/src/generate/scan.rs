//! A kustomization for a directory that has none: every manifest below it, and every subdirectory that has its own.

use source::{Diagnostic, Files, Kind, Span, TreePath};
use yaml::{List, Map, Node};

/// Files that one directory tree may have.
const FILES: usize = 200_000;

/// Lists manifests in the order of a walk by name. A subdirectory with a kustomization file is listed instead of what
/// is in it. Without any manifest the result builds nothing.
pub(super) fn generate(files: &dyn Files, directory: &TreePath, span: Span) -> Result<Node, Box<Diagnostic>> {
    let mut resources = List::new();
    let mut seen = 0;
    let mut open = vec![(directory.clone(), Kind::Directory)];
    while let Some((path, kind)) = open.pop() {
        let text = || Node::new(span, format!("./{}", below(&path, directory)));
        if kind == Kind::File {
            if path.file_name().ends_with(".yaml") || path.file_name().ends_with(".yml") {
                resources.push(text());
            }
            continue;
        }
        if path != *directory && super::find(files, &path).is_some() {
            resources.push(text());
            continue;
        }
        let entries = files.list(&path).map_err(|error| {
            let message = format!("the directory `{}` can not be read: {error}", files.display(&path));
            Box::new(Diagnostic::error("flux/missing-path", span, message))
        })?;
        seen += entries.len();
        if seen > FILES {
            let message = format!("more than {FILES} files are below `{}`", files.display(directory));
            return Err(Box::new(
                Diagnostic::error("flux/too-many-files", span, message).with_help("point `spec.path` at the manifests"),
            ));
        }
        for entry in entries.iter().rev() {
            // A linked directory is not walked into; a linked file is read.
            let kind = entry.kind.filter(|kind| *kind == Kind::File || !entry.link);
            if let (Some(kind), Some(path)) = (kind, path.join(&entry.name)) {
                open.push((path, kind));
            }
        }
    }
    let mut content: Map = [("apiVersion", "kustomize.config.k8s.io/v1beta1"), ("kind", "Kustomization")]
        .into_iter()
        .map(|(key, text)| (key, Node::new(span, text)))
        .collect();
    if resources.is_empty() {
        // Keeps kustomize from calling the kustomization empty.
        content.insert("namespace", Node::new(span, "_placeholder"));
    } else {
        content.insert("resources", Node::new(span, resources));
    }
    Ok(Node::new(span, content))
}

fn below<'a>(path: &'a TreePath, directory: &TreePath) -> &'a str {
    path.as_str().strip_prefix(directory.as_str()).unwrap_or_default().trim_start_matches('/')
}
