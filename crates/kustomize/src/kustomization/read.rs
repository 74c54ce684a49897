//! From the content of a kustomization file to its types.

use source::{Diagnostic, Span};
use yaml::Node;

use super::{
    Generator, GeneratorOptions, HelmChart, HelmGlobals, Image, Kind, Kustomization, LabelsEntry, OpenApi, Patch,
    ReplacementEntry, Replica, SortOptions, Var,
};
use crate::context::{Context, Reported};
use crate::decode::{Fields, Text, Unknown};

const API_VERSION: &str = "kustomize.config.k8s.io/v1beta1";
const COMPONENT_API_VERSION: &str = "kustomize.config.k8s.io/v1alpha1";

/// Fields that newer ones replaced.
const DEPRECATED: &[(&str, &str)] = &[
    ("bases", "resources"),
    ("commonLabels", "labels"),
    ("imageTags", "images"),
    ("patchesJson6902", "patches"),
    ("patchesStrategicMerge", "patches"),
    ("vars", "replacements"),
];

impl Kustomization {
    /// Reads the content of a kustomization file; everything that is wrong is reported at once.
    pub(crate) fn read(context: &Context<'_>, node: &Node) -> Result<Self, Reported> {
        let fields = Fields::of(context, node, "a kustomization", Unknown::Refused)?;
        for (field, instead) in DEPRECATED {
            if let Some(entry) = fields.entry(field) {
                context.warn(deprecated(entry.key_span, field, instead));
            }
        }
        let (kind, api_version) = (fields.text("kind"), fields.text("apiVersion"));
        let kind = fields.taint(read_kind(context, kind.as_ref(), api_version.as_ref()));
        if let Some(metadata) = fields.node("metadata") {
            fields.taint(read_metadata(context, metadata));
        }
        macro_rules! each {
            ($name:literal, $read:expr) => {{
                let read = $read;
                let items = fields.list($name).iter();
                items.filter_map(|node| fields.taint(read(context, node))).collect::<Vec<_>>()
            }};
        }
        macro_rules! one {
            ($name:literal, $read:expr) => {
                fields.node($name).and_then(|node| fields.taint($read(context, node)))
            };
        }
        let patch = |context: &Context<'_>, node: &Node| Patch::read(context, node, Unknown::Refused);
        let image = |context: &Context<'_>, node: &Node| Image::read(context, node, Unknown::Refused);
        let replica = |context: &Context<'_>, node: &Node| Replica::read(context, node, Unknown::Refused);
        let replacement = |context: &Context<'_>, node: &Node| ReplacementEntry::read(context, node, Unknown::Refused);
        let config_map =
            |context: &Context<'_>, node: &Node| Generator::read(context, node, "an entry of `configMapGenerator`");
        let options = |context: &Context<'_>, node: &Node| GeneratorOptions::read(context, node, Unknown::Refused);
        let mut images = each!("images", image);
        images.extend(each!("imageTags", image));
        let mut resources = fields.texts("resources");
        resources.extend(fields.texts("bases"));
        let mut deprecated_globals = HelmGlobals::default();
        let mut helm_charts = each!("helmCharts", HelmChart::read);
        for node in fields.list("helmChartInflationGenerator") {
            helm_charts.extend(fields.taint(HelmChart::read_deprecated(context, node, &mut deprecated_globals)));
        }
        let kustomization = Self {
            kind: kind.unwrap_or(Kind::Kustomization),
            openapi: one!("openapi", OpenApi::read),
            name_prefix: fields.text("namePrefix"),
            name_suffix: fields.text("nameSuffix"),
            namespace: fields.text("namespace"),
            common_labels: fields.pairs("commonLabels").unwrap_or_default(),
            labels: each!("labels", LabelsEntry::read),
            common_annotations: fields.pairs("commonAnnotations").unwrap_or_default(),
            patches_strategic_merge: fields.texts("patchesStrategicMerge"),
            patches_json6902: each!("patchesJson6902", patch),
            patches: each!("patches", patch),
            images,
            replacements: each!("replacements", replacement),
            replicas: each!("replicas", replica),
            vars: each!("vars", Var::read),
            sort_options: one!("sortOptions", SortOptions::read),
            resources,
            components: fields.texts("components"),
            crds: fields.texts("crds"),
            config_map_generator: each!("configMapGenerator", config_map),
            secret_generator: each!("secretGenerator", Generator::read_secret),
            generator_options: one!("generatorOptions", options),
            helm_globals: one!("helmGlobals", HelmGlobals::read).unwrap_or(deprecated_globals),
            helm_charts,
            configurations: fields.texts("configurations"),
            generators: fields.texts("generators"),
            transformers: fields.texts("transformers"),
            validators: fields.texts("validators"),
            build_metadata: fields.texts("buildMetadata"),
        };
        fields.finish()?;
        if says_nothing(node) {
            return Err(context.fail(
                Diagnostic::error("kustomize/empty-kustomization", node.span, "the kustomization says nothing")
                    .with_help("list files under `resources`, or remove the file"),
            ));
        }
        Ok(kustomization)
    }
}

/// Whether there is nothing besides `apiVersion` and `kind`; an empty list counts as something.
fn says_nothing(node: &Node) -> bool {
    let says = |name: &str| !["apiVersion", "kind"].iter().any(|known| name.eq_ignore_ascii_case(known));
    node.as_map().is_none_or(|map| !map.iter().any(|entry| !entry.node.is_null() && says(&entry.key)))
}

fn read_kind(context: &Context<'_>, kind: Option<&Text>, api_version: Option<&Text>) -> Result<Kind, Reported> {
    let (found, required) = match kind.map(|kind| (kind.as_str(), kind.span)) {
        None | Some(("Kustomization", _)) => (Kind::Kustomization, API_VERSION),
        Some(("Component", _)) => (Kind::Component, COMPONENT_API_VERSION),
        Some((other, span)) => {
            let message = format!("`kind` must be `Kustomization` or `Component`, found `{other}`");
            return Err(context.fail(Diagnostic::error("kustomize/wrong-kind", span, message)));
        }
    };
    match api_version {
        Some(version) if version.as_str() != required => {
            let message = format!("`apiVersion` must be `{required}`, found `{}`", version.as_str());
            let mut diagnostic = Diagnostic::error("kustomize/wrong-api-version", version.span, message);
            if version.as_str().starts_with("kustomize.toolkit.fluxcd.io/") {
                diagnostic = diagnostic.with_help(
                    "a Flux Kustomization is an object to list under `resources`, in a file of another name",
                );
            }
            Err(context.fail(diagnostic))
        }
        _ => Ok(found),
    }
}

fn read_metadata(context: &Context<'_>, node: &Node) -> Result<(), Reported> {
    let fields = Fields::of(context, node, "`metadata` of a kustomization", Unknown::Refused)?;
    fields.text("name");
    fields.text("namespace");
    fields.pairs("labels");
    fields.pairs("annotations");
    fields.finish()
}

fn deprecated(span: Span, field: &str, instead: &str) -> Diagnostic {
    Diagnostic::warning("kustomize/deprecated-field", span, format!("`{field}` is deprecated"))
        .with_help(format!("use `{instead}`"))
}
