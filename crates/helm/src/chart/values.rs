//! Reading YAML as Helm reads it: values files with several documents, and the words for what is wrong with them.
//!
//! Upstream: `LoadValues` of `pkg/chart/v2/loader/load.go` in helm 4.2.3, `YAMLReader` of apimachinery v0.36.1.

use std::borrow::Cow;

use source::{FileId, Span};
use yaml::{Map, Node, Value};

/// The values in a file: its documents merged, the later ones over the earlier ones. All numbers become floats, as after
/// Helm's trip through JSON. Spans lead into `file`, which may be the detached one.
///
/// # Errors
/// Helm's text, without the name of the file.
pub(crate) fn read_values(file: FileId, text: &[u8]) -> Result<Map, String> {
    let mut values = Map::new();
    let mut read = |from: usize, to: usize| {
        let piece = text.get(from..to).unwrap_or_default();
        let document = document_map(file, piece).map_err(|why| format!("cannot unmarshal yaml document: {why}"))?;
        if let Some(mut document) = document {
            document.iter_mut().for_each(|entry| {
                entry.key_span = moved(entry.key_span, file, from);
                as_helm(&mut entry.node, file, from);
            });
            merge(&mut values, document);
        }
        Ok::<(), String>(())
    };
    // A separator ends a document only after some line; else it becomes that document's first line.
    let (mut from, mut at) = (0, 0);
    for line in text.split_inclusive(|byte| *byte == b'\n') {
        let next = at + line.len();
        if let Some(rest) = line.strip_prefix(b"---") {
            let rest = String::from_utf8_lossy(rest);
            let rest = rest.trim();
            if !rest.is_empty() && !rest.starts_with('#') {
                return Err(format!("error reading yaml document: invalid Yaml document separator: {rest}"));
            }
            if at > from {
                read(from, at)?;
                from = next;
            }
        }
        at = next;
    }
    if at > from {
        read(from, at)?;
    }
    Ok(values)
}

/// One piece between separators; `None` without content.
fn document_map(file: FileId, piece: &[u8]) -> Result<Option<Map>, String> {
    // The reader of lines ends the last one too, which a block scalar in it keeps.
    let ended = match piece.ends_with(b"\n") {
        true => Cow::Borrowed(piece),
        false => Cow::Owned([piece, b"\n"].concat()),
    };
    let node = match yaml::read_values(file, &ended) {
        Ok(node) => node,
        // The reader of lines hands on each line with a plain line break, the last one too, which counts for the words.
        Err(_) => document(&with_plain_breaks(piece))?,
    };
    match node.value {
        Value::Null => Ok(None),
        Value::Map(map) => Ok(Some(map)),
        other => Err(yaml::wrong_type(&other, "map[string]interface {}")),
    }
}

fn with_plain_breaks(piece: &[u8]) -> Vec<u8> {
    let mut plain = Vec::with_capacity(piece.len() + 1);
    for line in piece.split_inclusive(|byte| *byte == b'\n') {
        let line = line.strip_suffix(b"\n").unwrap_or(line);
        plain.extend_from_slice(line.strip_suffix(b"\r").unwrap_or(line));
        plain.push(b'\n');
    }
    plain
}

/// `MergeMaps`: maps merge, anything else of the later document replaces, null too.
fn merge(into: &mut Map, from: Map) {
    for entry in &from {
        match (into.get_mut(&entry.key).map(|node| &mut node.value), &entry.node.value) {
            (Some(Value::Map(into)), Value::Map(from)) => merge(into, from.clone()),
            _ => {
                into.remove(&entry.key);
                into.push(entry.clone());
            }
        }
    }
}

/// Makes floats of all numbers, and moves spans of a piece of a file to their place in the file.
pub(super) fn as_helm(node: &mut Node, file: FileId, by: usize) {
    node.span = moved(node.span, file, by);
    match &mut node.value {
        Value::Int(number) => node.value = Value::Float(*number as f64),
        Value::Uint(number) => node.value = Value::Float(*number as f64),
        Value::List(list) => list.make_mut().iter_mut().for_each(|item| as_helm(item, file, by)),
        Value::Map(map) => map.iter_mut().for_each(|entry| {
            entry.key_span = moved(entry.key_span, file, by);
            as_helm(&mut entry.node, file, by);
        }),
        Value::Null | Value::Bool(_) | Value::Float(_) | Value::Str(_) => {}
    }
}

fn moved(span: Span, file: FileId, by: usize) -> Span {
    match span.file() {
        None => Span::DETACHED,
        Some(_) if by == 0 => span,
        Some(_) => Span::new(file, span.start() + by, span.end() + by),
    }
}

/// What stands in for a null key while its value is looked for.
const NULL_KEY: &str = "headwater: a null key";
/// Null keys of one text that are looked at.
const MAX_NULL_KEYS: usize = 16;

