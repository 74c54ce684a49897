//! Real charts rendered in this process: from their files, and again with another value as a second release finds them.
//!
//! `cargo bench -p helm`. The charts are part of the shared corpus; without it the benches do nothing and say so.

use divan::Bencher;
use helm::{Capabilities, Chart, DirectoryLimits, Memo, NullHandling, Release, Rendered, Settings};
use source::{Tree, TreePath};
use yaml::{Map, Node};

const CHARTS: [&str; 4] = ["podinfo", "kube-prometheus-stack-48.3.1", "kyverno", "argo-cd"];

fn main() {
    divan::main();
}

fn tree(name: &str) -> Option<Tree> {
    testkit::tree(&testkit::corpus("helm")?.join(name).join("chart")).ok()
}

fn load(tree: &Tree) -> Option<Chart> {
    let loaded = helm::load_directory(tree, &TreePath::root(), None, &DirectoryLimits::default());
    loaded.ok().map(|loaded| loaded.chart)
}

fn render(chart: &Chart, number: u64, memo: &Memo) -> Option<Rendered> {
    let release = Release { name: "rel".to_owned(), namespace: "ns".to_owned(), revision: 1, is_upgrade: false };
    let settings = Settings {
        release,
        capabilities: Capabilities::default(),
        null_handling: NullHandling::V4_2,
        skip_schema_validation: false,
        schemas: &|_| None,
        env: gotmpl::Env::default(),
        limits: gotmpl::Limits::default(),
        sources: None,
    };
    let values: Map = [("nameOverride", Node::detached(format!("name-{number}").as_str()))].into_iter().collect();
    helm::template(chart, &values, &settings, memo).ok()
}

/// Reading, parsing and rendering, with nothing remembered from before.
#[divan::bench(args = CHARTS)]
fn cold(bencher: Bencher<'_, '_>, name: &str) {
    let Some(tree) = tree(name) else { return };
    bencher.bench_local(|| render(&load(&tree)?, 1, &Memo::default()));
}

/// Rendering a chart whose templates are parsed, with another value each time.
#[divan::bench(args = CHARTS)]
fn again(bencher: Bencher<'_, '_>, name: &str) {
    let Some(chart) = tree(name).and_then(|tree| load(&tree)) else { return };
    let (memo, mut number) = (Memo::default(), 0);
    bencher.bench_local(|| {
        number += 1;
        render(&chart, number, &memo)
    });
}
