//! `images`.

use object::Action;
use regex::Regex;
use source::Diagnostic;
use yaml::{Node, Value};

use super::visit;
use crate::context::{Context, Layer, Reported};
use crate::decode::Text;
use crate::fieldspec::{Create, FieldSpec, Obstacle};
use crate::id::scalar;
use crate::kustomization::Image;
use crate::plain;
use crate::set::ResourceSet;

/// Sets images: first in every list called `containers` or `initContainers` anywhere, then where the specs say. A field
/// that both find is changed twice, which shows with `tagSuffix`, as in kustomize v5.8.1.
pub(crate) fn apply(
    context: &Context<'_>,
    layer: &Layer,
    set: &mut ResourceSet,
    image: &Image,
    specs: &[FieldSpec],
) -> Result<(), Reported> {
    let name = image.name.as_ref().map(Text::as_str).unwrap_or_default();
    let matcher = Matcher::new(name).map_err(|why| {
        let span = image.name.as_ref().map_or(image.span, |name| name.span);
        let message = format!("`{name}` is not a regular expression: {why}");
        context.fail(Diagnostic::error("kustomize/invalid-expression", span, message))
    })?;
    let mut result = Ok(());
    for resource in set.iter_mut() {
        if resource.node.get("kind").and_then(Node::as_str) == Some("CustomResourceDefinition") {
            continue;
        }
        let mut touched = false;
        let mut update = |field: &mut Node| {
            let changed = change(context, field, image, &matcher)?;
            touched |= changed;
            Ok(())
        };
        if let Err(obstacle) = walk(&mut resource.node, &matcher, &mut update) {
            let message = format!("cannot set an image of `{}`: {obstacle}", resource.id());
            result = Err(context.fail(
                Diagnostic::error("kustomize/field-mismatch", resource.origin.span, message)
                    .with_related(image.span, "asked for here"),
            ));
            continue;
        }
        let outcome = visit(context, resource, specs, Create::Nothing, image.span, &mut |field: &mut Node| {
            if field_matches(field, &matcher)? { update(field) } else { Ok(()) }
        });
        result = result.and(outcome);
        if touched {
            resource.did(layer, Action::Images, image.span);
        }
    }
    result
}

/// Whether a list holds containers by the name of its field.
fn holds_containers(key: &str) -> bool {
    key == "containers" || key == "initContainers"
}

/// Visits the images of all containers below `node`. What does not match is not copied.
fn walk(
    node: &mut Node,
    matcher: &Matcher,
    update: &mut dyn FnMut(&mut Node) -> Result<(), Obstacle>,
) -> Result<(), Obstacle> {
    if !concerns(node, matcher)? {
        return Ok(());
    }
    match &mut node.value {
        Value::Map(map) => {
            for entry in map.iter_mut() {
                walk(&mut entry.node, matcher, update)?;
                if !holds_containers(&entry.key) {
                    continue;
                }
                let Value::List(containers) = &mut entry.node.value else { continue };
                for container in containers.make_mut() {
                    if !matches!(container.value, Value::Map(_) | Value::Null) {
                        return Err(no_container(container));
                    }
                    if let Some(image) = container.as_map_mut().and_then(|map| map.get_mut("image")) {
                        update(image)?;
                    }
                }
            }
        }
        Value::List(items) => items.make_mut().iter_mut().try_for_each(|item| walk(item, matcher, update))?,
        _ => {}
    }
    Ok(())
}

/// Whether the walk would change something below `node`.
fn concerns(node: &Node, matcher: &Matcher) -> Result<bool, Obstacle> {
    match &node.value {
        Value::Map(map) => {
            for entry in map {
                if concerns(&entry.node, matcher)? {
                    return Ok(true);
                }
                let containers = entry.node.as_list().filter(|_| holds_containers(&entry.key));
                for container in containers.into_iter().flatten() {
                    match &container.value {
                        Value::Map(map) => {
                            if let Some(image) = map.get("image")
                                && field_matches(image, matcher)?
                            {
                                return Ok(true);
                            }
                        }
                        Value::Null => {}
                        _ => return Err(no_container(container)),
                    }
                }
            }
            Ok(false)
        }
        Value::List(items) => {
            for item in items {
                if concerns(item, matcher)? {
                    return Ok(true);
                }
            }
            Ok(false)
        }
        _ => Ok(false),
    }
}

fn no_container(node: &Node) -> Obstacle {
    format!("expected a container, found a {}", node.value.type_name())
}

fn field_matches(field: &Node, matcher: &Matcher) -> Result<bool, Obstacle> {
    match &field.value {
        Value::List(_) | Value::Map(_) => Err(format!("expected an image, found a {}", field.value.type_name())),
        Value::Str(text) => Ok(matcher.matches(text)),
        _ => Ok(matcher.matches(&scalar(field))),
    }
}

