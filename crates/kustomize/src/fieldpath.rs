//! Field paths of replacements and vars: `spec.containers.[name=web].env.0`.
//!
//! Parts are split at dots as `kyaml/utils/pathsplitter.go` of kustomize v5.8.1 does, and looked up as `kyaml/yaml/fns.go`
//! (`PathGetter`) does.

use std::borrow::Cow;

use yaml::{Node, Value};

use crate::fieldspec::split_path;

/// Splits a path at dots. A backslash takes its meaning from a dot; `[a.b]` is one key, and `[key=a.b]` one item.
pub(crate) fn split(path: &str) -> Vec<String> {
    let mut out = Vec::new();
    let mut parts = split_path(path, '.').into_iter();
    while let Some(part) = parts.next() {
        if !part.starts_with('[') || part.ends_with(']') {
            out.push(part);
            continue;
        }
        let mut bracketed = part;
        for part in parts.by_ref() {
            bracketed.push('.');
            bracketed.push_str(&part);
            if part.ends_with(']') {
                break;
            }
        }
        if bracketed.contains('=') {
            out.push(bracketed);
        } else {
            out.push(bracketed.trim_matches(['[', ']']).to_owned());
        }
    }
    out
}

/// Splits a path of a var, where `ports[0]` is `ports` and `0`.
pub(crate) fn split_with_indexes(path: &str) -> Vec<String> {
    let mut out = Vec::new();
    for part in split(path) {
        let index = part.strip_suffix(']').and_then(|rest| rest.rsplit_once('['));
        match index.filter(|(_, index)| !index.is_empty() && index.bytes().all(|byte| byte.is_ascii_digit())) {
            Some((field, index)) => {
                if !field.is_empty() {
                    out.push(field.to_owned());
                }
                out.push(index.to_owned());
            }
            None => out.push(part),
        }
    }
    out
}

/// One step of a path.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Step<'p> {
    /// A field of a map.
    Field(&'p str),
    /// An item by number.
    Index(usize),
    /// The items whose field has a value; the items themselves with an empty field.
    Item(&'p str, &'p str),
    /// Every item.
    Every,
    /// The last item, where one is looked up; a field elsewhere.
    Last,
}

impl<'p> Step<'p> {
    /// What a part means.
    ///
    /// # Errors
    /// In words, when it is in brackets without `=`.
    pub(crate) fn of(part: &'p str) -> Result<Self, String> {
        if let Some(index) = index(part) {
            return Ok(Step::Index(index));
        }
        if let Some(inside) = part.strip_prefix('[').filter(|_| part.ends_with(']')) {
            let inside = inside.strip_suffix(']').unwrap_or(inside);
            let (field, value) =
                inside.split_once('=').ok_or_else(|| format!("`{part}` must be `[field=value]` to choose an item"))?;
            return Ok(Step::Item(field, value));
        }
        Ok(match part {
            "*" => Step::Every,
            "-" => Step::Last,
            _ => Step::Field(part),
        })
    }
}

/// A number that Go's `strconv.Atoi` reads and that is not negative.
fn index(part: &str) -> Option<usize> {
    let digits = part.strip_prefix('+').unwrap_or(part);
    (!digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())).then(|| digits.parse().ok()).flatten()
}

/// The text by which items are chosen; nothing for collections.
pub(crate) fn text(node: &Node) -> Cow<'_, str> {
    match &node.value {
        Value::Str(text) => Cow::Borrowed(text.as_str()),
        Value::Null => Cow::Borrowed("null"),
        _ => Cow::Owned(crate::id::scalar(node)),
    }
}

/// The one node at a path; `None` when something on the way is missing.
///
/// # Errors
/// In words, when something on the way is of another type than the path says, or the path has a `*`.
pub(crate) fn lookup<'n>(node: &'n Node, path: &[String]) -> Result<Option<&'n Node>, String> {
    let mut at = node;
    for part in path.iter().map(|part| part.trim()).filter(|part| !part.is_empty()) {
        match child(at, part)? {
            Some(next) => at = next,
            None => return Ok(None),
        }
    }
    Ok(Some(at))
}

/// As [`lookup`], to write to. Nothing is copied when it is missing.
pub(crate) fn lookup_mut<'n>(node: &'n mut Node, path: &[String]) -> Option<&'n mut Node> {
    lookup(node, path).ok().flatten()?;
    let mut at = node;
    for part in path.iter().map(|part| part.trim()).filter(|part| !part.is_empty()) {
        let position = match (&at.value, Step::of(part).ok()?) {
            (Value::List(items), step) => position(items, &step)?,
            _ => 0,
        };
        at = match &mut at.value {
            Value::Map(map) => map.get_mut(part)?,
            Value::List(items) => items.make_mut().get_mut(position)?,
            _ => return None,
        };
    }
    Some(at)
}

fn child<'n>(node: &'n Node, part: &str) -> Result<Option<&'n Node>, String> {
    let step = Step::of(part)?;
    if step == Step::Every {
        return Err("`*` cannot be used here".to_owned());
    }
    match (&node.value, &step) {
        (Value::Null, _) => Ok(None),
        (Value::Map(map), Step::Field(name)) => Ok(map.get(name)),
        (Value::List(items), Step::Field(_)) => {
            Err(format!("`{part}` is looked for in a list of {} items", items.len()))
        }
        (Value::List(items), step) => Ok(position(items, step).and_then(|position| items.get(position))),
        (other, _) => Err(format!("`{part}` is looked for in a {}", other.type_name())),
    }
}

fn position(items: &[Node], step: &Step<'_>) -> Option<usize> {
    match step {
        Step::Index(index) => Some(*index),
        Step::Last => items.len().checked_sub(1),
        Step::Item("", value) => items.iter().position(|item| text(item) == *value),
        Step::Item(field, value) => {
            items.iter().position(|item| item.get(field).is_some_and(|node| text(node) == *value))
        }
        Step::Field(_) | Step::Every => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splits_at_dots() {
        assert_eq!(split("a.b\\.c.d"), ["a", "b.c", "d"]);
        assert_eq!(split("a.[b.c/d].e"), ["a", "b.c/d", "e"]);
        assert_eq!(split("a.[name=x.y].e"), ["a", "[name=x.y]", "e"]);
        assert_eq!(split("a.[b].c"), ["a", "[b]", "c"]);
        assert_eq!(split_with_indexes("spec.ports[0].port"), ["spec", "ports", "0", "port"]);
        assert_eq!(split_with_indexes("spec.[0]"), ["spec", "0"]);
    }

    #[test]
    fn an_item_needs_an_equals_sign() {
        assert_eq!(Step::of("[a=b=c]"), Ok(Step::Item("a", "b=c")));
        assert!(Step::of("[a]").is_err());
        assert_eq!(Step::of("07"), Ok(Step::Index(7)));
        assert_eq!(Step::of("-1"), Ok(Step::Field("-1")));
    }
}
