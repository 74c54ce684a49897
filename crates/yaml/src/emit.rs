//! Printing trees byte for byte as kustomize prints them.

use source::SpanMap;

use crate::Node;

/// The text that kustomize prints for an object: through JSON, then go-yaml v2 with sorted keys; ends with a newline.
pub fn to_yaml(_node: &Node) -> String {
    unimplemented!()
}

/// As [`to_yaml`], with a map from every printed scalar and key back to the span of its node.
pub fn to_yaml_mapped(_node: &Node) -> (String, SpanMap) {
    unimplemented!()
}

/// Compact JSON as Go's `encoding/json` prints it: sorted keys, `<`, `>`, `&`, U+2028 and U+2029 escaped, Go's number
/// format, no trailing newline.
pub fn to_json(_node: &Node) -> String {
    unimplemented!()
}
