//! Values as Go templates see them: dynamic types, byte strings, maps that are shared and written.

use std::borrow::Borrow;
use std::cell::{OnceCell, Ref, RefCell};
use std::collections::BTreeMap;
use std::fmt;
use std::ops::Deref;
use std::rc::Rc;
use std::sync::Arc;

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

impl Value {
    /// The dynamic type as `%T` prints it.
    pub fn type_name(&self) -> &str {
        match self {
            Value::Nil => "<nil>",
            Value::Bool(_) => "bool",
            Value::Int(_) => "int",
            Value::Int64(_) => "int64",
            Value::Float(_) => "float64",
            Value::Str(_) => "string",
            Value::List(list) => list.list_type().name,
            Value::Map(map) => map.map_type().name,
            Value::Object(object) => object.type_name(),
        }
    }

    /// The kind as `reflect.Kind` prints it: `slice`, `map`, `ptr`, …; `invalid` for nil.
    pub fn kind(&self) -> &'static str {
        match self {
            Value::Nil => "invalid",
            Value::Bool(_) => "bool",
            Value::Int(_) => "int",
            Value::Int64(_) => "int64",
            Value::Float(_) => "float64",
            Value::Str(_) => "string",
            Value::List(_) => "slice",
            Value::Map(_) => "map",
            Value::Object(object) => object.kind(),
        }
    }
}

/// A byte string, usually UTF-8, with the places its bytes came from where that is traced. It can cross threads, so that
/// trees of templates can hold their literals.
#[derive(Clone)]
pub struct Text(Arc<Body>);

struct Body {
    bytes: Box<[u8]>,
    map: Option<SpanMap>,
}

impl Text {
    /// A text of unknown origin.
    pub fn new(bytes: impl Into<Box<[u8]>>) -> Self {
        Self(Arc::new(Body { bytes: bytes.into(), map: None }))
    }

    /// A text whose stretches have origins.
    pub fn traced(bytes: impl Into<Box<[u8]>>, map: SpanMap) -> Self {
        Self(Arc::new(Body { bytes: bytes.into(), map: (!map.pieces().is_empty()).then_some(map) }))
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

impl std::hash::Hash for Text {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.as_bytes().hash(state);
    }
}

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
#[derive(Debug)]
pub struct ListType {
    /// As `%T` prints it.
    pub name: &'static str,
    /// Its items.
    pub element: Type,
    /// Its methods, for named slice types.
    pub methods: &'static [Method],
}

impl ListType {
    /// `[]interface {}`.
    pub const ANY: &'static ListType = &ListType { name: "[]interface {}", element: Type::Any, methods: &[] };
    /// `[]string`.
    pub const STR: &'static ListType = &ListType { name: "[]string", element: Type::Str, methods: &[] };
    /// `[]int`.
    pub const INT: &'static ListType = &ListType { name: "[]int", element: Type::Int, methods: &[] };
    /// `[]uint8`; the items are objects of type `uint8`.
    pub const BYTE: &'static ListType = &ListType { name: "[]uint8", element: Type::Named("uint8"), methods: &[] };
    /// Whether its items are bytes.
    pub fn is_bytes(&self) -> bool {
        self.element == Type::Named("uint8")
    }

    /// `[][]interface {}`, of `chunk`.
    pub const LISTS: &'static ListType = &ListType { name: "[][]interface {}", element: Type::List, methods: &[] };
    /// `[]map[string]interface {}`, of TOML's arrays of tables.
    pub const MAPS: &'static ListType =
        &ListType { name: "[]map[string]interface {}", element: Type::Map, methods: &[] };
}

/// A slice. Templates cannot write into one, so it is shared and immutable.
#[derive(Clone, Debug)]
pub struct List(Rc<ListBody>);

#[derive(Debug)]
struct ListBody {
    /// Of a list of bytes, made when someone asks for them.
    items: OnceCell<Box<[Item]>>,
    bytes: Option<Arc<[u8]>>,
    list_type: &'static ListType,
    is_nil: bool,
}

impl List {
    /// A slice of the given type.
    pub fn of(list_type: &'static ListType, items: impl Into<Box<[Item]>>) -> Self {
        Self(Rc::new(ListBody { items: OnceCell::from(items.into()), bytes: None, list_type, is_nil: false }))
    }

    /// A slice of type `[]uint8`, as large as the bytes as long as nobody looks at single ones.
    pub fn bytes(bytes: impl Into<Arc<[u8]>>) -> Self {
        let items = OnceCell::new();
        Self(Rc::new(ListBody { items, bytes: Some(bytes.into()), list_type: ListType::BYTE, is_nil: false }))
    }

    /// A slice of type `[]interface {}`.
    pub fn any(items: impl Into<Box<[Item]>>) -> Self {
        Self::of(ListType::ANY, items)
    }

    /// A slice of type `[]string`.
    pub fn strings<T: Into<Text>>(texts: impl IntoIterator<Item = T>) -> Self {
        let items = texts.into_iter().map(|text| Item::from(Value::Str(text.into())));
        Self::of(ListType::STR, items.collect::<Vec<_>>())
    }

