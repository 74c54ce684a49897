//! `ValueAddTransformer`: a value into fields, or into one part of the paths that fields hold.

use object::Action;
use source::Diagnostic;
use yaml::{Node, Str, Value};

use super::namespace::{Namespace, Subjects};
use crate::context::{Context, Layer, Reported};
use crate::decode::Text;
use crate::id::scalar;
use crate::resource::Resource;
use crate::selector::Selector;
use crate::set::ResourceSet;

/// Where a value goes.
pub(crate) struct Target {
    pub(crate) selector: Option<Selector>,
    pub(crate) field_path: Text,
    /// Position in a file path, from 1; 0 replaces the whole field.
    pub(crate) position: usize,
}

/// Writes the value to every target.
pub(crate) fn apply(
    context: &Context<'_>,
    layer: &Layer,
    set: &mut ResourceSet,
    value: &Text,
    targets: &[Target],
) -> Result<(), Reported> {
    for target in targets {
        let positions = match &target.selector {
            Some(selector) => crate::selector::select(context, selector, set)?,
            None => (0..set.len()).collect(),
        };
        for position in positions {
            let Some(resource) = set.get_mut(position) else { continue };
            if target.field_path.as_str() == "metadata/namespace" {
                let what = Namespace { namespace: value, specs: &[], unset_only: false, subjects: Subjects::Default };
                super::namespace::put(context, resource, &what)?;
            } else {
                add(context, resource, value, target)?;
            }
            resource.did(layer, Action::Transformed, value.span);
        }
    }
    Ok(())
}

fn add(context: &Context<'_>, resource: &mut Resource, value: &Text, target: &Target) -> Result<(), Reported> {
    let id = resource.id();
    let path = crate::fieldspec::split_path(target.field_path.as_str(), '/');
    let path: Vec<&str> = path.iter().map(String::as_str).collect();
    let field = resource.node.make_path(&path, value.span);
    match field.filter(|field| !matches!(field.value, Value::List(_) | Value::Map(_))) {
        Some(field) => {
            let new: Str = match target.position {
                0 => value.text.clone(),
                position => insert_part(&scalar(field), position - 1, value.as_str()).into(),
            };
            *field = Node::new(value.span, new);
            Ok(())
        }
        None => {
            let message = format!("`{}` of `{id}` is not a scalar", target.field_path.as_str());
            Err(context.fail(Diagnostic::error("kustomize/field-mismatch", target.field_path.span, message)))
        }
    }
}

/// A file path with one more part; a position past the end means the end.
fn insert_part(path: &str, position: usize, part: &str) -> String {
    let (root, relative) = match path.strip_prefix('/') {
        Some(relative) => ("/", relative),
        None => ("", path),
    };
    let mut parts: Vec<&str> = relative.split('/').filter(|part| !part.is_empty()).collect();
    parts.insert(position.min(parts.len()), part);
    format!("{root}{}", parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::insert_part;

    #[test]
    fn inserts_into_paths() {
        assert_eq!(insert_part("", 0, "x"), "x");
        assert_eq!(insert_part("/", 3, "x"), "/x");
        assert_eq!(insert_part("/pie", 0, "x"), "/x/pie");
        assert_eq!(insert_part("a/nice/warm/pie", 3, "x"), "a/nice/warm/x/pie");
        assert_eq!(insert_part("raw", 9, "x"), "raw/x");
    }
}
