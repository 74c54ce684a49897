//! Reading text into trees: the two dialects, their limits, and errors with a place.

mod chars;
mod compose;
mod content;
mod documents;
mod embedded;
mod fields;
mod merge;
mod number;
mod parser;
mod reprint;
mod resolve;
mod scalar;
mod scanner;
mod timestamp;
mod token;
mod typed;
mod upstream;

use std::ops::Range;

use source::{Diagnostic, FileId, Span};

use crate::{Node, Value};

use compose::Composer;
use parser::Parser;
use scanner::Scanner;

pub use embedded::{embedded, scalar_text};
pub use resolve::type_scalar;
pub use upstream::{UpstreamError, json_type, read_values, read_values_fields, wrong_type};

/// How scalars are typed and which freedoms are refused.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Dialect {
    /// go-yaml v3 into JSON, as kustomize reads resources.
    Kustomize,
    /// sigs.k8s.io/yaml (go-yaml v2, YAML 1.1, then JSON), as Kubernetes, Flux and Helm read objects and values.
    Kubernetes,
}

/// What happens when a mapping has the same key twice.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum DuplicateKeys {
    /// The text is refused.
    Refuse,
    /// The last one counts, as in kustomization files.
    LastWins,
}

/// What one text may cost.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Bytes of text.
    pub bytes: usize,
    /// Nesting of collections.
    pub depth: usize,
    /// Nodes after aliases and merge keys are expanded.
    pub nodes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { bytes: 16 << 20, depth: 200, nodes: 4_000_000 }
    }
}

/// How a text is read.
#[derive(Clone, Copy, Debug)]
pub struct ReadOptions {
    /// How scalars are typed.
    pub dialect: Dialect,
    /// What the text may cost.
    pub limits: Limits,
    /// What happens to a key that is there twice.
    pub duplicate_keys: DuplicateKeys,
}

/// Reads every document of a text, refusing duplicate keys. A document without content is a null node.
///
/// # Errors
/// A diagnostic whose rule starts with `yaml/`, with the place of the problem.
pub fn read(file: FileId, text: &[u8], dialect: Dialect, limits: &Limits) -> Result<Vec<Node>, Box<Diagnostic>> {
    read_with(file, text, &ReadOptions { dialect, limits: *limits, duplicate_keys: DuplicateKeys::Refuse })
}

/// Reads every document of a text as the options say. What counts as a document is what the tools of the dialect take for
/// one: they cut the text at `---` lines and read one document from each piece.
///
/// # Errors
/// A diagnostic whose rule starts with `yaml/`, with the place of the problem.
pub fn read_with(file: FileId, text: &[u8], options: &ReadOptions) -> Result<Vec<Node>, Box<Diagnostic>> {
    let text = check(file, text, options)?;
    let pieces = documents::split(file, text, options.dialect)?;
    let mut total = 0;
    pieces.into_iter().map(|piece| read_piece(file, text, piece, options, &mut total)).collect()
}

/// Reads the first document of a text and ignores the rest, as tools do that read one object: Helm its values, kustomize
/// its own file. A text without content is a null node.
///
/// # Errors
/// A diagnostic whose rule starts with `yaml/`, with the place of the problem.
pub fn read_first(file: FileId, text: &[u8], options: &ReadOptions) -> Result<Node, Box<Diagnostic>> {
    let text = check(file, text, options)?;
    read_piece(file, text, 0..text.len(), options, &mut 0)
}

/// A byte order mark may stand before each piece, since the tools read each as a text of its own.
const BYTE_ORDER_MARK: char = '\u{FEFF}';

fn read_piece(
    file: FileId,
    text: &str,
    piece: Range<usize>,
    options: &ReadOptions,
    total: &mut u64,
) -> Result<Node, Box<Diagnostic>> {
    let upto = text.get(..piece.end).unwrap_or(text);
    let mark = upto.get(piece.start..).is_some_and(|t| t.starts_with(BYTE_ORDER_MARK));
    let start = piece.start + if mark { BYTE_ORDER_MARK.len_utf8() } else { 0 };
    let parser = Parser::new(Scanner::new(file, upto, start), options.dialect);
    let node = Composer::new(file, options, parser, total).document().map_err(|mut error| {
        error.span = inside(file, upto, error.span);
        error
    })?;
    Ok(node.unwrap_or_else(|| Node::new(Span::new(file, piece.start, piece.start), Value::Null)))
}

