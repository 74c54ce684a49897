//! `replicas`.

use object::Action;
use source::Diagnostic;
use yaml::{Node, Value};

use super::visit;
use crate::context::{Context, Layer, Reported};
use crate::fieldspec::{Create, FieldSpec};
use crate::kustomization::Replica;
use crate::plain;
use crate::set::ResourceSet;

/// Sets the number of replicas of every object that has or had the name and is of a kind that the specs name.
pub(crate) fn apply(
    context: &Context<'_>,
    layer: &Layer,
    set: &mut ResourceSet,
    replica: &Replica,
    specs: &[FieldSpec],
) -> Result<(), Reported> {
    let name = replica.name.as_ref().map(|name| name.as_str()).unwrap_or_default();
    let mut found = false;
    for spec in specs {
        for resource in set.iter_mut() {
            if !resource.all_ids().iter().any(|id| id.name == name && spec.selects(&id.gvk)) {
                continue;
            }
            found = true;
            let spec = std::slice::from_ref(spec);
            visit(context, resource, spec, Create::Scalar, replica.span, &mut |field: &mut Node| match field.value {
                Value::List(_) | Value::Map(_) => {
                    Err(format!("expected a number, found a {}", field.value.type_name()))
                }
                _ if plain::is_quoted(context, field) => {
                    *field = Node::new(replica.count_span, replica.count.to_string());
                    Ok(())
                }
                _ => {
                    *field = Node::new(replica.count_span, replica.count);
                    Ok(())
                }
            })?;
            resource.did(layer, Action::Replicas, replica.span);
        }
    }
    if found {
        return Ok(());
    }
    let kinds: Vec<String> = specs.iter().map(|spec| format!("`{}`", spec.kind)).collect();
    Err(context.fail(
        Diagnostic::error(
            "kustomize/replicas-without-target",
            replica.span,
            format!("nothing to scale is called `{name}`"),
        )
        .with_help(format!("`replicas` looks at {}; patch other kinds", kinds.join(", "))),
    ))
}
