//! Paths of fields as people write them: `spec.template.spec.containers[0].image`.
//!
//! A path is printed in one form and read in several: names with dots stand in brackets and quotes
//! (`metadata.annotations["a.b/c"]`), but single quotes, brackets alone as in kustomize's replacements
//! (`annotations[a.b/c]`) and backslashes as in kubectl's (`annotations.a\.b/c`) are understood too. An item of a list is
//! chosen by position or by the values of its fields (`containers[name=web]`, `ports[containerPort=80,protocol=TCP]`).

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use yaml::{Node, Str, Value};

/// The way from a node to a node below it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct FieldPath(Vec<Segment>);

/// One step of a path.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Segment {
    /// A field of a map.
    Field(Str),
    /// An item of a list by its position, from 0.
    Index(usize),
    /// The first item of a list whose fields have these texts.
    Keyed(Vec<(Str, Str)>),
}

/// Why a text is no path.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum FieldPathError {
    /// Two dots in a row, or one at the end.
    #[error("a field name is missing in `{0}`")]
    EmptyField(String),
    /// `[` without `]`, or a quote that is not closed.
    #[error("a bracket or quote is not closed in `{0}`")]
    NotClosed(String),
    /// Something after `]` that is neither a dot nor another bracket.
    #[error("a dot or bracket must follow `]` in `{0}`")]
    AfterBracket(String),
}

/// A scalar as text, for comparing with the texts of a path; empty for null and collections.
pub fn plain_text(node: &Node) -> Cow<'_, str> {
    match &node.value {
        Value::Str(text) => Cow::Borrowed(text.as_str()),
        Value::Bool(value) => Cow::Borrowed(if *value { "true" } else { "false" }),
        Value::Int(number) => Cow::Owned(number.to_string()),
        Value::Uint(number) => Cow::Owned(number.to_string()),
        Value::Float(number) => Cow::Owned(number.to_string()),
        Value::Null | Value::List(_) | Value::Map(_) => Cow::Borrowed(""),
    }
}

impl Segment {
    /// The node that this step leads to.
    pub fn get<'a>(&self, node: &'a Node) -> Option<&'a Node> {
        match self {
            Segment::Field(name) => node.get(name),
            Segment::Index(index) => node.as_list()?.get(*index),
            Segment::Keyed(keys) => {
                let has =
                    |item: &Node, (key, text): &(Str, Str)| item.get(key).is_some_and(|v| plain_text(v) == **text);
                node.as_list()?.iter().find(|item| keys.iter().all(|key| has(item, key)))
            }
        }
    }
}

impl FieldPath {
    /// The path that goes nowhere: the node itself.
    pub fn root() -> Self {
        Self::default()
    }

    /// A path of fields.
    pub fn of_fields<'a>(names: impl IntoIterator<Item = &'a str>) -> Self {
        names.into_iter().map(|name| Segment::Field(name.into())).collect()
    }

    /// One step further.
    #[must_use]
    pub fn join(&self, segment: Segment) -> Self {
        self.0.iter().cloned().chain([segment]).collect()
    }

    /// The steps.
    pub fn segments(&self) -> &[Segment] {
        &self.0
    }

    /// Whether the other path goes the same way and maybe further.
    pub fn is_prefix_of(&self, other: &FieldPath) -> bool {
        other.0.starts_with(&self.0)
    }

    /// The node at the end of the path.
    pub fn get<'a>(&self, node: &'a Node) -> Option<&'a Node> {
        self.0.iter().try_fold(node, |node, segment| segment.get(node))
    }
}

impl FromIterator<Segment> for FieldPath {
    fn from_iter<I: IntoIterator<Item = Segment>>(segments: I) -> Self {
        Self(segments.into_iter().collect())
    }
}

impl FromStr for FieldPath {
    type Err = FieldPathError;

    fn from_str(text: &str) -> Result<Self, FieldPathError> {
        let mut segments = Vec::new();
        let mut rest = text.strip_prefix('.').unwrap_or(text);
        while !rest.is_empty() {
            if let Some(inside) = rest.strip_prefix('[') {
                let (segment, after) = bracketed(inside).ok_or_else(|| FieldPathError::NotClosed(text.to_owned()))?;
                segments.push(segment);
                rest = match after.strip_prefix('.') {
                    Some("") => return Err(FieldPathError::EmptyField(text.to_owned())),
                    Some(after) => after,
                    None if after.is_empty() || after.starts_with('[') => after,
                    None => return Err(FieldPathError::AfterBracket(text.to_owned())),
                };
                continue;
            }
            let (name, after) = until(rest, &['.', '[']);
            if name.is_empty() {
                return Err(FieldPathError::EmptyField(text.to_owned()));
            }
            segments.push(Segment::Field(name.into()));
            rest = match after.strip_prefix('.') {
                Some("") => return Err(FieldPathError::EmptyField(text.to_owned())),
                Some(after) => after,
                None => after,
            };
        }
        Ok(Self(segments))
    }
}

/// The text up to one of the characters, with backslashes taken away, and what follows.
fn until<'a>(text: &'a str, ends: &[char]) -> (String, &'a str) {
    let mut found = String::new();
    let mut chars = text.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '\\' => found.extend(chars.next().map(|(_, escaped)| escaped)),
            c if ends.contains(&c) => return (found, text.get(at..).unwrap_or_default()),
            c => found.push(c),
        }
    }
    (found, "")
}

