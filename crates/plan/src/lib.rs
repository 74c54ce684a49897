//! What a change does to a cluster: the difference of two states, by object and field, with what Flux would delete.
//!
//! [`compare`] takes two [`State`]s, each of which says which unit applies which object, and gives a [`Comparison`].
//! Objects are the same when group, kind, namespace and name are; list items are the same when their keys are.
//! Values of Secrets never come out of this room.

mod align;
mod change;
mod compare;
mod fields;
mod mask;
mod prune;
mod state;

pub use change::{Change, Comparison, FieldChange, FieldChangeKind, NotCompared, What};
pub use compare::compare;
pub use fields::differences;
pub use mask::{mask, mask_pair};
pub use prune::{Fate, Loss, MoveRisk, Stays};
pub use state::{DeletionPolicy, OwnedObject, State, Unit};
