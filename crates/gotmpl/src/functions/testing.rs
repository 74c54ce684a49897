//! Calls functions of the table in tests, past the evaluator.

use source::Span;

use crate::function::{Args, Call};
use crate::{Budget, Env, Failure, Item, Limits, Value};

/// Calls a function with arguments of the right types.
pub(super) fn call(name: &str, arguments: &[Value]) -> Result<Value, Failure> {
    let items: Vec<Item> = arguments.iter().cloned().map(Item::from).collect();
    let mut call = Call {
        env: &Env::default(),
        budget: &mut Budget::new(Limits::default()),
        draws: &mut 0,
        span: Span::DETACHED,
        traced: false,
    };
    let function = super::find(name).unwrap_or_else(|| panic!("no function {name}"));
    (function.call)(&mut call, Args(&items))
}

/// The text that the call gives.
pub(super) fn text(name: &str, arguments: &[Value]) -> String {
    match call(name, arguments) {
        Ok(Value::Str(text)) => text.to_str_lossy().into_owned(),
        other => panic!("{name}: {other:?}"),
    }
}

/// The message that the call fails with.
pub(super) fn error(name: &str, arguments: &[Value]) -> String {
    match call(name, arguments) {
        Err(Failure::Error(message)) => String::from_utf8_lossy(&message).into_owned(),
        other => panic!("{name}: {other:?}"),
    }
}
