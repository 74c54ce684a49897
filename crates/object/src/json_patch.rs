//! JSON patches (RFC 6902) as kustomize applies them: `gopkg.in/evanphx/json-patch.v4` v4.13.0, with what that library
//! lets pass.
//!
//! Against the RFC: `replace` of a field that is not there adds it, `copy` of such a field adds null, a missing `value`
//! is null, indices below zero count from the end, and what stands before the first `/` of a path is ignored. Operations
//! are only looked at when they are applied, so a patch whose target matches nothing may say anything.

use source::{Diagnostic, Span};
use yaml::{Entry, Node, Str, Value};

mod budget;
mod pointer;

use budget::{Budget, Exceeded};
use pointer::{Index, Pointer};

const INVALID: &str = "kustomize/json-patch-invalid-operation";
const MISSING: &str = "kustomize/json-patch-missing-path";
const WRONG_INDEX: &str = "kustomize/json-patch-invalid-index";

type Failure = Box<Diagnostic>;

/// A list of operations. Those that say nothing valid fail when they are applied.
#[derive(Clone, Debug, Default)]
pub struct JsonPatch {
    operations: Vec<Result<Operation, Failure>>,
}

#[derive(Clone, Debug)]
struct Operation {
    /// The item of the patch.
    span: Span,
    path: Pointer,
    kind: Kind,
}

#[derive(Clone, Debug)]
enum Kind {
    Add(Given),
    Remove,
    Replace(Given),
    Move(Pointer),
    Copy(Pointer),
    Test(Given),
}

/// The field `value`.
#[derive(Clone, Debug)]
enum Given {
    Value(Node),
    Nothing,
}

impl JsonPatch {
    /// Takes a patch from its list of operations. Null is a patch without operations.
    ///
    /// # Errors
    /// When it is no list of maps.
    pub fn from_node(patch: &Node) -> Result<Self, Box<Diagnostic>> {
        let wrong = |node: &Node| {
            let found = node.value.type_name();
            let message = format!("a JSON patch must be a list of operations, found a {found}");
            let help = "write items such as `- {op: replace, path: /spec/replicas, value: 2}`";
            Box::new(Diagnostic::error(INVALID, node.span, message).with_help(help))
        };
        let operations = match &patch.value {
            Value::Null => Vec::new(),
            Value::List(items) => {
                if let Some(item) = items.iter().find(|item| !matches!(item.value, Value::Map(_) | Value::Null)) {
                    return Err(wrong(item));
                }
                items.iter().map(operation).collect()
            }
            _ => return Err(wrong(patch)),
        };
        Ok(Self { operations })
    }

    /// Number of operations.
    pub fn len(&self) -> usize {
        self.operations.len()
    }

    /// Whether there are no operations.
    pub fn is_empty(&self) -> bool {
        self.operations.is_empty()
    }

    /// Applies the operations one after another. Written values carry the spans of the patch.
    ///
    /// Where upstream does something that the author hardly meant, it is done and `warnings` gets a finding.
    ///
    /// # Errors
    /// What upstream refuses, and patches that would make the object larger or deeper than a bound; the object is then
    /// left half changed.
    pub fn apply(&self, object: &mut Node, warnings: &mut Vec<Diagnostic>) -> Result<(), Box<Diagnostic>> {
        let mut budget = Budget::default();
        for operation in &self.operations {
            let operation = operation.as_ref().map_err(Clone::clone)?;
            operation.apply(object, &mut budget, warnings)?;
        }
        if let (Value::List(_), Some(Ok(last))) = (&object.value, self.operations.last()) {
            let message = "the patch turns the object into a list";
            return Err(Box::new(Diagnostic::error(INVALID, last.span, message)));
        }
        Ok(())
    }
}

