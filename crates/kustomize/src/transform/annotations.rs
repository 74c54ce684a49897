//! `commonAnnotations`.

use object::Action;

use crate::context::{Context, Layer, Reported};
use crate::decode::Pair;
use crate::fieldspec::FieldSpec;
use crate::set::ResourceSet;

/// Sets annotations in every field that the specs name.
pub(crate) fn apply(
    context: &Context<'_>,
    layer: &Layer,
    set: &mut ResourceSet,
    pairs: &[Pair],
    specs: &[FieldSpec],
) -> Result<(), Reported> {
    super::labels::set(context, layer, set, pairs, specs, Action::Annotated)
}
