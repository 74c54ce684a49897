//! A directory of a tree as a tree of its own: nothing outside of it can be seen, as a controller sees nothing but the
//! artifact that it fetched.

use std::sync::Arc;

use source::{DirEntry, File, Files, FilesError, Kind, TreePath};

/// The files at and below one directory.
pub(crate) struct Subtree<'a> {
    files: &'a dyn Files,
    root: TreePath,
}

impl<'a> Subtree<'a> {
    /// The directory `root` of `files`; links on the way to it are followed once, here.
    pub(crate) fn new(files: &'a dyn Files, root: &TreePath) -> Self {
        let root = files.resolve(root).map_or_else(|_| root.clone(), |(resolved, _)| resolved);
        Self { files, root }
    }

    fn outside(&self, path: &TreePath) -> Result<TreePath, FilesError> {
        self.root.join(path.relative()).ok_or(FilesError::Escapes)
    }

    fn inside(&self, path: &TreePath) -> Result<TreePath, FilesError> {
        let relative = path.is_within(&self.root).then(|| path.as_str().strip_prefix(self.root.as_str())).flatten();
        relative.and_then(TreePath::new).ok_or(FilesError::Escapes)
    }
}

impl Files for Subtree<'_> {
    fn resolve(&self, path: &TreePath) -> Result<(TreePath, Kind), FilesError> {
        let (path, kind) = self.files.resolve(&self.outside(path)?)?;
        Ok((self.inside(&path)?, kind))
    }

    fn read(&self, path: &TreePath) -> Result<Arc<File>, FilesError> {
        let (resolved, _) = self.files.resolve(&self.outside(path)?)?;
        self.inside(&resolved)?;
        self.files.read(&resolved)
    }

    fn list(&self, path: &TreePath) -> Result<Vec<DirEntry>, FilesError> {
        let (resolved, _) = self.files.resolve(&self.outside(path)?)?;
        self.inside(&resolved)?;
        self.files.list(&resolved)
    }

    fn display(&self, path: &TreePath) -> String {
        self.outside(path).map_or_else(|_| path.to_string(), |path| self.files.display(&path))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_outside_is_seen() {
        let path = |text| TreePath::new(text).unwrap();
        let mut tree = source::Tree::new("repo/");
        tree.insert_text(path("a/b/x"), "x");
        tree.insert_text(path("secret"), "s");
        tree.insert_link(path("a/up"), "../secret");
        tree.insert_link(path("a/in"), "b/x");
        let sub = Subtree::new(&tree, &path("a"));
        assert_eq!(&*sub.read(&path("b/x")).unwrap().bytes, b"x");
        assert_eq!(&*sub.read(&path("in")).unwrap().bytes, b"x");
        assert_eq!(sub.read(&path("up")).unwrap_err(), FilesError::Escapes);
        assert_eq!(sub.resolve(&path("in")).unwrap().0, path("b/x"));
        assert_eq!(sub.list(&path("/")).unwrap().len(), 3);
        assert_eq!(sub.display(&path("b")), "repo/a/b");
        let whole = Subtree::new(&tree, &TreePath::root());
        assert_eq!(whole.resolve(&path("a/up")).unwrap().0, path("secret"));
    }
}
