//! Which files of a source become part of its artifact: source-controller's rules for each kind of source, as a view of
//! the tree.
//!
//! Symbolic links never do (fluxcd/pkg `artifact/storage/archive.go`), so a link that works in a working copy is
//! missing in the cluster.

use std::sync::Arc;

use source::{DirEntry, File, Files, FilesError, Kind, TreePath};

mod pattern;

use pattern::{Pattern, Verdict, verdict};

/// Name of the ignore files.
const IGNORE_FILE: &str = ".sourceignore";

/// Always left out of repositories.
const VERSION_CONTROL: &[&str] = &[".git/", ".gitignore", ".gitmodules", ".gitattributes"];

/// Left out where there is no ignore file and no `spec.ignore`.
const DEFAULTS: &[&str] = &[
    "*.jpg",
    "*.jpeg",
    "*.gif",
    "*.png",
    "*.wmv",
    "*.flv",
    "*.tar.gz",
    "*.zip",
    ".github/",
    ".circleci/",
    ".travis.yml",
    ".gitlab-ci.yml",
    "appveyor.yml",
    ".drone.yml",
    "cloudbuild.yaml",
    "codeship-services.yml",
    "codeship-steps.yml",
    "**/.goreleaser.yml",
    "**/.sops.yaml",
    "**/.flux.yaml",
];

/// How a source is archived.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Archive {
    /// GitRepository and OCIRepository: `.sourceignore` in every directory, then `spec.ignore`; the defaults only
    /// without both; files of version control never.
    Repository,
    /// Bucket: `.sourceignore` in the root only, then `spec.ignore`; no defaults, and no empty directories.
    Bucket,
    /// What an ArtifactGenerator composes: the defaults, and ignore files are files like others.
    Composed,
}

/// The files of a source as its artifact has them.
pub struct Artifact<'a> {
    files: Arc<dyn Files + 'a>,
    archive: Archive,
    patterns: Vec<Pattern>,
}

/// The artifact of the source that `files` are all of; `ignore` is `spec.ignore`.
pub fn artifact<'a>(files: Arc<dyn Files + 'a>, archive: Archive, ignore: Option<&str>) -> Artifact<'a> {
    let mut own = match archive {
        Archive::Repository => load(&*files),
        Archive::Bucket => read_patterns(&*files, &TreePath::root(), &[]),
        Archive::Composed => Vec::new(),
    };
    own.extend(ignore.into_iter().flat_map(|text| pattern::read(text, &[])));
    let built_in = |lines: &[&str]| lines.iter().map(|line| Pattern::parse(line, &[])).collect::<Vec<_>>();
    let mut patterns = match archive {
        Archive::Bucket => Vec::new(),
        Archive::Repository | Archive::Composed => built_in(VERSION_CONTROL),
    };
    if archive != Archive::Bucket && own.is_empty() {
        patterns.extend(built_in(DEFAULTS));
    }
    patterns.append(&mut own);
    Artifact { files, archive, patterns }
}

/// The patterns of all ignore files, each directory's before those of its subdirectories.
fn load(files: &dyn Files) -> Vec<Pattern> {
    let mut patterns = Vec::new();
    let mut open: Vec<(TreePath, Vec<String>)> = vec![(TreePath::root(), Vec::new())];
    while let Some((directory, domain)) = open.pop() {
        let Ok(entries) = files.list(&directory) else { continue };
        if entries.iter().any(|entry| entry.name == IGNORE_FILE) {
            patterns.extend(read_patterns(files, &directory, &domain));
        }
        let below = entries.iter().filter(|e| e.kind == Some(Kind::Directory) && !e.link && e.name != ".git");
        for entry in below.rev() {
            if let Some(path) = directory.join(&entry.name) {
                let domain = domain.iter().chain([&entry.name]).cloned().collect();
                open.push((path, domain));
            }
        }
    }
    patterns
}

fn read_patterns(files: &dyn Files, directory: &TreePath, domain: &[String]) -> Vec<Pattern> {
    let file = directory.join(IGNORE_FILE).and_then(|path| files.read(&path).ok());
    file.map(|file| pattern::read(&String::from_utf8_lossy(&file.bytes), domain)).unwrap_or_default()
}

