//! Sprig and Go on types: typeOf, kindOf, deepEqual, empty, default.

use crate::function::Function;

/// The functions of this file.
pub(super) const TABLE: &[Function] = &[];
