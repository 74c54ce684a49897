//! What every source file looks like.

use crate::{assert_none, project_files, shown};

/// Lines after which a file has to be split.
const LONGEST: usize = 1000;

/// Files that are tables of data, and so may be longer.
const TABLES: &[&str] = &[];

/// Lines of a crate after which it is two crates.
const LARGEST_CRATE: usize = 20_000;

fn sources() -> Vec<(String, String)> {
    let files = project_files(&testkit::workspace(), &[".rs"]);
    assert!(files.len() > 10, "the sources are not where they should be");
    files.iter().map(|path| (shown(path), std::fs::read_to_string(path).unwrap())).collect()
}

#[test]
fn every_file_says_what_it_holds() {
    let silent: Vec<String> =
        sources().into_iter().filter(|(_, text)| !text.starts_with("//! ")).map(|(path, _)| path).collect();
    assert_none("files that do not open with //!", &silent);
}

#[test]
fn no_file_is_too_long() {
    let long = sources().into_iter().filter(|(path, _)| !TABLES.contains(&path.as_str())).filter_map(|(path, text)| {
        let lines = text.lines().count();
        (lines > LONGEST).then(|| format!("{path}: {lines} lines"))
    });
    assert_none("files to split", &long.collect::<Vec<_>>());
}

#[test]
fn no_crate_is_too_large() {
    let mut sizes = std::collections::BTreeMap::<String, usize>::new();
    for (path, text) in sources() {
        if let Some(name) = path.strip_prefix("crates/").and_then(|rest| rest.split('/').next()) {
            *sizes.entry(name.to_owned()).or_default() += text.lines().count();
        }
    }
    let large = sizes.into_iter().filter(|(_, lines)| *lines > LARGEST_CRATE);
    assert_none("crates to split", &large.map(|(name, lines)| format!("{name}: {lines} lines")).collect::<Vec<_>>());
}

#[test]
fn nothing_is_unfinished_or_silenced() {
    // Written in two halves, so that this file does not find itself.
    let words = [("TO", "DO"), ("FIX", "ME"), ("XX", "X"), ("HA", "CK")].map(|(a, b)| format!("{a}{b}"));
    let macros = [("to", "do!("), ("unimple", "mented!("), ("#[ig", "nore"), ("#[al", "low("), ("#![al", "low(")];
    let macros = macros.map(|(a, b)| format!("{a}{b}"));
    let is_word = |line: &str, word: &String| line.split(|c: char| !c.is_alphanumeric()).any(|part| part == word);
    let mut findings = Vec::new();
    for (path, text) in sources() {
        for (number, line) in text.lines().enumerate() {
            let words = words.iter().filter(|word| is_word(line, word));
            for found in words.chain(macros.iter().filter(|found| line.contains(found.as_str()))) {
                findings.push(format!("{path}:{}: {found}", number + 1));
            }
        }
    }
    assert_none(
        "unfinished work, and lints that are silenced without a reason (use #[expect(…, reason = …)])",
        &findings,
    );
}

#[test]
fn no_path_of_somebodys_machine() {
    let root = testkit::workspace();
    let root = root.canonicalize().unwrap_or(root);
    let home = std::env::var("HOME").unwrap_or_default();
    let own = [root.display().to_string(), home].map(|path| format!("{}/", path.trim_end_matches('/')));
    let mut findings = Vec::new();
    for path in project_files(&testkit::workspace(), &[".rs", ".md", ".toml", ".yml", "/run"]) {
        let text = std::fs::read_to_string(&path).unwrap_or_default();
        for (number, line) in text.lines().enumerate() {
            if own.iter().any(|own| own.len() > 2 && line.contains(own.as_str())) {
                findings.push(format!("{}:{}", shown(&path), number + 1));
            }
        }
    }
    assert_none("paths of one machine", &findings);
}
