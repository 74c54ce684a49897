//! From a HelmRelease to its chart: which source, which path or name in it, which version, and where that is in this run.

use regex::Regex;
use source::{Diagnostic, Kind, Span, TreePath};
use yaml::{Node, Str};

use crate::fields::{flag, items, some_text, span, text};
use crate::mirror::{self, Candidate, Mirror, Shelf, Unmatched, Wanted};
use crate::near::{listed, near};
use crate::sources::{Catalog, Found, Shared, url};
use crate::unfold::job::path;
use crate::unit::{Resolution, SourceId, UnitStatus};

/// What a HelmRelease says about its chart.
#[derive(Clone, Debug)]
pub(crate) struct Reference {
    /// The source that the release names.
    pub(crate) source: SourceId,
    /// Where it names it.
    pub(crate) span: Span,
    /// The name of the chart, for people.
    pub(crate) chart: Str,
    /// The version or range, as written.
    pub(crate) version: Option<Str>,
    /// The `spec` of the HelmChart that the release has inside of it or names; none when the source is the chart.
    spec: Option<Node>,
    /// The source that the chart is taken from.
    from: SourceId,
}

/// A chart that is here.
#[derive(Clone)]
pub(crate) struct Located<'a> {
    pub(crate) files: Shared<'a>,
    /// Its folder or archive.
    pub(crate) path: TreePath,
    pub(crate) is_archive: bool,
    /// Tells the chart from all others of the run.
    pub(crate) key: String,
    pub(crate) resolution: Resolution,
    /// What the version must satisfy that is in the chart itself.
    pub(crate) wanted: Wanted,
    /// What Flux appends to the version, so that a change is noticed.
    pub(crate) metadata: Option<String>,
    /// Values files that take the place of the chart's own values.
    pub(crate) values_files: Vec<ValuesFile>,
    pub(crate) ignore_missing_values_files: bool,
    /// Whether values files are looked for in the source or in the chart.
    pub(crate) values_in_source: bool,
    /// What is worth knowing about how it was found.
    pub(crate) findings: Vec<Diagnostic>,
}

/// One entry of `valuesFiles`.
#[derive(Clone, Debug)]
pub(crate) struct ValuesFile {
    pub(crate) path: Str,
    pub(crate) span: Span,
}

/// What keeps a release from being rendered.
pub(crate) struct Missing {
    pub(crate) status: UnitStatus,
    pub(crate) resolution: Resolution,
    pub(crate) finding: Option<Diagnostic>,
    /// The source, chart and version that would help.
    pub(crate) wants: Option<Wants>,
}

/// A chart that is not here.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) struct Wants {
    pub(crate) source: SourceId,
    pub(crate) chart: Option<Str>,
    pub(crate) version: Option<Str>,
}

/// Where a chart is.
pub(crate) enum Place<'a> {
    Here(Box<Located<'a>>),
    /// Nothing defines the source so far.
    Undefined,
    Missing(Box<Missing>),
}

/// What the release says about its chart; nothing where the API server refuses it.
pub(crate) fn reference(node: &Node, namespace: &str, catalog: &Catalog<'_>) -> Option<Reference> {
    let source = |reference: &Node, kind: Option<&str>, namespace: &str| {
        Some(SourceId::new(
            some_text(reference, &["kind"]).or(kind)?,
            some_text(reference, &["namespace"]).unwrap_or(namespace),
            some_text(reference, &["name"])?,
        ))
    };
    if let Some(spec) = node.at(&["spec", "chart", "spec"]) {
        let reference = spec.get("sourceRef")?;
        let from = source(reference, Some("HelmRepository"), namespace)?;
        return Some(Reference {
            source: from.clone(),
            span: reference.span,
            chart: text(spec, &["chart"]).into(),
            version: some_text(spec, &["version"]).map(Into::into),
            spec: Some(spec.clone()),
            from,
        });
    }
    let reference = node.at(&["spec", "chartRef"])?;
    let named = source(reference, None, namespace)?;
    let chart = catalog.definitions.get(&named).filter(|_| named.kind == "HelmChart");
    let spec = chart.and_then(|chart| chart.node.get("spec"));
    let from = spec.and_then(|spec| source(spec.get("sourceRef")?, Some("HelmRepository"), &named.namespace));
    Some(Reference {
        span: reference.span,
        chart: spec.and_then(|spec| some_text(spec, &["chart"])).unwrap_or(&named.name).into(),
        version: spec.and_then(|spec| some_text(spec, &["version"])).map(Into::into),
        spec: spec.cloned(),
        from: from.unwrap_or_else(|| named.clone()),
        source: named,
    })
}

