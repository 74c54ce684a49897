//! Objects as a cluster knows them: whether a kind lives in namespaces decides what identifies an object.

use std::collections::BTreeMap;

use object::{GroupKind, ObjectId};
use yaml::{Node, Str};

/// Whether kinds live in namespaces: the built-in kinds, and the custom kinds whose definitions were rendered.
#[derive(Clone, Default, Debug)]
pub(crate) struct Scopes {
    custom: BTreeMap<GroupKind, bool>,
}

/// Kinds of Kubernetes and of Flux that live outside of namespaces.
const CLUSTER_SCOPED: &[(&str, &[&str])] = &[
    ("", &["ComponentStatus", "Namespace", "Node", "PersistentVolume"]),
    (
        "admissionregistration.k8s.io",
        &[
            "MutatingAdmissionPolicy",
            "MutatingAdmissionPolicyBinding",
            "MutatingWebhookConfiguration",
            "ValidatingAdmissionPolicy",
            "ValidatingAdmissionPolicyBinding",
            "ValidatingWebhookConfiguration",
        ],
    ),
    ("apiextensions.k8s.io", &["CustomResourceDefinition"]),
    ("apiregistration.k8s.io", &["APIService"]),
    ("certificates.k8s.io", &["CertificateSigningRequest", "ClusterTrustBundle"]),
    ("flowcontrol.apiserver.k8s.io", &["FlowSchema", "PriorityLevelConfiguration"]),
    ("gateway.networking.k8s.io", &["GatewayClass"]),
    ("internal.apiserver.k8s.io", &["StorageVersion"]),
    ("networking.k8s.io", &["IPAddress", "IngressClass", "ServiceCIDR"]),
    ("node.k8s.io", &["RuntimeClass"]),
    ("policy", &["PodSecurityPolicy"]),
    ("rbac.authorization.k8s.io", &["ClusterRole", "ClusterRoleBinding"]),
    ("resource.k8s.io", &["DeviceClass", "DeviceTaintRule", "ResourceSlice"]),
    ("scheduling.k8s.io", &["PriorityClass"]),
    ("snapshot.storage.k8s.io", &["VolumeSnapshotClass", "VolumeSnapshotContent"]),
    ("storage.k8s.io", &["CSIDriver", "CSINode", "StorageClass", "VolumeAttachment", "VolumeAttributesClass"]),
    ("storagemigration.k8s.io", &["StorageVersionMigration"]),
];

/// Groups whose every kind is known: what is not listed above lives in namespaces.
const COMPLETE_GROUPS: &[&str] = &[
    "",
    "apps",
    "autoscaling",
    "batch",
    "coordination.k8s.io",
    "discovery.k8s.io",
    "events.k8s.io",
    "helm.toolkit.fluxcd.io",
    "image.toolkit.fluxcd.io",
    "kustomize.toolkit.fluxcd.io",
    "networking.k8s.io",
    "notification.toolkit.fluxcd.io",
    "policy",
    "rbac.authorization.k8s.io",
    "source.extensions.fluxcd.io",
    "source.toolkit.fluxcd.io",
];

impl Scopes {
    /// Takes in a CustomResourceDefinition; other objects are left alone.
    pub(crate) fn learn(&mut self, node: &Node) {
        let text = |path: &[&str]| node.at(path).and_then(Node::as_str);
        if text(&["kind"]) != Some("CustomResourceDefinition") {
            return;
        }
        let (Some(group), Some(kind)) = (text(&["spec", "group"]), text(&["spec", "names", "kind"])) else { return };
        let namespaced = text(&["spec", "scope"]) != Some("Cluster");
        self.custom.insert(GroupKind { group: group.into(), kind: kind.into() }, namespaced);
    }

    /// Whether objects of the kind live in namespaces; `None` for a custom kind whose definition was not rendered.
    pub(crate) fn namespaced(&self, kind: &GroupKind) -> Option<bool> {
        let listed = CLUSTER_SCOPED.iter().any(|(group, kinds)| kind.group == *group && kinds.contains(&&*kind.kind));
        if listed {
            return Some(false);
        }
        if COMPLETE_GROUPS.contains(&&*kind.group) {
            return Some(true);
        }
        self.custom.get(kind).copied()
    }

    /// The object as the cluster knows it: a namespace on a cluster-scoped kind does not count.
    pub(crate) fn identity(&self, node: &Node) -> ObjectId {
        let mut id = ObjectId::of(node);
        if !id.namespace.is_empty() && self.namespaced(&id.group_kind) == Some(false) {
            id.namespace = Str::from("");
        }
        id
    }
}
