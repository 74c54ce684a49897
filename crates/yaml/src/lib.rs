//! YAML as Kubernetes tools see it: a tree with a span on every node, read in the two dialects that matter and printed
//! as kustomize prints.

mod emit;
mod read;
mod value;

pub use emit::{to_json, to_yaml, to_yaml_mapped, to_yaml_stream};
pub use read::{
    Dialect, DuplicateKeys, Limits, ReadOptions, embedded, read, read_first, read_with, scalar_text, type_scalar,
};
pub use value::{Entry, List, Map, Node, Str, Value};
