//! Objects as users name them: `deploy/web`, `Deployment/web/web`, `deployments.apps/web`.

use object::ObjectId;

use crate::failure::Failure;

/// A kind and a name, maybe a namespace and a group.
#[derive(Debug)]
pub(crate) struct Selector {
    kind: String,
    group: Option<String>,
    namespace: Option<String>,
    name: String,
}

/// Short names of kinds, as `kubectl api-resources` and Flux's CRDs have them.
const SHORT_NAMES: &[(&str, &str)] = &[
    ("cj", "cronjob"),
    ("cm", "configmap"),
    ("crd", "customresourcedefinition"),
    ("crds", "customresourcedefinition"),
    ("deploy", "deployment"),
    ("ds", "daemonset"),
    ("ep", "endpoints"),
    ("gitrepo", "gitrepository"),
    ("helmrepo", "helmrepository"),
    ("hc", "helmchart"),
    ("hpa", "horizontalpodautoscaler"),
    ("hr", "helmrelease"),
    ("ing", "ingress"),
    ("ks", "kustomization"),
    ("limits", "limitrange"),
    ("netpol", "networkpolicy"),
    ("no", "node"),
    ("ns", "namespace"),
    ("ocirepo", "ocirepository"),
    ("pc", "priorityclass"),
    ("pdb", "poddisruptionbudget"),
    ("po", "pod"),
    ("pv", "persistentvolume"),
    ("pvc", "persistentvolumeclaim"),
    ("quota", "resourcequota"),
    ("rs", "replicaset"),
    ("sa", "serviceaccount"),
    ("sc", "storageclass"),
    ("sts", "statefulset"),
    ("svc", "service"),
];

impl Selector {
    pub(crate) fn parse(text: &str, namespace: Option<&str>) -> Result<Self, Failure> {
        let parts: Vec<&str> = text.split('/').collect();
        let (kind, within, name) = match parts.as_slice() {
            [kind, name] => (*kind, None, *name),
            [kind, namespace, name] => (*kind, Some(*namespace), *name),
            _ => ("", None, ""),
        };
        if kind.is_empty() || name.is_empty() {
            let help = "write it as KIND/NAME or KIND/NAMESPACE/NAME, such as `deploy/web`";
            return Err(Failure::new(format!("`{text}` names no object")).with_help(help));
        }
        let (kind, group) = match kind.split_once('.') {
            Some((kind, group)) => (kind, Some(group.to_lowercase())),
            None => (kind, None),
        };
        let kind = kind.to_lowercase();
        let long = SHORT_NAMES.iter().find(|(short, _)| *short == kind).map(|(_, long)| (*long).to_owned());
        let namespace = within.or(namespace).map(str::to_owned);
        Ok(Self { kind: long.unwrap_or(kind), group, namespace, name: name.to_owned() })
    }

    pub(crate) fn accepts(&self, id: &ObjectId) -> bool {
        *id.name == *self.name
            && self.is_kind(id)
            // Objects outside of namespaces are found whatever namespace is asked for, as with kubectl.
            && (id.namespace.is_empty() || self.namespace.as_deref().is_none_or(|namespace| namespace == &*id.namespace))
    }

    /// How likely an object was meant, when none is: how much of the name is the same, for the kind or the whole name.
    pub(crate) fn likeness(&self, id: &ObjectId) -> Option<usize> {
        let same = self.name.chars().zip(id.name.chars()).take_while(|(a, b)| a == b).count();
        (*id.name == *self.name || self.is_kind(id)).then_some(same)
    }

    fn is_kind(&self, id: &ObjectId) -> bool {
        let kind = id.group_kind.kind.to_lowercase();
        let plural = match kind.strip_suffix('y') {
            Some(stem) if !stem.ends_with(['a', 'e', 'o', 'u']) => format!("{stem}ies"),
            _ if kind.ends_with(['s', 'x']) || kind.ends_with("ch") => format!("{kind}es"),
            _ => format!("{kind}s"),
        };
        (kind == self.kind || plural == self.kind)
            && self.group.as_deref().is_none_or(|group| group == id.group_kind.group.to_lowercase())
    }
}
