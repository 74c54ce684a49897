//! JSON and YAML inside texts, written again after a change.
//!
//! Upstream prints YAML with go-yaml v3 from its node tree, which keeps quotes, flow style, the order of keys and comments,
//! and brings indentation to two blanks with lists at the column of their key. That manner is read here from the text
//! under each node.

use source::{FileId, Sources};
use yaml::{Dialect, Entry, Node, Value};

/// Nesting that is printed; texts are read with a lower limit.
const MAX_DEPTH: usize = 256;

/// JSON as Go prints it: sorted keys, on one line or with two blanks for each level.
pub(super) fn json(data: &Node, pretty: bool) -> String {
    let compact = yaml::to_json(data);
    if pretty { indent(&compact) } else { compact }
}

/// Spreads JSON over lines; empty collections stay on theirs.
fn indent(compact: &str) -> String {
    let mut out = String::with_capacity(compact.len() * 2);
    let (mut depth, mut in_string, mut escaped) = (0usize, false, false);
    let mut chars = compact.chars().peekable();
    let line = |out: &mut String, depth: usize| {
        out.push('\n');
        out.extend(std::iter::repeat_n("  ", depth.min(MAX_DEPTH)));
    };
    while let Some(c) = chars.next() {
        if in_string {
            out.push(c);
            in_string = escaped || c != '"';
            escaped = !escaped && c == '\\';
            continue;
        }
        match c {
            '{' | '[' => {
                out.push(c);
                if let Some(close) = chars.next_if(|next| matches!(next, '}' | ']')) {
                    out.push(close);
                } else {
                    depth += 1;
                    line(&mut out, depth);
                }
            }
            '}' | ']' => {
                depth = depth.saturating_sub(1);
                line(&mut out, depth);
                out.push(c);
            }
            ',' => {
                out.push(c);
                line(&mut out, depth);
            }
            ':' => out.push_str(": "),
            _ => {
                in_string = c == '"';
                out.push(c);
            }
        }
    }
    out
}

/// YAML in the manner of the text that `data` was read from.
pub(super) fn yaml(sources: &Sources, id: FileId, data: &Node) -> String {
    let text = sources.get(id).map(|file| file.text.to_string()).unwrap_or_default();
    let mut printer = Printer { id, comments: comments(&text), text: &text, next_comment: 0, out: String::new() };
    printer.block(data, 0, false, 0);
    printer.comments_before(usize::MAX, 0);
    printer.out
}

/// A comment that has lines of its own.
struct Comment<'t> {
    start: usize,
    text: &'t str,
    /// An empty line follows.
    gap: bool,
}

/// The comments that stand on lines of their own. Lines inside block scalars may look like comments; those are passed
/// over when the scalar is printed.
fn comments(text: &str) -> Vec<Comment<'_>> {
    let mut found: Vec<Comment<'_>> = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let trimmed = line.trim();
        if trimmed.starts_with('#') {
            found.push(Comment { start: start + line.find('#').unwrap_or(0), text: trimmed, gap: false });
        } else if trimmed.is_empty()
            && let Some(last) = found.last_mut().filter(|last| last.start + last.text.len() + 2 >= start)
        {
            last.gap = true;
        }
        start += line.len();
    }
    found
}

struct Printer<'t> {
    id: FileId,
    text: &'t str,
    comments: Vec<Comment<'t>>,
    next_comment: usize,
    out: String,
}

