//! Pipelines, commands and fields.

use std::sync::Arc;

use super::{Found, Frame, Run, Stopped};
use crate::function::Type;
use crate::parse::tree::{Command, Expression, ExpressionKind, NodeId, Pipe};
use crate::value::{Integer, Item, List, ListType, Method, Value};

/// What a field or function gets besides its receiver: further words of the command, and the value from the left.
pub(super) struct Given<'a> {
    pub(super) arguments: &'a [Expression],
    pub(super) last: Option<Found>,
}

impl Given<'_> {
    pub(super) const NOTHING: Given<'static> = Given { arguments: &[], last: None };

    fn is_nothing(&self) -> bool {
        self.arguments.is_empty() && self.last.is_none()
    }
}

impl Run<'_> {
    /// The value of a pipeline, whose variables stay on the stack.
    pub(super) fn pipeline<'t>(
        &mut self,
        frame: &mut Frame<'t>,
        dot: &Found,
        pipe: &'t Pipe,
    ) -> Result<Found, Stopped> {
        frame.at = pipe.id;
        let mut value = None;
        for command in &pipe.commands {
            self.budget.step(1).map_err(|failure| self.stop(frame, failure, None))?;
            let mut found = self.command(frame, dot, command, value)?;
            found.wrapped = false;
            value = Some(found);
        }
        let value = value.unwrap_or_default();
        for name in &pipe.variables {
            if pipe.assigns {
                self.assign(frame, name, value.clone())?;
            } else {
                frame.variables.push((name, value.clone()));
            }
        }
        Ok(value)
    }

    /// Writes the innermost variable of that name.
    pub(super) fn assign(&self, frame: &mut Frame<'_>, name: &str, value: Found) -> Result<(), Stopped> {
        match frame.variables.iter_mut().rev().find(|(known, _)| *known == name) {
            Some((_, variable)) => {
                *variable = value;
                Ok(())
            }
            None => Err(self.fail(frame, format!("undefined variable: {name}"))),
        }
    }

    fn command<'t>(
        &mut self,
        frame: &mut Frame<'t>,
        dot: &Found,
        command: &'t Command,
        last: Option<Found>,
    ) -> Result<Found, Stopped> {
        let first = &command.first;
        let given = Given { arguments: &command.arguments, last };
        match &first.kind {
            ExpressionKind::Function(callee) => {
                frame.at = first.id;
                self.function(frame, dot, *callee, command.id, given)
            }
            ExpressionKind::Field(fields) => {
                frame.at = first.id;
                self.fields(frame, dot, dot.clone(), first, fields, given)
            }
            ExpressionKind::Chain { term, fields } => self.chain(frame, dot, first, term, fields, given),
            ExpressionKind::Variable { name, fields } => self.variable(frame, dot, first, name, fields, given),
            ExpressionKind::Pipe(pipe) => {
                self.no_function(frame, command, &given)?;
                self.deeper(frame, |run, frame| run.pipeline(frame, dot, pipe))
            }
            _ => {
                frame.at = first.id;
                self.no_function(frame, command, &given)?;
                if matches!(first.kind, ExpressionKind::Nil) {
                    return Err(self.fail(frame, "nil is not a command"));
                }
                self.constant(frame, dot, first)
            }
        }
    }

    fn no_function(&self, frame: &Frame<'_>, command: &Command, given: &Given<'_>) -> Result<(), Stopped> {
        if given.is_nothing() {
            return Ok(());
        }
        let shown = frame.tree.describe(command.first.id).map_or_else(String::new, |(_, node)| node);
        Err(self.fail(frame, format!("can't give argument to non-function {shown}")))
    }

    /// A literal or the dot, where the type is not known.
    pub(super) fn constant(
        &self,
        frame: &mut Frame<'_>,
        dot: &Found,
        expression: &Expression,
    ) -> Result<Found, Stopped> {
        let value = match &expression.kind {
            ExpressionKind::Dot => return Ok(dot.clone()),
            ExpressionKind::Bool(value) => Value::Bool(*value),
            ExpressionKind::String { value, .. } => Value::Str(value.clone()),
            ExpressionKind::Number(number) => {
                frame.at = expression.id;
                let text = number.text.as_str();
                let is_hexadecimal = (text.starts_with("0x") || text.starts_with("0X")) && !text.contains(['p', 'P']);
                let is_float = !is_hexadecimal && !text.starts_with('\'') && text.contains(['.', 'e', 'E', 'p', 'P']);
                match (number.complex, number.float, number.int) {
                    (Some(parts), ..) => Value::Object(std::rc::Rc::new(crate::value::Complex(parts))),
                    (None, Some(float), _) if is_float => Value::Float(float),
                    (None, _, Some(int)) => Value::Int(int),
                    _ => return Err(self.fail(frame, format!("{text} overflows int"))),
                }
            }
            _ => Value::Nil,
        };
        Ok(Found::bare(value.into()))
    }

    pub(super) fn variable<'t>(
        &mut self,
        frame: &mut Frame<'t>,
        dot: &Found,
        expression: &'t Expression,
        name: &str,
        fields: &'t [Arc<str>],
        given: Given<'t>,
    ) -> Result<Found, Stopped> {
        frame.at = expression.id;
        let known = frame.variables.iter().rev().find(|(known, _)| *known == name);
        let Some(value) = known.map(|(_, value)| value.clone()) else {
            return Err(self.fail(frame, format!("undefined variable: {name}")));
        };
        if !fields.is_empty() {
            return self.fields(frame, dot, value, expression, fields, given);
        }
        if !given.is_nothing() {
            return Err(self.fail(frame, format!("can't give argument to non-function {name}")));
        }
        Ok(value)
    }

    pub(super) fn chain<'t>(
        &mut self,
        frame: &mut Frame<'t>,
        dot: &Found,
        expression: &'t Expression,
        term: &'t Expression,
        fields: &'t [Arc<str>],
        given: Given<'t>,
    ) -> Result<Found, Stopped> {
        frame.at = expression.id;
        frame.at = term.id;
        let receiver = match &term.kind {
            ExpressionKind::Pipe(pipe) => self.deeper(frame, |run, frame| run.pipeline(frame, dot, pipe))?,
            ExpressionKind::Function(callee) => self.function(frame, dot, *callee, term.id, Given::NOTHING)?,
            _ => self.constant(frame, dot, term)?,
        };
        self.fields(frame, dot, receiver, expression, fields, given)
    }

    pub(super) fn fields<'t>(
        &mut self,
        frame: &mut Frame<'t>,
        dot: &Found,
        receiver: Found,
        expression: &'t Expression,
        fields: &'t [Arc<str>],
        given: Given<'t>,
    ) -> Result<Found, Stopped> {
        let Some((last, before)) = fields.split_last() else { return Ok(receiver) };
        let mut receiver = receiver;
        for field in before {
            receiver = self.field(frame, dot, receiver, expression.id, field, Given::NOTHING)?;
        }
        self.field(frame, dot, receiver, expression.id, last, given)
    }

    /// A method, a field of a struct, or an entry of a map.
    fn field<'t>(
        &mut self,
        frame: &mut Frame<'t>,
        dot: &Found,
        receiver: Found,
        node: NodeId,
        name: &str,
        given: Given<'t>,
    ) -> Result<Found, Stopped> {
        if receiver.is_invalid() {
            return Ok(Found::default());
        }
        if let Value::Nil = receiver.item.value {
            return Err(self.fail(frame, format!("nil pointer evaluating interface {{}}.{name}")));
        }
        if let Some(method) = methods(&receiver.item.value).iter().find(|method| method.name == name) {
            return self.method(frame, dot, method, receiver.item, node, given);
        }
        match &receiver.item.value {
            Value::Map(map) => {
                if !given.is_nothing() {
                    return Err(self.fail(frame, format!("{name} is not a method but has arguments")));
                }
                let wrapped = map.map_type().element == Type::Any;
                let item = map.get(name.as_bytes()).unwrap_or_else(|| zero(map.map_type().element));
                return Ok(Found { item, wrapped });
            }
            Value::Object(object) if object.kind() == "map" => {
                if !given.is_nothing() {
                    return Err(self.fail(frame, format!("{name} is not a method but has arguments")));
                }
                let entry = object.entries().into_iter().find(|(key, _)| key.as_bytes() == name.as_bytes());
                return Ok(Found::bare(entry.map(|(_, item)| item).unwrap_or_default()));
            }
            Value::Object(object) => {
                if let Some((_, item)) = object.fields().into_iter().find(|(field, _)| *field == name) {
                    if name.starts_with(char::is_lowercase) {
                        let of = object.type_name();
                        let message = format!("{name} is an unexported field of struct type {of}");
                        return Err(self.fail(frame, message));
                    }
                    if !given.is_nothing() {
                        let message = format!("{name} has arguments but cannot be invoked as function");
                        return Err(self.fail(frame, message));
                    }
                    return Ok(Found::bare(item));
                }
            }
            _ => {}
        }
        Err(self.fail(frame, format!("can't evaluate field {name} in type {}", receiver.type_name())))
    }
}

fn methods(value: &Value) -> &'static [Method] {
    match value {
        Value::Map(map) => map.map_type().methods,
        Value::List(list) => list.list_type().methods,
        Value::Object(object) => object.methods(),
        _ => &[],
    }
}

/// The zero value of an element type, which a missing key gives.
fn zero(element: Type) -> Item {
    match element {
        Type::Str => Value::from("").into(),
        Type::Bool => Value::Bool(false).into(),
        Type::Int => Value::Int(0).into(),
        Type::Int64 => Value::Int64(0).into(),
        Type::Float => Value::Float(0.0).into(),
        Type::Bytes => Value::List(List::nil(ListType::BYTE)).into(),
        _ => Item::default(),
    }
}

/// A number of the type that `like` has.
pub(super) fn same_type(like: &Value, number: i128) -> Value {
    let narrow = i64::try_from(number).unwrap_or(i64::MAX);
    match like {
        Value::Int(_) => Value::Int(narrow),
        Value::Int64(_) => Value::Int64(narrow),
        Value::Object(object) => Integer::value(object.kind(), number),
        _ => Value::Nil,
    }
}