    /// A slice of type `[]int`.
    pub fn ints(numbers: impl IntoIterator<Item = i64>) -> Self {
        let items = numbers.into_iter().map(|number| Item::from(Value::Int(number)));
        Self::of(ListType::INT, items.collect::<Vec<_>>())
    }

    /// Go's nil slice of the given type: empty, and `null` in JSON.
    pub fn nil(list_type: &'static ListType) -> Self {
        Self(Rc::new(ListBody { items: OnceCell::from(Box::default()), bytes: None, list_type, is_nil: true }))
    }

    /// Its items.
    pub fn items(&self) -> &[Item] {
        self.0.items.get_or_init(|| {
            let bytes = self.0.bytes.as_deref().unwrap_or_default();
            // One object for each of the 256 values.
            let mut known = vec![None; 256];
            let item = |byte: &u8| {
                let value = known.get_mut(usize::from(*byte)).map(|known: &mut Option<Value>| {
                    known.get_or_insert_with(|| Integer::value("uint8", *byte)).clone()
                });
                Item::from(value.unwrap_or_default())
            };
            bytes.iter().map(item).collect()
        })
    }

    /// The bytes of a list made of bytes.
    pub fn as_bytes(&self) -> Option<&Arc<[u8]>> {
        self.0.bytes.as_ref()
    }

    /// Number of items.
    pub fn len(&self) -> usize {
        self.0.bytes.as_ref().map_or_else(|| self.items().len(), |bytes| bytes.len())
    }

    /// Whether there is no item.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Its static type.
    pub fn list_type(&self) -> &'static ListType {
        self.0.list_type
    }

    /// Where it lies in memory, to know it again while it lives.
    pub(crate) fn address(&self) -> usize {
        Rc::as_ptr(&self.0).addr()
    }

    /// Whether it is Go's nil slice, which JSON prints as `null`.
    pub fn is_nil(&self) -> bool {
        self.0.is_nil
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

    /// Where it lies in memory, to know it again while it lives.
    pub(crate) fn address(&self) -> usize {
        Rc::as_ptr(&self.entries).addr()
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

    /// What a function gets that takes any value, if not this. Go copies a struct out of the one that it is a field of, and
    /// with that the methods of a pointer to it are gone.
    fn copied(&self) -> Option<Value> {
        None
    }

    /// What `MarshalJSON` or `MarshalText` gives as a value, for types that have one; `toYaml` uses it too.
    fn json(&self) -> Option<Value> {
        None
    }

    /// What a pointer points to, where printing shows that: pointers without a `String` method.
    fn pointee(&self) -> Option<Value> {
        None
    }

    /// The entries of a map, by rising key, for types of kind `map`.
    fn entries(&self) -> Vec<(Text, Item)> {
        Vec::new()
    }

    /// The zero value, for sprig's `empty` and Go's truth.
    fn is_zero(&self) -> bool {
        false
    }

    /// For downcasts in the functions that take this very type.
    fn as_any(&self) -> &dyn std::any::Any;
}

/// A Go integer of another type than `int` and `int64`: `uint8`, `uint64`, `int32`, or a named one as `time.Duration`
/// without its methods.
#[derive(Debug)]
pub struct Integer {
    /// As `%T` prints it.
    pub type_name: &'static str,
    /// Its kind.
    pub kind: &'static str,
    /// The number.
    pub value: i128,
}

impl Integer {
    /// A value of a type that has the name of its kind.
    pub fn value(kind: &'static str, value: impl Into<i128>) -> Value {
        Value::Object(Rc::new(Self { type_name: kind, kind, value: value.into() }))
    }
}

impl Object for Integer {
    fn type_name(&self) -> &str {
        self.type_name
    }

    fn kind(&self) -> &'static str {
        self.kind
    }

    fn integer(&self) -> Option<i128> {
        Some(self.value)
    }

    fn is_zero(&self) -> bool {
        self.value == 0
    }

    fn as_any(&self) -> &dyn std::any::Any {
        self
    }
}

/// A Go `complex128`, which only a literal can be.
#[derive(Debug)]
pub(crate) struct Complex(pub(crate) (f64, f64));

impl Object for Complex {
    fn type_name(&self) -> &str {
        "complex128"
    }

    fn kind(&self) -> &'static str {
        "complex128"
    }

    fn display(&self) -> Option<Text> {
        let (real, imaginary) = self.0;
        let sign = if imaginary.is_sign_negative() { "" } else { "+" };
        Some(format!("({}{sign}{}i)", yaml::go_float(real), yaml::go_float(imaginary)).into())
    }

    fn is_zero(&self) -> bool {
        self.0 == (0.0, 0.0)
    }

    fn as_any(&self) -> &dyn std::any::Any {
        self
    }
}

/// Go's zero `reflect.Value`, for functions that tell it from nil.
#[derive(Debug)]
pub(crate) struct NoValue;

impl Object for NoValue {
    fn type_name(&self) -> &str {
        "invalid"
    }

    fn kind(&self) -> &'static str {
        "invalid"
    }

    fn is_zero(&self) -> bool {
        true
    }

    fn as_any(&self) -> &dyn std::any::Any {
        self
    }
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
        assert_eq!(size_of::<Value>(), 24);
        assert_eq!(size_of::<Item>(), 32);
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
