//! `$(VAR)` in fields, replaced by the fields of other objects.
//!
//! As `api/internal/accumulator` and `api/filters/refvar` of kustomize v5.8.1: objects are marked as sources in the layer
//! that has the `vars`, values are read when all names are final.

use std::collections::BTreeMap;

use object::{Action, Gvk};
use source::{Diagnostic, Span};
use yaml::{Node, Str, Value};

use crate::context::{Context, Layer, Reported};
use crate::decode::Text;
use crate::fieldpath;
use crate::fieldspec::{Create, FieldSpec, Walk};
use crate::id::{DEFAULT_NAMESPACE, ResId};
use crate::kustomization::Var;
use crate::set::ResourceSet;

/// Bytes that one field may grow to.
const MAX_TEXT: usize = 8 << 20;

/// Takes the vars of one layer: marks the objects they read from, and refuses a name that is taken.
pub(crate) fn collect(
    context: &Context<'_>,
    set: &mut ResourceSet,
    known: &mut Vec<Var>,
    vars: &[Var],
) -> Result<(), Reported> {
    for var in vars {
        let wanted = gvk(var);
        let (name, namespace) = (text(&var.object_name), text(&var.namespace));
        let fits = |id: &ResId| {
            id.name == name
                && id.gvk == wanted
                && (namespace.is_empty() || id.effective_namespace() == effective(&namespace))
        };
        let found: Vec<usize> = (0..set.len())
            .filter(|position| set.get(*position).is_some_and(|resource| resource.all_ids().iter().any(fits)))
            .collect();
        match found.as_slice() {
            [] => {}
            [one] => {
                if let Some(resource) = set.get_mut(*one) {
                    resource.read_by_vars.push(var.name.text.clone());
                }
            }
            several => {
                let what = format!("var `{}` may read from {} objects", var.name.text, several.len());
                let mut diagnostic =
                    Diagnostic::error("kustomize/ambiguous-var", var.span, what).with_help("give `objref` a namespace");
                for resource in several.iter().filter_map(|position| set.get(*position)) {
                    diagnostic = diagnostic.with_related(resource.origin.span, "one of them");
                }
                return Err(context.fail(diagnostic));
            }
        }
    }
    join(context, known, vars.to_vec())
}

/// Takes the vars of a base, whose objects are marked already.
pub(crate) fn join(context: &Context<'_>, known: &mut Vec<Var>, vars: Vec<Var>) -> Result<(), Reported> {
    for var in vars {
        if let Some(other) = known.iter().find(|other| other.name.text == var.name.text) {
            let what = format!("var `{}` is there twice", var.name.text);
            return Err(context.fail(
                Diagnostic::error("kustomize/duplicate-var", var.name.span, what)
                    .with_related(other.name.span, "the first one is here")
                    .with_help("remove one, or give it another name"),
            ));
        }
        known.push(var);
    }
    Ok(())
}

/// The value of a var.
struct Known<'v> {
    var: &'v Var,
    /// A scalar; `None` for a map or a list, which no text can take in.
    value: Option<Node>,
    used: bool,
}

/// Replaces every `$(VAR)` in the fields that may hold one.
pub(crate) fn resolve(
    context: &Context<'_>,
    layer: &Layer,
    set: &mut ResourceSet,
    vars: &[Var],
    fields: &[FieldSpec],
) -> Result<(), Reported> {
    if vars.is_empty() {
        return Ok(());
    }
    let mut known: BTreeMap<&str, Known<'_>> = BTreeMap::new();
    for var in vars {
        let value = value(context, set, var)?;
        known.insert(var.name.as_str(), Known { var, value, used: false });
    }
    for resource in set.iter_mut() {
        let gvk = resource.id().gvk;
        for spec in fields.iter().filter(|spec| spec.selects(&gvk)) {
            let mut by = None;
            let walk = Walk { spec, create: Create::Nothing, span: Span::DETACHED };
            let walked = walk.visit(&mut resource.node, &mut |node| write(node, &mut known, &mut by));
            if let Some(by) = by {
                resource.did(layer, Action::Variable, by);
            }
            if let Err(obstacle) = walked {
                let what = format!("cannot replace vars in `{}` of `{}`: {obstacle}", spec.path, resource.id());
                return Err(context.fail(Diagnostic::error("kustomize/unreachable-field", resource.node.span, what)));
            }
        }
    }
    for known in known.values().filter(|known| !known.used) {
        let name = &known.var.name;
        let warning = match known.value {
            Some(_) => Diagnostic::warning(
                "kustomize/unused-var",
                name.span,
                format!("no field that vars are replaced in holds `$({})`", name.text),
            )
            .with_help("remove the var, or name the field in `varReference` of a configuration"),
            None => Diagnostic::warning(
                "kustomize/var-not-scalar",
                known.var.field_path.span,
                format!("`{}` is a map or a list, so `$({})` stays as it is", known.var.field_path.text, name.text),
            ),
        };
        context.warn(warning);
    }
    Ok(())
}

