//! Expected outputs of the project's own trees, printed by the real tool.
//!
//! A case of `crates/kustomize/tests/cases` is a folder with `input/`; it gets `expected.yaml`, and `expected.fifo.yaml` where Flux's
//! order differs, or `expected.error` where the real tool refuses. Every buildable folder of `examples/platform` gets a
//! file in `crates/kustomize/tests/platform`.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use crate::arguments::Arguments;
use crate::measure;

const LIMIT: Duration = Duration::from_secs(60);

/// Writes all expectations; what the real tool does not print any more is taken away.
pub(crate) fn command(arguments: &Arguments) -> Result<bool, String> {
    let peer = arguments.peer()?;
    let tests = testkit::workspace().join("crates/kustomize/tests");
    let scratch = testkit::workspace().join("target/baseline");
    for case in testkit::folders(&tests.join("cases")) {
        let input = case.path.join("input");
        let built = build(&peer, &input, &input)?;
        let fifo = with_fifo(&input, &scratch).and_then(|copy| build(&peer, &copy, &copy))?;
        let different = |fifo: &String| built.as_ref().is_ok_and(|legacy| legacy != fifo);
        write(&case.path.join("expected.fifo.yaml"), fifo.ok().filter(different).as_deref())?;
        write(&case.path.join("expected.yaml"), built.as_deref().ok())?;
        write(&case.path.join("expected.error"), built.as_deref().err().map(String::as_str))?;
        println!("{:40} {}", case.name, if built.is_ok() { "builds" } else { "is refused" });
    }
    let example = testkit::workspace().join("examples/platform");
    for directory in buildable(&example) {
        let name = directory.strip_prefix(&example).unwrap_or(&directory).display().to_string().replace('/', "--");
        let output =
            build(&peer, &directory, &example)?.map_err(|error| format!("examples/platform: {name}: {error}"))?;
        write(&tests.join("platform").join(format!("{name}.yaml")), Some(&output))?;
        println!("{name:40} builds");
    }
    let version = measure::kubectl_version(&peer)?;
    write(&tests.join("PEER"), Some(&format!("The expected outputs here were printed by {version}.\n")))?;
    Ok(true)
}

/// The output of the real tool, or its refusal with the path of the tree written as `{{ROOT}}`.
fn build(peer: &Path, directory: &Path, root: &Path) -> Result<Result<String, String>, String> {
    let finished = measure::run(Command::new(peer).arg("kustomize").arg(directory), LIMIT)?;
    Ok(match finished.code {
        Some(0) => Ok(String::from_utf8(finished.stdout).map_err(|error| error.to_string())?),
        _ => Err(finished.stderr.replace(&root.display().to_string(), "{{ROOT}}")),
    })
}

/// A copy of the tree whose entry asks for the order of Flux.
fn with_fifo(input: &Path, scratch: &Path) -> Result<PathBuf, String> {
    let failed = |error: std::io::Error| format!("{}: {error}", scratch.display());
    if scratch.exists() {
        std::fs::remove_dir_all(scratch).map_err(failed)?;
    }
    copy(input, scratch).map_err(failed)?;
    let entry = ["kustomization.yaml", "kustomization.yml", "Kustomization"].map(|name| scratch.join(name));
    if let Some(entry) = entry.into_iter().find(|entry| entry.is_file()) {
        let text = std::fs::read_to_string(&entry).map_err(failed)?;
        std::fs::write(&entry, format!("{}\nsortOptions: {{order: fifo}}\n", text.trim_end())).map_err(failed)?;
    }
    Ok(scratch.to_owned())
}

fn copy(from: &Path, to: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            std::fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

/// Folders with a kustomization that is not a component.
fn buildable(directory: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut pending = vec![directory.to_owned()];
    while let Some(directory) = pending.pop() {
        let text = std::fs::read_to_string(directory.join("kustomization.yaml"));
        if text.is_ok_and(|text| !text.contains("kind: Component")) {
            found.push(directory.clone());
        }
        pending.extend(testkit::folders(&directory).into_iter().map(|folder| folder.path));
    }
    found.sort();
    found
}

fn write(path: &Path, text: Option<&str>) -> Result<(), String> {
    let written = match text {
        Some(text) => path.parent().map_or(Ok(()), std::fs::create_dir_all).and_then(|()| std::fs::write(path, text)),
        None if path.exists() => std::fs::remove_file(path),
        None => Ok(()),
    };
    written.map_err(|error| format!("{}: {error}", path.display()))
}
