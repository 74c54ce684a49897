//! What a caller must decide before a cluster is unfolded, apart from what is merely optional.

use std::collections::BTreeMap;

use helm::Capabilities;
use object::Object;
use source::{Files, TreePath};

use crate::discovery::ClusterEntry;
use crate::mirror::Mirror;
use crate::unit::SourceId;

/// A folder that stands for a source.
#[derive(Clone)]
pub struct Given<'a> {
    /// The tree that holds it.
    pub files: &'a dyn Files,
    /// The directory in the tree.
    pub path: TreePath,
    /// How the user wrote it.
    pub display: String,
}

/// What to unfold and from what.
#[derive(Clone)]
pub struct Request<'a> {
    /// The cluster, from [`crate::discover`].
    pub entry: ClusterEntry,
    /// Folders given with `--source KIND/NS/NAME=PATH`.
    pub given: BTreeMap<SourceId, Given<'a>>,
    /// Folders and archives given with `--mirror URL=PATH`.
    pub mirrors: Vec<Mirror<'a>>,
    /// ConfigMaps and Secrets that live in the cluster but not in Git (`--facts`), as objects.
    pub facts: Vec<Object>,
    /// URLs of the repository's own remotes: a GitRepository with one of them is the repository itself.
    pub remotes: Vec<String>,
    /// The rest.
    pub options: Options,
}

/// What Flux's controllers take as flags, and what a run may cost.
#[derive(Clone, Debug)]
pub struct Options {
    /// Undefined variables without a default fail the unit, as `StrictPostBuildSubstitutions` has it since 2.9.
    pub strict_substitution: bool,
    /// Adds `kustomize.toolkit.fluxcd.io/name` and `namespace` labels, as the controller does before it applies;
    /// `flux build` does not.
    pub owner_labels: bool,
    /// What the charts see of the cluster: its version and its APIs.
    pub capabilities: Capabilities,
    /// Bounds.
    pub limits: Limits,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            strict_substitution: true,
            owner_labels: false,
            capabilities: Capabilities::default(),
            limits: Limits::default(),
        }
    }
}

/// Bounds of one run: past them the run ends with a diagnostic and what it has.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Kustomizations that render Kustomizations that render Kustomizations.
    pub waves: usize,
    /// Units of one cluster.
    pub units: usize,
    /// Objects of one cluster.
    pub objects: usize,
    /// Files in one composed artifact.
    pub artifact_files: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { waves: 32, units: 20_000, objects: 400_000, artifact_files: 100_000 }
    }
}
