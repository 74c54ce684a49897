//! The conformance corpus: trees and what `kubectl kustomize` printed for them, in both orders.
//!
//! `HEADWATER_ONLY=part-of-a-name` runs some of the cases and shows what differs.

use std::path::Path;

use kustomize::{Entry, LoadRestrictor, Memo, Options, Reorder};
use serde_json::Value;
use source::{Diagnostic, Sources, TreePath};

/// Builds an entry of a directory and prints it as the command does.
fn print(input: &Path, entry: &str, options: &Options<'_>) -> Result<String, String> {
    let tree = testkit::tree(input).map_err(|error| error.to_string())?;
    let sources = Sources::new();
    let entry = Entry::Directory(TreePath::new(entry).ok_or("the entry leads out of the tree")?);
    match kustomize::build(&tree, &sources, &Memo::new(), &entry, options) {
        Ok(output) => Ok(yaml::to_yaml_stream(output.objects.iter().map(|object| &object.node))),
        Err(diagnostics) => Err(first_error(&sources, &diagnostics)),
    }
}

fn first_error(sources: &Sources, diagnostics: &[Diagnostic]) -> String {
    let Some(error) = diagnostics.iter().find(|diagnostic| diagnostic.is_error()) else {
        return "refused without an error".to_owned();
    };
    let place = sources.location(error.span).map(|at| format!(" at {}:{}", at.name, at.line)).unwrap_or_default();
    format!("{}: {}{place}", error.rule, error.message)
}

fn check(case: &testkit::Case, reorder: Reorder) -> Result<(), String> {
    let text = |name: &str| std::fs::read_to_string(case.path.join(name));
    let about: Value =
        serde_json::from_str(&text("case.json").map_err(|e| e.to_string())?).map_err(|e| e.to_string())?;
    let field = |name: &str| about.get(name).and_then(Value::as_str).unwrap_or_default();
    let restrictor = match field("load_restrictor") {
        "LoadRestrictionsNone" => LoadRestrictor::None,
        _ => LoadRestrictor::RootOnly,
    };
    let mut options = Options::new(restrictor);
    let expected = match reorder {
        Reorder::Legacy => text("expected.yaml"),
        Reorder::None => {
            options.reorder = Some(Reorder::None);
            text("expected.fifo.yaml").or_else(|_| text("expected.yaml"))
        }
    };
    match (print(&case.path.join("input"), field("entry"), &options), field("kind") == "error") {
        (Err(_), true) => Ok(()),
        (Ok(_), true) => Err("built, but the real tool refuses it".to_owned()),
        (Err(why), false) => Err(format!("refused: {why}")),
        (Ok(actual), false) => {
            let expected = expected.map_err(|error| error.to_string())?;
            let loose = field("compare") == "semantic" && sorted(&actual) == sorted(&expected);
            if loose || actual == expected { Ok(()) } else { Err(testkit::diff(&expected, &actual)) }
        }
    }
}

/// The lines in an order of their own, for outputs whose order of keys the real tool draws at random.
fn sorted(text: &str) -> Vec<&str> {
    let mut lines: Vec<&str> = text.lines().collect();
    lines.sort_unstable();
    lines
}

fn conformance(name: &str, reorder: Reorder, floor: f64) {
    let Some(corpus) = testkit::corpus("kustomize") else { return };
    let only = std::env::var("HEADWATER_ONLY").unwrap_or_default();
    let mut cases = testkit::folders(&corpus.join("cases"));
    cases.retain(|case| case.name.contains(&only));
    if reorder == Reorder::None {
        cases.retain(|case| {
            let about = std::fs::read_to_string(case.path.join("case.json")).unwrap_or_default();
            let about: Value = serde_json::from_str(&about).unwrap_or_default();
            let field = |name: &str| about.get(name).and_then(Value::as_str).unwrap_or("unknown");
            field("kind") == "ok" && field("fifo") != "unknown"
        });
    }
    let outcomes = testkit::run(&cases, |case| check(case, reorder));
    if !only.is_empty() {
        #[expect(clippy::print_stdout, reason = "what differs is the output of a run of chosen cases")]
        for (case, why) in cases.iter().zip(&outcomes).filter_map(|(case, o)| Some((case, o.as_ref().err()?))) {
            println!("=== {}\n{why}", case.name);
        }
    }
    let names = cases.iter().map(|case| case.name.clone());
    let score = testkit::Score::of(name, names.zip(outcomes));
    score.print();
    assert!(score.passed as f64 >= floor * score.all() as f64, "{name}: fewer cases pass than before");
}

#[test]
fn conformance_legacy() {
    conformance("kustomize-legacy", Reorder::Legacy, 0.99);
}

#[test]
fn conformance_fifo() {
    conformance("kustomize-fifo", Reorder::None, 0.99);
}
