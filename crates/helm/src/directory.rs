//! The files of a chart that lies open in a tree, as Helm walks them.
//!
//! Upstream: `pkg/chart/v2/loader/directory.go` and `internal/sympath` of helm 4.2.3. Links are followed as Helm does, but
//! only within the tree.

use std::sync::Arc;

use source::{File, Files, FilesError, Kind, TreePath};

/// What the files of one chart may cost.
#[derive(Clone, Copy, Debug)]
pub struct DirectoryLimits {
    /// Bytes of one file; Helm's own limit.
    pub file: u64,
    /// Bytes of all files.
    pub total: u64,
    /// Files and directories.
    pub entries: usize,
    /// Nesting of directories, which links can make endless.
    pub depth: usize,
}

impl Default for DirectoryLimits {
    fn default() -> Self {
        Self { file: 5 << 20, total: 100 << 20, entries: 100_000, depth: 64 }
    }
}

/// The files below `at`, by name within each directory, each with its path from there. `ignored` is asked for each path and
/// whether it is a directory; an ignored directory is not entered.
///
/// # Errors
/// One line: a link that leads nowhere or out of the tree, a special file, or more than the limits allow.
pub fn directory(
    files: &dyn Files,
    at: &TreePath,
    ignored: &dyn Fn(&str, bool) -> bool,
    limits: &DirectoryLimits,
) -> Result<Vec<(String, Arc<File>)>, String> {
    let mut found = Vec::new();
    let (mut total, mut entries) = (0_u64, 0);
    // Last one first, so that what comes next is on top; directories are entered where they stand among the files.
    let mut todo: Vec<(String, TreePath, Kind, usize)> = Vec::new();
    list(files, "", at, 0, &mut todo)?;
    while let Some((name, path, kind, depth)) = todo.pop() {
        entries += 1;
        if entries > limits.entries || depth > limits.depth {
            return Err(format!("the chart holds more than {} files or nests too deeply at {name}", limits.entries));
        }
        if ignored(&name, kind == Kind::Directory) {
            continue;
        }
        if kind == Kind::Directory {
            list(files, &name, &path, depth + 1, &mut todo)?;
            continue;
        }
        let file = files.read(&path).map_err(|error| failed(&name, &error))?;
        let size = file.bytes.len() as u64;
        if size > limits.file {
            let base = path.file_name();
            return Err(format!("chart file \"{base}\" is larger than the maximum file size {}", limits.file));
        }
        total = total.saturating_add(size);
        if total > limits.total {
            return Err(format!("the chart is larger than the maximum size {}", limits.total));
        }
        found.push((name, file));
    }
    Ok(found)
}

fn list(
    files: &dyn Files,
    name: &str,
    path: &TreePath,
    depth: usize,
    todo: &mut Vec<(String, TreePath, Kind, usize)>,
) -> Result<(), String> {
    let listed = files.list(path).map_err(|error| failed(name, &error))?;
    for entry in listed.into_iter().rev() {
        let below = if name.is_empty() { entry.name.clone() } else { format!("{name}/{}", entry.name) };
        let Some(child) = path.join(&entry.name) else { continue };
        // What is ignored may be broken; of the rest, reading it says why.
        let kind = entry.kind.unwrap_or(Kind::File);
        todo.push((below, child, kind, depth));
    }
    Ok(())
}

fn failed(name: &str, error: &FilesError) -> String {
    match error {
        FilesError::Missing | FilesError::LinkLoop | FilesError::Escapes => {
            format!("error evaluating symlink {name}: {error}")
        }
        _ => format!("error reading {name}: {error}"),
    }
}

#[cfg(test)]
mod tests {
    use source::Tree;

    use super::*;

    fn path(text: &str) -> TreePath {
        TreePath::new(text).unwrap()
    }

    fn names(tree: &Tree, ignored: &dyn Fn(&str, bool) -> bool) -> Result<Vec<String>, String> {
        let files = directory(tree, &path("c"), ignored, &DirectoryLimits::default())?;
        Ok(files.into_iter().map(|(name, _)| name).collect())
    }

    #[test]
    fn files_come_in_the_order_of_the_walk() {
        let mut tree = Tree::new("");
        for name in ["c/Chart.yaml", "c/templates/b.yaml", "c/templates-old", "c/crds/x/y.yaml", "other/z.txt"] {
            tree.insert_text(path(name), name);
        }
        tree.insert_link(path("c/templates/link"), "../../other");
        let all = names(&tree, &|_, _| false).unwrap();
        assert_eq!(all, ["Chart.yaml", "crds/x/y.yaml", "templates/b.yaml", "templates/link/z.txt", "templates-old"]);
        let some = names(&tree, &|name, directory| directory && name == "templates").unwrap();
        assert_eq!(some, ["Chart.yaml", "crds/x/y.yaml", "templates-old"]);
    }

    #[test]
    fn links_that_leave_the_tree_or_never_end_are_refused() {
        let mut tree = Tree::new("");
        tree.insert_text(path("c/Chart.yaml"), "x");
        tree.insert_link(path("c/out"), "../../etc/passwd");
        let error = names(&tree, &|_, _| false).unwrap_err();
        assert_eq!(error, "error evaluating symlink out: symbolic link leads out of the tree");
        tree.remove(&path("c/out"));
        tree.insert_link(path("c/again"), ".");
        assert!(names(&tree, &|_, _| false).unwrap_err().ends_with("too many levels of symbolic links"));
    }
}
