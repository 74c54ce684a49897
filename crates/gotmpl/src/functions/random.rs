//! Sprig's random values, drawn from the seed.

use crate::function::Function;

/// The functions of this file.
pub(super) const TABLE: &[Function] = &[];