fn operation(item: &Node) -> Result<Operation, Failure> {
    let fail = |span: Span, message: String| Box::new(Diagnostic::error(INVALID, span.or(item.span), message));
    let pointer = |field: &str| match item.get(field) {
        Some(Node { value: Value::Str(text), span }) => Ok(Pointer::parse(text, *span)),
        Some(other) if !other.is_null() => {
            Err(fail(other.span, format!("`{field}` must be a string, found a {}", other.value.type_name())))
        }
        _ => Err(fail(item.span, format!("the operation has no `{field}`"))),
    };
    let given = || item.get("value").map_or(Given::Nothing, |value| Given::Value(value.clone()));
    let op = item.get("op");
    let kind = match op.and_then(Node::as_str) {
        Some("add") => Kind::Add(given()),
        Some("remove") => Kind::Remove,
        Some("replace") => Kind::Replace(given()),
        Some("move") => Kind::Move(pointer("from")?),
        Some("copy") => Kind::Copy(pointer("from")?),
        Some("test") => Kind::Test(given()),
        Some(other) => {
            let message = format!("unknown operation `{other}`");
            let help = "the operations are `add`, `remove`, `replace`, `move`, `copy` and `test`";
            return Err(Box::new(fail(op.map_or(item.span, |op| op.span), message).with_help(help)));
        }
        None => return Err(fail(op.map_or(item.span, |op| op.span), "the operation has no `op`".to_owned())),
    };
    Ok(Operation { span: item.span, path: pointer("path")?, kind })
}

impl Operation {
    fn apply(&self, root: &mut Node, budget: &mut Budget, warnings: &mut Vec<Diagnostic>) -> Result<(), Failure> {
        if self.path.has_no_slash() {
            let message = format!("`{}` does not start with `/`, so its first word is ignored", self.path);
            let help = format!("write `/{}`", self.path);
            let rule = "kustomize/json-patch-path-without-slash";
            warnings.push(Diagnostic::warning(rule, self.path.span(), message).with_help(help));
        }
        match &self.kind {
            Kind::Add(given) => {
                let value = self.value(given, warnings);
                self.add(root, value, budget)
            }
            Kind::Remove => self.take(root, &self.path, budget).map(|_| ()),
            Kind::Replace(given) => {
                let value = self.value(given, warnings);
                self.replace(root, value, budget, warnings)
            }
            Kind::Move(from) => {
                let mut value = self.take(root, from, budget)?;
                value.span = self.span.or(value.span);
                self.add(root, value, budget)
            }
            Kind::Copy(from) => {
                let found = self.find(root, from, budget)?.cloned();
                let mut value = found.unwrap_or_else(|| {
                    let message = format!("`{from}` does not exist, so null is copied");
                    warnings.push(Diagnostic::warning("kustomize/json-patch-copies-nothing", from.span(), message));
                    Node::new(self.span, Value::Null)
                });
                budget.copy(&value).map_err(|exceeded| self.exceeded(exceeded))?;
                value.span = self.span.or(value.span);
                self.add(root, value, budget)
            }
            Kind::Test(given) => self.test(root, given, budget),
        }
    }

    fn value(&self, given: &Given, warnings: &mut Vec<Diagnostic>) -> Node {
        match given {
            Given::Value(value) => value.clone(),
            Given::Nothing => {
                let message = format!("the operation on `{}` has no `value`, so null is written", self.path);
                let rule = "kustomize/json-patch-without-value";
                warnings.push(Diagnostic::warning(rule, self.span, message).with_help("write `value: …`"));
                Node::new(self.span, Value::Null)
            }
        }
    }

    fn exceeded(&self, exceeded: Exceeded) -> Failure {
        Box::new(Diagnostic::error("kustomize/json-patch-too-large", self.span, exceeded.message()))
    }

    fn missing(&self, pointer: &Pointer, found: usize) -> Failure {
        let message = match pointer.up_to(found) {
            Some(prefix) => format!("`{pointer}` leads nowhere: `{prefix}` is no map or list of the object"),
            None => format!("`{pointer}` names no field or item of the object"),
        };
        let help =
            "add what is missing first, or correct the path; `/` in a name is written `~1` and `~` is written `~0`";
        Box::new(Diagnostic::error(MISSING, pointer.span().or(self.span), message).with_help(help))
    }

