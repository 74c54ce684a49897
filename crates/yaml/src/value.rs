//! The tree: values with a span on every node, shared until written.

use std::borrow::Borrow;
use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use source::Span;

/// A shared immutable string.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Str(Arc<str>);

impl Str {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Deref for Str {
    type Target = str;
    fn deref(&self) -> &str {
        &self.0
    }
}

impl Borrow<str> for Str {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Str {
    fn from(text: &str) -> Self {
        Self(text.into())
    }
}

impl From<String> for Str {
    fn from(text: String) -> Self {
        Self(text.into())
    }
}

impl PartialEq<str> for Str {
    fn eq(&self, other: &str) -> bool {
        &*self.0 == other
    }
}

impl PartialEq<&str> for Str {
    fn eq(&self, other: &&str) -> bool {
        &*self.0 == *other
    }
}

impl fmt::Display for Str {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Str {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&*self.0, f)
    }
}

/// A value and where it was written last. Equality looks at the value only.
#[derive(Clone, Debug)]
pub struct Node {
    /// Where the value was written: for a scalar its text with quotes, for a collection its first to its last byte.
    pub span: Span,
    /// The value.
    pub value: Value,
}

/// A YAML value after typing. Collections and strings are shared; writing copies one path.
#[derive(Clone, Debug, Default)]
pub enum Value {
    /// `null`, `~`, or nothing.
    #[default]
    Null,
    /// A boolean.
    Bool(bool),
    /// An integer that fits 64 bits with a sign.
    Int(i64),
    /// An integer above `i64::MAX` that fits 64 bits.
    Uint(u64),
    /// A floating-point number; never NaN or infinite when it came from text that kustomize or Kubernetes accepts.
    Float(f64),
    /// A string.
    Str(Str),
    /// A sequence.
    List(List),
    /// A mapping with string keys.
    Map(Map),
}

impl Node {
    /// A value with its place.
    pub fn new(span: Span, value: impl Into<Value>) -> Self {
        Self { span, value: value.into() }
    }

    /// A value that no text put there.
    pub fn detached(value: impl Into<Value>) -> Self {
        Self::new(Span::DETACHED, value)
    }

    /// The field of a mapping; `None` for anything else.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.value.as_map()?.get(key)
    }

    /// Follows the fields of nested mappings.
    pub fn at(&self, path: &[&str]) -> Option<&Node> {
        path.iter().try_fold(self, |node, key| node.get(key))
    }

    /// The string, if it is one.
    pub fn as_str(&self) -> Option<&str> {
        self.value.as_str()
    }

    /// The mapping, if it is one.
    pub fn as_map(&self) -> Option<&Map> {
        self.value.as_map()
    }

    /// The mapping to write to, if it is one.
    pub fn as_map_mut(&mut self) -> Option<&mut Map> {
        match &mut self.value {
            Value::Map(map) => Some(map),
            _ => None,
        }
    }

    /// The sequence, if it is one.
    pub fn as_list(&self) -> Option<&List> {
        self.value.as_list()
    }

    /// The sequence to write to, if it is one.
    pub fn as_list_mut(&mut self) -> Option<&mut List> {
        match &mut self.value {
            Value::List(list) => Some(list),
            _ => None,
        }
    }

    /// Whether the value is null.
    pub fn is_null(&self) -> bool {
        matches!(self.value, Value::Null)
    }

    /// The node at `path`, with missing mappings made on the way; `None` when something on the way is not a mapping
    /// (null counts as a missing mapping). New mappings and the new leaf (null) carry `span`.
    pub fn make_path(&mut self, path: &[&str], span: Span) -> Option<&mut Node> {
        let Some((key, rest)) = path.split_first() else { return Some(self) };
        if self.is_null() {
            *self = Node::new(span, Map::new());
        }
        let map = self.as_map_mut()?;
        if map.get(key).is_none() {
            map.insert(*key, Node::new(span, Value::Null));
        }
        map.get_mut(key)?.make_path(rest, span)
    }
}

