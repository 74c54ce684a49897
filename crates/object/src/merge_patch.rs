//! JSON merge patches (RFC 7386), which kustomize does not use but Kubernetes and Helm do.

use std::collections::HashMap;

use yaml::{Entry, Node, Value};

/// Deeper maps of a patch are taken as they are, nulls included; readers refuse such trees anyway.
const DEPTH: usize = 500;

/// Merges a patch into a node: maps field by field, null takes a field away, anything else replaces.
///
/// Written values carry the spans of the patch.
pub fn apply(target: &mut Node, patch: &Node) {
    merge(target, patch, 0);
}

fn merge(target: &mut Node, patch: &Node, depth: usize) {
    let Value::Map(changes) = &patch.value else {
        *target = patch.clone();
        return;
    };
    if target.as_map().is_none() {
        *target = Node::new(patch.span, yaml::Map::new());
    }
    if depth >= DEPTH {
        *target = patch.clone();
        return;
    }
    let Some(fields) = target.as_map_mut() else { return };
    let mut open: HashMap<&str, &Node> = changes.iter().map(|change| (&*change.key, &change.node)).collect();
    fields.retain(|field| open.get(&*field.key).is_none_or(|change| !change.is_null()));
    for field in fields.iter_mut() {
        if let Some(change) = open.remove(&*field.key) {
            merge(&mut field.node, change, depth + 1);
        }
    }
    for change in changes {
        if open.contains_key(&*change.key) && !change.node.is_null() {
            // Not a plain copy: a null deep in the patch must not stay.
            let mut node = Node::new(change.node.span, Value::Null);
            merge(&mut node, &change.node, depth + 1);
            fields.push(Entry { key: change.key.clone(), key_span: change.key_span, node });
        }
    }
}

#[cfg(test)]
mod tests {
    use yaml::{List, Map, to_json};

    use super::*;

    fn map<const N: usize>(fields: [(&str, Node); N]) -> Node {
        Node::detached(Map::from_iter(fields))
    }

    /// The rows of the appendix of the RFC that are not about whole documents alone.
    #[test]
    fn merges_as_the_rfc_says() {
        let text = |text: &str| Node::detached(text);
        let null = || Node::detached(Value::Null);
        let list = |item: Node| Node::detached(List::from_iter([item]));
        let rows = [
            (map([("a", text("b"))]), map([("a", text("c"))]), r#"{"a":"c"}"#),
            (map([("a", text("b"))]), map([("b", text("c"))]), r#"{"a":"b","b":"c"}"#),
            (map([("a", text("b"))]), map([("a", null())]), "{}"),
            (map([("a", text("b")), ("b", text("c"))]), map([("a", null())]), r#"{"b":"c"}"#),
            (map([("a", list(text("b")))]), map([("a", text("c"))]), r#"{"a":"c"}"#),
            (map([("a", text("c"))]), map([("a", list(text("b")))]), r#"{"a":["b"]}"#),
            (
                map([("a", map([("b", text("c"))]))]),
                map([("a", map([("b", text("d")), ("c", null())]))]),
                r#"{"a":{"b":"d"}}"#,
            ),
            (map([("a", list(map([("b", text("c"))])))]), map([("a", list(text("1")))]), r#"{"a":["1"]}"#),
            (map([("e", null())]), map([("a", text("1"))]), r#"{"a":"1","e":null}"#),
            (list(text("1")), map([("a", text("b")), ("c", null())]), r#"{"a":"b"}"#),
            (map([]), map([("a", map([("bb", map([("ccc", null())]))]))]), r#"{"a":{"bb":{}}}"#),
        ];
        for (mut target, patch, merged) in rows {
            apply(&mut target, &patch);
            assert_eq!(to_json(&target), merged);
            apply(&mut target, &patch);
            assert_eq!(to_json(&target), merged, "merging again changes nothing");
        }
    }
}
