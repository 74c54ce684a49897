//! Which charts inside of a chart take part, under which names, and what their values lend to the chart around them.
//!
//! Upstream: `pkg/chart/v2/util/dependencies.go` of helm 4.2.3, `CheckDependencies` of `pkg/action/install.go`.

mod enabled;
mod imports;

use yaml::Map;

use crate::{Chart, NullHandling, Warning};

/// Charts that one chart may hold once each alias has a chart of its own.
const MAX_CHARTS: usize = 2_000;

/// A chart whose dependencies are processed, and what Helm would have said meanwhile.
#[derive(Clone, Debug)]
pub struct Processed {
    /// The chart with the charts inside that are enabled, and with the values that it imports from them.
    pub chart: Chart,
    /// In the order of Helm's log.
    pub warnings: Vec<Warning>,
}

/// Takes out what conditions and tags disable, gives aliases their charts and imports values.
///
/// # Errors
/// Helm's text where values for a chart inside are not a table, ours where there would be too many charts.
pub fn process_dependencies(chart: &Chart, values: &Map, nulls: NullHandling) -> Result<Processed, String> {
    let mut processing = Processing { nulls, warnings: Vec::new(), charts: 0 };
    let result =
        processing.enabled(chart, &chart.full_path(None), values, "").and_then(|chart| processing.imported(&chart));
    let chart = result.map_err(|why| format!("chart dependencies processing failed: {why}"))?;
    Ok(Processed { chart, warnings: processing.warnings })
}

/// Whether all that `Chart.yaml` lists lies in `charts/`, by name. It is asked before dependencies are processed.
///
/// # Errors
/// Helm's text, with the names of what is missing.
pub fn check_dependencies(chart: &Chart) -> Result<(), String> {
    let missing: Vec<&str> = chart
        .metadata()
        .dependencies()
        .map(|listed| listed.name.as_str())
        .filter(|name| !chart.dependencies().iter().any(|inner| inner.name() == *name))
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    Err(format!(
        "an error occurred while checking for chart dependencies. You may need to run 'helm dependency build' to fetch \
         missing dependencies: found in Chart.yaml, but missing in charts/ directory: {}",
        missing.join(", ")
    ))
}

/// Whether the chart can be rendered on its own. Warns of one that is deprecated.
///
/// # Errors
/// Helm's text for library charts.
pub fn check_installable(chart: &Chart, warnings: &mut Vec<Warning>) -> Result<(), String> {
    match &*chart.metadata().chart_type {
        "" | "application" => {}
        other => return Err(format!("{other} charts are not installable")),
    }
    if chart.metadata().deprecated {
        warnings.push(Warning::warn("this chart is deprecated", []));
    }
    Ok(())
}

struct Processing {
    nulls: NullHandling,
    warnings: Vec<Warning>,
    charts: usize,
}

#[cfg(test)]
mod tests {
    use source::{Tree, TreePath};

    use super::*;
    use crate::{DirectoryLimits, load_directory};

    fn chart(files: &[(&str, &str)]) -> Chart {
        let mut tree = Tree::new("");
        for (name, text) in files {
            tree.insert_text(TreePath::new(name).unwrap(), text);
        }
        load_directory(&tree, &TreePath::root(), None, &DirectoryLimits::default()).unwrap().chart
    }

    fn processed(chart: &Chart, values: &str) -> Processed {
        let values = crate::chart::read_values(source::FileId::new(0), values.as_bytes()).unwrap();
        process_dependencies(chart, &values, NullHandling::V4_2).unwrap()
    }

    const UMBRELLA: &str = "apiVersion: v2\nname: d\nversion: 0.1.0\ndependencies:\n\
        - {name: sub, version: '>=1', condition: 'sub.enabled, x,v.z', tags: [front, back], import-values: [data, nope, \
        {child: t, parent: here.x}, {child: q, parent: .}]}\n\
        - {name: other, version: 0.x, alias: o, condition: o.live}\n\
        - {name: other, version: 0.x}\n";

    fn umbrella() -> Chart {
        chart(&[
            ("Chart.yaml", UMBRELLA),
            ("values.yaml", "tags: {front: x, back: 1}\no: {live: 5}\nhere: {x: {own: 1}}\n"),
            ("charts/sub/Chart.yaml", "name: sub\nversion: 1.0.0\n"),
            ("charts/sub/values.yaml", "exports: {data: {a: 1, b: null}}\nt: {u: 1, own: 2}\nenabled: 'yes'\n"),
            ("charts/other/Chart.yaml", "name: other\nversion: 0.1.0\n"),
            ("charts/extra/Chart.yaml", "name: extra\nversion: 0.1.0\n"),
        ])
    }

