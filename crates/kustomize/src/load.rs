//! Finding and reading the files that a kustomization names.

use std::sync::Arc;

use source::{Diagnostic, File, FileId, FilesError, Kind, Span, TreePath};
use yaml::{Dialect, DuplicateKeys, Node, ReadOptions};

use crate::LoadRestrictor;
use crate::context::{Context, Layer};
use crate::decode::Text;

/// A file that was read.
#[derive(Clone, Debug)]
pub(crate) struct Loaded {
    pub(crate) file: Arc<File>,
    pub(crate) id: FileId,
}

/// Whether the text is the address of something that is not in the tree.
pub(crate) fn is_url(path: &str) -> bool {
    path.starts_with("https://") || path.starts_with("http://")
}

/// Reads the file at `path`, which starts at the layer's directory.
pub(crate) fn file(context: &Context<'_>, layer: &Layer, path: &Text) -> Result<Loaded, Box<Diagnostic>> {
    file_from(context, &layer.directory, path.as_str(), path.span)
}

/// Reads the file at `path`, which starts at `directory`.
pub(crate) fn file_from(
    context: &Context<'_>,
    directory: &TreePath,
    path: &str,
    span: Span,
) -> Result<Loaded, Box<Diagnostic>> {
    if is_url(path) {
        return Err(Box::new(remote(path, span)));
    }
    let unreadable = |why: &str| {
        Box::new(
            Diagnostic::error("kustomize/unreadable-file", span, format!("cannot read `{path}`: {why}"))
                .with_note(format!("paths start at `{}`", context.display(directory))),
        )
    };
    let joined = if path.starts_with('/') { TreePath::new(path) } else { directory.join(path) };
    let Some(joined) = joined else { return Err(unreadable("the path leads out of the tree")) };
    let (real, kind) = context.files.resolve(&joined).map_err(|error| unreadable(&error.to_string()))?;
    if kind == Kind::Directory {
        return Err(unreadable(&FilesError::IsDirectory.to_string()));
    }
    let inside = real.parent().is_some_and(|parent| parent.is_within(directory));
    if context.options.load_restrictor == LoadRestrictor::RootOnly && !inside {
        return Err(Box::new(
            Diagnostic::error(
                "kustomize/file-outside-root",
                span,
                format!("`{path}` is not in or below `{}`", context.display(directory)),
            )
            .with_help(
                "move the file, make its directory a base, or build with `--load-restrictor LoadRestrictionsNone`",
            ),
        ));
    }
    let file = context.files.read(&real).map_err(|error| unreadable(&error.to_string()))?;
    let id = context.sources.add_file(&file);
    Ok(Loaded { file, id })
}

/// The documents of a file, parsed once per run.
pub(crate) fn documents(
    context: &Context<'_>,
    loaded: &Loaded,
    dialect: Dialect,
) -> Result<Arc<Vec<Node>>, Box<Diagnostic>> {
    let parse = || match read(context, loaded.id, &loaded.file.bytes, dialect) {
        Ok(documents) => Ok(Arc::new(documents)),
        Err(diagnostic) => Err(Arc::new(*diagnostic)),
    };
    context.memo.documents(loaded.id, dialect, parse).map_err(|diagnostic| Box::new(Diagnostic::clone(&diagnostic)))
}

/// What is said about something that would have to be fetched.
pub(crate) fn remote(path: &str, span: Span) -> Diagnostic {
    Diagnostic::error(
        "kustomize/remote-base",
        span,
        format!("`{path}` is not in this tree, and nothing is fetched here"),
    )
    .with_help("copy it into the repository, or let Flux fetch it as a source of its own")
}

/// The documents of a text that stands inside another text.
pub(crate) fn text_documents(
    context: &Context<'_>,
    text: &Text,
    name: &str,
    dialect: Dialect,
) -> Result<Vec<Node>, Box<Diagnostic>> {
    let id = yaml::embedded(context.sources, &text.node(), name);
    registered_documents(context, id, text.as_str(), dialect)
}

/// The documents of a text that is registered already.
pub(crate) fn registered_documents(
    context: &Context<'_>,
    id: FileId,
    text: &str,
    dialect: Dialect,
) -> Result<Vec<Node>, Box<Diagnostic>> {
    read(context, id, text.as_bytes(), dialect)
}

/// Kustomization files, patches of JSON and other configuration go through a decoder that reads one document, ignores the
/// rest, and lets the last of equal keys win.
fn read(context: &Context<'_>, id: FileId, text: &[u8], dialect: Dialect) -> Result<Vec<Node>, Box<Diagnostic>> {
    let options = |duplicate_keys| ReadOptions { dialect, limits: context.options.limits.file, duplicate_keys };
    match dialect {
        Dialect::Kustomize => yaml::read_with(id, text, &options(DuplicateKeys::Refuse)),
        Dialect::Kubernetes => yaml::read_first(id, text, &options(DuplicateKeys::LastWins)).map(|node| vec![node]),
    }
}
