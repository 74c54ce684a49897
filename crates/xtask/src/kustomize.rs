//! The kustomize corpus: trees, and the bytes that the real kustomize prints for them.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use serde_json::Value;
use source::Sources;
use testkit::Score;

use crate::measure;

/// The order in which objects are printed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Order {
    /// As kubectl prints: kinds that others need first.
    Legacy,
    /// As Flux gets them: in the order of the files.
    Fifo,
}

/// One tree of the corpus.
#[derive(Clone, Debug)]
pub(crate) struct Case {
    /// Name of its folder.
    pub(crate) name: String,
    /// The tree.
    pub(crate) input: PathBuf,
    /// What is built, relative to the tree.
    pub(crate) entry: String,
    /// `--load-restrictor` of the build.
    pub(crate) load_restrictor: String,
    /// What the real tool does.
    expected: Expected,
}

#[derive(Clone, Debug)]
enum Expected {
    Refusal,
    Output { file: PathBuf, any_order_of_keys: bool },
}

/// No tree of the corpus takes the real tool longer than a few seconds.
const LIMIT: Duration = Duration::from_secs(60);

/// The cases of the corpus that have a known answer in this order, sorted by name.
pub(crate) fn cases(corpus: &Path, order: Order) -> Result<Vec<Case>, String> {
    let mut cases = Vec::new();
    for folder in testkit::folders(&corpus.join("cases")) {
        let description = folder.path.join("case.json");
        let description: Value = std::fs::read(&description)
            .map_err(|error| error.to_string())
            .and_then(|bytes| serde_json::from_slice(&bytes).map_err(|error| error.to_string()))
            .map_err(|error| format!("{}: {error}", description.display()))?;
        let text = |key: &str| description.get(key).and_then(Value::as_str);
        let builds = text("kind") == Some("ok");
        let fifo = folder.path.join("expected.fifo.yaml");
        let file = match (order, text("fifo")) {
            (Order::Legacy, _) => folder.path.join("expected.yaml"),
            (Order::Fifo, None | Some("unknown")) => continue,
            (Order::Fifo, Some(_)) if !builds => continue,
            (Order::Fifo, Some(_)) if fifo.is_file() => fifo,
            (Order::Fifo, Some(_)) => folder.path.join("expected.yaml"),
        };
        let any_order_of_keys = text("compare") == Some("semantic");
        cases.push(Case {
            name: folder.name,
            input: folder.path.join("input"),
            entry: text("entry").unwrap_or(".").to_owned(),
            load_restrictor: text("load_restrictor").unwrap_or("LoadRestrictionsRootOnly").to_owned(),
            expected: if builds { Expected::Output { file, any_order_of_keys } } else { Expected::Refusal },
        });
    }
    Ok(cases)
}

/// The command that builds a case with headwater.
pub(crate) fn command(headwater: &Path, case: &Case, order: Order) -> Command {
    let mut command = Command::new(headwater);
    command.args(["kustomize", "build", "--load-restrictor", &case.load_restrictor]);
    if order == Order::Fifo {
        command.args(["--reorder", "none"]);
    }
    command.arg(&case.entry).current_dir(&case.input);
    command
}

/// Builds the cases with headwater, and says which come out as the real tool prints them.
pub(crate) fn score(headwater: &Path, corpus: &Path, order: Order, only: &str) -> Result<Score, String> {
    let cases: Vec<Case> = cases(corpus, order)?.into_iter().filter(|case| case.name.contains(only)).collect();
    let outcomes = testkit::run(&cases, |case| judge(headwater, case, order));
    let name = match order {
        Order::Legacy => "kustomize-legacy",
        Order::Fifo => "kustomize-fifo",
    };
    Ok(Score::of(name, cases.into_iter().map(|case| case.name).zip(outcomes)))
}

fn judge(headwater: &Path, case: &Case, order: Order) -> Result<(), String> {
    let finished = measure::run(&mut command(headwater, case, order), LIMIT)?;
    let said = finished.stderr.lines().find(|line| line.contains("error")).unwrap_or(&finished.stderr).trim();
    match (&case.expected, finished.code) {
        (_, None) => Err(format!("ended by a signal or after {} s: {said}", LIMIT.as_secs())),
        (_, Some(101)) => Err(format!("panicked: {said}")),
        (Expected::Refusal, Some(0)) => Err("builds, where the real tool refuses".to_owned()),
        (Expected::Refusal, Some(_)) => Ok(()),
        (Expected::Output { .. }, Some(code)) if code != 0 => Err(format!("refused: {said}")),
        (Expected::Output { file, any_order_of_keys }, Some(_)) => {
            let expected = std::fs::read(file).map_err(|error| format!("{}: {error}", file.display()))?;
            if finished.stdout == expected {
                return Ok(());
            }
            match (same_objects(&finished.stdout, &expected), *any_order_of_keys) {
                (true, true) => Ok(()),
                (true, false) => Err("same objects, other bytes".to_owned()),
                (false, _) => Err(first_difference(&expected, &finished.stdout)),
            }
        }
    }
}

fn same_objects(a: &[u8], b: &[u8]) -> bool {
    let objects = |bytes: &[u8]| {
        let sources = Sources::new();
        let file = sources.add("output", String::from_utf8_lossy(bytes).into_owned());
        let nodes = yaml::read(file, bytes, yaml::Dialect::Kustomize, &yaml::Limits::default()).ok()?;
        let mut objects: Vec<String> = nodes.iter().map(yaml::to_json).collect();
        objects.sort();
        Some(objects)
    };
    objects(a).is_some_and(|a| objects(b).is_some_and(|b| a == b))
}

fn first_difference(expected: &[u8], actual: &[u8]) -> String {
    let (expected, actual) = (String::from_utf8_lossy(expected), String::from_utf8_lossy(actual));
    let difference = testkit::diff(&expected, &actual);
    // The first two lines are the header.
    let mut lines = difference.lines().skip(2).filter(|line| line.starts_with(['-', '+']));
    let (first, second) = (lines.next().unwrap_or_default(), lines.next().unwrap_or_default());
    format!("differs: {first} | {second}")
}