/// Where the chart is as things stand.
pub(crate) fn locate<'a>(reference: &Reference, catalog: &Catalog<'a>, mirrors: &[Mirror<'a>]) -> Place<'a> {
    let from = &reference.from;
    let definition = catalog.definitions.get(from).map(|definition| &definition.node);
    match (catalog.find(from), definition) {
        // Charts are in a repository, and a mirror holds them one by one.
        (Found::Absent(..), Some(definition)) => absent(reference, definition, mirrors),
        (Found::Files(_, Resolution::Mirrored { .. }), Some(definition)) if from.kind == "OCIRepository" => {
            absent(reference, definition, mirrors)
        }
        (Found::Files(files, resolution), definition) => in_files(reference, definition, files, resolution),
        (Found::Undefined, _) => Place::Undefined,
        (Found::Failed(why, resolution), _) => {
            let finding =
                Diagnostic::error("flux/source-failed", reference.span, format!("`{from}` could not be composed"))
                    .with_related(why.span, why.message.clone());
            failed(finding, resolution)
        }
        (Found::Absent(_, resolution), None) => not_here(reference, None, resolution),
    }
}

/// A chart in the files of a source: at a path, or the whole of it.
fn in_files<'a>(
    reference: &Reference,
    definition: Option<&Node>,
    files: Shared<'a>,
    resolution: Resolution,
) -> Place<'a> {
    let at_path = reference.spec.as_ref().filter(|_| reference.from.kind != "HelmRepository");
    if let Some(spec) = at_path {
        let at = path(text(spec, &["chart"]));
        return match files.resolve(&at) {
            Ok((at, kind)) => here(reference, files, at, kind == Kind::File, resolution, Wanted::Anything),
            Err(error) => {
                let place = span(spec, &["chart"]);
                let message = match error {
                    source::FilesError::Missing => format!("there is no chart at `{}` in the source", reference.chart),
                    error => format!("the chart at `{}` can not be used: {error}", reference.chart),
                };
                let mut finding = Diagnostic::error("helm/chart-not-found", place, message);
                let parent = at.parent().unwrap_or_else(TreePath::root);
                let there = files.list(&parent).unwrap_or_default();
                let names = near(at.file_name(), there.iter().map(|entry| entry.name.as_str()));
                if let Some(names) = listed(&names) {
                    finding = finding.with_help(format!("did you mean {names}?"));
                }
                failed(finding, resolution)
            }
        };
    }
    let (shelf, wanted) = match &reference.spec {
        Some(_) => {
            let shelf = mirror::of_repository(files, &TreePath::root(), &reference.chart);
            (shelf, Wanted::range(reference.version.as_deref()))
        }
        None => {
            let shelf = mirror::of_one_chart(files, &TreePath::root(), &reference.chart);
            (shelf, definition.map_or(Wanted::Anything, of_registry))
        }
    };
    let said = match &resolution {
        Resolution::Given { display } => format!("`{display}`"),
        _ => format!("`{}`", reference.from),
    };
    from_shelf(reference, definition, &shelf, &wanted, &said, resolution)
}

