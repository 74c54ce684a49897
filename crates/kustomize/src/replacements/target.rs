//! The walk to the fields that a replacement writes (kyaml/yaml/match.go `PathMatcher`, kustomize v5.8.1).

use yaml::{Dialect, List, Map, Node, Value};

use crate::fieldpath::Step;
use crate::pattern;

/// What is made at the end of a path that is missing.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Create {
    Scalar,
    Map,
    List,
}

impl Create {
    fn node(self) -> Node {
        match self {
            Create::Scalar => Node::detached(Value::Null),
            Create::Map => Node::detached(Map::new()),
            Create::List => Node::detached(List::new()),
        }
    }
}

/// What is done with the fields that a walk finds.
pub(super) trait Visitor {
    /// Writes a field. One that the walk just `made` has no type yet.
    fn write(&mut self, field: &mut Node, made: bool) -> Result<(), String>;
    /// The path goes on into a scalar: gives how many fields it finds there.
    fn enter_text(&mut self, text: &Node, rest: &[String], create: Option<Create>) -> Result<usize, String>;
    /// The path leads through a null, where upstream writes to a node that is never printed.
    fn lose(&mut self);
}

/// Visits every field at a path and gives their number. In `[field=expression]` the expression matches anywhere in the
/// field's text.
pub(super) fn walk(
    node: &mut Node,
    path: &[String],
    create: Option<Create>,
    visitor: &mut dyn Visitor,
) -> Result<usize, String> {
    go(node, path, create, false, visitor)
}

fn go(
    node: &mut Node,
    path: &[String],
    create: Option<Create>,
    made: bool,
    visitor: &mut dyn Visitor,
) -> Result<usize, String> {
    let Some((part, rest)) = path.split_first() else {
        visitor.write(node, made)?;
        return Ok(1);
    };
    match Step::of(part)? {
        Step::Index(index) => {
            let Some(items) = items(node, part)? else { return Err(beyond(index, 0)) };
            let made = items.len() == index && create.is_some();
            if let Some(create) = create.filter(|_| made) {
                items.push(next(rest, create));
            }
            let count = items.len();
            let item = items.make_mut().get_mut(index).ok_or_else(|| beyond(index, count))?;
            go(item, rest, create, made, visitor)
        }
        Step::Item(field, expression) => {
            let regex = pattern::compile(expression).map_err(|why| format!("`{expression}` in `{part}`: {why}"))?;
            let Some(items) = items(node, part)? else { return Ok(0) };
            let found = matching(items, field, &regex, rest, create, visitor)?;
            if found > 0 || create.is_none() {
                return Ok(found);
            }
            let value = Node::detached(yaml::type_scalar(expression, Dialect::Kustomize));
            items.push(match field {
                "" => value,
                field => Node::detached([(field, value)].into_iter().collect::<Map>()),
            });
            match matching(items, field, &regex, rest, create, visitor)? {
                0 => Err(format!("an item made for `{part}` does not match it")),
                found => Ok(found),
            }
        }
        Step::Every => {
            let Some(items) = items(node, part)? else { return Ok(0) };
            let mut found = 0;
            for item in items.make_mut() {
                found += go(item, rest, create, false, visitor)?;
            }
            Ok(found)
        }
        Step::Last | Step::Field(_) => into_field(node, part, rest, create, visitor),
    }
}

fn into_field(
    node: &mut Node,
    part: &str,
    rest: &[String],
    create: Option<Create>,
    visitor: &mut dyn Visitor,
) -> Result<usize, String> {
    let map = match &mut node.value {
        Value::Null if create.is_some() => {
            visitor.lose();
            return Ok(1);
        }
        Value::Null => return Ok(0),
        Value::Map(map) if !part.is_empty() => map,
        other => return Err(format!("`{part}` is looked for in a {}", other.type_name())),
    };
    let made = !map.contains_key(part);
    if made {
        let Some(create) = create else { return Ok(0) };
        map.insert(part, next(rest, create));
    }
    let is_text = |node: &Node| !matches!(node.value, Value::Map(_) | Value::List(_));
    if let Some(text) = map.get(part).filter(|node| !made && !rest.is_empty() && is_text(node)) {
        return visitor.enter_text(text, rest, create);
    }
    match map.get_mut(part) {
        Some(field) => go(field, rest, create, made, visitor),
        None => Ok(0),
    }
}

/// The items whose field matches; with an empty field the items themselves, and then the rest of the path is not looked at.
fn matching(
    items: &mut List,
    field: &str,
    regex: &regex::Regex,
    rest: &[String],
    create: Option<Create>,
    visitor: &mut dyn Visitor,
) -> Result<usize, String> {
    let fits = |item: &Node| match field {
        "" => regex.is_match(&crate::fieldpath::text(item)),
        field => item.get(field).is_some_and(|value| regex.is_match(&crate::fieldpath::text(value))),
    };
    let mut found = 0;
    let positions: Vec<usize> = items.iter().enumerate().filter(|(_, item)| fits(item)).map(|(at, _)| at).collect();
    for position in positions {
        let Some(item) = items.make_mut().get_mut(position) else { continue };
        if field.is_empty() {
            visitor.write(item, false)?;
            found += 1;
        } else {
            found += go(item, rest, create, false, visitor)?;
        }
    }
    Ok(found)
}

fn items<'n>(node: &'n mut Node, part: &str) -> Result<Option<&'n mut List>, String> {
    match &mut node.value {
        Value::List(items) => Ok(Some(items)),
        Value::Null => Ok(None),
        other => Err(format!("`{part}` is looked for in a {}", other.type_name())),
    }
}

fn beyond(index: usize, count: usize) -> String {
    format!("there is no item {index}, the list has {count}")
}

/// What is made in front of the rest of a path.
fn next(rest: &[String], create: Create) -> Node {
    match rest.first() {
        None => create.node(),
        Some(part) => match Step::of(part) {
            Ok(Step::Index(_)) => Create::List.node(),
            _ if part.starts_with('[') && part.ends_with(']') => Create::List.node(),
            _ => Create::Map.node(),
        },
    }
}

/// A text as a value of the type that is there now.
///
/// # Errors
/// In words, when the text does not fit the type; upstream fails when it prints the object.
pub(super) fn retype(now: &Value, text: &str) -> Result<Value, String> {
    if matches!(now, Value::Str(_)) {
        return Ok(Value::from(text));
    }
    let typed = yaml::type_scalar(text, Dialect::Kustomize);
    match (now, &typed) {
        (Value::Int(_) | Value::Uint(_), Value::Int(_) | Value::Uint(_))
        | (Value::Float(_), Value::Float(_) | Value::Int(_) | Value::Uint(_))
        | (Value::Bool(_), Value::Bool(_))
        | (Value::Null, Value::Null) => Ok(typed),
        _ => Err(format!("the field holds a {}, and the value is a {}", now.type_name(), typed.type_name())),
    }
}

/// Only counts what a walk finds.
#[derive(Default)]
pub(super) struct Counting;

impl Visitor for Counting {
    fn write(&mut self, _field: &mut Node, _made: bool) -> Result<(), String> {
        Ok(())
    }

    fn enter_text(&mut self, _text: &Node, _rest: &[String], _create: Option<Create>) -> Result<usize, String> {
        Ok(0)
    }

    fn lose(&mut self) {}
}
