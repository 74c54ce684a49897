//! Scalars as texts of their own: YAML inside YAML with the way back, and numbers as they were written.

use source::{FileId, Piece, SourceFile, Sources, Span, SpanMap};

use crate::emit::yaml_float;
use crate::{Dialect, Node, Value};

use super::chars::{break_length, byte, is_break_or_end};
use super::content::{Content, Copied};
use super::resolve::type_scalar;
use super::scanner::Scanner;

/// Registers the content of a string scalar as a text of its own whose map leads back to the bytes of the scalar: line by
/// line for block scalars, stretch by stretch for folded and escaped text. When the text at the node's span is not what the
/// value came from, the map leads to the node as a whole. A node without a string gives an empty text.
pub fn embedded(sources: &Sources, node: &Node, name: &str) -> FileId {
    let value = node.as_str().unwrap_or_default();
    let file = node.span.file().and_then(|id| Some((id, sources.get(id)?)));
    let copied = file.as_ref().and_then(|(_, file)| rescan(file, node.span, value));
    let mut map = SpanMap::default();
    match (file, copied) {
        (Some((id, _)), Some(copied)) => {
            for part in joined(copied) {
                let origin = Span::new(id, part.from, part.from + part.source_length);
                map.push(Piece { start: part.to, end: part.to + part.length, origin, value: None, secret: false });
            }
        }
        _ => map.push(Piece { start: 0, end: value.len(), origin: node.span, value: None, secret: false }),
    }
    sources.add_virtual(name, value, map)
}

/// Scans the scalar at `span` again and gives where its content came from, if that is still `value`.
fn rescan(file: &SourceFile, span: Span, value: &str) -> Option<Vec<Copied>> {
    let text: &str = &file.text;
    let indicator = byte(text.as_bytes(), span.start());
    let block = matches!(indicator, b'|' | b'>');
    // Block scalars end by indentation, and the line break after their last line lies outside of the span.
    let text = if block { text } else { text.get(..span.end())? };
    let mut scanner = Scanner::new(FileId::new(0), text, 0);
    scanner.at = span.start();
    let mut content = Content::new(text, true);
    match indicator {
        b'|' | b'>' => {
            scanner.indent = parent_indent(text, span.start(), value);
            scanner.block_content(indicator == b'|', &mut content).ok()?;
        }
        b'\'' | b'"' => scanner.quoted_content(indicator == b'\'', &mut content).ok()?,
        _ => {
            scanner.plain_content(&mut content).ok()?;
        }
    }
    let (found, copied) = content.finish();
    (found == value).then_some(copied)
}

/// The indentation around a block scalar, for one that gives its own relative to that: found by comparing its first line
/// with the first line of the value.
fn parent_indent(text: &str, start: usize, value: &str) -> isize {
    let bytes = text.as_bytes();
    let header_end = (start..).find(|at| is_break_or_end(bytes, *at)).unwrap_or(start);
    let header = text.get(start + 1..header_end).unwrap_or_default();
    let Some(increment) = header.chars().take(2).find_map(|c| c.to_digit(10)) else { return -1 };
    let spaces = |line: &str| line.len() - line.trim_start_matches(' ').len();
    let body = text.get(header_end + break_length(bytes, header_end)..).unwrap_or_default();
    let first = |text: &str| text.split('\n').find(|line| !line.trim().is_empty()).map(spaces);
    match (first(body), first(value)) {
        (Some(there), Some(here)) if there >= here => (there - here) as isize - increment as isize,
        _ => 0,
    }
}

/// Stretches that follow each other both in the content and in the text become one.
fn joined(copied: Vec<Copied>) -> Vec<Copied> {
    let mut parts: Vec<Copied> = Vec::new();
    for next in copied {
        match parts.last_mut() {
            Some(last)
                if last.verbatim
                    && next.verbatim
                    && last.to + last.length == next.to
                    && last.from + last.length == next.from =>
            {
                last.length += next.length;
                last.source_length += next.length;
            }
            _ => parts.push(next),
        }
    }
    parts
}

/// The text of a scalar: a string's content, and for others what was written (`0x1F`, `1_000`, `1.0`) where that text still
/// means the same value to kustomize, else the canonical text. Collections have no text.
pub fn scalar_text(sources: &Sources, node: &Node) -> String {
    let written = || {
        let text = sources.text(node.span)?;
        let retyped = type_scalar(&text, Dialect::Kustomize);
        (retyped == node.value && !matches!(retyped, Value::Str(_))).then_some(text)
    };
    match &node.value {
        Value::Str(text) => text.to_string(),
        Value::List(_) | Value::Map(_) => String::new(),
        Value::Null => written().unwrap_or_else(|| "null".to_owned()),
        Value::Bool(value) => written().unwrap_or_else(|| value.to_string()),
        Value::Int(value) => written().unwrap_or_else(|| value.to_string()),
        Value::Uint(value) => written().unwrap_or_else(|| value.to_string()),
        Value::Float(value) => written().unwrap_or_else(|| yaml_float(*value)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Limits, read};

    /// Where each line of the embedded text leads back to.
    fn lines(text: &str) -> (String, Vec<String>) {
        let sources = Sources::new();
        let id = sources.add("a.yaml", text);
        let docs = read(id, text.as_bytes(), Dialect::Kustomize, &Limits::default()).unwrap();
        let inner = embedded(&sources, docs[0].at(&["a", "k"]).unwrap(), "inner");
        let file = sources.get(inner).unwrap();
        let mut found = Vec::new();
        let mut start = 0;
        for line in file.text.split_inclusive('\n') {
            let end = start + line.trim_end().len().max(1);
            let spans = sources.resolve(Span::new(inner, start, end));
            found.push(spans.into_iter().map(|s| sources.text(s).unwrap()).collect::<Vec<_>>().join("|"));
            start += line.len();
        }
        (file.text.to_string(), found)
    }

    #[test]
    fn block_scalars_lead_back_line_by_line() {
        let text = "a:\n  k: |\n    x: 1\n    y:\n      - 2\n";
        assert_eq!(lines(text), ("x: 1\ny:\n  - 2\n".into(), vec!["x: 1".into(), "y:".into(), "  - 2".into()]));
        let text = "a:\n  k: |2-\n      x: 1\n     y\nb: 1\n";
        assert_eq!(lines(text), ("  x: 1\n y".into(), vec!["  x: 1".into(), " y".into()]));
    }

    #[test]
    fn quoted_and_plain_scalars_lead_back() {
        let (text, found) = lines("a: {k: \"x: \\\"1\\\"\\ny: é\"}");
        assert_eq!((text.as_str(), found), ("x: \"1\"\ny: é", vec!["x: |\\\"|1|\\\"".into(), "y: é".into()]));
        let (text, found) = lines("a:\n  k: one\n    two\n");
        assert_eq!((text.as_str(), found), ("one two", vec!["one|\n|two".into()]));
    }

    #[test]
    fn numbers_keep_their_text() {
        let sources = Sources::new();
        let text = "{a: 0x1F, b: 1_000, c: 1.0, d: x, e: !!int \"7\", f: ~}";
        let id = sources.add("a.yaml", text);
        let docs = read(id, text.as_bytes(), Dialect::Kustomize, &Limits::default()).unwrap();
        let texts: Vec<_> = docs[0].as_map().unwrap().values().map(|n| scalar_text(&sources, n)).collect();
        assert_eq!(texts, ["0x1F", "1_000", "1.0", "x", "7", "~"]);
        assert_eq!(scalar_text(&sources, &Node::detached(1.5)), "1.5");
    }
}
