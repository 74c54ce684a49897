//! The largest real trees, built in this process: what a build costs without starting one.
//!
//! `cargo bench -p kustomize`. The trees are part of the shared corpus; without it the benches do nothing and say so.

#![expect(clippy::disallowed_methods, reason = "a bench reads its trees from the disk")]

use divan::Bencher;
use kustomize::{Entry, LoadRestrictor, Memo, Options, build};
use source::{Sources, Tree, TreePath};

/// Much text in few objects; many small files with bases, prefixes and patches; and a tree as people write them.
const TREES: [&str; 3] = [
    "real__kubernetes-sigs_gateway-api__config-crd-experimental__4a0f93",
    "real__ceph_ceph-csi-operator__config-default__60960a",
    "probe__names__everything",
];

fn main() {
    divan::main();
}

fn tree(name: &str) -> Option<(Tree, Entry, Options<'static>)> {
    let case = testkit::corpus("kustomize")?.join("cases").join(name);
    let description = std::fs::read_to_string(case.join("case.json")).ok()?;
    let value = |key: &str| description.split(&format!("\"{key}\": \"")).nth(1)?.split('"').next();
    let restrictor = match value("load_restrictor")? {
        "LoadRestrictionsNone" => LoadRestrictor::None,
        _ => LoadRestrictor::RootOnly,
    };
    let entry = Entry::Directory(TreePath::new(value("entry")?)?);
    Some((testkit::tree(&case.join("input")).ok()?, entry, Options::new(restrictor)))
}

/// Reading, building and printing, with nothing remembered from before.
#[divan::bench(args = TREES)]
fn cold(bencher: Bencher<'_, '_>, name: &str) {
    if tree(name).is_none() {
        return;
    }
    // A file knows its place in the one set of sources it was registered in, so each build gets files of its own.
    bencher.with_inputs(|| tree(name)).bench_local_values(|input| {
        let (tree, entry, options) = input?;
        let output = build(&tree, &Sources::new(), &Memo::new(), &entry, &options).ok()?;
        Some(yaml::to_yaml_stream(output.objects.iter().map(|object| &object.node)))
    });
}

/// Building with every file already parsed, as the second unit that uses a base finds it.
#[divan::bench(args = TREES)]
fn parsed(bencher: Bencher<'_, '_>, name: &str) {
    let Some((tree, entry, options)) = tree(name) else { return };
    let (sources, memo) = (Sources::new(), Memo::new());
    bencher.bench_local(|| build(&tree, &sources, &memo, &entry, &options).map(|output| output.objects.len()).ok());
}
