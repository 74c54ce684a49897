//! Selectors of patches and replacements: regular expressions for kind and name, label expressions for the rest.

use object::Gvk;
use regex::Regex;
use source::{Diagnostic, Span};

use crate::context::{Context, Reported};
use crate::decode::{Fields, Text, Unknown};
use crate::labels::{self, Requirement};
use crate::pattern;
use crate::resource::Resource;
use crate::set::ResourceSet;

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

/// A selector whose expressions are compiled.
pub(crate) struct Matcher {
    group: Option<Regex>,
    version: Option<Regex>,
    kind: Option<Regex>,
    name: Option<Regex>,
    namespace: Option<Regex>,
    labels: Vec<Requirement>,
    annotations: Vec<Requirement>,
}

impl Matcher {
    /// Compiles a selector.
    pub(crate) fn new(context: &Context<'_>, selector: &Selector) -> Result<Self, Reported> {
        let regex = |text: &Option<Text>| {
            let Some(text) = text else { return Ok(None) };
            pattern::whole(text.as_str()).map(Some).map_err(|why| {
                let what = format!("`{}` is not a regular expression: {why}", text.as_str());
                context.fail(
                    Diagnostic::error("kustomize/invalid-pattern", text.span, what)
                        .with_help("selectors are RE2 expressions that must match the whole text"),
                )
            })
        };
        let requirements = |text: &Option<Text>| {
            let Some(text) = text else { return Ok(Vec::new()) };
            labels::parse(text.as_str()).map_err(|why| {
                let what = format!("`{}` is not a label selector: {why}", text.as_str());
                context.fail(
                    Diagnostic::error("kustomize/invalid-label-selector", text.span, what)
                        .with_help("write it as for `kubectl --selector`: `app=web,tier in (a, b),!legacy`"),
                )
            })
        };
        Ok(Self {
            group: regex(&selector.group)?,
            version: regex(&selector.version)?,
            kind: regex(&selector.kind)?,
            name: regex(&selector.name)?,
            namespace: regex(&selector.namespace)?,
            labels: requirements(&selector.label_selector)?,
            annotations: requirements(&selector.annotation_selector)?,
        })
    }

    /// Whether group, version and kind fit.
    pub(crate) fn fits_kind(&self, gvk: &Gvk) -> bool {
        fits(&self.group, &gvk.group) && fits(&self.version, &gvk.version) && fits(&self.kind, &gvk.kind)
    }

    /// Whether a name fits.
    pub(crate) fn fits_name(&self, name: &str) -> bool {
        fits(&self.name, name)
    }

    /// Whether a namespace fits.
    pub(crate) fn fits_namespace(&self, namespace: &str) -> bool {
        fits(&self.namespace, namespace)
    }

    /// Whether an object's labels and annotations fit.
    pub(crate) fn fits_metadata(&self, resource: &Resource) -> bool {
        self.labels.iter().all(|one| one.matches(|key| resource.metadata_text("labels", key)))
            && self.annotations.iter().all(|one| one.matches(|key| resource.metadata_text("annotations", key)))
    }

    /// Whether it is for this object: by the kind it has now, and by the first or the present name and namespace.
    fn selects(&self, resource: &Resource) -> bool {
        let (first, now) = (resource.original_id(), resource.id());
        (self.fits_namespace(first.effective_namespace()) || self.fits_namespace(now.effective_namespace()))
            && (self.fits_name(&first.name) || self.fits_name(&now.name))
            && self.fits_kind(&now.gvk)
            && self.fits_metadata(resource)
    }
}

fn fits(regex: &Option<Regex>, text: &str) -> bool {
    regex.as_ref().is_none_or(|regex| regex.is_match(text))
}

/// Positions of the objects that a selector is for.
pub(crate) fn select(context: &Context<'_>, selector: &Selector, set: &ResourceSet) -> Result<Vec<usize>, Reported> {
    let matcher = Matcher::new(context, selector)?;
    let selected = |(position, resource)| matcher.selects(resource).then_some(position);
    Ok(set.iter().enumerate().filter_map(selected).collect())
}
