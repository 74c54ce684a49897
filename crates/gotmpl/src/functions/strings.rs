//! Sprig on strings: case, trimming, wrapping, quoting, indentation. All of it counts in bytes, as Go does.

mod abbreviate;
mod case;
mod cut;
mod indent;
mod lists;
mod pieces;
mod quote;
mod shown;
mod words;
mod wrap;

use memchr::memmem;

use crate::function::{Args, Call, Function, Type};
use crate::{Failure, Text, Value, unicode};

use pieces::Edit;
pub(crate) use shown::shown;

/// The functions of this file.
pub(super) const TABLE: &[Function] = &[
    Function { name: "abbrev", parameters: &[Type::Int, Type::Str], variadic: false, call: abbreviate::abbrev },
    Function {
        name: "abbrevboth",
        parameters: &[Type::Int, Type::Int, Type::Str],
        variadic: false,
        call: abbreviate::abbrevboth,
    },
    Function { name: "camelcase", parameters: &[Type::Str], variadic: false, call: words::camelcase },
    Function { name: "cat", parameters: &[Type::Any], variadic: true, call: quote::cat },
    Function { name: "contains", parameters: &[Type::Str, Type::Str], variadic: false, call: contains },
    Function { name: "hasPrefix", parameters: &[Type::Str, Type::Str], variadic: false, call: has_prefix },
    Function { name: "hasSuffix", parameters: &[Type::Str, Type::Str], variadic: false, call: has_suffix },
    Function { name: "hello", parameters: &[], variadic: false, call: hello },
    Function { name: "indent", parameters: &[Type::Int, Type::Str], variadic: false, call: indent::indent },
    Function { name: "initials", parameters: &[Type::Str], variadic: false, call: abbreviate::initials },
    Function { name: "join", parameters: &[Type::Str, Type::Any], variadic: false, call: lists::join },
    Function { name: "kebabcase", parameters: &[Type::Str], variadic: false, call: words::kebabcase },
    Function { name: "lower", parameters: &[Type::Str], variadic: false, call: case::lower },
    Function { name: "nindent", parameters: &[Type::Int, Type::Str], variadic: false, call: indent::nindent },
    Function { name: "nospace", parameters: &[Type::Str], variadic: false, call: abbreviate::nospace },
    Function { name: "plural", parameters: &[Type::Str, Type::Str, Type::Int], variadic: false, call: plural },
    Function { name: "quote", parameters: &[Type::Any], variadic: true, call: quote::quote },
    Function { name: "repeat", parameters: &[Type::Int, Type::Str], variadic: false, call: repeat },
    Function { name: "replace", parameters: &[Type::Str, Type::Str, Type::Str], variadic: false, call: replace },
    Function { name: "snakecase", parameters: &[Type::Str], variadic: false, call: words::snakecase },
    Function { name: "sortAlpha", parameters: &[Type::Any], variadic: false, call: lists::sort_alpha },
    Function { name: "split", parameters: &[Type::Str, Type::Str], variadic: false, call: lists::split },
    Function { name: "splitList", parameters: &[Type::Str, Type::Str], variadic: false, call: lists::split_list },
    Function { name: "splitn", parameters: &[Type::Str, Type::Int, Type::Str], variadic: false, call: lists::splitn },
    Function { name: "squote", parameters: &[Type::Any], variadic: true, call: quote::squote },
    Function { name: "substr", parameters: &[Type::Int, Type::Int, Type::Str], variadic: false, call: cut::substr },
    Function { name: "swapcase", parameters: &[Type::Str], variadic: false, call: case::swapcase },
    Function { name: "title", parameters: &[Type::Str], variadic: false, call: case::title },
    Function { name: "toString", parameters: &[Type::Any], variadic: false, call: quote::to_string },
    Function { name: "toStrings", parameters: &[Type::Any], variadic: false, call: lists::to_strings },
    Function { name: "trim", parameters: &[Type::Str], variadic: false, call: cut::trim },
    Function { name: "trimAll", parameters: &[Type::Str, Type::Str], variadic: false, call: cut::trim_all },
    Function { name: "trimPrefix", parameters: &[Type::Str, Type::Str], variadic: false, call: cut::trim_prefix },
    Function { name: "trimSuffix", parameters: &[Type::Str, Type::Str], variadic: false, call: cut::trim_suffix },
    Function { name: "trimall", parameters: &[Type::Str, Type::Str], variadic: false, call: cut::trim_all },
    Function { name: "trunc", parameters: &[Type::Int, Type::Str], variadic: false, call: cut::trunc },
    Function { name: "untitle", parameters: &[Type::Str], variadic: false, call: case::untitle },
    Function { name: "upper", parameters: &[Type::Str], variadic: false, call: case::upper },
    Function { name: "wrap", parameters: &[Type::Int, Type::Str], variadic: false, call: wrap::wrap },
    Function {
        name: "wrapWith",
        parameters: &[Type::Int, Type::Str, Type::Str],
        variadic: false,
        call: wrap::wrap_with,
    },
];

fn hello(_: &mut Call<'_>, _: Args<'_>) -> Result<Value, Failure> {
    Ok("Hello!".into())
}

/// The text comes last in all of these, so that it can be piped in; its place is the place of the result.
fn subject<'a>(call: &mut Call<'_>, args: Args<'a>, index: usize) -> Result<&'a Text, Failure> {
    let span = args.item(index)?.span;
    if !span.is_detached() {
        call.span = span;
    }
    args.text(index)
}

fn contains(_: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    Ok(Value::Bool(memmem::find(args.text(1)?, args.text(0)?).is_some()))
}

fn has_prefix(_: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    Ok(Value::Bool(args.text(1)?.starts_with(args.text(0)?)))
}

fn has_suffix(_: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    Ok(Value::Bool(args.text(1)?.ends_with(args.text(0)?)))
}

fn plural(call: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    let item = args.item(if args.int(2)? == 1 { 0 } else { 1 })?;
    call.span = item.span;
    Ok(item.value.clone())
}

fn negative_count() -> Failure {
    Failure::error("strings: negative Repeat count")
}

fn repeat(call: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    let text = subject(call, args, 1)?;
    let count = usize::try_from(args.int(0)?).map_err(|_| negative_count())?;
    let length = text.len().checked_mul(count).filter(|length| i64::try_from(*length).is_ok());
    let length = length.ok_or_else(|| Failure::error("strings: Repeat output length overflow"))?;
    call.budget.allocate(length)?;
    Ok(text.repeat(if text.is_empty() { 0 } else { count }).into())
}

fn replace(call: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    let text = subject(call, args, 2)?;
    let (old, new) = (args.text(0)?, args.text(1)?);
    if old == new {
        return Ok(text.clone().into());
    }
    let finds: Vec<usize> = if old.is_empty() {
        // Between all characters, and at both ends.
        let mut at = 0;
        let ends = unicode::runes(text).map(|(_, size)| {
            at += size;
            at
        });
        std::iter::once(0).chain(ends).collect()
    } else {
        memmem::find_iter(text, old.as_bytes()).collect()
    };
    if finds.is_empty() {
        return Ok(text.clone().into());
    }
    let length = text.len().saturating_add(new.len().saturating_mul(finds.len()));
    call.budget.allocate(length)?;
    let mut edit = Edit::new(text, length - old.len() * finds.len(), call.traced);
    for find in finds {
        edit.keep_to(find);
        edit.insert(new);
        edit.skip(old.len());
    }
    Ok(edit.finish().into())
}

#[cfg(test)]
mod tests;
