//! Where the Flux objects of a cluster start in a repository.

mod scan;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use source::{Diagnostic, Files, Kind, Sources, Span, TreePath};
use yaml::{Node, Str};

use scan::{Pointer, PointerKind, scan};

/// What makes a directory the start of a cluster.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum EntryKind {
    /// A Kustomization in Git whose own path holds the file that defines it: what `flux bootstrap` writes.
    Kustomization {
        /// Its namespace.
        namespace: Str,
        /// Its name.
        name: Str,
    },
    /// A `fluxcd.controlplane.io` FluxInstance, or the values of its chart, whose `sync.path` names the directory.
    Instance {
        /// Its namespace.
        namespace: Str,
        /// Its name.
        name: Str,
    },
    /// Only a directory: someone points Flux at it from outside Git.
    Directory,
}

/// One cluster of a repository: where Flux starts.
#[derive(Clone, PartialEq, Debug)]
pub struct ClusterEntry {
    /// The shortest name that tells it from other clusters of the repository: the last part of its path, mostly.
    pub name: String,
    /// The directory in the tree that stands for the root of the repository: paths in Flux objects start there.
    pub root: TreePath,
    /// The directory in the tree that Flux renders first.
    pub path: TreePath,
    /// What makes it an entry.
    pub kind: EntryKind,
    /// Where that is written; detached for a directory.
    pub span: Span,
    /// The object that makes it an entry, as it stands in its file.
    pub definition: Option<Node>,
}

impl ClusterEntry {
    /// The path from the root of the repository, without a leading slash.
    pub fn relative_path(&self) -> &str {
        self.path.as_str().strip_prefix(self.root.as_str()).unwrap_or(self.path.relative()).trim_start_matches('/')
    }
}

/// `staging (clusters/staging)`.
impl fmt::Display for ClusterEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.name, self.relative_path())
    }
}

/// The clusters below a path.
#[derive(Clone, Default, Debug)]
pub struct Discovery {
    /// The clusters, by path.
    pub entries: Vec<ClusterEntry>,
    /// Findings on the way: no Flux objects, choices that had to be made.
    pub diagnostics: Vec<Diagnostic>,
}

/// Finds the clusters at or below `at`. A directory in which no Flux object points anywhere is itself the one entry, so
/// there is always an entry when `at` is a directory.
///
/// In this order, as soon as one gives an entry: Kustomizations that apply the directory that they are defined in,
/// FluxInstances, directories laid out as clusters (with a `flux-system` directory, or below `clusters`), `at` itself
/// when it holds Flux objects or a kustomization, and directories whose Flux objects nothing else renders.
pub fn discover(files: &dyn Files, sources: &Sources, at: &TreePath) -> Discovery {
    let at = match files.resolve(at) {
        Ok((_, Kind::File)) => &at.parent().unwrap_or_else(TreePath::root),
        Ok((_, Kind::Directory)) => at,
        Err(error) => {
            let message = format!("cannot look for a cluster in `{}`: {error}", files.display(at));
            return Discovery {
                entries: Vec::new(),
                diagnostics: vec![Diagnostic::error("flux/path-not-found", Span::DETACHED, message)],
            };
        }
    };
    let pointers = scan(files, sources, at);
    let mut entries = applying_themselves(files, &pointers, at);
    if entries.is_empty() {
        entries = instances(files, &pointers, at);
    }
    if entries.is_empty() {
        entries = directories(files, &pointers, at);
    }
    entries.sort_by(|a, b| a.path.cmp(&b.path));
    name(&mut entries);
    let diagnostics = several(&entries).into_iter().collect();
    Discovery { entries, diagnostics }
}

