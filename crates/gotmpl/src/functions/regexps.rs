//! Sprig's regular expressions with RE2's syntax.

use crate::function::Function;

/// The functions of this file.
pub(super) const TABLE: &[Function] = &[];
