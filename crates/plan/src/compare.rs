//! Which objects are new, gone, changed or moved.

use std::collections::{BTreeMap, BTreeSet};

use flux::UnitId;
use object::{FieldPath, ObjectId};
use yaml::Str;

use crate::change::{Change, Comparison, NotCompared, What};
use crate::fields::differences;
use crate::mask::{mask, mask_pair};
use crate::prune::{self, Fate, Pruning, Taken};
use crate::state::{OwnedObject, State};

/// An object in one of the clusters that a state reaches.
type Key = (Option<Str>, ObjectId);

/// The objects with one identity: more than one where several units claim it.
#[derive(Default)]
struct Claims<'s, 'a> {
    old: Vec<&'s OwnedObject<'a>>,
    new: Vec<&'s OwnedObject<'a>>,
}

/// What has to happen to get from one state to the other.
///
/// Objects of units that are not known on one side are neither added nor removed: such units are listed instead.
pub fn compare(old: &State<'_>, new: &State<'_>) -> Comparison {
    let mut claims: BTreeMap<Key, Claims<'_, '_>> = BTreeMap::new();
    for object in &old.objects {
        claims.entry(key(old, object)).or_default().old.push(object);
    }
    for object in &new.objects {
        claims.entry(key(new, object)).or_default().new.push(object);
    }
    let pruning = Pruning::new(old, new);
    let mut comparer = Comparer { old, new, pruning, changes: Vec::new(), not_compared: BTreeSet::new() };
    for ((cluster, id), claims) in claims {
        comparer.object(cluster.as_ref(), &id, claims);
    }
    for (id, reason) in unknown_units(old).chain(unknown_units(new)) {
        comparer.skip(id, reason);
    }
    let mut changes = comparer.changes;
    take_along(&mut changes);
    let order = |change: &Change| {
        let ObjectId { group_kind, namespace, name } = change.id.clone();
        (change.what.unit().clone(), change.cluster.clone(), namespace, group_kind.kind, group_kind.group, name)
    };
    changes.sort_by_cached_key(order);
    Comparison { changes, not_compared: comparer.not_compared.into_iter().collect() }
}

fn key(state: &State<'_>, object: &OwnedObject<'_>) -> Key {
    (state.units.get(&object.unit).and_then(|unit| unit.cluster.clone()), object.id.clone())
}

fn unknown_units<'s>(state: &'s State<'_>) -> impl Iterator<Item = (UnitId, &'s str)> {
    state.units.iter().filter_map(|(id, unit)| Some((id.clone(), unit.unknown.as_deref()?)))
}

/// Objects that Flux leaves alone still go with a namespace or a definition that it deletes.
fn take_along(changes: &mut [Change]) {
    let mut takers: BTreeMap<(Option<Str>, Taken), ObjectId> = BTreeMap::new();
    for change in changes.iter().filter(|change| change.what.deletes()) {
        let taken = change.old.as_ref().and_then(|object| prune::takes(&change.id, object));
        takers.extend(taken.map(|taken| ((change.cluster.clone(), taken), change.id.clone())));
    }
    if takers.is_empty() {
        return;
    }
    for change in changes {
        let What::Removed { fate: fate @ (Fate::Stays(_) | Fate::Open { .. }), loss, .. } = &mut change.what else {
            continue;
        };
        let taken = [Taken::Namespace(change.id.namespace.clone()), Taken::Kind(change.id.group_kind.clone())];
        let taker = taken.into_iter().find_map(|taken| takers.get(&(change.cluster.clone(), taken)));
        if let Some(object) = taker {
            *fate = Fate::DeletedWith { object: object.clone() };
            *loss = prune::loss(&change.id);
        }
    }
}

/// Whether another draw would put something else into a field.
fn is_random(owned: &OwnedObject<'_>, path: &FieldPath) -> bool {
    owned.redrawn.is_some_and(|other| path.get(&owned.object.node) != path.get(&other.node))
}

struct Comparer<'s, 'a> {
    old: &'s State<'a>,
    new: &'s State<'a>,
    pruning: Pruning<'s, 'a>,
    changes: Vec<Change>,
    not_compared: BTreeSet<NotCompared>,
}