impl Artifact<'_> {
    /// Whether the artifact has a path of the view that is of this kind in the tree.
    fn has(&self, path: &TreePath, kind: Kind) -> bool {
        if path.is_root() {
            return true;
        }
        let parts: Vec<&str> = path.parts().collect();
        match (self.archive, kind) {
            (Archive::Bucket, Kind::File) if path.relative() == IGNORE_FILE => false,
            (Archive::Bucket, Kind::Directory) => match verdict(&self.patterns, &parts, false) {
                Verdict::Excluded => false,
                _ => self.has_files(path),
            },
            (_, kind) => match verdict(&self.patterns, &parts, kind == Kind::Directory) {
                Verdict::Kept => true,
                Verdict::Excluded => false,
                Verdict::ExcludedPerhapsNotBelow => kind == Kind::Directory && self.has_files(path),
            },
        }
    }

    /// Whether any file below a directory is in the artifact.
    fn has_files(&self, directory: &TreePath) -> bool {
        let mut open = vec![directory.clone()];
        while let Some(path) = open.pop() {
            let entries = self.files.list(&path).unwrap_or_default();
            for entry in entries.iter().filter(|entry| !entry.link) {
                match (entry.kind, path.join(&entry.name)) {
                    (Some(Kind::Directory), Some(path)) => open.push(path),
                    (Some(Kind::File), Some(path)) if self.has(&path, Kind::File) => return true,
                    _ => {}
                }
            }
        }
        false
    }
}

impl Files for Artifact<'_> {
    fn resolve(&self, path: &TreePath) -> Result<(TreePath, Kind), FilesError> {
        let (resolved, kind) = self.files.resolve(path)?;
        // Another path means that a link leads there, and links are not in the artifact.
        if resolved == *path && self.has(path, kind) { Ok((resolved, kind)) } else { Err(FilesError::Missing) }
    }

    fn read(&self, path: &TreePath) -> Result<Arc<File>, FilesError> {
        match self.resolve(path)? {
            (path, Kind::File) => self.files.read(&path),
            (_, Kind::Directory) => Err(FilesError::IsDirectory),
        }
    }

    fn list(&self, path: &TreePath) -> Result<Vec<DirEntry>, FilesError> {
        let (path, kind) = self.resolve(path)?;
        if kind == Kind::File {
            return Err(FilesError::NotDirectory);
        }
        let mut entries = self.files.list(&path)?;
        entries.retain(|entry| match (entry.kind, path.join(&entry.name)) {
            (Some(kind), Some(path)) => !entry.link && self.has(&path, kind),
            _ => false,
        });
        Ok(entries)
    }

    fn display(&self, path: &TreePath) -> String {
        self.files.display(path)
    }
}

#[cfg(test)]
mod tests {
    use source::Tree;

    use super::*;

    fn tree(names: &[(&str, &str)]) -> Tree {
        let mut tree = Tree::new("");
        for (name, text) in names {
            tree.insert_text(TreePath::new(name).unwrap(), text);
        }
        tree
    }

    fn files(artifact: &Artifact<'_>) -> Vec<String> {
        let mut found = Vec::new();
        let mut open = vec![TreePath::root()];
        while let Some(path) = open.pop() {
            for entry in artifact.list(&path).unwrap() {
                let path = path.join(&entry.name).unwrap();
                match entry.kind {
                    Some(Kind::Directory) => open.push(path),
                    _ => found.push(path.relative().to_owned()),
                }
            }
        }
        found.sort();
        found
    }

    const NAMES: &[(&str, &str)] = &[
        (".git/config", ""),
        (".gitignore", ""),
        (".github/ci.yaml", ""),
        ("a/.sops.yaml", ""),
        ("a/x.png", ""),
        ("a/x.yaml", ""),
    ];

    #[test]
    fn defaults_are_for_repositories_without_own_patterns() {
        let tree: Arc<Tree> = Arc::new(tree(NAMES));
        assert_eq!(files(&artifact(tree.clone(), Archive::Repository, None)), ["a/x.yaml"]);
        let own = artifact(tree.clone(), Archive::Repository, Some("x.yaml"));
        assert_eq!(files(&own), [".github/ci.yaml", "a/.sops.yaml", "a/x.png"]);
        assert_eq!(files(&artifact(tree.clone(), Archive::Bucket, None)).len(), NAMES.len());
    }

    #[test]
    fn ignore_files_count_from_their_directory_and_take_back() {
        let mut tree = tree(&[
            (".sourceignore", "/*\n!/deploy\n"),
            ("deploy/.sourceignore", "# no\nsecret.yaml\r\n"),
            ("deploy/secret.yaml", ""),
            ("deploy/app.yaml", ""),
            ("secret.yaml", ""),
            ("other/app.yaml", ""),
        ]);
        tree.insert_link(TreePath::new("deploy/link.yaml").unwrap(), "app.yaml");
        let tree = Arc::new(tree);
        let view = artifact(tree.clone(), Archive::Repository, None);
        assert_eq!(files(&view), ["deploy/.sourceignore", "deploy/app.yaml"]);
        assert_eq!(view.read(&TreePath::new("deploy/link.yaml").unwrap()).unwrap_err(), FilesError::Missing);
        assert_eq!(view.resolve(&TreePath::new("other").unwrap()), Err(FilesError::Missing));
        let bucket = artifact(tree.clone(), Archive::Bucket, Some("!/other"));
        assert_eq!(files(&bucket), ["deploy/.sourceignore", "deploy/app.yaml", "deploy/secret.yaml", "other/app.yaml"]);
    }
}
