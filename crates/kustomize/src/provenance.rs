//! What `buildMetadata` writes into objects: where they come from and which transformers changed them.

use std::sync::Arc;

use yaml::{Map, Node, Value};

use crate::context::Layer;
use crate::resource::Resource;

/// The annotation that says where an object comes from.
pub(crate) const ORIGIN: &str = "config.kubernetes.io/origin";
/// The annotation that lists the transformers that changed an object.
pub(crate) const TRANSFORMATIONS: &str = "alpha.config.kubernetes.io/transformations";

/// A file, or the configuration that made or changed an object.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub(crate) struct Place {
    /// The file, from the entry.
    pub(crate) path: String,
    /// The file of the generator or transformer, from the entry.
    pub(crate) configured_in: String,
    /// API version, kind, name and namespace of the generator or transformer.
    pub(crate) configured_by: Option<[String; 4]>,
}

/// Where an object comes from, and who changed it.
#[derive(Clone, Default, Debug)]
pub(crate) struct Provenance {
    pub(crate) origin: Option<Arc<Place>>,
    pub(crate) transformations: Vec<Arc<Place>>,
}

impl Place {
    /// A file that a layer names; `None` when nobody asked.
    pub(crate) fn file(layer: &Layer, path: &str) -> Option<Arc<Self>> {
        let route = layer.route.as_deref()?;
        Some(Arc::new(Self { path: join(route, path), ..Self::default() }))
    }

    /// A generator or transformer that is a field of the kustomization file.
    pub(crate) fn builtin(layer: &Layer, kind: &str) -> Option<Arc<Self>> {
        let route = layer.route.as_deref()?;
        let configured_by = Some(["builtin".to_owned(), kind.to_owned(), String::new(), String::new()]);
        let configured_in = join(route, &layer.file_name);
        Some(Arc::new(Self { path: String::new(), configured_in, configured_by }))
    }

    /// A generator or transformer that is an object of its own.
    pub(crate) fn configured(config: &Resource) -> Option<Arc<Self>> {
        let origin = config.provenance.origin.as_ref()?;
        let id = config.id();
        let configured_by =
            Some([id.gvk.api_version(), id.gvk.kind.to_string(), id.name.to_string(), id.namespace.to_string()]);
        Some(Arc::new(Self { path: String::new(), configured_in: origin.path.clone(), configured_by }))
    }

    /// The fields in the order that kustomize prints them, as YAML lines.
    fn lines(&self) -> Vec<String> {
        let mut lines = Vec::new();
        let mut field = |indent: &str, key: &str, value: &str| {
            if !value.is_empty() {
                lines.push(format!("{indent}{key}: {}", plain(value)));
            }
        };
        field("", "path", &self.path);
        field("", "configuredIn", &self.configured_in);
        if let Some([api_version, kind, name, namespace]) = &self.configured_by {
            lines.push("configuredBy:".to_owned());
            let mut field = |key: &str, value: &str| {
                if !value.is_empty() {
                    lines.push(format!("  {key}: {}", plain(value)));
                }
            };
            field("apiVersion", api_version);
            field("kind", kind);
            field("name", name);
            field("namespace", namespace);
        }
        lines
    }
}

/// Notes a transformer on every object; it counts as the origin of one that has none.
pub(crate) fn transformed<'a>(resources: impl Iterator<Item = &'a mut Resource>, by: Option<&Arc<Place>>) {
    let Some(by) = by else { return };
    for resource in resources {
        match resource.provenance.origin {
            None => resource.provenance.origin = Some(by.clone()),
            Some(_) => resource.provenance.transformations.push(by.clone()),
        }
    }
}

/// The text of the origin annotation.
pub(crate) fn origin_text(place: &Place) -> String {
    let lines = place.lines();
    if lines.is_empty() { "{}\n".to_owned() } else { lines.join("\n") + "\n" }
}

/// The text of the annotation of transformations.
pub(crate) fn transformations_text(places: &[Arc<Place>]) -> String {
    let mut text = String::new();
    for place in places {
        for (number, line) in place.lines().iter().enumerate() {
            text.push_str(if number == 0 { "- " } else { "  " });
            text.push_str(line);
            text.push('\n');
        }
    }
    text
}

/// The text as a YAML scalar.
fn plain(text: &str) -> String {
    let map: Map = [("k", Node::detached(Value::from(text)))].into_iter().collect();
    let printed = yaml::to_yaml(&Node::detached(map));
    printed.strip_prefix("k: ").unwrap_or(&printed).trim_end_matches('\n').to_owned()
}

/// One path after another, cleaned as Go's `filepath.Join` does; `..` at the start stays.
pub(crate) fn join(base: &str, path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in base.split('/').chain(path.split('/')) {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::join;

    #[test]
    fn joins_and_cleans() {
        assert_eq!(join("", "../base"), "../base");
        assert_eq!(join("../base", "./x.yaml"), "../base/x.yaml");
        assert_eq!(join("a/b", "../../../c"), "../c");
        assert_eq!(join("", "."), "");
    }
}
