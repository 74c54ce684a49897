//! Values as the controller holds them while it composes: maps and lists that several places share, so that writing in
//! one place is seen in the others.
//!
//! The sharing is not an accident to be cleaned up: that `targetPath` wins over inline values holds only because the
//! first merge leaves the inline maps shared (fluxcd/pkg `chartutil/values.go`, v1).

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use source::Span;
use yaml::{Entry, List, Map, Node, Str, Value};

/// A map that others may hold too.
pub(super) type SharedMap = Rc<RefCell<BTreeMap<Str, Shared>>>;

/// A list that others may hold too.
pub(super) type SharedList = Rc<RefCell<Vec<Shared>>>;

/// A value.
#[derive(Clone)]
pub(super) struct Shared {
    pub(super) span: Span,
    pub(super) value: SharedValue,
}

#[derive(Clone)]
pub(super) enum SharedValue {
    Leaf(Value),
    Map(SharedMap),
    List(SharedList),
}

impl Shared {
    /// Takes a tree over; nothing is shared with it.
    pub(super) fn new(node: &Node) -> Self {
        let value = match &node.value {
            Value::Map(fields) => SharedValue::Map(shared_map(fields)),
            Value::List(items) => SharedValue::List(Rc::new(RefCell::new(items.iter().map(Shared::new).collect()))),
            leaf => SharedValue::Leaf(leaf.clone()),
        };
        Self { span: node.span, value }
    }

    pub(super) fn leaf(span: Span, value: impl Into<Value>) -> Self {
        Self { span, value: SharedValue::Leaf(value.into()) }
    }

    /// The tree that it is now.
    pub(super) fn node(&self) -> Node {
        match &self.value {
            SharedValue::Leaf(leaf) => Node { span: self.span, value: leaf.clone() },
            SharedValue::Map(fields) => map_node(self.span, fields),
            SharedValue::List(items) => Node::new(self.span, items.borrow().iter().map(Shared::node).collect::<List>()),
        }
    }
}

/// Takes the fields of a map over.
pub(super) fn shared_map(fields: &Map) -> SharedMap {
    Rc::new(RefCell::new(fields.iter().map(|field| (field.key.clone(), Shared::new(&field.node))).collect()))
}

/// The tree that a map is now.
pub(super) fn map_node(span: Span, fields: &SharedMap) -> Node {
    let mut map = Map::new();
    for (key, value) in fields.borrow().iter() {
        let node = value.node();
        map.push(Entry { key: key.clone(), key_span: node.span, node });
    }
    Node::new(span, map)
}

/// A new map with the fields of `a` and `b`: maps in both are merged, anything else is `b`'s. What only one has is
/// shared with the result.
pub(super) fn merge(a: &SharedMap, b: &SharedMap) -> SharedMap {
    let mut merged = a.borrow().clone();
    for (key, value) in b.borrow().iter() {
        let both = match (merged.get(key).map(|old| &old.value), &value.value) {
            (Some(SharedValue::Map(old)), SharedValue::Map(new)) => Some(merge(old, new)),
            _ => None,
        };
        let value = match both {
            Some(map) => Shared { span: value.span, value: SharedValue::Map(map) },
            None => value.clone(),
        };
        merged.insert(key.clone(), value);
    }
    Rc::new(RefCell::new(merged))
}
