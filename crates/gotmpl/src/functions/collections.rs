//! Sprig on lists and maps: building, picking, merging, sorting.

use crate::function::Function;

/// The functions of this file.
pub(super) const TABLE: &[Function] = &[];
