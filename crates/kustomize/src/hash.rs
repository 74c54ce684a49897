//! The content hash that generated names end with, as `api/hasher/hasher.go` of kustomize v5.8.1 computes it.

use sha2::{Digest, Sha256};
use yaml::{Map, Node, Value};

use crate::id::scalar;

/// Ten characters that change whenever the content does; `None` for kinds whose hash cannot be known.
pub(crate) fn of(object: &Node) -> Option<String> {
    let fields: &[(&str, bool)] = match object.get("kind").and_then(Node::as_str) {
        Some("ConfigMap") => &[("binaryData", false), ("data", true)],
        Some("Secret") => &[("data", true), ("stringData", false), ("type", true)],
        // Upstream hashes its own node type here, lines and columns included, which nothing else can reproduce.
        _ => return None,
    };
    let mut content = Map::new();
    for (field, always) in fields {
        let value = object.get(field);
        match value.map(|node| (&node.value, node)) {
            Some((Value::Map(_), node)) => drop(content.insert(*field, node.clone())),
            Some((_, node)) if *always => drop(content.insert(*field, Node::detached(scalar(node)))),
            None if *always => drop(content.insert(*field, Node::detached(""))),
            _ => {}
        }
    }
    content.insert("kind", Node::detached(object.get("kind").map(scalar).unwrap_or_default()));
    // Upstream looks for a field called `metadata/name`, which no object has.
    content.insert("name", Node::detached(""));
    Some(encoded(yaml::to_json(&Node::detached(content)).as_bytes()))
}

/// The first ten hexadecimal digits of the digest, without those that could spell a word.
fn encoded(content: &[u8]) -> String {
    let hex: String = Sha256::digest(content).iter().take(5).map(|byte| format!("{byte:02x}")).collect();
    hex.chars()
        .map(|digit| match digit {
            '0' => 'g',
            '1' => 'h',
            '3' => 'k',
            'a' => 'm',
            'e' => 't',
            other => other,
        })
        .collect()
}
