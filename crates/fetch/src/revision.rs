//! Revisions of a local git repository as trees: `main`, `HEAD~2`, `v1.0`, `main:apps`.
//!
//! The repository is opened with its own configuration only: no user or system configuration, no hooks, no filters, no
//! network.

use std::path::Path;
use std::sync::Arc;

use gix::ObjectId;
use gix::objs::tree::EntryKind;
use source::{File, Files as _, Tree, TreePath};

/// What one revision may cost.
#[derive(Clone, Copy, Debug)]
pub struct RevisionLimits {
    /// Bytes of one file; larger files are left out of the tree.
    pub file: u64,
    /// Bytes of all files.
    pub total: u64,
    /// Files and directories.
    pub entries: usize,
}

impl Default for RevisionLimits {
    fn default() -> Self {
        Self { file: 16 << 20, total: 2 << 30, entries: 1_000_000 }
    }
}

/// Why a revision could not be read.
#[derive(Debug, thiserror::Error)]
pub enum RevisionError {
    /// There is no repository.
    #[error("`{0}` is not in a git repository")]
    NoRepository(String),
    /// Nothing has this name.
    #[error("`{0}` is no revision of this repository")]
    Unknown(String),
    /// It names a file where a commit or directory is needed.
    #[error("`{0}` is neither a commit nor a directory")]
    NotTree(String),
    /// More than the limits allow.
    #[error("`{0}` holds too many or too large files")]
    TooLarge(String),
    /// The repository is damaged.
    #[error("cannot read `{0}`: {1}")]
    Damaged(String, String),
}

/// A local git repository.
pub struct Repository {
    inner: gix::Repository,
}

impl Repository {
    /// The repository whose work tree has the given root.
    ///
    /// # Errors
    /// When there is none.
    pub fn open(root: &Path) -> Result<Self, RevisionError> {
        let options = gix::open::Options::isolated();
        let opened = gix::ThreadSafeRepository::open_opts(root, options);
        let inner = opened.map_err(|_| RevisionError::NoRepository(root.display().to_string()))?.to_thread_local();
        Ok(Self { inner })
    }

    /// The URLs of the repository's remotes, without what may be a password, sorted.
    pub fn remotes(&self) -> Vec<String> {
        let names = self.inner.remote_names();
        let urls = names.iter().filter_map(|name| {
            let remote = self.inner.try_find_remote(&***name)?.ok()?;
            let mut url = remote.url(gix::remote::Direction::Fetch)?.clone();
            url.set_password(None);
            Some(url.to_bstring().to_string())
        });
        let mut urls: Vec<String> = urls.collect();
        urls.sort_unstable();
        urls.dedup();
        urls
    }

    /// The best common ancestor of two revisions, as a revision.
    ///
    /// # Errors
    /// When one of them is unknown or they have nothing in common.
    pub fn merge_base(&self, one: &str, two: &str) -> Result<String, RevisionError> {
        let (a, b) = (self.commit(one)?, self.commit(two)?);
        let base = self.inner.merge_base(a, b).ok().flatten();
        Ok(base.ok_or_else(|| RevisionError::Unknown(format!("{one}...{two}")))?.to_string())
    }

    /// The files of a revision. `REV:PATH` gives the files below PATH, at the root of the tree. Paths are shown after
    /// `REV:`. Submodules are empty directories, as in a fresh clone.
    ///
    /// # Errors
    /// When it cannot be found or read, or is larger than the limits.
    pub fn tree(&self, revision: &str, limits: &RevisionLimits) -> Result<Tree, RevisionError> {
        let unknown = || RevisionError::Unknown(revision.to_owned());
        let id = self.inner.rev_parse_single(revision).map_err(|_| unknown())?;
        let object = id.object().map_err(|_| unknown())?;
        let root = object.peel_to_tree().map_err(|_| RevisionError::NotTree(revision.to_owned()))?;
        let prefix = match revision.split_once(':') {
            Some((_, path)) if path.is_empty() || path.ends_with('/') => revision.to_owned(),
            Some(_) => format!("{revision}/"),
            None => format!("{revision}:"),
        };
        let mut reading =
            Reading { repository: &self.inner, revision, limits, tree: Tree::new(prefix), total: 0, entries: 0 };
        // A stack instead of recursion: a hostile repository may nest trees as deeply as it likes.
        let mut todo: Vec<(TreePath, ObjectId)> = vec![(TreePath::root(), root.id)];
        while let Some((path, id)) = todo.pop() {
            reading.directory(&path, id, &mut todo)?;
        }
        Ok(reading.tree)
    }

    fn commit(&self, revision: &str) -> Result<ObjectId, RevisionError> {
        let unknown = || RevisionError::Unknown(revision.to_owned());
        let id = self.inner.rev_parse_single(revision).map_err(|_| unknown())?;
        let object = id.object().map_err(|_| unknown())?;
        Ok(object.peel_to_commit().map_err(|_| RevisionError::NotTree(revision.to_owned()))?.id)
    }
}

/// A tree on its way from the repository.
struct Reading<'a> {
    repository: &'a gix::Repository,
    revision: &'a str,
    limits: &'a RevisionLimits,
    tree: Tree,
    total: u64,
    entries: usize,
}

