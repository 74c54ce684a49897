//! Where a chart lies on the disk, and reading it: a folder as a tree that is never left, or an archive.

use std::fs::{self, File};
use std::io::Read as _;
use std::path::{Path, PathBuf};

use fetch::{Directory, Display};
use helm::{DirectoryLimits, Loaded};

use super::input::go_error;

/// Largest archive that is read; what comes out of it has limits of its own.
const LARGEST_ARCHIVE: u64 = 100 << 20;

/// Largest file that a tree hands out; the smaller limit of files in charts has helm's words.
const LARGEST_FILE: u64 = 64 << 20;

/// The chart on the disk (`ChartPathOptions.LocateChart` of helm 4.2.3, without what it downloads).
pub(super) fn locate(name: &str) -> Result<PathBuf, String> {
    let name = name.trim();
    let path = Path::new(name);
    if path.exists() {
        return std::path::absolute(path).map_err(|error| go_error("getwd", name, &error));
    }
    if path.is_absolute() || name.starts_with('.') {
        return Err(format!("path {name:?} not found"));
    }
    if name.contains("://") {
        return Err(format!("charts from URLs are not supported yet: download {name} and give the file"));
    }
    Err(format!("chart {name:?} is not on this disk; charts from repositories are not supported yet"))
}

/// Reads the chart at an absolute path. Links may lead anywhere in the work tree around a folder, and where there is none
/// only to what is below it: a chart must not show files that have nothing to do with it.
pub(super) fn load(path: &Path) -> Result<Loaded, String> {
    let shown = path.display().to_string();
    let real = fs::canonicalize(path).map_err(|error| go_error("lstat", &shown, &error))?;
    if !real.is_dir() {
        let mut bytes = Vec::new();
        let file = File::open(&real).map_err(|error| go_error("open", &shown, &error))?;
        file.take(LARGEST_ARCHIVE).read_to_end(&mut bytes).map_err(|error| go_error("read", &shown, &error))?;
        if bytes.len() as u64 == LARGEST_ARCHIVE {
            return Err(format!("{shown} is larger than {} MiB", LARGEST_ARCHIVE >> 20));
        }
        return helm::load_archive(&shown, &bytes, None);
    }
    let root = real.ancestors().find(|above| above.join(".git").exists()).unwrap_or(&real);
    let display = Display::for_root(root, path, root);
    let files = Directory::open(root, display, LARGEST_FILE).map_err(|error| go_error("open", &shown, &error))?;
    let at = files.tree_path(&real).ok_or_else(|| format!("{shown} is not valid UTF-8"))?;
    helm::load_directory(&files, &at, None, &DirectoryLimits::default())
}