/// A chart of a source whose files are elsewhere: what the mirrors hold of it.
fn absent<'a>(reference: &Reference, definition: &Node, mirrors: &[Mirror<'a>]) -> Place<'a> {
    let url = url::of(definition).unwrap_or_default();
    let (found, wanted) = match &*reference.from.kind {
        "HelmRepository" => {
            (mirror::find(mirrors, &url, &reference.chart), Wanted::range(reference.version.as_deref()))
        }
        "OCIRepository" => (mirror::find_chart(mirrors, &url), of_registry(definition)),
        _ => (None, Wanted::Anything),
    };
    let Some(found) = found else { return not_here(reference, Some(definition), Resolution::NotAvailable) };
    let resolution = Resolution::Mirrored { display: found.mirror.display.clone() };
    let said = format!("the mirror `{}`", found.mirror.display);
    from_shelf(reference, Some(definition), &found.shelf, &wanted, &said, resolution)
}

/// What `ref` of an OCIRepository asks for. A digest goes before all else, but only a tag beside it says the version.
fn of_registry(definition: &Node) -> Wanted {
    let field = |name: &str| some_text(definition, &["spec", "ref", name]);
    match (field("digest"), field("semver"), field("tag")) {
        (None, Some(range), _) => Wanted::range(Some(range)),
        (_, _, Some(tag)) => Wanted::tag(tag),
        _ => Wanted::Anything,
    }
}

/// The chart of a shelf that Flux would take.
fn from_shelf<'a>(
    reference: &Reference,
    definition: Option<&Node>,
    shelf: &Shelf<'a>,
    wanted: &Wanted,
    said: &str,
    resolution: Resolution,
) -> Place<'a> {
    let filter = definition.and_then(|definition| some_text(definition, &["spec", "ref", "semverFilter"]));
    let filter = filter.filter(|_| matches!(wanted, Wanted::Range(_))).and_then(|filter| Regex::new(filter).ok());
    let passes = |one: &&Candidate<'_>| filter.as_ref().is_none_or(|filter| filter.is_match(&one.version));
    let candidates: Vec<Candidate<'a>> = shelf.candidates.iter().filter(passes).cloned().collect();
    match wanted.choose(&candidates) {
        Ok(one) => {
            let place =
                here(reference, one.files.clone(), one.path.clone(), one.is_archive, resolution, wanted.clone());
            match place {
                Place::Here(located) => Place::Here(Box::new(in_registry(*located, reference, definition, one))),
                other => other,
            }
        }
        Err(Unmatched::Malformed(why)) => {
            let message = format!("`{}` is no range of versions: {why}", wanted.as_str());
            failed(
                Diagnostic::error("helm/malformed-version", version_span(reference, definition), message),
                resolution,
            )
        }
        Err(Unmatched::NoneOf(there)) => {
            let name = &reference.chart;
            let mut finding = match there.is_empty() {
                true => Diagnostic::warning(
                    "helm/chart-not-available",
                    reference.span,
                    format!("the chart `{name}` is not in {said}"),
                ),
                false => Diagnostic::warning(
                    "helm/version-not-available",
                    version_span(reference, definition),
                    format!("no version of the chart `{name}` in {said} satisfies `{}`", wanted.as_str()),
                )
                .with_note(format!("there is {}", some_of(&there))),
            };
            if !shelf.only_listed.is_empty() {
                finding = finding.with_note(format!(
                    "the index lists {}, but the archives are not there",
                    some_of(&shelf.only_listed)
                ));
            }
            let reason = finding.message.clone();
            Place::Missing(Box::new(Missing {
                status: UnitStatus::NotRendered { reason },
                resolution,
                finding: Some(finding),
                wants: Some(wants(reference, definition)),
            }))
        }
    }
}

/// Versions for people; not all of a long list.
fn some_of(versions: &[String]) -> String {
    const SHOWN: usize = 6;
    let shown: Vec<String> = versions.iter().take(SHOWN).map(|version| format!("`{version}`")).collect();
    match versions.len().checked_sub(SHOWN) {
        None | Some(0) => shown.join(", "),
        Some(more) => format!("{} and {more} more", shown.join(", ")),
    }
}

fn version_span(reference: &Reference, definition: Option<&Node>) -> Span {
    match (&reference.spec, definition) {
        (Some(spec), _) => spec.get("version").map_or(reference.span, |version| version.span),
        (None, Some(definition)) => span(definition, &["spec", "ref"]),
        (None, None) => reference.span,
    }
}

