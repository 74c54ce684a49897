//! The charts of one name in a folder, in every shape in which people keep them.

use std::collections::BTreeMap;

use gotmpl::semver::Version;
use source::{FileId, Files, Kind, TreePath};
use yaml::{Dialect, DuplicateKeys, Limits, Node, ReadOptions};

use crate::fields::items;
use crate::sources::Shared;

/// A chart that is there.
#[derive(Clone)]
pub(crate) struct Candidate<'a> {
    pub(crate) files: Shared<'a>,
    /// Its folder or archive.
    pub(crate) path: TreePath,
    pub(crate) is_archive: bool,
    /// Its version as its name, its `Chart.yaml` or the index has it.
    pub(crate) version: String,
}

/// What a mirror holds of a chart.
pub(crate) struct Shelf<'a> {
    /// By path.
    pub(crate) candidates: Vec<Candidate<'a>>,
    /// Versions that the index of the repository lists, and whose archives are not there.
    pub(crate) only_listed: Vec<String>,
}

/// Entries of a folder that are looked at.
const MAX_ENTRIES: usize = 100_000;

/// The charts called `name` in the folder of a repository.
pub(crate) fn of_repository<'a>(files: Shared<'a>, at: &TreePath, name: &str) -> Shelf<'a> {
    let mut shelf = Builder { files: files.clone(), found: BTreeMap::new(), only_listed: Vec::new() };
    shelf.index(at, name);
    // A folder that is the chart itself stands for a repository of one.
    shelf.chart(at, Some(name));
    let prefix = format!("{name}-");
    for entry in files.list(at).unwrap_or_default().into_iter().take(MAX_ENTRIES) {
        let Some(path) = at.join(&entry.name) else { continue };
        match entry.kind {
            Some(Kind::File) => shelf.archive(path, name, true),
            Some(Kind::Directory) if entry.name == name => shelf.folder(&path, name),
            // `podinfo-6.5.0`, and not `podinfo-operator`.
            Some(Kind::Directory) if entry.name.starts_with(&prefix) => drop(shelf.chart(&path, Some(name))),
            _ => {}
        }
    }
    shelf.done()
}

/// The chart at a path that is all its own, whatever it is called there.
pub(crate) fn of_one_chart<'a>(files: Shared<'a>, at: &TreePath, name: &str) -> Shelf<'a> {
    let mut shelf = Builder { files: files.clone(), found: BTreeMap::new(), only_listed: Vec::new() };
    match files.resolve(at) {
        Ok((path, Kind::File)) => shelf.archive(path, name, false),
        Ok((path, Kind::Directory)) => shelf.folder(&path, name),
        Err(_) => {}
    }
    shelf.done()
}

struct Builder<'a> {
    files: Shared<'a>,
    found: BTreeMap<TreePath, Candidate<'a>>,
    only_listed: Vec<String>,
}

impl<'a> Builder<'a> {
    fn done(self) -> Shelf<'a> {
        Shelf { candidates: self.found.into_values().collect(), only_listed: self.only_listed }
    }

    fn add(&mut self, path: TreePath, is_archive: bool, version: String) {
        let candidate = Candidate { files: self.files.clone(), path: path.clone(), is_archive, version };
        self.found.entry(path).or_insert(candidate);
    }

    /// A folder for one chart: the chart itself, or one folder or archive for each version.
    fn folder(&mut self, at: &TreePath, name: &str) {
        if self.chart(at, None) {
            return;
        }
        for entry in self.files.list(at).unwrap_or_default().into_iter().take(MAX_ENTRIES) {
            let Some(path) = at.join(&entry.name) else { continue };
            match entry.kind {
                Some(Kind::File) => self.archive(path, name, false),
                Some(Kind::Directory) => drop(self.chart(&path, None)),
                None => {}
            }
        }
    }

    /// The chart in a folder or in its folder `chart`; whether there is one of that name.
    fn chart(&mut self, at: &TreePath, name: Option<&str>) -> bool {
        for path in [Some(at.clone()), at.join("chart")].into_iter().flatten() {
            let Some(head) = head(self.files.as_ref(), &path) else { continue };
            let text = |field: &str| plain(&head, field);
            if name.is_some_and(|name| text("name").is_some_and(|own| own != name)) {
                continue;
            }
            self.add(path, false, text("version").unwrap_or_default());
            return true;
        }
        false
    }

    /// An archive, whose name ends with its version. In a folder of several charts only archives that are called like
    /// this one count.
    fn archive(&mut self, path: TreePath, name: &str, strict: bool) {
        let Some(stem) = stem(path.file_name()) else { return };
        let version = stem.strip_prefix(name).and_then(|rest| rest.strip_prefix('-'));
        let version =
            version.map(|version| version.replace('_', "+")).filter(|version| Version::parse(version).is_ok());
        match version {
            Some(version) => self.add(path, true, version),
            None if strict => {}
            None => {
                // The version is what follows the first hyphen with a digit behind it.
                let at = stem.match_indices('-').find(|(at, _)| {
                    stem.get(at + 1..).is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
                });
                let version = at.and_then(|(at, _)| stem.get(at + 1..)).unwrap_or_default().replace('_', "+");
                self.add(path, true, version);
            }
        }
    }

    /// The archives that the index of a repository names.
    fn index(&mut self, at: &TreePath, name: &str) {
        let Some(index) = at.join("index.yaml").and_then(|path| document(self.files.as_ref(), &path)) else { return };
        for entry in items(&index, &["entries", name]) {
            let Some(version) = plain(entry, "version") else { continue };
            let urls = items(entry, &["urls"]).filter_map(Node::as_str);
            let named = urls.flat_map(|url| {
                let relative = (!url.contains("://")).then(|| at.join(url)).flatten();
                let file = url.rsplit('/').next().and_then(|file| at.join(file));
                relative.into_iter().chain(file)
            });
            let usual = at.join(&format!("{name}-{version}.tgz"));
            let is_there = |path: &TreePath| matches!(self.files.resolve(path), Ok((_, Kind::File)));
            match named.chain(usual).find(is_there) {
                Some(path) => self.add(path, true, version),
                None => self.only_listed.push(version),
            }
        }
    }
}

