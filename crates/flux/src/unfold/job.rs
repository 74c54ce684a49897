//! Flux objects that wait to become units, and what is read from them once for all rooms.

use object::Object;
use source::{Span, TreePath};
use yaml::Node;

use crate::fields::{flag, items, some_text, text};
use crate::unit::{Dependency, Settings, SourceId, UnitId, UnitKind};

/// A Flux object that becomes a unit.
#[derive(Clone, Debug)]
pub(crate) struct Job {
    pub(crate) id: UnitId,
    pub(crate) wave: usize,
    pub(crate) parent: Option<UnitId>,
    /// Where it stands among the objects of its parent.
    pub(crate) position: usize,
    pub(crate) definition: Option<Object>,
    pub(crate) span: Span,
}

impl Job {
    /// The fields of the Flux object; a directory entry has none.
    pub(crate) fn node(&self) -> Option<&Node> {
        self.definition.as_ref().map(|object| &object.node)
    }

    /// Text of a field of the Flux object.
    pub(crate) fn text(&self, path: &[&str]) -> &str {
        self.node().map_or("", |node| text(node, path))
    }
}

/// `spec.sourceRef` of a Kustomization with its place.
pub(crate) fn source_ref(node: &Node, namespace: &str) -> Option<(SourceId, Span)> {
    let reference = node.at(&["spec", "sourceRef"])?;
    let namespace = some_text(reference, &["namespace"]).unwrap_or(namespace);
    Some((SourceId::new(some_text(reference, &["kind"])?, namespace, some_text(reference, &["name"])?), reference.span))
}

/// `spec.path` as the controller reads it: from the root of the artifact, and never out of it, however many `..`.
pub(crate) fn path(text: &str) -> TreePath {
    let mut at = TreePath::root();
    for part in text.split('/') {
        let next = if part == ".." { at.parent() } else { at.join(part) };
        at = next.unwrap_or_else(TreePath::root);
    }
    at
}

/// What the object says about how it is applied.
pub(crate) fn settings(node: &Node) -> Settings {
    let word = |path: &[&str]| some_text(node, path).map(Into::into);
    Settings {
        prune: flag(node, &["spec", "prune"]),
        wait: flag(node, &["spec", "wait"]),
        suspend: flag(node, &["spec", "suspend"]),
        interval: word(&["spec", "interval"]),
        timeout: word(&["spec", "timeout"]),
        target_namespace: word(&["spec", "targetNamespace"]),
        service_account: word(&["spec", "serviceAccountName"]),
        remote_cluster: word(&["spec", "kubeConfig", "secretRef", "name"])
            .or_else(|| word(&["spec", "kubeConfig", "configMapRef", "name"])),
        decryption: word(&["spec", "decryption", "provider"]),
        deletion_policy: word(&["spec", "deletionPolicy"]),
    }
}

/// `spec.dependsOn`; names without a namespace are in the namespace of the object.
pub(crate) fn dependencies(node: &Node, kind: UnitKind, namespace: &str) -> Vec<Dependency> {
    items(node, &["spec", "dependsOn"])
        .filter_map(|dependency| {
            let name = some_text(dependency, &["name"])?;
            let namespace = some_text(dependency, &["namespace"]).unwrap_or(namespace);
            Some(Dependency {
                id: UnitId::new(kind, namespace, name),
                span: dependency.span,
                ready_expr: some_text(dependency, &["readyExpr"]).is_some(),
                found: false,
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::path;

    #[test]
    fn paths_stay_inside() {
        assert_eq!(path("./clusters/x/").as_str(), "/clusters/x");
        assert_eq!(path("../../etc").as_str(), "/etc");
        assert_eq!(path("a/../../b").as_str(), "/b");
        assert_eq!(path("").as_str(), "/");
    }
}
