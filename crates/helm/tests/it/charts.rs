//! Charts of the corpus: all load, or are refused in the words of the real tool.

use source::{Sources, TreePath};

/// What helm says before it comes to templates, if it says something.
fn refused(case: &std::path::Path) -> Option<String> {
    let said = std::fs::read_to_string(case.join("expected.err")).ok()?;
    let said = said.lines().find_map(|line| line.strip_prefix("Error: "))?.to_owned();
    let of_loading = [
        "validation:",
        "cannot load",
        "Chart.yaml file",
        "unsupported chart",
        "invalid chart",
        "an error occurred while checking",
        "library charts",
        "unable to",
        "error unpacking",
        "double-star",
        "syntax error in pattern",
    ];
    of_loading.iter().any(|start| said.starts_with(start)).then_some(said)
}

fn check(chart: &testkit::Case) -> Result<(), String> {
    let tree = testkit::tree(&chart.path.join("chart")).map_err(|error| error.to_string())?;
    let limits = helm::DirectoryLimits::default();
    let loaded = helm::load_directory(&tree, &TreePath::root(), Some(&Sources::new()), &limits)
        .map(|loaded| loaded.chart)
        .and_then(|chart| helm::check_installable(&chart, &mut Vec::new()).and(helm::check_dependencies(&chart)));
    let cases = testkit::folders(&chart.path.join("cases"));
    let said = cases.iter().find_map(|case| refused(&case.path));
    match (loaded, said) {
        (Ok(()), None) => Ok(()),
        (Err(got), Some(expected)) if got == expected => Ok(()),
        (Err(got), expected) => Err(format!("refused: {got}; helm: {expected:?}")),
        (Ok(()), Some(expected)) => Err(format!("should be refused: {expected}")),
    }
}

#[test]
fn conformance_charts() {
    let Some(corpus) = testkit::corpus("helm") else { return };
    let charts: Vec<_> =
        testkit::folders(&corpus).into_iter().filter(|chart| chart.path.join("chart").is_dir()).collect();
    assert!(charts.len() > 300, "{}", charts.len());
    let outcomes = testkit::run(&charts, check);
    let score = testkit::Score::of("helm-charts", charts.iter().map(|chart| chart.name.clone()).zip(outcomes));
    score.print();
    assert!(score.misses.len() * 50 < score.all(), "too many misses");
}
