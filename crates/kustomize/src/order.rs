//! The order of objects in the output.

use object::Gvk;
use yaml::Str;

use crate::id::ResId;
use crate::resource::Resource;

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

/// Sorts as `kubectl` prints: by rank of kind, by group, version and kind, then by namespace and name.
pub(crate) fn legacy(resources: &mut Vec<Resource>, order: &KindOrder<'_>) {
    let mut keyed: Vec<(Key, Resource)> =
        std::mem::take(resources).into_iter().map(|resource| (Key::of(&resource.id(), order), resource)).collect();
    keyed.sort_by(|(a, _), (b, _)| a.cmp(b));
    resources.extend(keyed.into_iter().map(|(_, resource)| resource));
}

#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    rank: i32,
    /// A namespace, of which those of the core group come first although their text sorts last.
    foreign_namespace: bool,
    gvk: String,
    id: String,
}

impl Key {
    fn of(id: &ResId, order: &KindOrder<'_>) -> Self {
        let or = |text: &Str, other: &'static str| if text.is_empty() { other.to_owned() } else { text.to_string() };
        let (gvk, namespace) = (&id.gvk, or(&id.namespace, "~X"));
        let gvk_id =
            format!("{}.{}.{}", or(&gvk.kind, "[noKind]"), or(&gvk.version, "[noVer]"), or(&gvk.group, "[noGrp]"));
        let rank = order.rank(&gvk.kind);
        Self {
            rank,
            foreign_namespace: rank != 0 && gvk.kind == "Namespace" && !gvk.group.is_empty(),
            gvk: gvk_text(gvk),
            id: format!("{gvk_id}|{namespace}|{}", or(&id.name, "~N")),
        }
    }
}
