//! Calls of functions and methods: number and types of arguments as Go's reflection checks them.

use source::Span;
use std::rc::Rc;

use super::evaluate::Given;
use super::{Found, Frame, Run, Stopped};
use crate::failure::Failure;
use crate::function::{Args, Call, Type};
use crate::functions::is_true;
use crate::parse::tree::{Callee, Expression, ExpressionKind, NodeId};
use crate::value::{Integer, Item, List, ListType, Map, MapType, Method, NoValue, Value};

/// What a call takes.
struct Signature<'a> {
    name: &'a str,
    parameters: &'a [Type],
    variadic: bool,
}

impl Signature<'_> {
    /// The type of the argument at a place.
    fn parameter(&self, index: usize) -> Type {
        self.parameters.get(index).or(self.parameters.last()).copied().unwrap_or(Type::Any)
    }
}

const LOGIC: &[Type] = &[Type::Reflect, Type::Reflect];
const HELM: &[Type] = &[Type::Str, Type::Any];

impl Run<'_> {
    /// Calls a function by its name; `node` is what messages name when it fails.
    pub(super) fn function<'t>(
        &mut self,
        frame: &mut Frame<'t>,
        dot: &Found,
        callee: Callee,
        node: NodeId,
        given: Given<'t>,
    ) -> Result<Found, Stopped> {
        let name = callee.name();
        match callee {
            Callee::Table(function) => {
                let signature = Signature { name, parameters: function.parameters, variadic: function.variadic };
                let callee = (name == "call").then(|| shown_callee(frame, &given));
                let mut arguments = self.arguments(frame, dot, &signature, given, Vec::new())?;
                if let Some(callee) = callee {
                    arguments.insert(0, callee.into());
                }
                self.finish(frame, node, name, &arguments, function.call)
            }
            Callee::And | Callee::Or => {
                let signature = Signature { name, parameters: LOGIC, variadic: true };
                self.logic(frame, dot, &signature, matches!(callee, Callee::Or), given)
            }
            Callee::Include | Callee::Tpl => {
                let signature = Signature { name, parameters: HELM, variadic: false };
                let arguments = self.arguments(frame, dot, &signature, given, Vec::new())?;
                let [text, data] = arguments.as_slice() else { return Ok(Found::default()) };
                let Value::Str(text_value) = &text.value else { return Ok(Found::default()) };
                let result = match callee {
                    Callee::Include => self.include(text_value, data.clone()),
                    _ => self.tpl(text_value, text.span, data.clone()),
                };
                match result {
                    Ok(printed) => {
                        // The parts know their places; where nothing does, the text given to `tpl` is the place.
                        let span = if matches!(callee, Callee::Tpl) { text.span } else { Span::DETACHED };
                        Ok(Found::bare(Item { value: Value::Str(printed), span }))
                    }
                    Err(failure) => {
                        frame.at = node;
                        Err(self.stop(frame, failure, Some(name)))
                    }
                }
            }
        }
    }

    /// Calls a method; the receiver is its first argument.
    pub(super) fn method<'t>(
        &mut self,
        frame: &mut Frame<'t>,
        dot: &Found,
        method: &'static Method,
        receiver: Item,
        node: NodeId,
        given: Given<'t>,
    ) -> Result<Found, Stopped> {
        let signature = Signature { name: method.name, parameters: method.parameters, variadic: false };
        let arguments = self.arguments(frame, dot, &signature, given, vec![receiver])?;
        self.finish(frame, node, method.name, &arguments, method.call)
    }

    fn finish(
        &mut self,
        frame: &mut Frame<'_>,
        node: NodeId,
        name: &str,
        arguments: &[Item],
        body: fn(&mut Call<'_>, Args<'_>) -> Result<Value, Failure>,
    ) -> Result<Found, Stopped> {
        let span = arguments.iter().map(|item| item.span).find(|span| !span.is_detached()).unwrap_or_default();
        let mut call =
            Call { env: self.env, budget: &mut self.budget, draws: &mut self.draws, span, traced: self.traced };
        match body(&mut call, Args(arguments)) {
            Ok(value) => Ok(Found::bare(Item { value, span: call.span })),
            Err(failure) => {
                frame.at = node;
                Err(self.stop(frame, failure, Some(name)))
            }
        }
    }

    /// `and` and `or`: the first operand that decides, or the last.
    fn logic<'t>(
        &mut self,
        frame: &mut Frame<'t>,
        dot: &Found,
        signature: &Signature<'_>,
        is_or: bool,
        given: Given<'t>,
    ) -> Result<Found, Stopped> {
        if given.arguments.is_empty() && given.last.is_none() {
            let message = format!("wrong number of args for {}: want at least 1 got 0", signature.name);
            return Err(self.fail(frame, message));
        }
        let mut result = Found::default();
        for argument in given.arguments {
            let item = self.argument(frame, dot, Type::Reflect, argument)?;
            let decides = is_true(&item.value) == is_or;
            result = Found::bare(item);
            if decides {
                return Ok(result);
            }
        }
        Ok(given.last.unwrap_or(result))
    }

    fn arguments<'t>(
        &mut self,
        frame: &mut Frame<'t>,
        dot: &Found,
        signature: &Signature<'_>,
        given: Given<'t>,
        mut items: Vec<Item>,
    ) -> Result<Vec<Item>, Stopped> {
        let count = given.arguments.len() + usize::from(given.last.is_some());
        let wanted = signature.parameters.len() - usize::from(signature.variadic);
        let name = signature.name;
        if signature.variadic {
            if count < wanted {
                let got = given.arguments.len();
                let message = format!("wrong number of args for {name}: want at least {wanted} got {got}");
                return Err(self.fail(frame, message));
            }
        } else if count != wanted {
            return Err(self.fail(frame, format!("wrong number of args for {name}: want {wanted} got {count}")));
        }
        items.reserve(count);
        for (index, argument) in given.arguments.iter().enumerate() {
            let item = self.argument(frame, dot, signature.parameter(index), argument)?;
            items.push(item);
        }
        if let Some(last) = given.last {
            let item = self.validated(frame, last, signature.parameter(count - 1))?;
            items.push(item);
        }
        Ok(items)
    }

    fn argument<'t>(
        &mut self,
        frame: &mut Frame<'t>,
        dot: &Found,
        wanted: Type,
        expression: &'t Expression,
    ) -> Result<Item, Stopped> {
        frame.at = expression.id;
        let found = match &expression.kind {
            ExpressionKind::Dot => dot.clone(),
            ExpressionKind::Nil => {
                return match nil_of(wanted) {
                    Some(value) => Ok(value.into()),
                    None => Err(self.fail(frame, format!("cannot assign nil to {}", name_of(wanted)))),
                };
            }
            ExpressionKind::Field(fields) => {
                self.fields(frame, dot, dot.clone(), expression, fields, Given::NOTHING)?
            }
            ExpressionKind::Variable { name, fields } => {
                self.variable(frame, dot, expression, name, fields, Given::NOTHING)?
            }
            ExpressionKind::Pipe(pipe) => self.deeper(frame, |run, frame| run.pipeline(frame, dot, pipe))?,
            ExpressionKind::Function(callee) => self.function(frame, dot, *callee, expression.id, Given::NOTHING)?,
            ExpressionKind::Chain { term, fields } => {
                self.chain(frame, dot, expression, term, fields, Given::NOTHING)?
            }
            _ => return self.literal(frame, dot, wanted, expression),
        };
        self.validated(frame, found, wanted)
    }

    /// A literal as the type that is wanted.
    fn literal(
        &self,
        frame: &mut Frame<'_>,
        dot: &Found,
        wanted: Type,
        expression: &Expression,
    ) -> Result<Item, Stopped> {
        let kind = &expression.kind;
        let expected = match (wanted, kind) {
            (Type::Any | Type::Reflect | Type::ReflectType, _) => {
                return Ok(self.constant(frame, dot, expression)?.item);
            }
            (Type::Bool, ExpressionKind::Bool(value)) => return Ok(Value::Bool(*value).into()),
            (Type::Str, ExpressionKind::String { value, .. }) => return Ok(Value::Str(value.clone()).into()),
            (Type::Int | Type::Int64 | Type::Float, ExpressionKind::Number(number)) => {
                let value = match wanted {
                    Type::Int => number.int.map(Value::Int),
                    Type::Int64 => number.int.map(Value::Int64),
                    _ => number.float.map(Value::Float),
                };
                match value {
                    Some(value) => return Ok(value.into()),
                    None if wanted == Type::Float => "float",
                    None => "integer",
                }
            }
            // Named types of whole numbers take a literal as well as the types that they are made of.
            (Type::Named(name @ ("time.Duration" | "uint32")), ExpressionKind::Number(number)) => {
                let value = match number.int {
                    Some(number) if name == "time.Duration" => Some(Value::Int64(number)),
                    Some(number @ 0..) => Some(Integer::value("uint32", number as u32)),
                    _ => None,
                };
                match value {
                    Some(value) => return Ok(value.into()),
                    None if name == "uint32" => "unsigned integer",
                    None => "integer",
                }
            }
            (Type::Named("time.Duration"), _) => "integer",
            (Type::Named("uint32"), _) => "unsigned integer",
            (Type::Bool, _) => "bool",
            (Type::Str, _) => "string",
            (Type::Int | Type::Int64, _) => "integer",
            (Type::Float, _) => "float",
            _ => {
                let shown = frame.tree.describe(expression.id).map_or_else(String::new, |(_, node)| node);
                let message = format!("can't handle {shown} for arg of type {}", name_of(wanted));
                return Err(self.fail(frame, message));
            }
        };
        let shown = frame.tree.describe(expression.id).map_or_else(String::new, |(_, node)| node);
        Err(self.fail(frame, format!("expected {expected}; found {shown}")))
    }

    /// Go's `validateType`.
    fn validated(&self, frame: &Frame<'_>, found: Found, wanted: Type) -> Result<Item, Stopped> {
        let is_nothing = wanted == Type::ReflectType && found.is_invalid();
        if !is_nothing && fits(&found.item.value, wanted) {
            let copied = match (&found.item.value, wanted) {
                (Value::Object(object), Type::Any) => object.copied(),
                _ => None,
            };
            return Ok(copied.map_or_else(|| found.item.clone(), |value| Item::new(value, found.item.span)));
        }
        if found.is_invalid() {
            return match nil_of(wanted) {
                Some(value) => Ok(value.into()),
                None => Err(self.fail(frame, format!("invalid value; expected {}", name_of(wanted)))),
            };
        }
        // A nil interface is named by its static type, what is in one by its own.
        let got = match found.item.value {
            Value::Nil => "interface {}",
            ref value => value.type_name(),
        };
        Err(self.fail(frame, format!("wrong type for value; expected {}; got {got}", name_of(wanted))))
    }
}

