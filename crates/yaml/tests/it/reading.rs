//! Reading against what the upstream libraries read (see `cases-read/README.md`), and laws that hold for any text.

#![expect(clippy::unwrap_used, reason = "a case that cannot be understood fails its test")]

use std::time::{Duration, Instant};

use proptest::prelude::*;
use serde_json::Value as Json;
use source::{FileId, Span};
use yaml::{
    Dialect, DuplicateKeys, Limits, List, Map, Node, ReadOptions, Value, read, read_first, read_with, to_json, to_yaml,
    type_scalar,
};

const FILE: FileId = FileId::new(1);

fn options(dialect: Dialect, duplicate_keys: DuplicateKeys) -> ReadOptions {
    ReadOptions { dialect, limits: Limits::default(), duplicate_keys }
}

fn as_json(node: &Node) -> Json {
    serde_json::from_str(&to_json(node)).unwrap()
}

fn documents(case: &Json) -> Option<Vec<Json>> {
    let parts = case.as_array()?.iter().map(|part| part.as_str().unwrap());
    Some(parts.filter(|part| !part.is_empty()).map(|part| serde_json::from_str(part).unwrap()).collect())
}

/// Texts that headwater takes differently on purpose.
fn differs_on_purpose(field: &str, text: &str) -> bool {
    // Strict decoding of go-yaml v2 also refuses a field that overrides a merged one, which is what merging is for.
    field == "strict" && text.contains("<<")
}

#[test]
fn reads_as_upstream_does() {
    let mut failures = Vec::new();
    let mut cases = 0;
    for line in include_str!("../cases-read/read.jsonl").lines() {
        let case: Json = serde_json::from_str(line).unwrap();
        let text = case["text"].as_str().unwrap();
        let kustomize = read(FILE, text.as_bytes(), Dialect::Kustomize, &Limits::default());
        let first =
            |duplicates| read_first(FILE, text.as_bytes(), &options(Dialect::Kubernetes, duplicates)).map(|n| vec![n]);
        let found = [
            ("kustomize", kustomize.map(|docs| docs.into_iter().filter(|d| !d.is_null()).collect::<Vec<_>>())),
            ("kubernetes", first(DuplicateKeys::LastWins)),
            ("strict", first(DuplicateKeys::Refuse)),
        ];
        for (field, found) in found {
            cases += 1;
            let expected = documents(&case[field]);
            let read = found.as_ref().ok().map(|docs| docs.iter().map(as_json).collect::<Vec<_>>());
            if read != expected && !differs_on_purpose(field, text) {
                let ours = found.map(|_| read).map_err(|d| d.message);
                failures.push(format!("{field} {text:?}\n  upstream {expected:?}\n  ours     {ours:?}"));
            }
        }
    }
    assert!(failures.is_empty(), "{} of {cases} differ:\n{}", failures.len(), failures.join("\n"));
}

/// Every node with the place where it was written, keys included.
fn visit(node: &Node, seen: &mut impl FnMut(Span, Option<&Value>)) {
    seen(node.span, Some(&node.value));
    match &node.value {
        Value::List(items) => items.iter().for_each(|item| visit(item, seen)),
        Value::Map(fields) => {
            for entry in fields {
                seen(entry.key_span, None);
                visit(&entry.node, seen);
            }
        }
        _ => {}
    }
}

const DIALECTS: [Dialect; 2] = [Dialect::Kustomize, Dialect::Kubernetes];

/// Pieces that make texts which look like YAML and go wrong in interesting ways.
fn yaml_like() -> impl Strategy<Value = String> {
    let pieces = [
        "a",
        "key",
        "x y",
        "1",
        "0777",
        "1.0",
        "~",
        "null",
        "true",
        "yes",
        "2001-01-01",
        "-",
        "--",
        "---",
        "...",
        "- ",
        "? ",
        ": ",
        ":",
        ",",
        "#",
        " # c",
        "\t",
        "\"q\"",
        "\"a\\n\\x41\"",
        "\"",
        "'s'",
        "'",
        "[",
        "]",
        "{",
        "}",
        "[a, b]",
        "{a: b}",
        "&a ",
        "*a",
        "<<: *a",
        "|",
        ">",
        "|-",
        ">+",
        "|2",
        "\n",
        "\n",
        "\n",
        "\n  ",
        "\n    ",
        "\n\n",
        "\r\n",
        "\n- ",
        "\n  - ",
        "\n---\n",
        "\n? ",
        "\n: ",
        "k: ",
        "\nk: ",
        "\n  k: ",
        "é",
        "\u{2028}",
        "\u{85}",
        "\u{feff}",
        "%",
        "@",
        "\\",
        "<<",
    ];
    prop::collection::vec(prop::sample::select(pieces.to_vec()), 0..24).prop_map(|parts| parts.concat())
}