/// Whether every key and string of a tree is made of characters that a YAML text may hold.
pub fn is_printable(node: &Node) -> bool {
    let mut open = vec![node];
    while let Some(node) = open.pop() {
        match &node.value {
            Value::Str(text) if !is_readable(text) => return false,
            Value::List(list) => open.extend(list),
            Value::Map(map) if !map.keys().all(|key| is_readable(key)) => return false,
            Value::Map(map) => open.extend(map.values()),
            _ => {}
        }
    }
    true
}

/// C0 controls are escapes in JSON, so they do not count.
fn is_readable(text: &str) -> bool {
    let c1_or_special = |c: char| matches!(c, '\u{7F}'..='\u{84}' | '\u{86}'..='\u{9F}' | '\u{FFFE}' | '\u{FFFF}');
    text.is_ascii() && !text.as_bytes().contains(&0x7F) || !text.contains(c1_or_special)
}

/// A span that ends inside the text and between characters: errors at the end of the text may point past it.
fn inside(file: FileId, text: &str, span: Span) -> Span {
    Span::new(file, text.floor_char_boundary(span.start()), text.ceil_char_boundary(span.end()))
}

/// Looks at the bytes before any YAML: size, encoding, characters. Gives the text.
fn check<'a>(file: FileId, bytes: &'a [u8], options: &ReadOptions) -> Result<&'a str, Box<Diagnostic>> {
    let limit = options.limits.bytes;
    if bytes.len() > limit {
        let message = format!("the text is larger than the limit of {limit} bytes");
        return Err(Box::new(
            Diagnostic::error("yaml/too-large", Span::new(file, 0, 0), message).with_help("split the file"),
        ));
    }
    if bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]) {
        let error = Diagnostic::error("yaml/not-utf8", Span::new(file, 0, 0), "the text is in UTF-16");
        return Err(Box::new(error.with_help("save the file in UTF-8")));
    }
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let at = error.valid_up_to();
        let error = Diagnostic::error("yaml/not-utf8", Span::new(file, at, at + 1), "a byte here is not UTF-8");
        Box::new(error.with_help("save the file in UTF-8; put binary data into `binaryData` or `!!binary` as base64"))
    })?;
    if let Some((at, length)) = chars::forbidden(text) {
        let code = text.get(at..).and_then(|t| t.chars().next()).map_or(0, u32::from);
        let message = format!("control character U+{code:04X} is not allowed in YAML");
        let error = Diagnostic::error("yaml/control-character", Span::new(file, at, at + length), message);
        return Err(Box::new(error.with_help("remove it, or write it as an escape in a double-quoted string")));
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(text: &str) -> Node {
        read(FileId::new(1), text.as_bytes(), Dialect::Kustomize, &Limits::default()).unwrap().remove(0)
    }

    #[test]
    fn reads_an_ordinary_object() {
        let text = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a # c\n  labels: {x: \"y\"}\ndata:\n  k: |\n    one\n     two\n\n  list:\n  - a\n  -  - 1\n     - true\n";
        let node = one(text);
        assert_eq!(node.at(&["data", "k"]).and_then(Node::as_str), Some("one\n two\n"));
        assert_eq!(
            format!("{:?}", node.at(&["data", "list"]).map(|n| &n.value)),
            "Some(List([Str(\"a\"), List([Int(1), Bool(true)])]))"
        );
        let name = node.at(&["metadata", "name"]).unwrap();
        assert_eq!(&text[name.span.start()..name.span.end()], "a");
        let labels = node.at(&["metadata", "labels"]).unwrap();
        assert_eq!(&text[labels.span.start()..labels.span.end()], "{x: \"y\"}");
        let list = node.at(&["data", "list"]).unwrap();
        assert_eq!(&text[list.span.start()..list.span.end()], "- a\n  -  - 1\n     - true");
    }
}
