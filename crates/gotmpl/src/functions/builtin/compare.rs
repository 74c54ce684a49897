//! `eq`, `ne`, `lt`, `le`, `gt`, `ge`: values of the same basic kind, and nil.

use std::cmp::Ordering;
use std::rc::Rc;

use crate::format::sprintf;
use crate::function::{Args, Call};
use crate::value::{Complex, Object, Text};
use crate::{Failure, Item, Value};

/// A value as comparisons see it. Integers of all sizes compare, signed with unsigned too.
enum Basic<'a> {
    Bool(bool),
    Complex((f64, f64)),
    Int(i128),
    Uint(i128),
    Float(f64),
    Str(&'a Text),
}

impl<'a> Basic<'a> {
    /// None for nil, slices, maps, structs, pointers.
    fn of(value: &'a Value) -> Option<Self> {
        Some(match value {
            Value::Bool(value) => Self::Bool(*value),
            Value::Int(number) | Value::Int64(number) => Self::Int(i128::from(*number)),
            Value::Float(number) => Self::Float(*number),
            Value::Str(text) => Self::Str(text),
            Value::Object(object) => match object.integer() {
                Some(number) if object.kind().starts_with("int") => Self::Int(number),
                Some(number) => Self::Uint(number),
                None => Self::Complex(object.as_any().downcast_ref::<Complex>()?.0),
            },
            Value::Nil | Value::List(_) | Value::Map(_) => return None,
        })
    }

    /// None where the kinds differ.
    fn equals(&self, other: &Self) -> Option<bool> {
        Some(match (self, other) {
            (Self::Bool(a), Self::Bool(b)) => a == b,
            (Self::Complex(a), Self::Complex(b)) => a == b,
            (Self::Int(a) | Self::Uint(a), Self::Int(b) | Self::Uint(b)) => a == b,
            (Self::Float(a), Self::Float(b)) => a == b,
            (Self::Str(a), Self::Str(b)) => a == b,
            _ => return None,
        })
    }
}

fn incompatible(left: &Value, right: &Value) -> Failure {
    let message = format!("incompatible types for comparison: {} and {}", left.type_name(), right.type_name());
    Failure::error(message)
}

fn equal(call: &mut Call<'_>, left: &Value, right: &Value) -> Result<bool, Failure> {
    match (Basic::of(left), Basic::of(right)) {
        (Some(a), Some(b)) => a.equals(&b).ok_or_else(|| incompatible(left, right)),
        (None, None) => equal_others(call, left, right),
        _ if matches!(left, Value::Nil) || matches!(right, Value::Nil) => Ok(false),
        _ => Err(incompatible(left, right)),
    }
}

/// Values that are not of a basic kind.
fn equal_others(call: &mut Call<'_>, left: &Value, right: &Value) -> Result<bool, Failure> {
    let is_untyped = |value: &Value| matches!(value, Value::Nil);
    if !is_untyped(left) && !is_untyped(right) && left.kind() != right.kind() {
        let (a, b) = (Item::from(left.type_name()), Item::from(right.type_name()));
        let items = [left.clone().into(), a, b, right.clone().into()];
        return Err(failure(call, b"non-comparable types %s: %v, %s: %v", &items)?);
    }
    if is_nil(left) || is_nil(right) {
        return Ok(is_nil(left) == is_nil(right));
    }
    match (left, right) {
        (Value::Object(a), Value::Object(b)) if is_comparable(right) => Ok(same(a, b)),
        _ => Err(failure(call, b"non-comparable type %s: %v", &[right.clone().into(), right.type_name().into()])?),
    }
}

fn failure(call: &mut Call<'_>, format: &[u8], items: &[Item]) -> Result<Failure, Failure> {
    Ok(Failure::Error(sprintf(format, items, call.budget)?))
}

fn is_nil(value: &Value) -> bool {
    match value {
        Value::Nil => true,
        Value::List(list) => list.is_nil(),
        Value::Object(object) => object.kind() == "ptr" && object.is_zero(),
        _ => false,
    }
}

/// Whether Go can compare values of the type: pointers, and structs that hold nothing else than comparable values.
fn is_comparable(value: &Value) -> bool {
    match value {
        Value::List(_) | Value::Map(_) => false,
        Value::Object(object) => match object.kind() {
            "map" | "slice" | "func" => false,
            "struct" => object.fields().iter().all(|(_, item)| is_comparable(&item.value)),
            _ => true,
        },
        _ => true,
    }
}

/// Go's `==` on values of comparable types.
fn same(left: &Rc<dyn Object>, right: &Rc<dyn Object>) -> bool {
    if Rc::ptr_eq(left, right) {
        return true;
    }
    if left.type_name() != right.type_name() || left.kind() != "struct" {
        return false;
    }
    let (left, right) = (left.fields(), right.fields());
    left.len() == right.len() && left.iter().zip(&right).all(|((_, a), (_, b))| same_field(&a.value, &b.value))
}

fn same_field(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Nil, Value::Nil) => true,
        (Value::Object(a), Value::Object(b)) if a.integer().is_none() => same(a, b),
        _ => match (Basic::of(left), Basic::of(right)) {
            (Some(a), Some(b)) => left.type_name() == right.type_name() && a.equals(&b) == Some(true),
            _ => false,
        },
    }
}

/// None where floats have no order.
fn order(left: &Value, right: &Value) -> Result<Option<Ordering>, Failure> {
    let invalid = || Failure::error("invalid type for comparison");
    let a = Basic::of(left).ok_or_else(invalid)?;
    let b = Basic::of(right).ok_or_else(invalid)?;
    match (a, b) {
        (Basic::Int(a) | Basic::Uint(a), Basic::Int(b) | Basic::Uint(b)) => Ok(Some(a.cmp(&b))),
        (Basic::Float(a), Basic::Float(b)) => Ok(a.partial_cmp(&b)),
        (Basic::Str(a), Basic::Str(b)) => Ok(Some(a.cmp(b))),
        (Basic::Bool(_), Basic::Bool(_)) | (Basic::Complex(_), Basic::Complex(_)) => Err(invalid()),
        _ => Err(incompatible(left, right)),
    }
}

/// Whether the first argument equals any other.
pub(super) fn eq(call: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    let (first, others) = (args.value(0)?, args.rest(1));
    if others.is_empty() {
        return Err(Failure::error("missing argument for comparison"));
    }
    for other in others {
        if equal(call, first, &other.value)? {
            return Ok(Value::Bool(true));
        }
    }
    Ok(Value::Bool(false))
}

pub(super) fn ne(call: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    Ok(Value::Bool(!equal(call, args.value(0)?, args.value(1)?)?))
}

pub(super) fn lt(_: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    Ok(Value::Bool(order(args.value(0)?, args.value(1)?)? == Some(Ordering::Less)))
}

pub(super) fn le(_: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    let order = order(args.value(0)?, args.value(1)?)?;
    Ok(Value::Bool(matches!(order, Some(Ordering::Less | Ordering::Equal))))
}

/// The opposite of `le`, for NaN too.
pub(super) fn gt(_: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    let order = order(args.value(0)?, args.value(1)?)?;
    Ok(Value::Bool(!matches!(order, Some(Ordering::Less | Ordering::Equal))))
}

/// The opposite of `lt`, for NaN too.
pub(super) fn ge(_: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    Ok(Value::Bool(order(args.value(0)?, args.value(1)?)? != Some(Ordering::Less)))
}
