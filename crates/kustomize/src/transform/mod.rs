//! The built-in transformers, one module each.

pub(crate) mod annotations;
pub(crate) mod images;
pub(crate) mod labels;
pub(crate) mod names;
pub(crate) mod namespace;
pub(crate) mod replicas;
pub(crate) mod value_add;

use source::{Diagnostic, Span};
use yaml::{Entry, Node, Value};

use crate::context::{Context, Reported};
use crate::decode::{Pair, Text};
use crate::fieldspec::{Create, FieldSpec, Obstacle, Walk};
use crate::plain;
use crate::resource::Resource;

/// Visits the fields of one object that any of the specs names.
fn visit(
    context: &Context<'_>,
    resource: &mut Resource,
    specs: &[FieldSpec],
    create: Create,
    span: Span,
    visitor: &mut dyn FnMut(&mut Node) -> Result<(), Obstacle>,
) -> Result<(), Reported> {
    let id = resource.id();
    for spec in specs.iter().filter(|spec| spec.selects(&id.gvk)) {
        let walk = Walk { spec, create, span };
        if let Err(obstacle) = walk.visit(&mut resource.node, visitor) {
            let message = format!("cannot set `{}` of `{id}`: {obstacle}", spec.path);
            return Err(context.fail(
                Diagnostic::error("kustomize/field-mismatch", resource.origin.span, message)
                    .with_related(span, "asked for here"),
            ));
        }
    }
    Ok(())
}

/// Writes a text over a scalar.
fn set_text(field: &mut Node, text: &Text) -> Result<(), Obstacle> {
    match field.value {
        Value::List(_) | Value::Map(_) => Err(format!("expected a scalar, found a {}", field.value.type_name())),
        _ => {
            *field = text.node();
            Ok(())
        }
    }
}

/// Writes texts into a map. Null stays null, as nothing asked for it to be made.
fn set_pairs(field: &mut Node, pairs: &[Pair]) -> Result<(), Obstacle> {
    let name = field.value.type_name();
    match &mut field.value {
        Value::Null => Ok(()),
        Value::Map(map) => {
            for pair in pairs {
                match map.get_mut(&pair.key) {
                    Some(node) => *node = pair.value.node(),
                    None if plain::breaks(&pair.key) => return Err(plain::says(&pair.key)),
                    None => {
                        map.push(Entry { key: pair.key.clone(), key_span: pair.key_span, node: pair.value.node() });
                    }
                }
            }
            Ok(())
        }
        _ => Err(format!("expected a map, found a {name}")),
    }
}
