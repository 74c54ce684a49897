//! Sprig on regular expressions: Go's `regexp` over the `regex` crate, which is of the same family.

mod matching;
mod syntax;

use std::cell::RefCell;
use std::rc::Rc;

use regex::{Regex, RegexBuilder};

use self::matching::{Haystack, Piece};
use crate::function::{Args, Call, Function, Type};
use crate::quote::quote;
use crate::{Failure, Item, List, ListType, Text, Value};

/// The functions of this file.
pub(super) const TABLE: &[Function] = &[
    Function { name: "mustRegexFind", parameters: TEXTS, variadic: false, call: |call, args| find(call, args, MUST) },
    Function {
        name: "mustRegexFindAll",
        parameters: COUNTED,
        variadic: false,
        call: |call, args| find_all(call, args, MUST),
    },
    Function { name: "mustRegexMatch", parameters: TEXTS, variadic: false, call: must_match },
    Function {
        name: "mustRegexReplaceAll",
        parameters: REPLACING,
        variadic: false,
        call: |call, args| replace(call, args, MUST),
    },
    Function {
        name: "mustRegexReplaceAllLiteral",
        parameters: REPLACING,
        variadic: false,
        call: |call, args| replace_literal(call, args, MUST),
    },
    Function {
        name: "mustRegexSplit",
        parameters: COUNTED,
        variadic: false,
        call: |call, args| split(call, args, MUST),
    },
    Function { name: "regexFind", parameters: TEXTS, variadic: false, call: |call, args| find(call, args, PANIC) },
    Function {
        name: "regexFindAll",
        parameters: COUNTED,
        variadic: false,
        call: |call, args| find_all(call, args, PANIC),
    },
    Function { name: "regexMatch", parameters: TEXTS, variadic: false, call: matches },
    Function { name: "regexQuoteMeta", parameters: &[Type::Str], variadic: false, call: quote_meta },
    Function {
        name: "regexReplaceAll",
        parameters: REPLACING,
        variadic: false,
        call: |call, args| replace(call, args, PANIC),
    },
    Function {
        name: "regexReplaceAllLiteral",
        parameters: REPLACING,
        variadic: false,
        call: |call, args| replace_literal(call, args, PANIC),
    },
    Function { name: "regexSplit", parameters: COUNTED, variadic: false, call: |call, args| split(call, args, PANIC) },
];

const TEXTS: &[Type] = &[Type::Str, Type::Str];
const COUNTED: &[Type] = &[Type::Str, Type::Str, Type::Int];
const REPLACING: &[Type] = &[Type::Str, Type::Str, Type::Str];

/// How a function reports a pattern that is none.
type Report = fn(&[u8], String) -> Failure;

/// The functions with `must` return the error.
const MUST: Report = |_, message| Failure::error(message);

/// The others panic, in the words of `regexp.MustCompile`.
const PANIC: Report = |pattern, message| {
    let shown = match std::str::from_utf8(pattern) {
        Ok(text) if text.chars().all(stands_in_raw_string) => format!("`{text}`"),
        _ => quote(pattern),
    };
    Failure::error(format!("regexp: Compile({shown}): {message}"))
};

/// Go's `strconv.CanBackquote`.
fn stands_in_raw_string(c: char) -> bool {
    !matches!(c, '\0'..='\x08' | '\n'..='\x1F' | '`' | '\x7F' | '\u{FEFF}')
}

/// Bytes that a compiled pattern may take. Go's own bound is about as far away.
const MAX_COMPILED: usize = 32 << 20;

/// Patterns larger than this are not kept.
const MAX_KEPT_SIZE: u64 = 10_000;

/// How many patterns are kept.
const KEPT: usize = 64;

struct Compiled {
    pattern: Text,
    regex: Regex,
    names: Vec<String>,
    size: u64,
}

thread_local! {
    /// The patterns used last, the latest at the end. Charts use the same few in loops, and to compile one takes longer
    /// than most searches.
    static LATEST: RefCell<Vec<Rc<Compiled>>> = const { RefCell::new(Vec::new()) };
}

/// Compiles the first argument, and takes steps for it and for one search in the second, as if nothing was kept: what a
/// render costs must not depend on what was rendered before. A pattern that is none gives Go's message.
fn compile(call: &mut Call<'_>, args: Args<'_>) -> Result<Result<Rc<Compiled>, String>, Failure> {
    let pattern = args.text(0)?;
    let text_length = args.text(1)?.len() as u64;
    let mut pay = |size: u64| {
        call.budget.step(size.saturating_mul(4))?;
        call.budget.step(size.saturating_mul(text_length) / 1024)
    };
    if let Some(compiled) = kept(pattern) {
        pay(compiled.size)?;
        return Ok(Ok(compiled));
    }
    let translated = match syntax::translate(pattern) {
        Ok(translated) => translated,
        Err(message) => return Ok(Err(message)),
    };
    pay(translated.size)?;
    Ok(build(pattern, translated))
}

fn kept(pattern: &Text) -> Option<Rc<Compiled>> {
    LATEST.with_borrow_mut(|latest| {
        let index = latest.iter().rposition(|compiled| compiled.pattern == *pattern)?;
        let compiled = latest.remove(index);
        latest.push(Rc::clone(&compiled));
        Some(compiled)
    })
}

