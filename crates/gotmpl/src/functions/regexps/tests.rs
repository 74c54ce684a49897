//! Patterns, texts and what Go 1.26's `regexp` makes of them.

use super::*;
use crate::{Budget, Env, Limits};
use source::Span;

fn call(name: &str, args: &[Value]) -> Result<Value, String> {
    let args: Vec<Item> = args.iter().cloned().map(Item::from).collect();
    let (env, mut budget) = (Env::default(), Budget::new(Limits::default()));
    let mut call = Call { env: &env, budget: &mut budget, span: Span::DETACHED, traced: false, draws: &mut 0 };
    (crate::find(name).unwrap().call)(&mut call, Args(&args)).map_err(|failure| match failure {
        Failure::Error(message) => String::from_utf8(message).unwrap(),
        other => format!("{other:?}"),
    })
}

fn error(pattern: &str) -> String {
    let message = call("mustRegexFind", &[pattern.into(), "".into()]).unwrap_err();
    message.strip_prefix("error parsing regexp: ").unwrap().to_owned()
}

fn text(value: &Value) -> Vec<u8> {
    match value {
        Value::Str(text) => text.to_vec(),
        other => panic!("{other:?}"),
    }
}

fn replaced(pattern: &str, text: &str, replacement: &str) -> String {
    let value = call("regexReplaceAll", &[pattern.into(), text.into(), replacement.into()]).unwrap();
    String::from_utf8(self::text(&value)).unwrap()
}

fn parts(name: &str, pattern: &str, text: &str, limit: i64) -> Vec<String> {
    match call(name, &[pattern.into(), text.into(), Value::Int(limit)]).unwrap() {
        Value::List(list) => {
            list.items().iter().map(|item| String::from_utf8(self::text(&item.value)).unwrap()).collect()
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn errors_are_those_of_go() {
    for (pattern, message) in [
        ("(", "missing closing ): `(`"),
        ("a)", "unexpected ): `a)`"),
        ("[a", "missing closing ]: `[a`"),
        ("x[z-a]", "invalid character class range: `z-a`"),
        ("[[:nope:]]", "invalid character class range: `[:nope:]`"),
        ("\\p{Nope}(", "invalid character class range: `\\p{Nope}`"),
        ("a**", "invalid nested repetition operator: `**`"),
        ("a{2}{3}?", "invalid nested repetition operator: `{2}{3}?`"),
        ("|*", "missing argument to repetition operator: `*`"),
        ("(?i)*?", "missing argument to repetition operator: `*?`"),
        ("a{1001}", "invalid repeat count: `{1001}`"),
        ("(a{100}){11}", "invalid repeat count: `{11}`"),
        ("a{2,1}", "invalid repeat count: `{2,1}`"),
        ("\\8", "invalid escape sequence: `\\8`"),
        ("\\Z", "invalid escape sequence: `\\Z`"),
        ("[a-\\d]", "invalid escape sequence: `\\d`"),
        ("\\x{110000}", "invalid escape sequence: `\\x{110000`"),
        ("a\\", "trailing backslash at end of expression: ``"),
        ("(?P<x y>a)", "invalid named capture: `(?P<x y>`"),
        ("(?<!a)", "invalid named capture: `(?<!a)`"),
        ("(?i-)", "invalid or unsupported Perl syntax: `(?i-)`"),
    ] {
        assert_eq!(error(pattern), message, "{pattern}");
    }
    assert_eq!(
        call("regexFind", &["(`".into(), "".into()]).unwrap_err(),
        "regexp: Compile(\"(`\"): error parsing regexp: missing closing ): `(``"
    );
}

#[test]
fn empty_matches() {
    assert_eq!(replaced("x*", "abc", "-"), "-a-b-c-");
    assert_eq!(replaced("b*", "abc", "-"), "-a-c-");
    assert_eq!(parts("regexFindAll", "b*", "abc", -1), ["", "b", ""]);
    assert_eq!(parts("regexSplit", "", "abc", -1), ["a", "b", "c"]);
    assert_eq!(parts("regexSplit", "a*", "baac", 2), ["b", "c"]);
}

#[test]
fn classes_are_of_ascii() {
    assert_eq!(replaced("\\w+", "añb", "-"), "-ñ-");
    assert_eq!(replaced("\\bb", "ñb", "-"), "ñ-");
    assert_eq!(replaced("[^\\W\\d]", "a1-\u{b}", "-"), "-1-\u{b}");
    assert_eq!(replaced("(?i)k", "\u{212a}", "-"), "-");
    assert_eq!(replaced("\\Qa.b\\E+", "a.bb axb", "-"), "- axb");
    assert_eq!(replaced("[]&&[a-]+", "a]&-b[", "-"), "-b-");
    assert_eq!(replaced("a{,2}", "a{,2}", "-"), "-");
}

#[test]
fn patterns_that_grow_are_refused() {
    let pattern = "(?:\\pL{1,31}){32}".repeat(80);
    assert!(call("regexMatch", &[pattern.as_str().into(), "".into()]).unwrap_err().starts_with("Budget"));
    let nested = "(".repeat(2000) + &")".repeat(2000);
    assert!(error(&nested).starts_with("expression nests too deeply"));
}