impl PartialEq for Node {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

impl Value {
    /// What kind of value it is, in the user's words.
    pub fn type_name(&self) -> &'static str {
        match self {
            Value::Null => "null",
            Value::Bool(_) => "boolean",
            Value::Int(_) | Value::Uint(_) => "integer",
            Value::Float(_) => "number",
            Value::Str(_) => "string",
            Value::List(_) => "list",
            Value::Map(_) => "map",
        }
    }

    /// The string, if it is one.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Value::Str(text) => Some(text),
            _ => None,
        }
    }

    /// The boolean, if it is one.
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Value::Bool(value) => Some(*value),
            _ => None,
        }
    }

    /// The integer, if it is one and fits.
    pub fn as_int(&self) -> Option<i64> {
        match self {
            Value::Int(value) => Some(*value),
            _ => None,
        }
    }

    /// The mapping, if it is one.
    pub fn as_map(&self) -> Option<&Map> {
        match self {
            Value::Map(map) => Some(map),
            _ => None,
        }
    }

    /// The sequence, if it is one.
    pub fn as_list(&self) -> Option<&List> {
        match self {
            Value::List(list) => Some(list),
            _ => None,
        }
    }
}

/// Numbers compare by value across their representations, as they do once they are JSON.
impl PartialEq for Value {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Value::Null, Value::Null) => true,
            (Value::Bool(a), Value::Bool(b)) => a == b,
            (Value::Int(a), Value::Int(b)) => a == b,
            (Value::Uint(a), Value::Uint(b)) => a == b,
            (Value::Float(a), Value::Float(b)) => a == b,
            (Value::Int(a), Value::Float(b)) | (Value::Float(b), Value::Int(a)) => *a as f64 == *b,
            (Value::Uint(a), Value::Float(b)) | (Value::Float(b), Value::Uint(a)) => *a as f64 == *b,
            (Value::Str(a), Value::Str(b)) => a == b,
            (Value::List(a), Value::List(b)) => a == b,
            (Value::Map(a), Value::Map(b)) => a == b,
            _ => false,
        }
    }
}

macro_rules! value_from {
    ($($from:ty => $make:expr),* $(,)?) => {
        $(impl From<$from> for Value {
            fn from(value: $from) -> Self {
                $make(value)
            }
        })*
    };
}
value_from! {
    bool => Value::Bool,
    i64 => Value::Int,
    u64 => |v: u64| i64::try_from(v).map_or(Value::Uint(v), Value::Int),
    f64 => Value::Float,
    Str => Value::Str,
    &str => |v: &str| Value::Str(v.into()),
    String => |v: String| Value::Str(v.into()),
    List => Value::List,
    Map => Value::Map,
}

/// A sequence; a clone shares, writing copies.
#[derive(Clone, Default)]
pub struct List(Arc<Vec<Node>>);

impl List {
    /// An empty sequence.
    pub fn new() -> Self {
        Self::default()
    }

    /// The items, to write to.
    pub fn make_mut(&mut self) -> &mut Vec<Node> {
        Arc::make_mut(&mut self.0)
    }

    /// Appends an item.
    pub fn push(&mut self, node: Node) {
        self.make_mut().push(node);
    }
}

impl Deref for List {
    type Target = [Node];
    fn deref(&self) -> &[Node] {
        &self.0
    }
}

impl FromIterator<Node> for List {
    fn from_iter<I: IntoIterator<Item = Node>>(items: I) -> Self {
        Self(Arc::new(items.into_iter().collect()))
    }
}

impl<'a> IntoIterator for &'a List {
    type Item = &'a Node;
    type IntoIter = std::slice::Iter<'a, Node>;
    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

impl PartialEq for List {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || self.0 == other.0
    }
}

impl fmt::Debug for List {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.0.iter().map(|n| &n.value)).finish()
    }
}

/// One field of a mapping.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The key.
    pub key: Str,
    /// Where the key was written.
    pub key_span: Span,
    /// The value.
    pub node: Node,
}

/// A mapping with unique string keys that keeps the order of insertion; a clone shares, writing copies. Equality ignores
/// order.
#[derive(Clone, Default)]
pub struct Map(Arc<Vec<Entry>>);

impl Map {
    /// An empty mapping.
    pub fn new() -> Self {
        Self::default()
    }

