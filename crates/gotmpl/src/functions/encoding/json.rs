//! Printing JSON as Go's `encoding/json` does: compact, indented, or without HTML escapes.

use std::fmt::Write;

use crate::convert::{MAX_DEPTH, Seen, bytes_of, cycle, finite, seen};
use crate::function::{Args, Call};
use crate::{Budget, Failure, Item, Value};

use super::base::base64;

/// How the text is laid out.
#[derive(Clone, Copy)]
struct Layout {
    escape_html: bool,
    indent: bool,
}

const COMPACT: Layout = Layout { escape_html: true, indent: false };
const PRETTY: Layout = Layout { escape_html: true, indent: true };
const RAW: Layout = Layout { escape_html: false, indent: false };

/// Errors give an empty text.
pub(super) fn to_json(call: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    super::or_empty(print(call, args, COMPACT))
}

pub(super) fn must_to_json(call: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    print(call, args, COMPACT)
}

/// Errors give an empty text.
pub(super) fn to_pretty_json(call: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    super::or_empty(print(call, args, PRETTY))
}

pub(super) fn must_to_pretty_json(call: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    print(call, args, PRETTY)
}

pub(super) fn to_raw_json(call: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    print(call, args, RAW)
}

fn print(call: &mut Call<'_>, args: Args<'_>, layout: Layout) -> Result<Value, Failure> {
    let mut printer = Printer { out: String::new(), layout, budget: call.budget };
    printer.value(args.value(0)?, 0)?;
    Ok(printer.out.into())
}

struct Printer<'b> {
    out: String,
    layout: Layout,
    budget: &'b mut Budget,
}

/// What a value takes besides its text.
const VALUE_SIZE: usize = 16;

impl Printer<'_> {
    fn value(&mut self, value: &Value, depth: usize) -> Result<(), Failure> {
        if depth > MAX_DEPTH {
            return Err(cycle(value));
        }
        let indent = if self.layout.indent { 2 * depth } else { 0 };
        self.budget.allocate(VALUE_SIZE + indent + if let Value::Str(text) = value { text.len() } else { 0 })?;
        match value {
            Value::Nil => self.out.push_str("null"),
            Value::Bool(true) => self.out.push_str("true"),
            Value::Bool(false) => self.out.push_str("false"),
            Value::Int(number) | Value::Int64(number) => self.number(*number),
            Value::Float(number) => self.out.push_str(&yaml::json_float(finite(*number)?)),
            Value::Str(text) => self.string(text),
            Value::List(list) if list.is_nil() => self.out.push_str("null"),
            Value::List(list) => match bytes_of(list) {
                Some(bytes) => self.string(base64(&bytes).as_bytes()),
                None => {
                    self.out.push('[');
                    for (index, item) in list.items().iter().enumerate() {
                        self.next(index == 0, depth + 1);
                        self.value(&item.value, depth + 1)?;
                    }
                    self.close(']', list.is_empty(), depth);
                }
            },
            Value::Map(map) => {
                let entries = map.read();
                let fields = entries.iter().map(|(key, item)| (key.as_bytes(), item));
                self.fields(fields, entries.is_empty(), depth)?;
            }
            Value::Object(object) => match seen(object.as_ref())? {
                Seen::Value(value) => self.value(&value, depth + 1)?,
                Seen::Integer(number) => self.number(number),
                Seen::Fields(fields) => {
                    let named = fields.iter().map(|(name, item)| (name.as_bytes(), item));
                    self.fields(named, fields.is_empty(), depth)?;
                }
            },
        }
        Ok(())
    }

    fn fields<'a>(
        &mut self,
        fields: impl Iterator<Item = (&'a [u8], &'a Item)>,
        is_empty: bool,
        depth: usize,
    ) -> Result<(), Failure> {
        self.out.push('{');
        for (index, (name, item)) in fields.enumerate() {
            self.next(index == 0, depth + 1);
            self.string(name);
            self.out.push_str(if self.layout.indent { ": " } else { ":" });
            self.value(&item.value, depth + 1)?;
        }
        self.close('}', is_empty, depth);
        Ok(())
    }

    fn number(&mut self, number: impl std::fmt::Display) {
        // Writing to a string does not fail.
        let _ = write!(self.out, "{number}");
    }

    fn next(&mut self, first: bool, depth: usize) {
        if !first {
            self.out.push(',');
        }
        self.line(depth);
    }

    fn close(&mut self, end: char, is_empty: bool, depth: usize) {
        if !is_empty {
            self.line(depth);
        }
        self.out.push(end);
    }

    fn line(&mut self, depth: usize) {
        if self.layout.indent {
            self.out.push('\n');
            self.out.extend(std::iter::repeat_n("  ", depth));
        }
    }

    /// A text in quotes; each byte that is no UTF-8 is told as an escaped U+FFFD, where a real one stands as it is.
    fn string(&mut self, text: &[u8]) {
        self.out.push('"');
        for chunk in text.utf8_chunks() {
            self.characters(chunk.valid());
            chunk.invalid().iter().for_each(|_| self.out.push_str("\\ufffd"));
        }
        self.out.push('"');
    }

    fn characters(&mut self, text: &str) {
        let escape_html = self.layout.escape_html;
        let escapes = |c: char| match c {
            '\0'..='\u{1F}' | '"' | '\\' | '\u{2028}' | '\u{2029}' => true,
            '<' | '>' | '&' => escape_html,
            _ => false,
        };
        let mut rest = text;
        while let Some(at) = rest.find(escapes) {
            let (before, from) = rest.split_at(at);
            self.out.push_str(before);
            let mut chars = from.chars();
            match chars.next() {
                Some('"') => self.out.push_str("\\\""),
                Some('\\') => self.out.push_str("\\\\"),
                Some('\n') => self.out.push_str("\\n"),
                Some('\r') => self.out.push_str("\\r"),
                Some('\t') => self.out.push_str("\\t"),
                Some('\u{8}') => self.out.push_str("\\b"),
                Some('\u{C}') => self.out.push_str("\\f"),
                Some(c) => {
                    let _ = write!(self.out, "\\u{:04x}", u32::from(c));
                }
                None => {}
            }
            rest = chars.as_str();
        }
        self.out.push_str(rest);
    }
}
