//! Typed reading of configuration: fields by name, with a diagnostic and a span for everything that does not fit.
//!
//! kustomize decodes its own files through JSON into Go structs: names match without regard to case, the last of several
//! spellings wins, null means absent, and a value of another type is an error.

use std::cell::Cell;

use source::{Diagnostic, Span};
use yaml::{Entry, List, Map, Node, Str, Value};

use crate::context::{Context, Reported};

/// A text and where it was written.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Text {
    pub(crate) text: Str,
    pub(crate) span: Span,
}

impl Text {
    /// The text.
    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }

    /// A string node with the text and its place.
    pub(crate) fn node(&self) -> Node {
        Node::new(self.span, self.text.clone())
    }
}

/// A key with its text, as in a map of labels.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Pair {
    pub(crate) key: Str,
    pub(crate) key_span: Span,
    pub(crate) value: Text,
}

/// Whether fields that nobody knows are errors.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Unknown {
    /// They are errors.
    Refused,
    /// They are left alone.
    Ignored,
}

/// The fields of one mapping while they are read.
pub(crate) struct Fields<'a> {
    context: &'a Context<'a>,
    /// What the mapping is, for messages: `a kustomization`, `an entry of patches`.
    what: &'a str,
    map: &'a Map,
    unknown: Unknown,
    known: std::cell::RefCell<Vec<&'static str>>,
    failed: Cell<bool>,
}

impl<'a> Fields<'a> {
    /// The fields of `node`, which must be a mapping; null is an empty one.
    pub(crate) fn of(
        context: &'a Context<'a>,
        node: &'a Node,
        what: &'a str,
        unknown: Unknown,
    ) -> Result<Self, Reported> {
        static EMPTY: std::sync::LazyLock<Map> = std::sync::LazyLock::new(Map::new);
        let map = match &node.value {
            Value::Map(map) => map,
            Value::Null => &*EMPTY,
            other => {
                return Err(context.fail(Diagnostic::error(
                    "kustomize/wrong-type",
                    node.span,
                    format!("{what} must be a map, found {}", other.type_name()),
                )));
            }
        };
        Ok(Self { context, what, map, unknown, known: Default::default(), failed: Cell::new(false) })
    }

