//! Objects that more than one unit claims: each reconciliation of one takes them from the other, and pruning one deletes
//! what the other still wants.

use std::collections::BTreeMap;

use object::{Action, Object, ObjectId};
use source::{Diagnostic, Span};

use crate::fields::text;
use crate::identity::Scopes;
use crate::unit::{Unit, UnitKind, UnitStatus};

/// Objects that are named one by one; the others are counted.
const NAMED: usize = 5;

/// An object as the first and as the second unit apply it.
type Claim<'u> = (ObjectId, &'u Object, &'u Object);

/// One finding for every two units that claim the same objects.
pub(crate) fn check(units: &[Unit], scopes: &Scopes) -> Vec<Diagnostic> {
    let mut owners: BTreeMap<(String, ObjectId), (usize, &Object)> = BTreeMap::new();
    let mut shared: BTreeMap<(usize, usize), Vec<Claim<'_>>> = BTreeMap::new();
    for (at, unit) in units.iter().enumerate() {
        for object in
            unit.objects.iter().filter(|object| !shares_on_purpose(object) && !is_shared_definition(unit, object))
        {
            let id = scopes.identity(&object.node);
            let key = (cluster(unit), id.clone());
            match owners.get(&key) {
                Some((owner, first)) if *owner != at => {
                    shared.entry((*owner, at)).or_default().push((id, first, object));
                }
                Some(_) => {}
                None => {
                    owners.insert(key, (at, object));
                }
            }
        }
    }
    shared
        .into_iter()
        .filter_map(|((first, second), objects)| Some(finding(units.get(first)?, units.get(second)?, &objects)))
        .collect()
}

/// Objects of a unit for a remote cluster never meet those of this one.
fn cluster(unit: &Unit) -> String {
    unit.settings.remote_cluster.as_ref().map_or_else(String::new, |remote| format!("{}/{remote}", unit.id.namespace))
}

/// `kustomize.toolkit.fluxcd.io/ssa` lets several owners hold one object.
fn shares_on_purpose(object: &Object) -> bool {
    let metadata = |field| text(&object.node, &["metadata", field, "kustomize.toolkit.fluxcd.io/ssa"]);
    [metadata("annotations"), metadata("labels")]
        .iter()
        .any(|value| ["merge", "ifnotpresent", "ignore"].contains(&value.to_lowercase().as_str()))
}

/// Helm makes a definition of `crds/` only where there is none.
fn is_shared_definition(unit: &Unit, object: &Object) -> bool {
    let was_read = object.origin.steps.first().is_some_and(|step| step.action == Action::Read);
    unit.id.kind == UnitKind::HelmRelease && was_read
}

fn finding(first: &Unit, second: &Unit, objects: &[Claim<'_>]) -> Diagnostic {
    let more = objects.len().saturating_sub(1);
    let named = objects.first().map(|(id, _, _)| id.to_string()).unwrap_or_default();
    let what = match more {
        0 => format!("`{named}`"),
        1 => format!("`{named}` and one other object"),
        _ => format!("`{named}` and {more} other objects"),
    };
    let message = format!("both `{}` and `{}` apply {what}", first.id, second.id);
    let span = objects.first().map_or(Span::DETACHED, |(_, _, object)| place(object));
    let asleep = |unit: &Unit| unit.status == UnitStatus::Suspended;
    let mut diagnostic = if asleep(first) || asleep(second) {
        Diagnostic::warning("flux/two-owners", span, message)
    } else {
        Diagnostic::error("flux/two-owners", span, message)
    };
    diagnostic = diagnostic.with_label(format!("applied by `{}`", second.id));
    for (at, (id, ours, theirs)) in objects.iter().take(NAMED).enumerate() {
        if place(ours) == place(theirs) {
            diagnostic = diagnostic.with_note(format!("`{id}` comes from the same file in both"));
        } else {
            if at > 0 {
                diagnostic = diagnostic.with_related(place(theirs), format!("`{id}`, applied by `{}`", second.id));
            }
            diagnostic = diagnostic.with_related(place(ours), format!("`{id}`, applied by `{}`", first.id));
        }
    }
    diagnostic.within(second.id.to_string()).with_help(
        "let one of them apply it; when that one prunes it, the other loses it until its next reconciliation",
    )
}

/// The document in Git, or the object's own place where its origin is not known.
fn place(object: &Object) -> Span {
    object.origin.span.or(object.node.span)
}
