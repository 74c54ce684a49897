//! The functions of this folder as a template calls them; what is expected here is what helm 4.2.3 printed.

use super::*;
use crate::function::Call;
use crate::{Env, Limits, List};
use source::Span;

fn call(name: &str, args: &[Value]) -> Result<Value, Failure> {
    let args: Vec<Item> = args.iter().cloned().map(Item::from).collect();
    let (env, mut budget) = (Env::default(), Budget::new(Limits { allocation: 1 << 20, ..Limits::default() }));
    let mut call = Call { env: &env, budget: &mut budget, draws: &mut 0, span: Span::DETACHED, traced: false };
    (crate::find(name).unwrap().call)(&mut call, Args(&args))
}

fn json(name: &str, args: &[Value]) -> String {
    let value = call(name, args).unwrap();
    match call("toJson", &[value]).unwrap() {
        Value::Str(text) => text.to_str_lossy().into_owned(),
        other => panic!("{other:?}"),
    }
}

fn error(name: &str, args: &[Value]) -> String {
    match call(name, args).unwrap_err() {
        Failure::Error(message) => String::from_utf8(message).unwrap(),
        other => panic!("{other:?}"),
    }
}

fn list(items: impl IntoIterator<Item = Value>) -> Value {
    Value::List(List::any(items.into_iter().map(Item::from).collect::<Vec<_>>()))
}

fn ints(numbers: impl IntoIterator<Item = i64>) -> Value {
    list(numbers.into_iter().map(Value::Int))
}

fn map<const N: usize>(entries: [(&str, Value); N]) -> Value {
    Value::Map(Map::of(MapType::ANY, entries.map(|(key, value)| (key.into(), Item::from(value)))))
}

#[test]
fn parts_of_lists() {
    assert_eq!(json("rest", &[list([])]), "null");
    assert_eq!(json("rest", &[ints([1])]), "[]");
    assert_eq!(json("concat", &[list([]), list([])]), "null");
    assert_eq!(json("slice", &[ints([3, 1, 2]), Value::Int(1)]), "[1,2]");
    assert_eq!(json("slice", &[list([]), Value::Int(7)]), "null");
    assert_eq!(
        error("slice", &[ints([1, 2, 3]), Value::Int(2), Value::Int(1)]),
        "reflect.Value.Slice: slice index out of bounds"
    );
    assert_eq!(error("append", &[Value::from("a"), Value::Nil]), "Cannot push on type string");
    assert_eq!(error("slice", &[Value::from("a")]), "list should be type of slice or array but string");
    assert_eq!(error("first", &[Value::Nil]), "runtime error: invalid memory address or nil pointer dereference");
}

#[test]
fn chunks() {
    assert_eq!(json("chunk", &[Value::Int(2), ints(1..=5)]), "[[1,2],[3,4],[5]]");
    assert_eq!(json("chunk", &[Value::Int(10), list([])]), "[]");
    assert_eq!(json("chunk", &[Value::Int(-2), ints([1])]), "[[1]]");
    assert_eq!(json("chunk", &[Value::Int(-2), ints([1, 2, 3])]), "[]");
    for (size, items) in [(0, ints([])), (-1, ints([1])), (-2, ints([1, 2, 3, 4]))] {
        assert_eq!(error("chunk", &[Value::Int(size), items]), "runtime error: makeslice: len out of range");
    }
}

#[test]
fn equal_items() {
    let mixed = list([Value::Int(1), Value::Float(1.0), "1".into(), Value::Int(1), "1".into(), list([]), list([])]);
    assert_eq!(json("uniq", std::slice::from_ref(&mixed)), "[1,1,\"1\",[]]");
    assert_eq!(json("without", &[mixed, Value::Int(1), list([])]), "[1,\"1\",\"1\"]");
    assert_eq!(json("has", &[Value::Int(1), Value::Nil]), "false");
}

#[test]
fn merging() {
    let nested = || map([("a", map([("x", Value::Int(1))]))]);
    assert_eq!(
        json("merge", &[nested(), map([("a", map([("x", Value::Int(2)), ("y", Value::Int(3))]))])]),
        "{\"a\":{\"x\":1,\"y\":3}}"
    );
    assert_eq!(json("merge", &[map([]), map([("a", Value::Nil)])]), "{}");
    assert_eq!(json("merge", &[map([("a", map([]))]), map([("a", map([("x", Value::Nil)]))])]), "{\"a\":{\"x\":null}}");
    assert_eq!(json("merge", &[map([("a", "s".into())]), nested()]), "{\"a\":\"s\"}");
    assert_eq!(json("mergeOverwrite", &[map([("a", "s".into())]), nested()]), "{\"a\":{\"x\":1}}");
    assert_eq!(json("mergeOverwrite", &[nested(), map([("a", map([]))])]), "{\"a\":{\"x\":1}}");
    assert_eq!(json("mergeOverwrite", &[nested(), map([("a", Value::Nil)])]), "{\"a\":null}");
    assert_eq!(json("merge", &[Value::Nil, nested()]), "{\"a\":{\"x\":1}}");
}

#[test]
fn merged_maps_are_shared() {
    let source = map([("n", map([("x", Value::Int(1))]))]);
    let Value::Map(merged) = call("merge", &[map([]), source.clone()]).unwrap() else { panic!() };
    let Some(Item { value: Value::Map(inner), .. }) = merged.get(b"n") else { panic!() };
    inner.insert("x", Value::Int(9));
    assert_eq!(json("toJson", &[source]), "\"{\\\"n\\\":{\\\"x\\\":9}}\"");
}

#[test]
fn digging() {
    let deep = map([("a", map([("b", Value::Int(1))]))]);
    assert_eq!(json("dig", &["a".into(), "b".into(), "none".into(), deep.clone()]), "1");
    assert_eq!(json("dig", &["a".into(), "z".into(), "none".into(), deep.clone()]), "\"none\"");
    assert_eq!(
        error("dig", &["a".into(), "b".into(), "c".into(), "none".into(), deep]),
        "interface conversion: interface {} is int, not map[string]interface {}"
    );
    assert_eq!(error("dig", &["a".into()]), "dig needs at least three arguments");
}

#[test]
fn copies_that_explode_are_refused() {
    let bomb = (0..60).fold(ints([1]), |below, _| list([below.clone(), below]));
    assert!(matches!(call("deepCopy", &[bomb]), Err(Failure::Budget(_))));
    let endless = Map::new();
    endless.insert("self", Value::Map(endless.clone()));
    assert!(matches!(call("deepCopy", &[Value::Map(endless.clone())]), Err(Failure::Budget(_))));
    let other = map([("self", Value::Map(endless.clone()))]);
    assert!(matches!(call("merge", &[Value::Map(endless.clone()), other]), Ok(_) | Err(Failure::Budget(_))));
    endless.remove(b"self");
}
