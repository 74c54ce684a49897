//! The `copy` operations of an ArtifactGenerator, with the semantics of `cp` that source-watcher gives them
//! (`internal/builder/builder.go`, v2.2.1).

use std::collections::BTreeMap;
use std::sync::Arc;

use source::{Diagnostic, File, Files, FilesError, Kind, Sources, Span, Tree, TreePath};
use yaml::{Dialect, Limits, Map, Node, Value};

use super::extract;
use super::glob::{is_pattern, part_matches, path_matches};

/// Nesting of directories in a source.
const MAX_DEPTH: usize = 64;
/// Nesting of mappings that are merged.
const MAX_MERGE_DEPTH: usize = 200;

/// One copy operation, with its places filled in.
#[derive(Clone, Debug)]
pub(super) struct Operation {
    pub(super) from: String,
    pub(super) from_span: Span,
    pub(super) to: String,
    pub(super) to_span: Span,
    pub(super) exclude: Vec<String>,
    pub(super) strategy: String,
}

impl Operation {
    fn is_extract(&self) -> bool {
        self.strategy == "Extract"
    }
}

/// What operations write into, and how much may still be written.
pub(super) struct Stage<'s> {
    pub(super) tree: Tree,
    pub(super) files_left: usize,
    /// Bytes that archives may still unpack to.
    pub(super) bytes_left: u64,
    pub(super) sources: &'s Sources,
}

pub(super) type Result<T> = std::result::Result<T, Box<Diagnostic>>;

/// Does one operation.
pub(super) fn copy(
    operation: &Operation,
    trees: &BTreeMap<String, Arc<dyn Files + '_>>,
    stage: &mut Stage<'_>,
) -> Result<()> {
    let from_error = |message: String| refused(operation.from_span, message);
    let (alias, pattern) = operation
        .from
        .strip_prefix('@')
        .and_then(|from| from.split_once('/'))
        .ok_or_else(|| from_error(format!("`{}` is not of the form `@alias/pattern`", operation.from)))?;
    let to = operation
        .to
        .strip_prefix("@artifact/")
        .ok_or_else(|| refused(operation.to_span, format!("`{}` does not start with `@artifact/`", operation.to)))?;
    let files = trees.get(alias).ok_or_else(|| from_error(format!("no source has the alias `{alias}`")))?.as_ref();
    let into = path(&TreePath::root(), to, operation.to_span)?;
    if is_pattern(pattern) {
        copy_matches(operation, files, alias, pattern, &into, stage)
    } else {
        copy_one(operation, files, pattern, &into, stage)
    }
}

fn copy_matches(
    operation: &Operation,
    files: &dyn Files,
    alias: &str,
    pattern: &str,
    into: &TreePath,
    stage: &mut Stage<'_>,
) -> Result<()> {
    let matches = if operation.is_extract() { extract::glob(files, pattern) } else { glob(files, pattern) };
    if matches.is_empty() {
        let message = format!("nothing in the source `{alias}` matches `{pattern}`");
        return Err(refused(operation.from_span, message));
    }
    let literal: Vec<&str> = pattern.split('/').take_while(|part| !is_pattern(part)).collect();
    let base = path(&TreePath::root(), &literal.join("/"), operation.from_span)?;
    let kept: Vec<TreePath> = matches.into_iter().filter(|found| !excluded(found, &base, &operation.exclude)).collect();
    if kept.is_empty() {
        let message = format!("everything in the source `{alias}` that matches `{pattern}` is excluded");
        return Err(refused(operation.from_span, message));
    }
    let contents_of = pattern.strip_suffix("/**").map(|prefix| format!("{prefix}/"));
    for found in kept {
        if operation.is_extract() {
            if extract::is_archive(&found) && matches!(files.resolve(&found), Ok((_, Kind::File))) {
                extract::extract(operation, files, &found, into, stage)?;
            }
            continue;
        }
        let relative = found.relative();
        let relative = contents_of.as_deref().and_then(|prefix| relative.strip_prefix(prefix)).unwrap_or(relative);
        let target = path(into, relative, operation.to_span)?;
        copy_any(operation, files, &found, &target, &base, stage)?;
    }
    Ok(())
}

