//! The trees of the kustomize corpus, and the commands that build them. The crate's own tests judge the outputs.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// One tree that the real tool builds.
#[derive(Clone, Debug)]
pub(crate) struct Case {
    /// Name of its folder.
    pub(crate) name: String,
    /// The tree.
    pub(crate) input: PathBuf,
    entry: String,
    load_restrictor: String,
}

/// The trees of the corpus, sorted by name, those that are refused included.
pub(crate) fn cases(corpus: &Path) -> Result<Vec<Case>, String> {
    let folders = testkit::folders(&corpus.join("cases")).into_iter();
    let cases = folders.map(|folder| {
        let description = folder.path.join("case.json");
        let bytes = std::fs::read(&description).map_err(|error| format!("{}: {error}", description.display()))?;
        let description: Value = serde_json::from_slice(&bytes).map_err(|error| format!("{}: {error}", folder.name))?;
        let text = |key: &str| description.get(key).and_then(Value::as_str);
        Ok(Case {
            input: folder.path.join("input"),
            name: folder.name,
            entry: text("entry").unwrap_or(".").to_owned(),
            load_restrictor: text("load_restrictor").unwrap_or("LoadRestrictionsRootOnly").to_owned(),
        })
    });
    cases.collect()
}

/// Builds a tree with headwater.
pub(crate) fn with_headwater(headwater: &Path, case: &Case) -> Command {
    let mut command = Command::new(headwater);
    command.args(["kustomize", "build", "--load-restrictor", &case.load_restrictor, &case.entry]);
    command.current_dir(&case.input);
    command
}

/// Builds a tree with the real tool.
pub(crate) fn with_peer(kubectl: &Path, case: &Case) -> Command {
    let mut command = Command::new(kubectl);
    command.args(["kustomize", "--load-restrictor", &case.load_restrictor, &case.entry]);
    command.current_dir(&case.input).env("KUBECONFIG", "/nonexistent");
    command
}
