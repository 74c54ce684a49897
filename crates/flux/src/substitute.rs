//! Variables in built objects: `postBuild` of a Kustomization, as kustomize-controller 1.9 does it.
//!
//! Each object is printed, its `${…}` are replaced in one pass, and the text is read again. Fields that no variable
//! touched keep their places; the others point into a virtual text that leads back to the `${…}` in Git and to the
//! value that went in.

use std::collections::BTreeMap;
use std::sync::Arc;

use object::{Action, Object, ObjectId};
use source::{Diagnostic, Sources};
use yaml::{Dialect, Limits, Node};

mod expand;
mod functions;
mod parse;
mod reread;
mod variables;

pub use variables::{MissingSource, Variable, Variables, variables};

/// Label or annotation that keeps an object from being substituted, with the value `disabled`.
const OPT_OUT: &str = "kustomize.toolkit.fluxcd.io/substitute";

/// Substitutes variables in all objects of a Kustomization. `layer` names the Kustomization in each object's story.
///
/// `strict` makes an undefined variable without default an error, as `StrictPostBuildSubstitutions` does since Flux
/// 2.9; otherwise it is empty text. An object with errors is left as it was.
pub fn substitute(
    sources: &Sources,
    objects: &mut [Object],
    variables: &Variables,
    strict: bool,
    layer: &Arc<str>,
) -> Vec<Diagnostic> {
    let mut findings = variables.diagnostics();
    if !variables.run() {
        return findings;
    }
    let wanted: Vec<&mut Object> = objects.iter_mut().filter(|object| !opted_out(&object.node)).collect();
    if !wanted.is_empty() {
        findings.extend(variables.invalid.iter().map(|(name, span)| {
            Diagnostic::error(
                "flux/invalid-variable-name",
                *span,
                format!("`{name}` can not be the name of a variable"),
            )
            .with_note("Flux refuses the whole Kustomization for it")
            .with_help("names are ASCII letters, digits and `_`, and do not start with a digit")
        }));
    }
    let mut changed = false;
    for object in wanted {
        match substitute_one(sources, &object.node, variables, strict) {
            Ok(None) => {}
            Ok(Some((node, found))) => {
                let what = object.id().to_string();
                findings.extend(found.into_iter().map(|diagnostic| diagnostic.within(what.clone())));
                object.node = node;
                object.record(Action::Substituted, variables.span, layer);
                changed = true;
            }
            Err(found) => {
                let what = object.id().to_string();
                findings.extend(found.into_iter().map(|diagnostic| diagnostic.within(what.clone())));
            }
        }
    }
    if changed {
        findings.extend(collisions(objects));
    }
    findings
}

fn opted_out(object: &Node) -> bool {
    ["labels", "annotations"]
        .iter()
        .any(|field| object.at(&["metadata", field, OPT_OUT]).and_then(Node::as_str) == Some("disabled"))
}

/// Two objects that are one after substitution: upstream can not put the second one back.
fn collisions(objects: &[Object]) -> Vec<Diagnostic> {
    let mut seen: BTreeMap<ObjectId, &Object> = BTreeMap::new();
    let mut findings = Vec::new();
    for object in objects {
        let id = object.id();
        let what = id.to_string();
        if let Some(first) = seen.insert(id, object)
            && first.gvk() == object.gvk()
        {
            findings.push(
                Diagnostic::error(
                    "flux/substitution-collision",
                    object.origin.span,
                    format!("after substitution there are two objects `{what}`"),
                )
                .with_related(first.origin.span, "the other one"),
            );
        }
    }
    findings
}

/// The object with its variables replaced and warnings; `None` when there is nothing to replace.
fn substitute_one(
    sources: &Sources,
    object: &Node,
    variables: &Variables,
    strict: bool,
) -> Result<Option<(Node, Vec<Diagnostic>)>, Vec<Diagnostic>> {
    if !has_dollars(object) {
        return Ok(None);
    }
    let (printed, map) = yaml::to_yaml_mapped(object);
    let expansion = expand::expand(sources, &printed, &map, variables, strict)?;
    if expansion.text == printed {
        return Ok((!expansion.warnings.is_empty()).then(|| (object.clone(), expansion.warnings)));
    }
    let name = format!("{} after substitution", ObjectId::of(object));
    let file = sources.add_virtual(name, expansion.text.as_str(), expansion.map);
    let read = yaml::read(file, expansion.text.as_bytes(), Dialect::Kubernetes, &Limits::default());
    let documents = read.map_err(|error| vec![unreadable(sources, &error, expansion.secret)])?;
    let more = documents.get(1).map(|document| document.span);
    let Some(after) = documents.into_iter().next().filter(|node| node.as_map().is_some()) else {
        return Err(vec![Diagnostic::error(
            "flux/substitution-changes-structure",
            object.span,
            "after substitution this is not an object any more",
        )]);
    };
    let reread = reread::merge(sources, object, after);
    let mut findings = expansion.warnings;
    findings.extend(reread.findings);
    if let Some(span) = more {
        let place = sources.resolve(span).first().copied().unwrap_or(object.span);
        findings.push(
            Diagnostic::error(
                "flux/substitution-changes-structure",
                place,
                "the value of a variable starts another document, which Flux drops",
            )
            .with_help("take line breaks out of the value"),
        );
    }
    Ok(Some((reread.node, findings)))
}

/// Whether any key or text has what substitution looks at. Without it an object is not even printed.
fn has_dollars(node: &Node) -> bool {
    let touched = |text: &str| text.contains("${") || text.contains("$$");
    match &node.value {
        yaml::Value::Str(text) => touched(text),
        yaml::Value::List(items) => items.iter().any(has_dollars),
        yaml::Value::Map(fields) => fields.iter().any(|field| touched(&field.key) || has_dollars(&field.node)),
        _ => false,
    }
}

/// The text is no YAML any more. Its own words may quote a value, so a Secret's stay out.
fn unreadable(sources: &Sources, error: &Diagnostic, secret: bool) -> Diagnostic {
    let places = sources.resolve(error.span);
    let (first, others) = places.split_first().map_or((error.span, &[][..]), |(first, others)| (*first, others));
    let message = if secret { "of the value of a Secret".to_owned() } else { error.message.clone() };
    let mut found = Diagnostic::error(
        "flux/substitution-breaks-yaml",
        first,
        format!("after substitution the object is not valid YAML: {message}"),
    );
    for place in others.iter().filter(|_| !secret) {
        found = found.with_related(*place, "with this value");
    }
    found.with_help("put the text that holds the variable in quotes, or quote the variable's value")
}
