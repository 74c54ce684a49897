//! Identity of objects: group, version and kind, namespace and name.

use std::fmt;

use yaml::{Node, Str};

/// Group, version and kind of an object. The core group is the empty string.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Gvk {
    /// API group, empty for core.
    pub group: Str,
    /// API version, such as `v1beta1`.
    pub version: Str,
    /// Kind.
    pub kind: Str,
}

/// Group and kind: what makes two versions of one object the same object.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct GroupKind {
    /// API group, empty for core.
    pub group: Str,
    /// Kind.
    pub kind: Str,
}

/// Splits `group/version`; a text without a slash is a version of the core group.
pub fn split_api_version(api_version: &str) -> (&str, &str) {
    api_version.split_once('/').unwrap_or(("", api_version))
}

impl Gvk {
    /// From `apiVersion` and `kind` texts.
    pub fn new(api_version: &str, kind: &str) -> Self {
        let (group, version) = split_api_version(api_version);
        Self { group: group.into(), version: version.into(), kind: kind.into() }
    }

    /// From the fields of an object; missing fields are empty.
    pub fn of(object: &Node) -> Self {
        let text = |key| object.get(key).and_then(Node::as_str).unwrap_or_default();
        Self::new(text("apiVersion"), text("kind"))
    }

    /// `group/version`, or the version alone for core.
    pub fn api_version(&self) -> String {
        if self.group.is_empty() { self.version.to_string() } else { format!("{}/{}", self.group, self.version) }
    }

    /// Without the version.
    pub fn group_kind(&self) -> GroupKind {
        GroupKind { group: self.group.clone(), kind: self.kind.clone() }
    }
}

/// What identifies an object in a cluster: no version, as the API server serves every version of one object.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct ObjectId {
    /// Group and kind.
    pub group_kind: GroupKind,
    /// Namespace; empty for cluster-scoped objects and where it is not set.
    pub namespace: Str,
    /// Name.
    pub name: Str,
}

impl ObjectId {
    /// From the fields of an object; missing fields are empty.
    pub fn of(object: &Node) -> Self {
        let text = |key| object.at(&["metadata", key]).and_then(Node::as_str).unwrap_or_default().into();
        Self { group_kind: Gvk::of(object).group_kind(), namespace: text("namespace"), name: text("name") }
    }
}

/// `Kind/namespace/name`, or `Kind/name` without a namespace, as Flux prints it.
impl fmt::Display for ObjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/", self.group_kind.kind)?;
        if !self.namespace.is_empty() {
            write!(f, "{}/", self.namespace)?;
        }
        f.write_str(&self.name)
    }
}
