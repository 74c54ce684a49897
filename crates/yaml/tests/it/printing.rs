//! Printed text against what go-yaml v2.4.2 and Go's `encoding/json` print, see `cases-emit/README.md`.

use std::path::Path;

use proptest::prelude::*;
use serde_json::Value as Json;
use source::{FileId, Span};
use testkit::{Score, corpus, expect_text, folders, run};
use yaml::{Dialect, Limits, List, Map, Node, Value, read, to_json, to_yaml, to_yaml_mapped, to_yaml_stream};

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
fn blocks_hold_tabs_only_as_go_yaml_v3_prints_them() {
    let text =
        Node::detached([("a", Node::detached("x\ty\n")), ("b", Node::detached("x\ty"))].into_iter().collect::<Map>());
    assert_eq!(to_yaml(&text), "a: \"x\\ty\\n\"\nb: \"x\\ty\"\n");
    assert_eq!(yaml::to_yaml_indented(&text), "a: |\n  x\ty\nb: \"x\\ty\"\n");
}

#[test]
fn documents_are_joined_as_a_build_prints_them() {
    let documents = ["{\"a\": 1}", "\"text\\n\\n\"", "[]"].map(|json| node(&serde_json::from_str(json).unwrap()));
    assert_eq!(to_yaml_stream(&documents), "a: 1\n---\n|+\n  text\n\n---\n[]\n");
}

fn read_back(text: &str, dialect: Dialect) -> Result<Vec<Node>, String> {
    read(FileId::new(1), text.as_bytes(), dialect, &Limits::default()).map_err(|diagnostic| diagnostic.message)
}

#[expect(clippy::disallowed_methods, reason = "a test reads its own case")]
fn reprint(case: &Path) -> Result<(), String> {
    for (file, dialect) in [("expected.yaml", Dialect::Kubernetes), ("expected.fifo.yaml", Dialect::Kustomize)] {
        let Ok(expected) = std::fs::read_to_string(case.join(file)) else { continue };
        if !expected.is_empty() {
            expect_text(&expected, &to_yaml_stream(&read_back(&expected, dialect)?))?;
        }
    }
    Ok(())
}

/// Everything that the real tool printed is printed again byte for byte, but for keys whose order changes from run to run
/// upstream.
#[test]
fn conformance_printed_again() {
    let Some(cases) = corpus("kustomize") else { return };
    let cases = folders(&cases.join("cases"));
    let outcomes = run(&cases, |case| reprint(&case.path));
    let score = Score::of("yaml-printed-again", cases.iter().map(|case| case.name.clone()).zip(outcomes));
    score.print();
    assert!(score.passed + 3 >= score.all(), "{} of {}", score.passed, score.all());
}

fn tree() -> impl Strategy<Value = Node> {
    // U+0085 does not survive upstream's printing, and a bare `<<` is read back as a merge.
    let text = || {
        prop_oneof![
            "[ -~\u{9}\n\r]{0,40}",
            "[ \n#:\\-?|>'\"a]{0,12}",
            "[-+0-9_:.eExobTZ ]{1,12}",
            "\\PC{0,20}",
            "([a-z]{1,12} ){10,20}[a-z]",
            "[\u{2028}\u{2029}\u{feff}\u{a0}é\u{1f642}\n ]{1,6}",
        ]
        .prop_filter("kept by upstream", |text| !text.contains('\u{85}') && text != "<<")
    };
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        any::<i64>().prop_map(Value::Int),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_filter("JSON has no others", |number| number.is_finite()).prop_map(Value::Float),
        text().prop_map(Value::from),
    ];
    leaf.prop_map(Node::detached).prop_recursive(5, 60, 6, move |inner| {
        let field = (text(), inner.clone());
        prop_oneof![
            prop::collection::vec(inner, 0..6).prop_map(|items| Node::detached(List::from_iter(items))),
            prop::collection::vec(field, 0..6).prop_map(|fields| Node::detached(Map::from_iter(fields))),
        ]
    })
}

proptest! {
    #[test]
    fn reading_what_was_printed_gives_the_tree(tree in tree()) {
        let text = to_yaml(&tree);
        prop_assert_eq!(read_back(&text, Dialect::Kubernetes), Ok(vec![tree.clone()]), "{}", text);
        let json = to_json(&tree);
        prop_assert_eq!(read_back(&json, Dialect::Kubernetes), Ok(vec![tree]), "{}", json);
    }

    #[test]
    fn the_order_of_insertion_does_not_show(keys in prop::collection::btree_set("[a-c0-3_]{0,4}", 0..12)) {
        let map = |keys: &mut dyn Iterator<Item = &String>| {
            Node::detached(keys.map(|key| (key.as_str(), Node::detached(true))).collect::<Map>())
        };
        prop_assert_eq!(to_yaml(&map(&mut keys.iter())), to_yaml(&map(&mut keys.iter().rev())));
    }
}
