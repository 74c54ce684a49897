//! Local stand-ins for what charts are fetched from: a folder or an archive in the place of a URL.
//!
//! Nothing here fetches. A mirror holds charts as people vendor them: packed or open, one version or several, with the
//! index of a repository or without.

mod shelf;
mod version;

use std::fmt;
use std::sync::Arc;

use source::{Files, Kind, TreePath};

use crate::sources::{Shared, Subtree};
pub(crate) use shelf::{Candidate, Shelf, of_one_chart, of_repository};
pub(crate) use version::{Unmatched, Wanted};

/// A folder or an archive that stands for what is at a URL and below it.
#[derive(Clone)]
pub struct Mirror<'a> {
    /// The address: of a Helm repository, of a registry, or of one chart.
    pub url: String,
    /// The tree that holds it.
    pub files: &'a dyn Files,
    /// The folder or archive in the tree.
    pub path: TreePath,
    /// How the user wrote it.
    pub display: String,
}

impl fmt::Debug for Mirror<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}={}", self.url, self.display)
    }
}

/// Where a chart could be: the nearest mirror of its address.
pub(crate) struct Found<'m, 'a> {
    pub(crate) mirror: &'m Mirror<'a>,
    /// The charts of that name that it holds.
    pub(crate) shelf: Shelf<'a>,
}

/// The charts called `name` in the repository at `url`, in the mirror with the longest address that covers it; nothing
/// without such a mirror.
pub(crate) fn find<'m, 'a>(mirrors: &'m [Mirror<'a>], url: &str, name: &str) -> Option<Found<'m, 'a>> {
    let wanted = Address::of(&format!("{}/{name}", url.trim_end_matches('/')));
    let covering = mirrors.iter().filter_map(|mirror| Some((mirror, wanted.below(&Address::of(&mirror.url))?)));
    // The first of several with the same address.
    let (mirror, below) = covering.min_by_key(|(_, below)| below.len())?;
    let shelf = match below.split_last() {
        None => of_one_chart(whole(mirror), &mirror.path, name),
        Some((name, repository)) => of_repository(whole(mirror), &inside(mirror, repository), name),
    };
    Some(Found { mirror, shelf })
}

/// As [`find`] for an address that is the chart's own, as in a registry.
pub(crate) fn find_chart<'m, 'a>(mirrors: &'m [Mirror<'a>], url: &str) -> Option<Found<'m, 'a>> {
    let url = url.trim_end_matches('/');
    let (repository, name) = url.rsplit_once('/')?;
    find(mirrors, repository, name)
}

/// The folder that stands for the files at `url`, in the mirror with the longest address that covers it.
pub(crate) fn folder<'m, 'a>(mirrors: &'m [Mirror<'a>], url: &str) -> Option<(&'m Mirror<'a>, Shared<'a>)> {
    let wanted = Address::of(url);
    let covering = mirrors.iter().filter_map(|mirror| Some((mirror, wanted.below(&Address::of(&mirror.url))?)));
    let (mirror, below) = covering.min_by_key(|(_, below)| below.len())?;
    let path = mirror.path.join(&below.join("/"))?;
    let is_there = matches!(mirror.files.resolve(&path), Ok((_, Kind::Directory)));
    is_there.then(|| (mirror, Arc::new(Subtree::new(mirror.files, &path)) as Shared<'a>))
}

fn whole<'a>(mirror: &Mirror<'a>) -> Shared<'a> {
    Arc::new(Subtree::new(mirror.files, &TreePath::root()))
}

/// The folder for a repository below the address of a mirror: the one of that path, or, for mirrors that keep the charts
/// of all repositories in one folder, the mirror's own.
fn inside(mirror: &Mirror<'_>, repository: &[String]) -> TreePath {
    let below = mirror.path.join(&repository.join("/"));
    let is_there = |path: &TreePath| matches!(mirror.files.resolve(path), Ok((_, Kind::Directory)));
    below.filter(is_there).unwrap_or_else(|| mirror.path.clone())
}

/// An address in its parts, so that spelling does not matter: case of the host, trailing slashes, `.git`, `https` or `http`.
#[derive(PartialEq, Eq, Debug)]
struct Address {
    /// Empty when the address has none; it then covers all.
    scheme: String,
    parts: Vec<String>,
}

impl Address {
    fn of(url: &str) -> Self {
        let (scheme, rest) = url.trim().split_once("://").unwrap_or(("", url.trim()));
        let scheme = scheme.to_ascii_lowercase();
        let rest = rest.trim_matches('/');
        let mut parts = rest.strip_suffix(".git").unwrap_or(rest).split('/').filter(|part| !part.is_empty());
        let host = parts.next().map(|authority| {
            let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
            host.to_ascii_lowercase()
        });
        let scheme = if scheme == "http" { "https".to_owned() } else { scheme };
        Self { scheme, parts: host.into_iter().chain(parts.map(str::to_owned)).collect() }
    }

    /// What is left of the address behind another one that covers it.
    fn below(&self, other: &Self) -> Option<Vec<String>> {
        let covers = other.scheme.is_empty() || other.scheme == self.scheme;
        self.parts.strip_prefix(other.parts.as_slice()).filter(|_| covers).map(<[String]>::to_vec)
    }
}

#[cfg(test)]
mod tests {
    use source::Tree;

    use super::*;

    #[test]
    fn addresses_cover_what_is_below() {
        let below = |url: &str, mirror: &str| Address::of(url).below(&Address::of(mirror)).map(|parts| parts.join("/"));
        assert_eq!(below("https://Charts.example.com/stable/x", "http://charts.example.com/").unwrap(), "stable/x");
        assert_eq!(below("oci://ghcr.io/org/charts/x", "oci://ghcr.io/org/charts/x/").unwrap(), "");
        assert_eq!(below("oci://ghcr.io/org/x", "ghcr.io/org").unwrap(), "x");
        assert_eq!(below("https://git.example.com/a/b", "https://user:secret@git.example.com/a/b.git").unwrap(), "");
        assert_eq!(below("oci://ghcr.io/org/x", "https://ghcr.io/org"), None);
        assert_eq!(below("oci://ghcr.io/organisation/x", "oci://ghcr.io/org"), None);
    }

    #[test]
    fn the_longest_address_wins() {
        let mut files = Tree::new("");
        for at in ["all/x", "all/org/charts/x", "one"] {
            let path = TreePath::new(&format!("{at}/Chart.yaml")).unwrap();
            files.insert_text(path, "name: x\nversion: 1.0.0\n");
        }
        let mirror = |url: &str, path: &str| Mirror {
            url: url.to_owned(),
            files: &files,
            path: TreePath::new(path).unwrap(),
            display: path.to_owned(),
        };
        let mirrors = [mirror("oci://ghcr.io", "all"), mirror("oci://ghcr.io/org/other/x", "one")];
        let at = |url: &str| {
            let found = find_chart(&mirrors, url)?;
            Some(found.shelf.candidates.iter().map(|one| one.path.to_string()).collect::<Vec<_>>().join(" "))
        };
        assert_eq!(at("oci://ghcr.io/org/other/x").unwrap(), "/one");
        assert_eq!(at("oci://ghcr.io/org/charts/x").unwrap(), "/all/org/charts/x");
        assert_eq!(at("oci://ghcr.io/elsewhere/x").unwrap(), "/all/x");
        assert_eq!(at("oci://quay.io/x"), None);
    }
}
