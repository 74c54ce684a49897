//! The objects of one layer, in order, with a look-up by id.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use source::Diagnostic;

use crate::id::ResId;
use crate::resource::Resource;

/// Objects in order. No two have the same id, except for a while inside one step.
#[derive(Clone, Default, Debug)]
pub(crate) struct ResourceSet {
    resources: Vec<Resource>,
    /// Positions by the id held now; absent after resources were handed out for writing.
    current: Option<Index>,
    /// Positions by every id ever held; absent likewise.
    ever: Option<Index>,
}

type Index = HashMap<ResId, Positions>;

/// Positions of objects with one id: nearly always one.
#[derive(Clone, Default, Debug)]
struct Positions {
    first: [usize; 1],
    all: Vec<usize>,
}

impl Positions {
    fn as_slice(&self) -> &[usize] {
        if self.all.is_empty() { &self.first } else { &self.all }
    }
}

fn add(index: &mut Index, id: &ResId, position: usize) {
    match index.entry(id.key()) {
        Entry::Vacant(place) => drop(place.insert(Positions { first: [position], all: Vec::new() })),
        Entry::Occupied(place) => {
            let positions = place.into_mut();
            if positions.as_slice().last() != Some(&position) {
                if positions.all.is_empty() {
                    positions.all.extend(positions.first);
                }
                positions.all.push(position);
            }
        }
    }
}

impl ResourceSet {
    /// Number of objects.
    pub(crate) fn len(&self) -> usize {
        self.resources.len()
    }

    /// The objects in order.
    pub(crate) fn iter(&self) -> std::slice::Iter<'_, Resource> {
        self.resources.iter()
    }

    /// The objects in order, to write to.
    pub(crate) fn iter_mut(&mut self) -> std::slice::IterMut<'_, Resource> {
        self.forget();
        self.resources.iter_mut()
    }

    /// The object at a position.
    pub(crate) fn get(&self, position: usize) -> Option<&Resource> {
        self.resources.get(position)
    }

    /// The object at a position, to write to.
    pub(crate) fn get_mut(&mut self, position: usize) -> Option<&mut Resource> {
        self.forget();
        self.resources.get_mut(position)
    }

    /// The object at a position, to write to anything but its ids.
    pub(crate) fn get_mut_same_id(&mut self, position: usize) -> Option<&mut Resource> {
        self.resources.get_mut(position)
    }

    /// All objects, to reorder, add and remove at will.
    pub(crate) fn vec_mut(&mut self) -> &mut Vec<Resource> {
        self.forget();
        &mut self.resources
    }

    /// The objects, taken out.
    pub(crate) fn into_vec(self) -> Vec<Resource> {
        self.resources
    }

    /// Positions of the objects that have this id now.
    pub(crate) fn with_current_id(&mut self, id: &ResId) -> &[usize] {
        let index = self.current.get_or_insert_with(|| {
            let mut index = Index::with_capacity(self.resources.len());
            for (position, resource) in self.resources.iter().enumerate() {
                add(&mut index, &resource.id(), position);
            }
            index
        });
        index.get(&id.key()).map(Positions::as_slice).unwrap_or_default()
    }

    /// Positions of the objects that have or had this id.
    pub(crate) fn with_any_id(&mut self, id: &ResId) -> &[usize] {
        let index = self.ever.get_or_insert_with(|| {
            let mut index = Index::with_capacity(self.resources.len());
            for (position, resource) in self.resources.iter().enumerate() {
                for id in resource.all_ids() {
                    add(&mut index, &id, position);
                }
            }
            index
        });
        index.get(&id.key()).map(Positions::as_slice).unwrap_or_default()
    }

    /// Adds an object at the end.
    ///
    /// # Errors
    /// `kustomize/duplicate-object` when one of the same id is there.
    pub(crate) fn push(&mut self, resource: Resource) -> Result<(), Box<Diagnostic>> {
        let id = resource.id();
        if let Some(other) = self.with_current_id(&id).first().copied().and_then(|position| self.get(position)) {
            return Err(Box::new(duplicate(&id, other, &resource)));
        }
        let position = self.resources.len();
        if let Some(index) = &mut self.current {
            add(index, &id, position);
        }
        if let Some(index) = &mut self.ever {
            resource.all_ids().iter().for_each(|id| add(index, id, position));
        }
        self.resources.push(resource);
        Ok(())
    }

    fn forget(&mut self) {
        self.current = None;
        self.ever = None;
    }
}

fn duplicate(id: &ResId, first: &Resource, second: &Resource) -> Diagnostic {
    Diagnostic::error("kustomize/duplicate-object", second.origin.span, format!("`{id}` is in this build twice"))
        .with_related(first.origin.span, "the first one is here")
        .with_help("remove one, or give it another name or namespace")
}
