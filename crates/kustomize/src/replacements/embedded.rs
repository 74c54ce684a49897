//! Replacements that go on inside a text which holds JSON or YAML.
//!
//! As `setValueInStructuredData` in `api/filters/replacement/replacement.go` of kustomize v5.8.1: the first scalar on the
//! way to the field is read as YAML, changed, and written again in its own manner. Whatever fails here is tried again as
//! an ordinary path.

use source::FileId;
use yaml::{Dialect, Node, Value};

use super::target::{self, Create, Visitor};
use super::{Given, rewrite};
use crate::context::Context;
use crate::fieldpath;
use crate::load;

/// Writes a value into a text; false when the path leads into no text, or not to a field in it.
pub(super) fn write(
    context: &Context<'_>,
    object: &mut Node,
    path: &[String],
    create: Option<Create>,
    given: &Given,
) -> bool {
    let scalar = |node: &&Node| !matches!(node.value, Value::Map(_) | Value::List(_));
    let found = (1..path.len()).find_map(|end| {
        let (before, rest) = path.split_at_checked(end)?;
        let text = fieldpath::lookup(object, before).ok().flatten().filter(scalar)?;
        let (id, data) = parse(context, text)?;
        Some((before, rest, text.clone(), id, data))
    });
    let Some((before, rest, old, id, mut data)) = found else { return false };
    let Some(text) = old.as_str() else {
        // Upstream prints a null or a number again as it was.
        return matches!(target::walk(&mut data, rest, create, &mut Setting { context, given }), Ok(1..));
    };
    if !matches!(target::walk(&mut data, rest, create, &mut Setting { context, given }), Ok(1..)) {
        return false;
    }
    let new = match text.trim_start().chars().next() {
        Some('{' | '[') => rewrite::json(&data, text.contains('\n') && text.contains("  ")),
        Some(_) => rewrite::yaml(context.sources, id, &data).trim().to_owned(),
        None => return false,
    };
    if new.len() > super::MAX_TEXT {
        return false;
    }
    match fieldpath::lookup_mut(object, before) {
        Some(field) => {
            *field = Node::new(given.node.span, new);
            true
        }
        None => false,
    }
}

/// How many fields a path finds in a text, without writing any: an ordinary path through a text changes a copy that
/// nobody prints.
pub(super) fn count(
    context: &Context<'_>,
    text: &Node,
    rest: &[String],
    create: Option<Create>,
) -> Result<usize, String> {
    let Some((_, mut data)) = parse(context, text) else { return Err("the text on the way is not YAML".to_owned()) };
    target::walk(&mut data, rest, create, &mut target::Counting)
}

/// The first document in a scalar.
fn parse(context: &Context<'_>, scalar: &Node) -> Option<(FileId, Node)> {
    let id = match &scalar.value {
        Value::Str(_) => yaml::embedded(context.sources, scalar, "text"),
        _ => {
            return Some((FileId::new(0), scalar.clone()))
                .filter(|_| scalar.span.is_detached() || !scalar.span.is_empty());
        }
    };
    let source = context.sources.get(id)?;
    let documents = load::registered_documents(context, id, &source.text, Dialect::Kustomize).ok()?;
    let first = documents.into_iter().next()?;
    Some((id, first))
}

/// Sets fields inside a text. They keep their places there, which is where their manner of writing is read from.
struct Setting<'a> {
    context: &'a Context<'a>,
    given: &'a Given,
}

impl Visitor for Setting<'_> {
    fn write(&mut self, field: &mut Node, made: bool) -> Result<(), String> {
        let given = &self.given.node.value;
        match &field.value {
            Value::Map(_) | Value::List(_) => *field = self.given.node.clone(),
            _ if made => field.value = yaml::type_scalar(&self.given.text, Dialect::Kustomize),
            _ if matches!(given, Value::Map(_) | Value::List(_)) => field.value = "".into(),
            now => field.value = target::retype(now, &self.given.text)?,
        }
        Ok(())
    }

    fn enter_text(&mut self, text: &Node, rest: &[String], create: Option<Create>) -> Result<usize, String> {
        count(self.context, text, rest, create)
    }

    fn lose(&mut self) {}
}
