//! What becomes of objects that Git no longer has: Flux's rules of garbage collection (kustomize-controller v1.9.4,
//! `kustomization_controller.go`; helm-controller and Helm for releases).
//!
//! A Kustomization with `prune: true` deletes objects that left its render, unless they carry an opt-out or the labels of
//! another owner. One that is itself deleted follows its `deletionPolicy`. One that is suspended deletes nothing, in
//! either case. Nothing here concludes from a unit that could not be rendered.

use std::collections::BTreeMap;
use std::fmt;

use flux::{UnitId, UnitKind};
use object::{Action, GroupKind, Object, ObjectId};
use source::Span;
use yaml::{Node, Str};

use crate::state::{DeletionPolicy, OwnedObject, State};

/// What becomes of an object in the cluster once no unit applies it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Fate {
    /// It is deleted.
    Deleted {
        /// By which unit.
        by: UnitId,
    },
    /// Flux leaves it, but it is deleted with something that Flux deletes: its namespace, or the definition of its kind.
    DeletedWith {
        /// What takes it along.
        object: ObjectId,
    },
    /// It stays, and nothing manages it any more.
    Stays(Stays),
    /// Git does not say: the unit is applied from outside.
    Open {
        /// The unit that was applied from outside.
        unit: UnitId,
    },
}

/// Why an object stays.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Stays {
    /// The unit does not prune.
    NotPruned {
        /// The unit.
        unit: UnitId,
    },
    /// The unit is suspended.
    Suspended {
        /// The unit.
        unit: UnitId,
    },
    /// A label or annotation of the object forbids deletion.
    OptedOut {
        /// The key and value.
        by: String,
        /// Where it is written.
        span: Span,
    },
    /// The unit is deleted and leaves its objects behind.
    Orphaned {
        /// The unit.
        unit: UnitId,
    },
    /// Helm installed it beside the release: a hook, or a definition of `crds/`.
    BesideRelease {
        /// The unit.
        unit: UnitId,
    },
    /// The unit left Git too, but its own object stays in the cluster.
    UnitStays {
        /// The unit.
        unit: UnitId,
    },
}

/// What is lost with a deleted object.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Loss {
    /// Everything in the namespace.
    Namespace,
    /// Every object of the kinds that the CustomResourceDefinition defines.
    CustomResources,
    /// The data of the volume that the claim holds.
    Volume,
    /// Everything that the Helm release installed.
    Release,
    /// What the Kustomization applied.
    Unit,
}

/// What can go wrong when an object changes its owner.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum MoveRisk {
    /// The old owner deletes the object if it reconciles before the new owner has put its labels on it.
    DeletedBefore {
        /// The old owner.
        by: UnitId,
        /// What is lost then.
        loss: Option<Loss>,
    },
    /// The old owner deletes the object, and the new one is suspended and does not make it again.
    NotMadeAgain {
        /// The old owner.
        by: UnitId,
        /// The new owner.
        suspended: UnitId,
        /// What is lost then.
        loss: Option<Loss>,
    },
}

/// Chains of units that define each other are no longer than this.
const PARENTS: usize = 32;

/// Two states, and where the units of the old one are defined.
pub(crate) struct Pruning<'s, 'a> {
    old: &'s State<'a>,
    new: &'s State<'a>,
    definitions: BTreeMap<UnitId, &'s OwnedObject<'a>>,
}

impl<'s, 'a> Pruning<'s, 'a> {
    pub(crate) fn new(old: &'s State<'a>, new: &'s State<'a>) -> Self {
        let definitions = old.objects.iter().filter_map(|object| Some((defined(&object.id)?, object))).collect();
        Self { old, new, definitions }
    }

    /// What happens to an object of the old state that its unit does not apply in the new one; nothing when that cannot
    /// be known.
    pub(crate) fn fate(&self, unit: &UnitId, object: &Object) -> Option<Fate> {
        self.fate_below(unit, object, 0)
    }

