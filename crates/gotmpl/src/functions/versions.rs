//! Sprig's semantic versions.

use crate::function::Function;

/// The functions of this file.
pub(super) const TABLE: &[Function] = &[];