    fn wrong_index(&self, pointer: &Pointer, length: usize) -> Failure {
        let message = format!("`{}` in `{pointer}` is no position in a list of {length} items", pointer.last());
        let help = "positions count from 0, `-` appends";
        Box::new(Diagnostic::error(WRONG_INDEX, pointer.span().or(self.span), message).with_help(help))
    }

    /// The map or list that holds what the pointer names.
    fn parent<'a>(&self, root: &'a mut Node, pointer: &Pointer, budget: &mut Budget) -> Result<&'a mut Node, Failure> {
        let mut node = root;
        for (depth, name) in pointer.parents().iter().enumerate() {
            budget.visit(node).map_err(|exceeded| self.exceeded(exceeded))?;
            let next = match &mut node.value {
                Value::Map(map) => map.get_mut(name),
                Value::List(list) => match Index::parse(name).and_then(|index| index.of_item(list.len())) {
                    Some(index) => list.make_mut().get_mut(index),
                    None => None,
                },
                _ => None,
            };
            node = next.ok_or_else(|| self.missing(pointer, depth + 1))?;
        }
        budget.visit(node).map_err(|exceeded| self.exceeded(exceeded))?;
        match (&node.value, pointer.has_parent()) {
            (Value::Map(_) | Value::List(_), true) => Ok(node),
            _ => Err(self.missing(pointer, pointer.parents().len())),
        }
    }

    /// What the pointer names: nothing for a field that is not there, an error for an item that is not there.
    fn find<'a>(
        &self,
        root: &'a mut Node,
        pointer: &Pointer,
        budget: &mut Budget,
    ) -> Result<Option<&'a mut Node>, Failure> {
        let parent = self.parent(root, pointer, budget)?;
        match &mut parent.value {
            Value::Map(map) => Ok(map.get_mut(pointer.last())),
            Value::List(list) => {
                let length = list.len();
                let index = Index::parse(pointer.last()).and_then(|index| index.of_item(length));
                let item = index.and_then(|index| list.make_mut().get_mut(index));
                item.map(Some).ok_or_else(|| self.wrong_index(pointer, length))
            }
            _ => Ok(None),
        }
    }

    fn add(&self, root: &mut Node, value: Node, budget: &mut Budget) -> Result<(), Failure> {
        budget.place(&value, self.path.parents().len()).map_err(|exceeded| self.exceeded(exceeded))?;
        let parent = self.parent(root, &self.path, budget)?;
        match &mut parent.value {
            Value::Map(map) => set(map, self.path.last(), self.path.span(), value),
            Value::List(list) => {
                let length = list.len();
                let index = Index::parse(self.path.last()).and_then(|index| index.of_gap(length));
                let index = index.ok_or_else(|| self.wrong_index(&self.path, length))?;
                list.make_mut().insert(index, value);
            }
            _ => {}
        }
        Ok(())
    }

    fn take(&self, root: &mut Node, pointer: &Pointer, budget: &mut Budget) -> Result<Node, Failure> {
        let parent = self.parent(root, pointer, budget)?;
        match &mut parent.value {
            Value::Map(map) => {
                map.remove(pointer.last()).ok_or_else(|| self.missing(pointer, pointer.parents().len() + 1))
            }
            Value::List(list) => {
                let length = list.len();
                let index = Index::parse(pointer.last()).and_then(|index| index.of_item(length));
                let index = index.ok_or_else(|| self.wrong_index(pointer, length))?;
                Ok(list.make_mut().remove(index))
            }
            _ => Err(self.missing(pointer, pointer.parents().len())),
        }
    }

    fn replace(
        &self,
        root: &mut Node,
        value: Node,
        budget: &mut Budget,
        warnings: &mut Vec<Diagnostic>,
    ) -> Result<(), Failure> {
        budget.place(&value, self.path.parents().len()).map_err(|exceeded| self.exceeded(exceeded))?;
        if self.path.is_root() {
            if !matches!(value.value, Value::Map(_) | Value::List(_)) {
                let message = format!("an object cannot be replaced by a {}", value.value.type_name());
                return Err(Box::new(Diagnostic::error(INVALID, value.span, message)));
            }
            *root = value;
            return Ok(());
        }
        if let Some(found) = self.find(root, &self.path, budget)? {
            *found = value;
            return Ok(());
        }
        let message = format!("`{}` does not exist, so it is added instead of replaced", self.path);
        let rule = "kustomize/json-patch-replaces-nothing";
        warnings.push(
            Diagnostic::warning(rule, self.path.span().or(self.span), message)
                .with_help("use `op: add`, or correct the path; other tools refuse this patch"),
        );
        self.add(root, value, budget)
    }

    fn test(&self, root: &mut Node, given: &Given, budget: &mut Budget) -> Result<(), Failure> {
        let found = if self.path.is_root() { Some(&*root) } else { self.find(root, &self.path, budget)?.map(|n| &*n) };
        let found = found.filter(|node| !node.is_null());
        let expected = match given {
            Given::Value(value) => Some(value).filter(|value| !value.is_null()),
            Given::Nothing => None,
        };
        if found == expected {
            return Ok(());
        }
        let message = match found {
            None => format!("the test fails: `{}` does not exist", self.path),
            Some(_) => format!("the test fails: `{}` has another value", self.path),
        };
        let mut diagnostic = Diagnostic::error("kustomize/json-patch-test-failed", self.span, message);
        if let Some(found) = found {
            diagnostic = diagnostic.with_related(found.span, "the value comes from here");
        }
        Err(Box::new(diagnostic))
    }
}

