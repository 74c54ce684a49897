//! Objects out of Helm charts: which chart, which values, and how what it gives joins the others
//! (`HelmChartInflationGenerator` of kustomize v5.8.1).

use std::sync::Arc;

use object::strategic::merge;
use object::{Action, Schema};
use source::{Diagnostic, FileId, Kind, Span};
use yaml::{Map, Node, Value};

use crate::charts::{ChartPlace, Charts, Inflation, RemoteChart};
use crate::context::{Context, Layer, Reported};
use crate::decode::Text;
use crate::generate::absorb;
use crate::kustomization::{HelmChart, HelmGlobals};
use crate::load;
use crate::provenance::Place;
use crate::resource::Resource;
use crate::resources;
use crate::set::ResourceSet;

/// Where charts are when `helmGlobals` does not say it.
const CHART_HOME: &str = "charts";

/// Marks objects that come out of charts, so that `namespace` leaves them alone. Nobody sees it in the end.
pub(crate) const HELM_GENERATED: &str = "internal.config.kubernetes.io/helm-generated";

/// How inline values and those of the values file meet.
#[derive(Clone, Copy, PartialEq, Eq)]
enum ValuesMerge {
    Merge,
    Override,
    Replace,
}

/// What is said about charts when nobody renders them.
pub(crate) fn no_helm(span: Span) -> Diagnostic {
    Diagnostic::error("kustomize/helm-charts-not-supported", span, "Helm charts are not rendered inside kustomizations")
        .with_help("make a HelmRelease for the chart, as Flux refuses `helmCharts` too; `kustomize build --enable-helm` renders them")
}

/// Renders a chart and adds what it gives. `inherits` says whether the chart takes on the namespace of the kustomization
/// and of those that include it; a chart in a generator's own configuration does not.
pub(crate) fn inflate(
    context: &Context<'_>,
    layer: &Layer,
    set: &mut ResourceSet,
    chart: &HelmChart,
    globals: &HelmGlobals,
    place: Option<&Arc<Place>>,
    inherits: bool,
) -> Result<(), Reported> {
    let Some(charts) = context.options.charts else { return Err(context.fail(no_helm(chart.span))) };
    let Some(name) = &chart.name else {
        let message = "a chart needs a `name`";
        return Err(context.fail(Diagnostic::error("kustomize/chart-without-name", chart.span, message)));
    };
    let home = home(chart, globals, name);
    let found = find(context, layer, chart, name, &home)?;
    let values = values(context, layer, charts, chart, &found, &format!("{home}/{}/values.yaml", name.as_str()))?;
    let namespace = chart.namespace.as_ref().or(layer.handed_on().filter(|_| inherits));
    let inflation = Inflation {
        chart: found,
        span: chart.span,
        layer: &layer.name,
        release_name: chart.release_name.as_ref().map(Text::as_str),
        name_template: chart.name_template.as_ref().map(Text::as_str),
        namespace: namespace.map(Text::as_str),
        values,
        kube_version: chart.kube_version.as_ref().map(Text::as_str),
        api_versions: chart.api_versions.iter().map(Text::as_str).collect(),
        include_crds: chart.include_crds,
        skip_hooks: chart.skip_hooks,
        skip_tests: chart.skip_tests,
    };
    let inflated = charts.render(context.files, context.sources, &inflation).map_err(|findings| {
        for finding in findings {
            context.fail(finding);
        }
        Reported
    })?;
    inflated.warnings.into_iter().for_each(|warning| context.warn(warning));
    let mut result = Ok(());
    for document in inflated.documents {
        let objects = resources::of_registered(context, document).map_err(|diagnostic| context.fail(diagnostic))?;
        context.count(set.len(), objects.len(), chart.span)?;
        for node in objects {
            let mut resource = Resource::new(node, layer.step(Action::Rendered, chart.span));
            resource.provenance.origin = place.cloned();
            mark(&mut resource);
            result = result.and(absorb(context, layer, set, resource));
        }
    }
    result
}

fn mark(resource: &mut Resource) {
    let span = resource.node.span;
    let Some(annotations) = resource.node.make_path(&["metadata", "annotations"], span) else { return };
    if annotations.is_null() {
        *annotations = Node::new(span, Map::new());
    }
    if let Some(annotations) = annotations.as_map_mut() {
        annotations.insert(HELM_GENERATED, Node::new(span, "true"));
    }
}

/// The directory that holds the chart's own: with a version of a repository, one for that version.
fn home(chart: &HelmChart, globals: &HelmGlobals, name: &Text) -> String {
    let home = globals.chart_home.as_ref().map_or(CHART_HOME, Text::as_str).trim_end_matches('/');
    match (&chart.version, &chart.repo) {
        (Some(version), Some(_)) => format!("{home}/{}-{}", name.as_str(), version.as_str()),
        _ => home.to_owned(),
    }
}

