//! Kubernetes objects: who they are, where they come from, and how they are patched.

mod id;
mod object;
mod schema;
pub mod strategic;

pub use id::{GroupKind, Gvk, ObjectId, split_api_version};
pub use object::{Action, Object, Origin, Step};
pub use schema::{Cursor, Schema};