    /// The lines are those of helm 4.2.3.
    #[test]
    fn warnings_come_in_the_words_of_helm() {
        let lines: Vec<_> = processed(&umbrella(), "").warnings.iter().map(Warning::to_string).collect();
        assert_eq!(
            lines,
            [
                "level=WARN msg=\"returned non-bool value\" tag=front chart=sub",
                "level=WARN msg=\"returned non-bool value\" tag=back chart=sub",
                "level=WARN msg=\"returned non-bool value\" path=sub.enabled chart=sub",
                "level=WARN msg=\"returned non-bool value\" path=o.live chart=o",
                "level=WARN msg=\"ImportValues missing table\" error=\"\\\"nope\\\" is not a table\"",
                "level=WARN msg=\"ImportValues missing table from chart\" chart=sub error=\"\\\"q\\\" is not a table\"",
            ]
        );
    }

    #[test]
    fn names_order_and_imported_values() {
        let processed = processed(&umbrella(), "sub: {enabled: true}\ntags: {front: false}");
        let names = |chart: &Chart| chart.dependencies().iter().map(|c| c.name().to_owned()).collect::<Vec<_>>();
        assert_eq!(names(&processed.chart), ["extra", "sub", "o", "other"]);
        let values = processed.chart.values();
        assert_eq!(
            format!("{:?}", values.get("here").unwrap().value),
            "Map({\"x\": Map({\"own\": Float(1.0), \"u\": Float(1.0)})})"
        );
        assert_eq!(format!("{:?}", values.get("a").unwrap().value), "Float(1.0)");
        assert!(values.get("b").unwrap().is_null());
        let listed: Vec<_> = processed.chart.metadata().dependencies().collect();
        assert_eq!((listed[1].name.as_str(), listed[0].import_values.len()), ("o", 4));
    }

    #[test]
    fn conditions_beat_tags_and_the_first_path_that_is_there_counts() {
        let names = |values: &str| {
            let chart = processed(&umbrella(), values).chart;
            chart.dependencies().iter().map(|c| c.name().to_owned()).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(names("tags: {front: false}"), "extra o other");
        assert_eq!(names("tags: {front: false, back: true}"), "extra sub o other");
        assert_eq!(names("tags: {front: false}\nsub: {enabled: true}"), "extra sub o other");
        assert_eq!(names("x: true\nsub: {enabled: false}"), "extra o other");
        assert_eq!(names("v: {z: false}"), "extra o other");
        assert_eq!(names("o: {live: false}"), "extra sub other");
    }

    #[test]
    fn paths_below_an_alias_may_lead_back() {
        let top = "apiVersion: v2\nname: d\nversion: 0.1.0\ndependencies: [{name: a, version: '*', alias: b}]\n";
        let chart = chart(&[
            ("Chart.yaml", top),
            ("charts/a/Chart.yaml", "name: a\nversion: 1.0.0\n"),
            ("charts/a/charts/m/Chart.yaml", "name: m\nversion: 1.0.0\n"),
            ("charts/a/charts/m/charts/w/Chart.yaml", "name: w\nversion: 1.0.0\n"),
        ]);
        let chart = processed(&chart, "").chart;
        let paths: Vec<_> = chart.walk().into_iter().map(|(path, _)| path).collect();
        assert_eq!(paths, ["d", "d/charts/b", "d/charts/b/charts/m", "d/charts/a/charts/m/charts/w"]);
    }

    #[test]
    fn what_is_listed_must_be_there() {
        let chart = chart(&[("Chart.yaml", UMBRELLA), ("charts/sub/Chart.yaml", "name: sub\nversion: 1.0.0\n")]);
        let error = check_dependencies(&chart).unwrap_err();
        assert!(error.ends_with("missing in charts/ directory: other, other"), "{error}");
        check_dependencies(&umbrella()).unwrap();
        check_installable(&chart, &mut Vec::new()).unwrap();
    }

    #[test]
    fn charts_that_multiply_are_refused() {
        let mut list = String::from("name: x\nversion: 1.0.0\napiVersion: v2\ndependencies:\n");
        for number in 0..50 {
            list.push_str(&format!("- {{name: x, version: '*', alias: a{number}}}\n"));
        }
        let files =
            ["Chart.yaml", "charts/x/Chart.yaml", "charts/x/charts/x/Chart.yaml"].map(|name| (name, list.as_str()));
        let files = [&files[..], &[("charts/x/charts/x/charts/x/Chart.yaml", "name: x\nversion: 1.0.0\n")]].concat();
        let error = process_dependencies(&chart(&files), &Map::new(), NullHandling::V4_2).unwrap_err();
        assert_eq!(error, "chart dependencies processing failed: the chart holds more than 2000 charts");
    }
}
