//! Reads a directory into a [`source::Tree`], for tests of rooms that must not read the disk themselves.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use source::{File, Tree, TreePath};

/// A directory that could not be read.
#[derive(Debug)]
pub struct TreeError {
    /// Where.
    pub path: PathBuf,
    /// Why.
    pub why: String,
}

impl std::fmt::Display for TreeError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.path.display(), self.why)
    }
}

impl std::error::Error for TreeError {}

/// All files and symbolic links below `directory`; `.git` is left out, other special files too.
pub fn tree(directory: &Path) -> Result<Tree, TreeError> {
    let mut tree = Tree::new("");
    let mut pending = vec![(directory.to_owned(), TreePath::root())];
    while let Some((on_disk, in_tree)) = pending.pop() {
        for entry in std::fs::read_dir(&on_disk).map_err(|error| failed(&on_disk, &error))? {
            let entry = entry.map_err(|error| failed(&on_disk, &error))?;
            let path = entry.path();
            let name = entry.file_name();
            let place = name.to_str().and_then(|name| in_tree.join(name));
            let place = place.ok_or_else(|| failed(&path, &"the name is not UTF-8"))?;
            let kind = entry.file_type().map_err(|error| failed(&path, &error))?;
            if kind.is_symlink() {
                let target = std::fs::read_link(&path).map_err(|error| failed(&path, &error))?;
                tree.insert_link(place, &target.to_string_lossy());
            } else if kind.is_dir() && name != ".git" {
                pending.push((path, place));
            } else if kind.is_file() {
                let bytes = std::fs::read(&path).map_err(|error| failed(&path, &error))?;
                tree.insert(place.clone(), Arc::new(File::new(place.relative(), bytes)));
            }
        }
    }
    Ok(tree)
}

fn failed(path: &Path, why: &dyn std::fmt::Display) -> TreeError {
    TreeError { path: path.to_owned(), why: why.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use source::Files;

    #[test]
    fn reads_this_crate() {
        let tree = tree(Path::new(env!("CARGO_MANIFEST_DIR"))).unwrap();
        let lib = tree.read(&TreePath::new("src/lib.rs").unwrap()).unwrap();
        assert!(lib.bytes.starts_with(b"//!"));
        assert_eq!(&*lib.name, "src/lib.rs");
    }
}
