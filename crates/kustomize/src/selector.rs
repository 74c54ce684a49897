//! Selectors of patches and replacements: regular expressions for kind and name, label expressions for the rest.

use source::Span;

use crate::context::{Context, Reported};
use crate::decode::{Fields, Text, Unknown};

/// Which objects a patch or a replacement is for. Absent fields match anything.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Selector {
    pub(crate) span: Span,
    pub(crate) group: Option<Text>,
    pub(crate) version: Option<Text>,
    pub(crate) kind: Option<Text>,
    pub(crate) name: Option<Text>,
    pub(crate) namespace: Option<Text>,
    pub(crate) label_selector: Option<Text>,
    pub(crate) annotation_selector: Option<Text>,
}

impl Selector {
    /// Reads a selector.
    pub(crate) fn read(context: &Context<'_>, node: &yaml::Node, unknown: Unknown) -> Result<Self, Reported> {
        let fields = Fields::of(context, node, "a selector", unknown)?;
        let selector = Self {
            span: node.span,
            group: fields.text("group"),
            version: fields.text("version"),
            kind: fields.text("kind"),
            name: fields.text("name"),
            namespace: fields.text("namespace"),
            label_selector: fields.text("labelSelector"),
            annotation_selector: fields.text("annotationSelector"),
        };
        fields.finish()?;
        Ok(selector)
    }
}