/// The name of an archive without its ending.
fn stem(name: &str) -> Option<&str> {
    name.strip_suffix(".tgz").or_else(|| name.strip_suffix(".tar.gz"))
}

/// The text of a field; `version: 1` means the text that it looks like.
fn plain(node: &Node, field: &str) -> Option<String> {
    let node = node.get(field)?;
    Some(node.as_str().map_or_else(|| yaml::to_json(node), str::to_owned))
}

/// What the `Chart.yaml` in a folder says.
fn head(files: &dyn Files, at: &TreePath) -> Option<Node> {
    document(files, &at.join("Chart.yaml")?)
}

fn document(files: &dyn Files, path: &TreePath) -> Option<Node> {
    let file = files.read(path).ok()?;
    let options = ReadOptions {
        dialect: Dialect::Kubernetes,
        limits: Limits { bytes: 64 << 20, ..Limits::default() },
        duplicate_keys: DuplicateKeys::LastWins,
    };
    yaml::read_first(FileId::new(0), &file.bytes, &options).ok().filter(|node| node.as_map().is_some())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use source::Tree;

    use super::*;

    fn tree(paths: &[(&str, &str)]) -> Tree {
        let mut tree = Tree::new("");
        for (path, text) in paths {
            tree.insert_text(TreePath::new(path).unwrap(), text);
        }
        tree
    }

    fn shown(shelf: &Shelf<'_>) -> Vec<String> {
        let shown = |one: &Candidate<'_>| format!("{} {}", one.path.relative(), one.version);
        shelf.candidates.iter().map(shown).collect()
    }

    #[test]
    fn a_repository_in_every_shape() {
        let chart = |version: &str| format!("name: web\nversion: {version}\n");
        let (a, b, c, d) = (chart("1.0.0"), chart("2.0.0"), chart("3.0.0"), chart("4.0.0"));
        let files = tree(&[
            ("r/web/Chart.yaml", &a),
            ("r/web-2.0.0/chart/Chart.yaml", &b),
            ("r/web-operator/Chart.yaml", "name: web-operator\nversion: 9.0.0\n"),
            ("r/web-operator-9.1.0.tgz", ""),
            ("r/web-5.0.0+b.tgz", ""),
            ("r/web-5.1.0_c.tgz", ""),
            ("several/web/3.0.0/Chart.yaml", &c),
            ("several/web/4.0.0/chart/Chart.yaml", &d),
            ("several/web/web-5.0.0.tgz", ""),
        ]);
        let at = |path: &str| of_repository(Arc::new(files.clone()), &TreePath::new(path).unwrap(), "web");
        assert_eq!(
            shown(&at("r")),
            ["r/web 1.0.0", "r/web-2.0.0/chart 2.0.0", "r/web-5.0.0+b.tgz 5.0.0+b", "r/web-5.1.0_c.tgz 5.1.0+c"]
        );
        assert_eq!(
            shown(&at("several")),
            ["several/web/3.0.0 3.0.0", "several/web/4.0.0/chart 4.0.0", "several/web/web-5.0.0.tgz 5.0.0"]
        );
        assert_eq!(shown(&at("nothing")), [] as [&str; 0]);
    }

    #[test]
    fn an_index_names_archives() {
        let index = "entries:\n  web:\n  - {version: 1.0.0, urls: [https://example.com/files/first.tgz]}\n  \
                     - {version: 2.0.0, urls: [sub/second.tgz]}\n  - {version: 3.0.0}\n";
        let files = tree(&[("index.yaml", index), ("first.tgz", ""), ("sub/second.tgz", "")]);
        let shelf = of_repository(Arc::new(files.clone()), &TreePath::root(), "web");
        assert_eq!(shown(&shelf), ["first.tgz 1.0.0", "sub/second.tgz 2.0.0"]);
        assert_eq!(shelf.only_listed, ["3.0.0"]);
    }

    #[test]
    fn one_chart_may_be_called_otherwise() {
        let files =
            tree(&[("any/Chart.yaml", "name: web\nversion: 1.0.0\n"), ("vendored-7.0.1.tgz", ""), ("web.tgz", "")]);
        let at = |path: &str| shown(&of_one_chart(Arc::new(files.clone()), &TreePath::new(path).unwrap(), "web"));
        assert_eq!(at("any"), ["any 1.0.0"]);
        assert_eq!(at("vendored-7.0.1.tgz"), ["vendored-7.0.1.tgz 7.0.1"]);
        assert_eq!(at("web.tgz"), ["web.tgz "]);
    }
}
