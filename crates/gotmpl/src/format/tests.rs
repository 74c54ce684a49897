//! What Go 1.26's `fmt` prints for the same values.

use super::*;
use crate::{Integer, Limits, List, ListType, Map};

fn formatted(format: &str, items: &[Item]) -> String {
    let mut budget = Budget::new(Limits::default());
    String::from_utf8(sprintf(format.as_bytes(), items, &mut budget).unwrap()).unwrap()
}

fn map() -> Value {
    let map = Map::new();
    map.insert("k", Value::from("v"));
    map.insert("a", Value::Nil);
    Value::Map(map)
}

#[test]
fn verbs() {
    let bytes = List::of(ListType::BYTE, [1_u8, 255].map(|byte| Integer::value("uint8", byte).into()));
    let nested = List::any([Item::from("x"), Item::from(Value::Int(7)), Item::from(Value::Nil)]);
    let cases: [(&str, Item, &str); 27] = [
        ("%v", 1e6.into(), "1e+06"),
        ("%6.2f|%[1]e", 2.5.into(), "  2.50|2.500000e+00"),
        ("%#g %[1]b %[1]x", 1.5.into(), "1.50000 6755399441055744p-52 0x1.8p+00"),
        ("%+08.3f", 2.72.into(), "+002.720"),
        ("%s", 1.25.into(), "%!s(float64=1.25)"),
        ("%d", 42.0.into(), "%!d(float64=42)"),
        ("%5d|%-5[1]d|%05[1]d|%+[1]d", Value::Int(-42).into(), "  -42|-42  |-0042|-42"),
        (
            "%x %#[1]o %[1]O %08[1]b %[1]c %[1]q %#[1]U",
            Value::Int(65).into(),
            "41 0101 0o101 01000001 A 'A' U+0041 'A'",
        ),
        ("%T", Value::Int64(1).into(), "int64"),
        ("%s", Value::Nil.into(), "%!s(<nil>)"),
        ("%v", Value::Nil.into(), "<nil>"),
        ("%t %[1]d", true.into(), "true %!d(bool=true)"),
        ("%q %+[1]q %#[1]q", "é\"".into(), "\"é\\\"\" \"\\u00e9\\\"\" `é\"`"),
        ("%-6.2s|%06[1]s", "日本語".into(), "日本    |000日本語"),
        ("% x %#[1]X", "hi".into(), "68 69 0X6869"),
        ("%d", "hi".into(), "%!d(string=hi)"),
        ("%w", "hi".into(), "%!w(string=hi)"),
        (
            "%v %+[1]v %#[1]v",
            map().into(),
            "map[a:<nil> k:v] map[a:<nil> k:v] map[string]interface {}{\"a\":interface {}(nil), \"k\":\"v\"}",
        ),
        ("%s %[1]d", map().into(), "map[a:<nil> k:v] map[%!d(string=a):<nil> %!d(string=k):%!d(string=v)]"),
        ("%v %#[1]v", nested.into(), "[x 7 <nil>] []interface {}{\"x\", 7, interface {}(nil)}"),
        ("%v %x %#[1]v", bytes.into(), "[1 255] %!x(MISSING) []byte{0x1, 0xff}"),
        ("%v %#[1]v", List::strings(["a", "b"]).into(), "[a b] []string{\"a\", \"b\"}"),
        ("%!", "x".into(), "%!!(string=x)"),
        ("%z %", Value::Int(1).into(), "%!z(int=1) %!(NOVERB)"),
        ("%[3]d %[x]d %[1]2d %.*d", Value::Int(1).into(), "%!d(BADINDEX) %!d(BADINDEX) %!d(BADINDEX) %!d(MISSING)"),
        ("%*d", "w".into(), "%!(BADWIDTH)%!d(MISSING)"),
        ("100%%", 2.5.into(), "100%%!(EXTRA float64=2.5)"),
    ];
    for (format, item, expected) in cases {
        assert_eq!(formatted(format, &[item]), expected, "{format}");
    }
}

#[test]
fn blanks_between_operands() {
    let mut budget = Budget::new(Limits::default());
    let items: [Item; 6] = [Value::Int(1).into(), Value::Nil.into(), "a".into(), "b".into(), true.into(), 2.5.into()];
    assert_eq!(sprint(&items, &mut budget).unwrap(), b"1 <nil>abtrue 2.5");
    assert_eq!(sprintln(&items, &mut budget).unwrap(), b"1 <nil> a b true 2.5\n");
}

#[test]
fn what_holds_itself_ends() {
    let map = Map::new();
    map.insert("a", Value::Map(map.clone()));
    let mut out = Vec::new();
    print_value(&mut out, &Value::Map(map.clone()));
    assert!(out.starts_with(b"map[a:map[a:map[a:"));
    let mut budget = Budget::new(Limits::default());
    assert!(matches!(sprint(&[map.clone().into()], &mut budget), Err(Failure::Error(_))));
    map.remove(b"a");
}

#[test]
fn widths_are_paid_for() {
    let mut budget = Budget::new(Limits { allocation: 10 << 20, ..Limits::default() });
    let items: Vec<Item> = (0..100).map(|number| Value::Int(number).into()).collect();
    let format = "%1000000d".repeat(100);
    assert!(matches!(sprintf(format.as_bytes(), &items, &mut budget), Err(Failure::Budget(_))));
}