/// Strings that survive printing: upstream loses next-line characters and refuses some control characters.
fn string() -> impl Strategy<Value = String> {
    let lost = |c: char| matches!(c, '\u{7f}'..='\u{9f}' | '\u{fffe}' | '\u{ffff}');
    prop_oneof![
        "[ -~]{0,12}",
        "(0|1|y|no|true|null|~|-|:|2001-01-01|12:30|0x1f|1e3|<<|#|\n| |\t|'|\"){0,4}",
        "\\PC{0,8}",
        any::<String>(),
    ]
    .prop_map(move |text: String| text.replace(lost, ""))
}

fn tree() -> impl Strategy<Value = Node> {
    let number = prop_oneof![
        any::<i64>().prop_map(Value::Int),
        (i64::MAX as u64 + 1..).prop_map(Value::Uint),
        any::<f64>().prop_filter("JSON has no infinities", |v| v.is_finite()).prop_map(Value::Float),
    ];
    let leaf =
        prop_oneof![Just(Value::Null), any::<bool>().prop_map(Value::Bool), number, string().prop_map(Value::from),];
    leaf.prop_map(Node::detached).prop_recursive(4, 32, 6, |inner| {
        let key = string().prop_filter("a merge key is not a field", |key| key != "<<");
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(|items| Node::detached(List::from_iter(items))),
            prop::collection::vec((key, inner), 0..6).prop_map(|fields| Node::detached(Map::from_iter(fields))),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        for dialect in DIALECTS {
            let _ = read(FILE, &bytes, dialect, &Limits::default());
        }
    }

    #[test]
    fn places_lie_inside_the_text(text in yaml_like()) {
        for dialect in DIALECTS {
            match read(FILE, text.as_bytes(), dialect, &Limits::default()) {
                Ok(documents) => for document in &documents {
                    visit(document, &mut |span, value| {
                        let written = text.get(span.start()..span.end());
                        assert!(written.is_some(), "{span:?} in {text:?}");
                        let written = written.unwrap();
                        if let Some(Value::Str(found)) = value
                            && !written.is_empty()
                            && !written.starts_with(['"', '\'', '|', '>'])
                            && !written.contains(['\n', '\r', '\u{85}', '\u{2028}'])
                        {
                            assert_eq!(type_scalar(written, dialect), Value::Str(found.clone()), "{text:?}");
                        }
                    });
                },
                Err(error) => {
                    assert!(text.get(error.span.start()..error.span.end()).is_some(), "{error:?} in {text:?}");
                    assert!(error.rule.starts_with("yaml/") && error.help.is_some(), "{error:?} in {text:?}");
                }
            }
        }
    }

    #[test]
    fn wanted_fields_are_those_of_the_whole(text in yaml_like(), head in "(k: |a: |b: )?") {
        let wanted = |key: &str| key == "k" || key == "a";
        let text = format!("{head}{text}");
        let whole = yaml::read_values(FILE, text.as_bytes());
        let part = yaml::read_values_fields(FILE, text.as_bytes(), wanted);
        match (whole, part) {
            (Ok(whole), Ok(part)) => {
                for key in ["k", "a"] {
                    prop_assert_eq!(whole.get(key), part.get(key), "{:?}", text);
                }
                prop_assert_eq!(whole.value.type_name(), part.value.type_name(), "{:?}", text);
            }
            (whole, part) => prop_assert_eq!(
                whole.map_err(|error| error.text).err(), part.map_err(|error| error.text).err(), "{:?}", text
            ),
        }
    }

    #[test]
    fn what_is_printed_reads_back(tree in tree()) {
        let text = to_yaml(&tree);
        for dialect in DIALECTS {
            let documents = read_with(FILE, text.as_bytes(), &options(dialect, DuplicateKeys::Refuse));
            prop_assert_eq!(documents.as_deref().ok(), Some(std::slice::from_ref(&tree)), "{:?} {:?}", &documents, text);
        }
    }
}

/// Reads and says how long it took; generous bounds, since tests run unoptimised on busy machines.
#[expect(clippy::disallowed_methods, reason = "the time it takes is what is tested")]
fn timed(text: &str) -> (Result<Vec<Node>, &'static str>, Duration) {
    let start = Instant::now();
    let found = read(FILE, text.as_bytes(), Dialect::Kustomize, &Limits::default()).map_err(|d| d.rule);
    (found, start.elapsed())
}

#[test]
fn hostile_texts_cost_little() {
    let deep: String = (0..3000).map(|depth| format!("{}a:\n", " ".repeat(depth))).collect();
    let many = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n---\n".repeat(20_000);
    let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned();
    let mut merges = "a0: &a0 {k0: v}\n".to_owned();
    for n in 1..30 {
        let last = format!("*a{}", n - 1);
        bomb += &format!("a{n}: &a{n} [{}]\n", [&*last; 9].join(", "));
        merges += &format!("a{n}: &a{n}\n  <<: [{last}, {last}, {last}]\n  k{n}: v\n");
    }
    let keys: String = (0..20_000).map(|n| format!("k{n}: {n}\n")).collect();
    for (text, expected) in [
        (deep, Err("yaml/too-deep")),
        ("[".repeat(1_000_000), Err("yaml/too-deep")),
        ("- ".repeat(500_000), Err("yaml/too-deep")),
        ("{a: ".repeat(200_000), Err("yaml/too-deep")),
        (bomb, Err("yaml/alias-bomb")),
        (merges, Err("yaml/alias-bomb")),
        (many, Ok(20_001)),
        (keys, Ok(1)),
        (format!("a: {}b", "\n ".repeat(500_000)), Ok(1)),
        (format!("a: |\n{}", "\n".repeat(1_000_000)), Ok(1)),
        (format!("a: \"{}\"", "\\\n ".repeat(300_000)), Ok(1)),
        (format!("[{}]", "a, ".repeat(300_000)), Ok(1)),
        ("a: &a\n  b: *a\n".to_owned(), Err("yaml/alias-cycle")),
    ] {
        let (found, time) = timed(&text);
        let start: String = text.chars().take(40).collect();
        assert_eq!(found.map(|docs| docs.len()), expected, "{start:?}");
        assert!(time < Duration::from_secs(5), "{start:?} took {time:?}");
    }
}

#[test]
fn findings_say_where_and_what_to_do() {
    for (text, rule, place, related) in [
        ("a: 1\nb:\n  c: 1\n  c: 2\n", "yaml/duplicate-key", "c", 1),
        ("a:\n\tb: 1\n", "yaml/syntax", "\t", 0),
        ("a: {1: x}\n", "yaml/key-type", "1", 0),
        ("a: *nope\n", "yaml/unknown-anchor", "*nope", 0),
        ("a: !!python/none x\n", "yaml/unknown-tag", "!!python/none", 0),
        ("a: {{ .Values.x }}\n", "yaml/key-type", "{", 0),
        ("a: b: c\n", "yaml/syntax", ":", 0),
        ("a: [1\nb: 2\n", "yaml/syntax", ":", 1),
        ("a: \"never closed\n", "yaml/syntax", "\"", 0),
        ("a: hunter2\nhunter2\n", "yaml/syntax", "hunter2", 0),
    ] {
        let error = read(FILE, text.as_bytes(), Dialect::Kustomize, &Limits::default()).unwrap_err();
        let found = &text[error.span.start()..error.span.end()];
        assert_eq!((error.rule, found, error.related.len()), (rule, place, related), "{error:?}");
        assert!(error.help.is_some() && !error.message.contains("hunter2"), "{error:?}");
    }
}