fn copy_one(
    operation: &Operation,
    files: &dyn Files,
    from: &str,
    into: &TreePath,
    stage: &mut Stage<'_>,
) -> Result<()> {
    let found = path(&TreePath::root(), from, operation.from_span)?;
    let kind = match files.resolve(&found) {
        Ok((_, kind)) => kind,
        Err(error) => return Err(unreadable(operation, &found, &error)),
    };
    if operation.is_extract() && (kind == Kind::Directory || !extract::is_archive(&found)) {
        let message = format!("the strategy `Extract` needs a `.tar.gz` or `.tgz` file, and `{from}` is none");
        return Err(refused(operation.from_span, message));
    }
    if kind == Kind::Directory {
        // `@source/dir/` becomes a directory of that name below the destination, as `cp -r` does it.
        let target = path(into, found.file_name(), operation.to_span)?;
        return copy_any(operation, files, &found, &target, &found, stage);
    }
    if excluded(&found, &TreePath::root(), &operation.exclude) {
        return Ok(());
    }
    if operation.is_extract() {
        return extract::extract(operation, files, &found, into, stage);
    }
    let is_directory = operation.to.ends_with('/') || matches!(stage.tree.resolve(into), Ok((_, Kind::Directory)));
    let target = if is_directory { path(into, found.file_name(), operation.to_span)? } else { into.clone() };
    copy_any(operation, files, &found, &target, &TreePath::root(), stage)
}

fn copy_any(
    operation: &Operation,
    files: &dyn Files,
    from: &TreePath,
    to: &TreePath,
    base: &TreePath,
    stage: &mut Stage<'_>,
) -> Result<()> {
    match files.resolve(from) {
        Ok((_, Kind::Directory)) => copy_directory(operation, files, from, to, base, MAX_DEPTH, stage),
        Ok((_, Kind::File)) => {
            let merge = operation.strategy == "Merge" && stage.tree.resolve(to).is_ok();
            copy_file(operation, files, from, to, merge, stage)
        }
        Err(error) => Err(unreadable(operation, from, &error)),
    }
}

fn copy_directory(
    operation: &Operation,
    files: &dyn Files,
    from: &TreePath,
    to: &TreePath,
    base: &TreePath,
    depth: usize,
    stage: &mut Stage<'_>,
) -> Result<()> {
    let too_deep = || refused(operation.from_span, "directories are nested too deeply".to_owned());
    let depth = depth.checked_sub(1).ok_or_else(too_deep)?;
    let entries = files.list(from).map_err(|error| unreadable(operation, from, &error))?;
    for entry in entries {
        let found = path(from, &entry.name, operation.from_span)?;
        if excluded(&found, base, &operation.exclude) {
            continue;
        }
        let target = path(to, &entry.name, operation.to_span)?;
        match entry.kind {
            Some(Kind::Directory) => copy_directory(operation, files, &found, &target, base, depth, stage)?,
            // Inside of directories the real tool copies over existing files even when it is told to merge.
            Some(Kind::File) => copy_file(operation, files, &found, &target, false, stage)?,
            None => {}
        }
    }
    Ok(())
}

fn copy_file(
    operation: &Operation,
    files: &dyn Files,
    from: &TreePath,
    to: &TreePath,
    merge: bool,
    stage: &mut Stage<'_>,
) -> Result<()> {
    let file = files.read(from).map_err(|error| unreadable(operation, from, &error))?;
    count(operation, stage)?;
    if matches!(stage.tree.resolve(to), Ok((_, Kind::Directory))) {
        return Err(refused(operation.to_span, format!("`{}` is a directory in the artifact", to.relative())));
    }
    let file = match stage.tree.read(to) {
        Ok(below) if merge => merged(stage.sources, &below, &file, to)?,
        _ => file,
    };
    stage.tree.insert(to.clone(), file);
    Ok(())
}

