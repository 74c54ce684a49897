//! `toYaml` and `fromYaml` as Helm has them: `sigs.k8s.io/yaml` v1.6.0, which goes through JSON both ways.

use source::{FileId, Piece, Span, SpanMap};
use yaml::Node;

use crate::convert::{from_node, to_node_within};
use crate::function::{Args, Call};
use crate::{Failure, Item, List, Map, Text, Value};

/// Errors give an empty text.
pub(super) fn to_yaml(call: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    super::or_empty(must_to_yaml(call, args))
}

pub(super) fn must_to_yaml(call: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    print(call, args.item(0)?).map(Value::Str)
}

/// Errors give an empty text. This one does not go through JSON, so it is the one whose numbers look like Go's.
pub(super) fn to_yaml_pretty(call: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    super::or_empty(to_node_within(call.budget, args.item(0)?).map(|node| {
        let mut text = yaml::to_yaml_indented(&node);
        trim_break(&mut text);
        text.into()
    }))
}

fn print(call: &mut Call<'_>, item: &Item) -> Result<Text, Failure> {
    let node = to_node_within(call.budget, item)?;
    if !yaml::is_printable(&node) {
        // The JSON text has these characters as they are, and go-yaml does not read it back.
        return Err(Failure::error("yaml: control characters are not allowed"));
    }
    if let Some(line) = broken_key(&node, &mut 0) {
        return Err(Failure::error(format!("yaml: line {line}: did not find expected ',' or '}}'")));
    }
    if !call.traced {
        let mut text = yaml::to_yaml(&node);
        trim_break(&mut text);
        return Ok(text.into());
    }
    let (mut text, map) = yaml::to_yaml_mapped(&node);
    trim_break(&mut text);
    let mut values = SpanMap::default();
    for piece in map.pieces() {
        let end = piece.end.min(text.len());
        values.push(Piece { end, origin: Span::DETACHED, value: Some(piece.origin), ..piece.clone() });
    }
    Ok(Text::traced(text.into_bytes(), values))
}

/// The line that go-yaml names for a key in the JSON text that has a line break in it: U+0085, which JSON leaves as it is
/// and no key of YAML may have. `breaks` counts those before.
fn broken_key(node: &Node, breaks: &mut usize) -> Option<usize> {
    let breaks_in = |text: &str| if text.is_ascii() { 0 } else { text.matches('\u{85}').count() };
    match &node.value {
        yaml::Value::Str(text) => {
            *breaks += breaks_in(text);
            None
        }
        yaml::Value::List(list) => list.iter().find_map(|item| broken_key(item, breaks)),
        yaml::Value::Map(map) => {
            let before = *breaks;
            map.iter().find_map(|entry| {
                let inside = breaks_in(&entry.key);
                *breaks += inside;
                let line = if before > 0 { before } else { *breaks };
                if inside > 0 { Some(line) } else { broken_key(&entry.node, breaks) }
            })
        }
        _ => None,
    }
}

/// Helm cuts one line break off the end.
fn trim_break(text: &mut String) {
    if text.ends_with('\n') {
        text.pop();
    }
}

pub(super) fn from_yaml(call: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    super::allocate_value(call, args.text(0)?)?;
    let wanted = "map[string]interface {}";
    Ok(Value::Map(match read(args.text(0)?, wanted, |value| matches!(value, yaml::Value::Map(_))) {
        Ok(Value::Map(map)) => map,
        Ok(_) => Map::new(),
        Err(message) => {
            let map = Map::new();
            map.insert("Error", Value::from(message));
            map
        }
    }))
}

pub(super) fn from_yaml_array(call: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    super::allocate_value(call, args.text(0)?)?;
    Ok(Value::List(match read(args.text(0)?, "[]interface {}", |value| matches!(value, yaml::Value::List(_))) {
        Ok(Value::List(list)) => list,
        Ok(_) => List::any([]),
        Err(message) => List::any([Item::from(Value::from(message))]),
    }))
}

/// Reads one document into what Go's type asks for; null fits every type.
fn read(text: &[u8], wanted: &str, fits: fn(&yaml::Value) -> bool) -> Result<Value, String> {
    let node: Node = yaml::read_values(FileId::new(1), text).map_err(|error| error.text)?;
    if !node.is_null() && !fits(&node.value) {
        return Err(yaml::wrong_type(&node.value, wanted));
    }
    Ok(detached(&node))
}

/// The spans of a text that a template made lead nowhere.
fn detached(node: &Node) -> Value {
    let mut item = from_node(node);
    detach(&mut item);
    item.value
}

fn detach(item: &mut Item) {
    item.span = Span::DETACHED;
    match &mut item.value {
        Value::List(list) => {
            let items = list.items().iter().cloned().map(|mut item| {
                detach(&mut item);
                item
            });
            *list = List::any(items.collect::<Vec<_>>());
        }
        Value::Map(map) => {
            for (key, mut item) in map.snapshot() {
                detach(&mut item);
                map.insert(key, item);
            }
        }
        _ => {}
    }
}
