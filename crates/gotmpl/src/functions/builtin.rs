//! The functions of Go's text/template: comparison, logic, indexing, printing, escaping.

use crate::function::Function;

/// The functions of this file.
pub(super) const TABLE: &[Function] = &[];
