//! From a directory to its kustomization file, and what keeps layers from including each other for ever.

use std::sync::Arc;

use source::{Diagnostic, Kind, Span, TreePath};
use yaml::{Dialect, Node, Value};

use crate::context::{Context, Layer, Reported};
use crate::kustomization::Kustomization;
use crate::load;

/// Names that a kustomization file may have.
const FILE_NAMES: [&str; 3] = ["kustomization.yaml", "kustomization.yml", "Kustomization"];

/// The layers that led here, innermost first.
pub(crate) struct Chain<'a> {
    pub(crate) directory: &'a TreePath,
    pub(crate) user: Option<&'a Chain<'a>>,
    pub(crate) depth: usize,
}

impl Chain<'_> {
    /// Whether one of the layers lives in `directory` or below it, so that including it would never end.
    pub(crate) fn would_cycle(&self, directory: &TreePath) -> Option<&TreePath> {
        if self.directory.is_within(directory) {
            return Some(self.directory);
        }
        self.user.and_then(|user| user.would_cycle(directory))
    }
}

/// Whether kustomize would fetch this instead of looking at the disk, as `api/internal/git/repospec.go` of v5.8.1 says.
pub(crate) fn is_remote(path: &str) -> bool {
    let path = path.strip_prefix("git::").unwrap_or(path);
    let lower = path.to_ascii_lowercase();
    let schemes = ["https://", "http://", "ssh://", "file://", "git@"];
    let user = lower.split_once('@').is_some_and(|(user, rest)| {
        !user.is_empty() && user.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-') && rest.contains(':')
    });
    let github = lower.strip_prefix("www.").unwrap_or(&lower).strip_prefix("github.com");
    let github = github.and_then(|rest| rest.strip_prefix(['/', ':']));
    user || schemes.iter().any(|scheme| lower.starts_with(scheme))
        || github.is_some_and(|rest| rest.split('/').filter(|part| !part.is_empty()).count() >= 2)
}

/// The directory at `path`, with links resolved, that a layer includes.
pub(crate) fn directory(
    context: &Context<'_>,
    chain: &Chain<'_>,
    path: &str,
    span: Span,
) -> Result<TreePath, Box<Diagnostic>> {
    let error = |rule, message: String| Box::new(Diagnostic::error(rule, span, message));
    if is_remote(path) {
        return Err(Box::new(load::remote(path, span)));
    }
    if path.is_empty() {
        return Err(error("kustomize/missing-directory", "the path of a base is empty".to_owned()));
    }
    if path.starts_with('/') {
        let message = format!("`{path}` is an absolute path");
        return Err(Box::new(
            error("kustomize/missing-directory", message).with_help("write it relative to this file"),
        ));
    }
    let missing = |why: &str| {
        Box::new(
            Diagnostic::error("kustomize/missing-directory", span, format!("cannot build `{path}`: {why}"))
                .with_note(format!("paths start at `{}`", context.display(chain.directory))),
        )
    };
    let joined = chain.directory.join(path).ok_or_else(|| missing("the path leads out of the tree"))?;
    let (real, kind) = context.files.resolve(&joined).map_err(|error| missing(&error.to_string()))?;
    if kind == Kind::File {
        return Err(missing("is not a directory"));
    }
    if let Some(inner) = chain.would_cycle(&real) {
        return Err(Box::new(error("kustomize/cycle", format!("`{path}` includes itself")).with_note(format!(
            "`{}` contains `{}`",
            context.display(&real),
            context.display(inner)
        ))));
    }
    if chain.depth >= context.options.limits.depth {
        let message = format!("more than {} kustomizations include each other", context.options.limits.depth);
        return Err(error("kustomize/too-deep", message));
    }
    Ok(real)
}

/// The layer of a directory with a kustomization file.
pub(crate) fn open(
    context: &Context<'_>,
    directory: &TreePath,
    route: Option<String>,
    span: Span,
) -> Result<Layer, Reported> {
    let read =
        |name: &str| load::file_from(context, directory, name, span).ok().map(|loaded| (name.to_owned(), loaded));
    let mut found = FILE_NAMES.iter().filter_map(|name| read(name));
    let display = || context.display(directory);
    let Some((file_name, loaded)) = found.next() else {
        let message = format!("no kustomization file in `{}`", display());
        let diagnostic = Diagnostic::error("kustomize/missing-kustomization", span, message);
        return Err(context.fail(diagnostic.with_help(format!("make one of {}", FILE_NAMES.join(", ")))));
    };
    if let Some((second, other)) = found.next() {
        let span = span.or(Span::new(other.id, 0, 0));
        let message = format!("both `{file_name}` and `{second}` are in `{}`", display());
        let diagnostic = Diagnostic::error("kustomize/several-kustomizations", span, message);
        return Err(context.fail(diagnostic.with_help("keep one")));
    }
    let documents = load::documents(context, &loaded, Dialect::Kubernetes).map_err(|error| context.fail(error))?;
    // Only the first document of a kustomization file counts.
    let empty = Node::new(Span::new(loaded.id, 0, 0), Value::Null);
    let kustomization = Kustomization::read(context, documents.first().unwrap_or(&empty))?;
    Ok(Layer {
        directory: directory.clone(),
        name: loaded.file.name.clone(),
        file_name: file_name.into(),
        route,
        inherited_namespace: None,
        kustomization,
    })
}

/// The layer of a kustomization that the caller made.
pub(crate) fn inline(context: &Context<'_>, directory: &TreePath, node: &Node) -> Result<Layer, Reported> {
    let kustomization = Kustomization::read(context, node)?;
    let file_name: Arc<str> = FILE_NAMES[0].into();
    let path = directory.join(&file_name).unwrap_or_else(|| directory.clone());
    let name = context.files.display(&path).into();
    Ok(Layer { directory: directory.clone(), name, file_name, route: None, inherited_namespace: None, kustomization })
}
