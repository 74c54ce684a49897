//! Helm charts in a kustomization: `helmCharts`, `helmGlobals`, and the deprecated field that both replaced.

use source::Span;
use yaml::Node;

use crate::context::{Context, Reported};
use crate::decode::{Fields, Text, Unknown};

/// `helmGlobals`.
#[derive(Clone, Default, Debug)]
pub(crate) struct HelmGlobals {
    /// The directory of charts; `charts` when not given.
    pub(crate) chart_home: Option<Text>,
}

/// One entry of `helmCharts`.
#[derive(Clone, Debug)]
pub(crate) struct HelmChart {
    pub(crate) span: Span,
    pub(crate) name: Option<Text>,
    pub(crate) version: Option<Text>,
    pub(crate) repo: Option<Text>,
    pub(crate) release_name: Option<Text>,
    pub(crate) name_template: Option<Text>,
    pub(crate) namespace: Option<Text>,
    pub(crate) values_file: Option<Text>,
    pub(crate) additional_values_files: Vec<Text>,
    pub(crate) values_inline: Option<Node>,
    pub(crate) values_merge: Option<Text>,
    pub(crate) include_crds: bool,
    pub(crate) skip_hooks: bool,
    pub(crate) skip_tests: bool,
    pub(crate) api_versions: Vec<Text>,
    pub(crate) kube_version: Option<Text>,
    /// Pre-releases count when the version is chosen.
    pub(crate) devel: bool,
}

impl HelmGlobals {
    /// Reads `helmGlobals`.
    pub(crate) fn read(context: &Context<'_>, node: &Node) -> Result<Self, Reported> {
        let fields = Fields::of(context, node, "`helmGlobals`", Unknown::Refused)?;
        let globals = Self::read_fields(&fields);
        fields.finish()?;
        Ok(globals)
    }

    /// Its fields, which a generator's configuration has beside those of the chart.
    pub(crate) fn read_fields(fields: &Fields<'_>) -> Self {
        // Helm's own configuration has nothing to say here, as nothing is fetched.
        fields.text("configHome");
        Self { chart_home: fields.text("chartHome") }
    }
}

impl HelmChart {
    /// Reads an entry of `helmCharts`.
    pub(crate) fn read(context: &Context<'_>, node: &Node) -> Result<Self, Reported> {
        let fields = Fields::of(context, node, "an entry of `helmCharts`", Unknown::Refused)?;
        let chart = Self::read_fields(&fields, node.span);
        fields.finish()?;
        Ok(chart)
    }

    /// The fields of a chart.
    pub(crate) fn read_fields(fields: &Fields<'_>, span: Span) -> Self {
        fields.boolean("debug");
        Self {
            span,
            name: fields.text("name"),
            version: fields.text("version"),
            repo: fields.text("repo"),
            release_name: fields.text("releaseName"),
            name_template: fields.text("nameTemplate"),
            namespace: fields.text("namespace"),
            values_file: fields.text("valuesFile"),
            additional_values_files: fields.texts("additionalValuesFiles"),
            values_inline: fields.map("valuesInline"),
            values_merge: fields.text("valuesMerge"),
            include_crds: fields.boolean("includeCRDs"),
            skip_hooks: fields.boolean("skipHooks"),
            skip_tests: fields.boolean("skipTests"),
            api_versions: fields.texts("apiVersions"),
            kube_version: fields.text("kubeVersion"),
            devel: fields.boolean("devel"),
        }
    }

    /// Reads an entry of the deprecated `helmChartInflationGenerator`, which names the fields otherwise and can say less;
    /// what it says for all charts goes into `globals`.
    pub(crate) fn read_deprecated(
        context: &Context<'_>,
        node: &Node,
        globals: &mut HelmGlobals,
    ) -> Result<Self, Reported> {
        let fields = Fields::of(context, node, "an entry of `helmChartInflationGenerator`", Unknown::Refused)?;
        for unused in ["chartRepoName", "helmBin", "helmHome", "releaseNamespace"] {
            fields.text(unused);
        }
        fields.texts("extraArgs");
        if let Some(home) = fields.text("chartHome") {
            globals.chart_home = Some(home);
        }
        let chart = Self {
            span: node.span,
            name: fields.text("chartName"),
            version: fields.text("chartVersion"),
            repo: fields.text("chartRepoUrl"),
            release_name: fields.text("releaseName"),
            name_template: None,
            namespace: None,
            values_file: fields.text("values"),
            additional_values_files: Vec::new(),
            values_inline: fields.map("valuesLocal"),
            values_merge: fields.text("valuesMerge"),
            include_crds: false,
            skip_hooks: false,
            skip_tests: false,
            api_versions: Vec::new(),
            kube_version: None,
            devel: false,
        };
        fields.finish()?;
        Ok(chart)
    }
}
