//! `spec.pathPattern` of an ArtifactGenerator: one set of artifacts for every directory that matches
//! (source-watcher v2.2.1, `artifactgenerator_pathpattern.go`).

use std::collections::BTreeMap;

use regex::Regex;
use source::{Files, Kind, TreePath};

/// Directories that are looked at.
const MAX_DIRECTORIES: usize = 100_000;
/// Nesting of directories; a pattern names each level, so no directory further down can match.
const MAX_DEPTH: usize = 64;

/// What the captures of one directory took, by name.
pub(super) type Captures = BTreeMap<String, String>;

/// The captures of every directory that matches `pattern`, in the order of a walk.
pub(super) fn directories(files: &dyn Files, pattern: &str) -> Result<Vec<Captures>, String> {
    let mut names = Vec::new();
    let parts = pattern.split('/').map(|part| matcher(part, &mut names)).collect::<Result<Vec<Regex>, String>>()?;
    if parts.len() > MAX_DEPTH {
        return Err("the pattern has too many parts".to_owned());
    }
    let mut level = vec![(TreePath::root(), Captures::new())];
    let mut left = MAX_DIRECTORIES;
    for part in &parts {
        let mut next = Vec::new();
        for (directory, captures) in &level {
            let Ok(entries) = files.list(directory) else { continue };
            for entry in entries.iter().filter(|entry| entry.kind == Some(Kind::Directory)) {
                left = left.checked_sub(1).ok_or("the source has too many directories")?;
                if let (Some(found), Some(path)) = (part.captures(&entry.name), directory.join(&entry.name)) {
                    let mut captures = captures.clone();
                    let named = part.capture_names().flatten();
                    captures.extend(named.filter_map(|n| Some((n.to_owned(), found.name(n)?.as_str().to_owned()))));
                    next.push((path, captures));
                }
            }
        }
        level = next;
    }
    Ok(level.into_iter().map(|(_, captures)| captures).collect())
}

/// One part of the pattern as the expression that the real tool makes of it.
fn matcher(part: &str, seen: &mut Vec<String>) -> Result<Regex, String> {
    let mut expression = "^".to_owned();
    let mut rest = part;
    while let Some(at) = rest.find(['{', '}']) {
        let (text, after) = rest.split_at(at);
        let Some(after) = after.strip_prefix('{') else { return Err("a `}` has no `{` before it".to_owned()) };
        let Some((name, after)) = after.split_once('}') else { return Err("a `{` has no `}` after it".to_owned()) };
        check_name(name)?;
        if seen.iter().any(|other| other == name) {
            return Err(format!("the capture `{name}` is there twice"));
        }
        seen.push(name.to_owned());
        expression += &format!("{}(?P<{name}>[^/]+)", regex::escape(text));
        rest = after;
    }
    expression += &regex::escape(rest);
    Regex::new(&format!("{expression}$")).map_err(|_| format!("`{part}` is too large a pattern"))
}

fn check_name(name: &str) -> Result<(), String> {
    let mut characters = name.chars();
    let first = characters.next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_');
    if first && characters.all(|c| c.is_ascii_alphanumeric() || c == '_') {
        Ok(())
    } else {
        Err(format!("`{name}` is not a name for a capture"))
    }
}

/// Puts captures into a template: `{app}-{env}`.
pub(super) fn fill(template: &str, captures: &Captures) -> Result<String, String> {
    let mut filled = String::new();
    let mut rest = template;
    while let Some(at) = rest.find(['{', '}']) {
        let (text, after) = rest.split_at(at);
        filled.push_str(text);
        let Some(after) = after.strip_prefix('{') else {
            return Err(format!("in `{template}` a `}}` has no `{{` before it"));
        };
        let Some((name, after)) = after.split_once('}') else {
            return Err(format!("in `{template}` a `{{` has no `}}` after it"));
        };
        let Some(value) = captures.get(name) else {
            return Err(format!("`{template}` uses the capture `{name}`, which `pathPattern` does not have"));
        };
        filled.push_str(value);
        rest = after;
    }
    filled.push_str(rest);
    Ok(filled)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn captures_directories() {
        let mut tree = source::Tree::new("");
        for path in ["apps/Auth/envs/prod/x", "apps/Auth/envs/dev/x", "apps/web/base/x", "apps/web/envs/prod/x"] {
            tree.insert_text(TreePath::new(path).unwrap(), "");
        }
        let found = directories(&tree, "apps/{app}/envs/{env}").unwrap();
        let names: Vec<String> = found.iter().map(|c| fill("{app}-{env}", c).unwrap()).collect();
        assert_eq!(names, ["Auth-dev", "Auth-prod", "web-prod"]);
        assert!(directories(&tree, "apps/{app").is_err());
        assert!(directories(&tree, "{a}/{a}").is_err());
        assert!(fill("{nope}", &BTreeMap::new()).is_err());
    }
}
