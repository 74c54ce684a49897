//! The options of the commands, and the binary under test.

use std::path::PathBuf;
use std::process::Command;

/// Options of all commands; each looks at its own.
#[derive(Default, Debug)]
pub(crate) struct Arguments {
    /// Write nothing, fail on what is stale.
    pub(crate) check: bool,
    /// Only what has this text in its name.
    pub(crate) only: Option<String>,
    /// The headwater binary to test.
    headwater: Option<PathBuf>,
    /// The real kubectl.
    pub(crate) peer: Option<PathBuf>,
    /// The real helm.
    pub(crate) helm_peer: Option<PathBuf>,
}

impl Arguments {
    /// Reads what follows the name of the command.
    pub(crate) fn read(mut words: impl Iterator<Item = String>) -> Result<Self, String> {
        let mut read = Self::default();
        while let Some(word) = words.next() {
            let mut value = || words.next().ok_or_else(|| format!("`{word}` needs a value"));
            match word.as_str() {
                "--check" => read.check = true,
                "--only" => read.only = Some(value()?),
                "--headwater" => read.headwater = Some(absolute(&value()?)?),
                "--peer" => read.peer = Some(binary(&value()?)?),
                "--helm-peer" => read.helm_peer = Some(binary(&value()?)?),
                _ => return Err(format!("`{word}` is not an option; `cargo xtask` alone lists them")),
            }
        }
        Ok(read)
    }

    /// The binary under test: the one that was named, or the release build of this workspace.
    pub(crate) fn headwater(&self) -> Result<PathBuf, String> {
        if let Some(path) = &self.headwater {
            return Ok(path.clone());
        }
        let build = ["build", "--quiet", "--release", "--locked", "--package", "headwater"];
        let status = cargo().args(build).status().map_err(|error| format!("cargo: {error}"))?;
        if !status.success() {
            return Err("headwater does not build".to_owned());
        }
        let target = std::env::var_os("CARGO_TARGET_DIR");
        let target = target.map_or_else(|| testkit::workspace().join("target"), PathBuf::from);
        Ok(target.join("release/headwater"))
    }

    /// The real kubectl; commands that need it cannot do without.
    pub(crate) fn peer(&self) -> Result<PathBuf, String> {
        self.peer.clone().ok_or_else(|| "`--peer` names the kubectl to compare with".to_owned())
    }
}

/// The cargo that runs us, in the root of the workspace.
pub(crate) fn cargo() -> Command {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(testkit::workspace());
    cargo
}

/// A binary by its path, or by its name alone where the shell would find it.
fn binary(name: &str) -> Result<PathBuf, String> {
    if name.contains('/') { absolute(name) } else { Ok(PathBuf::from(name)) }
}

fn absolute(path: &str) -> Result<PathBuf, String> {
    std::path::absolute(path).map_err(|error| format!("{path}: {error}"))
}