/// The first document of a text, as `sigs.k8s.io/yaml` reads it. The positions of its spans are right, their file is not.
pub(super) fn document(text: &[u8]) -> Result<Node, String> {
    let mut text = Cow::Borrowed(text);
    let mut null_keys = 0;
    loop {
        match yaml::read_values(FileId::new(1), &text) {
            Ok(node) if null_keys > 0 => return Err(null_key(&node)),
            Ok(node) => return Ok(node),
            // Upstream refuses such keys after it has read all of the text, so that other problems come first, and it
            // names the value.
            Err(error)
                if error.diagnostic.rule == "yaml/key-type"
                    && error.diagnostic.message.ends_with("is null")
                    && null_keys < MAX_NULL_KEYS =>
            {
                null_keys += 1;
                let span = error.diagnostic.span;
                let key = gotmpl::quote(NULL_KEY.as_bytes());
                let (before, after) = (text.get(..span.start()), text.get(span.end()..));
                text = [before.unwrap_or_default(), key.as_bytes(), after.unwrap_or_default()].concat().into();
            }
            Err(error) => return Err(error.text),
        }
    }
}

fn null_key(node: &Node) -> String {
    let mut open = vec![node];
    let mut found = None;
    while let Some(node) = open.pop() {
        match &node.value {
            Value::Map(map) => {
                found = map.get(NULL_KEY).or(found);
                open.extend(map.values());
            }
            Value::List(list) => open.extend(list),
            _ => {}
        }
    }
    let value = match found.map(|node| &node.value) {
        None | Some(Value::Null) => "<nil>".to_owned(),
        Some(value) => go_syntax(value),
    };
    format!("error converting YAML to JSON: unsupported map key of type: %!s(<nil>), key: <nil>, value: {value}")
}

/// Go's `%#v` of what go-yaml v2 reads.
fn go_syntax(value: &Value) -> String {
    match value {
        Value::Null => "interface {}(nil)".to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::Int(number) => number.to_string(),
        Value::Uint(number) => format!("{number:#x}"),
        Value::Float(number) => yaml::go_float(*number),
        Value::Str(text) => gotmpl::quote(text.as_bytes()),
        Value::List(list) => {
            let items: Vec<_> = list.iter().map(|item| go_syntax(&item.value)).collect();
            format!("[]interface {{}}{{{}}}", items.join(", "))
        }
        Value::Map(map) => {
            let mut entries: Vec<_> = map.iter().collect();
            entries.sort_by(|a, b| a.key.cmp(&b.key));
            let entry = |entry: &yaml::Entry| {
                format!("{}:{}", gotmpl::quote(entry.key.as_bytes()), go_syntax(&entry.node.value))
            };
            let entries: Vec<_> = entries.into_iter().map(entry).collect();
            format!("map[interface {{}}]interface {{}}{{{}}}", entries.join(", "))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Map, String> {
        read_values(FileId::new(7), text.as_bytes())
    }

    #[test]
    fn documents_merge_and_spans_stay() {
        let text = "---\na: {x: 1, w: 2}\nb: [1]\n--- # more\na: {w: null, z: 0x10}\nb: 5\n---\n";
        let values = read(text).unwrap();
        let a = values.get("a").unwrap();
        assert!(matches!(a.get("x").unwrap().value, Value::Float(1.0)));
        assert!(a.get("w").unwrap().is_null());
        let z = a.get("z").unwrap();
        assert!(matches!(z.value, Value::Float(16.0)));
        assert_eq!((z.span.file(), &text[z.span.start()..z.span.end()]), (Some(FileId::new(7)), "0x10"));
        let b = values.entry("b").unwrap();
        assert_eq!(&text[b.key_span.start()..b.node.span.end()], "b: 5");
    }

    #[test]
    fn words_are_those_of_helm() {
        let unmarshal = "cannot unmarshal yaml document: error converting YAML to JSON: ";
        for (text, expected) in [
            ("a: 1\n--- b: 2\n", "error reading yaml document: invalid Yaml document separator: b: 2".to_owned()),
            ("a: 1\n---\nb: [\n", format!("{unmarshal}yaml: line 1: did not find expected node content")),
            ("a: b: c", format!("{unmarshal}yaml: mapping values are not allowed in this context")),
            ("x: {~: d}", format!("{unmarshal}unsupported map key of type: %!s(<nil>), key: <nil>, value: \"d\"")),
            (
                "- 1",
                "cannot unmarshal yaml document: error unmarshaling JSON: while decoding JSON: json: cannot unmarshal \
                 array into Go value of type map[string]interface {}"
                    .to_owned(),
            ),
        ] {
            assert_eq!(read(text).unwrap_err(), expected, "{text}");
        }
        assert_eq!(read("a: |\n  x").unwrap().get("a").and_then(Node::as_str), Some("x\n"));
        assert!(read("").unwrap().is_empty());
        assert!(read("# nothing\n---\n---\n").unwrap().is_empty());
    }
}