    fn fate_below(&self, id: &UnitId, object: &Object, depth: usize) -> Option<Fate> {
        if id.kind == UnitKind::Entry || depth > PARENTS {
            return Some(Fate::Open { unit: id.clone() });
        }
        let deleted = || opted_out(id, object).unwrap_or_else(|| Fate::Deleted { by: id.clone() });
        if let Some(unit) = self.new.units.get(id) {
            return match unit {
                unit if unit.unknown.is_some() => None,
                unit if unit.suspend => Some(Fate::Stays(Stays::Suspended { unit: id.clone() })),
                unit if !unit.prune && id.kind == UnitKind::Kustomization => {
                    Some(Fate::Stays(Stays::NotPruned { unit: id.clone() }))
                }
                _ => Some(deleted()),
            };
        }
        let unit = self.old.units.get(id)?;
        let deletes = match unit.deletion_policy {
            _ if id.kind == UnitKind::HelmRelease => true,
            DeletionPolicy::MirrorPrune => unit.prune,
            DeletionPolicy::Delete | DeletionPolicy::WaitForTermination => true,
            DeletionPolicy::Orphan => false,
        };
        Some(match self.unit_fate(id, depth)? {
            Fate::Stays(_) | Fate::DeletedWith { .. } => Fate::Stays(Stays::UnitStays { unit: id.clone() }),
            Fate::Open { unit } => Fate::Open { unit },
            Fate::Deleted { .. } if unit.suspend => Fate::Stays(Stays::Suspended { unit: id.clone() }),
            Fate::Deleted { .. } if deletes => deleted(),
            Fate::Deleted { .. } => Fate::Stays(Stays::Orphaned { unit: id.clone() }),
        })
    }

    /// What happens to the object that defines a unit that the new state does not have.
    fn unit_fate(&self, id: &UnitId, depth: usize) -> Option<Fate> {
        match self.definitions.get(id) {
            // A unit that applies its own definition is held by whoever started it.
            Some(definition) if definition.unit != *id => {
                self.fate_below(&definition.unit, definition.object, depth + 1)
            }
            _ => Some(Fate::Open { unit: id.clone() }),
        }
    }

    /// What can go wrong when `to` applies an object that `from` applied.
    pub(crate) fn move_risk(&self, from: &UnitId, to: &UnitId, id: &ObjectId, object: &Object) -> Option<MoveRisk> {
        let Some(Fate::Deleted { by }) = self.fate(from, object) else { return None };
        let loss = loss(id);
        let suspended = self.new.units.get(to).is_some_and(|unit| unit.suspend);
        Some(match suspended {
            true => MoveRisk::NotMadeAgain { by, suspended: to.clone(), loss },
            false => MoveRisk::DeletedBefore { by, loss },
        })
    }
}

/// The unit that an object of this identity defines.
fn defined(object: &ObjectId) -> Option<UnitId> {
    let kind = match (object.group_kind.group.as_str(), object.group_kind.kind.as_str()) {
        ("kustomize.toolkit.fluxcd.io", "Kustomization") => UnitKind::Kustomization,
        ("helm.toolkit.fluxcd.io", "HelmRelease") => UnitKind::HelmRelease,
        _ => return None,
    };
    Some(UnitId::new(kind, object.namespace.clone(), object.name.clone()))
}

/// Why the units that apply, or applied, an object are not known in a state: they could not be rendered, or what defines
/// them could not.
pub(crate) fn unknown<'s>(state: &'s State<'_>, other: &State<'_>, unit: &UnitId) -> Option<(UnitId, &'s str)> {
    let mut id = unit;
    for _ in 0..PARENTS {
        if let Some(unit) = state.units.get(id) {
            return unit.unknown.as_deref().map(|reason| (id.clone(), reason));
        }
        id = other.units.get(id)?.parent.as_ref()?;
    }
    None
}

/// What keeps Flux or Helm from deleting an object: labels and annotations, whose values are compared without case, and
/// for Helm that it is no part of the release.
fn opted_out(unit: &UnitId, object: &Object) -> Option<Fate> {
    if unit.kind == UnitKind::HelmRelease && is_beside_release(object) {
        return Some(Fate::Stays(Stays::BesideRelease { unit: unit.clone() }));
    }
    let object = &object.node;
    let opt_outs: &[(&str, &str)] = match unit.kind {
        UnitKind::HelmRelease => &[("helm.sh/resource-policy", "keep")],
        _ => &[
            ("kustomize.toolkit.fluxcd.io/prune", "disabled"),
            ("kustomize.toolkit.fluxcd.io/reconcile", "disabled"),
            ("kustomize.toolkit.fluxcd.io/ssa", "ignore"),
        ],
    };
    let metadata = object.get("metadata")?;
    let found = opt_outs.iter().find_map(|(key, value)| {
        let places = ["labels", "annotations"].into_iter().filter_map(|field| metadata.get(field)?.get(key));
        let mut places = places.filter(|node| node.as_str().is_some_and(|text| text.eq_ignore_ascii_case(value)));
        places.next().map(|node| (format!("{key}: {value}"), node.span))
    });
    found.map(|(by, span)| Fate::Stays(Stays::OptedOut { by, span }))
}

