//! What is compared: the units of a cluster and the objects that they apply.

use std::collections::BTreeMap;

use flux::{Rendered, UnitId, UnitStatus};
use object::{Object, ObjectId};
use yaml::Str;

/// One state of a cluster as Git describes it.
#[derive(Clone, Default, Debug)]
pub struct State<'a> {
    /// The units by id.
    pub units: BTreeMap<UnitId, Unit>,
    /// Every object with the unit that applies it, in order.
    pub objects: Vec<OwnedObject<'a>>,
}

/// What deletion depends on.
#[derive(Clone, Default, Debug)]
pub struct Unit {
    /// The unit whose objects define this one.
    pub parent: Option<UnitId>,
    /// Objects that leave the render are deleted.
    pub prune: bool,
    /// Flux leaves the unit alone.
    pub suspend: bool,
    /// What happens to the objects when the unit itself is deleted.
    pub deletion_policy: DeletionPolicy,
    /// The Secret or ConfigMap of the remote cluster that the objects go to.
    pub cluster: Option<Str>,
    /// Why the objects of the unit are not known, where they are not.
    pub unknown: Option<String>,
}

/// `spec.deletionPolicy` of a Kustomization.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub enum DeletionPolicy {
    /// As `prune` says.
    #[default]
    MirrorPrune,
    /// The objects are deleted.
    Delete,
    /// The objects are deleted and waited for.
    WaitForTermination,
    /// The objects stay.
    Orphan,
}

impl DeletionPolicy {
    /// From the field; anything unknown, which the API server refuses, counts as the default.
    pub fn of(text: Option<&str>) -> Self {
        match text {
            Some("Delete") => Self::Delete,
            Some("WaitForTermination") => Self::WaitForTermination,
            Some("Orphan") => Self::Orphan,
            _ => Self::MirrorPrune,
        }
    }
}

/// An object and who applies it.
#[derive(Clone, Debug)]
pub struct OwnedObject<'a> {
    /// Who the object is in the cluster; without a namespace when its kind has none.
    pub id: ObjectId,
    /// The unit that applies it.
    pub unit: UnitId,
    /// The object.
    pub object: &'a Object,
    /// The object as another draw makes it, when something in it is random.
    pub redrawn: Option<&'a Object>,
}

impl<'a> State<'a> {
    /// The state that a rendered repository stands for.
    pub fn of(rendered: &'a Rendered) -> Self {
        let units = rendered.units.iter().map(|unit| {
            let settings = &unit.settings;
            let known = Unit {
                parent: unit.parent.clone(),
                prune: settings.prune,
                suspend: settings.suspend,
                deletion_policy: DeletionPolicy::of(settings.deletion_policy.as_deref()),
                cluster: settings.remote_cluster.clone(),
                unknown: unknown(&unit.status),
            };
            (unit.id.clone(), known)
        });
        let objects = rendered.objects().map(|(unit, object)| OwnedObject {
            id: rendered.identity(object),
            unit: unit.id.clone(),
            object,
            redrawn: unit.redrawn.iter().find(|other| other.id() == object.id()),
        });
        Self { units: units.collect(), objects: objects.collect() }
    }
}

fn unknown(status: &UnitStatus) -> Option<String> {
    match status {
        UnitStatus::Rendered | UnitStatus::Suspended => None,
        UnitStatus::NotRendered { reason } | UnitStatus::Blocked { reason } => Some(reason.clone()),
        UnitStatus::Failed => Some("it could not be rendered".to_owned()),
    }
}
