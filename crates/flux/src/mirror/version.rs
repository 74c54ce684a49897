//! Which version of a chart Flux would take (source-controller v1.9.4, `internal/helm/repository` and
//! `ocirepository_controller.go`).

use gotmpl::semver::{Constraints, Version};

use super::Candidate;

/// What a source asks for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Wanted {
    /// `version` of a chart and `ref.semver`: a version as it is written, else a range, of which the latest counts.
    Range(String),
    /// `ref.tag`: exactly this one.
    Tag(String),
    /// Nothing that can be compared with a version: `latest`, a digest.
    Anything,
}

/// Why there is no such version.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Unmatched {
    /// The range cannot be read.
    Malformed(String),
    /// No version satisfies it.
    NoneOf(Vec<String>),
}

impl Wanted {
    /// The version or range; `*` when there is none.
    pub(crate) fn range(text: Option<&str>) -> Self {
        Wanted::Range(text.filter(|text| !text.is_empty()).unwrap_or("*").to_owned())
    }

    /// The tag of a registry, if it is the tag of a version: there, `+` is written `_`.
    pub(crate) fn tag(text: &str) -> Self {
        let version = text.replace('_', "+");
        if Version::parse(&version).is_ok() { Wanted::Tag(version) } else { Wanted::Anything }
    }

    /// How the user wrote it.
    pub(crate) fn as_str(&self) -> &str {
        match self {
            Wanted::Range(text) | Wanted::Tag(text) => text,
            Wanted::Anything => "*",
        }
    }

    /// The one of the candidates that Flux would take.
    pub(crate) fn choose<'c, 'a>(&self, candidates: &'c [Candidate<'a>]) -> Result<&'c Candidate<'a>, Unmatched> {
        let none = || {
            let mut there: Vec<&Candidate<'_>> = candidates.iter().collect();
            there.sort_by(|a, b| parsed(b).cmp(&parsed(a)).then_with(|| a.version.cmp(&b.version)));
            let mut versions: Vec<String> = there.into_iter().map(|one| one.version.clone()).collect();
            versions.dedup();
            Unmatched::NoneOf(versions)
        };
        match self {
            Wanted::Range(text) => {
                let constraint = if text.is_empty() { "*" } else { text };
                if let Some(exact) = candidates.iter().find(|one| one.version == *text) {
                    return Ok(exact);
                }
                let constraint =
                    Constraints::parse(constraint).map_err(|error| Unmatched::Malformed(error.to_string()))?;
                // A chart that does not say its version satisfies no range, unless it is all there is.
                let satisfies = |one: &&Candidate<'_>| match parsed(one) {
                    Some(version) => constraint.check(&version),
                    None => one.version.is_empty() && candidates.len() == 1,
                };
                latest(candidates.iter().filter(satisfies)).ok_or_else(none)
            }
            Wanted::Tag(tag) => {
                let wanted = Version::parse(tag).ok();
                let same = |one: &&Candidate<'_>| one.version == *tag || wanted.is_some() && parsed(one) == wanted;
                candidates
                    .iter()
                    .find(|one| one.version == *tag)
                    .or_else(|| candidates.iter().find(same))
                    .ok_or_else(none)
            }
            Wanted::Anything => latest(candidates.iter()).ok_or_else(none),
        }
    }
}

fn parsed(candidate: &Candidate<'_>) -> Option<Version> {
    Version::parse(&candidate.version).ok()
}

fn latest<'c, 'a: 'c>(candidates: impl Iterator<Item = &'c Candidate<'a>>) -> Option<&'c Candidate<'a>> {
    candidates.max_by(|a, b| parsed(a).cmp(&parsed(b)).then_with(|| a.version.cmp(&b.version)))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use source::{Tree, TreePath};

    use super::*;

    fn choose(wanted: &Wanted, versions: &[&str]) -> Result<String, Unmatched> {
        let files = Tree::default();
        let candidate = |version: &&str| Candidate {
            files: Arc::new(files.clone()),
            path: TreePath::root(),
            is_archive: false,
            version: (*version).to_owned(),
        };
        let candidates: Vec<_> = versions.iter().map(candidate).collect();
        wanted.choose(&candidates).map(|one| one.version.clone())
    }

    #[test]
    fn ranges_take_the_latest() {
        let versions = ["1.9.0", "1.10.0", "2.0.0-rc.1", "2.1.0", "0.1.0+build"];
        let range = |text: &str| choose(&Wanted::range(Some(text)), &versions);
        assert_eq!(choose(&Wanted::range(None), &versions).unwrap(), "2.1.0");
        assert_eq!(range("1.x").unwrap(), "1.10.0");
        assert_eq!(range(">=2.0.0-0 <2.1.0").unwrap(), "2.0.0-rc.1");
        assert_eq!(range("2.0.0-rc.1").unwrap(), "2.0.0-rc.1");
        assert_eq!(range("0.1.0").unwrap(), "0.1.0+build");
        let Unmatched::NoneOf(there) = range("3.x").unwrap_err() else { panic!("not read") };
        assert_eq!(there, ["2.1.0", "2.0.0-rc.1", "1.10.0", "1.9.0", "0.1.0+build"]);
        assert!(matches!(range("not a range"), Err(Unmatched::Malformed(_))));
    }

    #[test]
    fn tags_are_one_version() {
        let tag = |text: &str, versions: &[&str]| choose(&Wanted::tag(text), versions);
        assert_eq!(tag("1.2.3_b", &["1.2.3+a", "1.2.3+b"]).unwrap(), "1.2.3+b");
        assert_eq!(tag("v1.2.3", &["1.2.3"]).unwrap(), "1.2.3");
        assert!(tag("1.2.4", &["1.2.3"]).is_err());
        assert_eq!(tag("latest", &["1.2.3", "1.3.0"]).unwrap(), "1.3.0");
    }
}