/// Counts one more file in the artifact.
pub(super) fn count(operation: &Operation, stage: &mut Stage<'_>) -> Result<()> {
    let full = || refused(operation.from_span, "the artifact has too many files".to_owned());
    stage.files_left = stage.files_left.checked_sub(1).ok_or_else(full)?;
    Ok(())
}

/// The two YAML files as one, as Helm merges values files: mappings field by field, everything else replaced.
fn merged(sources: &Sources, below: &File, above: &File, to: &TreePath) -> Result<Arc<File>> {
    let mut all = Node::detached(Map::new());
    for file in [below, above] {
        for document in yaml::read(sources.add_file(file), &file.bytes, Dialect::Kubernetes, &Limits::default())? {
            if document.is_null() {
                continue;
            }
            if document.as_map().is_none() {
                let message =
                    format!("a YAML file that is merged must hold a map, not a {}", document.value.type_name());
                return Err(refused(document.span, message));
            }
            merge(&mut all, &document, MAX_MERGE_DEPTH);
        }
    }
    let (text, map) = yaml::to_yaml_mapped(&all);
    let file = File::new(format!("{} (merged)", to.relative()), text.as_bytes());
    sources.add_file_made(&file, map);
    Ok(Arc::new(file))
}

fn merge(base: &mut Node, overlay: &Node, depth: usize) {
    match (&mut base.value, &overlay.value) {
        (Value::Map(base), Value::Map(overlay)) if depth > 0 => {
            for entry in overlay {
                match base.get_mut(&entry.key) {
                    Some(below) => merge(below, &entry.node, depth - 1),
                    None => base.push(entry.clone()),
                }
            }
        }
        _ => *base = overlay.clone(),
    }
}

/// What `io/fs.Glob` gives: part by part, names in order. `**` is no more than `*` there; a directory that matches is
/// then copied with all it holds.
pub(super) fn glob(files: &dyn Files, pattern: &str) -> Vec<TreePath> {
    let mut found = vec![TreePath::root()];
    for part in pattern.split('/').filter(|part| !part.is_empty() && *part != ".") {
        let mut next = Vec::new();
        for directory in found {
            if !part.contains(['*', '?', '[', '\\']) {
                next.extend(directory.join(part).filter(|path| files.resolve(path).is_ok()));
                continue;
            }
            let Ok(entries) = files.list(&directory) else { continue };
            let names = entries.into_iter().filter(|entry| entry.kind.is_some() && part_matches(part, &entry.name));
            next.extend(names.filter_map(|entry| directory.join(&entry.name)));
        }
        found = next;
    }
    found
}

/// Whether a pattern leaves the path out: by its path from the root of the source, from `base`, or, for a pattern
/// without a slash, by its name alone.
fn excluded(path: &TreePath, base: &TreePath, patterns: &[String]) -> bool {
    let from_base = path.as_str().strip_prefix(base.as_str()).map(|rest| rest.trim_start_matches('/'));
    patterns.iter().any(|pattern| {
        path_matches(pattern, path.relative())
            || !pattern.contains('/') && path_matches(pattern, path.file_name())
            || from_base.is_some_and(|rest| !rest.is_empty() && path_matches(pattern, rest))
    })
}

pub(super) fn path(base: &TreePath, relative: &str, span: Span) -> Result<TreePath> {
    base.join(relative).ok_or_else(|| refused(span, format!("`{relative}` leads out of the tree")))
}

pub(super) fn unreadable(operation: &Operation, path: &TreePath, error: &FilesError) -> Box<Diagnostic> {
    refused(operation.from_span, format!("cannot copy `{}`: {error}", path.relative()))
}

pub(super) fn refused(span: Span, message: String) -> Box<Diagnostic> {
    Box::new(Diagnostic::error("flux/artifact-not-composed", span, message))
}
