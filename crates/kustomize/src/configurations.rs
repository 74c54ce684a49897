//! `configurations`: files that add field specs to the compiled-in ones.

use object::Gvk;
use source::Diagnostic;
use yaml::{Dialect, Node};

use crate::context::{Context, Layer, Reported};
use crate::decode::{Fields, Text, Unknown};
use crate::fieldspec::{Config, Conflict, FieldSpec, ReferenceSpec};
use crate::load;

/// The field specs of all files together.
pub(crate) fn read(context: &Context<'_>, layer: &Layer, paths: &[Text]) -> Result<Config, Reported> {
    let mut config = Config::default();
    let mut result = Ok(());
    for path in paths {
        let outcome = load::file(context, layer, path)
            .and_then(|loaded| load::documents(context, &loaded, Dialect::Kubernetes))
            .map_err(|diagnostic| context.fail(diagnostic))
            .and_then(|documents| documents.first().map_or(Ok(Config::default()), |node| of_node(context, node)))
            .and_then(|added| config.merge(&added).map_err(|conflict| refuse(context, path, &conflict)));
        result = result.and(outcome);
    }
    result.map(|()| config)
}

/// What is said about field specs that contradict each other.
pub(crate) fn refuse(context: &Context<'_>, by: &Text, conflict: &Conflict) -> Reported {
    let message = format!("a field spec for `{}` contradicts another about `create`", conflict.path);
    context.fail(
        Diagnostic::error("kustomize/conflicting-field-specs", by.span, message)
            .with_help("give it the same `create` as the built-in field spec, or leave it out"),
    )
}

fn of_node(context: &Context<'_>, node: &Node) -> Result<Config, Reported> {
    let fields = Fields::of(context, node, "a transformer configuration", Unknown::Refused)?;
    let specs = |name| specs(context, &fields, name, Unknown::Refused);
    let mut config = Config {
        name_prefix: specs("namePrefix"),
        name_suffix: specs("nameSuffix"),
        namespace: specs("namespace"),
        common_labels: specs("commonLabels"),
        labels: specs("labels"),
        template_labels: specs("templateLabels"),
        common_annotations: specs("commonAnnotations"),
        name_reference: Vec::new(),
        var_reference: specs("varReference"),
        images: specs("images"),
        replicas: specs("replicas"),
    };
    for reference in fields.list("nameReference") {
        config.name_reference.extend(fields.taint(read_reference(context, reference)));
    }
    fields.finish()?;
    config.sort();
    Ok(config)
}

/// A list of field specs.
pub(crate) fn specs(
    context: &Context<'_>,
    fields: &Fields<'_>,
    name: &'static str,
    unknown: Unknown,
) -> Vec<FieldSpec> {
    let items = fields.list(name).iter();
    items.filter_map(|node| fields.taint(FieldSpec::read(context, node, unknown))).collect()
}

fn read_reference(context: &Context<'_>, node: &Node) -> Result<ReferenceSpec, Reported> {
    let fields = Fields::of(context, node, "an entry of `nameReference`", Unknown::Refused)?;
    let text = |name| fields.text(name).map(|text| text.text).unwrap_or_else(|| "".into());
    let reference = ReferenceSpec {
        target: Gvk { group: text("group"), version: text("version"), kind: text("kind") },
        referrers: specs(context, &fields, "fieldSpecs", Unknown::Refused),
    };
    fields.finish()?;
    Ok(reference)
}