/// Kustomizations whose path holds the file that defines them.
fn applying_themselves(files: &dyn Files, pointers: &[Pointer], at: &TreePath) -> Vec<ClusterEntry> {
    let mut found: Vec<ClusterEntry> = Vec::new();
    let mut coverages: BTreeMap<TreePath, Coverage<'_>> = BTreeMap::new();
    for pointer in pointers.iter().filter(|p| p.kind == PointerKind::Kustomization && p.names_repository_path()) {
        let Some((path, root)) = own_directory(pointer) else { continue };
        let below = path.is_within(at) || at.file_name() == "flux-system" && at.parent().as_ref() == Some(&path);
        if !below || !is_own(files, pointer, &path, &root) {
            continue;
        }
        // An app that holds its own Kustomization is applied by another one; what bootstrap writes is the start itself.
        let coverage = coverages.entry(root.clone()).or_insert_with(|| Coverage::new(pointers, &root));
        if !pointer.is_bootstrapped() && coverage.has(&pointer.file) {
            continue;
        }
        let kind = EntryKind::Kustomization {
            namespace: pointer.namespace.as_str().into(),
            name: pointer.name.as_str().into(),
        };
        let entry = ClusterEntry {
            name: String::new(),
            root,
            path,
            kind,
            span: pointer.span,
            definition: Some(pointer.node.clone()),
        };
        match found.iter_mut().find(|other| other.path == entry.path) {
            Some(other) if pointer.name == "flux-system" => *other = entry,
            Some(_) => {}
            None => found.push(entry),
        }
    }
    let outermost = outermost(&found.iter().map(|entry| entry.path.clone()).collect());
    found.retain(|entry| outermost.contains(&entry.path));
    found
}

/// The directory above the pointer's file whose last parts are the pointer's path, and what is left as the root.
fn own_directory(pointer: &Pointer) -> Option<(TreePath, TreePath)> {
    let wanted = TreePath::new(&pointer.path).filter(|path| !path.is_root())?;
    let wanted: Vec<&str> = wanted.parts().collect();
    let mut directory = pointer.file.parent();
    while let Some(path) = directory {
        let parts: Vec<&str> = path.parts().collect();
        if let Some(root) = parts.strip_suffix(wanted.as_slice()) {
            return Some((path.clone(), TreePath::new(&root.join("/"))?));
        }
        directory = path.parent();
    }
    None
}

/// A Kustomization `apps` with the path `apps` in `clusters/apps/` looks as if it applied itself with `clusters` as the
/// root. It does not when the same path also leads to a directory from a root further up, unless it is written as
/// bootstrap writes it, beside its source.
fn is_own(files: &dyn Files, pointer: &Pointer, path: &TreePath, root: &TreePath) -> bool {
    if pointer.is_bootstrapped() {
        return true;
    }
    let elsewhere = ancestors(root)
        .skip(1)
        .filter_map(|above| above.join(&pointer.path))
        .any(|other| other != *path && is_directory(files, &other));
    !elsewhere
}

fn instances(files: &dyn Files, pointers: &[Pointer], at: &TreePath) -> Vec<ClusterEntry> {
    let mut found: Vec<ClusterEntry> = Vec::new();
    for pointer in pointers.iter().filter(|p| p.kind == PointerKind::Instance) {
        let directory = pointer.file.parent().unwrap_or_else(TreePath::root);
        let placed = ancestors(&directory).find_map(|root| {
            let path = root.join(&pointer.path)?;
            is_directory(files, &path).then_some((root, path))
        });
        let Some((root, path)) = placed else { continue };
        if path.is_within(at) && !found.iter().any(|other| other.path == path) {
            let kind = EntryKind::Instance {
                namespace: pointer.namespace.as_str().into(),
                name: pointer.name.as_str().into(),
            };
            found.push(ClusterEntry {
                name: String::new(),
                root,
                path,
                kind,
                span: pointer.span,
                definition: Some(pointer.node.clone()),
            });
        }
    }
    found
}

fn directories(files: &dyn Files, pointers: &[Pointer], at: &TreePath) -> Vec<ClusterEntry> {
    let root = repository_root(files, pointers, at);
    let uncovered = uncovered(pointers, &root);
    let laid_out: BTreeSet<TreePath> =
        uncovered.iter().filter(|path| is_laid_out_as_cluster(files, path)).cloned().collect();
    let chosen = if !laid_out.is_empty() {
        outermost(&laid_out)
    } else if uncovered.contains(at) || has_kustomization(files, at) || *at != root && uncovered.len() > 1 {
        vec![at.clone()]
    } else {
        outermost(&uncovered)
    };
    let chosen = if chosen.is_empty() { vec![at.clone()] } else { chosen };
    chosen
        .into_iter()
        .map(|path| ClusterEntry {
            name: String::new(),
            root: root.clone(),
            path,
            kind: EntryKind::Directory,
            span: Span::DETACHED,
            definition: None,
        })
        .collect()
}

/// The directory at or above `at` under which most of the named paths exist, the closest one of these; the root of the
/// tree when no path says anything.
fn repository_root(files: &dyn Files, pointers: &[Pointer], at: &TreePath) -> TreePath {
    let named: BTreeSet<&str> =
        pointers.iter().filter(|p| p.names_repository_path()).map(|p| p.path.as_str()).collect();
    let score = |root: &TreePath| {
        named.iter().filter_map(|path| root.join(path)).filter(|path| is_directory(files, path)).count()
    };
    let mut best = (0, TreePath::root());
    for root in ancestors(at) {
        let score = score(&root);
        if score > best.0 {
            best = (score, root);
        }
    }
    best.1
}

