//! The objects of one layer, in order, with a look-up by id.

use std::collections::HashMap;

use source::Diagnostic;

use crate::id::ResId;
use crate::resource::Resource;

/// Objects in order. No two have the same id, except for a while inside one step.
#[derive(Clone, Default, Debug)]
pub(crate) struct ResourceSet {
    resources: Vec<Resource>,
    /// Positions by id now held and by ids ever held; absent after resources were handed out for writing.
    index: Option<Index>,
}

#[derive(Clone, Default, Debug)]
struct Index {
    current: HashMap<ResId, Vec<usize>>,
    ever: HashMap<ResId, Vec<usize>>,
}

impl Index {
    fn of(resources: &[Resource]) -> Self {
        let mut index = Self::default();
        for (position, resource) in resources.iter().enumerate() {
            index.add(position, resource);
        }
        index
    }

    fn add(&mut self, position: usize, resource: &Resource) {
        self.current.entry(resource.id().key()).or_default().push(position);
        for id in resource.all_ids() {
            let positions = self.ever.entry(id.key()).or_default();
            if positions.last() != Some(&position) {
                positions.push(position);
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
        self.index = None;
        self.resources.iter_mut()
    }

    /// The object at a position.
    pub(crate) fn get(&self, position: usize) -> Option<&Resource> {
        self.resources.get(position)
    }

    /// The object at a position, to write to.
    pub(crate) fn get_mut(&mut self, position: usize) -> Option<&mut Resource> {
        self.index = None;
        self.resources.get_mut(position)
    }

    /// The object at a position, to write to anything but its ids.
    pub(crate) fn get_mut_same_id(&mut self, position: usize) -> Option<&mut Resource> {
        self.resources.get_mut(position)
    }

    /// All objects, to reorder, add and remove at will.
    pub(crate) fn vec_mut(&mut self) -> &mut Vec<Resource> {
        self.index = None;
        &mut self.resources
    }

    /// The objects, taken out.
    pub(crate) fn into_vec(self) -> Vec<Resource> {
        self.resources
    }

    /// Positions of the objects that have this id now.
    pub(crate) fn with_current_id(&mut self, id: &ResId) -> &[usize] {
        self.index().current.get(&id.key()).map(Vec::as_slice).unwrap_or_default()
    }

    /// Positions of the objects that have or had this id.
    pub(crate) fn with_any_id(&mut self, id: &ResId) -> &[usize] {
        self.index().ever.get(&id.key()).map(Vec::as_slice).unwrap_or_default()
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
        if let Some(index) = &mut self.index {
            index.add(position, &resource);
        }
        self.resources.push(resource);
        Ok(())
    }

    fn index(&mut self) -> &Index {
        self.index.get_or_insert_with(|| Index::of(&self.resources))
    }
}

fn duplicate(id: &ResId, first: &Resource, second: &Resource) -> Diagnostic {
    Diagnostic::error("kustomize/duplicate-object", second.origin.span, format!("`{id}` is in this build twice"))
        .with_related(first.origin.span, "the first one is here")
        .with_help("remove one, or give it another name or namespace")
}