/// What stands for the function that `call` is to call, which `call` names in its messages.
fn shown_callee(frame: &Frame<'_>, given: &Given<'_>) -> Value {
    match (given.arguments.first(), &given.last) {
        (Some(node), _) => frame.tree.describe(node.id).map_or_else(String::new, |(_, node)| node).into(),
        (None, Some(Found { item: Item { value: Value::Str(text), .. }, .. })) => text.clone().into(),
        (None, last) => {
            let type_name = last.as_ref().map_or("invalid", Found::type_name);
            format!("<{type_name} Value>").into()
        }
    }
}

/// Whether Go can assign the value to the type.
fn fits(value: &Value, wanted: Type) -> bool {
    match (wanted, value) {
        (Type::Any | Type::Reflect | Type::ReflectType, _)
        | (Type::Str, Value::Str(_))
        | (Type::Bool, Value::Bool(_))
        | (Type::Int, Value::Int(_))
        | (Type::Int64, Value::Int64(_))
        | (Type::Float, Value::Float(_)) => true,
        (Type::List, Value::List(list)) => list.list_type().element == Type::Any,
        (Type::Strings, Value::List(list)) => list.list_type().element == Type::Str,
        (Type::Bytes, Value::List(list)) => list.list_type().is_bytes(),
        (Type::Map, Value::Map(map)) => map.map_type().element == Type::Any,
        (Type::StrMap, Value::Map(map)) => map.map_type().element == Type::Str,
        (Type::Named(name), value) => {
            let found = value.type_name();
            // One dereference is tried.
            found == name || found.strip_prefix('*') == Some(name)
        }
        _ => false,
    }
}