    /// The field as written; `None` when absent or null.
    pub(crate) fn entry(&self, name: &'static str) -> Option<&'a Entry> {
        self.known.borrow_mut().push(name);
        let mut found: Option<&Entry> = None;
        for entry in self.map.iter().filter(|e| e.key.eq_ignore_ascii_case(name)) {
            if found.is_none_or(|other| other.key <= entry.key) {
                found = Some(entry);
            }
        }
        found.filter(|entry| !entry.node.is_null())
    }

    /// The field's value; `None` when absent or null.
    pub(crate) fn node(&self, name: &'static str) -> Option<&'a Node> {
        self.entry(name).map(|entry| &entry.node)
    }

    /// A text; `None` when absent, null or empty.
    pub(crate) fn text(&self, name: &'static str) -> Option<Text> {
        let node = self.node(name)?;
        self.to_text(name, node).filter(|text| !text.text.is_empty())
    }

    /// A boolean; false when absent.
    pub(crate) fn boolean(&self, name: &'static str) -> bool {
        let Some(node) = self.node(name) else { return false };
        match node.value {
            Value::Bool(value) => value,
            _ => {
                self.wrong(name, node, "a boolean");
                false
            }
        }
    }

    /// An integer.
    pub(crate) fn integer(&self, name: &'static str) -> Option<(i64, Span)> {
        let node = self.node(name)?;
        match node.value {
            Value::Int(value) => Some((value, node.span)),
            _ => {
                self.wrong(name, node, "an integer");
                None
            }
        }
    }

    /// A list's items; empty when absent.
    pub(crate) fn list(&self, name: &'static str) -> &'a [Node] {
        static EMPTY: std::sync::LazyLock<List> = std::sync::LazyLock::new(List::new);
        let Some(node) = self.node(name) else { return &EMPTY };
        match &node.value {
            Value::List(items) => items,
            _ => {
                self.wrong(name, node, "a list");
                &EMPTY
            }
        }
    }

    /// A list of texts; a null item is an empty text.
    pub(crate) fn texts(&self, name: &'static str) -> Vec<Text> {
        self.list(name)
            .iter()
            .filter_map(|item| match item.value {
                Value::Null => Some(Text { text: "".into(), span: item.span }),
                _ => self.to_text(name, item),
            })
            .collect()
    }

    /// A map as it is written.
    pub(crate) fn map(&self, name: &'static str) -> Option<Node> {
        let node = self.node(name)?;
        if node.as_map().is_none() {
            self.wrong(name, node, "a map");
            return None;
        }
        Some(node.clone())
    }

    /// A map of texts, by rising key; a null value is an empty text.
    pub(crate) fn pairs(&self, name: &'static str) -> Option<Vec<Pair>> {
        let node = self.node(name)?;
        let Value::Map(map) = &node.value else {
            self.wrong(name, node, "a map");
            return None;
        };
        let mut pairs: Vec<Pair> = map
            .iter()
            .filter_map(|entry| {
                let value = match entry.node.value {
                    Value::Null => Text { text: "".into(), span: entry.node.span },
                    _ => self.to_text(&format!("{name}.{}", entry.key), &entry.node)?,
                };
                Some(Pair { key: entry.key.clone(), key_span: entry.key_span, value })
            })
            .collect();
        pairs.sort_by(|a, b| a.key.cmp(&b.key));
        Some(pairs)
    }

    /// Notes a value of a wrong type.
    pub(crate) fn wrong(&self, name: &str, node: &Node, expected: &str) {
        self.failed.set(true);
        let found = node.value.type_name();
        let mut diagnostic =
            Diagnostic::error("kustomize/wrong-type", node.span, format!("`{name}` must be {expected}, found {found}"));
        if expected == "a string" && !matches!(node.value, Value::List(_) | Value::Map(_)) {
            diagnostic = diagnostic.with_help("put it in quotes");
        }
        self.context.fail(diagnostic);
    }

    /// Notes that something in it is wrong and was reported.
    pub(crate) fn taint<T>(&self, result: Result<T, Reported>) -> Option<T> {
        if result.is_err() {
            self.failed.set(true);
        }
        result.ok()
    }

    /// Ends the reading: refuses unknown fields, and says whether anything was wrong.
    pub(crate) fn finish(self) -> Result<(), Reported> {
        if self.unknown == Unknown::Refused {
            let known = self.known.borrow();
            let unknown = |entry: &&Entry| !known.iter().any(|name| entry.key.eq_ignore_ascii_case(name));
            for entry in self.map.iter().filter(unknown) {
                self.failed.set(true);
                let mut diagnostic = Diagnostic::error(
                    "kustomize/unknown-field",
                    entry.key_span,
                    format!("{} has no field `{}`", self.what, entry.key),
                );
                if let Some(name) = nearest(&entry.key, &known) {
                    diagnostic = diagnostic.with_help(format!("did you mean `{name}`?"));
                }
                self.context.fail(diagnostic);
            }
        }
        if self.failed.get() { Err(Reported) } else { Ok(()) }
    }

    fn to_text(&self, name: &str, node: &Node) -> Option<Text> {
        match &node.value {
            Value::Str(text) => Some(Text { text: text.clone(), span: node.span }),
            _ => {
                self.wrong(name, node, "a string");
                None
            }
        }
    }
}

/// The known name that is nearest to a mistyped one, if any is near.
fn nearest(word: &str, names: &[&'static str]) -> Option<&'static str> {
    let word = word.to_lowercase();
    let near = |name: &&'static str| (distance(&word, &name.to_lowercase()), *name);
    names.iter().map(near).min().filter(|(distance, name)| *distance <= 1 + name.len() / 4).map(|(_, name)| name)
}

/// Number of characters to change to get from one word to the other; words longer than 40 bytes are never near.
fn distance(a: &str, b: &str) -> usize {
    if a.len() > 40 || b.len() > 40 {
        return usize::MAX;
    }
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut next = vec![i + 1];
        for (y, pair) in b.iter().zip(row.windows(2)) {
            let left = next.last().copied().unwrap_or(0);
            let [diagonal, above] = pair else { continue };
            next.push((diagonal + usize::from(x != *y)).min(above + 1).min(left + 1));
        }
        row = next;
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_nearest_name() {
        let names = ["resources", "namePrefix", "nameSuffix", "patches"];
        assert_eq!(nearest("resource", &names), Some("resources"));
        assert_eq!(nearest("namePrefx", &names), Some("namePrefix"));
        assert_eq!(nearest("x-anchors", &names), None);
    }
}
