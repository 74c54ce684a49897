//! Sprig on strings: case, trimming, wrapping, quoting, indentation.

use crate::function::Function;

/// The functions of this file.
pub(super) const TABLE: &[Function] = &[];
