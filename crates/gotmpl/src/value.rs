//! Values as Go templates see them: dynamic types, byte strings, maps that are shared and written.

use std::borrow::Borrow;
use std::cell::{Ref, RefCell};
use std::collections::BTreeMap;
use std::fmt;
use std::ops::Deref;
use std::rc::Rc;

use source::{Span, SpanMap};

use crate::Failure;
use crate::function::{Args, Call, Type};

/// A value and where it was written: for a leaf of the values its place in the values file, for a result of a function
/// the place of the value that it was made from. Detached where nothing is known or nothing is traced.
#[derive(Clone, Debug, Default)]
pub struct Item {
    /// The value.
    pub value: Value,
    /// Where it comes from.
    pub span: Span,
}

impl Item {
    /// A value with its place.
    pub fn new(value: impl Into<Value>, span: Span) -> Self {
        Self { value: value.into(), span }
    }
}

impl<T: Into<Value>> From<T> for Item {
    fn from(value: T) -> Self {
        Self { value: value.into(), span: Span::DETACHED }
    }
}

/// A Go value inside `interface{}`. Cloning shares.
#[derive(Clone, Debug, Default)]
pub enum Value {
    /// The nil interface: a null, or a missing key.
    #[default]
    Nil,
    /// `bool`.
    Bool(bool),
    /// `int`: literals, `len`, `until`, `int`.
    Int(i64),
    /// `int64`: arithmetic of sprig, `--set`.
    Int64(i64),
    /// `float64`: every number of a values file.
    Float(f64),
    /// `string`.
    Str(Text),
    /// A slice.
    List(List),
    /// A map with string keys.
    Map(Map),
    /// Everything else: other numbers, structs, pointers to structs.
    Object(Rc<dyn Object>),
}

/// A byte string, usually UTF-8, with the places its bytes came from where that is traced.
#[derive(Clone)]
pub struct Text(Rc<Body>);

struct Body {
    bytes: Box<[u8]>,
    map: Option<SpanMap>,
}

impl Text {
    /// A text of unknown origin.
    pub fn new(bytes: impl Into<Box<[u8]>>) -> Self {
        Self(Rc::new(Body { bytes: bytes.into(), map: None }))
    }

    /// A text whose stretches have origins.
    pub fn traced(bytes: impl Into<Box<[u8]>>, map: SpanMap) -> Self {
        Self(Rc::new(Body { bytes: bytes.into(), map: (!map.pieces().is_empty()).then_some(map) }))
    }

    /// The bytes.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0.bytes
    }

    /// The text with every invalid byte replaced by U+FFFD.
    pub fn to_str_lossy(&self) -> std::borrow::Cow<'_, str> {
        String::from_utf8_lossy(&self.0.bytes)
    }

    /// Where the bytes came from, if traced.
    pub fn map(&self) -> Option<&SpanMap> {
        self.0.map.as_ref()
    }
}

impl Deref for Text {
    type Target = [u8];
    fn deref(&self) -> &[u8] {
        &self.0.bytes
    }
}

impl Borrow<[u8]> for Text {
    fn borrow(&self) -> &[u8] {
        &self.0.bytes
    }
}

impl PartialEq for Text {
    fn eq(&self, other: &Self) -> bool {
        self.0.bytes == other.0.bytes
    }
}

impl Eq for Text {}

impl PartialOrd for Text {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Text {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.bytes.cmp(&other.0.bytes)
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.to_str_lossy(), f)
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Self::new(text.as_bytes())
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        Self::new(text.into_bytes())
    }
}

impl From<&[u8]> for Text {
    fn from(bytes: &[u8]) -> Self {
        Self::new(bytes)
    }
}

impl From<Vec<u8>> for Text {
    fn from(bytes: Vec<u8>) -> Self {
        Self::new(bytes)
    }
}

/// The static type of a slice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListType {
    /// `[]interface {}`.
    Any,
    /// `[]string`.
    Str,
    /// `[]int`.
    Int,
    /// `[]uint8`; the items are objects of type `uint8`.
    Byte,
    /// `[][]interface {}`, of `chunk`.
    Lists,
    /// `[]map[string]interface {}`, of TOML's arrays of tables.
    Maps,
    /// A named slice type, as Helm's version set.
    Named(&'static NamedList),
}

/// A slice type with a name and methods.
#[derive(Debug)]
pub struct NamedList {
    /// As `%T` prints it.
    pub name: &'static str,
    /// Its items.
    pub element: Type,
    /// Its methods.
    pub methods: &'static [Method],
}

impl PartialEq for NamedList {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for NamedList {}

/// A slice. Templates cannot write into one, so it is shared and immutable.
#[derive(Clone, Debug)]
pub struct List {
    /// Its items.
    pub items: Rc<[Item]>,
    /// Its static type.
    pub list_type: ListType,
    /// Whether it is Go's nil slice, which JSON prints as `null`.
    pub is_nil: bool,
}

impl List {
    /// A slice of type `[]interface {}`.
    pub fn any(items: impl Into<Rc<[Item]>>) -> Self {
        Self { items: items.into(), list_type: ListType::Any, is_nil: false }
    }

    /// A slice of type `[]string`.
    pub fn strings<T: Into<Text>>(texts: impl IntoIterator<Item = T>) -> Self {
        let items = texts.into_iter().map(|text| Item::from(Value::Str(text.into())));
        Self { items: items.collect(), list_type: ListType::Str, is_nil: false }
    }

