//! Real repositories: what a person who knows them expects.

use flux::{Options, Rendered, Request, discover, unfold};
use source::{Sources, Tree, TreePath};

use crate::summary::summary;

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

#[test]
fn the_official_example() {
    let Some(files) = repository("flux2-kustomize-helm-example") else { return };
    let sources = Sources::new();
    for cluster in clusters(&files, &sources, "/") {
        println!("{}", summary(&cluster, &sources));
    }
}

#[test]
fn home_ops() {
    let Some(files) = repository("home-ops") else { return };
    let sources = Sources::new();
    for cluster in clusters(&files, &sources, "/") {
        println!("{}", summary(&cluster, &sources));
    }
}

#[test]
fn flux_local() {
    let Some(files) = repository("flux-local-clusters") else { return };
    let sources = Sources::new();
    for cluster in clusters(&files, &sources, "/") {
        println!("{}", summary(&cluster, &sources));
    }
}
