//! Strategic merge: a partial object laid over a whole one, as kustomize 5.8.1 does it.
//!
//! Upstream walks base and patch together (kyaml/yaml/walk, kyaml/yaml/merge2) and asks the schema at every list whether
//! its items merge by keys. Three things follow from that walk and are kept here:
//! - The walk goes over the whole base, also where the patch says nothing, so lists that merge lose duplicate items and
//!   fields without any value vanish from every object that a patch touches (`settle`).
//! - What the patch adds is walked as if it were base and patch at once, so directives and nulls inside it work
//!   (`adopt`).
//! - A value keeps the quotes of the value it replaces, so a number over a quoted string becomes a string
//!   (`Merge::with_style_of`).
//!
//! Where upstream loses data in silence the result is the same here, and a warning says so.

mod directive;
mod list;

use source::{Diagnostic, Sources, Span};
use yaml::{Map, Node, Str, Value};

use crate::{Cursor, Schema};
use directive::Directive;

/// Nesting at which a merge gives up. Texts are read with a lower limit, so only made-up trees reach it.
const MAX_DEPTH: usize = 512;

/// What a merge left of the object.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Merged {
    /// The object, changed or not.
    Kept,
    /// Nothing: the patch deletes the object.
    Deleted,
}

/// Lays `patch` over `base`. The lists that merge and their keys come from `schema`; kinds it does not know have their
/// lists replaced. What the patch writes keeps the patch's spans. Warnings about data that gets lost go to `sink`.
///
/// # Errors
/// When base and patch have different kinds of values in one place, a `$patch` directive is unknown, or lists are too
/// large; `base` is then in an undefined state.
pub fn merge(
    base: &mut Node,
    patch: &Node,
    schema: &Schema,
    sources: &Sources,
    sink: &mut Vec<Diagnostic>,
) -> Result<Merged, Box<Diagnostic>> {
    let mut merge = Merge { schema, sources, sink, path: Vec::new() };
    let whole = std::mem::replace(base, Node::detached(Value::Null));
    Ok(match merge.walk(Some(whole), Some(patch.clone()), None)? {
        Some(node) => {
            *base = node;
            Merged::Kept
        }
        None => Merged::Deleted,
    })
}

/// What goes along with the walk.
struct Merge<'a> {
    schema: &'a Schema,
    sources: &'a Sources,
    sink: &'a mut Vec<Diagnostic>,
    /// Fields and item keys from the root to here.
    path: Vec<Str>,
}

/// A node, or nothing when the field goes away.
type Walked = Result<Option<Node>, Box<Diagnostic>>;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    Map,
    List,
    Scalar,
}

fn shape(node: &Node) -> Option<Shape> {
    match node.value {
        Value::Null => None,
        Value::Map(_) => Some(Shape::Map),
        Value::List(_) => Some(Shape::List),
        _ => Some(Shape::Scalar),
    }
}

/// Whether a null was written as nothing at all (`key:`) rather than as a word.
fn is_unwritten_null(node: &Node) -> bool {
    node.is_null() && !node.span.is_detached() && node.span.is_empty()
}

impl<'a> Merge<'a> {
    /// Merges what stands in one place of base and patch; `None` stands for nothing there.
    fn walk(&mut self, base: Option<Node>, patch: Option<Node>, schema: Option<Cursor<'a>>) -> Walked {
        self.enter(base.as_ref().or(patch.as_ref()))?;
        let base_shape = base.as_ref().and_then(shape);
        let patch_shape = patch.as_ref().and_then(shape);
        match (base, base_shape, patch, patch_shape) {
            (_, None, Some(patch), Some(_)) => self.add(patch, schema),
            (Some(base), _, None, _) => self.settle(base, schema),
            (None, ..) | (_, _, Some(_), None) => Ok(None),
            (Some(base), Some(a), Some(patch), Some(b)) if a != b => Err(self.clash(&base, &patch)),
            (Some(base), Some(Shape::Map), Some(patch), _) => self.merge_maps(base, patch, schema),
            (Some(base), Some(Shape::List), Some(patch), _) => self.merge_lists(base, patch, schema),
            (Some(base), Some(Shape::Scalar), Some(patch), _) => Ok(Some(self.with_style_of(&base, patch))),
        }
    }

    fn enter(&self, node: Option<&Node>) -> Result<(), Box<Diagnostic>> {
        if self.path.len() < MAX_DEPTH {
            return Ok(());
        }
        let span = node.map_or(Span::DETACHED, |node| node.span);
        Err(Box::new(Diagnostic::error("kustomize/patch-too-deep", span, "values are nested too deeply to be merged")))
    }

    /// Something new where the base has nothing, or null. An unknown directive is no error here: it becomes a field.
    fn add(&mut self, mut patch: Node, schema: Option<Cursor<'a>>) -> Walked {
        if shape(&patch) == Some(Shape::Map) {
            return match directive::take_from_map(&mut patch) {
                Ok(Some(Directive::Delete)) => Ok(None),
                _ => self.adopt_fields(patch, schema).map(Some),
            };
        }
        if shape(&patch) == Some(Shape::List) {
            return self.adopt_list(patch, schema).map(Some);
        }
        Ok(Some(patch))
    }

