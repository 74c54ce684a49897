//! Sprig's dates and durations with Go's layouts.

use crate::function::Function;

/// The functions of this file.
pub(super) const TABLE: &[Function] = &[];
