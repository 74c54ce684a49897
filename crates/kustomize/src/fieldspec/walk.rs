//! The walk to the fields that a field spec names, as `api/filters/fieldspec` of kustomize v5.8.1 goes.

use source::Span;
use yaml::{List, Map, Node, Value};

use super::{FieldSpec, PathPart};

/// What is made where a field is missing and the spec says that it is made.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Create {
    /// Nothing, whatever the spec says.
    Nothing,
    /// A null that the visitor overwrites with a scalar.
    Scalar,
    /// An empty mapping.
    Map,
}

/// A walk that cannot go on, in the user's words.
pub(crate) type Obstacle = String;

/// Visits the fields that a spec names in one object.
pub(crate) struct Walk<'a> {
    pub(crate) spec: &'a FieldSpec,
    pub(crate) create: Create,
    /// Who asked; created nodes carry it.
    pub(crate) span: Span,
}

impl Walk<'_> {
    /// Calls `visit` on every field that is there or was made. Nothing is copied when no field is there.
    ///
    /// The caller checks that the spec selects the object.
    pub(crate) fn visit(
        &self,
        object: &mut Node,
        visit: &mut dyn FnMut(&mut Node) -> Result<(), Obstacle>,
    ) -> Result<(), Obstacle> {
        if !self.reaches(object, &self.spec.parts) {
            return Ok(());
        }
        self.go(object, &self.spec.parts, visit)
    }

    /// Whether the walk would change or refuse something.
    fn reaches(&self, node: &Node, path: &[PathPart]) -> bool {
        let Some((part, rest)) = path.split_first() else { return true };
        match &node.value {
            Value::Null => false,
            Value::List(items) => items.iter().any(|item| self.reaches(item, path)),
            Value::Map(map) => match map.get(&part.name) {
                Some(field) => (part.list && field.is_null()) || self.creates(part) || self.reaches(field, rest),
                None => self.creates(part) || part.name.is_empty(),
            },
            _ => true,
        }
    }

    fn creates(&self, part: &PathPart) -> bool {
        self.spec.create && self.create != Create::Nothing && !part.list
    }

    fn go(
        &self,
        node: &mut Node,
        path: &[PathPart],
        visit: &mut dyn FnMut(&mut Node) -> Result<(), Obstacle>,
    ) -> Result<(), Obstacle> {
        let Some((part, rest)) = path.split_first() else { return visit(node) };
        match &mut node.value {
            Value::Null => Ok(()),
            Value::List(items) => {
                if items.iter().any(|item| self.reaches(item, path)) {
                    items.make_mut().iter_mut().try_for_each(|item| self.go(item, path, visit))?;
                }
                Ok(())
            }
            Value::Map(map) => self.go_map(map, part, rest, visit),
            other => Err(format!("expected a map or a list before `{}`, found {}", part.name, article(other))),
        }
    }

    fn go_map(
        &self,
        map: &mut Map,
        part: &PathPart,
        rest: &[PathPart],
        visit: &mut dyn FnMut(&mut Node) -> Result<(), Obstacle>,
    ) -> Result<(), Obstacle> {
        if part.name.is_empty() {
            return Err("the path has an empty part".to_owned());
        }
        let creates = self.creates(part);
        if creates && !map.contains_key(&part.name) {
            map.insert(&*part.name, Node::new(self.span, Value::Null));
        }
        let Some(field) = map.get_mut(&part.name) else { return Ok(()) };
        if field.is_null() {
            // A null becomes what the path expects there: a list for `name[]`, what is created otherwise.
            if part.list {
                field.value = List::new().into();
            } else if creates && (!rest.is_empty() || self.create == Create::Map) {
                *field = Node::new(self.span, Map::new());
            }
        }
        self.go(field, rest, visit)
    }
}

fn article(value: &Value) -> String {
    let name = value.type_name();
    let article = if name.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
    format!("{article} {name}")
}
