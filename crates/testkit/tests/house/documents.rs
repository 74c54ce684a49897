//! That the documents say what the workspace is.

use std::collections::BTreeSet;

use crate::{assert_none, project_files, shown};

fn read(path: &str) -> String {
    std::fs::read_to_string(testkit::workspace().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The names in backticks in the first column of the tables of a document.
fn first_column(text: &str) -> BTreeSet<String> {
    let rows = text.lines().filter_map(|line| line.strip_prefix("| `")?.split_once('`'));
    rows.map(|(name, _)| name.to_owned()).collect()
}

#[test]
fn every_direct_dependency_has_a_line() {
    let manifest = read("Cargo.toml");
    let section = manifest.split("[workspace.dependencies]").nth(1).unwrap_or_default();
    let section = section.split("\n[").next().unwrap_or_default();
    let lines = section.lines().filter(|line| !line.contains("path =")).filter_map(|line| line.split_once(" = "));
    let used: BTreeSet<String> = lines.map(|(name, _)| name.trim().to_owned()).collect();
    let told = first_column(&read("docs/dependencies.md"));
    let silent: Vec<String> = used.symmetric_difference(&told).cloned().collect();
    assert_none("in only one of Cargo.toml and docs/dependencies.md", &silent);
}

#[test]
fn dependencies_stand_in_the_workspace_table() {
    let mut findings = Vec::new();
    for path in project_files(&testkit::workspace().join("crates"), &["Cargo.toml"]) {
        let text = std::fs::read_to_string(&path).unwrap();
        let mut inside = false;
        for line in text.lines() {
            if line.starts_with('[') {
                inside = line.contains("dependencies]");
            } else if inside && line.contains('=') && !line.contains("workspace") {
                findings.push(format!("{}: {line}", shown(&path)));
            }
        }
    }
    assert_none("dependencies with a version of their own", &findings);
}

#[test]
fn the_architecture_is_short_and_names_every_room() {
    let text = read("ARCHITECTURE.md");
    let lines = text.lines().count();
    assert!(lines <= 200, "ARCHITECTURE.md has {lines} lines; 200 are enough");
    let rooms = std::fs::read_dir(testkit::workspace().join("crates")).unwrap();
    let rooms = rooms.flatten().filter(|entry| entry.path().join("Cargo.toml").is_file());
    let silent = rooms
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .filter(|name| !text.contains(&format!("`{name}`")));
    assert_none("rooms that ARCHITECTURE.md does not name", &silent.collect::<Vec<_>>());
}

#[test]
fn links_between_documents_lead_somewhere() {
    let root = testkit::workspace();
    let mut findings = Vec::new();
    for path in project_files(&root, &[".md"]) {
        let text = std::fs::read_to_string(&path).unwrap();
        // What commands print is no link, whatever it looks like.
        let text: String = text.split("```").step_by(2).collect();
        let links = text.match_indices("](").filter_map(|(at, _)| text[at + 2..].split(')').next());
        for link in links.filter(|link| !link.contains("://") && !link.starts_with('#')) {
            let file = link.split('#').next().unwrap_or_default();
            if !path.parent().unwrap().join(file).exists() {
                findings.push(format!("{}: {link}", shown(&path)));
            }
        }
    }
    assert_none("links that lead nowhere", &findings);
}
