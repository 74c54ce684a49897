//! How rooms below the I/O line look at files: a trait that the edge implements over a disk, and [`Tree`] in memory.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};

use crate::{FileId, TreePath};

/// One file: what it is called by its user, and its bytes. Shared, so that a copy of a file into another tree (an
/// artifact) still points at the file that the user wrote.
#[derive(Debug)]
pub struct File {
    /// How the user would write the path.
    pub name: Arc<str>,
    /// The content.
    pub bytes: Arc<[u8]>,
    pub(crate) id: OnceLock<FileId>,
}

impl File {
    /// A file with the given display name and content.
    pub fn new(name: impl Into<Arc<str>>, bytes: impl Into<Arc<[u8]>>) -> Self {
        Self { name: name.into(), bytes: bytes.into(), id: OnceLock::new() }
    }
}

/// What is at a path after following links.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// A regular file.
    File,
    /// A directory.
    Directory,
}

/// One name in a directory.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DirEntry {
    /// The name, without a path.
    pub name: String,
    /// What it is, after following links; `None` for a broken or forbidden link and for special files.
    pub kind: Option<Kind>,
    /// Whether the name itself is a symbolic link.
    pub link: bool,
}

/// Why a path could not be looked at.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum FilesError {
    /// Nothing is there.
    #[error("no such file or directory")]
    Missing,
    /// A directory where a file is needed.
    #[error("is a directory")]
    IsDirectory,
    /// A file where a directory is needed.
    #[error("is not a directory")]
    NotDirectory,
    /// A symbolic link leads out of the tree.
    #[error("symbolic link leads out of the tree")]
    Escapes,
    /// Links lead in a circle, or too many follow each other.
    #[error("too many levels of symbolic links")]
    LinkLoop,
    /// Larger than the given number of bytes.
    #[error("larger than the limit of {0} bytes")]
    TooLarge(u64),
    /// The disk said no.
    #[error("{0}")]
    Io(String),
}

/// A tree of files as it stood when it was first looked at. Looking twice gives the same answer.
pub trait Files: Send + Sync {
    /// What is at `path` after following links, and its path with all links resolved.
    fn resolve(&self, path: &TreePath) -> Result<(TreePath, Kind), FilesError>;
    /// The file at `path`, following links. The same file is given as the same `Arc` every time.
    fn read(&self, path: &TreePath) -> Result<Arc<File>, FilesError>;
    /// The names in a directory, sorted by name, following links to the directory itself.
    fn list(&self, path: &TreePath) -> Result<Vec<DirEntry>, FilesError>;
    /// How a user would write `path`.
    fn display(&self, path: &TreePath) -> String;
}

/// Symbolic links followed for one path before it counts as a loop, as Linux does.
const MAX_LINKS: usize = 40;

#[derive(Clone, Debug)]
enum Entry {
    File(Arc<File>),
    Link(Arc<str>),
}

/// An immutable tree in memory: a git revision, an artifact, a test.
#[derive(Clone, Default, Debug)]
pub struct Tree {
    entries: BTreeMap<TreePath, Entry>,
    directories: BTreeSet<TreePath>,
    prefix: String,
}

impl Tree {
    /// An empty tree whose paths are shown with `prefix` before them (empty, or ending in a separator such as `/` or `:`).
    pub fn new(prefix: impl Into<String>) -> Self {
        Self { prefix: prefix.into(), directories: BTreeSet::from([TreePath::root()]), ..Self::default() }
    }

    /// Puts a file, replacing what was there.
    pub fn insert(&mut self, path: TreePath, file: Arc<File>) {
        self.add_parents(&path);
        self.entries.insert(path, Entry::File(file));
    }

    /// Puts a file with the given text, named by its path.
    pub fn insert_text(&mut self, path: TreePath, text: &str) {
        let name = self.display(&path);
        self.insert(path, Arc::new(File::new(name, text.as_bytes())));
    }

    /// Puts a symbolic link with the given target text.
    pub fn insert_link(&mut self, path: TreePath, target: &str) {
        self.add_parents(&path);
        self.entries.insert(path, Entry::Link(target.into()));
    }

    /// Takes a file or link away; its directories stay.
    pub fn remove(&mut self, path: &TreePath) {
        self.entries.remove(path);
    }

    /// All regular files in order of their paths; links are left out.
    pub fn files(&self) -> impl Iterator<Item = (&TreePath, &Arc<File>)> {
        self.entries.iter().filter_map(|(path, entry)| match entry {
            Entry::File(file) => Some((path, file)),
            Entry::Link(_) => None,
        })
    }

