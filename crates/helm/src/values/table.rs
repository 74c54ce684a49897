//! Values while they are composed: tables and lists as Go's, which several places may hold, so that writing in one place
//! is seen in the others.
//!
//! The sharing is not an accident to be cleaned up. Helm hands the tables of a parent's `global` to its subcharts without
//! copying what is nested in them (`pkg/chart/common/util/coalesce.go`, v4.2.3), and that a `targetPath` of Flux wins over
//! inline values holds only because the first merge leaves the inline tables shared (fluxcd/pkg `chartutil/values.go`, v1).
//! What nobody has opened yet stays a tree of `yaml`, so that a large file of defaults costs nothing where nothing is
//! written.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use source::Span;
use yaml::{Entry, Map, Node, Str, Value};

/// A table that others may hold too: a clone is the same table.
#[derive(Clone, Default, Debug)]
pub struct Table(Rc<RefCell<BTreeMap<Str, Field>>>);

/// A list that others may hold too: a clone is the same list.
#[derive(Clone, Default, Debug)]
pub struct Items(Rc<RefCell<Vec<Shared>>>);

#[derive(Clone, Debug)]
struct Field {
    key_span: Span,
    shared: Shared,
}

/// A value and where it was written.
#[derive(Clone, Debug)]
pub struct Shared {
    /// Where it was written.
    pub span: Span,
    /// The value.
    pub value: SharedValue,
}

/// A value that is never a closed map or list once it was taken out of a table or list.
#[derive(Clone, Debug)]
pub enum SharedValue {
    /// A scalar, or a map or list that nobody has opened yet.
    Tree(Value),
    /// A table.
    Table(Table),
    /// A list.
    Items(Items),
}

impl Shared {
    /// A value that nobody holds.
    pub fn new(span: Span, value: impl Into<Value>) -> Self {
        Self { span, value: SharedValue::Tree(value.into()) }
    }

    /// Whether it is null.
    pub fn is_null(&self) -> bool {
        matches!(self.value, SharedValue::Tree(Value::Null))
    }

    /// The table, if it is one.
    pub fn as_table(&self) -> Option<&Table> {
        match &self.value {
            SharedValue::Table(table) => Some(table),
            _ => None,
        }
    }

    fn of(node: &Node) -> Self {
        Self { span: node.span, value: SharedValue::Tree(node.value.clone()) }
    }

    /// From here on whoever takes it shares it.
    fn open(&mut self) -> &Self {
        match &self.value {
            SharedValue::Tree(Value::Map(map)) => self.value = SharedValue::Table(Table::new(map)),
            SharedValue::Tree(Value::List(list)) => {
                self.value = SharedValue::Items(Items(Rc::new(RefCell::new(list.iter().map(Shared::of).collect()))));
            }
            _ => {}
        }
        self
    }

    /// The tree that it is now.
    pub fn node(&self) -> Node {
        let value = match &self.value {
            SharedValue::Tree(value) => value.clone(),
            SharedValue::Table(table) => Value::Map(table.map()),
            SharedValue::Items(items) => Value::List(items.0.borrow().iter().map(Shared::node).collect()),
        };
        Node { span: self.span, value }
    }
}

impl Table {
    /// Takes the fields of a map over; nothing is shared with it.
    pub fn new(map: &Map) -> Self {
        let fields = map
            .iter()
            .map(|entry| (entry.key.clone(), Field { key_span: entry.key_span, shared: Shared::of(&entry.node) }));
        Self(Rc::new(RefCell::new(fields.collect())))
    }

    /// The tree that it is now, with its keys in order.
    pub fn map(&self) -> Map {
        let mut map = Map::new();
        for (key, field) in self.0.borrow().iter() {
            map.push(Entry { key: key.clone(), key_span: field.key_span, node: field.shared.node() });
        }
        map
    }

    /// The value of a field; tables and lists are shared with whoever asks.
    pub fn get(&self, key: &str) -> Option<Shared> {
        self.0.borrow_mut().get_mut(key).map(|field| field.shared.open().clone())
    }

    /// Whether there is such a field.
    pub fn contains(&self, key: &str) -> bool {
        self.0.borrow().contains_key(key)
    }

    /// Whether there are no fields.
    pub fn is_empty(&self) -> bool {
        self.0.borrow().is_empty()
    }

