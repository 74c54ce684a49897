//! Charts that an open chart lists and does not hold. Flux fetches them before it packs the chart (source-controller
//! v1.9.4, `internal/helm/chart/dependency_manager.go`); here they come from the same source or from mirrors.

use helm::{Chart, Dependency};
use source::{Diagnostic, TreePath};

use super::chart::{Located, Reference};
use crate::mirror::{self, Wanted};
use crate::unfold::render::Shared;

/// The chart with everything that it lists.
pub(super) fn complete(
    chart: Chart,
    reference: &Reference,
    located: &Located<'_>,
    shared: &Shared<'_>,
) -> Result<Chart, Box<Diagnostic>> {
    let is_there = |wanted: &&Dependency| chart.dependencies().iter().any(|inner| inner.name() == wanted.name);
    let mut missing: Vec<&Dependency> = chart.metadata().dependencies().filter(|wanted| !is_there(wanted)).collect();
    // One chart may be listed under several aliases.
    missing.dedup_by(|a, b| a.name == b.name && a.version == b.version);
    let found: Result<Vec<Chart>, Box<Diagnostic>> =
        missing.into_iter().map(|wanted| find(wanted, reference, located, shared)).collect();
    Ok(match found? {
        further if further.is_empty() => chart,
        further => chart.with_dependencies(further),
    })
}

fn find(
    wanted: &Dependency,
    reference: &Reference,
    located: &Located<'_>,
    shared: &Shared<'_>,
) -> Result<Chart, Box<Diagnostic>> {
    let Dependency { name, version, repository, .. } = wanted;
    let chart = &reference.chart;
    let refused = |why: &str| {
        let message = format!("the chart `{chart}` needs the chart `{name}`, which can not be used: {why}");
        Box::new(Diagnostic::error("helm/chart-not-loaded", reference.span, message))
    };
    let load = |key: String, place| {
        let loaded = shared.charts.load(&key, place, shared.sources).map_err(|why| refused(&why))?;
        Ok(loaded.chart.clone())
    };
    if let Some(beside) = local(repository) {
        let at = beside.and_then(|beside| located.path.join(beside));
        let at = at.unwrap_or_else(|| {
            located.path.join("charts").and_then(|charts| charts.join(name)).unwrap_or_else(TreePath::root)
        });
        let root = located.key.strip_suffix(located.path.as_str()).unwrap_or(&located.key);
        return load(format!("{root}{at}"), (located.files.as_ref(), &at, false));
    }
    let not_here = |why: String| {
        let finding = Diagnostic::warning("helm/chart-not-available", reference.span, why);
        Box::new(finding.with_help(format!("give it with `--mirror {repository}=PATH`, or put it into `charts/`")))
    };
    let Some(found) = mirror::find(shared.mirrors, repository, name) else {
        return Err(not_here(format!(
            "the chart `{chart}` needs the chart {name} {version} of {repository}, which is not here"
        )));
    };
    let Ok(one) = Wanted::range(Some(version)).choose(&found.shelf.candidates) else {
        let mirror = &found.mirror.display;
        return Err(not_here(format!(
            "the chart `{chart}` needs the chart {name} {version} of {repository}, and the mirror `{mirror}` has none"
        )));
    };
    load(format!("mirror {} {}", found.mirror.display, one.path), (one.files.as_ref(), &one.path, one.is_archive))
}

/// A dependency that lies beside the chart, with its path; one without a repository must lie in `charts/`.
fn local(repository: &str) -> Option<Option<&str>> {
    if repository.is_empty() {
        return Some(None);
    }
    repository.strip_prefix("file://").map(Some)
}
