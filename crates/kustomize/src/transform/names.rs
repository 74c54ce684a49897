//! `namePrefix` and `nameSuffix`.

use object::{Action, Gvk};
use yaml::{Node, Value};

use super::visit;
use crate::context::{Context, Layer, Reported};
use crate::decode::Text;
use crate::fieldspec::{Create, FieldSpec};
use crate::id::scalar;
use crate::plain;
use crate::set::ResourceSet;

/// Where a text goes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Side {
    Prefix,
    Suffix,
}

/// Kinds whose names are part of what they mean.
fn keeps_name(gvk: &Gvk) -> bool {
    match &*gvk.kind {
        "CustomResourceDefinition" | "Namespace" => true,
        "APIService" => gvk.group == "apiregistration.k8s.io",
        _ => false,
    }
}

/// Adds a text to every name that the specs name. Kinds are judged by the first id that an object had.
pub(crate) fn apply(
    context: &Context<'_>,
    layer: &Layer,
    set: &mut ResourceSet,
    side: Side,
    text: &Text,
    specs: &[FieldSpec],
) -> Result<(), Reported> {
    let mut result = Ok(());
    for resource in set.iter_mut() {
        let original = resource.original_id();
        if keeps_name(&original.gvk) {
            continue;
        }
        for spec in specs.iter().filter(|spec| spec.selects(&original.gvk)) {
            if &*spec.path == "metadata/name" && !text.text.is_empty() {
                match side {
                    Side::Prefix => resource.prefixes.push(text.text.clone()),
                    Side::Suffix => resource.suffixes.push(text.text.clone()),
                }
                resource.remember_id();
            }
            let mut touched = false;
            let spec = std::slice::from_ref(spec);
            let outcome = visit(context, resource, spec, Create::Scalar, text.span, &mut |field: &mut Node| {
                if matches!(field.value, Value::List(_) | Value::Map(_)) {
                    return Err(format!("expected a scalar, found a {}", field.value.type_name()));
                }
                let old = scalar(field);
                let new = match side {
                    Side::Prefix => format!("{}{old}", text.as_str()),
                    Side::Suffix => format!("{old}{}", text.as_str()),
                };
                *field = Node::new(text.span, plain::in_place_of(context, field, new));
                touched = true;
                Ok(())
            });
            result = result.and(outcome);
            if touched {
                resource.did(layer, Action::Renamed, text.span);
            }
        }
    }
    result
}
