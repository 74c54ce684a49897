//! What a caller decides about a build, and what a build gives back.

use object::Object;
use source::{Diagnostic, TreePath};
use yaml::Node;

use crate::Charts;

/// From where files may be read. Bases may be anywhere in the tree in both cases.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum LoadRestrictor {
    /// Files only from the directory of the kustomization file that names them, or below it, after following links.
    RootOnly,
    /// Files from anywhere in the tree, as Flux builds.
    None,
}

/// The order of the objects in the output.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Reorder {
    /// By kind, as `kubectl` prints: namespaces and definitions first, webhooks last.
    Legacy,
    /// As the kustomization files list them, as Flux builds.
    None,
}

/// What one build may cost.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Objects of one layer, with those of all its bases.
    pub objects: usize,
    /// Kustomization files that include each other.
    pub depth: usize,
    /// What one file may cost.
    pub file: yaml::Limits,
}

impl Default for Limits {
    fn default() -> Self {
        Self { objects: 32_000, depth: 64, file: yaml::Limits::default() }
    }
}

/// Choices of the caller.
#[derive(Clone, Debug)]
pub struct Options<'c> {
    /// From where files may be read.
    pub load_restrictor: LoadRestrictor,
    /// The order of the output where the entry's `sortOptions` does not say it; legacy when not given.
    pub reorder: Option<Reorder>,
    /// What the build may cost.
    pub limits: Limits,
    /// The version in the label that `buildMetadata: [managedByLabel]` asks for, such as `v5.8.1`.
    pub version: String,
    /// What renders Helm charts; without it, kustomizations that have some are refused.
    pub charts: Option<&'c dyn Charts>,
}

impl Options<'_> {
    /// As `kustomize build` of v5.8.1 does without flags.
    pub fn new(load_restrictor: LoadRestrictor) -> Self {
        Self { load_restrictor, reorder: None, limits: Limits::default(), version: "v5.8.1".to_owned(), charts: None }
    }
}

/// Where a build starts.
#[derive(Clone, Debug)]
pub enum Entry {
    /// A directory with a kustomization file.
    Directory(TreePath),
    /// A kustomization that stands in for the file in a directory.
    Inline {
        /// The directory that relative paths start from.
        directory: TreePath,
        /// The content of the kustomization file; spans lead to whoever asked for each field.
        kustomization: Node,
    },
}

/// What a build gives.
#[derive(Clone, Debug)]
pub struct Output {
    /// The objects, in the order asked for.
    pub objects: Vec<Object>,
    /// Warnings.
    pub diagnostics: Vec<Diagnostic>,
}
