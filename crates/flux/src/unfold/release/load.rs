//! The chart itself: read once in a run, then with the values files and the version that Flux gives it
//! (source-controller v1.9.4, `internal/helm/chart`).

use std::sync::Arc;

use gotmpl::semver::{Constraints, Version};
use helm::{Chart, Table};
use source::{Diagnostic, File, Kind};
use yaml::{Dialect, DuplicateKeys, Limits, Map, ReadOptions, Value};

use super::chart::{Located, Reference, ValuesFile};
use super::dependencies;
use crate::charts::logged;
use crate::mirror::Wanted;
use crate::unfold::job::path;
use crate::unfold::render::Shared;
use crate::values::as_json_numbers;

/// The chart as helm-controller gets it. What is only not here is a warning.
pub(super) fn load(
    reference: &Reference,
    located: &Located<'_>,
    shared: &Shared<'_>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Result<Chart, Box<Diagnostic>> {
    let refused = |why: &str| {
        let message = format!("the chart `{}` can not be used: {}", reference.chart, why.trim_end_matches('.'));
        let at = located.files.display(&located.path);
        Box::new(
            Diagnostic::error("helm/chart-not-loaded", reference.span, message).with_note(format!("it is at `{at}`")),
        )
    };
    let place = (located.files.as_ref(), &located.path, located.is_archive);
    let loaded = shared.charts.load(&located.key, place, shared.sources).map_err(|why| refused(&why))?;
    diagnostics.extend(loaded.warnings.iter().map(|warning| logged(warning, reference.span)));
    let mut chart = loaded.chart.clone();
    if !is_wanted(&chart.metadata().version, &located.wanted) {
        let (version, wanted) = (&chart.metadata().version, located.wanted.as_str());
        let message = format!("the chart `{}` is version `{version}`, which is not `{wanted}`", reference.chart);
        return Err(Box::new(Diagnostic::error("helm/version-not-available", reference.span, message)));
    }
    if !located.is_archive {
        chart = dependencies::complete(chart, reference, located, shared)?;
    }
    if !located.values_files.is_empty() {
        chart = chart.with_values(values_files(&chart, located, shared)?);
    }
    if let Some(metadata) = &located.metadata {
        let marked = Version::parse(&chart.metadata().version).and_then(|version| version.with_metadata(metadata));
        chart = chart.with_version(&marked.map_err(|why| refused(&why.to_string()))?.to_string());
    }
    Ok(chart)
}

/// Whether the version in a chart is one that was asked for; the name of an archive may have said something else.
fn is_wanted(version: &str, wanted: &Wanted) -> bool {
    match wanted {
        Wanted::Anything => true,
        Wanted::Tag(tag) => tag == version || Version::parse(tag).ok() == Version::parse(version).ok(),
        Wanted::Range(range) => {
            let checked = || Some(Constraints::parse(range).ok()?.check(&Version::parse(version).ok()?));
            range == version || checked().unwrap_or(false)
        }
    }
}

/// The values files in their order, each over those before it, in the place of the chart's own values.
fn values_files(chart: &Chart, located: &Located<'_>, shared: &Shared<'_>) -> Result<Map, Box<Diagnostic>> {
    let mut merged = Table::default();
    for wanted in &located.values_files {
        let values = if !located.values_in_source && path(&wanted.path).as_str() == "/values.yaml" {
            Some(chart.values().clone())
        } else {
            match find(chart, located, &wanted.path) {
                Some(file) => Some(read_values(&file, wanted, shared)?),
                None => None,
            }
        };
        match values {
            Some(values) => merged = merged.merged(&Table::new(&values)),
            None if located.ignore_missing_values_files => {}
            None => {
                let inside = if located.values_in_source { "the source" } else { "the chart" };
                let message = format!("there is no values file `{}` in {inside}", wanted.path);
                return Err(Box::new(
                    Diagnostic::error("helm/missing-values-file", wanted.span, message)
                        .with_help("correct the path, or set `ignoreMissingValuesFiles: true`"),
                ));
            }
        }
    }
    Ok(merged.map())
}

fn find(chart: &Chart, located: &Located<'_>, wanted: &str) -> Option<Arc<File>> {
    let at = path(wanted);
    if located.values_in_source {
        return matches!(located.files.resolve(&at), Ok((_, Kind::File))).then(|| located.files.read(&at).ok())?;
    }
    chart.files().iter().find(|file| *file.name == *at.relative()).map(|file| file.file.clone())
}

fn read_values(file: &Arc<File>, wanted: &ValuesFile, shared: &Shared<'_>) -> Result<Map, Box<Diagnostic>> {
    let id = shared.sources.add_file(file);
    let options = ReadOptions {
        dialect: Dialect::Kubernetes,
        limits: Limits::default(),
        duplicate_keys: DuplicateKeys::LastWins,
    };
    let refused = |why: &str| {
        let message = format!("the values file `{}` can not be used: {why}", wanted.path);
        Diagnostic::error("helm/missing-values-file", wanted.span, message)
    };
    let mut read = yaml::read_first(id, &file.bytes, &options)
        .map_err(|error| Box::new(refused("it is not valid YAML").with_related(error.span, error.message.clone())))?;
    as_json_numbers(&mut read);
    match read.value {
        Value::Map(fields) => Ok(fields),
        Value::Null => Ok(Map::new()),
        other => Err(Box::new(refused(&format!("it must hold a map, found {}", other.type_name())))),
    }
}
