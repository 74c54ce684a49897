//! Small repositories: each folder below `tests/cases` is one, with what is expected of it in `expected.txt` beside it.
//!
//! `NAME/repo` is the repository; `NAME/at` holds the path to look at (the root when there is no such file);
//! `NAME/sources/KIND_NS_NAME` are folders given with `--source`; `NAME/facts.yaml` is a facts file.

use std::collections::BTreeMap;
use std::path::Path;

use flux::{Given, Options, Request, SourceId, discover, unfold};
use source::{Files, Sources, Tree, TreePath};
use testkit::Case;
use yaml::{Dialect, Limits};

use crate::summary::{diagnostic, summary};

#[test]
fn small_repositories() {
    let cases = testkit::folders(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases"));
    let outcomes = testkit::run(&cases, check);
    let failed: Vec<String> = cases
        .iter()
        .zip(&outcomes)
        .filter_map(|(case, outcome)| outcome.as_ref().err().map(|why| format!("{}:\n{why}", case.name)))
        .collect();
    assert!(failed.is_empty(), "{}", failed.join("\n\n"));
}

fn check(case: &Case) -> Result<(), String> {
    let folder = case.path.as_path();
    let files = testkit::tree(&folder.join("repo")).map_err(|error| error.to_string())?;
    let at = std::fs::read_to_string(folder.join("at")).unwrap_or_default();
    let given = given(&folder.join("sources"))?;
    let sources = Sources::new();
    let facts = facts(&folder.join("facts.yaml"), &sources)?;
    let at = TreePath::new(at.trim()).ok_or("`at` leads out of the repository")?;
    testkit::expect_file(&folder.join("expected.txt"), &render(&files, &sources, &at, &given, &facts))
}

fn render(
    files: &Tree,
    sources: &Sources,
    at: &TreePath,
    given: &BTreeMap<SourceId, Tree>,
    facts: &[object::Object],
) -> String {
    let found = discover(files, sources, at);
    let mut out = String::new();
    found.diagnostics.iter().for_each(|finding| diagnostic(&mut out, sources, finding));
    for entry in found.entries {
        let request = Request {
            entry,
            given: given.iter().map(|(id, tree)| (id.clone(), folder(id, tree))).collect(),
            facts: facts.to_vec(),
            remotes: Vec::new(),
            options: Options::default(),
        };
        if !out.is_empty() {
            out.push('\n');
        }
        out += &summary(&unfold(files, sources, &request), sources);
    }
    out
}

fn folder<'a>(id: &SourceId, tree: &'a Tree) -> Given<'a> {
    Given { files: tree as &dyn Files, path: TreePath::root(), display: format!("sources/{}", id.name) }
}

fn given(directory: &Path) -> Result<BTreeMap<SourceId, Tree>, String> {
    let Ok(entries) = std::fs::read_dir(directory) else { return Ok(BTreeMap::new()) };
    entries
        .map(|entry| {
            let entry = entry.map_err(|error| error.to_string())?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let mut parts = name.splitn(3, '_');
            let (Some(kind), Some(namespace), Some(name)) = (parts.next(), parts.next(), parts.next()) else {
                return Err(format!("`{name}` is not KIND_NAMESPACE_NAME"));
            };
            let tree = testkit::tree(&entry.path()).map_err(|error| error.to_string())?;
            Ok((SourceId::new(kind, namespace, name), tree))
        })
        .collect()
}

fn facts(path: &Path, sources: &Sources) -> Result<Vec<object::Object>, String> {
    let Ok(text) = std::fs::read_to_string(path) else { return Ok(Vec::new()) };
    let file = sources.add("facts.yaml", text.as_str());
    let documents = yaml::read(file, text.as_bytes(), Dialect::Kubernetes, &Limits::default())
        .map_err(|error| error.message.clone())?;
    flux::facts::read(sources, documents).map_err(|findings| format!("{findings:?}"))
}