/// What stands after `[`, and what follows the `]`.
fn bracketed(text: &str) -> Option<(Segment, &str)> {
    if text.starts_with(['"', '\'']) {
        let (name, after) = word(text, &[])?;
        return Some((Segment::Field(name.into()), after.strip_prefix(']')?));
    }
    let (first, after) = until(text, &['=', ']']);
    if let Some(after) = after.strip_prefix(']') {
        let segment = first.parse().map_or_else(|_| Segment::Field(first.into()), Segment::Index);
        return Some((segment, after));
    }
    let mut keys = Vec::new();
    let mut rest = text;
    loop {
        let (key, after) = until(rest, &['=', ']']);
        let (value, after) = word(after.strip_prefix('=')?, &[',', ']'])?;
        keys.push((key.into(), value.into()));
        match after.strip_prefix(',') {
            Some(more) => rest = more,
            None => return Some((Segment::Keyed(keys), after.strip_prefix(']')?)),
        }
    }
}

/// A text in quotes, or one up to one of the characters.
fn word<'a>(text: &'a str, ends: &[char]) -> Option<(String, &'a str)> {
    let quote = text.chars().next().filter(|c| matches!(c, '"' | '\''));
    match quote {
        Some(quote) => {
            let (word, after) = until(text.get(1..)?, &[quote]);
            Some((word, after.strip_prefix(quote)?))
        }
        None => Some(until(text, ends)),
    }
}

/// The one form that paths are printed in; reading it gives the path back.
impl fmt::Display for FieldPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, segment) in self.0.iter().enumerate() {
            match segment {
                Segment::Field(name) if name.is_empty() || name.contains(is_special) => {
                    write!(f, "[{}]", Quoted(name))?
                }
                Segment::Field(name) if position == 0 => f.write_str(name)?,
                Segment::Field(name) => write!(f, ".{name}")?,
                Segment::Index(index) => write!(f, "[{index}]")?,
                Segment::Keyed(keys) => {
                    f.write_str("[")?;
                    for (position, (key, text)) in keys.iter().enumerate() {
                        f.write_str(if position > 0 { "," } else { "" })?;
                        for c in key.chars() {
                            f.write_str(if is_special(c) { "\\" } else { "" })?;
                            write!(f, "{c}")?;
                        }
                        if text.is_empty() || text.contains(is_special_in_brackets) {
                            write!(f, "={}", Quoted(text))?;
                        } else {
                            write!(f, "={text}")?;
                        }
                    }
                    f.write_str("]")?;
                }
            }
        }
        Ok(())
    }
}

fn is_special(c: char) -> bool {
    matches!(c, '.') || is_special_in_brackets(c)
}

fn is_special_in_brackets(c: char) -> bool {
    matches!(c, '[' | ']' | '"' | '\'' | '\\' | '=' | ',') || c.is_whitespace() || c.is_control()
}

struct Quoted<'a>(&'a str);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{}\"", self.0.replace('\\', "\\\\").replace('"', "\\\""))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use yaml::{List, Map};

    fn parsed(text: &str) -> FieldPath {
        text.parse().unwrap()
    }

    #[test]
    fn is_read_in_several_forms_and_printed_in_one() {
        for text in ["", "spec.replicas", "spec.containers[0].image", "a[name=web].b", "a[0][1]", "[0]"] {
            assert_eq!(parsed(text).to_string(), text);
        }
        for text in
            [r#"metadata.annotations["a.b/c"]"#, "metadata.annotations['a.b/c']", r"metadata.annotations.a\.b/c"]
        {
            assert_eq!(parsed(text).to_string(), r#"metadata.annotations["a.b/c"]"#);
        }
        assert_eq!(parsed("metadata.annotations[a.b/c]"), parsed(r#".metadata.annotations["a.b/c"]"#));
        assert_eq!(parsed("p[containerPort=80,protocol=TCP]").to_string(), "p[containerPort=80,protocol=TCP]");
        for text in ["a..b", "a.", "a[0].", "a[", "a[\"b]", "a[b=c", "a[0]b"] {
            assert!(text.parse::<FieldPath>().is_err(), "{text}");
        }
    }

    #[test]
    fn leads_to_nodes() {
        let item = |name: &str, port: i64| {
            Node::detached(Map::from_iter([("name", Node::detached(name)), ("port", Node::detached(port))]))
        };
        let list: List = [item("a", 1), item("b", 2)].into_iter().collect();
        let root = Node::detached(Map::from_iter([("items", Node::detached(list))]));
        let get = |path| parsed(path).get(&root).map(|n| plain_text(n).into_owned());
        assert_eq!(get("items[1].name").as_deref(), Some("b"));
        assert_eq!(get("items[name=b].port").as_deref(), Some("2"));
        assert_eq!(get("items[port=2,name=b].name").as_deref(), Some("b"));
        assert_eq!(get("items[name=c].port"), None);
        assert_eq!(get("items.name"), None);
    }

    fn segment() -> impl Strategy<Value = Segment> {
        let text = || "[a-z.\\[\\]\"'=, \\\\0-9/é-]{0,6}".prop_map(Str::from);
        prop_oneof![
            text().prop_map(Segment::Field),
            (0_usize..1000).prop_map(Segment::Index),
            prop::collection::vec((text(), text()), 1..3).prop_map(Segment::Keyed),
        ]
    }

    proptest! {
        #[test]
        fn reading_what_was_printed_gives_the_path(segments in prop::collection::vec(segment(), 0..6)) {
            let path = FieldPath(segments);
            prop_assert_eq!(path.to_string().parse::<FieldPath>(), Ok(path));
        }
    }
}
