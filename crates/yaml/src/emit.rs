//! Printing trees byte for byte as kustomize prints them.
//!
//! Upstream turns an object into JSON text, reads that text with go-yaml v2.4.2 and prints the result with the same
//! library (`sigs.k8s.io/yaml`, `JSONToYAML`). The rules live below by topic: the order of keys, the text of numbers,
//! the style of strings, and the lines of the writer. Walking is iterative, so no depth of a tree can exhaust the stack.

mod json;
mod letters;
mod number;
mod order;
mod plain;
mod style;
mod writer;

use std::borrow::Cow;

use source::{Piece, Span, SpanMap};

use self::style::{Scalar, analyze};
use self::writer::{Layout, Writer};
use crate::{Entry, Node, Value};

pub use self::json::to_json;
pub(crate) use self::number::yaml_float;
pub use self::number::{go_float, go_float32, json_float};

/// A key with more bytes stands after `? ` on a line of its own.
const SIMPLE_KEY_BYTES: usize = 128;

/// The text that kustomize prints for an object: through JSON, then go-yaml v2 with sorted keys; ends with a newline.
pub fn to_yaml(node: &Node) -> String {
    let mut printer = Printer::new(None, Layout::Compact);
    printer.document(node);
    printer.writer.out
}

/// As [`to_yaml`], with a map from every printed scalar and key back to the span of its node.
///
/// A piece covers the printed form: quotes, escapes and folds of a string, the indicator and the lines of a block.
pub fn to_yaml_mapped(node: &Node) -> (String, SpanMap) {
    let mut printer = Printer::new(Some(SpanMap::default()), Layout::Compact);
    printer.document(node);
    (printer.writer.out, printer.map.unwrap_or_default())
}

/// The text that go-yaml v3 prints for a value of Go with an indentation of 2: lists stand below their key, nothing is
/// folded, numbers have an exponent from a million on. Ends with a newline.
pub fn to_yaml_indented(node: &Node) -> String {
    let mut printer = Printer::new(None, Layout::Indented);
    printer.document(node);
    printer.writer.out
}

/// The documents one after another, with `---` lines between them, as kustomize prints the result of a build.
pub fn to_yaml_stream<'a>(nodes: impl IntoIterator<Item = &'a Node>) -> String {
    let mut printer = Printer::new(None, Layout::Compact);
    for (index, node) in nodes.into_iter().enumerate() {
        if index > 0 {
            printer.writer.out.push_str("---\n");
        }
        printer.document(node);
    }
    printer.writer.out
}

struct Printer<'a> {
    writer: Writer,
    map: Option<SpanMap>,
    /// The sorted fields of all mappings that are open, the innermost last.
    fields: Vec<&'a Entry>,
    open: Vec<Open<'a>>,
}

/// A collection whose items are being printed.
struct Open<'a> {
    /// The indentation to go back to.
    outer: Option<usize>,
    items: Items<'a>,
}

enum Items<'a> {
    /// A range of `Printer::fields`.
    Map { next: usize, start: usize },
    /// What is left of a sequence.
    List(std::slice::Iter<'a, Node>),
}

impl<'a> Printer<'a> {
    fn new(map: Option<SpanMap>, layout: Layout) -> Self {
        Self { writer: Writer::new(layout), map, fields: Vec::new(), open: Vec::new() }
    }

    fn document(&mut self, node: &'a Node) {
        self.writer.start_document();
        self.node(node, false);
        while let Some(open) = self.open.last_mut() {
            match &mut open.items {
                Items::List(items) => match items.next() {
                    Some(item) => {
                        self.writer.write_indent();
                        self.writer.block_indicator('-');
                        self.node(item, false);
                    }
                    None => self.close(),
                },
                Items::Map { next, start } => match self.fields.get(*next).copied() {
                    Some(entry) => {
                        *next += 1;
                        self.field(entry);
                    }
                    None => {
                        let start = *start;
                        self.fields.truncate(start);
                        self.close();
                    }
                },
            }
        }
        self.writer.write_indent();
    }