/// Hooks, and definitions that were read from `crds/` instead of being rendered.
fn is_beside_release(object: &Object) -> bool {
    let is_hook = object.node.at(&["metadata", "annotations", "helm.sh/hook"]).is_some();
    is_hook || object.origin.steps.first().is_some_and(|step| step.action == Action::Read)
}

/// What the deletion of an object takes along, whoever manages it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Taken {
    /// Everything in a namespace.
    Namespace(Str),
    /// Every object of a kind.
    Kind(GroupKind),
}

/// What goes with the object when it is deleted.
pub(crate) fn takes(id: &ObjectId, object: &Node) -> Option<Taken> {
    match loss(id)? {
        Loss::Namespace => Some(Taken::Namespace(id.name.clone())),
        Loss::CustomResources => {
            let text = |path: &[&str]| object.at(path).and_then(Node::as_str).map(Str::from);
            Some(Taken::Kind(GroupKind { group: text(&["spec", "group"])?, kind: text(&["spec", "names", "kind"])? }))
        }
        Loss::Volume | Loss::Release | Loss::Unit => None,
    }
}

/// What is lost when the object is deleted.
pub(crate) fn loss(id: &ObjectId) -> Option<Loss> {
    match (id.group_kind.group.as_str(), id.group_kind.kind.as_str()) {
        ("", "Namespace") => Some(Loss::Namespace),
        ("apiextensions.k8s.io", "CustomResourceDefinition") => Some(Loss::CustomResources),
        ("", "PersistentVolumeClaim" | "PersistentVolume") => Some(Loss::Volume),
        ("helm.toolkit.fluxcd.io", "HelmRelease") => Some(Loss::Release),
        ("kustomize.toolkit.fluxcd.io", "Kustomization") => Some(Loss::Unit),
        _ => None,
    }
}

impl fmt::Display for Fate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fate::Deleted { by } => write!(f, "{by} deletes it from the cluster"),
            Fate::DeletedWith { object } => write!(f, "it is deleted with {object}"),
            Fate::Stays(why) => write!(f, "it stays in the cluster: {why}"),
            Fate::Open { unit } => {
                write!(f, "whether it is deleted depends on what applies {unit} from outside of Git")
            }
        }
    }
}

impl fmt::Display for Stays {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Stays::NotPruned { unit } => write!(f, "{unit} has `prune: false`"),
            Stays::Suspended { unit } => write!(f, "{unit} is suspended"),
            Stays::OptedOut { by, .. } => write!(f, "the object has `{by}`"),
            Stays::Orphaned { unit } => write!(f, "{unit} is deleted and leaves its objects behind"),
            Stays::BesideRelease { .. } => {
                f.write_str("Helm does not remove hooks and definitions of `crds/` with the chart or the release")
            }
            Stays::UnitStays { unit } => write!(f, "{unit} left Git, but stays in the cluster itself"),
        }
    }
}

impl fmt::Display for Loss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Loss::Namespace => "everything in the namespace is deleted with it, also what other owners put there",
            Loss::CustomResources => "every object of its kind in the whole cluster is deleted with it",
            Loss::Volume => "the data is lost unless the volume is retained",
            Loss::Release => "the Helm release is uninstalled with everything in it, unless it is suspended",
            Loss::Unit => "what it applied follows its deletion policy",
        })
    }
}

impl fmt::Display for MoveRisk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let loss = match self {
            MoveRisk::DeletedBefore { by, loss } => {
                write!(f, "{by} deletes it if it reconciles before the new owner has taken it over")?;
                loss
            }
            MoveRisk::NotMadeAgain { by, suspended, loss } => {
                write!(f, "{by} deletes it, and {suspended} is suspended and does not make it again")?;
                loss
            }
        };
        match loss {
            Some(loss) => write!(f, "; {loss}"),
            None => Ok(()),
        }
    }
}
