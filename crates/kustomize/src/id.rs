//! What tells the objects of one build apart.

use std::fmt;
use std::sync::LazyLock;

use object::Gvk;
use yaml::{Node, Str};

/// The namespace that cluster-scoped objects are filed under.
pub(crate) const NO_NAMESPACE: &str = "_non_namespaceable_";
/// The namespace that objects without one are filed under.
pub(crate) const DEFAULT_NAMESPACE: &str = "default";

/// Kinds that are certainly cluster-scoped; every other kind counts as namespaced. Data of
/// `kyaml/openapi/openapi.go` (`precomputedIsNamespaceScoped`) of kustomize v5.8.1, by API version.
const CLUSTER_SCOPED: &[(&str, &str, &[&str])] = &[
    ("", "v1", &["ComponentStatus", "Namespace", "Node", "NodeProxyOptions", "PersistentVolume"]),
    ("admissionregistration.k8s.io", "v1", &["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"]),
    ("admissionregistration.k8s.io", "v1beta1", &["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"]),
    ("apiextensions.k8s.io", "v1", &["CustomResourceDefinition"]),
    ("apiextensions.k8s.io", "v1beta1", &["CustomResourceDefinition"]),
    ("apiregistration.k8s.io", "v1", &["APIService"]),
    ("apiregistration.k8s.io", "v1beta1", &["APIService"]),
    ("certificates.k8s.io", "v1", &["CertificateSigningRequest"]),
    ("certificates.k8s.io", "v1beta1", &["CertificateSigningRequest"]),
    ("flowcontrol.apiserver.k8s.io", "v1beta1", &["FlowSchema", "PriorityLevelConfiguration"]),
    ("networking.k8s.io", "v1", &["IngressClass"]),
    ("networking.k8s.io", "v1beta1", &["IngressClass"]),
    ("node.k8s.io", "v1", &["RuntimeClass"]),
    ("node.k8s.io", "v1beta1", &["RuntimeClass"]),
    ("policy", "v1beta1", &["PodSecurityPolicy"]),
    ("rbac.authorization.k8s.io", "v1", &["ClusterRole", "ClusterRoleBinding"]),
    ("rbac.authorization.k8s.io", "v1beta1", &["ClusterRole", "ClusterRoleBinding"]),
    ("scheduling.k8s.io", "v1", &["PriorityClass"]),
    ("scheduling.k8s.io", "v1beta1", &["PriorityClass"]),
    ("storage.k8s.io", "v1", &["CSIDriver", "CSINode", "StorageClass", "VolumeAttachment"]),
    ("storage.k8s.io", "v1beta1", &["CSIDriver", "CSINode", "StorageClass", "VolumeAttachment"]),
];

/// Whether kustomize knows for certain that the kind has no namespace.
pub(crate) fn is_cluster_scoped(gvk: &Gvk) -> bool {
    CLUSTER_SCOPED
        .iter()
        .any(|(group, version, kinds)| gvk.group == *group && gvk.version == *version && kinds.contains(&&*gvk.kind))
}

/// Group, version, kind, namespace and name, as written.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(crate) struct ResId {
    pub(crate) gvk: Gvk,
    pub(crate) namespace: Str,
    pub(crate) name: Str,
}

impl ResId {
    /// From the fields of an object; missing fields are empty, numbers count as their text.
    pub(crate) fn of(object: &Node) -> Self {
        let metadata = object.get("metadata");
        let of_metadata = |key| text(metadata.and_then(|metadata| metadata.get(key)));
        let api_version = text(object.get("apiVersion"));
        let gvk = match api_version.split_once('/') {
            Some((group, version)) => {
                Gvk { group: group.into(), version: version.into(), kind: text(object.get("kind")) }
            }
            None => Gvk { group: empty(), version: api_version, kind: text(object.get("kind")) },
        };
        Self { gvk, namespace: of_metadata("namespace"), name: of_metadata("name") }
    }

    /// The namespace for comparisons: never empty.
    pub(crate) fn effective_namespace(&self) -> &str {
        if is_cluster_scoped(&self.gvk) {
            NO_NAMESPACE
        } else if self.namespace.is_empty() {
            DEFAULT_NAMESPACE
        } else {
            &self.namespace
        }
    }

    /// What maps and indexes are keyed by.
    pub(crate) fn key(&self) -> ResId {
        Self { namespace: self.filed_under(), ..self.clone() }
    }

    /// The namespace for comparisons, shared where it is written.
    pub(crate) fn filed_under(&self) -> Str {
        static NONE: LazyLock<Str> = LazyLock::new(|| NO_NAMESPACE.into());
        static DEFAULT: LazyLock<Str> = LazyLock::new(|| DEFAULT_NAMESPACE.into());
        if is_cluster_scoped(&self.gvk) {
            NONE.clone()
        } else if self.namespace.is_empty() {
            DEFAULT.clone()
        } else {
            self.namespace.clone()
        }
    }
}

/// The text of a field, shared where it is a string.
fn text(field: Option<&Node>) -> Str {
    match field.map(|field| (&field.value, field)) {
        Some((yaml::Value::Str(text), _)) => text.clone(),
        Some((_, field)) => scalar(field).into(),
        None => empty(),
    }
}

fn empty() -> Str {
    static EMPTY: LazyLock<Str> = LazyLock::new(|| "".into());
    EMPTY.clone()
}

/// The text of a scalar as kustomize sees names and kinds; empty for null and for collections.
pub(crate) fn scalar(node: &Node) -> String {
    use yaml::Value::{Bool, Float, Int, List, Map, Null, Str, Uint};
    match &node.value {
        Str(text) => text.to_string(),
        Int(number) => number.to_string(),
        Uint(number) => number.to_string(),
        Float(number) => number.to_string(),
        Bool(value) => value.to_string(),
        Null | List(_) | Map(_) => String::new(),
    }
}

/// `Kind/namespace/name` or `Kind/name`.
impl fmt::Display for ResId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/", self.gvk.kind)?;
        if !self.namespace.is_empty() && self.namespace != NO_NAMESPACE {
            write!(f, "{}/", self.namespace)?;
        }
        f.write_str(&self.name)
    }
}
