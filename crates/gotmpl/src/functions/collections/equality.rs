//! Go's `reflect.DeepEqual`: same types, same contents.

use std::collections::BTreeSet;
use std::rc::Rc;

use crate::convert::MAX_DEPTH;
use crate::{List, Map, Object, Value};

/// Whether both are of one type and equal all the way down. `int` 1 and `float64` 1 are not, nor a nil slice and an empty
/// one; a map equals itself even with NaN in it.
pub(crate) fn deep_equal(one: &Value, other: &Value) -> bool {
    Comparison::default().equal(one, other, 0)
}

/// Pairs of maps and slices that are compared already or just now: those count as equal, so that a map that holds itself
/// is compared once, and values that share their parts cost no more than they take memory.
#[derive(Default)]
struct Comparison {
    seen: BTreeSet<(usize, usize)>,
}

impl Comparison {
    fn equal(&mut self, one: &Value, other: &Value, depth: usize) -> bool {
        match (one, other) {
            (Value::Nil, Value::Nil) => true,
            (Value::Bool(one), Value::Bool(other)) => one == other,
            (Value::Int(one), Value::Int(other)) | (Value::Int64(one), Value::Int64(other)) => one == other,
            (Value::Float(one), Value::Float(other)) => one == other,
            (Value::Str(one), Value::Str(other)) => one == other,
            (Value::List(one), Value::List(other)) => self.equal_lists(one, other, depth + 1),
            (Value::Map(one), Value::Map(other)) => self.equal_maps(one, other, depth + 1),
            (Value::Object(one), Value::Object(other)) => {
                Rc::ptr_eq(one, other) || self.equal_objects(one.as_ref(), other.as_ref(), depth + 1)
            }
            _ => false,
        }
    }

    fn equal_lists(&mut self, one: &List, other: &List, depth: usize) -> bool {
        if one.list_type().name != other.list_type().name || one.is_nil() != other.is_nil() || one.len() != other.len()
        {
            return false;
        }
        let pair = (one.address(), other.address());
        if pair.0 == pair.1 || !self.seen.insert(pair) {
            return true;
        }
        depth <= MAX_DEPTH
            && one.items().iter().zip(other.items()).all(|(one, other)| self.equal(&one.value, &other.value, depth))
    }

    fn equal_maps(&mut self, one: &Map, other: &Map, depth: usize) -> bool {
        if one.map_type().name != other.map_type().name || one.len() != other.len() {
            return false;
        }
        let pair = (one.address(), other.address());
        if pair.0 == pair.1 || !self.seen.insert(pair) {
            return true;
        }
        depth <= MAX_DEPTH
            && one.read().iter().zip(other.read().iter()).all(|((one_key, one), (other_key, other))| {
                one_key == other_key && self.equal(&one.value, &other.value, depth)
            })
    }

    fn equal_objects(&mut self, one: &dyn Object, other: &dyn Object, depth: usize) -> bool {
        let same = one.type_name() == other.type_name()
            && one.integer() == other.integer()
            && one.display() == other.display()
            && depth <= MAX_DEPTH;
        let (fields, other_fields) = (one.fields(), other.fields());
        let (entries, other_entries) = (one.entries(), other.entries());
        same && fields.len() == other_fields.len()
            && entries.len() == other_entries.len()
            && fields.iter().zip(&other_fields).all(|(one, other)| self.equal(&one.1.value, &other.1.value, depth))
            && entries
                .iter()
                .zip(&other_entries)
                .all(|(one, other)| one.0 == other.0 && self.equal(&one.1.value, &other.1.value, depth))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Item, ListType};

    fn list(items: impl IntoIterator<Item = Value>) -> Value {
        Value::List(List::any(items.into_iter().map(Item::from).collect::<Vec<_>>()))
    }

    #[test]
    fn types_count() {
        assert!(!deep_equal(&Value::Int(1), &Value::Float(1.0)));
        assert!(!deep_equal(&Value::Int(1), &Value::Int64(1)));
        assert!(!deep_equal(&list(["a".into()]), &Value::List(List::strings(["a"]))));
        assert!(!deep_equal(&list([]), &Value::List(List::nil(ListType::ANY))));
        assert!(deep_equal(&list([Value::Nil, list([])]), &list([Value::Nil, list([])])));
    }

    #[test]
    fn maps_that_hold_themselves() {
        let (one, other) = (Map::new(), Map::new());
        one.insert("self", Value::Map(one.clone()));
        other.insert("self", Value::Map(other.clone()));
        assert!(deep_equal(&Value::Map(one.clone()), &Value::Map(other.clone())));
        other.insert("a", Value::Nil);
        assert!(!deep_equal(&Value::Map(one.clone()), &Value::Map(other.clone())));
        one.remove(b"self");
        other.remove(b"self");
    }

    #[test]
    fn shared_parts_are_compared_once() {
        let tower = || (0..60).fold(list([]), |below, _| list([below.clone(), below]));
        assert!(deep_equal(&tower(), &tower()));
    }
}
