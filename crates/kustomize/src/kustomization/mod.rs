//! A kustomization file with its types: every entry with its span.

mod helm;
mod parts;
mod read;
mod replacement;

use crate::decode::{Pair, Text};
pub(crate) use helm::*;
pub(crate) use parts::*;
pub(crate) use replacement::*;

/// Whether a directory is built on its own or works on what its user has.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Kind {
    /// Built on its own.
    Kustomization,
    /// Works on the objects of its user.
    Component,
}

/// What a kustomization file says. Deprecated spellings are already folded into the fields that replaced them, except
/// where the order of work differs.
#[derive(Clone, Debug)]
pub(crate) struct Kustomization {
    pub(crate) kind: Kind,
    pub(crate) openapi: Option<OpenApi>,
    pub(crate) name_prefix: Option<Text>,
    pub(crate) name_suffix: Option<Text>,
    pub(crate) namespace: Option<Text>,
    pub(crate) common_labels: Vec<Pair>,
    pub(crate) labels: Vec<LabelsEntry>,
    pub(crate) common_annotations: Vec<Pair>,
    pub(crate) patches_strategic_merge: Vec<Text>,
    pub(crate) patches_json6902: Vec<Patch>,
    pub(crate) patches: Vec<Patch>,
    /// `images`, then the deprecated `imageTags`.
    pub(crate) images: Vec<Image>,
    pub(crate) replacements: Vec<ReplacementEntry>,
    pub(crate) replicas: Vec<Replica>,
    pub(crate) vars: Vec<Var>,
    pub(crate) sort_options: Option<SortOptions>,
    /// `resources`, then the deprecated `bases`.
    pub(crate) resources: Vec<Text>,
    pub(crate) components: Vec<Text>,
    pub(crate) crds: Vec<Text>,
    pub(crate) config_map_generator: Vec<Generator>,
    pub(crate) secret_generator: Vec<Generator>,
    pub(crate) generator_options: Option<GeneratorOptions>,
    pub(crate) helm_globals: HelmGlobals,
    /// `helmCharts`, then the deprecated `helmChartInflationGenerator`.
    pub(crate) helm_charts: Vec<HelmChart>,
    pub(crate) configurations: Vec<Text>,
    pub(crate) generators: Vec<Text>,
    pub(crate) transformers: Vec<Text>,
    pub(crate) validators: Vec<Text>,
    pub(crate) build_metadata: Vec<Text>,
}
