//! Values copied from one object's field to others' fields.

use crate::context::{Context, Layer, Reported};
use crate::kustomization::ReplacementEntry;
use crate::set::ResourceSet;

/// `replacements`, and configured `ReplacementTransformer`s.
pub(crate) fn apply(
    _context: &Context<'_>,
    _layer: &Layer,
    _set: &mut ResourceSet,
    _replacements: &[ReplacementEntry],
) -> Result<(), Reported> {
    Ok(())
}
