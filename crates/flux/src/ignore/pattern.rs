//! One line of an ignore file: gitignore as fluxcd/pkg `sourceignore/gitignore` reads it, with its differences from git.
//!
//! A pattern that matches a directory matches everything below it, and a later `!pattern` takes any of it back, also
//! from below an excluded directory, which git would not do.

use crate::glob::{Fuel, matches};

/// Steps that matching one name may take.
const FUEL: u64 = 100_000;

/// Parsed line.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Pattern {
    /// The directory of the ignore file, from the root of the source; nothing outside of it matches.
    domain: Vec<String>,
    parts: Vec<String>,
    pub(super) inclusion: bool,
    directory_only: bool,
    /// Whether the line has a slash before its end, which ties it to its domain.
    anchored: bool,
}

impl Pattern {
    pub(super) fn parse(line: &str, domain: &[String]) -> Self {
        let (inclusion, line) = line.strip_prefix('!').map_or((false, line), |rest| (true, rest));
        let line = if line.ends_with("\\ ") { line } else { line.trim_end_matches(' ') };
        let (directory_only, line) = line.strip_suffix('/').map_or((false, line), |rest| (true, rest));
        Self {
            domain: domain.to_vec(),
            parts: line.split('/').map(str::to_owned).collect(),
            inclusion,
            directory_only,
            anchored: line.contains('/'),
        }
    }

    pub(super) fn matches(&self, path: &[&str], directory: bool) -> bool {
        let Some((above, path)) = path.split_at_checked(self.domain.len()).filter(|(_, below)| !below.is_empty())
        else {
            return false;
        };
        above.iter().zip(&self.domain).all(|(a, b)| a == b)
            && if self.anchored { self.matches_anchored(path, directory) } else { self.matches_any(path, directory) }
    }

    /// Any part of the path may have the name.
    fn matches_any(&self, path: &[&str], directory: bool) -> bool {
        let pattern = self.parts.first().map_or("", String::as_str);
        let Some(found) = path.iter().position(|name| name_matches(pattern, name)) else { return false };
        directory || !self.directory_only || found + 1 < path.len()
    }

    /// The start of the path must match part by part. After `**` the first part that fits is taken, without coming back
    /// to try another (pattern.go `globMatch`).
    fn matches_anchored(&self, mut path: &[&str], directory: bool) -> bool {
        let mut matched = false;
        let mut any_depth = false;
        let last = self.parts.len().saturating_sub(1);
        for (index, pattern) in self.parts.iter().enumerate() {
            match pattern.as_str() {
                "" => any_depth = false,
                "**" if index == last => break,
                "**" => any_depth = true,
                pattern if pattern.contains("**") => return false,
                pattern => {
                    if path.is_empty() {
                        return false;
                    }
                    let found = path.iter().position(|name| name_matches(pattern, name));
                    let taken = match found {
                        Some(at) if any_depth || at == 0 => at + 1,
                        _ if any_depth => path.len(),
                        _ => return false,
                    };
                    // INVARIANT: a miss at any depth uses the path up, and `matched` says that it was a miss.
                    matched = found.is_some();
                    any_depth = false;
                    path = path.get(taken..).unwrap_or_default();
                }
            }
        }
        matched && (directory || !self.directory_only || !path.is_empty())
    }
}

/// A malformed pattern matches nothing.
fn name_matches(pattern: &str, name: &str) -> bool {
    matches(pattern.as_bytes(), name.as_bytes(), &mut Fuel(FUEL)) == Ok(true)
}

/// The patterns of an ignore file or of `spec.ignore`, by rising priority.
pub(super) fn read(text: &str, domain: &[String]) -> Vec<Pattern> {
    text.lines()
        .filter(|line| !line.starts_with('#') && !line.trim().is_empty())
        .map(|line| Pattern::parse(line, domain))
        .collect()
}

/// What the last pattern that matches says.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Verdict {
    /// No pattern matches, or the last one that does takes it back in.
    Kept,
    /// Left out, and nothing below a directory can be taken back in.
    Excluded,
    /// Left out, but a later pattern may take something below it back in.
    ExcludedPerhapsNotBelow,
}