    fn close(&mut self) {
        if let Some(open) = self.open.pop() {
            self.writer.set_indent(open.outer);
        }
    }

    fn field(&mut self, entry: &'a Entry) {
        self.writer.write_indent();
        let key = as_read_from_json(&entry.key);
        let scalar = analyze(&key, self.tabs());
        let is_simple = !scalar.has_break && key.len() <= SIMPLE_KEY_BYTES;
        if is_simple {
            self.string(&key, scalar, true, entry.key_span);
            self.writer.colon();
        } else {
            self.writer.block_indicator('?');
            self.string(&key, scalar, false, entry.key_span);
            self.writer.write_indent();
            self.writer.block_indicator(':');
        }
        self.node(&entry.node, true);
    }

    /// Prints a scalar or an empty collection; opens any other collection.
    fn node(&mut self, node: &'a Node, is_field: bool) {
        match &node.value {
            Value::Null => self.word("null", node.span),
            Value::Bool(true) => self.word("true", node.span),
            Value::Bool(false) => self.word("false", node.span),
            Value::Int(number) => self.word(&number.to_string(), node.span),
            Value::Uint(number) => self.word(&number.to_string(), node.span),
            Value::Float(number) if number.is_finite() && self.writer.layout() == Layout::Indented => {
                self.word(&go_float(*number), node.span);
            }
            Value::Float(number) => self.word(&yaml_float(*number), node.span),
            Value::Str(text) => {
                let text = match self.writer.layout() {
                    Layout::Indented => Cow::Borrowed(&**text),
                    _ => as_read_from_json(text),
                };
                self.string(&text, analyze(&text, self.tabs()), false, node.span);
            }
            Value::List(list) if list.is_empty() => self.word("[]", node.span),
            Value::Map(map) if map.is_empty() => self.word("{}", node.span),
            Value::List(list) => {
                let outer = self.writer.indent();
                self.writer.increase_indent(is_field);
                self.open.push(Open { outer, items: Items::List(list.iter()) });
            }
            Value::Map(map) => {
                let outer = self.writer.indent();
                self.writer.increase_indent(false);
                let start = self.fields.len();
                self.fields.extend(map.iter());
                if let Some(fields) = self.fields.get_mut(start..) {
                    order::sort(fields);
                }
                self.open.push(Open { outer, items: Items::Map { next: start, start } });
            }
        }
    }

    /// Whether blocks may hold tabs.
    fn tabs(&self) -> bool {
        self.writer.layout() == Layout::Indented
    }

    fn word(&mut self, word: &str, span: Span) {
        self.writer.separate();
        let start = self.writer.out.len();
        self.writer.word(word);
        self.note(start, span);
    }

    fn string(&mut self, text: &str, scalar: Scalar, is_key: bool, span: Span) {
        self.writer.separate();
        let start = self.writer.out.len();
        self.writer.string(text, scalar, is_key);
        self.note(start, span);
    }

    /// Maps what was printed since `start` to where it came from.
    fn note(&mut self, start: usize, origin: Span) {
        if let Some(map) = &mut self.map
            && !origin.is_detached()
        {
            map.push(Piece { start, end: self.writer.out.len(), origin, value: None, secret: false });
        }
    }
}

/// A string as go-yaml v2 reads it back from JSON text. Go writes U+0085 unescaped, where YAML sees a line break inside
/// double quotes: blanks around it vanish, one break is a blank, more are all newlines but the first.
fn as_read_from_json(text: &str) -> Cow<'_, str> {
    const NEXT_LINE: char = '\u{85}';
    if !text.contains(NEXT_LINE) {
        return Cow::Borrowed(text);
    }
    let mut read = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(NEXT_LINE) {
        read.push_str(before.trim_end_matches(' '));
        let after_run = after.trim_start_matches([NEXT_LINE, ' ']);
        let run = after.get(..after.len() - after_run.len()).unwrap_or_default();
        match run.matches(NEXT_LINE).count() {
            0 => read.push(' '),
            more => read.extend(std::iter::repeat_n('\n', more)),
        }
        rest = after_run;
    }
    read.push_str(rest);
    Cow::Owned(read)
}
