//! Units: what renders objects in a Flux repository, and what became of each. A Kustomization and a HelmRelease are
//! units; the entry of a cluster is one too when no Kustomization in Git describes it.

use std::fmt;

use object::Object;
use source::{Diagnostic, Span, TreePath};
use yaml::{Node, Str};

/// What renders objects.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum UnitKind {
    /// A directory that Flux is pointed at from outside Git (`flux bootstrap`, a FluxInstance, a command line).
    Entry,
    /// `kustomize.toolkit.fluxcd.io` Kustomization.
    Kustomization,
    /// `helm.toolkit.fluxcd.io` HelmRelease.
    HelmRelease,
}

impl UnitKind {
    /// The kind as Kubernetes writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            UnitKind::Entry => "Entry",
            UnitKind::Kustomization => "Kustomization",
            UnitKind::HelmRelease => "HelmRelease",
        }
    }
}

/// Which unit: one per kind, namespace and name in a cluster.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct UnitId {
    /// Kind.
    pub kind: UnitKind,
    /// Namespace; empty for an entry.
    pub namespace: Str,
    /// Name; for an entry the path of its directory.
    pub name: Str,
}

impl UnitId {
    /// The unit with the given kind, namespace and name.
    pub fn new(kind: UnitKind, namespace: impl Into<Str>, name: impl Into<Str>) -> Self {
        Self { kind, namespace: namespace.into(), name: name.into() }
    }
}

/// `Kustomization/flux-system/apps`, as Flux prints it.
impl fmt::Display for UnitId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/", self.kind.as_str())?;
        if !self.namespace.is_empty() {
            write!(f, "{}/", self.namespace)?;
        }
        f.write_str(&self.name)
    }
}

/// Which source: kind, namespace and name, as `--source` takes it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct SourceId {
    /// `GitRepository`, `OCIRepository`, `Bucket`, `HelmRepository`, `HelmChart` or `ExternalArtifact`.
    pub kind: Str,
    /// Namespace.
    pub namespace: Str,
    /// Name.
    pub name: Str,
}

impl SourceId {
    /// The source with the given kind, namespace and name.
    pub fn new(kind: impl Into<Str>, namespace: impl Into<Str>, name: impl Into<Str>) -> Self {
        Self { kind: kind.into(), namespace: namespace.into(), name: name.into() }
    }
}

/// `GitRepository/flux-system/flux-system`.
impl fmt::Display for SourceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}/{}", self.kind, self.namespace, self.name)
    }
}

/// Where the files of a source come from in this run.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Resolution {
    /// The repository itself, and why it is taken for this source.
    Repository {
        /// The directory that stands for the root of the repository.
        root: TreePath,
        /// `named flux-system`, `its URL is the repository's own`, and so on.
        because: String,
    },
    /// A folder given with `--source`.
    Given {
        /// How the user wrote the folder.
        display: String,
    },
    /// A folder or archive given with `--mirror`.
    Mirrored {
        /// How the user wrote it.
        display: String,
    },
    /// Composed from other sources by an ArtifactGenerator.
    Composed {
        /// `namespace/name` of the generator.
        generator: String,
    },
    /// The files are somewhere that this run cannot see.
    NotAvailable,
    /// No object in Git defines this source.
    NotDefined,
    /// Nothing but a name is needed.
    NotNeeded,
}

/// The source that a unit renders from.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SourceUse {
    /// Which source.
    pub id: SourceId,
    /// Where the reference is written.
    pub span: Span,
    /// Where its files come from.
    pub resolution: Resolution,
    /// The directory in the source, from its root; `None` for releases.
    pub path: Option<TreePath>,
}

/// A unit that must be ready first.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Dependency {
    /// Which unit.
    pub id: UnitId,
    /// Where the dependency is written.
    pub span: Span,
    /// Whether a CEL expression decides about readiness.
    pub ready_expr: bool,
    /// Whether such a unit exists in this cluster.
    pub found: bool,
}

/// What a unit says about how it is applied. Durations are as the user wrote them.
#[derive(Clone, Default, Debug)]
pub struct Settings {
    /// Objects that leave the render are deleted from the cluster.
    pub prune: bool,
    /// The unit is ready only when all its objects are.
    pub wait: bool,
    /// Flux leaves the unit alone.
    pub suspend: bool,
    /// How often it is reconciled.
    pub interval: Option<Str>,
    /// How long it may take.
    pub timeout: Option<Str>,
    /// The namespace that objects are put into.
    pub target_namespace: Option<Str>,
    /// The account that applies.
    pub service_account: Option<Str>,
    /// The Secret or ConfigMap of the remote cluster that objects go to.
    pub remote_cluster: Option<Str>,
    /// `spec.decryption.provider`.
    pub decryption: Option<Str>,
    /// `spec.deletionPolicy`.
    pub deletion_policy: Option<Str>,
}

/// What became of a unit.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum UnitStatus {
    /// Its objects are exactly what Flux would apply.
    Rendered,
    /// It could be rendered, but not by this version; never a silent gap.
    NotRendered {
        /// Why.
        reason: String,
    },
    /// It has errors; `objects` is empty.
    Failed,
    /// Flux would leave it alone. Its objects are what it would apply when resumed.
    Suspended,
    /// Something that it needs is not here: see `needs`.
    Blocked {
        /// What is missing.
        reason: String,
    },
}

/// What a HelmRelease says about the release that it makes.
#[derive(Clone, Debug)]
pub struct Release {
    /// The Helm release name, by helm-controller's rules.
    pub name: String,
    /// The namespace that the chart renders into.
    pub target_namespace: Str,
    /// The namespace of Helm's own release Secrets.
    pub storage_namespace: Str,
    /// The chart: its name for `chart` and for a `chartRef` to a known HelmChart, else the name of the source.
    pub chart: Str,
    /// The wanted version or version range.
    pub version: Option<Str>,
    /// The version of the chart that was rendered; `None` when it was not.
    pub rendered: Option<String>,
    /// The source of the chart.
    pub source: SourceId,
    /// Values after `valuesFrom` and `values` are merged; `None` when a part of them is not available.
    pub values: Option<Node>,
}

/// One unit and what became of it.
#[derive(Clone, Debug)]
pub struct Unit {
    /// Which unit.
    pub id: UnitId,
    /// The wave that rendered it: 0 for the entry, 1 for what the entry rendered, and so on.
    pub wave: usize,
    /// Its place in the order of `dependsOn`: 0 without dependencies, else one more than the deepest dependency.
    pub depth: usize,
    /// The unit whose objects define this one; `None` for the entry.
    pub parent: Option<UnitId>,
    /// The object that defines it, after its parent's patches and substitutions; `None` for a directory entry.
    pub definition: Option<Object>,
    /// Where it is written.
    pub span: Span,
    /// What it renders from; `None` when the reference is missing.
    pub source: Option<SourceUse>,
    /// What it says about how it is applied.
    pub settings: Settings,
    /// Units that must be ready first.
    pub depends_on: Vec<Dependency>,
    /// What Flux would apply, in Flux's order.
    pub objects: Vec<Object>,
    /// Findings about this unit and its objects.
    pub diagnostics: Vec<Diagnostic>,
    /// What became of it.
    pub status: UnitStatus,
    /// For a HelmRelease: the release that it makes.
    pub release: Option<Release>,
    /// Objects in which a chart put something random, each as another draw would make it.
    pub redrawn: Vec<Object>,
}

impl Unit {
    /// Whether any finding is an error.
    pub fn has_errors(&self) -> bool {
        self.diagnostics.iter().any(Diagnostic::is_error)
    }
}
