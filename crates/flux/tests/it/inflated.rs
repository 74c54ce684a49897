//! Kustomizations that inflate Helm charts, against what `kubectl kustomize --enable-helm` v1.36.3 printed with helm 4.2.3
//! behind it. `NAME/expected.error` stands where it refuses.

use std::path::Path;

use flux::{Inflator, Mirror};
use helm::Capabilities;
use kustomize::{Charts, Entry, LoadRestrictor, Memo, Options};
use source::{Diagnostic, Sources, Tree, TreePath};
use testkit::Case;

use crate::support::{messages, on_disk, printed};

fn build(tree: &Tree, mirrors: Vec<Mirror<'_>>, enabled: bool) -> Result<String, Vec<Diagnostic>> {
    let sources = Sources::new();
    let inflator = Inflator::new(mirrors, &sources, Capabilities::default());
    let mut options = Options::new(LoadRestrictor::RootOnly);
    options.charts = enabled.then_some(&inflator as &dyn Charts);
    let output = kustomize::build(tree, &sources, &Memo::new(), &Entry::Directory(TreePath::root()), &options)?;
    Ok(printed(&output.objects))
}

fn check(case: &Case) -> Result<(), String> {
    let tree = testkit::tree(&case.path.join("input")).map_err(|error| error.to_string())?;
    let built = build(&tree, Vec::new(), true);
    match (built, case.path.join("expected.error").is_file()) {
        (Err(_), true) => Ok(()),
        (Ok(output), true) => Err(format!("builds, where the real tool refuses:\n{output}")),
        (Err(findings), false) => Err(format!("refused: {}", messages(&findings))),
        (Ok(output), false) => testkit::expect_text(&on_disk(&case.path.join("expected.yaml")), &output),
    }
}

fn cases() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/inflated")
}

#[test]
fn charts_in_kustomizations() {
    let cases = testkit::folders(&cases());
    let outcomes = testkit::run(&cases, check);
    let failed: Vec<String> = cases
        .iter()
        .zip(&outcomes)
        .filter_map(|(case, outcome)| outcome.as_ref().err().map(|why| format!("{}:\n{why}", case.name)))
        .collect();
    assert!(failed.is_empty(), "{}", failed.join("\n\n"));
}

/// What is in the chart's home is what a mirror may hold as well.
#[test]
fn a_mirror_stands_for_the_repository() {
    let case = cases().join("versioned-home");
    let whole = testkit::tree(&case.join("input")).unwrap_or_default();
    let (mut tree, mut mirrored) = (Tree::new(""), Tree::new("mirror/"));
    for (path, file) in whole.files() {
        match path.as_str().strip_prefix("/charts/web-1.0.0").and_then(TreePath::new) {
            Some(path) => mirrored.insert(path, file.clone()),
            None => tree.insert(path.clone(), file.clone()),
        }
    }
    let without = build(&tree, Vec::new(), true).err().unwrap_or_default();
    assert!(messages(&without).contains("the chart web 1.0.0 of https://charts.example.com is not here"));
    let mirror = Mirror {
        url: "https://charts.example.com".to_owned(),
        files: &mirrored,
        path: TreePath::root(),
        display: "mirror".to_owned(),
    };
    let built = build(&tree, vec![mirror], true).map_err(|findings| messages(&findings));
    assert_eq!(built, Ok(on_disk(&case.join("expected.yaml"))));
}

#[test]
fn charts_are_refused_unless_they_are_asked_for() {
    let tree = testkit::tree(&cases().join("plain/input")).unwrap_or_default();
    let refused = build(&tree, Vec::new(), false).err().unwrap_or_default();
    assert!(messages(&refused).starts_with("kustomize/helm-charts-not-supported"));
}