pub(super) fn verdict(patterns: &[Pattern], path: &[&str], directory: bool) -> Verdict {
    let Some(found) = patterns.iter().rposition(|pattern| pattern.matches(path, directory)) else {
        return Verdict::Kept;
    };
    let (before, later) = patterns.split_at(found + 1);
    match before.last() {
        Some(pattern) if pattern.inclusion => Verdict::Kept,
        _ if later.iter().any(|pattern| pattern.inclusion) => Verdict::ExcludedPerhapsNotBelow,
        _ => Verdict::Excluded,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(line: &str, domain: &str, path: &str, directory: bool) -> bool {
        let domain: Vec<String> = domain.split('/').filter(|p| !p.is_empty()).map(str::to_owned).collect();
        let path: Vec<&str> = path.split('/').collect();
        Pattern::parse(line, &domain).matches(&path, directory)
    }

    /// The behaviours of fluxcd/pkg `sourceignore/gitignore/pattern_test.go`.
    #[test]
    fn conformance_patterns() {
        let cases = [
            ("!vul?ano", "", "value/vulkano/tail", false, true),
            ("value", "head/middle/tail", "head/middle", false, false),
            ("value", "head/middle/tail", "head/middle/tail", false, false),
            ("value", "head/middle/tail", "head/middle/_tail_/value", false, false),
            ("middle/", "value/volcano", "value/volcano/middle/tail", false, true),
            ("volcano/", "value/volcano", "value/volcano/tail", true, false),
            ("value", "", "value/tail", false, true),
            ("value", "", "head/value/tail", false, true),
            ("value", "", "head/value", false, true),
            ("value/", "", "value/tail", false, true),
            ("value/", "", "head/value/tail", false, true),
            ("value/", "", "head/value", true, true),
            ("value/", "", "head/value", false, false),
            ("value", "", "head/val/tail", false, false),
            ("val", "", "head/value/tail", false, false),
            ("v*o", "", "value/vulkano/tail", false, true),
            ("vul?ano", "", "value/vulkano/tail", false, true),
            ("v[ou]l[kc]ano", "", "value/volcano", false, true),
            ("v[ou]l[", "", "value/vol[", false, false),
            ("/value/vul?ano", "", "value/vulkano/tail", false, true),
            ("middle/tail/", "value/volcano", "value/volcano/middle/tail", true, true),
            ("volcano/tail", "value/volcano", "value/volcano/tail", false, false),
            ("value/vul?ano", "", "value/vulkano/tail", false, true),
            ("value/vulkano", "", "value/volcano", false, false),
            ("value/vul?ano", "", "value", false, false),
            ("/value/volcano", "", "value/value/volcano", false, false),
            ("**/*lue/vol?ano", "", "value/volcano/tail", false, true),
            ("**/*lue/vol?ano", "", "head/value/volcano/tail", false, true),
            ("**/*lue/vol?ano", "", "head/value/Volcano/tail", false, false),
            ("**/*lue/vol?ano/", "", "head/value/volcano/tail", false, true),
            ("**/*lue/vol?ano/", "", "head/value/volcano", true, true),
            ("**/*lue/vol?ano/", "", "head/value/Colcano", true, false),
            ("**/*lue/vol?ano/", "", "head/value/volcano", false, false),
            ("/*lue/vol?ano/**", "", "value/volcano/tail/moretail", false, true),
            ("/*lue/vol?ano/**", "", "value/volcano", false, true),
            ("/*lue/**/vol?ano", "", "value/volcano", false, true),
            ("/*lue/**/vol?ano", "", "value/middle/volcano", false, true),
            ("/*lue/**/vol?ano", "", "value/middle1/middle2/volcano", false, true),
            ("/*lue/**/vol?ano/", "", "value/middle1/middle2/volcano", true, true),
            ("/*lue/**/vol?ano/", "", "value/middle1/middle2/volcano", false, false),
            ("/*lue/**/vol?ano/", "", "value/middle1/middle2/volcano/tail", false, true),
            ("/*lue/**foo/vol?ano", "", "value/foo/volcano/tail", false, false),
            ("**/head/v[ou]l[kc]ano", "", "value/head/volcano", false, true),
            ("**/head/v[ou]l[", "", "value/head/vol[", false, false),
            ("/value/**/v[ou]l[", "", "value/head/vol[", false, false),
            (
                "**/android/**/GeneratedPluginRegistrant.java",
                "",
                "packages/flutter_tools/lib/src/android/gradle.dart",
                false,
                false,
            ),
        ];
        let results = cases.iter().map(|(line, domain, path, directory, wanted)| {
            let result =
                if check(line, domain, path, *directory) == *wanted { Ok(()) } else { Err(format!("not {wanted}")) };
            (format!("{line} {path}"), result)
        });
        let score = testkit::Score::of("fluxcd-pkg-ignore", results);
        score.print();
        assert_eq!(score.passed, score.all());
    }
}
