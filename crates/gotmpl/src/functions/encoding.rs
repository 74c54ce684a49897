//! YAML, JSON, TOML and base encodings, both ways.

use crate::function::Function;

/// The functions of this file.
pub(super) const TABLE: &[Function] = &[];
