//! What each release of Helm makes of nulls, and whose tables globals are.

use source::FileId;
use yaml::{Map, Node};

use super::*;
use crate::chart::{Metadata, Parts, read_values};

fn values(text: &str) -> Map {
    read_values(FileId::new(1), text.as_bytes()).unwrap()
}

fn chart(name: &str, defaults: &str, dependencies: Vec<Chart>) -> Chart {
    let metadata = Metadata { name: name.to_owned(), ..Metadata::default() };
    Chart::new(Parts { metadata, values: values(defaults), dependencies, ..Parts::default() })
}

fn json(map: Map) -> String {
    yaml::to_json(&Node::detached(map))
}

#[test]
fn nulls_follow_the_release() {
    let chart = chart("c", "{t: {x: 1, v: 2, m: null}, u: {k: null, l: 1}, s: 1, d: null}", Vec::new());
    let given = values("{t: {x: null, z: null, m: null}, s: null, w: null}");
    let coalesced = |nulls| json(coalesce_values(&chart, &given, nulls, &mut Vec::new()).unwrap().map());
    // The values of helm 3.19.0, 4.1.0, 4.1.4 and 4.2.3.
    assert_eq!(coalesced(NullHandling::V3), r#"{"d":null,"t":{"v":2,"z":null},"u":{"k":null,"l":1},"w":null}"#);
    assert_eq!(coalesced(NullHandling::V4_0), r#"{"d":null,"t":{"v":2},"u":{"k":null,"l":1},"w":null}"#);
    let latest = r#"{"d":null,"t":{"m":null,"v":2,"z":null},"u":{"k":null,"l":1},"w":null}"#;
    assert_eq!(coalesced(NullHandling::V4_1), latest);
    assert_eq!(coalesced(NullHandling::V4_2), r#"{"t":{"m":null,"v":2,"z":null},"u":{"l":1},"w":null}"#);
    let merged = merge_values(&chart, &given, NullHandling::V4_2, &mut Vec::new()).unwrap();
    assert_eq!(
        json(merged.map()),
        r#"{"d":null,"s":null,"t":{"m":null,"v":2,"x":null,"z":null},"u":{"k":null,"l":1},"w":null}"#
    );
}

#[test]
fn what_is_nested_in_globals_is_one_for_parent_and_subchart() {
    let sub = chart("sub", "global: {a: {own: 1, b: {deep: 1}}}", Vec::new());
    let parent = chart("c", "global: {a: {b: {x: 1}}}", vec![sub]);
    let table = coalesce_values(&parent, &Map::new(), NullHandling::V4_2, &mut Vec::new()).unwrap();
    assert_eq!(
        json(table.map()),
        r#"{"global":{"a":{"b":{"deep":1,"x":1}}},"sub":{"global":{"a":{"b":{"deep":1,"x":1},"own":1}}}}"#
    );
    let map = template_values(&table);
    let at = |path: &[&str]| {
        path.iter().fold(map.clone(), |map, key| match map.get(key.as_bytes()).unwrap().value {
            gotmpl::Value::Map(map) => map,
            other => panic!("{other:?}"),
        })
    };
    assert!(at(&["global", "a", "b"]).same(&at(&["sub", "global", "a", "b"])));
    assert!(!at(&["global", "a"]).same(&at(&["sub", "global", "a"])));
}

#[test]
fn what_does_not_fit_is_told() {
    let chart = chart("c", "{t: {x: {z: 1}}, s: {x: 1}, u: 1}", vec![chart("sub", "", Vec::new())]);
    let mut log = Vec::new();
    let given = values("{t: {x: 5}, s: {x: {z: 1}}, u: {v: 1}, sub: [a, 1]}");
    let error = coalesce_values(&chart, &given, NullHandling::V4_2, &mut log).unwrap_err();
    assert_eq!(error, "type mismatch on sub: [%!t(string=a) %!t(float64=1)]");
    let log: Vec<_> = log.into_iter().map(|warning| warning.message).collect();
    assert_eq!(
        log,
        [
            "warning: cannot overwrite table with non table for c.t.x (map[z:1])",
            "warning: destination for c.s.x is a table. Ignoring non-table value (1)",
            "warning: skipped value for c.u: Not a table.",
        ]
    );
}

#[test]
fn places_of_values_stay() {
    let chart = chart("c", "{t: {x: 1}}", Vec::new());
    let text = "t:\n  z: yes\n";
    let given = read_values(FileId::new(9), text.as_bytes()).unwrap();
    let map = coalesce_values(&chart, &given, NullHandling::V4_2, &mut Vec::new()).unwrap().map();
    let place = |entry: &Entry| {
        let [key, value] = [entry.key_span, entry.node.span].map(|span| (span.file().map(FileId::raw), span.start()));
        (entry.key.to_string(), key, value)
    };
    let table = map.get("t").and_then(Node::as_map).unwrap();
    let places: Vec<_> = table.iter().map(place).collect();
    let wanted = [("x", (Some(1), 5), (Some(1), 8)), ("z", (Some(9), 5), (Some(9), 8))];
    assert_eq!(places, wanted.map(|(key, at, value)| (key.to_owned(), at, value)));
}
