//! Paths inside a tree of files: absolute, normal, with forward slashes, and unable to leave the tree.

use std::fmt;
use std::sync::Arc;

/// A path in a [`crate::Files`] tree: `/` is the root, no `.` or `..` parts, no double or trailing slashes.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TreePath(Arc<str>);

impl TreePath {
    /// The root of the tree.
    pub fn root() -> Self {
        Self("/".into())
    }

    /// The path as written from the root (a leading slash is optional); `None` when `..` would leave the tree.
    pub fn new(path: &str) -> Option<Self> {
        Self::root().join(path)
    }

    /// `self` followed by `relative`, normalised without looking at the files; an absolute `relative` is taken as relative
    /// to `self`, as Go's `filepath.Join` does. `None` when `..` would leave the tree.
    pub fn join(&self, relative: &str) -> Option<Self> {
        let mut parts: Vec<&str> = self.parts().collect();
        for part in relative.split('/') {
            match part {
                "" | "." => {}
                ".." => {
                    parts.pop()?;
                }
                part => parts.push(part),
            }
        }
        Some(Self(format!("/{}", parts.join("/")).into()))
    }

    /// The containing directory; the root has none.
    pub fn parent(&self) -> Option<Self> {
        let (parent, _) = self.0.rsplit_once('/').filter(|_| !self.is_root())?;
        Some(Self(if parent.is_empty() { "/".into() } else { parent.into() }))
    }

    /// The last part; empty for the root.
    pub fn file_name(&self) -> &str {
        self.0.rsplit('/').next().unwrap_or_default()
    }

    /// The parts from the root.
    pub fn parts(&self) -> impl DoubleEndedIterator<Item = &str> {
        self.0.split('/').filter(|p| !p.is_empty())
    }

    /// Whether this is the root.
    pub fn is_root(&self) -> bool {
        &*self.0 == "/"
    }

    /// Whether `self` is `directory` or lies below it.
    pub fn is_within(&self, directory: &TreePath) -> bool {
        directory.is_root() || self.0.strip_prefix(&*directory.0).is_some_and(|r| r.is_empty() || r.starts_with('/'))
    }

    /// Sorts before every path below `self` and after `self` and its lesser siblings. Not a normal path.
    pub(crate) fn first_below(&self) -> Self {
        if self.is_root() { self.clone() } else { Self(format!("{}/", self.0).into()) }
    }

    /// With a leading slash.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Without the leading slash; empty for the root.
    pub fn relative(&self) -> &str {
        self.0.trim_start_matches('/')
    }
}

impl fmt::Display for TreePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for TreePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn joins_and_stays_inside() {
        let base = TreePath::new("apps/base").unwrap();
        assert_eq!(base.join("../prod/./x.yaml").unwrap().as_str(), "/apps/prod/x.yaml");
        assert_eq!(base.join("../../..").map(|p| p.to_string()), None);
        assert_eq!(base.join("/abs").unwrap().as_str(), "/apps/base/abs");
        assert_eq!(base.parent().unwrap().as_str(), "/apps");
        assert_eq!(base.parent().unwrap().parent().unwrap(), TreePath::root());
        assert!(base.is_within(&TreePath::root()) && base.is_within(&base));
        assert!(!TreePath::new("apps/base2").unwrap().is_within(&base));
    }
}
