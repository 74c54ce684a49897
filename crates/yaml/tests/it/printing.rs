//! Printed text against what go-yaml v2.4.2 and Go's `encoding/json` print, see `cases-emit/README.md`.

use serde_json::Value as Json;
use source::{FileId, Span};
use testkit::expect_text;
use yaml::{Map, Node, Value, to_json, to_yaml, to_yaml_mapped, to_yaml_stream};

fn node(json: &Json) -> Node {
    Node::detached(match json {
        Json::Null => Value::Null,
        Json::Bool(value) => Value::Bool(*value),
        Json::Number(number) => match (number.as_i64(), number.as_u64()) {
            (Some(number), _) => Value::Int(number),
            (None, Some(number)) => Value::Uint(number),
            (None, None) => Value::Float(number.as_f64().unwrap_or(f64::NAN)),
        },
        Json::String(text) => Value::from(text.as_str()),
        Json::Array(items) => Value::List(items.iter().map(node).collect()),
        Json::Object(fields) => Value::Map(fields.iter().map(|(key, value)| (key.as_str(), node(value))).collect()),
    })
}

#[test]
fn prints_as_upstream_does() {
    let cases = include_str!("../cases-emit/printed.jsonl").lines();
    let failures: Vec<String> = cases
        .filter_map(|line| {
            let case: Json = serde_json::from_str(line).unwrap();
            let tree = node(&case["value"]);
            let yaml = expect_text(case["yaml"].as_str().unwrap(), &to_yaml(&tree));
            let json = case["json"].as_str().map_or(Ok(()), |json| expect_text(json, &to_json(&tree)));
            yaml.and(json).err().map(|diff| format!("{}\n{diff}", case["value"]))
        })
        .collect();
    assert!(failures.is_empty(), "{} differ:\n{}", failures.len(), failures.join("\n"));
}

#[test]
fn the_map_leads_from_printed_text_to_spans() {
    let span = |start, end| Span::new(FileId::new(1), start, end);
    let mut fields = Map::new();
    fields.insert("b", Node::new(span(3, 4), 12_i64));
    fields.insert("a", Node::new(span(10, 20), "two\nlines\n"));
    fields.insert("c", Node::detached("from nowhere"));
    let (text, map) = to_yaml_mapped(&Node::new(span(0, 20), fields));
    assert_eq!(text, "a: |\n  two\n  lines\nb: 12\nc: from nowhere\n");
    let pieces: Vec<_> = map.pieces().iter().map(|p| (&text[p.start..p.end], p.origin)).collect();
    let (a, b) = (span(10, 20), span(3, 4));
    assert_eq!(pieces, [("a", a), ("|\n  two\n  lines\n", a), ("b", b), ("12", b)]);
}

#[test]
fn documents_are_joined_as_a_build_prints_them() {
    let documents = ["{\"a\": 1}", "\"text\\n\\n\"", "[]"].map(|json| node(&serde_json::from_str(json).unwrap()));
    assert_eq!(to_yaml_stream(&documents), "a: 1\n---\n|+\n  text\n\n---\n[]\n");
}
