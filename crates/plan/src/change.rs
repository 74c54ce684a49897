//! The values that a comparison gives.

use std::fmt;

use flux::UnitId;
use object::{FieldPath, ObjectId};
use source::Span;
use yaml::{Node, Str};

use crate::{Fate, Loss, MoveRisk};

/// Everything that differs between two states, in an order that depends on nothing but the states.
#[derive(Clone, Default, Debug)]
pub struct Comparison {
    /// What changes, by unit, then namespace, kind and name.
    pub changes: Vec<Change>,
    /// What cannot be compared because one side is not known. Nothing in it counts as added or removed.
    pub not_compared: Vec<NotCompared>,
}

/// A unit whose objects are known on one side at most.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct NotCompared {
    /// The unit.
    pub unit: UnitId,
    /// Why; lower case, no final period.
    pub reason: String,
}

/// What happens to one object.
#[derive(Clone, Debug)]
pub struct Change {
    /// The object.
    pub id: ObjectId,
    /// The Secret or ConfigMap of the remote cluster that the object is in.
    pub cluster: Option<Str>,
    /// What happens.
    pub what: What,
    /// What differs, for an object that is on both sides.
    pub fields: Vec<FieldChange>,
    /// The object before; values of Secrets are masked.
    pub old: Option<Node>,
    /// The object after; values of Secrets are masked, and differently where they change.
    pub new: Option<Node>,
    /// Where the object is written: after the change, or before it when it is removed.
    pub span: Span,
    /// The unit that would do it is suspended, so nothing happens until it is resumed.
    pub suspended: bool,
}

/// What can happen to an object.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum What {
    /// It is new.
    Added {
        /// The unit that applies it.
        unit: UnitId,
    },
    /// No unit applies it any more.
    Removed {
        /// The unit that applied it.
        unit: UnitId,
        /// What becomes of it in the cluster.
        fate: Fate,
        /// What goes with it when it is deleted.
        loss: Option<Loss>,
    },
    /// It has other fields.
    Changed {
        /// The unit that applies it.
        unit: UnitId,
    },
    /// Another unit applies it.
    Moved {
        /// The unit that applied it.
        from: UnitId,
        /// The unit that applies it now.
        to: UnitId,
        /// What can go wrong on the way.
        risk: Option<MoveRisk>,
    },
}

impl What {
    /// The unit under which the change belongs: who applies the object now, or applied it last.
    pub fn unit(&self) -> &UnitId {
        match self {
            What::Added { unit }
            | What::Removed { unit, .. }
            | What::Changed { unit }
            | What::Moved { to: unit, .. } => unit,
        }
    }

    /// `added`, `removed`, `changed` or `moved`.
    pub fn as_str(&self) -> &'static str {
        match self {
            What::Added { .. } => "added",
            What::Removed { .. } => "removed",
            What::Changed { .. } => "changed",
            What::Moved { .. } => "moved",
        }
    }

    /// Whether the change deletes the object from the cluster.
    pub fn deletes(&self) -> bool {
        matches!(self, What::Removed { fate: Fate::Deleted { .. } | Fate::DeletedWith { .. }, .. })
    }
}

/// One field that differs.
#[derive(Clone, PartialEq, Debug)]
pub struct FieldChange {
    /// Where. Items of lists are named by their keys where they have some, else by their position after the change, or
    /// before it when they are gone.
    pub path: FieldPath,
    /// How it differs.
    pub kind: FieldChangeKind,
    /// The value before, with its place.
    pub old: Option<Node>,
    /// The value after, with its place.
    pub new: Option<Node>,
    /// A chart draws it at random, so in the cluster it has another value, and changes whenever Helm renders it.
    pub random: bool,
}

/// How a field can differ.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum FieldChangeKind {
    /// It is new.
    Added,
    /// It is gone.
    Removed,
    /// It has another value.
    Changed,
    /// The items of the list are in another order; what differs inside of them is told apart.
    Reordered,
}

impl fmt::Display for FieldChangeKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            FieldChangeKind::Added => "added",
            FieldChangeKind::Removed => "removed",
            FieldChangeKind::Changed => "changed",
            FieldChangeKind::Reordered => "reordered",
        })
    }
}