fn build(pattern: &Text, translated: syntax::Pattern) -> Result<Rc<Compiled>, String> {
    let regex = regex_of(&translated, pattern)?;
    let compiled =
        Rc::new(Compiled { pattern: pattern.clone(), regex, names: translated.names, size: translated.size });
    if compiled.size <= MAX_KEPT_SIZE {
        LATEST.with_borrow_mut(|latest| {
            if latest.len() >= KEPT {
                latest.remove(0);
            }
            latest.push(Rc::clone(&compiled));
        });
    }
    Ok(compiled)
}

fn regex_of(translated: &syntax::Pattern, pattern: &[u8]) -> Result<Regex, String> {
    RegexBuilder::new(&translated.text)
        .size_limit(MAX_COMPILED)
        .nest_limit(1_000)
        .build()
        .map_err(|_| syntax::message("expression too large", &String::from_utf8_lossy(pattern)))
}

/// A pattern of Go's, for whoever is no template.
///
/// # Errors
/// Go's text.
pub(crate) fn go_regex(pattern: &[u8]) -> Result<Regex, String> {
    regex_of(&syntax::translate(pattern)?, pattern)
}

/// As [`compile`]; the result comes from the text that is searched.
fn compiled(call: &mut Call<'_>, args: Args<'_>, report: Report) -> Result<Rc<Compiled>, Failure> {
    let compiled = compile(call, args)?.map_err(|message| report(args.text(0).map_or(b"", |text| text), message))?;
    call.span = args.item(1)?.span;
    Ok(compiled)
}

/// A pattern that is none matches nothing.
fn matches(call: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    let compiled = compile(call, args)?;
    let haystack = Haystack::new(args.text(1)?);
    Ok(Value::Bool(compiled.is_ok_and(|compiled| compiled.regex.is_match(haystack.text()))))
}

fn must_match(call: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    let compiled = compile(call, args)?.map_err(Failure::error)?;
    Ok(Value::Bool(compiled.regex.is_match(Haystack::new(args.text(1)?).text())))
}

fn find(call: &mut Call<'_>, args: Args<'_>, report: Report) -> Result<Value, Failure> {
    let compiled = compiled(call, args, report)?;
    let haystack = Haystack::new(args.text(1)?);
    let found = compiled.regex.find(haystack.text());
    Ok(found.map_or(b"".as_slice(), |found| haystack.between(found.start(), found.end())).to_vec().into())
}

/// Without a match the result is Go's nil slice.
fn find_all(call: &mut Call<'_>, args: Args<'_>, report: Report) -> Result<Value, Failure> {
    let compiled = compiled(call, args, report)?;
    let haystack = Haystack::new(args.text(1)?);
    let limit = usize::try_from(args.int(2)?).unwrap_or(usize::MAX);
    let found = matching::find_all(call.budget, &compiled.regex, &haystack, limit)?;
    if found.is_empty() {
        return Ok(Value::List(List::nil(ListType::STR)));
    }
    parts(call, &haystack, &found)
}

fn parts(call: &mut Call<'_>, haystack: &Haystack<'_>, places: &[(usize, usize)]) -> Result<Value, Failure> {
    call.budget.allocate(places.len().saturating_mul(2 * size_of::<Item>()).saturating_add(haystack.text().len()))?;
    Ok(Value::List(List::strings(places.iter().map(|(start, end)| haystack.between(*start, *end)))))
}

fn split(call: &mut Call<'_>, args: Args<'_>, report: Report) -> Result<Value, Failure> {
    let compiled = compiled(call, args, report)?;
    let text = args.text(1)?;
    let limit = match args.int(2)? {
        0 => return Ok(Value::List(List::nil(ListType::STR))),
        limit => usize::try_from(limit).ok(),
    };
    if text.is_empty() && !compiled.pattern.is_empty() {
        return Ok(Value::List(List::strings([""])));
    }
    let haystack = Haystack::new(text);
    let found = matching::find_all(call.budget, &compiled.regex, &haystack, limit.unwrap_or(usize::MAX))?;
    parts(call, &haystack, &matching::split(&haystack, &found, limit))
}

fn replace(call: &mut Call<'_>, args: Args<'_>, report: Report) -> Result<Value, Failure> {
    let compiled = compiled(call, args, report)?;
    let pieces = matching::pieces(args.text(2)?, &compiled.names);
    replace_with(call, args, &compiled, &pieces)
}

fn replace_literal(call: &mut Call<'_>, args: Args<'_>, report: Report) -> Result<Value, Failure> {
    let compiled = compiled(call, args, report)?;
    replace_with(call, args, &compiled, &[Piece::Literal(args.text(2)?)])
}

fn replace_with(
    call: &mut Call<'_>,
    args: Args<'_>,
    compiled: &Compiled,
    pieces: &[Piece<'_>],
) -> Result<Value, Failure> {
    let haystack = Haystack::new(args.text(1)?);
    let replaced = matching::replace_all(call.budget, &compiled.regex, &haystack, |budget, out, captures| {
        for piece in pieces {
            let bytes = match piece {
                Piece::Literal(bytes) => bytes,
                Piece::Group(number) => match captures.get(*number) {
                    Some(group) => haystack.between(group.start(), group.end()),
                    None => continue,
                },
            };
            budget.allocate(bytes.len())?;
            out.extend_from_slice(bytes);
        }
        Ok(())
    })?;
    Ok(replaced.into())
}

fn quote_meta(_: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    let text = args.text(0)?;
    let mut out = Vec::with_capacity(text.len() + 8);
    for byte in text.iter() {
        if b"\\.+*?()|[]{}^$".contains(byte) {
            out.push(b'\\');
        }
        out.push(*byte);
    }
    Ok(out.into())
}

#[cfg(test)]
mod tests;