impl<'s, 'a> Comparer<'s, 'a> {
    fn skip(&mut self, unit: UnitId, reason: &str) {
        self.not_compared.insert(NotCompared { unit, reason: reason.to_owned() });
    }

    fn object(&mut self, cluster: Option<&Str>, id: &ObjectId, mut claims: Claims<'s, 'a>) {
        // Who claims the object on both sides goes on doing so.
        let mut kept = Vec::new();
        claims.old.retain(|old| {
            let same = claims.new.iter().position(|new| new.unit == old.unit);
            match same {
                Some(position) => {
                    kept.push((*old, claims.new.remove(position)));
                    false
                }
                None => true,
            }
        });
        let mut changes: Vec<Change> = kept.iter().filter_map(|(old, new)| self.changed(id, old, new)).collect();
        let mut left = claims.new.into_iter();
        for old in claims.old {
            let new = left.next().or(kept.first().map(|(_, new)| *new));
            match new {
                Some(new) => changes.push(self.moved(id, old, new)),
                None => changes.extend(self.removed(id, old)),
            }
        }
        for new in left {
            match kept.first() {
                // One more unit claims an object that is there already.
                Some((old, _)) => changes.extend(self.changed(id, old, new)),
                None => changes.extend(self.added(id, new)),
            }
        }
        for change in &mut changes {
            change.cluster = cluster.cloned();
        }
        self.changes.extend(changes);
    }

    fn change(
        &self,
        id: &ObjectId,
        what: What,
        old: Option<&OwnedObject<'a>>,
        new: Option<&OwnedObject<'a>>,
    ) -> Change {
        let span = new.or(old).map(|owned| owned.object.origin.span).unwrap_or_default();
        let sides = [old, new];
        let node = |owned: Option<&OwnedObject<'a>>| owned.map(|owned| &owned.object.node);
        let (old, new) = match (node(old), node(new)) {
            (old, Some(new)) => {
                let (old, new) = mask_pair(old, new);
                (old, Some(new))
            }
            (old, None) => (old.map(mask), None),
        };
        let mut fields = match (&old, &new) {
            (Some(old), Some(new)) => differences(old, new),
            _ => Vec::new(),
        };
        for field in &mut fields {
            field.random = sides.iter().flatten().any(|owned| is_random(owned, &field.path));
        }
        let suspended = self.new.units.get(what.unit()).is_some_and(|unit| unit.suspend);
        Change { id: id.clone(), cluster: None, what, fields, old, new, span, suspended }
    }

    fn changed(&self, id: &ObjectId, old: &OwnedObject<'a>, new: &OwnedObject<'a>) -> Option<Change> {
        let change = self.change(id, What::Changed { unit: new.unit.clone() }, Some(old), Some(new));
        (!change.fields.is_empty()).then_some(change)
    }

    fn moved(&self, id: &ObjectId, old: &OwnedObject<'a>, new: &OwnedObject<'a>) -> Change {
        let risk = self.pruning.move_risk(&old.unit, &new.unit, id, old.object);
        let what = What::Moved { from: old.unit.clone(), to: new.unit.clone(), risk };
        self.change(id, what, Some(old), Some(new))
    }

    fn added(&mut self, id: &ObjectId, new: &OwnedObject<'a>) -> Option<Change> {
        if let Some((unit, reason)) = prune::unknown(self.old, self.new, &new.unit) {
            self.skip(unit, reason);
            return None;
        }
        Some(self.change(id, What::Added { unit: new.unit.clone() }, None, Some(new)))
    }

    fn removed(&mut self, id: &ObjectId, old: &OwnedObject<'a>) -> Option<Change> {
        if let Some((unit, reason)) = prune::unknown(self.new, self.old, &old.unit) {
            self.skip(unit, reason);
            return None;
        }
        let fate = self.pruning.fate(&old.unit, old.object)?;
        let loss = prune::loss(id).filter(|_| !matches!(fate, Fate::Stays(_)));
        let what = What::Removed { unit: old.unit.clone(), fate, loss };
        Some(self.change(id, what, Some(old), None))
    }
}