/// Changes one image if it matches; says whether it did.
fn change(context: &Context<'_>, field: &mut Node, image: &Image, matcher: &Matcher) -> Result<bool, Obstacle> {
    if !field_matches(field, matcher)? {
        return Ok(false);
    }
    let old = scalar(field);
    let (mut name, mut tag, mut digest) = split(&old);
    let mut span = image.span;
    let mut from = |text: &Text| span = if span == image.span { text.span } else { image.span };
    if let Some(new_name) = &image.new_name {
        name = new_name.as_str();
        from(new_name);
    }
    let suffixed: String;
    match (&image.new_tag, &image.digest, &image.tag_suffix) {
        (Some(new_tag), new_digest, _) => {
            tag = new_tag.as_str();
            digest = new_digest.as_ref().map(Text::as_str).unwrap_or_default();
            from(new_tag);
        }
        (None, Some(new_digest), _) => {
            tag = "";
            digest = new_digest.as_str();
            from(new_digest);
        }
        (None, None, Some(suffix)) => {
            suffixed = format!("{tag}{}", suffix.as_str());
            tag = &suffixed;
            digest = "";
            from(suffix);
        }
        (None, None, None) => {}
    }
    let mut new = name.to_owned();
    if !tag.is_empty() {
        new.push(':');
        new.push_str(tag);
    }
    if !digest.is_empty() {
        new.push('@');
        new.push_str(digest);
    }
    if new == old && matches!(field.value, Value::Str(_)) {
        return Ok(true);
    }
    *field = Node::new(span, plain::in_place_of(context, field, new));
    Ok(true)
}

/// Name, tag and digest of an image; the port of a registry is no tag. As `api/internal/image/image.go` of kustomize
/// v5.8.1.
fn split(image: &str) -> (&str, &str, &str) {
    let path_at = image.find('/').unwrap_or(0);
    let path = image.get(path_at..).unwrap_or_default();
    let at = path.find('@').map(|i| i + path_at);
    let colon = path.find(':').map(|i| i + path_at);
    let from = |i: usize| image.get(i + 1..).unwrap_or_default();
    let until = |i: usize| image.get(..i).unwrap_or_default();
    match (colon, at) {
        (None, None) => (image, "", ""),
        (Some(colon), Some(at)) if colon < at => (until(colon), image.get(colon + 1..at).unwrap_or_default(), from(at)),
        (_, Some(at)) => (until(at), "", from(at)),
        (Some(colon), None) => (until(colon), from(colon), ""),
    }
}

/// Which images are meant: the name is a regular expression for everything before tag and digest.
enum Matcher {
    /// A name without any special character but the dot, which stands for every character.
    Plain(Box<str>),
    Expression(Box<Regex>),
}

impl Matcher {
    fn new(name: &str) -> Result<Self, String> {
        let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'/' | b'_' | b':' | b'@');
        if name.bytes().all(plain) {
            return Ok(Self::Plain(name.into()));
        }
        let pattern = format!("^{name}(:[a-zA-Z0-9_.{{}}-]*)?(@sha256:[a-zA-Z0-9_.{{}}-]*)?$");
        Ok(Self::Expression(Box::new(crate::pattern::compile(&pattern)?)))
    }

    fn matches(&self, image: &str) -> bool {
        match self {
            Self::Expression(regex) => regex.is_match(image),
            Self::Plain(name) => {
                let mut rest = image.chars();
                for expected in name.chars() {
                    match rest.next() {
                        Some(found) if found == expected || (expected == '.' && found != '\n') => {}
                        _ => return false,
                    }
                }
                is_tag_and_digest(rest.as_str())
            }
        }
    }
}

fn is_tag_and_digest(rest: &str) -> bool {
    let word = |text: &str| text.bytes().all(|b| b.is_ascii_alphanumeric() || b"_.{}-".contains(&b));
    let (tag, digest) = match rest.split_once('@') {
        Some((tag, digest)) => (tag, Some(digest)),
        None => (rest, None),
    };
    (tag.is_empty() || tag.strip_prefix(':').is_some_and(word))
        && digest.is_none_or(|digest| digest.strip_prefix("sha256:").is_some_and(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splits_images() {
        assert_eq!(split("nginx"), ("nginx", "", ""));
        assert_eq!(split("foo.com:443/nginx:1@sha256:ab"), ("foo.com:443/nginx", "1", "sha256:ab"));
        assert_eq!(split("nginx@sha256:ab"), ("nginx", "", "sha256:ab"));
        assert_eq!(split("localhost:5000"), ("localhost", "5000", ""));
    }

    #[test]
    fn plain_and_expression_agree() {
        for name in ["nginx", "gcr.io/a", "a.b", ""] {
            let pattern = format!("^{name}(:[a-zA-Z0-9_.{{}}-]*)?(@sha256:[a-zA-Z0-9_.{{}}-]*)?$");
            let regex = Regex::new(&pattern).unwrap();
            let plain = Matcher::new(name).unwrap();
            for image in ["nginx", "nginx:", "nginx:1.2", "nginx@sha256:x", "nginx:1@sha256:", "gcrxio/a:1", "axb", ""]
            {
                assert_eq!(plain.matches(image), regex.is_match(image), "{name} {image}");
            }
        }
    }
}