    fn merge_maps(&mut self, mut base: Node, mut patch: Node, schema: Option<Cursor<'a>>) -> Walked {
        match directive::take_from_map(&mut patch) {
            Err(unknown) => return Err(self.unknown_directive(&unknown)),
            Ok(Some(Directive::Delete)) => return Ok(None),
            Ok(Some(Directive::Replace)) => return self.adopt_fields(patch, schema).map(Some),
            Ok(Some(Directive::Merge) | None) => {}
        }
        let schema = self.schema_of(schema, &base).or_else(|| self.schema_of(None, &patch));
        let (Some(fields), Some(over)) = (base.as_map_mut(), patch.as_map()) else { return Ok(Some(base)) };
        self.settle_fields(fields, schema, |key| over.contains_key(key))?;
        for entry in over {
            self.warn_of_directive_key(entry);
            let old = fields.get_mut(&entry.key).map(|node| std::mem::replace(node, Node::detached(Value::Null)));
            let was_there = old.is_some();
            self.path.push(entry.key.clone());
            let new = self.walk(old, Some(entry.node.clone()), schema.and_then(|at| at.field(&entry.key)))?;
            self.path.pop();
            match (new, was_there) {
                (Some(node), true) => {
                    fields.insert(entry.key.clone(), node);
                }
                (Some(node), false) => fields.push(yaml::Entry { node, ..entry.clone() }),
                (None, true) => {
                    fields.remove(&entry.key);
                }
                (None, false) => {}
            }
        }
        Ok(Some(base))
    }

