//! An object with the story of how it came to be.

use std::fmt;
use std::sync::Arc;

use source::Span;
use yaml::Node;

use crate::{Gvk, ObjectId};

/// A Kubernetes object and where it comes from.
#[derive(Clone, Debug)]
pub struct Object {
    /// The fields.
    pub node: Node,
    /// Where it comes from and who changed it.
    pub origin: Origin,
}

/// Where an object comes from as a whole. The fields know their own places by their spans.
#[derive(Clone, Debug, Default)]
pub struct Origin {
    /// The document in Git, or the generator entry that asked for the object.
    pub span: Span,
    /// What happened to the object, in order.
    pub steps: Vec<Step>,
}

/// One thing that happened to an object.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Step {
    /// What happened.
    pub action: Action,
    /// The line that asked for it.
    pub by: Span,
    /// Who asked: the path of the kustomization as the user would write it, or the Flux object.
    pub layer: Arc<str>,
}

/// What can happen to an object on its way from Git to the cluster.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Action {
    /// Read from a file.
    Read,
    /// Made by a generator.
    Generated,
    /// Merged by a generator with the behavior `merge` or `replace`.
    Merged,
    /// Changed by a patch.
    Patched,
    /// Given a prefix, a suffix or a content hash, or its references followed such a change.
    Renamed,
    /// Moved to a namespace.
    Namespaced,
    /// Given labels.
    Labelled,
    /// Given annotations.
    Annotated,
    /// Given other images.
    Images,
    /// Given another number of replicas.
    Replicas,
    /// Changed by a replacement.
    Replaced,
    /// Given the value of a kustomize `var`.
    Variable,
    /// Changed by a transformer that is none of the others.
    Transformed,
    /// Changed by Flux's post-build substitution.
    Substituted,
    /// Decrypted.
    Decrypted,
    /// Rendered from a Helm chart.
    Rendered,
}

impl Object {
    /// An object that is just what was read at `span`.
    pub fn new(node: Node, span: Span) -> Self {
        Self { node, origin: Origin { span, steps: Vec::new() } }
    }

    /// Group, version and kind as they stand now.
    pub fn gvk(&self) -> Gvk {
        Gvk::of(&self.node)
    }

    /// Identity as it stands now.
    pub fn id(&self) -> ObjectId {
        ObjectId::of(&self.node)
    }

    /// Writes down that something happened. The same step twice in a row is written once.
    pub fn record(&mut self, action: Action, by: Span, layer: &Arc<str>) {
        let step = Step { action, by, layer: layer.clone() };
        if self.origin.steps.last() != Some(&step) {
            self.origin.steps.push(step);
        }
    }
}

impl Action {
    /// The word for people, in the past tense.
    pub fn as_str(self) -> &'static str {
        match self {
            Action::Read => "read",
            Action::Generated => "generated",
            Action::Merged => "merged",
            Action::Patched => "patched",
            Action::Renamed => "renamed",
            Action::Namespaced => "moved to a namespace",
            Action::Labelled => "labelled",
            Action::Annotated => "annotated",
            Action::Images => "given other images",
            Action::Replicas => "scaled",
            Action::Replaced => "changed by a replacement",
            Action::Variable => "given a variable",
            Action::Transformed => "transformed",
            Action::Substituted => "substituted",
            Action::Decrypted => "decrypted",
            Action::Rendered => "rendered",
        }
    }
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
