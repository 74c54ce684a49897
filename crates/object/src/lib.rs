//! Kubernetes objects: who they are, where they come from, and how they are patched.

mod id;

pub use id::{GroupKind, Gvk, ObjectId, split_api_version};