/// Directories of Kustomizations that no other Kustomization applies. Objects in a `flux-system` directory belong to the
/// directory above it.
fn uncovered(pointers: &[Pointer], root: &TreePath) -> BTreeSet<TreePath> {
    let kustomizations = || pointers.iter().filter(|p| p.kind == PointerKind::Kustomization);
    let coverage = Coverage::new(pointers, root);
    kustomizations()
        .filter(|p| !coverage.has(&p.file))
        .filter_map(|p| {
            let directory = p.file.parent()?;
            if directory.file_name() == "flux-system" { directory.parent() } else { Some(directory) }
        })
        .collect()
}

/// Directories that Kustomizations render, with the files of those Kustomizations.
struct Coverage<'p>(BTreeMap<TreePath, Vec<&'p TreePath>>);

impl<'p> Coverage<'p> {
    fn new(pointers: &'p [Pointer], root: &TreePath) -> Self {
        let mut rendered: BTreeMap<TreePath, Vec<&TreePath>> = BTreeMap::new();
        let kustomizations = pointers.iter().filter(|p| p.kind == PointerKind::Kustomization);
        for pointer in kustomizations.filter(|p| p.names_repository_path()) {
            let Some(path) = root.join(&pointer.path) else { continue };
            let by = rendered.entry(path).or_default();
            // Two files are enough to know that another one than the asking file renders the directory.
            if by.len() < 2 && !by.contains(&&pointer.file) {
                by.push(&pointer.file);
            }
        }
        Self(rendered)
    }

    /// Whether a Kustomization in another file renders a directory that holds the file.
    fn has(&self, file: &TreePath) -> bool {
        ancestors(file).any(|above| self.0.get(&above).is_some_and(|by| by.iter().any(|other| *other != file)))
    }
}

fn is_laid_out_as_cluster(files: &dyn Files, path: &TreePath) -> bool {
    path.parent().is_some_and(|above| above.file_name() == "clusters")
        || path.join("flux-system").is_some_and(|system| has_kustomization(files, &system))
}

fn has_kustomization(files: &dyn Files, directory: &TreePath) -> bool {
    ["kustomization.yaml", "kustomization.yml", "Kustomization"]
        .iter()
        .filter_map(|name| directory.join(name))
        .any(|path| matches!(files.resolve(&path), Ok((_, Kind::File))))
}

fn outermost(paths: &BTreeSet<TreePath>) -> Vec<TreePath> {
    paths.iter().filter(|path| !ancestors(path).skip(1).any(|above| paths.contains(&above))).cloned().collect()
}

/// Names every entry by as many last parts of its path as tell it from the others.
fn name(entries: &mut [ClusterEntry]) {
    let suffixes = |path: &TreePath| {
        let parts: Vec<String> = path.parts().map(str::to_owned).collect();
        (0..parts.len()).rev().filter_map(|from| Some(parts.get(from..)?.join("/"))).collect::<Vec<String>>()
    };
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for suffix in entries.iter().flat_map(|entry| suffixes(&entry.path)) {
        *seen.entry(suffix).or_default() += 1;
    }
    for entry in entries {
        let unique = suffixes(&entry.path).into_iter().find(|suffix| seen.get(suffix) == Some(&1));
        entry.name = unique.unwrap_or_else(|| entry.path.relative().to_owned());
    }
}

fn several(entries: &[ClusterEntry]) -> Option<Diagnostic> {
    if entries.len() < 2 {
        return None;
    }
    let message = format!("the repository has {} clusters", entries.len());
    let mut diagnostic =
        Diagnostic::info("flux/several-clusters", Span::DETACHED, message).with_help("name the path of one of them");
    diagnostic.notes.extend(entries.iter().map(|entry| format!("`{}`", entry.relative_path())));
    Some(diagnostic)
}

fn is_directory(files: &dyn Files, path: &TreePath) -> bool {
    matches!(files.resolve(path), Ok((_, Kind::Directory)))
}

/// `path` and every directory above it.
fn ancestors(path: &TreePath) -> impl Iterator<Item = TreePath> {
    std::iter::successors(Some(path.clone()), TreePath::parent)
}
