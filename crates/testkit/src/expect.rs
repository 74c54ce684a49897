//! Expectations: what a case should have printed, a readable difference, and rewriting on request.

use std::path::Path;

use similar::TextDiff;

/// Lines around a difference.
const CONTEXT: usize = 3;

/// Lines of a difference that are shown; the rest only drowns the reader.
const SHOWN: usize = 120;

/// What it takes to get from `expected` to `actual`, as a unified diff; empty when they are equal.
pub fn diff(expected: &str, actual: &str) -> String {
    if expected == actual {
        return String::new();
    }
    let all = TextDiff::from_lines(expected, actual)
        .unified_diff()
        .context_radius(CONTEXT)
        .header("expected", "actual")
        .to_string();
    let lines = all.lines().count();
    if lines <= SHOWN {
        return all;
    }
    let shown: Vec<&str> = all.lines().take(SHOWN).collect();
    format!("{}\n… {} more lines\n", shown.join("\n"), lines - SHOWN)
}

/// Compares two texts; the failure is a diff.
pub fn expect_text(expected: &str, actual: &str) -> Result<(), String> {
    let difference = diff(expected, actual);
    if difference.is_empty() { Ok(()) } else { Err(difference) }
}

/// Compares `actual` with the content of the file at `path`, a missing file counting as empty. With `UPDATE_EXPECT=1` in
/// the environment the file is written instead; never do that to an output which the real tool printed.
pub fn expect_file(path: &Path, actual: &str) -> Result<(), String> {
    let expected = std::fs::read_to_string(path).unwrap_or_default();
    if expected == actual {
        return Ok(());
    }
    if std::env::var_os("UPDATE_EXPECT").is_some_and(|value| value == "1") {
        return std::fs::write(path, actual).map_err(|error| format!("{}: {error}", path.display()));
    }
    Err(format!("{} (UPDATE_EXPECT=1 rewrites it):\n{}", path.display(), diff(&expected, actual)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_is_shown_with_its_surroundings() {
        let difference = expect_text("a\nb\nc\n", "a\nx\nc\n").unwrap_err();
        assert!(difference.contains("-b\n+x\n"), "{difference}");
        assert_eq!(expect_text("same", "same"), Ok(()));
    }

    #[test]
    fn long_differences_are_cut() {
        let long: String = (0..1000).map(|n| format!("{n}\n")).collect();
        let difference = diff("", &long);
        assert!(difference.lines().count() <= SHOWN + 1 && difference.contains("more lines"), "{difference}");
    }
}
