//! The two glob languages of an ArtifactGenerator: Go's `path.Match` for what is copied, and the `doublestar` library
//! (`github.com/bmatcuk/doublestar/v4`) for what is left out.

use crate::glob::{self, Fuel};

/// Alternatives that one pattern may expand to; a pattern with more is taken literally.
const MAX_ALTERNATIVES: usize = 256;

/// Whether the pattern selects by more than its exact name, by the characters that source-watcher looks for.
pub(super) fn is_pattern(path: &str) -> bool {
    path.contains(['*', '?', '[', ']'])
}

/// Steps that matching one part may take; a pattern that needs more matches nothing.
const MAX_STEPS: u64 = 100_000;

/// One part of a path against one part of a pattern, as Go's `path.Match` does it. A pattern that is not well formed
/// matches nothing.
pub(super) fn part_matches(pattern: &str, name: &str) -> bool {
    glob::matches(pattern.as_bytes(), name.as_bytes(), &mut Fuel(MAX_STEPS)) == Ok(true)
}

/// A whole path against a pattern of the `doublestar` library: `**` as a whole part stands for any number of parts,
/// `{a,b}` for alternatives.
pub(super) fn path_matches(pattern: &str, path: &str) -> bool {
    let parts: Vec<&str> = path.split('/').collect();
    alternatives(pattern).iter().any(|pattern| parts_match(&pattern.split('/').collect::<Vec<_>>(), &parts))
}

/// Row by row over the parts of the pattern, so that many `**` stay cheap.
fn parts_match(pattern: &[&str], parts: &[&str]) -> bool {
    let mut reached = vec![false; parts.len() + 1];
    if let Some(start) = reached.first_mut() {
        *start = true;
    }
    for wanted in pattern {
        let mut next = vec![false; parts.len() + 1];
        if *wanted == "**" {
            let mut any = false;
            for (next, reached) in next.iter_mut().zip(&reached) {
                any |= *reached;
                *next = any;
            }
        } else {
            for ((next, reached), part) in next.iter_mut().skip(1).zip(&reached).zip(parts) {
                *next = *reached && part_matches(wanted, part);
            }
        }
        reached = next;
    }
    reached.last().copied().unwrap_or_default()
}

/// The pattern with its `{a,b}` written out, innermost last.
fn alternatives(pattern: &str) -> Vec<String> {
    let mut done = Vec::new();
    let mut open = vec![pattern.to_owned()];
    while let Some(next) = open.pop() {
        if done.len() + open.len() > MAX_ALTERNATIVES {
            return vec![pattern.to_owned()];
        }
        match first_group(&next) {
            Some((before, choices, after)) => {
                open.extend(choices.iter().rev().map(|choice| format!("{before}{choice}{after}")));
            }
            None => done.push(next),
        }
    }
    done
}

fn first_group(pattern: &str) -> Option<(&str, Vec<&str>, &str)> {
    let mut depth = 0usize;
    let mut start = 0;
    let mut cuts = Vec::new();
    let mut escaped = false;
    for (at, character) in pattern.char_indices() {
        if std::mem::take(&mut escaped) {
            continue;
        }
        match character {
            '\\' => escaped = true,
            '{' => {
                depth += 1;
                if depth == 1 {
                    start = at;
                }
            }
            ',' if depth == 1 => cuts.push(at),
            '}' if depth == 1 => {
                let mut choices = Vec::new();
                let mut from = start + 1;
                for cut in cuts.into_iter().chain([at]) {
                    choices.push(pattern.get(from..cut)?);
                    from = cut + 1;
                }
                return Some((pattern.get(..start)?, choices, pattern.get(at + 1..)?));
            }
            '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_part() {
        for (pattern, name, matches) in [
            ("*", "abc", true),
            ("**", "abc", true),
            ("*c", "abc", true),
            ("a*b*c", "aXbYbc", true),
            ("a?c", "abc", true),
            ("[a-c]x", "bx", true),
            ("[^a-c]x", "bx", false),
            ("\\*", "*", true),
            ("[", "[", false),
            ("*.yaml", ".yaml", true),
            ("", "", true),
            ("a", "", false),
        ] {
            assert_eq!(part_matches(pattern, name), matches, "{pattern} against {name}");
        }
    }

    #[test]
    fn whole_paths() {
        for (pattern, path, matches) in [
            ("**/testdata/**", "a/testdata/b/c", true),
            ("**/testdata/**", "testdata/b", true),
            ("a/**", "a", true),
            ("a/**", "ab", false),
            ("**/*.md", "README.md", true),
            ("*.md", "docs/README.md", false),
            ("{a,b}/*.y{a,}ml", "b/x.yml", true),
            ("{a,b/{c,d}}", "b/d", true),
        ] {
            assert_eq!(path_matches(pattern, path), matches, "{pattern} against {path}");
        }
    }

    #[test]
    fn many_stars_end() {
        let pattern = "**/".repeat(2_000) + "x";
        assert!(!path_matches(&pattern, &"a/".repeat(200)));
        assert!(!part_matches(&("*a".repeat(500) + "b"), &"a".repeat(2_000)));
    }
}
