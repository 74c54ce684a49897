//! `$patch: delete`, `replace` and `merge`, found and taken out of a patch.

use yaml::{Node, Value};

/// The field that holds a directive.
pub(super) const KEY: &str = "$patch";

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Directive {
    Delete,
    Replace,
    Merge,
}

pub(super) fn parse(value: &Node) -> Result<Directive, Node> {
    match value.as_str() {
        Some("delete") => Ok(Directive::Delete),
        Some("replace") => Ok(Directive::Replace),
        Some("merge") => Ok(Directive::Merge),
        _ => Err(value.clone()),
    }
}

/// Takes the directive out of a map of the patch. An unknown one stays and is given back.
pub(super) fn take_from_map(patch: &mut Node) -> Result<Option<Directive>, Node> {
    let Some(value) = patch.get(KEY) else { return Ok(None) };
    let directive = parse(value)?;
    if let Value::Map(map) = &mut patch.value {
        map.remove(KEY);
    }
    Ok(Some(directive))
}
