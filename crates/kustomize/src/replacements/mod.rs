//! Values copied from one object's field to others' fields.
//!
//! As `api/filters/replacement` of kustomize v5.8.1. Between scalars only the text is copied: a target keeps its type, so
//! `"8080"` becomes a number in a field that holds a number.

mod embedded;
mod rewrite;
mod target;

use std::borrow::Cow;

use object::Action;
use source::{Diagnostic, Span};
use yaml::{Dialect, Node, Value};

use crate::context::{Context, Layer, Reported};
use crate::decode::{Text, Unknown};
use crate::fieldpath;
use crate::id::ResId;
use crate::kustomization::{FieldOptions, Replacement, ReplacementEntry, ReplacementSource, ReplacementTarget};
use crate::load;
use crate::resource::Resource;
use crate::selector::Matcher;
use crate::set::ResourceSet;

/// The field that is read and written when none is named.
const DEFAULT_FIELD: &str = "metadata.name";

/// Bytes that one field may grow to.
const MAX_TEXT: usize = 8 << 20;

/// Nodes that the replacements of one layer may write.
const MAX_NODES: usize = 4_000_000;

/// Nesting that a value may have when it is copied.
const MAX_DEPTH: usize = 200;

/// `replacements`, and configured `ReplacementTransformer`s.
pub(crate) fn apply(
    context: &Context<'_>,
    layer: &Layer,
    set: &mut ResourceSet,
    replacements: &[ReplacementEntry],
) -> Result<(), Reported> {
    let mut all: Vec<Cow<'_, Replacement>> = Vec::new();
    for entry in replacements {
        match &entry.path {
            Some(path) if entry.replacement.source.is_some() || !entry.replacement.targets.is_empty() => {
                let what = "`path` and a replacement cannot stand in the same entry";
                let diagnostic = Diagnostic::error("kustomize/replacement-in-two-places", path.span, what);
                return Err(context.fail(diagnostic.with_help("make it two entries")));
            }
            Some(path) => all.extend(from_file(context, layer, path)?.into_iter().map(Cow::Owned)),
            None => all.push(Cow::Borrowed(&entry.replacement)),
        }
    }
    let mut written = 0;
    for replacement in &all {
        apply_one(context, layer, set, replacement, &mut written)?;
    }
    Ok(())
}

/// The replacements of a file: one, or a list.
fn from_file(context: &Context<'_>, layer: &Layer, path: &Text) -> Result<Vec<Replacement>, Reported> {
    let loaded = load::file(context, layer, path).map_err(|error| context.fail(error))?;
    let documents = load::documents(context, &loaded, Dialect::Kubernetes).map_err(|error| context.fail(error))?;
    match documents.first().map(|node| (node, &node.value)) {
        Some((_, Value::List(items))) => {
            items.iter().map(|item| Replacement::read(context, item, Unknown::Ignored)).collect()
        }
        Some((node, Value::Map(_))) => Ok(vec![Replacement::read(context, node, Unknown::Ignored)?]),
        _ => {
            let what = format!("`{}` is neither a replacement nor a list of replacements", path.as_str());
            Err(context.fail(Diagnostic::error("kustomize/invalid-replacement", path.span, what)))
        }
    }
}

