//! Real repositories: what a person who knows them expects.

use std::collections::BTreeMap;
use std::path::Path;

use flux::{Options, Rendered, Request, discover, unfold};
use source::{Sources, Tree, TreePath};

use crate::summary::{diagnostic, summary};

/// Every cluster at a path of a repository.
fn clusters(files: &Tree, sources: &Sources, at: &str) -> Vec<Rendered> {
    let at = TreePath::new(at).unwrap_or_else(TreePath::root);
    discover(files, sources, &at)
        .entries
        .into_iter()
        .map(|entry| {
            let request = Request {
                entry,
                given: Default::default(),
                mirrors: Vec::new(),
                facts: Vec::new(),
                remotes: Vec::new(),
                options: Options::default(),
            };
            unfold(files, sources, &request)
        })
        .collect()
}

fn repository(name: &str) -> Option<Tree> {
    testkit::tree(&testkit::repository(name)?).ok()
}

fn expect(name: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/expected").join(name);
    let outcome = testkit::expect_file(&path, text);
    assert!(outcome.is_ok(), "{name}:\n{}", outcome.err().unwrap_or_default());
}

/// Both clusters unfold to the last object. All that is found is that `flux bootstrap` has not written its files yet.
#[test]
fn the_official_example() {
    let Some(files) = repository("flux2-kustomize-helm-example") else { return };
    let sources = Sources::new();
    let clusters = clusters(&files, &sources, "/");
    let summaries: Vec<String> = clusters.iter().map(|cluster| summary(cluster, &sources)).collect();
    expect("flux2-kustomize-helm-example.txt", &summaries.join("\n"));
}

#[test]
fn flux_local_clusters() {
    let Some(files) = repository("flux-local-clusters") else { return };
    let sources = Sources::new();
    let clusters = clusters(&files, &sources, "/");
    let summaries: Vec<String> = clusters.iter().map(|cluster| summary(cluster, &sources)).collect();
    expect("flux-local-clusters.txt", &summaries.join("\n"));
}

/// The largest of them: how many there is of what, and all findings.
#[test]
fn home_ops() {
    let Some(files) = repository("home-ops") else { return };
    let sources = Sources::new();
    let [cluster] = clusters(&files, &sources, "/").try_into().unwrap_or_else(|_| panic!("not one cluster"));
    let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
    for (_, object) in cluster.objects() {
        *kinds.entry(object.gvk().kind.to_string()).or_default() += 1;
    }
    let mut text = format!("{} units, {} sources\n", cluster.units.len(), cluster.sources.len());
    kinds.iter().for_each(|(kind, count)| text += &format!("{count:5} {kind}\n"));
    cluster.all_diagnostics().for_each(|finding| diagnostic(&mut text, &sources, finding));
    expect("home-ops.txt", &text);
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let print = || {
        // Files belong to one set of sources.
        let files = repository("home-ops").unwrap_or_default();
        let sources = Sources::new();
        let clusters = clusters(&files, &sources, "/");
        let mut text = String::new();
        for cluster in &clusters {
            text += &summary(cluster, &sources);
            cluster.objects().for_each(|(_, object)| text += &yaml::to_yaml(&object.node));
        }
        text
    };
    let (first, second) = (print(), print());
    assert!(first == second, "{}", testkit::diff(&first, &second));
}
