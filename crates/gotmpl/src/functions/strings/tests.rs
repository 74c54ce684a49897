//! What sprig 3.3.0 gives.

use super::super::testing::{call, error, text};
use super::*;
use crate::{Item, List};

fn str(text: &str) -> Value {
    text.into()
}

#[test]
fn words() {
    let cases = [
        ("snakecase", "HTTP20xOK Bld4Floor3rd-http2xx", "http_20x_ok_bld4_floor_3rd_http_2xx"),
        ("kebabcase", "FirstName_GO PATH__x", "first-name-go-path--x"),
        ("camelcase", "_complex__case_http-server", "_Complex_CaseHttpServer"),
        ("camelcase", "GOLANG_IS_GREAT", "GolangIsGreat"),
        ("camelcase", "__", "___"),
        ("title", "hello wORLD_x a-b", "Hello WORLD_x A-B"),
        ("untitle", "Hello World", "hello world"),
        ("swapcase", "aBC def", "Abc DEF"),
        ("initials", "First Try", "FT"),
        ("nospace", " h e\u{a0}", "he\u{c2}"),
        ("upper", "straße é", "STRAßE É"),
    ];
    for (name, given, expected) in cases {
        assert_eq!(text(name, &[given.into()]), expected, "{name} {given}");
    }
}

#[test]
fn parts_of_texts() {
    assert_eq!(text("trunc", &[Value::Int(-3), str("hello")]), "llo");
    assert_eq!(text("substr", &[Value::Int(1), Value::Int(-1), str("hello")]), "ello");
    let bounds = [Value::Int(9), Value::Int(20), str("hello")];
    assert_eq!(error("substr", &bounds), "runtime error: slice bounds out of range [9:5]");
    let bounds = [Value::Int(-1), Value::Int(9), str("hello")];
    assert_eq!(error("substr", &bounds), "runtime error: slice bounds out of range [:9] with length 5");
    assert_eq!(text("trim", &[str("\u{2028} x \u{a0}\n")]), "x");
    assert_eq!(text("trimAll", &[str("é$"), str("$é5é$")]), "5");
    assert_eq!(text("abbrev", &[Value::Int(5), str("hello world")]), "he...");
    assert_eq!(text("abbrevboth", &[Value::Int(5), Value::Int(10), str("1234 5678 9123")]), "...5678...");
}

#[test]
fn lines() {
    assert_eq!(text("nindent", &[Value::Int(2), str("a\n\nb")]), "\n  a\n  \n  b");
    assert_eq!(error("indent", &[Value::Int(-1), str("a")]), "strings: negative Repeat count");
    assert_eq!(text("wrap", &[Value::Int(5), str("Hello World longerword x")]), "Hello\nWorld\nlongerword\nx");
    assert_eq!(text("wrapWith", &[Value::Int(5), str("\t"), str("Hello LongerWord")]), "Hello\tLonge\trWord");
}

#[test]
fn texts_of_values() {
    let list = Value::List(List::any([Item::from(Value::Nil), 1e6.into(), "b".into(), true.into()]));
    assert_eq!(text("join", &[str("-"), list.clone()]), "1e+06-b-true");
    assert_eq!(text("quote", &[Value::Nil, str("a\"b"), Value::Float(2.0)]), "\"a\\\"b\" \"2\"");
    assert_eq!(text("squote", &[list.clone(), str("x")]), "'[<nil> 1e+06 b true]' 'x'");
    assert_eq!(text("cat", &[str("a"), Value::Nil, Value::Int(1)]), "a 1");
    assert_eq!(text("toString", &[Value::Nil]), "<nil>");
    let Ok(Value::List(sorted)) = call("sortAlpha", &[list]) else { panic!() };
    assert_eq!(sorted.list_type().name, "[]string");
    assert_eq!(text("join", &[str(","), sorted.into()]), "1e+06,b,true");
}

#[test]
fn replacing_and_splitting() {
    assert_eq!(text("replace", &[str(""), str("-"), str("aé")]), "-a-é-");
    assert_eq!(text("repeat", &[Value::Int(2), str("ab")]), "abab");
    let Ok(Value::Map(parts)) = call("splitn", &[str("$"), Value::Int(2), str("a$b$c")]) else { panic!() };
    assert_eq!(parts.map_type().name, "map[string]string");
    let shown: Vec<_> = parts.snapshot().into_iter().map(|(key, item)| (key, item.value.kind())).collect();
    assert_eq!(shown, [("_0".into(), "string"), ("_1".into(), "string")]);
    let Ok(Value::List(letters)) = call("splitList", &[str(""), str("aé")]) else { panic!() };
    assert_eq!(letters.len(), 2);
}

#[test]
fn bombs_are_refused() {
    let Err(Failure::Budget(_)) = call("repeat", &[Value::Int(i64::MAX / 4), str("abc")]) else { panic!() };
    let Err(Failure::Budget(_)) = call("indent", &[Value::Int(i64::MAX), str("abc\nd")]) else { panic!() };
    assert_eq!(error("repeat", &[Value::Int(i64::MAX), str("abc")]), "strings: Repeat output length overflow");
}
