//! What this room asks of whoever renders Helm charts for it. Charts are another language, so the caller brings the
//! renderer; without one, kustomizations with charts are refused, as the real tool does without `--enable-helm`.

use std::fmt;
use std::sync::Arc;

use source::{Diagnostic, File, FileId, Files, Sources, Span, TreePath};

/// A chart that is not in the tree, as `helm pull` would name it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct RemoteChart<'a> {
    /// The address of its repository.
    pub repository: &'a str,
    /// Its name there.
    pub name: &'a str,
    /// The version or range; the latest when not given.
    pub version: Option<&'a str>,
    /// Whether pre-releases count when the version is chosen.
    pub devel: bool,
    /// The entry of the kustomization that asks for it.
    pub span: Span,
}

/// Where a chart is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ChartPlace<'a> {
    /// A directory of the tree.
    Directory(TreePath),
    /// Somewhere else.
    Remote(RemoteChart<'a>),
}

/// One `helm template`, with what decides about its output.
#[derive(Clone, Debug)]
pub struct Inflation<'a> {
    /// The chart.
    pub chart: ChartPlace<'a>,
    /// The entry of the kustomization that asks for it.
    pub span: Span,
    /// The kustomization file as a user would write it.
    pub layer: &'a str,
    /// `NAME`; a generated one when neither it nor a template is given.
    pub release_name: Option<&'a str>,
    /// `--name-template`.
    pub name_template: Option<&'a str>,
    /// `--namespace`.
    pub namespace: Option<&'a str>,
    /// `--values`, registered texts in their order.
    pub values: Vec<FileId>,
    /// `--kube-version`.
    pub kube_version: Option<&'a str>,
    /// `--api-versions`.
    pub api_versions: Vec<&'a str>,
    /// `--include-crds`.
    pub include_crds: bool,
    /// `--no-hooks`.
    pub skip_hooks: bool,
    /// `--skip-tests`.
    pub skip_tests: bool,
}

/// What a chart gives.
#[derive(Clone, Debug)]
pub struct Inflated {
    /// The documents that `helm template` prints, each registered as a text, in its order.
    pub documents: Vec<FileId>,
    /// What Helm says beside.
    pub warnings: Vec<Diagnostic>,
}

/// Renders charts.
pub trait Charts: Sync + fmt::Debug {
    /// `values.yaml` of a chart that is not in the tree.
    ///
    /// # Errors
    /// When the chart is not at hand, or has no such file.
    fn values_file(&self, chart: &RemoteChart<'_>) -> Result<Arc<File>, Box<Diagnostic>>;

    /// One `helm template`.
    ///
    /// # Errors
    /// Everything that keeps the chart from being rendered.
    fn render(
        &self,
        files: &dyn Files,
        sources: &Sources,
        inflation: &Inflation<'_>,
    ) -> Result<Inflated, Vec<Diagnostic>>;
}
