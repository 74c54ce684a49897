//! Sprig's digests, keys, certificates, passwords and ciphers.

use crate::function::Function;

/// The functions of this file.
pub(super) const TABLE: &[Function] = &[];
