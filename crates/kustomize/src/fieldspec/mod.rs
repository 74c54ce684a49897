//! Field specs: which fields of which kinds a transformer looks at, and the walk to those fields.

mod config;
mod tables;
mod walk;

use std::sync::Arc;

use object::Gvk;

pub(crate) use config::{Config, Conflict, ReferenceSpec, merge_all, merge_one};
pub(crate) use walk::{Create, Obstacle, Walk};

/// One part of a field path.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct PathPart {
    /// The field's name.
    pub(crate) name: Box<str>,
    /// Written with `[]`: known to hold a list, and never created.
    pub(crate) list: bool,
}

/// A field of some kinds. Empty group, version and kind match anything.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct FieldSpec {
    pub(crate) group: Box<str>,
    pub(crate) version: Box<str>,
    pub(crate) kind: Box<str>,
    /// The path as written: `spec/template/metadata/labels`.
    pub(crate) path: Box<str>,
    /// The path in parts.
    pub(crate) parts: Arc<[PathPart]>,
    /// Whether the field is made when it is missing.
    pub(crate) create: bool,
}

impl FieldSpec {
    pub(crate) fn new(group: &str, version: &str, kind: &str, path: &str, create: bool) -> Self {
        let parts = split_path(path, '/')
            .into_iter()
            .map(|part| match part.strip_suffix("[]") {
                Some(name) => PathPart { name: name.into(), list: true },
                None => PathPart { name: part.into(), list: false },
            })
            .collect();
        Self { group: group.into(), version: version.into(), kind: kind.into(), path: path.into(), parts, create }
    }

    /// A field of every kind.
    pub(crate) fn any(path: &str, create: bool) -> Self {
        Self::new("", "", "", path, create)
    }

    /// Whether objects of this kind are meant.
    pub(crate) fn selects(&self, gvk: &Gvk) -> bool {
        (self.group.is_empty() || *self.group == *gvk.group)
            && (self.version.is_empty() || *self.version == *gvk.version)
            && (self.kind.is_empty() || *self.kind == *gvk.kind)
    }

    fn gvk(&self) -> Gvk {
        Gvk { group: (&*self.group).into(), version: (&*self.version).into(), kind: (&*self.kind).into() }
    }
}

/// Splits a path at a delimiter that a backslash takes its meaning from; one leading delimiter is skipped. As
/// `kyaml/utils/pathsplitter.go` of kustomize v5.8.1.
pub(crate) fn split_path(path: &str, delimiter: char) -> Vec<String> {
    let path = path.strip_prefix(delimiter).unwrap_or(path);
    let mut parts: Vec<String> = Vec::new();
    for part in path.split(delimiter) {
        match parts.last_mut().filter(|last| last.ends_with('\\')) {
            Some(last) => {
                last.pop();
                last.push(delimiter);
                last.push_str(part);
            }
            None => parts.push(part.to_owned()),
        }
    }
    parts
}
