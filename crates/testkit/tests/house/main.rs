//! Holds the house: which room may know which, what a file looks like, and that the documents are true.
//!
//! These tests look at the workspace itself, so that a rule is a failing test and not a reviewer's memory.

#![expect(clippy::unwrap_used, clippy::panic, reason = "every function here is part of a test")]

mod documents;
mod edges;
mod files;

use std::path::{Path, PathBuf};

/// Every file of the project below `directory` whose name ends in one of `endings`, sorted; build outputs are left out.
fn project_files(directory: &Path, endings: &[&str]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut pending = vec![directory.to_owned()];
    while let Some(directory) = pending.pop() {
        for entry in std::fs::read_dir(&directory).into_iter().flatten().flatten() {
            let (path, name) = (entry.path(), entry.file_name());
            let name = name.to_string_lossy();
            if path.is_dir() && !["target", ".git", "corpus", "artifacts"].contains(&&*name) {
                pending.push(path);
            } else if path.is_file() && endings.iter().any(|ending| name.ends_with(ending)) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// The path as a contributor writes it.
fn shown(path: &Path) -> String {
    path.strip_prefix(testkit::workspace()).unwrap_or(path).display().to_string()
}

/// Fails with one line per finding.
fn assert_none(what: &str, findings: &[String]) {
    assert!(findings.is_empty(), "{what}:\n  {}", findings.join("\n  "));
}
