//! Fields of objects by path, for the rooms that only need a word here and there. What a definition may hold and what the
//! API server refuses is the business of [`crate::api`].

use source::Span;
use yaml::Node;

/// The text at `path`; empty where there is none.
pub(crate) fn text<'a>(node: &'a Node, path: &[&str]) -> &'a str {
    node.at(path).and_then(Node::as_str).unwrap_or_default()
}

/// The text at `path`, unless it is missing or empty.
pub(crate) fn some_text<'a>(node: &'a Node, path: &[&str]) -> Option<&'a str> {
    node.at(path).and_then(Node::as_str).filter(|text| !text.is_empty())
}

/// Whether the boolean at `path` is true.
pub(crate) fn flag(node: &Node, path: &[&str]) -> bool {
    node.at(path).and_then(|node| node.value.as_bool()) == Some(true)
}

/// The items of the list at `path`.
pub(crate) fn items<'a>(node: &'a Node, path: &[&str]) -> impl Iterator<Item = &'a Node> {
    node.at(path).and_then(Node::as_list).into_iter().flatten()
}

/// The place of the field at `path`, or of the closest mapping around it that is there.
pub(crate) fn span(node: &Node, path: &[&str]) -> Span {
    let mut at = node;
    for key in path {
        match at.get(key) {
            Some(next) => at = next,
            None => break,
        }
    }
    at.span.or(node.span)
}

/// The API group of an object.
pub(crate) fn group(node: &Node) -> &str {
    object::split_api_version(text(node, &["apiVersion"])).0
}
