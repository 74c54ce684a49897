//! Hostile archives: each is refused for what is wrong with it, or loads where only a render of it would go wrong.

use serde_json::Value;

/// A part of the answer to each input that is refused.
const REFUSED: &[(&str, &str)] = &[
    ("tar-dotdot", "chart illegally references parent directory"),
    ("tar-absolute", "chart illegally contains absolute paths"),
    ("tar-symlink-escape", "chart illegally contains a link"),
    ("tar-hardlink", "chart illegally contains a link"),
    ("tar-device", "something that is not a file"),
    ("tar-fifo", "something that is not a file"),
    ("tar-many-files", "more than 100000 entries"),
    ("tar-long-name", "a file whose name is longer than 255 bytes"),
    ("gzip-bomb", "larger than the maximum size"),
    ("gzip-truncated", "unexpected EOF"),
    ("gzip-trailing", "unable to load chart archive: unexpected EOF"),
    ("gzip-bad-crc", "unable to load chart archive: corrupt gzip stream"),
    // They hold no chart; nothing else is wrong with them.
    ("tar-setuid", "unable to detect chart version, no Chart.yaml found"),
    ("tar-case-collide", "unable to detect chart version, no Chart.yaml found"),
    ("chart-name-dot", "validation: chart.metadata.name \"..\" is not allowed"),
    ("chart-values-bomb", "cannot load values.yaml: cannot unmarshal yaml document"),
    ("chart-dep-symlink", "chart illegally contains a link"),
];

#[test]
fn conformance_hostile_charts() {
    let Some(corpus) = testkit::corpus("badinputs") else { return };
    let index = std::fs::read(corpus.join("index.json")).unwrap();
    let index: Vec<Value> = serde_json::from_slice(&index).unwrap();
    let text = |input: &Value, key: &str| input.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    let outcomes = index.iter().filter_map(|input| {
        let (id, file) = (text(input, "id"), text(input, "file"));
        if !file.starts_with("archive/") && !file.starts_with("chart/") {
            return None;
        }
        let loaded = helm::load_archive(&file, &std::fs::read(corpus.join(&file)).unwrap(), None);
        let wanted = REFUSED.iter().find(|(known, _)| *known == id).map(|(_, why)| *why);
        let outcome = match (loaded, wanted) {
            (Ok(_), None) => Ok(()),
            (Err(why), Some(wanted)) if why.contains(wanted) => Ok(()),
            (loaded, wanted) => Err(format!("{:?}, wanted {wanted:?}", loaded.map(|_| "loads"))),
        };
        Some((id, outcome))
    });
    let score = testkit::Score::of("helm-hostile-charts", outcomes);
    score.print();
    assert_eq!(score.passed, score.all());
}
