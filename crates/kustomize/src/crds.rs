//! Field specs that definitions of custom resources carry in their extensions.
//!
//! A file of `crds` is a map from type names to OpenAPI schemas, not a CustomResourceDefinition; extensions of properties
//! say which of them hold labels, annotations or names. As `api/internal/accumulator/loadconfigfromcrds.go` of kustomize
//! v5.8.1.

use object::Gvk;
use source::Diagnostic;
use yaml::{Dialect, Map, Node};

use crate::context::{Context, Layer, Reported};
use crate::decode::Text;
use crate::fieldspec::{Config, Conflict, FieldSpec, ReferenceSpec, merge_one};
use crate::load;

/// Definitions that include each other; real ones nest less than ten times.
const MAX_DEPTH: usize = 32;
/// Properties looked at in one file.
const MAX_PROPERTIES: usize = 200_000;

/// The field specs of the definitions in `crds`.
pub(crate) fn config(context: &Context<'_>, layer: &Layer, crds: &[Text]) -> Result<Config, Reported> {
    let mut config = Config::default();
    let mut result = Ok(());
    for path in crds {
        let loaded = load::file(context, layer, path).map_err(|error| context.fail(error))?;
        let documents = load::documents(context, &loaded, Dialect::Kubernetes).map_err(|error| context.fail(error))?;
        let Some(types) = documents.first().and_then(Node::as_map) else {
            let what = format!("`{}` is not a map from type names to definitions", path.as_str());
            result = Err(context.fail(Diagnostic::error("kustomize/invalid-crds", path.span, what)));
            continue;
        };
        let read = Reading { types, left: MAX_PROPERTIES };
        if let Err(Conflict { path: field }) = read.all(&mut config) {
            let what = format!("`{}` disagrees with the field specs known so far about `{field}`", path.as_str());
            result = Err(context.fail(Diagnostic::error("kustomize/conflicting-field-specs", path.span, what)));
        }
    }
    config.sort();
    result.map(|()| config)
}

struct Reading<'a> {
    types: &'a Map,
    left: usize,
}

impl Reading<'_> {
    fn all(mut self, config: &mut Config) -> Result<(), Conflict> {
        let mut names: Vec<&str> = self.types.keys().map(|name| &**name).collect();
        names.sort_unstable();
        for name in names {
            let Some(properties) = self.properties(name) else { continue };
            if !["kind", "apiVersion", "metadata"].iter().all(|field| properties.contains_key(field)) {
                continue;
            }
            let kind = name.rsplit('.').next().unwrap_or(name);
            self.definition(config, kind, name, "", 0)?;
        }
        Ok(())
    }

    fn properties(&self, name: &str) -> Option<&Map> {
        let definition = self.types.get(name)?.as_map()?;
        let schema = definition.iter().find(|entry| entry.key.eq_ignore_ascii_case("schema"))?;
        schema.node.get("properties")?.as_map()
    }

    fn definition(
        &mut self,
        config: &mut Config,
        kind: &str,
        name: &str,
        path: &str,
        depth: usize,
    ) -> Result<(), Conflict> {
        if depth >= MAX_DEPTH {
            return Ok(());
        }
        let Some(properties) = self.properties(name).cloned() else { return Ok(()) };
        let mut sorted: Vec<(&str, &Node)> = properties.iter().map(|entry| (&*entry.key, &entry.node)).collect();
        sorted.sort_unstable_by_key(|(name, _)| *name);
        for (field, property) in sorted {
            let Some(left) = self.left.checked_sub(1) else { return Ok(()) };
            self.left = left;
            let path = if path.is_empty() { field.to_owned() } else { format!("{path}/{field}") };
            let extension = |key: &str| property.get(key).and_then(Node::as_str);
            let spec = |path: &str| FieldSpec::new("", "", kind, path, false);
            if extension("x-kubernetes-annotation").is_some() {
                merge_one(&mut config.common_annotations, &spec(&path))?;
            }
            if extension("x-kubernetes-label-selector").is_some() {
                merge_one(&mut config.common_labels, &spec(&path))?;
            }
            if extension("x-kubernetes-identity").is_some() {
                merge_one(&mut config.name_prefix, &spec(&path))?;
            }
            let target =
                extension("x-kubernetes-object-ref-api-version").zip(extension("x-kubernetes-object-ref-kind"));
            if let Some((version, kind)) = target {
                let key = extension("x-kubernetes-object-ref-name-key").unwrap_or("name");
                config.add_reference(&ReferenceSpec {
                    target: Gvk { group: "".into(), version: version.into(), kind: kind.into() },
                    referrers: vec![spec(&format!("{path}/{key}"))],
                })?;
            }
            if let Some(other) = extension("$ref") {
                self.definition(config, kind, other, &path, depth + 1)?;
            }
        }
        Ok(())
    }
}
