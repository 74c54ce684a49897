//! The charts of the helm corpus, and the commands that render them. The crate's own tests judge the outputs.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// One render of a chart.
#[derive(Clone, Debug)]
pub(crate) struct Case {
    /// `CHART/CASE`.
    pub(crate) name: String,
    directory: PathBuf,
    words: Vec<String>,
}

/// The renders of the corpus, sorted by name, those that are refused included.
pub(crate) fn cases(corpus: &Path) -> Result<Vec<Case>, String> {
    let folders = testkit::folders(corpus).into_iter();
    let folders = folders.flat_map(|chart| {
        let cases = testkit::folders(&chart.path.join("cases")).into_iter();
        cases.map(move |case| (format!("{}/{}", chart.name, case.name), case.path))
    });
    let cases = folders.map(|(name, directory)| {
        let bytes = std::fs::read(directory.join("case.json")).map_err(|error| format!("{name}: {error}"))?;
        let description: Value = serde_json::from_slice(&bytes).map_err(|error| format!("{name}: {error}"))?;
        let words = description.get("argv").and_then(Value::as_array).into_iter().flatten();
        let words = words.filter_map(Value::as_str).map(str::to_owned).collect();
        Ok(Case { name, directory, words })
    });
    cases.collect()
}

/// Renders with headwater.
pub(crate) fn with_headwater(headwater: &Path, case: &Case) -> Command {
    let mut command = Command::new(headwater);
    command.arg("helm").args(&case.words).current_dir(&case.directory);
    command
}

/// Renders with the real tool.
pub(crate) fn with_peer(helm: &Path, case: &Case) -> Command {
    let mut command = Command::new(helm);
    command.args(&case.words).current_dir(&case.directory).env("KUBECONFIG", "/nonexistent");
    command
}
