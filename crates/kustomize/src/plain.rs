//! What kustomize writes as plain YAML and reads again before it prints: keys and scalars can change their type on the way.

use yaml::{Dialect, Entry, Map, Node, Value};

use crate::context::Context;

/// Whether a key that kustomize writes would come back as something else than a text, which it then cannot print.
pub(crate) fn breaks(key: &str) -> bool {
    if key.is_empty() || key == "<<" {
        return true;
    }
    match yaml::type_scalar(key, Dialect::Kustomize) {
        // A date comes back as a time.
        Value::Str(text) => *text != *key,
        _ => true,
    }
}

/// The first key of a map that would come back as something else.
pub(crate) fn breaking_key(map: Option<&Map>) -> Option<&Entry> {
    map?.iter().find(|entry| breaks(&entry.key))
}

/// Whether a text was written with quotes or as a block; a text of which the source is not known counts as quoted.
pub(crate) fn is_quoted(context: &Context<'_>, node: &Node) -> bool {
    matches!(node.value, Value::Str(_))
        && context.sources.text(node.span).is_none_or(|text| text.starts_with(['"', '\'', '|', '>']) || text.is_empty())
}

/// A text in the place of a scalar. Quotes stay, so a plain scalar takes the type that the new text looks like.
pub(crate) fn in_place_of(context: &Context<'_>, old: &Node, text: String) -> Value {
    match yaml::type_scalar(&text, Dialect::Kustomize) {
        Value::Str(_) => text.into(),
        _ if is_quoted(context, old) => text.into(),
        typed => typed,
    }
}

/// The text of a date that was written without quotes; reading made a time of it.
pub(crate) fn date_as_written(context: &Context<'_>, node: &Node) -> Option<String> {
    let text = node.as_str().filter(|text| text.ends_with('Z') && text.as_bytes().get(4) == Some(&b'-'))?;
    let written = context.sources.text(node.span).filter(|written| written != text)?;
    (yaml::type_scalar(&written, Dialect::Kustomize).as_str() == Some(text)).then_some(written)
}

/// What is said about a key that cannot be printed.
pub(crate) fn says(key: &str) -> String {
    format!("the key `{key}` becomes {} where kustomize writes it without quotes", what(key))
}

fn what(key: &str) -> &'static str {
    match yaml::type_scalar(key, Dialect::Kustomize) {
        _ if key == "<<" => "a merge of maps",
        _ if key.is_empty() => "a null",
        Value::Null => "a null",
        Value::Bool(_) => "a boolean",
        Value::Str(_) => "a date",
        _ => "a number",
    }
}

#[cfg(test)]
mod tests {
    use super::breaks;

    #[test]
    fn knows_keys_that_break() {
        for key in ["1", "1.5", "true", "null", "~", "", "<<", "0x1F", "2001-01-01"] {
            assert!(breaks(key), "{key}");
        }
        for key in ["y", "on", "1.2.3", "a: b", "- a", "#x", "app.kubernetes.io/name"] {
            assert!(!breaks(key), "{key}");
        }
    }
}