/// Sets a field. A new key stands where the path stands.
fn set(map: &mut yaml::Map, key: &Str, key_span: Span, node: Node) {
    match map.get_mut(key) {
        Some(old) => *old = node,
        None => map.push(Entry { key: key.clone(), key_span: key_span.or(node.span), node }),
    }
}

#[cfg(test)]
mod tests {
    use source::FileId;
    use yaml::{List, Map, to_json};

    use super::*;

    fn span(start: usize) -> Span {
        Span::new(FileId::new(1), start, start + 1)
    }

    fn text(text: &str, start: usize) -> Node {
        Node::new(span(start), text)
    }

    fn map<const N: usize>(fields: [(&str, Node); N]) -> Node {
        Node::new(span(900), Map::from_iter(fields))
    }

    fn list<const N: usize>(items: [Node; N]) -> Node {
        Node::new(span(901), List::from_iter(items))
    }

    fn object() -> Node {
        map([("a", list([text("x", 500), text("y", 501)])), ("m", map([("k/~", text("v", 502))]))])
    }

    fn applied<const N: usize>(operations: [Node; N]) -> Result<(Node, Vec<&'static str>), Failure> {
        let (mut object, mut warnings) = (object(), Vec::new());
        let patch = JsonPatch::from_node(&list(operations))?;
        patch.apply(&mut object, &mut warnings)?;
        Ok((object, warnings.iter().map(|w| w.rule).collect()))
    }

    fn op(op: &str, path: &str, value: Node) -> Node {
        map([("op", text(op, 1)), ("path", text(path, 2)), ("value", value)])
    }

    fn from(op: &str, from: &str, path: &str) -> Node {
        map([("op", text(op, 1)), ("path", text(path, 2)), ("from", text(from, 4))])
    }