    /// A mapping of these fields, whose keys the caller knows to be unique.
    pub(crate) fn from_entries(entries: Vec<Entry>) -> Self {
        Self(Arc::new(entries))
    }

    /// Number of fields.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are no fields.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn position(&self, key: &str) -> Option<usize> {
        self.0.iter().position(|e| &*e.key == key)
    }

    /// The field's value.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entry(key).map(|e| &e.node)
    }

    /// The field with its key.
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        self.0.iter().find(|e| &*e.key == key)
    }

    /// Whether there is such a field.
    pub fn contains_key(&self, key: &str) -> bool {
        self.position(key).is_some()
    }

    /// The field's value, to write to. Nothing is copied when the field is missing.
    pub fn get_mut(&mut self, key: &str) -> Option<&mut Node> {
        let position = self.position(key)?;
        Arc::make_mut(&mut self.0).get_mut(position).map(|e| &mut e.node)
    }

    /// Sets a field, in place if it is there and at the end otherwise; gives the old value.
    pub fn insert(&mut self, key: impl Into<Str>, node: Node) -> Option<Node> {
        let key = key.into();
        match self.get_mut(&key) {
            Some(old) => Some(std::mem::replace(old, node)),
            None => {
                let key_span = node.span;
                self.push(Entry { key, key_span, node });
                None
            }
        }
    }

    /// Appends a field that is not there yet; the caller knows that it is not.
    pub fn push(&mut self, entry: Entry) {
        Arc::make_mut(&mut self.0).push(entry);
    }

    /// Takes a field away.
    pub fn remove(&mut self, key: &str) -> Option<Node> {
        let position = self.position(key)?;
        Some(Arc::make_mut(&mut self.0).remove(position).node)
    }

    /// Keeps the fields for which `keep` holds.
    pub fn retain(&mut self, mut keep: impl FnMut(&Entry) -> bool) {
        if !self.0.iter().all(&mut keep) {
            Arc::make_mut(&mut self.0).retain(keep);
        }
    }

    /// The fields in order.
    pub fn iter(&self) -> std::slice::Iter<'_, Entry> {
        self.0.iter()
    }

    /// The fields in order, to write to; keys must stay unique.
    pub fn iter_mut(&mut self) -> std::slice::IterMut<'_, Entry> {
        Arc::make_mut(&mut self.0).iter_mut()
    }

    /// The keys in order.
    pub fn keys(&self) -> impl Iterator<Item = &Str> {
        self.0.iter().map(|e| &e.key)
    }

    /// The values in order.
    pub fn values(&self) -> impl Iterator<Item = &Node> {
        self.0.iter().map(|e| &e.node)
    }
}

impl<'a> IntoIterator for &'a Map {
    type Item = &'a Entry;
    type IntoIter = std::slice::Iter<'a, Entry>;
    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

/// Collects fields whose keys are unique; with equal keys the last value wins in the place of the first.
impl<K: Into<Str>> FromIterator<(K, Node)> for Map {
    fn from_iter<I: IntoIterator<Item = (K, Node)>>(fields: I) -> Self {
        let mut map = Map::new();
        for (key, node) in fields {
            map.insert(key, node);
        }
        map
    }
}

impl PartialEq for Map {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
            || self.len() == other.len() && self.iter().all(|e| other.get(&e.key).is_some_and(|n| *n == e.node))
    }
}

impl fmt::Debug for Map {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter().map(|e| (&e.key, &e.node.value))).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_node_is_thirty_two_bytes() {
        assert_eq!(size_of::<Node>(), 32);
    }

    #[test]
    fn writing_copies_one_path() {
        let mut a = Node::detached(Map::new());
        *a.make_path(&["metadata", "name"], Span::DETACHED).unwrap() = Node::detached("web");
        let mut b = a.clone();
        *b.make_path(&["metadata", "name"], Span::DETACHED).unwrap() = Node::detached("db");
        assert_eq!(a.at(&["metadata", "name"]).and_then(Node::as_str), Some("web"));
        assert_eq!(b.at(&["metadata", "name"]).and_then(Node::as_str), Some("db"));
        assert_ne!(a, b);
    }
}
