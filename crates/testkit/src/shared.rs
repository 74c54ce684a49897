//! Finds the corpora and real repositories that are too large, or not ours, to be part of the project.
//!
//! They come as archives in a shared folder beside the workspace (`HEADWATER_SHARED` names another place) and are
//! unpacked into `target/` by the script that stands next to them. Where they are missing, tests say so and pass.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;

/// Unpacking the same archive twice at once would let one test see half a corpus.
static UNPACKING: Mutex<()> = Mutex::new(());

/// The root of this workspace.
pub fn workspace() -> PathBuf {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).parent();
    crates.and_then(Path::parent).map_or_else(PathBuf::new, Path::to_owned)
}

/// The unpacked corpus of that name, such as `kustomize`; `None`, with a line on stdout, where it cannot be had.
pub fn corpus(name: &str) -> Option<PathBuf> {
    unpacked("corpora", name)
}

/// The unpacked real repository of that name, such as `home-ops`; `None`, with a line on stdout, where it cannot be had.
pub fn repository(name: &str) -> Option<PathBuf> {
    unpacked("repos", name)
}

/// Says on stdout that a test did nothing, and why.
#[expect(clippy::print_stdout, reason = "a test that does nothing must say so")]
pub fn skip(why: &str) {
    println!("skipped: {why}");
}

fn unpacked(collection: &str, name: &str) -> Option<PathBuf> {
    let _guard = UNPACKING.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let destination = workspace().join("target").join(collection);
    let found = destination.join(name);
    let script = shared().join(collection).join("unpack");
    let archive = shared().join(collection).join(format!("{name}.tar.xz"));
    if !script.is_file() || !archive.is_file() {
        if found.is_dir() {
            return Some(found);
        }
        skip(&format!("no {collection}/{name}: {} is not there", archive.display()));
        return None;
    }
    let unpacked = Command::new(&script).arg(&destination).arg(name).output();
    if unpacked.as_ref().is_ok_and(|output| output.status.success()) && found.is_dir() {
        return Some(found);
    }
    let why = unpacked
        .map_or_else(|error| error.to_string(), |output| String::from_utf8_lossy(&output.stderr).trim().to_owned());
    skip(&format!("no {collection}/{name}: {} failed (it needs tar and xz): {why}", script.display()));
    None
}

fn shared() -> PathBuf {
    std::env::var_os("HEADWATER_SHARED").map_or_else(|| workspace().join("../shared"), PathBuf::from)
}
