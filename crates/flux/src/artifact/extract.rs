//! The `Extract` strategy of an ArtifactGenerator: what is inside of `.tar.gz` and `.tgz` files.

use std::io::Read as _;
use std::sync::Arc;

use flate2::read::MultiGzDecoder;
use source::{File, Files, Kind, TreePath};
use tar::{Archive, EntryType};

use super::copy::{Operation, Result, Stage, count, path, refused, unreadable};
use super::glob::path_matches;

/// What all archives of one artifact may unpack to; each may have this much in Flux (`DefaultMaxUntarSize`,
/// fluxcd/pkg `tar`).
pub(super) const MAX_BYTES: u64 = 100 << 20;
/// Entries of directories that are looked at for archives.
const MAX_ENTRIES: usize = 200_000;

/// Whether the name is that of an archive.
pub(super) fn is_archive(path: &TreePath) -> bool {
    let name = path.file_name().to_ascii_lowercase();
    name.ends_with(".tar.gz") || name.ends_with(".tgz")
}

/// Files that match; here, other than for copies, `**` crosses directories (`doublestar.Glob`).
pub(super) fn glob(files: &dyn Files, pattern: &str) -> Vec<TreePath> {
    let mut found = Vec::new();
    let mut open = vec![TreePath::root()];
    let mut left = MAX_ENTRIES;
    while let Some(directory) = open.pop() {
        for entry in files.list(&directory).unwrap_or_default() {
            let Some(next) = left.checked_sub(1) else { return found };
            left = next;
            let Some(path) = directory.join(&entry.name) else { continue };
            if path_matches(pattern, path.relative()) {
                found.push(path.clone());
            }
            if entry.kind == Some(Kind::Directory) {
                open.push(path);
            }
        }
    }
    found.sort();
    found
}

/// Unpacks an archive into a directory of the artifact.
pub(super) fn extract(
    operation: &Operation,
    files: &dyn Files,
    from: &TreePath,
    into: &TreePath,
    stage: &mut Stage<'_>,
) -> Result<()> {
    let file = files.read(from).map_err(|error| unreadable(operation, from, &error))?;
    let wrong = |why: String| refused(operation.from_span, format!("cannot extract `{}`: {why}", from.relative()));
    let mut archive = Archive::new(MultiGzDecoder::new(&*file.bytes));
    for entry in archive.entries().map_err(|error| wrong(error.to_string()))? {
        let mut entry = entry.map_err(|error| wrong(error.to_string()))?;
        let name = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
        if name.starts_with('/') || name.contains('\\') || name.split('/').any(|part| part == "..") {
            return Err(wrong(format!("the name `{name}` leads out of the archive")));
        }
        match entry.header().entry_type() {
            EntryType::Regular | EntryType::Continuous | EntryType::GNUSparse => {}
            EntryType::Directory | EntryType::XGlobalHeader => continue,
            EntryType::Symlink => return Err(wrong(format!("`{name}` is a symbolic link"))),
            _ => return Err(wrong(format!("`{name}` is neither a file nor a directory"))),
        }
        count(operation, stage)?;
        let mut bytes = Vec::new();
        let read = (&mut entry).take(stage.bytes_left + 1).read_to_end(&mut bytes);
        let read = read.map_err(|error| wrong(error.to_string()))? as u64;
        stage.bytes_left = stage
            .bytes_left
            .checked_sub(read)
            .ok_or_else(|| wrong(format!("archives of one artifact unpack to more than {} MiB", MAX_BYTES >> 20)))?;
        let to = path(into, &name, operation.to_span)?;
        stage.tree.insert(to, Arc::new(File::new(format!("{}:{name}", file.name), bytes)));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use source::{Sources, Span, Tree};

    use super::*;

    fn archive(entries: &[(&str, EntryType)]) -> Vec<u8> {
        let mut builder = tar::Builder::new(flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast()));
        for (name, kind) in entries {
            let mut header = tar::Header::new_gnu();
            header.set_entry_type(*kind);
            header.as_gnu_mut().unwrap().name[..name.len()].copy_from_slice(name.as_bytes());
            header.set_size(if *kind == EntryType::Regular { 1 } else { 0 });
            header.set_cksum();
            let content: &[u8] = if *kind == EntryType::Regular { b"x" } else { b"" };
            builder.append(&header, content).unwrap();
        }
        builder.into_inner().unwrap().finish().unwrap()
    }

    fn extracted(entries: &[(&str, EntryType)]) -> std::result::Result<Vec<String>, String> {
        let mut files = Tree::new("");
        let from = TreePath::new("charts/a.tgz").unwrap();
        files.insert(from.clone(), Arc::new(File::new("charts/a.tgz", archive(entries))));
        assert_eq!(glob(&files, "**/*.tgz").as_slice(), std::slice::from_ref(&from));
        let operation = Operation {
            from: String::new(),
            from_span: Span::DETACHED,
            to: String::new(),
            to_span: Span::DETACHED,
            exclude: Vec::new(),
            strategy: "Extract".to_owned(),
        };
        let sources = Sources::new();
        let mut stage = Stage { tree: Tree::new(""), files_left: 2, bytes_left: MAX_BYTES, sources: &sources };
        extract(&operation, &files, &from, &TreePath::new("to").unwrap(), &mut stage).map_err(|why| why.message)?;
        Ok(stage.tree.files().map(|(path, file)| format!("{path} {}", file.name)).collect())
    }

    #[test]
    fn extracts_and_refuses() {
        let found = extracted(&[("a/", EntryType::Directory), ("a/x", EntryType::Regular)]).unwrap();
        assert_eq!(found, ["/to/a/x charts/a.tgz:a/x"]);
        for bad in ["../x", "/x", "a/../../x"] {
            assert!(extracted(&[(bad, EntryType::Regular)]).unwrap_err().contains("leads out"), "{bad}");
        }
        assert!(extracted(&[("l", EntryType::Symlink)]).unwrap_err().contains("symbolic link"));
        assert!(extracted(&[("a", EntryType::Regular), ("b", EntryType::Regular), ("c", EntryType::Regular)]).is_err());
    }
}
