//! Values of ConfigMaps and Secrets that the API server refuses, because the types say so and no schema is needed.
//!
//! Values themselves are never part of a finding.

use flux::Rendered;
use source::Diagnostic;
use yaml::{Node, Value};

/// What is wrong with the values of a cluster's ConfigMaps and Secrets, in the order of its units.
pub(crate) fn refused_values(cluster: &Rendered) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    for (unit, object) in cluster.objects() {
        let id = cluster.identity(object).to_string();
        let mut found = |diagnostic: Diagnostic| {
            findings.push(diagnostic.within(id.clone()).within(unit.id.to_string()));
        };
        for &(field, binary) in fields(&object.node) {
            let Some(values) = object.node.get(field).and_then(Node::as_map) else { continue };
            for entry in values.iter() {
                let place = format!("`{}` in `{field}` of `{id}`", entry.key);
                match &entry.node.value {
                    Value::Str(text) if binary && !is_base64(text) => found(
                        Diagnostic::error("object/value-not-base64", entry.node.span, format!("{place} is not base64"))
                            .with_help(
                                "encode the value, or put it into `stringData` of a Secret or `data` of a ConfigMap",
                            ),
                    ),
                    Value::Str(_) | Value::Null => {}
                    other => found(
                        Diagnostic::error(
                            "object/value-not-a-string",
                            entry.node.span,
                            format!("{place} must be a string, found {}", other.type_name()),
                        )
                        .with_help("put the value in quotes"),
                    ),
                }
            }
        }
    }
    findings
}

/// The fields of an object whose values are strings, and whether those are base64.
fn fields(object: &Node) -> &'static [(&'static str, bool)] {
    let text = |key| object.get(key).and_then(Node::as_str).unwrap_or_default();
    match (text("apiVersion"), text("kind")) {
        ("v1", "ConfigMap") => &[("data", false), ("binaryData", true)],
        ("v1", "Secret") => &[("data", true), ("stringData", false)],
        _ => &[],
    }
}

/// Whether Go's `encoding/base64` reads it, line breaks left out. A variable that has no value here may become anything.
fn is_base64(text: &str) -> bool {
    if text.contains("${") {
        return true;
    }
    let digits: Vec<u8> = text.bytes().filter(|byte| !matches!(byte, b'\r' | b'\n')).collect();
    let padding = digits.iter().rev().take_while(|byte| **byte == b'=').count();
    let body = digits.iter().take(digits.len() - padding);
    digits.len().is_multiple_of(4)
        && padding <= 2
        && body.copied().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/'))
}

#[cfg(test)]
mod tests {
    use super::is_base64;

    #[test]
    fn base64_as_go_reads_it() {
        for text in ["", "aGk=", "aGVsbG8=", "YQ==", "YWJj", "YW\nJj\n", "${unknown}"] {
            assert!(is_base64(text), "{text}");
        }
        for text in ["not base64", "aGk", "a===", "YQ=a", "YWJ-", "===="] {
            assert!(!is_base64(text), "{text}");
        }
    }
}
