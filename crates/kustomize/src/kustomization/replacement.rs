//! The entries of `replacements`.

use source::Span;
use yaml::{Node, Value};

use crate::context::{Context, Reported};
use crate::decode::{Fields, Text, Unknown};
use crate::selector::Selector;

/// One entry of `replacements`: either a file or the replacement itself.
#[derive(Clone, Debug)]
pub(crate) struct ReplacementEntry {
    pub(crate) path: Option<Text>,
    pub(crate) replacement: Replacement,
}

/// A value and the fields it is written to.
#[derive(Clone, Debug)]
pub(crate) struct Replacement {
    pub(crate) span: Span,
    pub(crate) source: Option<ReplacementSource>,
    /// May be empty.
    pub(crate) source_value: Option<Text>,
    pub(crate) targets: Vec<ReplacementTarget>,
}

/// Where a replacement takes its value.
#[derive(Clone, Debug)]
pub(crate) struct ReplacementSource {
    pub(crate) span: Span,
    pub(crate) group: Option<Text>,
    pub(crate) version: Option<Text>,
    pub(crate) kind: Option<Text>,
    pub(crate) name: Option<Text>,
    pub(crate) namespace: Option<Text>,
    pub(crate) field_path: Option<Text>,
    pub(crate) options: Option<FieldOptions>,
}

/// Where a replacement writes its value.
#[derive(Clone, Debug)]
pub(crate) struct ReplacementTarget {
    pub(crate) span: Span,
    pub(crate) select: Option<Selector>,
    pub(crate) reject: Vec<Selector>,
    pub(crate) field_paths: Vec<Text>,
    pub(crate) options: Option<FieldOptions>,
}

/// How a field is read or written.
#[derive(Clone, Debug)]
pub(crate) struct FieldOptions {
    pub(crate) delimiter: Option<Text>,
    pub(crate) index: i64,
    pub(crate) create: bool,
}

impl ReplacementEntry {
    pub(crate) fn read(context: &Context<'_>, node: &Node, unknown: Unknown) -> Result<Self, Reported> {
        let fields = Fields::of(context, node, "an entry of `replacements`", unknown)?;
        let path = fields.text("path");
        let replacement = Replacement::read_fields(context, &fields, node.span, unknown);
        fields.finish()?;
        Ok(Self { path, replacement })
    }
}

impl Replacement {
    /// Reads a replacement as it stands in a file of its own.
    pub(crate) fn read(context: &Context<'_>, node: &Node, unknown: Unknown) -> Result<Self, Reported> {
        let fields = Fields::of(context, node, "a replacement", unknown)?;
        let replacement = Self::read_fields(context, &fields, node.span, unknown);
        fields.finish()?;
        Ok(replacement)
    }

    fn read_fields(context: &Context<'_>, fields: &Fields<'_>, span: Span, unknown: Unknown) -> Self {
        let targets = fields.list("targets").iter();
        Self {
            span,
            source: fields.node("source").and_then(|n| fields.taint(ReplacementSource::read(context, n, unknown))),
            source_value: fields.node("sourceValue").and_then(|node| match &node.value {
                Value::Str(text) => Some(Text { text: text.clone(), span: node.span }),
                _ => {
                    fields.wrong("sourceValue", node, "a string");
                    None
                }
            }),
            targets: targets.filter_map(|n| fields.taint(ReplacementTarget::read(context, n, unknown))).collect(),
        }
    }
}

impl ReplacementSource {
    fn read(context: &Context<'_>, node: &Node, unknown: Unknown) -> Result<Self, Reported> {
        let fields = Fields::of(context, node, "the source of a replacement", unknown)?;
        let source = Self {
            span: node.span,
            group: fields.text("group"),
            version: fields.text("version"),
            kind: fields.text("kind"),
            name: fields.text("name"),
            namespace: fields.text("namespace"),
            field_path: fields.text("fieldPath"),
            options: fields.node("options").and_then(|n| fields.taint(FieldOptions::read(context, n, unknown))),
        };
        fields.finish()?;
        Ok(source)
    }
}

impl ReplacementTarget {
    fn read(context: &Context<'_>, node: &Node, unknown: Unknown) -> Result<Self, Reported> {
        let fields = Fields::of(context, node, "a target of a replacement", unknown)?;
        let reject = fields.list("reject").iter();
        let target = Self {
            span: node.span,
            select: fields.node("select").and_then(|n| fields.taint(Selector::read(context, n, unknown))),
            reject: reject.filter_map(|n| fields.taint(Selector::read(context, n, unknown))).collect(),
            field_paths: fields.texts("fieldPaths"),
            options: fields.node("options").and_then(|n| fields.taint(FieldOptions::read(context, n, unknown))),
        };
        fields.finish()?;
        Ok(target)
    }
}

impl FieldOptions {
    fn read(context: &Context<'_>, node: &Node, unknown: Unknown) -> Result<Self, Reported> {
        let fields = Fields::of(context, node, "`options` of a replacement", unknown)?;
        let options = Self {
            delimiter: fields.text("delimiter"),
            index: fields.integer("index").map_or(0, |(index, _)| index),
            create: fields.boolean("create"),
        };
        // Known to kustomize, without an effect.
        fields.text("encoding");
        fields.finish()?;
        Ok(options)
    }
}
