//! Small repositories: each folder below `tests/cases` is one, with what is expected of it in `expected.txt` beside it.
//!
//! `NAME/repo` is the repository; `NAME/at` holds the path to look at (the root when there is no such file);
//! `NAME/sources/KIND_NS_NAME` are folders given with `--source`; `NAME/facts.yaml` is a facts file; each line of
//! `NAME/mirrors.txt` is `URL=PATH` with a path below `NAME`. Objects of releases are printed as they are where there is
//! a folder `NAME/printed`, one file for each release.

use std::collections::BTreeMap;
use std::path::Path;

use flux::{Given, Mirror, Options, Rendered, Request, SourceId, discover, unfold};
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
    let tree = |path: &Path| testkit::tree(path).map_err(|error| error.to_string());
    let files = tree(&case.path.join("repo"))?;
    let beside = tree(&case.path)?;
    let text = |name: &str| {
        let file = beside.read(&TreePath::new(name)?).ok()?;
        Some(String::from_utf8_lossy(&file.bytes).into_owned())
    };
    let mut given = BTreeMap::new();
    for folder in beside.list(&TreePath::root().join("sources").ok_or("no path")?).unwrap_or_default() {
        let mut parts = folder.name.splitn(3, '_');
        let (Some(kind), Some(namespace), Some(name)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(format!("`{}` is not KIND_NAMESPACE_NAME", folder.name));
        };
        given.insert(SourceId::new(kind, namespace, name), tree(&case.path.join("sources").join(&folder.name))?);
    }
    let mut mirrors = Vec::new();
    for line in text("mirrors.txt").unwrap_or_default().lines() {
        let (url, path) = line.split_once('=').ok_or_else(|| format!("`{line}` is not URL=PATH"))?;
        let path = TreePath::new(path).ok_or("a mirror leads out of the case")?;
        let files = &beside as &dyn Files;
        mirrors.push(Mirror { url: url.to_owned(), files, display: path.relative().to_owned(), path });
    }
    let sources = Sources::new();
    let facts = text("facts.yaml").map_or(Ok(Vec::new()), |text| facts(&text, &sources))?;
    let at = TreePath::new(text("at").unwrap_or_default().trim()).ok_or("`at` leads out of the repository")?;
    let found = discover(&files, &sources, &at);
    let mut out = String::new();
    found.diagnostics.iter().for_each(|finding| diagnostic(&mut out, &sources, finding));
    for entry in found.entries {
        let request = Request {
            entry,
            given: given.iter().map(|(id, tree)| (id.clone(), folder(id, tree))).collect(),
            mirrors: mirrors.clone(),
            facts: facts.clone(),
            remotes: Vec::new(),
            options: Options::default(),
        };
        if !out.is_empty() {
            out.push('\n');
        }
        let rendered = unfold(&files, &sources, &request);
        out += &summary(&rendered, &sources);
        printed(case, &rendered)?;
    }
    testkit::expect_file(&case.path.join("expected.txt"), &out)
}

/// Compares the objects of releases with the files in `printed`, where there are some.
fn printed(case: &Case, rendered: &Rendered) -> Result<(), String> {
    for unit in rendered.units.iter().filter(|unit| unit.release.is_some()) {
        let file = case.path.join("printed").join(format!("{}.yaml", unit.id.name));
        if file.is_file() {
            let objects = unit.objects.iter().map(|object| yaml::to_yaml(&object.node));
            testkit::expect_file(&file, &objects.collect::<Vec<_>>().join("---\n"))?;
        }
    }
    Ok(())
}

fn folder<'a>(id: &SourceId, tree: &'a Tree) -> Given<'a> {
    Given { files: tree as &dyn Files, path: TreePath::root(), display: format!("sources/{}", id.name) }
}

fn facts(text: &str, sources: &Sources) -> Result<Vec<object::Object>, String> {
    let file = sources.add("facts.yaml", text);
    let documents = yaml::read(file, text.as_bytes(), Dialect::Kubernetes, &Limits::default())
        .map_err(|error| error.message.clone())?;
    flux::facts::read(sources, documents).map_err(|findings| format!("{findings:?}"))
}
