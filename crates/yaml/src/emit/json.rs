//! Compact JSON byte for byte as Go's `encoding/json` prints it, which kustomize hashes and Kubernetes sends.

use std::fmt::Write;

use super::number::json_float;
use crate::{Entry, Node, Value};

/// Compact JSON as Go's `encoding/json` prints it: keys in the order of bytes, `<`, `>`, `&`, U+2028 and U+2029 escaped,
/// Go's number format, no trailing newline.
pub fn to_json(node: &Node) -> String {
    let mut out = String::new();
    let mut open: Vec<Items<'_>> = Vec::new();
    let mut next = Some(node);
    loop {
        if let Some(node) = next.take()
            && let Some(items) = begin(&mut out, node)
        {
            open.push(items);
        }
        let Some(items) = open.last_mut() else { return out };
        let end = match items {
            Items::List { items, first } => {
                next = items.next();
                separate(&mut out, next.is_some(), first);
                ']'
            }
            Items::Map { fields, first } => {
                let field = fields.next();
                separate(&mut out, field.is_some(), first);
                if let Some(entry) = field {
                    string(&mut out, &entry.key);
                    out.push(':');
                    next = Some(&entry.node);
                }
                '}'
            }
        };
        if next.is_none() {
            out.push(end);
            open.pop();
        }
    }
}

/// What is left of an open collection.
enum Items<'a> {
    List { items: std::slice::Iter<'a, Node>, first: bool },
    Map { fields: std::vec::IntoIter<&'a Entry>, first: bool },
}

fn separate(out: &mut String, more: bool, first: &mut bool) {
    if more && !std::mem::replace(first, false) {
        out.push(',');
    }
}

/// Writes a scalar, or the start of a collection, whose items are given back.
fn begin<'a>(out: &mut String, node: &'a Node) -> Option<Items<'a>> {
    match &node.value {
        Value::Null => out.push_str("null"),
        Value::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
        Value::Int(number) => out.push_str(&number.to_string()),
        Value::Uint(number) => out.push_str(&number.to_string()),
        Value::Float(number) => out.push_str(&json_float(*number)),
        Value::Str(text) => string(out, text),
        Value::List(list) => {
            out.push('[');
            return Some(Items::List { items: list.iter(), first: true });
        }
        Value::Map(map) => {
            out.push('{');
            let mut fields: Vec<&Entry> = map.iter().collect();
            fields.sort_by(|a, b| a.key.as_bytes().cmp(b.key.as_bytes()));
            return Some(Items::Map { fields: fields.into_iter(), first: true });
        }
    }
    None
}

fn string(out: &mut String, text: &str) {
    out.push('"');
    let mut rest = text;
    while let Some(at) =
        rest.find(|c| matches!(c, '\0'..='\u{1F}' | '"' | '\\' | '<' | '>' | '&' | '\u{2028}' | '\u{2029}'))
    {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        let mut chars = from.chars();
        match chars.next() {
            Some('"') => out.push_str("\\\""),
            Some('\\') => out.push_str("\\\\"),
            Some('\n') => out.push_str("\\n"),
            Some('\r') => out.push_str("\\r"),
            Some('\t') => out.push_str("\\t"),
            Some('\u{8}') => out.push_str("\\b"),
            Some('\u{C}') => out.push_str("\\f"),
            Some(c) => {
                // Writing to a string does not fail.
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            None => {}
        }
        rest = chars.as_str();
    }
    out.push_str(rest);
    out.push('"');
}