impl Reading<'_> {
    /// Takes the files and links of one directory, and puts its directories on the list of what is to do.
    fn directory(
        &mut self,
        path: &TreePath,
        id: ObjectId,
        todo: &mut Vec<(TreePath, ObjectId)>,
    ) -> Result<(), RevisionError> {
        let object = self.repository.find_object(id).map_err(|error| self.damaged(&error))?;
        let tree = object.try_into_tree().map_err(|error| self.damaged(&error))?;
        for entry in tree.decode().map_err(|error| self.damaged(&error))?.entries {
            self.entries += 1;
            if self.entries > self.limits.entries {
                return Err(RevisionError::TooLarge(self.revision.to_owned()));
            }
            // Git itself refuses names with a slash and `..`; a name that is not UTF-8 cannot be asked for here.
            let name = std::str::from_utf8(entry.filename).ok().filter(|name| !name.contains('/'));
            let Some(child) = name.and_then(|name| path.join(name)).filter(|child| child != path) else { continue };
            match entry.mode.kind() {
                EntryKind::Tree => todo.push((child, entry.oid.to_owned())),
                EntryKind::Blob | EntryKind::BlobExecutable => {
                    let Some(bytes) = self.blob(entry.oid.to_owned())? else { continue };
                    let name = self.tree.display(&child);
                    self.tree.insert(child, Arc::new(File::new(name, bytes)));
                }
                EntryKind::Link => {
                    let Some(bytes) = self.blob(entry.oid.to_owned())? else { continue };
                    if let Ok(target) = String::from_utf8(bytes) {
                        self.tree.insert_link(child, &target);
                    }
                }
                EntryKind::Commit => {}
            }
        }
        Ok(())
    }

    fn blob(&mut self, id: ObjectId) -> Result<Option<Vec<u8>>, RevisionError> {
        let size = self.repository.find_header(id).map_err(|error| self.damaged(&error))?.size();
        if size > self.limits.file {
            return Ok(None);
        }
        self.total = self.total.saturating_add(size);
        if self.total > self.limits.total {
            return Err(RevisionError::TooLarge(self.revision.to_owned()));
        }
        let object = self.repository.find_object(id).map_err(|error| self.damaged(&error))?;
        Ok(Some(object.detach().data))
    }

    fn damaged(&self, error: &dyn std::fmt::Display) -> RevisionError {
        RevisionError::Damaged(self.revision.to_owned(), error.to_string())
    }
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use source::FilesError;

    use super::*;

    fn git(directory: &Path, arguments: &[&str]) {
        let mut command = Command::new("git");
        let name = ["-c", "user.name=A", "-c", "user.email=a@example.com", "-c", "init.defaultBranch=main"];
        command.args(name).args(arguments).current_dir(directory);
        command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_SYSTEM", "/dev/null");
        assert!(command.output().unwrap().status.success(), "git {arguments:?}");
    }

    fn path(text: &str) -> TreePath {
        TreePath::new(text).unwrap()
    }

    #[test]
    fn revisions_are_trees() {
        let root = tempfile::tempdir().unwrap();
        let at = root.path();
        git(at, &["init", "-q"]);
        std::fs::create_dir_all(at.join("apps/base")).unwrap();
        std::fs::write(at.join("apps/base/a.yaml"), "a: 1\n").unwrap();
        std::fs::write(at.join("large"), "x".repeat(101)).unwrap();
        #[cfg(unix)]
        std::os::unix::fs::symlink("apps/base", at.join("link")).unwrap();
        git(at, &["add", "."]);
        git(at, &["commit", "-qm", "one"]);
        git(at, &["remote", "add", "origin", "https://user:password@example.com/r.git"]);
        git(at, &["checkout", "-qb", "feature"]);
        std::fs::write(at.join("apps/base/a.yaml"), "a: 2\n").unwrap();
        git(at, &["commit", "-qam", "two"]);
        git(at, &["gc", "-q"]);

        let repository = Repository::open(at).unwrap();
        let limits = RevisionLimits { file: 100, ..RevisionLimits::default() };
        let read = |revision: &str, file: &str| {
            let tree = repository.tree(revision, &limits).unwrap();
            tree.read(&path(file)).map(|f| (f.name.to_string(), String::from_utf8(f.bytes.to_vec()).unwrap()))
        };
        assert_eq!(read("main", "apps/base/a.yaml").unwrap(), ("main:apps/base/a.yaml".into(), "a: 1\n".into()));
        assert_eq!(read("feature", "link/a.yaml").unwrap().1, "a: 2\n");
        assert_eq!(
            read("feature~1:apps", "base/a.yaml").unwrap(),
            ("feature~1:apps/base/a.yaml".into(), "a: 1\n".into())
        );
        assert_eq!(read("HEAD", "large"), Err(FilesError::Missing));
        assert!(matches!(repository.tree("nope", &limits), Err(RevisionError::Unknown(_))));
        assert!(matches!(repository.tree("main:large", &limits), Err(RevisionError::NotTree(_))));
        assert_eq!(read(&repository.merge_base("main", "feature").unwrap(), "apps/base/a.yaml").unwrap().1, "a: 1\n");
        assert_eq!(repository.remotes(), ["https://user@example.com/r.git"]);
        assert!(Repository::open(&at.join("apps")).is_err());
    }
}
