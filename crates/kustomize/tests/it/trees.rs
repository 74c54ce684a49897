//! Trees on disk, built in both orders and compared byte for byte.

use std::path::Path;

use kustomize::{Entry, LoadRestrictor, Memo, Options, Reorder, build};
use source::{Diagnostic, Sources, TreePath};

/// What is printed for a directory of a tree, or the findings that refuse it.
fn built(root: &Path, directory: &str, reorder: Option<Reorder>) -> Result<String, Vec<Diagnostic>> {
    let tree = testkit::tree(root).expect("the tree is readable");
    let options = Options { reorder, ..Options::new(LoadRestrictor::RootOnly) };
    let entry = Entry::Directory(TreePath::new(directory).expect("directories of cases stay in their tree"));
    let output = build(&tree, &Sources::new(), &Memo::new(), &entry, &options)?;
    Ok(yaml::to_yaml_stream(output.objects.iter().map(|object| &object.node)))
}

fn words(diagnostics: &[Diagnostic]) -> String {
    let lines = diagnostics.iter().map(|diagnostic| format!("{}: {}", diagnostic.rule, diagnostic.message));
    lines.collect::<Vec<_>>().join("\n")
}

fn expect(path: &Path, output: Result<String, Vec<Diagnostic>>) -> Result<(), String> {
    let expected = std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    testkit::expect_text(&expected, &output.map_err(|diagnostics| format!("refused: {}", words(&diagnostics)))?)
}

fn check(case: &testkit::Case) -> Result<(), String> {
    let input = case.path.join("input");
    if case.path.join("expected.error").is_file() {
        return match built(&input, "/", None) {
            Ok(output) => Err(format!("builds, where the real tool refuses:\n{output}")),
            Err(diagnostics) if diagnostics.iter().any(Diagnostic::is_error) => Ok(()),
            Err(_) => Err("refused without an error".to_owned()),
        };
    }
    let legacy = case.path.join("expected.yaml");
    let fifo = case.path.join("expected.fifo.yaml");
    expect(&legacy, built(&input, "/", None))?;
    expect(if fifo.is_file() { &fifo } else { &legacy }, built(&input, "/", Some(Reorder::None)))
}

fn assert_all(names: Vec<String>, outcomes: Vec<Result<(), String>>) {
    assert!(!names.is_empty(), "no cases");
    let failures =
        names.iter().zip(outcomes).filter_map(|(name, outcome)| Some(format!("== {name}\n{}", outcome.err()?)));
    let failures: Vec<String> = failures.collect();
    assert!(failures.is_empty(), "{} of {} fail:\n{}", failures.len(), names.len(), failures.join("\n"));
}

#[test]
fn small_trees() {
    let cases = testkit::folders(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cases")));
    let outcomes = testkit::run(&cases, check);
    assert_all(cases.into_iter().map(|case| case.name).collect(), outcomes);
}

#[test]
fn the_example_platform() {
    let root = testkit::workspace().join("examples/platform");
    let expectations = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/platform")).unwrap();
    let mut names: Vec<String> =
        expectations.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    let outcomes = testkit::run(&names, |name| {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/platform").join(name);
        let directory = name.trim_end_matches(".yaml").replace("--", "/");
        expect(&path, built(&root, &directory, None))
    });
    assert_all(names, outcomes);
}
