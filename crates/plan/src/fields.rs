//! What differs between two forms of an object, field by field.

use std::collections::BTreeMap;

use object::{FieldPath, Segment};
use yaml::{Entry, List, Map, Node, Value};

use crate::align::align;
use crate::{FieldChange, FieldChangeKind};

/// Values below are compared as a whole; readers refuse such trees anyway.
const DEPTH: usize = 500;

/// What differs, fields by name and items as they come. A subtree that is only on one side is one change.
///
/// Secret values are not masked here: see [`crate::mask_pair`].
pub fn differences(old: &Node, new: &Node) -> Vec<FieldChange> {
    let mut walk = Walk { path: Vec::new(), found: Vec::new() };
    walk.node(old, new);
    walk.found
}

struct Walk {
    path: Vec<Segment>,
    found: Vec<FieldChange>,
}

impl Walk {
    fn note(&mut self, kind: FieldChangeKind, old: Option<&Node>, new: Option<&Node>) {
        let path: FieldPath = self.path.iter().cloned().collect();
        self.found.push(FieldChange { path, kind, old: old.cloned(), new: new.cloned(), random: false });
    }

    fn node(&mut self, old: &Node, new: &Node) {
        match (&old.value, &new.value) {
            (Value::Map(old), Value::Map(new)) if self.path.len() < DEPTH => self.map(old, new),
            (Value::List(before), Value::List(after)) if self.path.len() < DEPTH => {
                let reordered = self.list(before, after);
                if reordered {
                    self.note(FieldChangeKind::Reordered, Some(old), Some(new));
                }
            }
            (before, after) if before != after => self.note(FieldChangeKind::Changed, Some(old), Some(new)),
            _ => {}
        }
    }

    fn either(&mut self, segment: Segment, old: Option<&Node>, new: Option<&Node>) {
        self.path.push(segment);
        match (old, new) {
            (Some(old), Some(new)) => self.node(old, new),
            (Some(_), None) => self.note(FieldChangeKind::Removed, old, None),
            (None, Some(_)) => self.note(FieldChangeKind::Added, None, new),
            (None, None) => {}
        }
        self.path.pop();
    }

    fn map(&mut self, old: &Map, new: &Map) {
        let by_key = |map: &'_ Map| -> BTreeMap<yaml::Str, Node> {
            map.iter().map(|Entry { key, node, .. }| (key.clone(), node.clone())).collect()
        };
        let (old, new) = (by_key(old), by_key(new));
        let mut keys: Vec<&yaml::Str> = old.keys().chain(new.keys()).collect();
        keys.sort_unstable();
        keys.dedup();
        for key in keys {
            self.either(Segment::Field(key.clone()), old.get(key), new.get(key));
        }
    }

    /// Gives whether the items come in another order.
    fn list(&mut self, old: &List, new: &List) -> bool {
        let (pairs, reordered) = align(old, new);
        for pair in pairs {
            let old = pair.old.and_then(|at| old.get(at));
            let new = pair.new.and_then(|at| new.get(at));
            self.either(pair.segment, old, new);
        }
        reordered
    }
}
