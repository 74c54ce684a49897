//! Functions as templates call them: name, signature in Go's types, body.

use source::Span;

use crate::value::{Item, List, Map, Text, Value};
use crate::{Budget, Env, Failure};

/// The static type of a parameter or an element, as far as the evaluator needs it to check and to convert.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    /// `interface {}`.
    Any,
    /// `string`.
    Str,
    /// `bool`.
    Bool,
    /// `int`.
    Int,
    /// `int64`.
    Int64,
    /// `float64`.
    Float,
    /// `[]interface {}`.
    List,
    /// `[]string`.
    Strings,
    /// `[]uint8`.
    Bytes,
    /// `map[string]interface {}`.
    Map,
    /// `map[string]string`.
    StrMap,
    /// A struct or pointer, by the name `%T` prints.
    Named(&'static str),
    /// `reflect.Value`: whatever comes, unconverted, of the functions of `text/template` itself.
    Reflect,
    /// `reflect.Value` of a function that asks for the type and so tells no value at all, which comes as a `NoValue`,
    /// from a nil inside of an interface: `len`.
    ReflectType,
}

/// A function of the table.
#[derive(Debug)]
pub struct Function {
    /// Its name in templates.
    pub name: &'static str,
    /// The types of its parameters. For a variadic function the last one is the type of each further argument.
    pub parameters: &'static [Type],
    /// Whether the last parameter repeats, zero times or more.
    pub variadic: bool,
    /// The body. The evaluator has checked number and types of the arguments and converted untyped constants.
    pub call: fn(&mut Call<'_>, Args<'_>) -> Result<Value, Failure>,
}

/// The arguments of one call, checked against the signature.
#[derive(Clone, Copy, Debug)]
pub struct Args<'a>(pub &'a [Item]);

impl<'a> Args<'a> {
    /// How many there are.
    pub fn len(self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    pub fn is_empty(self) -> bool {
        self.0.is_empty()
    }

    /// One argument with its place.
    pub fn item(self, index: usize) -> Result<&'a Item, Failure> {
        self.0.get(index).ok_or_else(|| Failure::error("missing argument"))
    }

    /// One argument.
    pub fn value(self, index: usize) -> Result<&'a Value, Failure> {
        Ok(&self.item(index)?.value)
    }

    /// A `string` argument.
    pub fn text(self, index: usize) -> Result<&'a Text, Failure> {
        match self.value(index)? {
            Value::Str(text) => Ok(text),
            _ => Err(Failure::error("not a string")),
        }
    }

    /// An `int` or `int64` argument.
    pub fn int(self, index: usize) -> Result<i64, Failure> {
        match self.value(index)? {
            Value::Int(number) | Value::Int64(number) => Ok(*number),
            _ => Err(Failure::error("not an integer")),
        }
    }

    /// A `bool` argument.
    pub fn bool(self, index: usize) -> Result<bool, Failure> {
        match self.value(index)? {
            Value::Bool(value) => Ok(*value),
            _ => Err(Failure::error("not a boolean")),
        }
    }

    /// A map argument.
    pub fn map(self, index: usize) -> Result<&'a Map, Failure> {
        match self.value(index)? {
            Value::Map(map) => Ok(map),
            _ => Err(Failure::error("not a map")),
        }
    }

    /// A slice argument.
    pub fn list(self, index: usize) -> Result<&'a List, Failure> {
        match self.value(index)? {
            Value::List(list) => Ok(list),
            _ => Err(Failure::error("not a slice")),
        }
    }

    /// The arguments from `index` on.
    pub fn rest(self, index: usize) -> &'a [Item] {
        self.0.get(index..).unwrap_or_default()
    }
}

/// What a function may use besides its arguments.
#[derive(Debug)]
pub struct Call<'a> {
    /// The world outside.
    pub env: &'a Env,
    /// What the render may still cost. The evaluator has taken one step for the call; a function takes what its result
    /// needs before it makes it, wherever that can be much more than its arguments.
    pub budget: &'a mut Budget,
    /// How often something random was drawn in this run; each draw takes the next number.
    pub draws: &'a mut u64,
    /// Where the result comes from. Preset to the place of the first argument that has one; a function that picks one of
    /// its arguments (`default`, `ternary`, `index`, `get`) sets the place of what it picked.
    pub span: Span,
    /// Whether spans are traced in this run: without it no function builds a span map.
    pub traced: bool,
}