fn apply_one(
    context: &Context<'_>,
    layer: &Layer,
    set: &mut ResourceSet,
    replacement: &Replacement,
    written: &mut usize,
) -> Result<(), Reported> {
    let fail = |what: &str, help: &str| {
        let diagnostic = Diagnostic::error("kustomize/invalid-replacement", replacement.span, what);
        context.fail(diagnostic.with_help(help))
    };
    if replacement.targets.is_empty() {
        return Err(fail("a replacement needs targets", "say in `targets` which fields get the value"));
    }
    let mut given = match (&replacement.source, &replacement.source_value) {
        (Some(_), Some(_)) => {
            return Err(fail("a replacement cannot have both `source` and `sourceValue`", "remove one of them"));
        }
        (None, None) => {
            return Err(fail("a replacement needs a source", "say in `source` where the value comes from"));
        }
        (None, Some(value)) => Given::text(value),
        (Some(source), None) => read_source(context, set, source)?,
    };
    let size = size_of(&given.node);
    for target in &replacement.targets {
        let Some(select) = &target.select else {
            return Err(fail("a target needs `select`", "say in `select` which objects get the value"));
        };
        let matcher = Matcher::new(context, select)?;
        let mut rejects = Vec::new();
        for reject in &target.reject {
            rejects.push((Matcher::new(context, reject)?, reject));
        }
        let mut found = false;
        for (position, resource) in set.iter_mut().enumerate() {
            if !selects(resource, &matcher, &rejects) {
                continue;
            }
            found = true;
            *written = written.saturating_add(size.saturating_mul(target.field_paths.len().max(1)));
            if *written > MAX_NODES {
                let what = format!("replacements write more than {MAX_NODES} values");
                return Err(context.fail(Diagnostic::error("kustomize/too-many-replacements", target.span, what)));
            }
            write_target(context, layer, (position, resource), target, &mut given)?;
        }
        if !found {
            context.warn(
                Diagnostic::warning(
                    "kustomize/replacement-matches-nothing",
                    select.span,
                    "no object matches this target",
                )
                .with_help("correct the selector, or remove the target"),
            );
        }
    }
    Ok(())
}

/// Nodes of a value, as far as it matters; too deep a value counts as too large.
fn size_of(value: &Node) -> usize {
    let mut count = 0usize;
    let mut open = vec![(value, 0)];
    while let Some((node, depth)) = open.pop() {
        count += 1;
        if count > MAX_NODES || depth > MAX_DEPTH {
            return usize::MAX;
        }
        match &node.value {
            Value::Map(map) => open.extend(map.values().map(|child| (child, depth + 1))),
            Value::List(items) => open.extend(items.iter().map(|child| (child, depth + 1))),
            _ => {}
        }
    }
    count
}

/// A value on its way from its source to its targets.
struct Given {
    /// The value, for targets that hold no scalar, and its place.
    node: Node,
    /// Its text, for targets that hold a scalar; empty for collections.
    text: String,
    /// The object and path of a scalar that is taken whole. Upstream hands such a source on as it is, not as a copy: a
    /// target that is the source itself changes what the later targets get.
    live: Option<(usize, Vec<String>)>,
}

impl Given {
    /// A value that stands in the replacement itself.
    fn text(value: &Text) -> Self {
        let typed = yaml::type_scalar(value.as_str(), Dialect::Kustomize);
        Self { node: Node::new(value.span, typed), text: value.text.to_string(), live: None }
    }

    /// Takes the value again, after something was written to the object at `position`.
    fn refresh(&mut self, context: &Context<'_>, position: usize, object: &Node) {
        let Some((source, parts)) = &self.live else { return };
        if *source != position {
            return;
        }
        if let Ok(Some(node)) = fieldpath::lookup(object, parts)
            && !matches!(node.value, Value::Map(_) | Value::List(_))
        {
            self.text = yaml::scalar_text(context.sources, node);
            self.node = node.clone();
        }
    }

    fn create(&self) -> target::Create {
        match self.node.value {
            Value::Map(_) => target::Create::Map,
            Value::List(_) => target::Create::List,
            _ => target::Create::Scalar,
        }
    }
}

