//! An object in the course of a build: its content, every id it ever had, and what is still to be done to it.

use object::{Action, Origin, Step};
use source::Span;
use yaml::{Map, Node, Str};

use crate::context::Layer;
use crate::id::{ResId, scalar};
use crate::provenance::Provenance;

/// What happens when a generated object meets one of the same id.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub(crate) enum Behavior {
    /// Not said: as create.
    #[default]
    Unspecified,
    /// It must be new.
    Create,
    /// It takes the place of the other.
    Replace,
    /// Its data is laid over that of the other.
    Merge,
}

/// An id that an object had earlier. Group and version are always those it has now, as in
/// `api/internal/utils/makeResIds.go` of kustomize v5.8.1.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct PreviousId {
    /// The effective namespace.
    pub(crate) namespace: Str,
    pub(crate) name: Str,
    pub(crate) kind: Str,
}

/// An object in the course of a build.
#[derive(Clone, Debug)]
pub(crate) struct Resource {
    pub(crate) node: Node,
    /// Ids that it had, oldest first.
    pub(crate) previous: Vec<PreviousId>,
    /// Prefixes it got, innermost first.
    pub(crate) prefixes: Vec<Str>,
    /// Suffixes it got, innermost first.
    pub(crate) suffixes: Vec<Str>,
    pub(crate) behavior: Behavior,
    /// Whether its name gets a hash of its content at the end.
    pub(crate) needs_hash: bool,
    /// Names of the vars that read from it.
    pub(crate) read_by_vars: Vec<Str>,
    pub(crate) origin: Origin,
    /// What `buildMetadata` says about it, when it is asked for.
    pub(crate) provenance: Provenance,
}

impl Resource {
    /// An object as it was read or generated.
    pub(crate) fn new(node: Node, step: Step) -> Self {
        let span = node.span;
        Self {
            node,
            previous: Vec::new(),
            prefixes: Vec::new(),
            suffixes: Vec::new(),
            behavior: Behavior::Unspecified,
            needs_hash: false,
            read_by_vars: Vec::new(),
            origin: Origin { span, steps: vec![step] },
            provenance: Provenance::default(),
        }
    }

    /// The id it has now.
    pub(crate) fn id(&self) -> ResId {
        ResId::of(&self.node)
    }

    /// The first id it had.
    pub(crate) fn original_id(&self) -> ResId {
        let now = self.id();
        self.previous.first().map(|previous| with(&now, previous)).unwrap_or(now)
    }

    /// Every id it had, oldest first, then the one it has now.
    pub(crate) fn all_ids(&self) -> Vec<ResId> {
        let now = self.id();
        let mut ids: Vec<ResId> = self.previous.iter().map(|previous| with(&now, previous)).collect();
        ids.push(now);
        ids
    }

    /// Remembers the id it has now; to be called before name, namespace or kind change.
    pub(crate) fn remember_id(&mut self) {
        let id = self.id();
        self.previous.push(PreviousId { namespace: id.filed_under(), name: id.name, kind: id.gvk.kind });
    }

    /// Whether upstream keeps notes about it in annotations of its own by now.
    pub(crate) fn has_history(&self) -> bool {
        !self.previous.is_empty() || self.needs_hash || self.behavior != Behavior::Unspecified
    }

    /// Forgets what upstream keeps in annotations, for a patch that takes the annotations away.
    pub(crate) fn forget(&mut self) {
        self.previous.clear();
        self.prefixes.clear();
        self.suffixes.clear();
        self.behavior = Behavior::Unspecified;
        self.needs_hash = false;
    }

    /// Notes what was done to it.
    pub(crate) fn did(&mut self, layer: &Layer, action: Action, by: Span) {
        self.origin.steps.push(layer.step(action, by));
    }

    /// Sets a field of its metadata.
    pub(crate) fn set_metadata(&mut self, key: &str, node: Node) {
        let span = node.span;
        if let Some(field) = self.node.make_path(&["metadata", key], span) {
            *field = node;
        }
    }

    /// An annotation's or label's text; numbers count as their text.
    pub(crate) fn metadata_text(&self, map: &str, key: &str) -> Option<String> {
        self.node.at(&["metadata", map])?.get(key).map(scalar)
    }

    /// Its annotations or labels, if there is such a map.
    pub(crate) fn metadata_map(&self, map: &str) -> Option<&Map> {
        self.node.at(&["metadata", map])?.as_map()
    }
}

fn with(now: &ResId, previous: &PreviousId) -> ResId {
    let mut gvk = now.gvk.clone();
    gvk.kind = previous.kind.clone();
    ResId { gvk, namespace: previous.namespace.clone(), name: previous.name.clone() }
}