    /// The fields as they are now.
    pub fn fields(&self) -> Vec<(Str, Shared)> {
        self.0.borrow_mut().iter_mut().map(|(key, field)| (key.clone(), field.shared.open().clone())).collect()
    }

    /// Sets a field. A field that is new says it was written where its value was.
    pub fn insert(&self, key: impl Into<Str>, shared: Shared) {
        let mut fields = self.0.borrow_mut();
        let key = key.into();
        let key_span = fields.get(&key).map_or(shared.span, |old| old.key_span);
        fields.insert(key, Field { key_span, shared });
    }

    /// Sets a field, with the place of its key, to a value that nobody holds.
    pub(crate) fn insert_entry(&self, entry: &Entry) {
        let field = Field { key_span: entry.key_span, shared: Shared::of(&entry.node) };
        self.0.borrow_mut().insert(entry.key.clone(), field);
    }

    /// Looks at the fields in the order of their keys, opening none.
    pub(crate) fn each(&self, mut look: impl FnMut(&Str, &Shared)) {
        self.0.borrow().iter().for_each(|(key, field)| look(key, &field.shared));
    }

    /// The same for tables that are the same, as long as they live.
    pub(crate) fn id(&self) -> usize {
        Rc::as_ptr(&self.0).addr()
    }

    /// Sets a field to what another table has there, with the place of its key.
    pub fn take(&self, key: &str, from: &Table) {
        let field = from.0.borrow_mut().get_mut(key).map(|field| {
            field.shared.open();
            field.clone()
        });
        if let Some(field) = field {
            self.0.borrow_mut().insert(key.into(), field);
        }
    }

    /// Takes a field away.
    pub fn remove(&self, key: &str) {
        self.0.borrow_mut().remove(key);
    }

    /// A table of its own whose values are shared with this one.
    pub fn shallow(&self) -> Table {
        let mut fields = self.0.borrow_mut();
        let copy = fields.iter_mut().map(|(key, field)| {
            field.shared.open();
            (key.clone(), field.clone())
        });
        Table(Rc::new(RefCell::new(copy.collect())))
    }

    /// A new table with the fields of both: tables in both are merged, anything else is `over`'s. What only one has is
    /// shared with the result (Helm's `loader.MergeMaps`).
    pub fn merged(&self, over: &Table) -> Table {
        let merged = self.shallow();
        for (key, new) in over.fields() {
            let both = match (merged.get(&key).map(|old| old.value), &new.value) {
                (Some(SharedValue::Table(old)), SharedValue::Table(new)) => Some(old.merged(new)),
                _ => None,
            };
            merged.take(&key, over);
            if let Some(table) = both {
                merged.insert(key, Shared { span: new.span, value: SharedValue::Table(table) });
            }
        }
        merged
    }
}

impl Items {
    /// Number of items.
    pub fn len(&self) -> usize {
        self.0.borrow().len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// What `look` makes of each item, opening none.
    pub(crate) fn map<T>(&self, look: impl FnMut(&Shared) -> T) -> Vec<T> {
        self.0.borrow().iter().map(look).collect()
    }

    /// The item at an index; tables and lists are shared with whoever asks.
    pub fn get(&self, index: usize) -> Option<Shared> {
        self.0.borrow_mut().get_mut(index).map(|item| item.open().clone())
    }

    /// Replaces an item; whether it is there.
    pub fn set(&self, index: usize, item: Shared) -> bool {
        match self.0.borrow_mut().get_mut(index) {
            Some(old) => {
                *old = item;
                true
            }
            None => false,
        }
    }

    /// A longer list, not the same one, with nulls before its last item.
    pub fn with(&self, index: usize, item: Shared) -> Items {
        let mut items: Vec<Shared> = self.0.borrow_mut().iter_mut().map(|item| item.open().clone()).collect();
        items.resize_with(index, || Shared::new(item.span, Value::Null));
        items.push(item);
        Items(Rc::new(RefCell::new(items)))
    }
}

impl FromIterator<Shared> for Items {
    fn from_iter<I: IntoIterator<Item = Shared>>(items: I) -> Self {
        Items(Rc::new(RefCell::new(items.into_iter().collect())))
    }
}
