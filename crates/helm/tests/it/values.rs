//! Values that helm refuses: files that are none, subcharts that get no table, schemas that they do not fit. Each chart of
//! the corpus whose values go wrong gives the same words here.

use std::cell::RefCell;
use std::path::Path;

use helm::{DirectoryLimits, NullHandling, SetArgument, ValueOptions, ValuesFile, Warning};
use serde_json::Value;
use source::{Sources, Span, SpanMap, TreePath};

/// What stands in the case's description under a name.
fn list<'a>(case: &'a Value, field: &str) -> Vec<&'a str> {
    case.get(field).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect()
}

/// Whether what is found is what helm wrote to standard error.
fn outcome(folder: &Path, case: &Value, wanted: &str) -> Result<(), String> {
    let mut log = Vec::new();
    let found = match run(folder, case, &mut log) {
        Ok(()) => String::new(),
        Err(error) => format!("Error: {error}"),
    };
    let (wanted_log, wanted): (Vec<&str>, Vec<&str>) = wanted.lines().partition(|line| line.starts_with("level="));
    // Dependencies are not processed here, which logs some lines again.
    let mut log = log.iter().map(Warning::to_string);
    if let Some(line) = log.find(|line| !wanted_log.contains(&line.as_str())) {
        return Err(format!("helm does not log: {line}"));
    }
    let mut lines = [wanted, found.lines().collect()].map(|lines: Vec<&str>| {
        lines.into_iter().filter(|line| !line.is_empty()).map(str::to_owned).collect::<Vec<_>>()
    });
    if case.get("nondeterministic").is_some() {
        // Upstream goes through the fields of maps in random order.
        lines.iter_mut().for_each(|lines| lines.sort_unstable());
    }
    let [wanted, found] = lines.map(|lines| lines.join("\n"));
    testkit::expect_text(&wanted, &found)
}

fn run(folder: &Path, case: &Value, log: &mut Vec<Warning>) -> Result<(), String> {
    let sources = Sources::new();
    let files: Vec<(&str, Vec<u8>)> = list(case, "values")
        .into_iter()
        .map(|name| (name, std::fs::read(folder.join(name)).unwrap_or_default()))
        .collect();
    let files: Vec<ValuesFile<'_>> = files
        .iter()
        .map(|(name, text)| {
            let file = sources.add_virtual(*name, String::from_utf8_lossy(text), SpanMap::default());
            ValuesFile { name, file, text }
        })
        .collect();
    let arguments = |flag: &str| -> Vec<SetArgument<'_>> {
        list(case, flag).into_iter().map(|text| SetArgument { text, span: Span::DETACHED }).collect()
    };
    let (json, set, string, file, literal) = (
        arguments("set_json"),
        arguments("set"),
        arguments("set_string"),
        arguments("set_file"),
        arguments("set_literal"),
    );
    let options = ValueOptions {
        files: &files,
        set_json: &json,
        set: &set,
        set_string: &string,
        set_file: &file,
        set_literal: &literal,
    };
    let seen = RefCell::new(Vec::new());
    let values = helm::merge_options(&options, &|name| {
        seen.borrow_mut().push(name.to_owned());
        std::fs::read_to_string(folder.join(name))
            .map(yaml::Str::from)
            .map_err(|_| format!("open {name}: no such file or directory"))
    })?;
    let chart = folder.join(case.get("chart_path").and_then(Value::as_str).unwrap_or("../../chart"));
    let tree = testkit::tree(&chart).map_err(|error| error.to_string())?;
    let loaded = helm::load_directory(&tree, &TreePath::root(), Some(&sources), &DirectoryLimits::default())?;
    log.extend(loaded.warnings);
    helm::check_installable(&loaded.chart, log)?;
    helm::check_dependencies(&loaded.chart)?;
    let processed = helm::process_dependencies(&loaded.chart, &values, NullHandling::V4_2)?;
    log.extend(processed.warnings);
    let chart = processed.chart;
    let values = helm::coalesce_values(&chart, &values, NullHandling::V4_2, log)?.map();
    helm::validate_values(&chart, &values, &|_| None, log).map_err(|failure| failure.text)
}

/// Whether helm stops over values: before a template is rendered, and not over what a chart is made of.
fn is_about_values(error: &str) -> bool {
    let beginnings = [
        "values don't meet the specifications",
        "type mismatch on ",
        "cannot load values.yaml",
        "failed to parse ",
        "failed parsing --set",
    ];
    error
        .lines()
        .any(|line| beginnings.iter().any(|begin| line.strip_prefix("Error: ").is_some_and(|e| e.starts_with(begin))))
}

#[test]
fn conformance_refused_values() {
    let Some(corpus) = testkit::corpus("helm") else { return };
    let mut outcomes = Vec::new();
    for chart in testkit::folders(&corpus) {
        for case in testkit::folders(&chart.path.join("cases")) {
            let Ok(wanted) = std::fs::read_to_string(case.path.join("expected.err")) else { continue };
            if !is_about_values(&wanted) {
                continue;
            }
            let about = std::fs::read_to_string(case.path.join("case.json")).unwrap_or_default();
            let about: Value = serde_json::from_str(&about).unwrap_or_default();
            outcomes.push((format!("{}/{}", chart.name, case.name), outcome(&case.path, &about, &wanted)));
        }
    }
    assert!(outcomes.len() > 60, "{}", outcomes.len());
    let score = testkit::Score::of("helm-refused-values", outcomes);
    score.print();
    assert_eq!(score.passed, score.all());
}