fn value(context: &Context<'_>, set: &ResourceSet, var: &Var) -> Result<Option<Node>, Reported> {
    let Some(resource) = set.iter().find(|resource| resource.read_by_vars.contains(&var.name.text)) else {
        let what = format!("no object for var `{}`", var.name.text);
        return Err(context.fail(
            Diagnostic::error("kustomize/var-without-object", var.span, what)
                .with_help("`objref` needs the `apiVersion`, `kind` and `name` of an object of this build"),
        ));
    };
    let path = fieldpath::split_with_indexes(var.field_path.as_str());
    let found = fieldpath::lookup(&resource.node, &path).ok().flatten();
    let odd_number = |node: &Node| {
        let text = yaml::scalar_text(context.sources, node);
        matches!(node.value, Value::Int(_) | Value::Uint(_))
            && text.trim_start_matches(['-', '+']).parse::<u64>().is_err()
    };
    match found.filter(|node| !odd_number(node)) {
        Some(node) => match node.value {
            Value::Map(_) | Value::List(_) => Ok(None),
            Value::Null => Ok(Some(Node::new(node.span, yaml::scalar_text(context.sources, node)))),
            _ => Ok(Some(node.clone())),
        },
        None => {
            let what = format!("`{}` has no field `{}`", resource.id(), var.field_path.text);
            Err(context.fail(
                Diagnostic::error("kustomize/var-without-field", var.field_path.span, what)
                    .with_related(resource.origin.span, "the object is here"),
            ))
        }
    }
}

/// A text; empty when it is absent.
fn text(text: &Option<Text>) -> Str {
    text.as_ref().map_or_else(|| "".into(), |text| text.text.clone())
}

fn gvk(var: &Var) -> Gvk {
    let mut gvk = Gvk { group: text(&var.group), version: text(&var.version), kind: text(&var.kind) };
    match text(&var.api_version).split('/').collect::<Vec<_>>().as_slice() {
        [""] => {}
        [version] => gvk.version = (*version).into(),
        [group, version] => {
            gvk.group = (*group).into();
            gvk.version = (*version).into();
        }
        _ => {}
    }
    gvk
}

fn effective(namespace: &Str) -> &str {
    if namespace.is_empty() { DEFAULT_NAMESPACE } else { namespace }
}

/// Replaces in a scalar, in the values of a map, or in the items of a list; not deeper.
fn write(node: &mut Node, known: &mut BTreeMap<&str, Known<'_>>, by: &mut Option<Span>) -> Result<(), String> {
    let may_change = |node: &Node| node.as_str().is_some_and(|text| text.contains('$'));
    match &mut node.value {
        Value::Str(text) if text.contains('$') => {
            if let Some(new) = replace(node, known, by)? {
                *node = new;
            }
        }
        Value::Map(map) if map.values().any(may_change) => {
            for entry in map.iter_mut() {
                if let Some(new) = replace(&entry.node, known, by)? {
                    entry.node = new;
                }
            }
        }
        Value::List(items) => {
            if let Some(other) = items.iter().find(|item| item.as_str().is_none()) {
                return Err(format!("every item must be a string, found {}", other.value.type_name()));
            }
            if items.iter().any(may_change) {
                for item in items.make_mut() {
                    if let Some(new) = replace(item, known, by)? {
                        *item = new;
                    }
                }
            }
        }
        _ => {}
    }
    Ok(())
}

