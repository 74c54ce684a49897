//! The order of objects in the output.

use object::Gvk;

/// Kinds that come first and last.
pub(crate) struct KindOrder<'a> {
    pub(crate) first: &'a [&'a str],
    pub(crate) last: &'a [&'a str],
}

/// The order that `kubectl` prints by.
pub(crate) const DEFAULT_ORDER: KindOrder<'static> = KindOrder {
    first: &[
        "Namespace",
        "ResourceQuota",
        "StorageClass",
        "CustomResourceDefinition",
        "ServiceAccount",
        "PodSecurityPolicy",
        "Role",
        "ClusterRole",
        "RoleBinding",
        "ClusterRoleBinding",
        "ConfigMap",
        "Secret",
        "Endpoints",
        "Service",
        "LimitRange",
        "PriorityClass",
        "PersistentVolume",
        "PersistentVolumeClaim",
        "Deployment",
        "StatefulSet",
        "CronJob",
        "PodDisruptionBudget",
    ],
    last: &["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"],
};

impl KindOrder<'_> {
    /// Where a kind stands: negative for those that come first, 0 for most, positive for the last. A kind that is listed
    /// twice stands where it is listed last.
    pub(crate) fn rank(&self, kind: &str) -> i32 {
        let last = self.last.iter().rposition(|k| *k == kind).map(|i| i as i32 + 1);
        let first = || self.first.iter().rposition(|k| *k == kind).map(|i| i as i32 - self.first.len() as i32);
        last.or_else(first).unwrap_or(0)
    }
}

/// Group, version and kind as the text that kustomize compares; core sorts after every lower-case group.
pub(crate) fn gvk_text(gvk: &Gvk) -> String {
    let or = |text: &str, other: &'static str| if text.is_empty() { other.to_owned() } else { text.to_owned() };
    format!("{}_{}_{}", or(&gvk.group, "~G"), or(&gvk.version, "~V"), or(&gvk.kind, "~K"))
}