fn read_source(context: &Context<'_>, set: &ResourceSet, source: &ReplacementSource) -> Result<Given, Reported> {
    let mut found = set.iter().enumerate().filter(|(_, resource)| ids(resource).iter().any(|id| is_source(id, source)));
    let Some((position, resource)) = found.next() else {
        let diagnostic =
            Diagnostic::error("kustomize/replacement-without-source", source.span, "no object matches this source");
        return Err(context.fail(diagnostic.with_help("the fields of a source are whole texts, not expressions")));
    };
    if let Some((_, second)) = found.next() {
        return Err(context.fail(
            Diagnostic::error(
                "kustomize/ambiguous-replacement-source",
                source.span,
                "several objects match this source",
            )
            .with_related(resource.origin.span, "one of them")
            .with_related(second.origin.span, "another")
            .with_help("add `name`, `namespace` or `group`"),
        ));
    }
    let (path, span) = match &source.field_path {
        Some(path) => (path.as_str(), path.span),
        None => (DEFAULT_FIELD, source.span),
    };
    let missing = |why: String| {
        Diagnostic::error("kustomize/replacement-without-source-field", span, why)
            .with_related(resource.origin.span, "the object is here")
            .within(resource.id().to_string())
    };
    let parts = fieldpath::split(path);
    let node = match fieldpath::lookup(&resource.node, &parts) {
        Ok(node) => node.filter(|node| !is_empty(node)),
        Err(why) => return Err(context.fail(missing(format!("cannot read `{path}`: {why}")))),
    };
    let Some(node) = node else {
        return Err(context.fail(missing(format!("`{}` has no field `{path}`, or it is empty", resource.id()))));
    };
    let scalar = !matches!(node.value, Value::Map(_) | Value::List(_));
    let text = if scalar { yaml::scalar_text(context.sources, node) } else { String::new() };
    let Some((delimiter, options)) = delimiter(source.options.as_ref()) else {
        let node = node.clone();
        return Ok(Given { node, text, live: scalar.then_some((position, parts)) });
    };
    if !scalar {
        return Err(context.fail(missing(format!("`{path}` is a {}, which cannot be split", node.value.type_name()))));
    }
    let pieces = text.split(delimiter.as_str());
    let Some(piece) = usize::try_from(options.index).ok().and_then(|index| pieces.into_iter().nth(index)) else {
        let what = format!("`{path}` split at `{}` has no part {}", delimiter.as_str(), options.index);
        return Err(context.fail(missing(what).with_help("parts are counted from 0")));
    };
    let value = target::retype(&node.value, piece).unwrap_or_else(|_| piece.into());
    Ok(Given { node: Node::new(node.span, value), text: piece.to_owned(), live: None })
}

fn is_empty(node: &Node) -> bool {
    match &node.value {
        Value::Null => true,
        Value::Map(map) => map.is_empty(),
        Value::List(items) => items.is_empty(),
        _ => false,
    }
}

/// The delimiter, when one is given.
fn delimiter(options: Option<&FieldOptions>) -> Option<(&Text, &FieldOptions)> {
    let options = options?;
    Some((options.delimiter.as_ref()?, options))
}

/// The id that an object has now, with its namespace as written, then those it had.
fn ids(resource: &Resource) -> Vec<ResId> {
    let mut ids = resource.all_ids();
    ids.rotate_right(1);
    ids
}

fn is_source(id: &ResId, source: &ReplacementSource) -> bool {
    let fits = |wanted: &Option<Text>, own: &str| wanted.as_ref().is_none_or(|wanted| wanted.as_str() == own);
    let namespace = if id.namespace.is_empty() { crate::id::DEFAULT_NAMESPACE } else { &id.namespace };
    fits(&source.name, &id.name)
        && fits(&source.namespace, namespace)
        && fits(&source.group, &id.gvk.group)
        && fits(&source.version, &id.gvk.version)
        && fits(&source.kind, &id.gvk.kind)
}

/// Whether an object is selected and not rejected. A reject with label or annotation selectors rejects by those alone.
fn selects(resource: &Resource, select: &Matcher, rejects: &[(Matcher, &crate::selector::Selector)]) -> bool {
    if !select.fits_metadata(resource) {
        return false;
    }
    let ids = ids(resource);
    let by_id = |matcher: &Matcher| {
        let fits = |id: &ResId| {
            matcher.fits_kind(&id.gvk) && matcher.fits_name(&id.name) && matcher.fits_namespace(&id.namespace)
        };
        ids.iter().any(fits)
    };
    let rejected = rejects.iter().any(|(matcher, selector)| {
        let by_metadata = selector.label_selector.is_some() || selector.annotation_selector.is_some();
        let has_id = [&selector.group, &selector.version, &selector.kind, &selector.name, &selector.namespace];
        (by_metadata && matcher.fits_metadata(resource))
            || (has_id.iter().any(|field| field.is_some()) && by_id(matcher))
    });
    !rejected && by_id(select)
}