impl Printer<'_> {
    /// The text under a node, when the node stands in the text that is printed again.
    fn written(&self, node: &Node) -> &str {
        match node.span.file() {
            Some(id) if id == self.id => self.text.get(node.span.start()..node.span.end()).unwrap_or_default(),
            _ => "",
        }
    }

    fn is_flow(&self, node: &Node) -> bool {
        let empty = match &node.value {
            Value::Map(map) => map.is_empty(),
            Value::List(items) => items.is_empty(),
            _ => false,
        };
        empty || self.written(node).starts_with(['{', '['])
    }

    fn indent(&mut self, indent: usize) {
        self.out.extend(std::iter::repeat_n(' ', indent));
    }

    /// Prints the comments that stand before a place.
    fn comments_before(&mut self, place: usize, indent: usize) {
        while let Some(comment) = self.comments.get(self.next_comment).filter(|comment| comment.start < place) {
            let (text, gap) = (comment.text.to_owned(), comment.gap);
            self.next_comment += 1;
            self.indent(indent);
            self.out.push_str(&text);
            self.out.push_str(if gap && place != usize::MAX { "\n\n" } else { "\n" });
        }
    }

    /// Passes over comments inside a node that was printed.
    fn skip_comments(&mut self, node: &Node) {
        if node.span.file() == Some(self.id) {
            while self.comments.get(self.next_comment).is_some_and(|comment| comment.start < node.span.end()) {
                self.next_comment += 1;
            }
        }
    }

    /// The comment behind a place on the same line.
    fn line_comment(&self, end: usize) -> String {
        let line = self.text.get(end..).and_then(|rest| rest.lines().next()).unwrap_or_default();
        let trimmed = line.trim();
        if trimmed.starts_with('#') && line.starts_with([' ', '\t']) { format!(" {trimmed}") } else { String::new() }
    }

    fn end_line(&mut self, node: &Node) {
        if node.span.file() == Some(self.id) {
            let comment = self.line_comment(node.span.end());
            self.out.push_str(&comment);
        }
        self.out.push('\n');
        self.skip_comments(node);
    }

    /// A collection over several lines, or a scalar. `started`: the first line is begun already, behind a dash.
    fn block(&mut self, node: &Node, indent: usize, started: bool, depth: usize) {
        match &node.value {
            _ if depth > MAX_DEPTH => self.out.push_str("null\n"),
            Value::Map(map) if !self.is_flow(node) => {
                for (position, entry) in map.iter().enumerate() {
                    if position > 0 || !started {
                        if entry.key_span.file() == Some(self.id) {
                            self.comments_before(entry.key_span.start(), indent);
                        }
                        self.indent(indent);
                    }
                    self.field(entry, indent, depth);
                }
            }
            Value::List(items) if !self.is_flow(node) => {
                for (position, item) in items.iter().enumerate() {
                    if position > 0 || !started {
                        if item.span.file() == Some(self.id) {
                            self.comments_before(item.span.start(), indent);
                        }
                        self.indent(indent);
                    }
                    self.out.push_str("- ");
                    self.block(item, indent + 2, true, depth + 1);
                }
            }
            _ => {
                self.inline(node, indent, depth);
                self.end_line(node);
            }
        }
    }

    fn field(&mut self, entry: &Entry, indent: usize, depth: usize) {
        self.key(entry);
        let nested = matches!(entry.node.value, Value::Map(_) | Value::List(_)) && !self.is_flow(&entry.node);
        if !nested {
            self.out.push(' ');
            self.inline(&entry.node, indent + 2, depth);
            self.end_line(&entry.node);
            return;
        }
        if entry.key_span.file() == Some(self.id) {
            let behind_colon = self.text.get(entry.key_span.end()..).and_then(|rest| rest.find(':')).unwrap_or(0);
            let comment = self.line_comment(entry.key_span.end() + behind_colon + 1);
            self.out.push_str(&comment);
        }
        self.out.push('\n');
        let inner = if entry.node.as_list().is_some() { indent } else { indent + 2 };
        self.block(&entry.node, inner, false, depth + 1);
    }

    fn key(&mut self, entry: &Entry) {
        let written = match entry.key_span.file() {
            Some(id) if id == self.id => self.text.get(entry.key_span.start()..entry.key_span.end()),
            _ => None,
        };
        let key = match written.filter(|text| !text.is_empty() && !text.contains('\n')) {
            Some(text) => text.to_owned(),
            None => plain_or_quoted(&entry.key),
        };
        self.out.push_str(&key);
        self.out.push(':');
    }

    /// A node on one line, or a block scalar whose lines stand at `indent`.
    fn inline(&mut self, node: &Node, indent: usize, depth: usize) {
        match &node.value {
            _ if depth > MAX_DEPTH => self.out.push_str("null"),
            Value::Map(map) => {
                self.out.push('{');
                for (position, entry) in map.iter().enumerate() {
                    self.out.push_str(if position > 0 { ", " } else { "" });
                    self.key(entry);
                    self.out.push(' ');
                    self.inline(&entry.node, indent, depth + 1);
                }
                self.out.push('}');
            }
            Value::List(items) => {
                self.out.push('[');
                for (position, item) in items.iter().enumerate() {
                    self.out.push_str(if position > 0 { ", " } else { "" });
                    self.inline(item, indent, depth + 1);
                }
                self.out.push(']');
            }
            _ => {
                let scalar = self.scalar(node, indent);
                self.out.push_str(&scalar);
            }
        }
    }

    fn scalar(&self, node: &Node, indent: usize) -> String {
        let written = self.written(node);
        let Value::Str(text) = &node.value else {
            let same = !written.is_empty() && yaml::type_scalar(written, Dialect::Kustomize) == node.value;
            return if same { written.to_owned() } else { printed(node) };
        };
        match written.chars().next() {
            Some('|') => literal(text, indent),
            Some('"') => double(text),
            Some('\'') if !text.contains('\n') => format!("'{}'", text.replace('\'', "''")),
            _ if text.contains('\n') => literal(text, indent),
            _ => plain_or_quoted(text),
        }
    }
}

fn printed(node: &Node) -> String {
    yaml::to_yaml(node).trim_end().to_owned()
}

fn literal(text: &str, indent: usize) -> String {
    let keeps = if text.ends_with("\n\n") {
        "+"
    } else if text.ends_with('\n') {
        ""
    } else {
        "-"
    };
    let mut out = format!("|{keeps}");
    for line in text.trim_end_matches('\n').split('\n') {
        out.push('\n');
        if !line.is_empty() {
            out.extend(std::iter::repeat_n(' ', indent));
            out.push_str(line);
        }
    }
    out
}

fn double(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            c if (c as u32) < 0x20 || c as u32 == 0x7f => out.push_str(&format!("\\x{:02X}", c as u32)),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// A string without quotes where it can stand so and stays a string; YAML 1.1 words need none here.
fn plain_or_quoted(text: &str) -> String {
    let is_string = matches!(yaml::type_scalar(text, Dialect::Kustomize), Value::Str(_));
    if text.len() > 60 && is_string && !text.contains([':', '#', '\'', '"', '{', '[', '&', '*', '!', '%', '@', '`']) {
        return text.to_owned();
    }
    let shown = printed(&Node::detached(text));
    if is_string && shown == double(text) && !text.contains('\\') && !text.contains(char::is_control) {
        return text.to_owned();
    }
    if shown.contains('\n') { double(text) } else { shown }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_is_spread_as_go_does() {
        assert_eq!(
            indent(r#"{"a":[1,{"b":"x:{,"}],"c":{},"d":[]}"#),
            "{\n  \"a\": [\n    1,\n    {\n      \"b\": \"x:{,\"\n    }\n  ],\n  \"c\": {},\n  \"d\": []\n}"
        );
    }
}
