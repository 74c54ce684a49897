//! Keys that JSON cannot have, in upstream's words: those show the key or the value as Go source, so the document is read
//! once more for them.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::super::parser::{CORE_PREFIX, Event, Happening, Parser};
use super::super::resolve::{Resolved, resolve};
use super::super::token::Style;
use crate::Dialect;

/// Documents nested deeper, and values that print longer, get plainer words.
const MAX_DEPTH: usize = 200;
const MAX_LENGTH: usize = 1 << 16;

enum Raw {
    Scalar(String),
    List(Vec<Rc<Raw>>),
    Map(Vec<(Rc<Raw>, Rc<Raw>)>),
}

/// What go-yaml says of the first key that is a map or a list, or else what `sigs.k8s.io/yaml` says of the first that is
/// null.
pub(super) fn words(parser: &mut Parser<'_>) -> Option<String> {
    let mut reader = Reader { parser, anchors: BTreeMap::new(), collection: None, null: None };
    loop {
        let happening = reader.parser.next().ok()?;
        match happening.event {
            Event::DocumentEnd | Event::StreamEnd => break,
            Event::DocumentStart => {}
            _ => {
                if reader.node(happening, 0).is_none() && reader.collection.is_none() {
                    return None;
                }
                break;
            }
        }
    }
    reader.collection.or(reader.null)
}

struct Reader<'p, 'a> {
    parser: &'p mut Parser<'a>,
    anchors: BTreeMap<&'a str, Rc<Raw>>,
    collection: Option<String>,
    null: Option<String>,
}

const NULL: &str = "<nil>";

impl<'a> Reader<'_, 'a> {
    fn next(&mut self, depth: usize) -> Option<Option<Rc<Raw>>> {
        let happening = self.parser.next().ok()?;
        match happening.event {
            Event::SequenceEnd | Event::MappingEnd => Some(None),
            _ => self.node(happening, depth).map(Some),
        }
    }

    fn node(&mut self, happening: Happening<'a>, depth: usize) -> Option<Rc<Raw>> {
        if depth > MAX_DEPTH {
            return None;
        }
        let (anchor, raw) = match happening.event {
            Event::Alias(name) => return self.anchors.get(name).cloned(),
            Event::Scalar { properties, text, style } => {
                let tag = properties.tag.as_ref().map(|(tag, _)| tag.strip_prefix(CORE_PREFIX).unwrap_or(tag));
                (properties.anchor, Raw::Scalar(scalar(&text, style, tag)))
            }
            Event::SequenceStart(properties, _) => {
                let mut items = Vec::new();
                while let Some(item) = self.next(depth + 1)? {
                    items.push(item);
                }
                (properties.anchor, Raw::List(items))
            }
            Event::MappingStart(properties, _) => {
                let mut fields = Vec::new();
                while let Some(key) = self.next(depth + 1)? {
                    if self.collection.is_none() && !matches!(*key, Raw::Scalar(_)) {
                        self.collection = Some(format!("yaml: invalid map key: {}", source(&key)?));
                    }
                    let value = self.next(depth + 1)??;
                    if self.null.is_none() && matches!(&*key, Raw::Scalar(text) if text == NULL) {
                        let value = source(&value)?;
                        self.null =
                            Some(format!("unsupported map key of type: %!s(<nil>), key: <nil>, value: {value}"));
                    }
                    fields.push((key, value));
                }
                (properties.anchor, Raw::Map(fields))
            }
            _ => return None,
        };
        let raw = Rc::new(raw);
        if let Some(anchor) = anchor {
            self.anchors.insert(anchor, Rc::clone(&raw));
        }
        Some(raw)
    }
}

/// A scalar as Go source.
fn scalar(text: &str, style: Style, tag: Option<&str>) -> String {
    let is_typed = tag.map_or(style == Style::Plain, |tag| matches!(tag, "null" | "bool" | "int" | "float"));
    match resolve(text, Dialect::Kubernetes) {
        Resolved::Null if is_typed => NULL.to_owned(),
        Resolved::Bool(value) if is_typed => value.to_string(),
        Resolved::Int(number) if is_typed => number.to_string(),
        Resolved::Uint(number) if is_typed => format!("{number:#x}"),
        Resolved::Float(number) if is_typed => crate::go_float(number),
        _ => format!("{text:?}"),
    }
}

/// A value as Go source, unless that is too long.
fn source(raw: &Raw) -> Option<String> {
    if let Raw::Scalar(text) = raw {
        return Some(text.clone());
    }
    let mut out = String::new();
    push(&mut out, raw)?;
    Some(out)
}

fn push(out: &mut String, raw: &Raw) -> Option<()> {
    match raw {
        Raw::Scalar(text) if text == NULL => out.push_str("interface {}(nil)"),
        Raw::Scalar(text) => out.push_str(text),
        Raw::List(items) => {
            out.push_str("[]interface {}{");
            for (index, item) in items.iter().enumerate() {
                out.push_str(if index > 0 { ", " } else { "" });
                push(out, item)?;
            }
            out.push('}');
        }
        Raw::Map(fields) => {
            out.push_str("map[interface {}]interface {}{");
            for (index, (key, value)) in fields.iter().enumerate() {
                out.push_str(if index > 0 { ", " } else { "" });
                push(out, key)?;
                out.push(':');
                push(out, value)?;
            }
            out.push('}');
        }
    }
    (out.len() <= MAX_LENGTH).then_some(())
}
