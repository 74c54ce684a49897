//! Kubernetes objects: who they are, where they come from, and how they are patched.

pub mod field_path;
mod id;
mod json_patch;
pub mod merge_patch;
mod object;
mod schema;
pub mod strategic;

pub use field_path::{FieldPath, FieldPathError, Segment};
pub use id::{GroupKind, Gvk, ObjectId, split_api_version};
pub use json_patch::JsonPatch;
pub use object::{Action, Object, Origin, Step};
pub use schema::{Cursor, Precedence, Schema};