/// The chart in its home when it is there, whatever its version, else the one of the repository.
fn find<'c>(
    context: &Context<'_>,
    layer: &Layer,
    chart: &'c HelmChart,
    name: &'c Text,
    home: &str,
) -> Result<ChartPlace<'c>, Reported> {
    let path = format!("{home}/{}", name.as_str());
    let joined = if path.starts_with('/') { source::TreePath::new(&path) } else { layer.directory.join(&path) };
    if let Some((directory, Kind::Directory)) = joined.and_then(|joined| context.files.resolve(&joined).ok()) {
        return Ok(ChartPlace::Directory(directory));
    }
    match &chart.repo {
        Some(repo) => Ok(ChartPlace::Remote(RemoteChart {
            repository: repo.as_str(),
            name: name.as_str(),
            version: chart.version.as_ref().map(Text::as_str),
            devel: chart.devel,
            span: chart.span,
        })),
        None => {
            let message = format!("there is no chart at `{path}`");
            let diagnostic = Diagnostic::error("kustomize/missing-chart", name.span, message)
                .with_note(format!("paths start at `{}`", context.display(&layer.directory)));
            Err(context.fail(diagnostic.with_help("put the chart there, or name its repository in `repo`")))
        }
    }
}

/// The texts of values for the chart, in their order.
fn values(
    context: &Context<'_>,
    layer: &Layer,
    charts: &dyn Charts,
    chart: &HelmChart,
    found: &ChartPlace<'_>,
    default: &str,
) -> Result<Vec<FileId>, Reported> {
    let mode = match chart.values_merge.as_ref().map(Text::as_str) {
        None | Some("override") => ValuesMerge::Override,
        Some("merge") => ValuesMerge::Merge,
        Some("replace") => ValuesMerge::Replace,
        Some(other) => {
            let span = chart.values_merge.as_ref().map_or(chart.span, |mode| mode.span);
            let message = format!("`valuesMerge` cannot be `{other}`");
            let diagnostic = Diagnostic::error("kustomize/invalid-option", span, message);
            return Err(context.fail(diagnostic.with_help("use `merge`, `override` or `replace`")));
        }
    };
    let fail = |diagnostic: Box<Diagnostic>| context.fail(diagnostic);
    let mut additional = Vec::new();
    for path in &chart.additional_values_files {
        additional.push(load::file(context, layer, path).map_err(fail)?.id);
    }
    let base = || match (&chart.values_file, found) {
        (Some(path), _) => load::file(context, layer, path).map(|loaded| loaded.id),
        (None, ChartPlace::Remote(remote)) => charts.values_file(remote).map(|file| context.sources.add_file(&file)),
        (None, ChartPlace::Directory(_)) => {
            load::file(context, layer, &Text { text: default.into(), span: chart.span }).map(|loaded| loaded.id)
        }
    };
    let inline = chart.values_inline.as_ref().filter(|values| values.as_map().is_some_and(|map| !map.is_empty()));
    let mut values = vec![match inline {
        None => base().map_err(fail)?,
        Some(inline) => {
            let merged = match mode {
                ValuesMerge::Replace => inline.clone(),
                mode => merged(context, base().map_err(fail)?, inline, mode)?,
            };
            let (text, map) = yaml::to_yaml_mapped(&merged);
            context.sources.add_virtual(format!("{}, values of a chart", layer.name), text, map)
        }
    }];
    values.extend(additional);
    Ok(values)
}

/// The values of the file and the inline ones in one: the inline ones win, unless they are to be merged under the file's.
fn merged(context: &Context<'_>, file: FileId, inline: &Node, mode: ValuesMerge) -> Result<Node, Reported> {
    let fail = |diagnostic: Box<Diagnostic>| context.fail(diagnostic);
    let text = context.sources.get(file).map(|file| file.text.clone()).unwrap_or_default();
    let documents = load::registered_documents(context, file, &text, yaml::Dialect::Kustomize).map_err(fail)?;
    let own = documents.into_iter().next().filter(|node| !node.is_null());
    let own = own.unwrap_or_else(|| Node::detached(Map::new()));
    let (mut base, over) = match mode {
        ValuesMerge::Merge => (inline.clone(), own),
        _ => (own, inline.clone()),
    };
    let mut warnings = Vec::new();
    // Values have no schema: lists are replaced.
    merge(&mut base, &over, Schema::built_in(), context.sources, &mut warnings).map_err(fail)?;
    if !matches!(base.value, Value::Map(_)) {
        base = Node::new(over.span, Map::new());
    }
    Ok(base)
}