fn here<'a>(
    reference: &Reference,
    files: Shared<'a>,
    at: TreePath,
    is_archive: bool,
    resolution: Resolution,
    wanted: Wanted,
) -> Place<'a> {
    let spec = reference.spec.as_ref();
    let files_of = |spec| items(spec, &["valuesFiles"]);
    let values_files = spec.into_iter().flat_map(files_of).filter_map(|node| {
        let path = node.as_str().filter(|path| !path.is_empty())?;
        Some(ValuesFile { path: path.into(), span: node.span })
    });
    let values_files: Vec<ValuesFile> = values_files.collect();
    let key = match &resolution {
        Resolution::Mirrored { display } => format!("mirror {display} {at}"),
        _ => format!("{} {at}", reference.from),
    };
    Place::Here(Box::new(Located {
        files,
        path: at,
        is_archive,
        key,
        resolution,
        wanted,
        // The generation of the HelmChart, so that a change of the list is noticed. It is 1 for a new one.
        metadata: (!values_files.is_empty()).then(|| "1".to_owned()),
        values_files,
        ignore_missing_values_files: spec.is_some_and(|spec| flag(spec, &["ignoreMissingValuesFiles"])),
        values_in_source: reference.from.kind != "HelmRepository",
        findings: Vec::new(),
    }))
}

/// What an artifact of a registry adds: its digest becomes a part of the version, and cannot be checked here.
fn in_registry<'a>(
    mut located: Located<'a>,
    reference: &Reference,
    definition: Option<&Node>,
    chosen: &Candidate<'_>,
) -> Located<'a> {
    let Some(digest) = definition.and_then(|definition| definition.at(&["spec", "ref", "digest"])) else {
        return located;
    };
    let Some(text) = digest.as_str().filter(|text| !text.is_empty()) else { return located };
    let version = if chosen.version.is_empty() { String::new() } else { format!(" {}", chosen.version) };
    let message = format!("whether the chart `{}`{version} has this digest can not be checked", reference.chart);
    located.findings.push(Diagnostic::info("helm/digest-not-checked", digest.span, message));
    // helm-controller v1.6.3, `mutateChartWithSourceRevision`: the first twelve digits.
    located.metadata = text.split_once(':').and_then(|(_, digits)| digits.get(..12)).map(str::to_owned);
    located
}

fn failed<'a>(finding: Diagnostic, resolution: Resolution) -> Place<'a> {
    Place::Missing(Box::new(Missing { status: UnitStatus::Failed, resolution, finding: Some(finding), wants: None }))
}

/// Nobody gave the chart: the release is not rendered, and what would help is said.
fn not_here<'a>(reference: &Reference, definition: Option<&Node>, resolution: Resolution) -> Place<'a> {
    let wants = wants(reference, definition);
    let version = wants.version.as_ref().map(|version| format!(" {version}")).unwrap_or_default();
    let reason = match definition.and_then(url::shown) {
        Some(url) if !url.is_empty() => {
            format!("the chart {}{version} of {url} is not here: `--mirror {url}=PATH` gives it", reference.chart)
        }
        _ => format!(
            "the chart {}{version} of {from} is not here: `--source {from}=PATH` gives it",
            reference.chart,
            from = reference.from
        ),
    };
    Place::Missing(Box::new(Missing {
        status: UnitStatus::NotRendered { reason },
        resolution,
        finding: None,
        wants: Some(wants),
    }))
}

fn wants(reference: &Reference, definition: Option<&Node>) -> Wants {
    let of_source = || {
        let definition = definition.filter(|_| reference.from.kind == "OCIRepository")?;
        ["digest", "semver", "tag"].iter().find_map(|key| some_text(definition, &["spec", "ref", key]))
    };
    let chart = reference.spec.is_some().then(|| reference.chart.clone());
    let version = reference.version.clone().or_else(|| of_source().map(Into::into));
    Wants { source: reference.from.clone(), chart, version }
}
