//! Names of renamed objects, followed where other objects hold them.

use crate::context::{Context, Layer, Reported};
use crate::fieldspec::ReferenceSpec;
use crate::set::ResourceSet;

/// Follows every changed name.
pub(crate) fn follow(
    _context: &Context<'_>,
    _layer: &Layer,
    _set: &mut ResourceSet,
    _rules: &[ReferenceSpec],
) -> Result<(), Reported> {
    Ok(())
}