    /// A slice of type `[]int`.
    pub fn ints(numbers: impl IntoIterator<Item = i64>) -> Self {
        let items = numbers.into_iter().map(|number| Item::from(Value::Int(number)));
        Self { items: items.collect(), list_type: ListType::Int, is_nil: false }
    }
}

/// The static type of a map.
#[derive(Debug)]
pub struct MapType {
    /// As `%T` prints it.
    pub name: &'static str,
    /// Its elements.
    pub element: Type,
    /// Its methods, for named map types.
    pub methods: &'static [Method],
}

impl MapType {
    /// `map[string]interface {}`.
    pub const ANY: &'static MapType = &MapType { name: "map[string]interface {}", element: Type::Any, methods: &[] };
    /// `map[string]string`, of `split`.
    pub const STR: &'static MapType = &MapType { name: "map[string]string", element: Type::Str, methods: &[] };
}

/// A map with string keys, iterated by rising key. Clones are the same map: a write through one is seen by all.
#[derive(Clone)]
pub struct Map {
    entries: Rc<RefCell<BTreeMap<Text, Item>>>,
    map_type: &'static MapType,
}

impl Map {
    /// An empty map of type `map[string]interface {}`.
    pub fn new() -> Self {
        Self::of(MapType::ANY, [])
    }

    /// A map of the given type.
    pub fn of(map_type: &'static MapType, entries: impl IntoIterator<Item = (Text, Item)>) -> Self {
        Self { entries: Rc::new(RefCell::new(entries.into_iter().collect())), map_type }
    }

    /// The same entries, shared, under another static type (Go's conversion of a map).
    #[must_use]
    pub fn typed(&self, map_type: &'static MapType) -> Self {
        Self { entries: Rc::clone(&self.entries), map_type }
    }

    /// Its static type.
    pub fn map_type(&self) -> &'static MapType {
        self.map_type
    }

    /// The entries, to read. Hold the guard briefly and never while a function or a template runs.
    pub fn read(&self) -> Ref<'_, BTreeMap<Text, Item>> {
        RefCell::borrow(&self.entries)
    }

    /// The entry of `key`.
    pub fn get(&self, key: &[u8]) -> Option<Item> {
        RefCell::borrow(&self.entries).get(key).cloned()
    }

    /// Writes an entry; all clones see it.
    pub fn insert(&self, key: impl Into<Text>, item: impl Into<Item>) {
        self.entries.borrow_mut().insert(key.into(), item.into());
    }

    /// Removes an entry; all clones see it.
    pub fn remove(&self, key: &[u8]) {
        self.entries.borrow_mut().remove(key);
    }

    /// Number of entries.
    pub fn len(&self) -> usize {
        RefCell::borrow(&self.entries).len()
    }

    /// Whether there is no entry.
    pub fn is_empty(&self) -> bool {
        RefCell::borrow(&self.entries).is_empty()
    }

    /// The entries as they are now, by rising key.
    pub fn snapshot(&self) -> Vec<(Text, Item)> {
        RefCell::borrow(&self.entries).iter().map(|(key, item)| (key.clone(), item.clone())).collect()
    }

    /// Whether both are the same map.
    pub fn same(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.entries, &other.entries)
    }
}

impl Default for Map {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Map {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.entries.try_borrow() {
            Ok(entries) => f.debug_map().entries(entries.keys().map(|key| (key, "…"))).finish(),
            Err(_) => f.write_str("map"),
        }
    }
}

/// A method that templates can call on a value of a named type.
#[derive(Debug)]
pub struct Method {
    /// Its name.
    pub name: &'static str,
    /// The types of its arguments, without the receiver.
    pub parameters: &'static [Type],
    /// Calls it; the receiver is the first argument.
    pub call: fn(&mut Call<'_>, Args<'_>) -> Result<Value, Failure>,
}

/// A Go value that is no plain scalar, slice or map: `uint8`, `time.Time`, `*semver.Version`, Helm's structs.
pub trait Object: fmt::Debug {
    /// The type as `%T` prints it: `time.Time`, `*common.Capabilities`.
    fn type_name(&self) -> &str;

    /// The kind as sprig's `kindOf` prints it: `struct`, `ptr`, `uint8`, `int64`.
    fn kind(&self) -> &'static str;

    /// Field names and values of a struct (or what a pointer points to), in order of declaration. Empty for others.
    fn fields(&self) -> Vec<(&'static str, Item)> {
        Vec::new()
    }

    /// Methods.
    fn methods(&self) -> &'static [Method] {
        &[]
    }

    /// The number, for integer kinds.
    fn integer(&self) -> Option<i128> {
        None
    }

    /// What `String()` or `Error()` gives, for types that have one: how `print` and `%v` show the value.
    fn display(&self) -> Option<Text> {
        None
    }

    /// What `MarshalJSON` or `MarshalText` gives as a value, for types that have one; `toYaml` uses it too.
    fn json(&self) -> Option<Value> {
        None
    }

    /// The zero value, for sprig's `empty` and Go's truth.
    fn is_zero(&self) -> bool {
        false
    }

    /// For downcasts in the functions that take this very type.
    fn as_any(&self) -> &dyn std::any::Any;
}

macro_rules! from {
    ($($source:ty => $variant:ident),* $(,)?) => {
        $(impl From<$source> for Value {
            fn from(value: $source) -> Self {
                Value::$variant(value.into())
            }
        })*
    };
}

from!(bool => Bool, f64 => Float, Text => Str, &str => Str, String => Str, Vec<u8> => Str, List => List, Map => Map);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes() {
        assert_eq!(size_of::<Text>(), 8);
        assert!(size_of::<Value>() <= 32, "{}", size_of::<Value>());
    }

    #[test]
    fn clones_of_a_map_are_one_map() {
        let map = Map::new();
        let other = map.clone();
        other.insert("a", Value::Int(1));
        assert_eq!(map.len(), 1);
        assert!(map.same(&other));
    }
}
