//! Strategic merge patches, JSON patches, and the schema that they are merged by.

use crate::context::{Context, Layer, Reported};
use crate::decode::Text;
use crate::kustomization::{OpenApi, Patch};
use crate::set::ResourceSet;

/// The schema that strategic merges use in one build.
#[derive(Clone, Default, Debug)]
pub(crate) struct SchemaChoice {}

/// Chooses the schema that an `openapi` field asks for; that of the entry wins over those of bases.
pub(crate) fn choose_schema(
    _context: &Context<'_>,
    _layer: &Layer,
    _openapi: Option<&OpenApi>,
    _entry: bool,
) -> Result<(), Reported> {
    Ok(())
}

/// `patches`, and configured `PatchTransformer`s.
pub(crate) fn apply(
    _context: &Context<'_>,
    _layer: &Layer,
    _set: &mut ResourceSet,
    _patches: &[Patch],
) -> Result<(), Reported> {
    Ok(())
}

/// `patchesStrategicMerge`, and configured `PatchStrategicMergeTransformer`s: each text is patches or a path.
pub(crate) fn apply_strategic(
    _context: &Context<'_>,
    _layer: &Layer,
    _set: &mut ResourceSet,
    _patches: &[Text],
) -> Result<(), Reported> {
    Ok(())
}

/// `patchesJson6902`, and configured `PatchJson6902Transformer`s.
pub(crate) fn apply_json6902(
    _context: &Context<'_>,
    _layer: &Layer,
    _set: &mut ResourceSet,
    _patches: &[Patch],
) -> Result<(), Reported> {
    Ok(())
}
