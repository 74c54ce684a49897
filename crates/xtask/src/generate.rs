//! `cargo xtask generate`: sources that are made from data of upstream projects.

use object::Schema;
use serde_json::Value as Json;
use yaml::{List, Map, Node};

use crate::arguments::Arguments;

/// Where the schema that kustomize has built in stands among the shared corpora, reduced to what merging needs.
const SCHEMA: &str = "reference/schema-v1.21.2.json";
const BUILT_IN: &str = "crates/object/src/schema/built_in.rs";
const ABOUT: &str = "\
The built-in schema as tables; made by `cargo xtask generate`, not by hand.

Source: the OpenAPI document of Kubernetes 1.21.2 that kustomize 5.8.1 compiles in (kyaml/openapi/kubernetesapi,
Apache-2.0), reduced to references, lists, map values and patch strategies.";

/// Writes the tables of `object`'s built-in schema, or compares them.
pub(crate) fn command(arguments: &Arguments) -> Result<bool, String> {
    let corpus = testkit::corpus("kustomize").ok_or("the kustomize corpus is not here")?;
    let text = read(&corpus.join(SCHEMA))?;
    let reduced: Json = serde_json::from_str(&text).map_err(|error| format!("{SCHEMA}: {error}"))?;
    let definitions = reduced.get("definitions").and_then(Json::as_object).ok_or("no definitions")?;
    let definitions: Map = definitions.iter().map(|(name, value)| (name.as_str(), definition(value))).collect();
    let document: Map = [("definitions", Node::detached(definitions))].into_iter().collect();
    let source = Schema::from_openapi(&Node::detached(document)).to_source(ABOUT);
    let path = testkit::workspace().join(BUILT_IN);
    if arguments.check {
        return Ok(read(&path)? == source);
    }
    std::fs::write(&path, source).map_err(|error| format!("{BUILT_IN}: {error}"))?;
    Ok(true)
}

fn read(path: &std::path::Path) -> Result<String, String> {
    std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))
}

/// A reduced definition in the words of OpenAPI.
fn definition(reduced: &Json) -> Node {
    let mut out = Map::new();
    for (key, value) in reduced.as_object().into_iter().flatten() {
        let (key, value) = match key.as_str() {
            "ref" => ("$ref", Node::detached(format!("#/definitions/{}", value.as_str().unwrap_or_default()))),
            "array" => ("type", Node::detached("array")),
            "items" => ("items", definition(value)),
            "map" => ("additionalProperties", definition(value)),
            "strategy" => ("x-kubernetes-patch-strategy", plain(value)),
            "key" => ("x-kubernetes-patch-merge-key", plain(value)),
            "mapKeys" => ("x-kubernetes-list-map-keys", plain(value)),
            "gvk" => ("x-kubernetes-group-version-kind", plain(value)),
            "props" => {
                let fields = value.as_object().into_iter().flatten();
                let fields: Map = fields.map(|(name, value)| (name.as_str(), definition(value))).collect();
                ("properties", Node::detached(fields))
            }
            _ => continue,
        };
        out.insert(key, value);
    }
    Node::detached(out)
}

fn plain(value: &Json) -> Node {
    match value {
        Json::Array(items) => Node::detached(items.iter().map(plain).collect::<List>()),
        Json::Object(fields) => {
            Node::detached(fields.iter().map(|(name, value)| (name.as_str(), plain(value))).collect::<Map>())
        }
        other => Node::detached(other.as_str().unwrap_or_default()),
    }
}
