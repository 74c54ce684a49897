//! The functions of Go's text/template: comparison, logic, indexing, printing, escaping. `and`, `or` are the evaluator's.

mod compare;
mod escape;
mod index;

use crate::format::{sprint, sprintf, sprintln};
use crate::function::{Args, Call, Function, Type};
use crate::{Failure, Value};

use super::is_true;

/// The functions of this file.
pub(super) const TABLE: &[Function] = &[
    Function { name: "call", parameters: &[Type::Reflect, Type::Reflect], variadic: true, call: call_value },
    Function { name: "eq", parameters: &[Type::Reflect, Type::Reflect], variadic: true, call: compare::eq },
    Function { name: "ge", parameters: &[Type::Reflect, Type::Reflect], variadic: false, call: compare::ge },
    Function { name: "gt", parameters: &[Type::Reflect, Type::Reflect], variadic: false, call: compare::gt },
    Function { name: "html", parameters: &[Type::Any], variadic: true, call: escape::html },
    Function { name: "index", parameters: &[Type::Reflect, Type::Reflect], variadic: true, call: index::index },
    Function { name: "js", parameters: &[Type::Any], variadic: true, call: escape::js },
    Function { name: "le", parameters: &[Type::Reflect, Type::Reflect], variadic: false, call: compare::le },
    Function { name: "len", parameters: &[Type::ReflectType], variadic: false, call: index::len },
    Function { name: "lt", parameters: &[Type::Reflect, Type::Reflect], variadic: false, call: compare::lt },
    Function { name: "ne", parameters: &[Type::Reflect, Type::Reflect], variadic: false, call: compare::ne },
    Function { name: "not", parameters: &[Type::Reflect], variadic: false, call: not },
    Function { name: "print", parameters: &[Type::Any], variadic: true, call: print },
    Function { name: "printf", parameters: &[Type::Str, Type::Any], variadic: true, call: printf },
    Function { name: "println", parameters: &[Type::Any], variadic: true, call: println },
    Function { name: "urlquery", parameters: &[Type::Any], variadic: true, call: escape::url_query },
];

/// No value that Helm hands to templates is a function, so every call of one fails. The evaluator puts what stands for
/// the function before the arguments.
fn call_value(_: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    let value = args.value(1)?;
    if matches!(value, Value::Nil) {
        return Err(Failure::error("call of nil"));
    }
    let name: &[u8] = args.text(0)?;
    Err(Failure::error([b"non-function ", name, b" of type ", value.type_name().as_bytes()].concat()))
}

fn not(_: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    Ok(Value::Bool(!is_true(args.value(0)?)))
}

fn print(call: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    Ok(sprint(args.rest(0), call.budget)?.into())
}

fn printf(call: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    Ok(sprintf(args.text(0)?, args.rest(1), call.budget)?.into())
}

fn println(call: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    Ok(sprintln(args.rest(0), call.budget)?.into())
}

#[cfg(test)]
mod tests;
