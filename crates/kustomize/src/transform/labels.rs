//! `labels` and `commonLabels`.

use object::Action;
use source::Diagnostic;

use super::{set_pairs, visit};
use crate::context::{Context, Layer, Reported};
use crate::decode::Pair;
use crate::fieldspec::{Config, Create, FieldSpec, merge_all, merge_one};
use crate::kustomization::LabelsEntry;
use crate::set::ResourceSet;

/// Sets labels in every field that the specs name.
pub(crate) fn apply(
    context: &Context<'_>,
    layer: &Layer,
    set: &mut ResourceSet,
    pairs: &[Pair],
    specs: &[FieldSpec],
) -> Result<(), Reported> {
    self::set(context, layer, set, pairs, specs, Action::Labelled)
}

/// Sets keys of the maps that the specs name.
pub(super) fn set(
    context: &Context<'_>,
    layer: &Layer,
    set: &mut ResourceSet,
    pairs: &[Pair],
    specs: &[FieldSpec],
    action: Action,
) -> Result<(), Reported> {
    let Some(first) = pairs.first() else { return Ok(()) };
    let mut result = Ok(());
    for resource in set.iter_mut() {
        let mut touched = false;
        let outcome = visit(context, resource, specs, Create::Map, first.key_span, &mut |field| {
            touched = true;
            set_pairs(field, pairs)
        });
        result = result.and(outcome);
        if touched {
            resource.did(layer, action, first.key_span);
        }
    }
    result
}

/// The fields that one entry of `labels` is for.
pub(crate) fn specs_of(
    context: &Context<'_>,
    entry: &LabelsEntry,
    config: &Config,
) -> Result<Vec<FieldSpec>, Reported> {
    let mut specs = entry.fields.clone();
    let merged = merge_all(&mut specs, &config.labels).and_then(|()| {
        if entry.include_selectors {
            return merge_all(&mut specs, &config.common_labels);
        }
        if entry.include_templates {
            merge_all(&mut specs, &config.template_labels)?;
        }
        merge_one(&mut specs, &FieldSpec::any("metadata/labels", true))
    });
    let span = entry.pairs.first().map_or(source::Span::DETACHED, |pair| pair.key_span);
    merged.map_err(|conflict| {
        let message = format!("two field specs for `{}` disagree about `create`", conflict.path);
        context.fail(Diagnostic::error("kustomize/conflicting-field-specs", span, message))
    })?;
    Ok(specs)
}
