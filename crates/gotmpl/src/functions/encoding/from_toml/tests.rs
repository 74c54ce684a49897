//! Documents and what BurntSushi/toml v1.6.0 makes of them.

use super::*;

fn json(text: &str) -> String {
    let map = parse(text.as_bytes()).unwrap_or_else(|error| panic!("{error}"));
    yaml::to_json(&crate::to_node(&Item::from(Value::Map(map))).unwrap())
}

fn error(text: &str) -> String {
    parse(text.as_bytes()).unwrap_err()
}

#[test]
fn values() {
    assert_eq!(json("a = [1_000, 0x1F, +1.5, 'l\\n', \"\\u00e9\", true]"), r#"{"a":[1000,31,1.5,"l\\n","é",true]}"#);
    assert_eq!(json("a = \"\"\"\nml \\\n   x\"\"\"\"\"\nb.c = '''\n'q'''"), r#"{"a":"ml x\"\"","b":{"c":"'q"}}"#);
    assert_eq!(
        json("a = 1979-05-27 07:32:00.5\nb = 07:32"),
        r#"{"a":"1979-05-27T07:32:00.5Z","b":"0000-01-01T07:32:00Z"}"#
    );
}

#[test]
fn tables() {
    assert_eq!(json("[a.b]\nx = 1\n[a]\ny.z = {}\n"), r#"{"a":{"b":{"x":1},"y":{"z":{}}}}"#);
    assert_eq!(json("[[l]]\nx=1\n[l.m]\n[[l]]\n"), r#"{"l":[{"m":{},"x":1},{}]}"#);
    assert_eq!(json("a = {x.y = 1, x.z = [{}]} # c"), r#"{"a":{"x":{"y":1,"z":[{}]}}}"#);
}

#[test]
fn errors_are_those_of_go() {
    for (text, message) in [
        ("bad", "line 1: unexpected EOF; expected key separator '='"),
        ("a = 1\na = 2", "line 2 (last key \"a\"): Key 'a' has already been defined."),
        ("[t]\na =\n", "line 2 (last key \"t.a\"): expected value but found '\\n' instead"),
        ("a = 01", "line 1 (last key \"a\"): Invalid integer \"01\": cannot have leading zeroes"),
        ("a = 1e999", "line 1 (last key \"a\"): 1e999 is out of range for float64"),
        ("a = nope", "line 1 (last key \"a\"): expected value but found \"nope\" instead"),
        ("a = 1979-5-27", "line 1 (last key \"a\"): invalid datetime: \"1979-5-27\""),
        ("a = [1 2]", "line 1 (last key \"a\"): expected a comma (',') or array terminator (']'), but got '2'"),
        ("[]", "line 1: unexpected end of table name (table names cannot be empty)"),
        ("a = \"\\q\"", "line 1 (last key \"a\"): invalid escape in string '\\q'"),
        ("a = 1 b", "line 1: expected a top-level item to end with a newline, comment, or EOF, but got 'b' instead"),
    ] {
        assert_eq!(error(text), format!("toml: {message}"), "{text}");
    }
}
