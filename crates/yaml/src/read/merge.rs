//! The values of merge keys (`<<`): a map or a list of maps.

use source::{Diagnostic, Span};

use crate::{Map, Node, Value};

use super::scanner::Scan;

/// The maps to merge, the most important first. An alias may stand for a map, not for a list.
pub(crate) fn sources(value: &Node, alias: bool) -> Scan<Vec<Map>> {
    let wrong = |span: Span| {
        let error = Diagnostic::error("yaml/merge-type", span, "a merge key `<<` needs a map or a list of maps");
        Box::new(error.with_help("point it at an anchored map, or rename the key if it is not meant to merge"))
    };
    match &value.value {
        Value::Map(map) => Ok(vec![map.clone()]),
        Value::List(items) if !alias => {
            items.iter().map(|item| item.as_map().cloned().ok_or_else(|| wrong(item.span))).collect()
        }
        _ => Err(wrong(value.span)),
    }
}
