//! What helm printed, taken apart, sorted and printed again: the same bytes. Needs no templates, so a miss is a miss of
//! splitting, of reading heads, of hooks or of the order of kinds.

use serde_json::Value;

/// The documents of a stream with their sources, in the order of the sources, as templates print them.
///
/// Each stands behind a separator of its own: a document that itself starts with one can only come from there.
fn documents(stream: &str) -> Option<Vec<(&str, String)>> {
    const HEAD: &str = "---\n# Source: ";
    let body = stream.strip_prefix(HEAD)?.strip_suffix('\n')?;
    let mut found = Vec::new();
    for document in body.split("\n---\n# Source: ") {
        let (path, text) = document.split_once('\n')?;
        found.push((path, format!("---\n{text}")));
    }
    found.sort_by_key(|(path, _)| *path);
    Some(found)
}

fn check(case: &testkit::Case) -> Result<(), String> {
    let printed = std::fs::read_to_string(case.path.join("expected.yaml")).map_err(|error| error.to_string())?;
    let Some(documents) = documents(&printed) else { return Ok(()) };
    let sorted = helm::sort(documents.iter().map(|(path, text)| (*path, text.as_bytes())))?;
    let again = helm::stream(&[], &sorted.manifests, &sorted.hooks);
    testkit::expect_text(&printed, &String::from_utf8_lossy(&again))
}

#[test]
fn conformance_printed_again() {
    let Some(corpus) = testkit::corpus("helm") else { return };
    let mut cases = Vec::new();
    for chart in testkit::folders(&corpus) {
        for case in testkit::folders(&chart.path.join("cases")) {
            let about = std::fs::read_to_string(case.path.join("case.json")).unwrap_or_default();
            let about: Value = serde_json::from_str(&about).unwrap_or_default();
            let words = about.get("argv").and_then(Value::as_array).cloned().unwrap_or_default();
            // Definitions are printed as they are and single templates in the order of the command line.
            let other = ["--include-crds", "-s"];
            let sorted = !words.iter().any(|word| word.as_str().is_some_and(|word| other.contains(&word)));
            if sorted && about.get("exit").and_then(Value::as_u64) == Some(0) {
                cases.push(testkit::Case { name: format!("{}/{}", chart.name, case.name), path: case.path });
            }
        }
    }
    assert!(cases.len() > 500, "{}", cases.len());
    let outcomes = testkit::run(&cases, check);
    let names = cases.iter().map(|case| case.name.clone());
    let score = testkit::Score::of("helm-printed-again", names.zip(outcomes));
    score.print();
    assert!(score.misses.len() * 50 < score.all(), "too many misses");
}
