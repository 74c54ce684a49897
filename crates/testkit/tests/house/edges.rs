//! The crates and the arrows between them, as `ARCHITECTURE.md` draws them, over `cargo metadata`.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use serde_json::Value;

use crate::assert_none;

/// What each room may depend on, outside of its tests. An arrow that is not here does not exist; a new room starts with
/// a line here. Edge rooms may use every room below the line and the edge rooms that are named.
const EDGES: &[(&str, &[&str])] = &[
    // Ground.
    ("source", &[]),
    ("yaml", &["source"]),
    ("object", &["source", "yaml"]),
    // Languages: know objects, know nothing of Flux or of each other.
    ("kustomize", &["source", "yaml", "object"]),
    ("gotmpl", &["source", "yaml"]),
    ("helm", &["source", "yaml", "object", "gotmpl"]),
    // Product.
    ("flux", &["source", "yaml", "object", "kustomize", "gotmpl", "helm"]),
    ("plan", &["source", "yaml", "object", "kustomize", "gotmpl", "helm", "flux"]),
    ("check", &["source", "yaml", "object", "kustomize", "gotmpl", "helm", "flux", "plan"]),
    ("report", &["source", "yaml", "object", "kustomize", "gotmpl", "helm", "flux", "plan", "check"]),
    // Edge.
    ("fetch", &["source", "yaml", "object", "kustomize", "gotmpl", "helm", "flux", "plan", "check", "report"]),
    (
        "headwater",
        &["source", "yaml", "object", "kustomize", "gotmpl", "helm", "flux", "plan", "check", "report", "fetch"],
    ),
    // For development only.
    ("testkit", &["source"]),
    ("xtask", &["source", "yaml", "object", "gotmpl", "helm", "testkit"]),
];

/// Rooms above the I/O line and rooms that never ship. All others reach no runtime and no network, even through others.
const ABOVE_THE_LINE: &[&str] = &["fetch", "headwater", "testkit", "xtask"];

/// What may not be reached from below the line: runtimes, sockets, HTTP, git.
const RUNTIMES: &[&str] =
    &["tokio", "async-std", "smol", "mio", "socket2", "hyper", "reqwest", "ureq", "gix", "git2", "rand"];

/// One platform is enough to judge the arrows, and spares the download of what only others need.
const PLATFORM: &str = "x86_64-unknown-linux-gnu";

/// Dependencies of a package: name and, for our own, whether it is a dev-dependency.
struct Package {
    name: String,
    dependencies: Vec<(String, bool)>,
}

fn metadata() -> Value {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--locked", "--filter-platform", PLATFORM])
        .current_dir(testkit::workspace())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

fn texts<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or_default()
}

fn members(metadata: &Value) -> Vec<Package> {
    let members: BTreeSet<&str> =
        metadata["workspace_members"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    let packages = metadata["packages"].as_array().unwrap().iter();
    let ours = packages.filter(|package| members.contains(texts(package, "id")));
    ours.map(|package| {
        let dependencies = package["dependencies"].as_array().unwrap().iter();
        let dependencies = dependencies.map(|d| (texts(d, "name").to_owned(), d["kind"] == "dev")).collect();
        Package { name: texts(package, "name").to_owned(), dependencies }
    })
    .collect()
}

#[test]
fn arrows_point_down_or_right() {
    let metadata = metadata();
    let members = members(&metadata);
    let names: BTreeSet<&str> = members.iter().map(|package| package.name.as_str()).collect();
    let edges: BTreeMap<&str, &[&str]> = EDGES.iter().copied().collect();
    let mut findings = Vec::new();
    for package in &members {
        let Some(allowed) = edges.get(package.name.as_str()) else {
            findings.push(format!("`{}` has no line in EDGES", package.name));
            continue;
        };
        for (dependency, dev) in &package.dependencies {
            if !dev && names.contains(dependency.as_str()) && !allowed.contains(&dependency.as_str()) {
                findings.push(format!("`{}` may not depend on `{dependency}`", package.name));
            }
        }
    }
    assert_none("arrows that the design does not have", &findings);
}

#[test]
fn no_runtime_below_the_line() {
    let metadata = metadata();
    let names: BTreeMap<&str, &str> = metadata["packages"]
        .as_array()
        .unwrap()
        .iter()
        .map(|package| (texts(package, "id"), texts(package, "name")))
        .collect();
    let nodes: BTreeMap<&str, &Value> =
        metadata["resolve"]["nodes"].as_array().unwrap().iter().map(|node| (texts(node, "id"), node)).collect();
    let mut findings = Vec::new();
    for member in metadata["workspace_members"].as_array().unwrap().iter().filter_map(Value::as_str) {
        if ABOVE_THE_LINE.contains(&names[member]) {
            continue;
        }
        let (mut seen, mut pending) = (BTreeSet::new(), vec![member]);
        while let Some(id) = pending.pop() {
            if !seen.insert(id) {
                continue;
            }
            if RUNTIMES.contains(&names[id]) {
                findings.push(format!("`{}` reaches `{}`", names[member], names[id]));
            }
            for dependency in nodes[id]["deps"].as_array().unwrap() {
                let kinds = dependency["dep_kinds"].as_array().unwrap();
                if kinds.iter().any(|kind| kind["kind"].is_null()) {
                    pending.push(texts(dependency, "pkg"));
                }
            }
        }
    }
    assert_none("rooms below the I/O line that reach a runtime", &findings);
}

#[test]
fn every_crate_is_named_as_its_folder_and_stays_unpublished() {
    let metadata = metadata();
    let ours = metadata["packages"].as_array().unwrap().iter().filter(|package| package["source"].is_null());
    let mut findings = Vec::new();
    for package in ours {
        let name = texts(package, "name");
        if !texts(package, "manifest_path").ends_with(&format!("crates/{name}/Cargo.toml")) {
            findings.push(format!("`{name}` is not in crates/{name}"));
        }
        if package["publish"].as_array().is_none_or(|registries| !registries.is_empty()) {
            findings.push(format!("`{name}` could be published"));
        }
        let empty_words = ["common", "utils", "util", "types", "helpers", "core", "shared"];
        if empty_words.contains(&name) {
            findings.push(format!("`{name}` says nothing"));
        }
    }
    assert_none("crates", &findings);
}
