//! What Go 1.26's text/template gives.

use super::super::testing::{call, error, text};
use crate::{Integer, List, Map, Value};

fn truth(name: &str, arguments: &[Value]) -> bool {
    matches!(call(name, arguments), Ok(Value::Bool(true)))
}

#[test]
fn comparison() {
    assert!(truth("eq", &[Value::Int(1), Value::Int(2), Value::Int64(1)]));
    assert!(truth("eq", &[Integer::value("uint8", 1), Value::Int(1)]));
    assert!(truth("eq", &[Value::Nil, Value::Nil]) && !truth("eq", &[Value::Nil, "".into()]));
    assert!(truth("lt", &["a".into(), "b".into()]) && truth("ge", &[Value::Float(2.0), Value::Float(2.0)]));
    let both = [Value::Float(42.0), Value::Int(42)];
    for name in ["eq", "ne", "lt", "le", "gt", "ge"] {
        assert_eq!(error(name, &both), "incompatible types for comparison: float64 and int");
    }
    assert_eq!(error("eq", &[Value::Int(1)]), "missing argument for comparison");
    assert_eq!(error("lt", &[Value::Bool(true), Value::Bool(false)]), "invalid type for comparison");
    let map = Map::new();
    map.insert("a", Value::Float(1.0));
    let map = Value::Map(map);
    let message = "non-comparable type map[a:%!s(float64=1)]: map[string]interface {}";
    assert_eq!(error("eq", &[map.clone(), map.clone()]), message);
    let message = "non-comparable types map[a:%!s(float64=1)]: map[string]interface {}, []interface {}: []";
    assert_eq!(error("eq", &[map, List::any([]).into()]), message);
}

#[test]
fn indexing() {
    let list = Value::List(List::any(["a".into(), "b".into()]));
    assert_eq!(text("index", &[list.clone(), Value::Int(1)]), "b");
    assert_eq!(error("index", &[list.clone(), Value::Int(2)]), "reflect: slice index out of range");
    assert_eq!(error("index", &[list.clone(), Value::Int(3)]), "index out of range: 3");
    assert_eq!(error("index", &[list.clone(), Value::Nil]), "cannot index slice/array with nil");
    assert_eq!(error("index", &[list.clone(), "x".into()]), "cannot index slice/array with type string");
    assert_eq!(error("index", &[Map::new().into(), Value::Int(1)]), "value has type int; should be string");
    assert_eq!(error("index", &[Map::new().into(), "x".into(), "y".into()]), "index of nil pointer");
    assert_eq!(error("index", &[Value::Bool(true), "x".into()]), "can't index item of type bool");
    assert!(matches!(call("index", &["é".into(), Value::Int(0)]), Ok(byte) if byte.type_name() == "uint8"));
    assert_eq!(error("len", &[Value::Nil]), "len of nil pointer");
    assert_eq!(error("len", &[Value::Int(3)]), "len of type int");
}

#[test]
fn escaping() {
    assert_eq!(text("html", &["<a href='x'>&\"\0".into()]), "&lt;a href=&#39;x&#39;&gt;&amp;&#34;\u{FFFD}");
    let shown = text("js", &["it's </x> \n \u{2028}é=\u{7f}".into()]);
    assert_eq!(shown, "it\\'s \\u003C/x\\u003E \\u000A \\u2028é\\u003D\u{7f}");
    assert_eq!(text("urlquery", &["a b&c=d/é~".into()]), "a+b%26c%3Dd%2F%C3%A9~");
    assert_eq!(text("urlquery", &[Value::Nil]), "%3Cno+value%3E");
}