fn write_target(
    context: &Context<'_>,
    layer: &Layer,
    (position, resource): (usize, &mut Resource),
    target: &ReplacementTarget,
    given: &mut Given,
) -> Result<(), Reported> {
    let id = resource.id().to_string();
    let create = target.options.as_ref().filter(|options| options.create).map(|_| given.create());
    let default = Text { text: DEFAULT_FIELD.into(), span: target.span };
    let paths = if target.field_paths.is_empty() { std::slice::from_ref(&default) } else { &target.field_paths };
    for path in paths {
        let parts = fieldpath::split(path.as_str());
        if embedded::write(context, &mut resource.node, &parts, create, given) {
            given.refresh(context, position, &resource.node);
            continue;
        }
        let mut writing = Writing { context, given, options: target.options.as_ref(), lost: false };
        let found = target::walk(&mut resource.node, &parts, create, &mut writing);
        let what = match found {
            Ok(0) if create.is_some() => format!("`{id}` has no field `{}`, and it cannot be made", path.as_str()),
            Ok(0) => format!("`{id}` has no field `{}`", path.as_str()),
            Err(why) => format!("cannot write `{}` of `{id}`: {why}", path.as_str()),
            Ok(_) => {
                let lost = writing.lost;
                given.refresh(context, position, &resource.node);
                if lost {
                    context.warn(value_is_lost(path.span, resource.origin.span).within(id.clone()));
                }
                continue;
            }
        };
        let diagnostic = Diagnostic::error("kustomize/replacement-without-target-field", path.span, what)
            .with_related(resource.origin.span, "the object is here");
        return Err(context.fail(if create.is_some() {
            diagnostic
        } else {
            diagnostic.with_help("correct the path, or set `options: {create: true}` to make the field")
        }));
    }
    resource.did(layer, Action::Replaced, target.span);
    Ok(())
}

fn value_is_lost(path: Span, object: Span) -> Diagnostic {
    Diagnostic::warning(
        "kustomize/replacement-lost",
        path,
        "this path leads into a text or a null, so the value is lost",
    )
    .with_related(object, "the object is here")
    .with_help("name the items on the way by `[key=value]` instead of `*`, and give nulls on the way a value")
}

/// Writes one value to the fields of one target.
struct Writing<'a> {
    context: &'a Context<'a>,
    given: &'a Given,
    options: Option<&'a FieldOptions>,
    lost: bool,
}

impl target::Visitor for Writing<'_> {
    fn write(&mut self, field: &mut Node, made: bool) -> Result<(), String> {
        let scalar = !matches!(field.value, Value::Map(_) | Value::List(_));
        let mut text = Cow::Borrowed(self.given.text.as_str());
        if let Some((delimiter, options)) = delimiter(self.options) {
            if !scalar {
                return Err(format!("a {} cannot be split at a delimiter", field.value.type_name()));
            }
            let old = if made { String::new() } else { yaml::scalar_text(self.context.sources, field) };
            let mut parts: Vec<&str> = old.split(delimiter.as_str()).collect();
            match usize::try_from(options.index) {
                Err(_) => parts.insert(0, &text),
                Ok(index) => match parts.get_mut(index) {
                    Some(part) => *part = &text,
                    None => parts.push(&text),
                },
            }
            text = Cow::Owned(parts.join(delimiter.as_str()));
        }
        if text.len() > MAX_TEXT {
            return Err(format!("the text grows beyond {MAX_TEXT} bytes"));
        }
        let value = if !scalar {
            self.given.node.value.clone()
        } else if made {
            yaml::type_scalar(&text, Dialect::Kustomize)
        } else {
            target::retype(&field.value, &text)?
        };
        *field = Node::new(self.given.node.span, value);
        Ok(())
    }

    fn enter_text(&mut self, text: &Node, rest: &[String], create: Option<target::Create>) -> Result<usize, String> {
        let found = embedded::count(self.context, text, rest, create)?;
        self.lost |= found > 0;
        Ok(found)
    }

    fn lose(&mut self) {
        self.lost = true;
    }
}
