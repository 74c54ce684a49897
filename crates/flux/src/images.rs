//! Container images in any object: wherever a list of containers stands in a pod template, however deep.

use source::Span;
use yaml::{Node, Value};

/// Nesting that is looked at; pod templates inside of custom resources are never deeper.
const DEPTH: usize = 24;

/// The images of the containers in `object` with their places, in order.
pub(crate) fn of(object: &Node) -> Vec<(&str, Span)> {
    let mut found = Vec::new();
    collect(object, DEPTH, &mut found);
    found
}

fn collect<'a>(node: &'a Node, depth: usize, found: &mut Vec<(&'a str, Span)>) {
    let Some(depth) = depth.checked_sub(1) else { return };
    match &node.value {
        Value::Map(map) => {
            for entry in map {
                match (&*entry.key, &entry.node.value) {
                    ("containers" | "initContainers" | "ephemeralContainers", Value::List(containers)) => {
                        found.extend(containers.iter().filter_map(|container| {
                            let image = container.get("image")?;
                            Some((image.as_str().filter(|image| !image.is_empty())?, image.span))
                        }));
                    }
                    _ => collect(&entry.node, depth, found),
                }
            }
        }
        Value::List(list) => list.iter().for_each(|item| collect(item, depth, found)),
        _ => {}
    }
}
