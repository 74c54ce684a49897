//! YAML as Kubernetes tools see it: a tree with a span on every node, read in the two dialects that matter and printed
//! as kustomize prints.

mod emit;
mod json;
mod read;
mod value;

pub use emit::{go_float, go_float32, json_float, to_json, to_yaml, to_yaml_indented, to_yaml_mapped, to_yaml_stream};
pub use json::{Json, read_json, read_json_prefix};
pub use read::{
    Dialect, DuplicateKeys, Limits, ReadOptions, UpstreamError, embedded, is_printable, json_type, read, read_first,
    read_values, read_values_fields, read_with, scalar_text, type_scalar, wrong_type,
};
pub use value::{Entry, List, Map, Node, Str, Value};
