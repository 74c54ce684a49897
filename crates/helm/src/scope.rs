//! What each template of a chart and its dependencies is called, and what it sees.
//!
//! Upstream: `recAllTpls` of `pkg/engine/engine.go`, helm 4.2.3. The maps are shared on purpose: what a template writes into
//! `.Values` is seen by templates that run later, and by the dependency whose values they are.

use std::collections::BTreeMap;

use gotmpl::{Item, Map, MapType, Value};

use source::Sources;

use crate::files::files_value;
use crate::render::Settings;
use crate::values_map::{VALUES, table};
use crate::{Chart, ChartFile, Release};

/// A template with its surroundings.
pub(crate) struct Scoped<'c> {
    pub(crate) file: &'c ChartFile,
    /// The dot of the chart it belongs to.
    pub(crate) dot: Map,
    /// What `.Template.BasePath` says.
    pub(crate) base_path: String,
}

/// The templates of a chart and its dependencies by name.
pub(crate) fn templates<'c>(chart: &'c Chart, values: Item, settings: &Settings<'_>) -> BTreeMap<String, Scoped<'c>> {
    let values = match values.value {
        Value::Map(map) => map.typed(VALUES),
        _ => Map::of(VALUES, []),
    };
    let top = Map::of(VALUES, []);
    top.insert("Values", Value::Map(values));
    top.insert("Release", release_value(&settings.release));
    top.insert("Capabilities", settings.capabilities.to_value());
    let mut found = BTreeMap::new();
    collect(chart, None, settings.sources, &top, &mut found);
    found
}

fn release_value(release: &Release) -> Value {
    let map = Map::new();
    map.insert("Name", Value::from(release.name.as_str()));
    map.insert("Namespace", Value::from(release.namespace.as_str()));
    map.insert("IsUpgrade", Value::Bool(release.is_upgrade));
    map.insert("IsInstall", Value::Bool(!release.is_upgrade));
    map.insert("Revision", Value::Int(i64::try_from(release.revision).unwrap_or(i64::MAX)));
    map.insert("Service", Value::from("Helm"));
    Value::Map(map)
}

fn collect<'c>(
    chart: &'c Chart,
    parent: Option<&str>,
    sources: Option<&Sources>,
    outer: &Map,
    found: &mut BTreeMap<String, Scoped<'c>>,
) -> Map {
    let path = chart.full_path(parent);
    let is_root = parent.is_none();
    let values = if is_root {
        outer.get(b"Values").unwrap_or_default().value
    } else {
        // A name with dots is a path here: upstream's way, which leaves such a chart without values.
        let values = table(outer, &format!("Values.{}", chart.name()));
        Value::Map(values.unwrap_or_else(|_| Map::of(VALUES, [])))
    };
    let subcharts = Map::new();
    let dot = Map::of(VALUES, []);
    dot.insert("Chart", chart.metadata().to_value(is_root));
    dot.insert("Files", files_value(chart.files(), sources));
    dot.insert("Release", outer.get(b"Release").unwrap_or_default());
    dot.insert("Capabilities", outer.get(b"Capabilities").unwrap_or_default());
    dot.insert("Values", values);
    dot.insert("Subcharts", Value::Map(subcharts.clone()));
    for dependency in chart.dependencies() {
        let below = collect(dependency, Some(&path), sources, &dot, found);
        subcharts.insert(dependency.name(), Value::Map(below.typed(MapType::ANY)));
    }
    for file in chart.templates() {
        let base = file.name.rsplit('/').next().unwrap_or_default();
        if chart.is_library() && !base.starts_with('_') {
            continue;
        }
        let scoped = Scoped { file, dot: dot.clone(), base_path: join(&path, "templates") };
        found.insert(join(&path, &file.name), scoped);
    }
    dot
}

/// Go's `path.Join` for what charts hold: names without `..` and doubled slashes.
fn join(path: &str, name: &str) -> String {
    format!("{path}/{name}")
}

/// The names in Helm's order of parsing and rendering: the deepest paths first, and the last by name.
pub(crate) fn in_order<'n>(names: impl Iterator<Item = &'n String>) -> Vec<&'n String> {
    let mut names: Vec<&String> = names.collect();
    let depth = |name: &str| name.bytes().filter(|byte| *byte == b'/').count();
    names.sort_by(|a, b| depth(b).cmp(&depth(a)).then_with(|| b.cmp(a)));
    names
}
