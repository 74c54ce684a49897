//! Helm's functions: include, tpl, required, fail, lookup.

use crate::function::Function;

/// The functions of this file.
pub(super) const TABLE: &[Function] = &[];