/// The nil of a type that has one.
fn nil_of(wanted: Type) -> Option<Value> {
    match wanted {
        Type::Any | Type::Reflect => Some(Value::Nil),
        Type::ReflectType => Some(Value::Object(Rc::new(NoValue))),
        Type::List => Some(Value::List(List::nil(ListType::ANY))),
        Type::Strings => Some(Value::List(List::nil(ListType::STR))),
        Type::Bytes => Some(Value::List(List::nil(ListType::BYTE))),
        Type::Map => Some(Value::Map(Map::new())),
        Type::StrMap => Some(Value::Map(Map::of(MapType::STR, []))),
        Type::Named(name) if name.starts_with('*') => Some(Value::Nil),
        _ => None,
    }
}

fn name_of(wanted: Type) -> &'static str {
    match wanted {
        Type::Any => "interface {}",
        Type::Str => "string",
        Type::Bool => "bool",
        Type::Int => "int",
        Type::Int64 => "int64",
        Type::Float => "float64",
        Type::List => "[]interface {}",
        Type::Strings => "[]string",
        Type::Bytes => "[]uint8",
        Type::Map => "map[string]interface {}",
        Type::StrMap => "map[string]string",
        Type::Named(name) => name,
        Type::Reflect | Type::ReflectType => "reflect.Value",
    }
}