    #[test]
    fn operations_change_the_object_and_leave_their_spans() {
        let (object, warnings) = applied([
            op("add", "/a/-", text("z", 3)),
            op("add", "/a/-4", text("w", 5)),
            op("replace", "/m/k~1~0", text("V", 6)),
            op("remove", "/a/-1", Node::detached(Value::Null)),
            from("move", "/a/1", "/n"),
            from("copy", "/m", "/c"),
            op("test", "/c", map([("k/~", text("V", 0))])),
        ])
        .unwrap();
        assert_eq!(to_json(&object), r#"{"a":["w","y"],"c":{"k/~":"V"},"m":{"k/~":"V"},"n":"x"}"#);
        assert_eq!(warnings, [""; 0]);
        let spans = |path: &str| path.parse::<crate::FieldPath>().unwrap().get(&object).map(|n| n.span);
        assert_eq!(spans("a[0]"), Some(span(5)));
        assert_eq!(spans("m[k/~]"), Some(span(6)));
        assert_eq!(spans("n"), Some(span(900)));
        assert_eq!(object.as_map().and_then(|m| m.entry("c")).map(|e| e.key_span), Some(span(2)));
    }

    #[test]
    fn what_upstream_lets_pass_is_a_warning() {
        let (object, warnings) = applied([
            op("replace", "/new", text("n", 3)),
            from("copy", "/nothing", "/copied"),
            map([("op", text("add", 1)), ("path", text("/null", 2))]),
            op("add", "ignored/p", text("q", 3)),
        ])
        .unwrap();
        assert!(to_json(&object).ends_with(r#""copied":null,"m":{"k/~":"v"},"new":"n","null":null,"p":"q"}"#));
        assert_eq!(
            warnings,
            [
                "kustomize/json-patch-replaces-nothing",
                "kustomize/json-patch-copies-nothing",
                "kustomize/json-patch-without-value",
                "kustomize/json-patch-path-without-slash"
            ]
        );
    }

    #[test]
    fn refusals_name_the_place() {
        let refused = |operation| {
            let diagnostic = applied([operation]).unwrap_err();
            (diagnostic.rule, diagnostic.message, diagnostic.span.start())
        };
        let nothing = || Node::detached(Value::Null);
        let missing = "`/m/x/y` leads nowhere: `/m/x` is no map or list of the object".to_owned();
        assert_eq!(refused(op("add", "/m/x/y", nothing())), (MISSING, missing, 2));
        let missing = "`/m/x` names no field or item of the object".to_owned();
        assert_eq!(refused(op("remove", "/m/x", nothing())), (MISSING, missing, 2));
        let wrong = "`3` in `/a/3` is no position in a list of 2 items".to_owned();
        assert_eq!(refused(op("add", "/a/3", nothing())), (WRONG_INDEX, wrong, 2));
        let failed = "the test fails: `/a/0` has another value".to_owned();
        assert_eq!(refused(op("test", "/a/0", text("secret", 7))), ("kustomize/json-patch-test-failed", failed, 900));
        let unknown = "unknown operation `frob`".to_owned();
        assert_eq!(refused(op("frob", "/a", nothing())), (INVALID, unknown, 1));
    }

    #[test]
    fn copies_of_copies_end() {
        let mut operations = vec![op("add", "/data", map([("k", text("aaaaaaaaaa", 0))]))];
        operations.extend((0..60).map(|i| from("copy", "/data", &format!("/data/c{i}"))));
        let patch = JsonPatch::from_node(&Node::detached(List::from_iter(operations))).unwrap();
        let refused = patch.apply(&mut object(), &mut Vec::new()).unwrap_err();
        assert_eq!(refused.rule, "kustomize/json-patch-too-large");
    }

    #[test]
    fn nesting_ends() {
        let mut path = String::new();
        let operations: Vec<Node> = (0..600)
            .map(|_| {
                path.push_str("/d");
                op("add", &path, map([]))
            })
            .collect();
        let patch = JsonPatch::from_node(&Node::detached(List::from_iter(operations))).unwrap();
        let refused = patch.apply(&mut object(), &mut Vec::new()).unwrap_err();
        assert_eq!(refused.rule, "kustomize/json-patch-too-large");
    }
}
