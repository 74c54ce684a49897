//! A directory of a disk as a tree of files: read when asked for, remembered, and never left.

use std::collections::HashMap;
use std::fs;
use std::io::{self, Read as _, Seek as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use source::{DirEntry, File, Files, FilesError, Kind, TreePath};

use crate::Display;

/// Symbolic links followed for one path before it counts as a loop, as Linux does.
const MAX_LINKS: usize = 40;

/// What a name is, before links are followed.
#[derive(Clone, Debug)]
enum Entry {
    File,
    Directory,
    Link(Arc<str>),
    Special,
}

/// A directory of a disk. Every path is looked at once; what was seen then is the answer for the rest of the run, also
/// when somebody writes meanwhile.
///
/// INVARIANT: a path handed to the operating system is the root followed by names that were each found to be a real
/// directory (or, the last one, a regular file), so nothing outside the root is opened and no device or pipe ever is.
#[derive(Debug)]
pub struct Directory {
    root: PathBuf,
    display: Display,
    limit: u64,
    seen: Mutex<Seen>,
}

#[derive(Default, Debug)]
struct Seen {
    entries: HashMap<TreePath, Result<Entry, FilesError>>,
    resolved: HashMap<TreePath, Result<(TreePath, Kind), FilesError>>,
    files: HashMap<TreePath, Result<Arc<File>, FilesError>>,
    lists: HashMap<TreePath, Result<Vec<DirEntry>, FilesError>>,
}

impl Directory {
    /// The tree at `root`, whose files may have up to `limit` bytes each.
    ///
    /// # Errors
    /// When `root` is not a directory that can be looked at.
    pub fn open(root: &Path, display: Display, limit: u64) -> io::Result<Self> {
        let root = fs::canonicalize(root)?;
        if !fs::metadata(&root)?.is_dir() {
            return Err(io::ErrorKind::NotADirectory.into());
        }
        Ok(Self { root, display, limit, seen: Mutex::default() })
    }

    /// The canonical path of the root.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Where a canonical path of the disk lies in this tree, if it does.
    pub fn tree_path(&self, path: &Path) -> Option<TreePath> {
        TreePath::new(path.strip_prefix(&self.root).ok()?.to_str()?)
    }

    fn on_disk(&self, path: &TreePath) -> PathBuf {
        let mut found = self.root.clone();
        found.extend(path.parts());
        found
    }

    fn with_seen<T>(&self, act: impl FnOnce(&mut Seen) -> T) -> T {
        act(&mut self.seen.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn look(&self, seen: &mut Seen, path: &TreePath) -> Result<Entry, FilesError> {
        if let Some(known) = seen.entries.get(path) {
            return known.clone();
        }
        let found = if path.is_root() {
            Ok(Entry::Directory)
        } else {
            let at = self.on_disk(path);
            fs::symlink_metadata(&at).map_err(|e| error(&e)).and_then(|meta| entry(meta.file_type(), &at))
        };
        seen.entries.insert(path.clone(), found.clone());
        found
    }

    fn follow(&self, seen: &mut Seen, path: &TreePath) -> Result<(TreePath, Kind), FilesError> {
        if let Some(known) = seen.resolved.get(path) {
            return known.clone();
        }
        let found = self.walk(seen, path);
        seen.resolved.insert(path.clone(), found.clone());
        found
    }

    fn walk(&self, seen: &mut Seen, path: &TreePath) -> Result<(TreePath, Kind), FilesError> {
        let (mut done, mut rest) = nearest_known_directory(seen, path);
        let mut links = 0;
        while let Some(part) = rest.pop() {
            let next = done.join(&part).ok_or(FilesError::Escapes)?;
            match self.look(seen, &next)? {
                Entry::Directory => done = next,
                Entry::File if rest.is_empty() => return Ok((next, Kind::File)),
                Entry::File => return Err(FilesError::NotDirectory),
                Entry::Special => return Err(FilesError::Io("not a regular file or directory".to_owned())),
                Entry::Link(target) => {
                    links += 1;
                    if links > MAX_LINKS {
                        return Err(FilesError::LinkLoop);
                    }
                    let inside = if Path::new(&*target).is_absolute() {
                        done = TreePath::root();
                        let inside = Path::new(&*target).strip_prefix(&self.root).map_err(|_| FilesError::Escapes)?;
                        inside.to_str().ok_or(FilesError::Escapes)?
                    } else {
                        &*target
                    };
                    rest.extend(inside.split('/').rev().filter(|p| !p.is_empty() && *p != ".").map(str::to_owned));
                }
            }
        }
        Ok((done, Kind::Directory))
    }

    fn read_resolved(&self, path: &TreePath) -> Result<Arc<File>, FilesError> {
        let mut file = fs::File::open(self.on_disk(path)).map_err(|e| error(&e))?;
        let size = file.metadata().map_err(|e| error(&e))?.len();
        if size > self.limit {
            return Err(FilesError::TooLarge(self.limit));
        }
        if let Some(bytes) = read_at_once(&mut file, usize::try_from(size).unwrap_or(0)) {
            return Ok(Arc::new(File::new(self.display(path), bytes)));
        }
        // The file is not as long as its directory says.
        let mut bytes = Vec::new();
        file.rewind().map_err(|e| error(&e))?;
        file.take(self.limit + 1).read_to_end(&mut bytes).map_err(|e| error(&e))?;
        if bytes.len() as u64 > self.limit {
            return Err(FilesError::TooLarge(self.limit));
        }
        Ok(Arc::new(File::new(self.display(path), bytes)))
    }

    fn list_resolved(&self, seen: &mut Seen, path: &TreePath) -> Result<Vec<DirEntry>, FilesError> {
        let mut names = Vec::new();
        for found in fs::read_dir(self.on_disk(path)).map_err(|e| error(&e))? {
            let found = found.map_err(|e| error(&e))?;
            let Ok(name) = found.file_name().into_string() else { continue };
            let Some(child) = path.join(&name) else { continue };
            let looked = || found.file_type().map_err(|e| error(&e)).and_then(|kind| entry(kind, &found.path()));
            seen.entries.entry(child).or_insert_with(looked);
            names.push(name);
        }
        names.sort_unstable();
        let entries = names.into_iter().filter_map(|name| {
            let child = path.join(&name)?;
            let link = matches!(seen.entries.get(&child), Some(Ok(Entry::Link(_))));
            let kind = self.follow(seen, &child).ok().map(|(_, kind)| kind);
            Some(DirEntry { name, kind, link })
        });
        Ok(entries.collect())
    }
}

/// The content of a file of that size, read to the place where it stays; `None` when it has another size after all.
fn read_at_once(file: &mut fs::File, size: usize) -> Option<Arc<[u8]>> {
    let mut bytes: Arc<[u8]> = std::iter::repeat_n(0, size).collect();
    file.read_exact(Arc::get_mut(&mut bytes)?).ok()?;
    matches!(file.read(&mut [0]), Ok(0)).then_some(bytes)
}

/// The deepest directory above `path` (or itself) that was resolved before, and the parts that follow, last one first.
fn nearest_known_directory(seen: &Seen, path: &TreePath) -> (TreePath, Vec<String>) {
    let mut rest = Vec::new();
    let mut at = path.clone();
    while let Some(parent) = at.parent() {
        rest.push(at.file_name().to_owned());
        if let Some(Ok((known, Kind::Directory))) = seen.resolved.get(&parent) {
            return (known.clone(), rest);
        }
        at = parent;
    }
    (TreePath::root(), rest)
}

fn entry(kind: fs::FileType, at: &Path) -> Result<Entry, FilesError> {
    if kind.is_symlink() {
        let target = fs::read_link(at).map_err(|e| error(&e))?;
        return Ok(Entry::Link(target.to_str().ok_or(FilesError::Missing)?.into()));
    }
    Ok(match () {
        () if kind.is_dir() => Entry::Directory,
        () if kind.is_file() => Entry::File,
        () => Entry::Special,
    })
}

fn error(error: &io::Error) -> FilesError {
    match error.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::InvalidFilename | io::ErrorKind::InvalidInput => FilesError::Missing,
        io::ErrorKind::NotADirectory => FilesError::NotDirectory,
        io::ErrorKind::IsADirectory => FilesError::IsDirectory,
        io::ErrorKind::PermissionDenied => FilesError::Io("permission denied".to_owned()),
        _ => FilesError::Io(error.to_string()),
    }
}

impl Files for Directory {
    fn resolve(&self, path: &TreePath) -> Result<(TreePath, Kind), FilesError> {
        self.with_seen(|seen| self.follow(seen, path))
    }

    fn read(&self, path: &TreePath) -> Result<Arc<File>, FilesError> {
        let (path, kind) = self.resolve(path)?;
        if kind == Kind::Directory {
            return Err(FilesError::IsDirectory);
        }
        if let Some(known) = self.with_seen(|seen| seen.files.get(&path).cloned()) {
            return known;
        }
        // Read without the lock, so that threads read in parallel; when two read the same file, the first one counts.
        let found = self.read_resolved(&path);
        self.with_seen(|seen| seen.files.entry(path).or_insert(found).clone())
    }

    fn list(&self, path: &TreePath) -> Result<Vec<DirEntry>, FilesError> {
        self.with_seen(|seen| {
            let (path, kind) = self.follow(seen, path)?;
            if kind == Kind::File {
                return Err(FilesError::NotDirectory);
            }
            if let Some(known) = seen.lists.get(&path) {
                return known.clone();
            }
            let found = self.list_resolved(seen, &path);
            seen.lists.insert(path, found.clone());
            found
        })
    }

    fn display(&self, path: &TreePath) -> String {
        self.display.show(path)
    }
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    fn path(text: &str) -> TreePath {
        TreePath::new(text).unwrap()
    }

    fn text(files: &Directory, at: &str) -> Result<String, FilesError> {
        files.read(&path(at)).map(|f| String::from_utf8(f.bytes.to_vec()).unwrap())
    }

    #[test]
    fn follows_links_inside_and_refuses_the_rest() {
        let outside = tempfile::tempdir().unwrap();
        let root = outside.path().join("root");
        fs::create_dir_all(root.join("apps/base")).unwrap();
        fs::write(outside.path().join("secret"), "secret").unwrap();
        fs::write(root.join("apps/base/a.yaml"), "a: 1\n").unwrap();
        fs::write(root.join("large"), vec![b'x'; 101]).unwrap();
        symlink("apps/base", root.join("link")).unwrap();
        symlink(root.canonicalize().unwrap().join("apps"), root.join("absolute")).unwrap();
        symlink("../secret", root.join("escape")).unwrap();
        symlink("/etc", root.join("etc")).unwrap();
        symlink("loop", root.join("loop")).unwrap();
        symlink("nothing", root.join("broken")).unwrap();
        let socket = std::os::unix::net::UnixListener::bind(root.join("socket")).unwrap();

        let files = Directory::open(&root, Display::Prefix("repo/".into()), 100).unwrap();
        assert_eq!(text(&files, "link/a.yaml").unwrap(), "a: 1\n");
        assert_eq!(text(&files, "absolute/base/a.yaml").unwrap(), "a: 1\n");
        assert!(Arc::ptr_eq(
            &files.read(&path("link/a.yaml")).unwrap(),
            &files.read(&path("apps/base/a.yaml")).unwrap()
        ));
        assert_eq!(&*files.read(&path("link/a.yaml")).unwrap().name, "repo/apps/base/a.yaml");
        assert_eq!(text(&files, "escape"), Err(FilesError::Escapes));
        assert_eq!(text(&files, "etc/passwd"), Err(FilesError::Escapes));
        assert_eq!(text(&files, "loop"), Err(FilesError::LinkLoop));
        assert_eq!(text(&files, "broken"), Err(FilesError::Missing));
        assert_eq!(text(&files, "large"), Err(FilesError::TooLarge(100)));
        assert_eq!(text(&files, "apps"), Err(FilesError::IsDirectory));
        assert_eq!(text(&files, "large/x"), Err(FilesError::NotDirectory));
        assert!(matches!(text(&files, "socket"), Err(FilesError::Io(_))));
        let listed = files.list(&TreePath::root()).unwrap();
        let listed: Vec<_> = listed.iter().map(|e| (e.name.as_str(), e.kind, e.link)).collect();
        assert_eq!(
            listed,
            [
                ("absolute", Some(Kind::Directory), true),
                ("apps", Some(Kind::Directory), false),
                ("broken", None, true),
                ("escape", None, true),
                ("etc", None, true),
                ("large", Some(Kind::File), false),
                ("link", Some(Kind::Directory), true),
                ("loop", None, true),
                ("socket", None, false),
            ]
        );
        drop(socket);
    }

    #[test]
    fn remembers_what_it_saw() {
        let root = tempfile::tempdir().unwrap();
        fs::write(root.path().join("a"), "1").unwrap();
        let files = Directory::open(root.path(), Display::Prefix(String::new()), 100).unwrap();
        assert_eq!(text(&files, "b"), Err(FilesError::Missing));
        assert_eq!(text(&files, "a").unwrap(), "1");
        fs::write(root.path().join("a"), "2").unwrap();
        fs::write(root.path().join("b"), "2").unwrap();
        assert_eq!(text(&files, "a").unwrap(), "1");
        assert_eq!(text(&files, "b"), Err(FilesError::Missing));
    }
}
