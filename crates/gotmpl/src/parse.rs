//! From the text of a template to its trees: Go's `text/template/parse` of Go 1.26, down to the words of its errors.

mod lexer;
mod number;
mod parser;
pub(crate) mod tree;
mod unquote;

use std::sync::Arc;

use source::{FileId, Span};

pub(crate) use number::{parse_float, parse_int};
pub(crate) use tree::Tree;

/// What a template's text is, for the places of what it prints.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TextOrigin {
    /// A registered file.
    File(FileId),
    /// A value that `tpl` was given, with its place.
    Value(Span),
}

/// A text that does not parse.
#[derive(Debug)]
pub struct ParseError {
    /// Go's text: `template: NAME:LINE: …`.
    pub message: String,
    /// The line, from 1.
    pub line: usize,
    /// Whether it nests deeper than was allowed.
    pub is_too_deep: bool,
}

/// The templates that one text holds: itself, and what it defines. Can be kept and shared between renders.
#[derive(Clone, Debug)]
pub struct Parsed {
    pub(crate) trees: Vec<Arc<Tree>>,
}

/// Parses the text called `name`, with `depth` parentheses and blocks inside each other at the most.
///
/// # Errors
/// Go's text about the first thing that is wrong.
pub fn parse(name: &str, text: &Arc<[u8]>, origin: TextOrigin, depth: usize) -> Result<Parsed, ParseError> {
    parser::parse(name, text, origin, depth).map(|trees| Parsed { trees })
}
