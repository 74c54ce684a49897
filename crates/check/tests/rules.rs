//! The list of rules is whole, in order, and `docs/rules.md` says the same.

#![expect(clippy::unwrap_used, clippy::disallowed_methods, reason = "every function here is part of a test")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use check::rules;

fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

fn rust_files(directory: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(directory).unwrap().map(Result::unwrap) {
        let path = entry.path();
        if path.is_dir() {
            rust_files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// Rule names in the sources of every room: string literals that start with a room's name and a slash. What stands
/// behind the tests of a file does not count.
fn used() -> BTreeSet<String> {
    let rooms = ["flux", "kustomize", "yaml", "object", "plan", "fetch", "helm"];
    let mut used = BTreeSet::new();
    for entry in fs::read_dir(workspace().join("crates")).unwrap().map(Result::unwrap) {
        let room = entry.file_name().into_string().unwrap();
        if ["testkit", "xtask"].contains(&room.as_str()) {
            continue;
        }
        let mut files = Vec::new();
        rust_files(&entry.path().join("src"), &mut files);
        let list =
            |file: &Path| file.starts_with(workspace().join("crates/check/src/rules")) || file.ends_with("rules.rs");
        for file in files.iter().filter(|file| !(file.ends_with("tests.rs") || room == "check" && list(file))) {
            let text = fs::read_to_string(file).unwrap();
            let text = text.split("#[cfg(test)]").next().unwrap_or_default();
            for literal in text.split('"').skip(1).step_by(1) {
                let Some((room, name)) = literal.split_once('/') else { continue };
                let is_name =
                    !name.is_empty() && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
                if rooms.contains(&room) && is_name {
                    used.insert(literal.to_owned());
                }
            }
        }
    }
    used
}

#[test]
fn every_rule_of_the_workspace_is_in_the_list() {
    let listed: BTreeSet<String> = rules::all().map(|rule| rule.name.to_owned()).collect();
    let used = used();
    let missing: Vec<&String> = used.difference(&listed).collect();
    assert!(missing.is_empty(), "rules without words in crates/check/src/rules: {missing:?}");
    let gone: Vec<&String> = listed.difference(&used).collect();
    assert!(gone.is_empty(), "rules in crates/check/src/rules that nothing reports: {gone:?}");
}

#[test]
fn rules_are_in_order_and_read_well() {
    for room in rules::ROOMS {
        assert!(room.is_sorted_by_key(|rule| rule.name));
    }
    for rule in rules::all() {
        assert!(!rule.summary.ends_with('.') && rule.summary.len() <= 90, "{}: {}", rule.name, rule.summary);
        assert!(rule.details.ends_with('.'), "{}: {}", rule.name, rule.details);
    }
}

#[test]
fn the_document_says_the_same() {
    let mut text = "# Rules\n\nEverything that headwater can find. `headwater check --explain RULE` prints the same, `--deny RULE` makes\n\
                    findings of a rule errors, `--allow RULE` leaves them out.\n"
        .to_owned();
    for room in rules::ROOMS {
        let name = room.first().and_then(|rule| rule.name.split('/').next()).unwrap_or_default();
        text.push_str(&format!("\n## {name}\n\n| rule | finds | why, and what to do |\n| --- | --- | --- |\n"));
        for rule in *room {
            text.push_str(&format!("| `{}` | {} | {} |\n", rule.name, rule.summary, rule.details));
        }
    }
    testkit::expect_file(&workspace().join("docs/rules.md"), &text).unwrap();
}