    fn add_parents(&mut self, path: &TreePath) {
        let mut at = path.parent();
        while let Some(directory) = at {
            at = directory.parent();
            if !self.directories.insert(directory) {
                break;
            }
        }
    }

    fn follow(&self, path: &TreePath) -> Result<(TreePath, Option<&Arc<File>>), FilesError> {
        let mut links = 0;
        let mut done = TreePath::root();
        let mut rest: Vec<String> = path.parts().rev().map(str::to_owned).collect();
        while let Some(part) = rest.pop() {
            let next = done.join(&part).ok_or(FilesError::Escapes)?;
            match self.entries.get(&next) {
                Some(Entry::Link(target)) => {
                    links += 1;
                    if links > MAX_LINKS {
                        return Err(FilesError::LinkLoop);
                    }
                    if target.starts_with('/') {
                        return Err(FilesError::Escapes);
                    }
                    rest.extend(target.split('/').rev().filter(|p| !p.is_empty() && *p != ".").map(str::to_owned));
                }
                Some(Entry::File(file)) if rest.is_empty() => return Ok((next, Some(file))),
                Some(Entry::File(_)) => return Err(FilesError::NotDirectory),
                None if self.directories.contains(&next) => done = next,
                None => return Err(FilesError::Missing),
            }
        }
        Ok((done, None))
    }
}

impl Files for Tree {
    fn resolve(&self, path: &TreePath) -> Result<(TreePath, Kind), FilesError> {
        let (path, file) = self.follow(path)?;
        Ok((path, if file.is_some() { Kind::File } else { Kind::Directory }))
    }

    fn read(&self, path: &TreePath) -> Result<Arc<File>, FilesError> {
        self.follow(path)?.1.cloned().ok_or(FilesError::IsDirectory)
    }

    fn list(&self, path: &TreePath) -> Result<Vec<DirEntry>, FilesError> {
        let (directory, file) = self.follow(path)?;
        if file.is_some() {
            return Err(FilesError::NotDirectory);
        }
        let mut names = BTreeMap::new();
        let first = directory.first_below();
        for (entry, what) in self.entries.range(first.clone()..).take_while(|(p, _)| p.is_within(&directory)) {
            if entry.parent().as_ref() == Some(&directory) {
                names.insert(entry.file_name().to_owned(), (entry.clone(), matches!(what, Entry::Link(_))));
            }
        }
        for entry in self.directories.range(first..).take_while(|p| p.is_within(&directory)) {
            if entry.parent().as_ref() == Some(&directory) {
                names.insert(entry.file_name().to_owned(), (entry.clone(), false));
            }
        }
        Ok(names
            .into_iter()
            .map(|(name, (path, link))| DirEntry { name, kind: self.resolve(&path).ok().map(|(_, kind)| kind), link })
            .collect())
    }

    fn display(&self, path: &TreePath) -> String {
        format!("{}{}", self.prefix, path.relative())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(text: &str) -> TreePath {
        TreePath::new(text).unwrap()
    }

    #[test]
    fn lists_links_and_refuses_escapes() {
        let mut tree = Tree::new("repo/");
        for name in ["a-b/x", "a/c/d", "a/b", "z"] {
            tree.insert_text(path(name), name);
        }
        tree.insert_link(path("a/up"), "../z");
        tree.insert_link(path("a/out"), "../../etc");
        tree.insert_link(path("a/loop"), "loop");
        let names = |p: &str| tree.list(&path(p)).unwrap().into_iter().map(|e| (e.name, e.kind)).collect::<Vec<_>>();
        assert_eq!(
            names("a"),
            [
                ("b".into(), Some(Kind::File)),
                ("c".into(), Some(Kind::Directory)),
                ("loop".into(), None),
                ("out".into(), None),
                ("up".into(), Some(Kind::File))
            ]
        );
        assert_eq!(names("/").len(), 3);
        assert_eq!(&*tree.read(&path("a/up")).unwrap().bytes, b"z");
        assert_eq!(tree.read(&path("a/out")).unwrap_err(), FilesError::Escapes);
        assert_eq!(tree.read(&path("a/loop")).unwrap_err(), FilesError::LinkLoop);
        assert_eq!(tree.read(&path("a")).unwrap_err(), FilesError::IsDirectory);
        assert_eq!(tree.display(&path("a/b")), "repo/a/b");
    }
}