    /// The schema here: what the parent says, else that of the object whose `apiVersion` and `kind` stand here, even in the
    /// middle of another object.
    fn schema_of(&self, schema: Option<Cursor<'a>>, node: &Node) -> Option<Cursor<'a>> {
        if schema.is_some() {
            return schema;
        }
        let text = |key| node.get(key).and_then(Node::as_str).filter(|text| !text.is_empty());
        self.schema.kind(text("apiVersion")?, text("kind")?)
    }

    /// A part of the base that the patch does not mention.
    fn settle(&mut self, node: Node, schema: Option<Cursor<'a>>) -> Walked {
        if is_unwritten_null(&node) {
            return Ok(None);
        }
        if self.is_settled(&node, schema, 0) {
            return Ok(Some(node));
        }
        match shape(&node) {
            Some(Shape::Map) => {
                let mut node = node;
                let schema = self.schema_of(schema, &node);
                if let Some(fields) = node.as_map_mut() {
                    self.settle_fields(fields, schema, |_| false)?;
                }
                Ok(Some(node))
            }
            Some(Shape::List) => self.settle_list(node, schema).map(Some),
            Some(Shape::Scalar) | None => Ok(Some(node)),
        }
    }

    /// Settles the fields that the patch does not name.
    fn settle_fields(
        &mut self,
        fields: &mut Map,
        schema: Option<Cursor<'a>>,
        named: impl Fn(&str) -> bool,
    ) -> Result<(), Box<Diagnostic>> {
        let unsettled: Vec<Str> = fields
            .iter()
            .filter(|entry| !named(&entry.key))
            .filter(|entry| !self.is_settled(&entry.node, schema.and_then(|at| at.field(&entry.key)), 0))
            .map(|entry| entry.key.clone())
            .collect();
        for key in unsettled {
            let Some(slot) = fields.get_mut(&key) else { continue };
            let node = std::mem::replace(slot, Node::detached(Value::Null));
            self.enter(Some(&node))?;
            self.path.push(key.clone());
            let settled = self.settle(node, schema.and_then(|at| at.field(&key)))?;
            self.path.pop();
            match settled {
                Some(node) => {
                    fields.insert(key, node);
                }
                None => {
                    fields.remove(&key);
                }
            }
        }
        Ok(())
    }

    /// Whether a walk would leave a part of the base as it is; looking first keeps what is shared shared.
    fn is_settled(&self, node: &Node, schema: Option<Cursor<'a>>, depth: usize) -> bool {
        match &node.value {
            Value::Null => !is_unwritten_null(node),
            Value::Map(fields) if depth < MAX_DEPTH => {
                let schema = self.schema_of(schema, node);
                fields
                    .iter()
                    .all(|entry| self.is_settled(&entry.node, schema.and_then(|at| at.field(&entry.key)), depth + 1))
            }
            Value::List(items) => match schema.and_then(|at| Some((at, at.merge_keys()?))) {
                Some((at, keys)) => {
                    let keys: Vec<&str> = keys.collect();
                    list::has_distinct_items(items, &keys)
                        && items.iter().all(|item| self.is_settled(item, at.items(), depth + 1))
                }
                None => true,
            },
            _ => true,
        }
    }

    /// The fields of a map that the patch adds whole, its own directive already taken.
    fn adopt_fields(&mut self, mut node: Node, schema: Option<Cursor<'a>>) -> Result<Node, Box<Diagnostic>> {
        let schema = self.schema_of(schema, &node);
        let Some(fields) = node.as_map_mut() else { return Ok(node) };
        let keys: Vec<Str> = fields.keys().cloned().collect();
        for key in keys {
            if let Some(entry) = fields.entry(&key) {
                self.warn_of_directive_key(entry);
            }
            let Some(slot) = fields.get_mut(&key) else { continue };
            if matches!(shape(slot), Some(Shape::Scalar)) {
                continue;
            }
            let value = std::mem::replace(slot, Node::detached(Value::Null));
            self.path.push(key.clone());
            let adopted = self.adopt(value, schema.and_then(|at| at.field(&key)))?;
            self.path.pop();
            match adopted {
                Some(node) => {
                    fields.insert(key, node);
                }
                None => {
                    fields.remove(&key);
                }
            }
        }
        Ok(node)
    }

    /// A part of the patch that counts as base and patch at once.
    fn adopt(&mut self, mut node: Node, schema: Option<Cursor<'a>>) -> Walked {
        self.enter(Some(&node))?;
        match shape(&node) {
            None => Ok(None),
            Some(Shape::Scalar) => Ok(Some(node)),
            Some(Shape::Map) => match directive::take_from_map(&mut node) {
                Err(unknown) => Err(self.unknown_directive(&unknown)),
                Ok(Some(Directive::Delete)) => Ok(None),
                Ok(_) => self.adopt_fields(node, schema).map(Some),
            },
            Some(Shape::List) => {
                let merges = schema.is_some_and(|at| at.merge_keys().is_some());
                if merges && self.take_from_list(&mut node)? == Some(Directive::Delete) {
                    return Ok(None);
                }
                self.adopt_list(node, schema).map(Some)
            }
        }
    }

    /// The patch's scalar over the base's, with the base's quotes: upstream copies the style of the node that it replaces
    /// (kyaml/yaml/fns.go `FieldSetter`), which turns other scalars under quotes into strings.
    fn with_style_of(&self, base: &Node, patch: Node) -> Node {
        let is_string = |node: &Node| matches!(node.value, Value::Str(_));
        if !is_string(base) || is_string(&patch) {
            return patch;
        }
        let quoted = self.sources.text(base.span).is_some_and(|text| text.starts_with(['"', '\'', '|', '>']));
        if quoted { Node::new(patch.span, Value::Str(yaml::scalar_text(self.sources, &patch).into())) } else { patch }
    }

    fn warn_of_directive_key(&mut self, entry: &yaml::Entry) {
        const UNSUPPORTED: [&str; 3] = ["$setElementOrder/", "$deleteFromPrimitiveList/", "$retainKeys"];
        if UNSUPPORTED.iter().any(|prefix| entry.key.starts_with(prefix)) {
            let what =
                format!("`{}` is not supported in kustomize patches and stays in the object as a field", entry.key);
            self.sink.push(
                Diagnostic::warning("kustomize/patch-directive-left-in-output", entry.key_span, what)
                    .with_help("remove it; kustomize understands only `$patch: delete`, `replace` and `merge`"),
            );
        }
    }

    /// A `$patch` directive in a list that does not merge is data: it replaces the list like any other item.
    fn warn_of_directive_in_data(&mut self, node: &Node, depth: usize) {
        let children: Box<dyn Iterator<Item = &Node>> = match &node.value {
            Value::Map(fields) => {
                if let Some(entry) = fields.entry(directive::KEY) {
                    let what =
                        "`$patch` stands in a list that kustomize replaces whole, so it stays in the object as a field";
                    self.sink.push(
                        Diagnostic::warning("kustomize/patch-directive-left-in-output", entry.key_span, what)
                            .with_help("use a JSON patch to remove or replace single items of this list"),
                    );
                }
                Box::new(fields.values())
            }
            Value::List(items) => Box::new(items.iter()),
            _ => return,
        };
        if depth < MAX_DEPTH {
            for child in children {
                self.warn_of_directive_in_data(child, depth + 1);
            }
        }
    }

    fn place(&self) -> String {
        if self.path.is_empty() { "the object".to_owned() } else { format!("`{}`", self.path.join(".")) }
    }

    fn clash(&self, base: &Node, patch: &Node) -> Box<Diagnostic> {
        let what = format!(
            "{} is a {} in the patch but a {} in the object",
            self.place(),
            patch.value.type_name(),
            base.value.type_name()
        );
        Box::new(
            Diagnostic::error("kustomize/patch-type-clash", patch.span, what)
                .with_related(base.span, "the object has it here")
                .with_help("give the patch the same kind of value, or replace the field with a JSON patch"),
        )
    }

    fn unknown_directive(&self, value: &Node) -> Box<Diagnostic> {
        let what = format!("unknown patch directive `$patch: {}`", list::text(value));
        Box::new(
            Diagnostic::error("kustomize/unknown-patch-directive", value.span, what)
                .with_help("use `delete`, `replace` or `merge`"),
        )
    }
}
