//! Keeps the values of Secrets from everything that is printed.

use yaml::{Node, Str, Value};

/// Stands for a value that is not shown.
const MASK: &str = "***";
/// Stands for a value that is not shown and is another one than before.
const CHANGED: &str = "*** (changed)";

/// Fields of a Secret whose values are secret.
const FIELDS: [&str; 2] = ["data", "stringData"];

/// Where `kubectl apply` keeps a copy of everything.
const LAST_APPLIED: &str = "kubectl.kubernetes.io/last-applied-configuration";

/// The object with secret values masked; any other object as it is.
pub fn mask(object: &Node) -> Node {
    mask_pair(None, object).1
}

/// Both forms of an object with secret values masked. A value that differs is masked differently in the second one, so
/// that the change can be seen without either value.
pub fn mask_pair(old: Option<&Node>, new: &Node) -> (Option<Node>, Node) {
    let is_secret = |object: &Node| object.get("kind").and_then(Node::as_str) == Some("Secret");
    if !is_secret(new) && !old.is_some_and(is_secret) {
        return (old.cloned(), new.clone());
    }
    let (mut masked_old, mut masked_new) = (old.cloned(), new.clone());
    for field in FIELDS {
        let before = old.and_then(|old| old.get(field));
        if let Some(node) = masked_old.as_mut().and_then(Node::as_map_mut).and_then(|map| map.get_mut(field)) {
            mask_values(node, None);
        }
        if let Some(node) = masked_new.as_map_mut().and_then(|map| map.get_mut(field)) {
            mask_values(node, before);
        }
    }
    for node in masked_old.iter_mut().chain([&mut masked_new]) {
        let annotations =
            node.as_map_mut().and_then(|map| map.get_mut("metadata")?.as_map_mut()?.get_mut("annotations"));
        if let Some(copy) = annotations.and_then(|map| map.as_map_mut()?.get_mut(LAST_APPLIED)) {
            copy.value = Value::from(MASK);
        }
    }
    (masked_old, masked_new)
}

fn mask_values(node: &mut Node, before: Option<&Node>) {
    let masked = |value: &Node, before: Option<&Node>| {
        Value::Str(Str::from(if before.is_some_and(|before| before != value) { CHANGED } else { MASK }))
    };
    if let Value::Map(map) = &mut node.value {
        let fields = map.iter_mut();
        let known: std::collections::BTreeMap<&str, &Node> =
            before.and_then(Node::as_map).into_iter().flatten().map(|field| (&*field.key, &field.node)).collect();
        for field in fields {
            field.node.value = masked(&field.node, known.get(&*field.key).copied());
        }
    } else if !node.is_null() {
        node.value = masked(node, before);
    }
}

#[cfg(test)]
mod tests {
    use yaml::{Map, to_json};

    use super::*;

    fn secret(values: &[(&str, &str)]) -> Node {
        let data: Map = values.iter().map(|(key, value)| (*key, Node::detached(*value))).collect();
        let annotations = Map::from_iter([(LAST_APPLIED, Node::detached("hunter2"))]);
        let metadata = Map::from_iter([("annotations", Node::detached(annotations))]);
        Node::detached(Map::from_iter([
            ("kind", Node::detached("Secret")),
            ("metadata", Node::detached(metadata)),
            ("stringData", Node::detached(data)),
        ]))
    }

    #[test]
    fn only_the_change_is_seen() {
        let old = secret(&[("same", "hunter2"), ("other", "hunter2")]);
        let new = secret(&[("same", "hunter2"), ("other", "hunter3"), ("new", "hunter4")]);
        let (old, new) = mask_pair(Some(&old), &new);
        let text = to_json(&old.unwrap()) + &to_json(&new) + &to_json(&mask(&secret(&[("a", "hunter5")])));
        assert!(!text.contains("hunter"), "{text}");
        assert!(text.contains(r#"{"new":"***","other":"*** (changed)","same":"***"}"#), "{text}");
    }
}
