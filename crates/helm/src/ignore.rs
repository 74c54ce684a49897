//! `.helmignore`: which files of a chart that lies open are no part of it.
//!
//! Upstream: `pkg/ignore/rules.go` of helm 4.2.3. It looks like `.gitignore` and is not: the first match decides, and a
//! rule that begins with `!` ignores all that it does not match.

use crate::path_match::path_match;

/// Longest line that Go's scanner reads.
const MAX_LINE: usize = 64 << 10;

/// The rules of one chart.
#[derive(Debug, Default)]
pub(crate) struct Rules(Vec<Rule>);

#[derive(Debug)]
struct Rule {
    pattern: String,
    negated: bool,
    only_directories: bool,
    /// Whether the pattern is matched against the last part of the path only.
    base: bool,
    kind: Kind,
}

/// What means more than itself in a pattern.
const SPECIAL: [char; 4] = ['*', '?', '[', '\\'];

/// What most patterns are, which need no matcher.
#[derive(Debug)]
enum Kind {
    /// A name.
    Literal,
    /// `*` and the end of a name.
    Suffix,
    Other,
}

impl Rule {
    fn matches(&self, name: &str) -> bool {
        match self.kind {
            Kind::Literal => self.pattern == name,
            Kind::Suffix => self.pattern.strip_prefix('*').is_some_and(|end| name.ends_with(end)),
            Kind::Other => {
                let fixed = self.pattern.split(SPECIAL).next().unwrap_or_default();
                name.starts_with(fixed) && path_match(&self.pattern, name).unwrap_or(false)
            }
        }
    }
}

impl Rules {
    /// Reads a `.helmignore`, and adds the rule that Helm adds to all: hidden files in `templates/`.
    ///
    /// # Errors
    /// Helm's text for a rule that it does not know.
    pub(crate) fn parse(text: &[u8]) -> Result<Self, String> {
        let mut rules = Self::default();
        let text = text.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(text);
        for line in text.split(|byte| *byte == b'\n') {
            if line.len() >= MAX_LINE {
                return Err("bufio.Scanner: token too long".to_owned());
            }
            rules.add(&String::from_utf8_lossy(line))?;
        }
        rules.add("templates/.?*")?;
        Ok(rules)
    }

    fn add(&mut self, line: &str) -> Result<(), String> {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            return Ok(());
        }
        if line.contains("**") {
            return Err("double-star (**) syntax is not supported".to_owned());
        }
        if path_match(line, "abc").is_err() {
            return Err("syntax error in pattern".to_owned());
        }
        let (rule, negated) = line.strip_prefix('!').map_or((line, false), |rule| (rule, true));
        let (rule, only_directories) = rule.strip_suffix('/').map_or((rule, false), |rule| (rule, true));
        let (pattern, base) = match rule.strip_prefix('/') {
            Some(rooted) => (rooted, false),
            None => (rule, !rule.contains('/')),
        };
        let special = |text: &str| text.contains(SPECIAL);
        let kind = match pattern.strip_prefix('*') {
            // The last part of a path has no slash that a `*` would stop at.
            Some(end) if base && !special(end) => Kind::Suffix,
            None if !special(pattern) => Kind::Literal,
            _ => Kind::Other,
        };
        self.0.push(Rule { pattern: pattern.to_owned(), negated, only_directories, base, kind });
        Ok(())
    }

    /// Whether the file or directory at `path`, counted from the chart, is no part of it.
    pub(crate) fn ignores(&self, path: &str, directory: bool) -> bool {
        self.0.iter().any(|rule| {
            if rule.only_directories && !directory {
                return rule.negated;
            }
            let name = if rule.base { path.rsplit('/').next().unwrap_or(path) } else { path };
            rule.matches(name) != rule.negated
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_of_helm() {
        let rules = Rules::parse(b"\xEF\xBB\xBF# comment\r\n*.txt\n/root.yaml\na/*.md\nbuild/\n").unwrap();
        for (path, directory, expected) in [
            ("x/y.txt", false, true),
            ("root.yaml", false, true),
            ("x/root.yaml", false, false),
            ("a/b.md", false, true),
            ("x/a/b.md", false, false),
            ("x/build", true, true),
            ("x/build", false, false),
            ("templates/.hidden", false, true),
            ("templates/x/.hidden", false, false),
        ] {
            assert_eq!(rules.ignores(path, directory), expected, "{path}");
        }
    }

    #[test]
    fn a_negated_rule_ignores_all_else() {
        let rules = Rules::parse(b"!keep\n").unwrap();
        assert!(rules.ignores("Chart.yaml", false) && !rules.ignores("keep", false));
        assert!(Rules::parse(b"!keep/\n").unwrap().ignores("keep", false));
    }

    #[test]
    fn rules_that_are_refused() {
        assert_eq!(Rules::parse(b"a/**/b").unwrap_err(), "double-star (**) syntax is not supported");
        assert_eq!(Rules::parse(b"[a").unwrap_err(), "syntax error in pattern");
    }
}
