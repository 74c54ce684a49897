//! Sprig's file paths and URLs.

use crate::function::Function;

/// The functions of this file.
pub(super) const TABLE: &[Function] = &[];