/// A string with its references replaced: `$(NAME)` by the value, `$$` by `$`. A string that is one reference takes the
/// type of the value. `None` when nothing changes.
fn replace(node: &Node, known: &mut BTreeMap<&str, Known<'_>>, by: &mut Option<Span>) -> Result<Option<Node>, String> {
    let Some(text) = node.as_str() else { return Ok(None) };
    let mut out = String::new();
    let mut span = None;
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('$') {
        out.push_str(before);
        rest = after;
        let reference = after.strip_prefix('(').and_then(|inside| inside.split_once(')'));
        match (after.chars().next(), reference) {
            (Some('$'), _) => {
                out.push('$');
                rest = after.strip_prefix('$').unwrap_or_default();
            }
            (_, Some((name, tail))) => {
                let found = known.get_mut(name).filter(|known| known.value.is_some());
                match found.and_then(|known| {
                    known.used = true;
                    known.value.as_ref()
                }) {
                    Some(value) => {
                        *by = Some(value.span);
                        if before.is_empty() && tail.is_empty() && text.len() == name.len() + 3 {
                            return Ok(Some(value.clone()));
                        }
                        span = span.or(Some(value.span));
                        out.push_str(&printed(value));
                    }
                    None => {
                        out.push_str("$(");
                        out.push_str(name);
                        out.push(')');
                    }
                }
                rest = tail;
            }
            (Some('('), None) => {
                out.push_str("$(");
                rest = after.strip_prefix('(').unwrap_or_default();
            }
            (Some(other), None) => {
                out.push('$');
                out.push(other);
                rest = after.get(other.len_utf8()..).unwrap_or_default();
            }
            (None, _) => out.push('$'),
        }
        if out.len() > MAX_TEXT {
            return Err(format!("the text grows beyond {MAX_TEXT} bytes"));
        }
    }
    out.push_str(rest);
    Ok((out != text).then(|| Node::new(span.unwrap_or(node.span), out)))
}

/// A scalar inside a longer text, as Go prints it.
fn printed(value: &Node) -> String {
    match &value.value {
        Value::Float(number) if number.abs() >= 1e21 || (*number != 0.0 && number.abs() < 1e-4) => {
            let text = format!("{number:e}");
            let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
            let (sign, exponent) = match exponent.strip_prefix('-') {
                Some(exponent) => ('-', exponent),
                None => ('+', exponent),
            };
            format!("{digits}e{sign}{exponent:0>2}")
        }
        _ => crate::id::scalar(value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn replaces_as_kubernetes_does() {
        let text = |text: &str| Text { text: text.into(), span: Span::DETACHED };
        let var = |name: &str| Var {
            span: Span::DETACHED,
            name: text(name),
            api_version: None,
            group: None,
            version: None,
            kind: None,
            object_name: None,
            namespace: None,
            field_path: text("metadata.name"),
        };
        let vars = [var("A"), var("N"), var("EMPTY")];
        let values = [Value::from("a"), Value::Int(8), Value::from("")];
        let mut known: BTreeMap<&str, Known<'_>> = vars
            .iter()
            .zip(values)
            .map(|(var, value)| (var.name.as_str(), Known { var, value: Some(Node::detached(value)), used: false }))
            .collect();
        for (before, after) in [
            ("$(A)-1", Value::from("a-1")),
            ("$(N)", Value::Int(8)),
            ("n=$(N)", Value::from("n=8")),
            ("$$(A)_$(A)", Value::from("$(A)_a")),
            ("foo$(EMPTY)bar", Value::from("foobar")),
            ("$(A$(A))", Value::from("$(A$(A))")),
            ("$$$$$$$(A)", Value::from("$$$a")),
            ("--$($($(--", Value::from("--$($($(--")),
            ("$?_boo_$!", Value::from("$?_boo_$!")),
            ("$(DNE) $(", Value::from("$(DNE) $(")),
            ("$A)$", Value::from("$A)$")),
        ] {
            let mut node = Node::detached(before);
            write(&mut node, &mut known, &mut None).unwrap();
            assert_eq!(node.value, after, "{before}");
        }
    }
}
