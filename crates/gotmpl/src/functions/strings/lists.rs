//! Between strings and lists of them: `split`, `join`, `sortAlpha`, `toStrings`.

use std::borrow::Cow;

use memchr::memmem;

use crate::function::{Args, Call, Type};
use crate::value::MapType;
use crate::{Budget, Failure, Item, List, ListType, Map, Text, Value, unicode};

use super::pieces::Chain;
use super::shown;

/// What a part takes in memory besides its bytes.
const PART: usize = 96;

/// Sprig's `strslice`: what is not nil as strings; what is no list as a list of one.
fn strings<'a>(value: &'a Value, budget: &mut Budget) -> Result<Cow<'a, [Item]>, Failure> {
    let Value::List(list) = value else {
        return match value {
            Value::Nil => Ok(Cow::Borrowed(&[])),
            _ => Ok(Cow::Owned(vec![text_item(shown(value, budget)?)])),
        };
    };
    if list.list_type().element == Type::Str {
        return Ok(Cow::Borrowed(list.items()));
    }
    let items = list.items().iter().filter(|item| !matches!(item.value, Value::Nil));
    let texts = items.map(|item| Ok(Item { value: shown(&item.value, budget)?.into(), span: item.span }));
    Ok(Cow::Owned(texts.collect::<Result<_, Failure>>()?))
}

fn text_item(text: Text) -> Item {
    Item::from(Value::Str(text))
}

fn bytes(item: &Item) -> &[u8] {
    match &item.value {
        Value::Str(text) => text,
        _ => &[],
    }
}

pub(super) fn to_strings(call: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    let items = strings(args.value(0)?, call.budget)?;
    Ok(List::of(ListType::STR, items.into_owned()).into())
}

pub(super) fn join(call: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    let separator = args.text(0)?;
    let items = strings(args.value(1)?, call.budget)?;
    let length: usize = items.iter().map(|item| bytes(item).len().saturating_add(separator.len())).sum();
    call.budget.allocate(length)?;
    let mut chain = Chain::new(length, call.traced);
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            chain.push(separator);
        }
        if let Value::Str(text) = &item.value {
            chain.push_text(text, item.span);
        }
    }
    Ok(chain.finish().into())
}

pub(super) fn sort_alpha(call: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    let value = args.value(0)?;
    if !matches!(value, Value::List(_)) {
        return Ok(List::of(ListType::STR, vec![text_item(shown(value, call.budget)?)]).into());
    }
    let mut items = strings(value, call.budget)?.into_owned();
    call.budget.step(items.len() as u64 / 8)?;
    items.sort_by(|a, b| bytes(a).cmp(bytes(b)));
    Ok(List::of(ListType::STR, items).into())
}

/// Go's `strings.SplitN`: at most `limit` parts, the last one unsplit; all of them without a limit. An empty separator
/// splits after each character.
fn parts<'a>(
    call: &mut Call<'_>,
    text: &'a [u8],
    separator: &[u8],
    limit: Option<usize>,
) -> Result<Vec<&'a [u8]>, Failure> {
    let limit = limit.unwrap_or(usize::MAX);
    let mut parts = Vec::new();
    if limit == 0 || (separator.is_empty() && text.is_empty()) {
        return Ok(parts);
    }
    let mut rest = text;
    if separator.is_empty() {
        call.budget.allocate(unicode::count(text).min(limit).saturating_mul(PART))?;
        while parts.len() + 1 < limit
            && let Some((_, size)) = unicode::decode(rest)
            && size < rest.len()
            && let Some((part, after)) = rest.split_at_checked(size)
        {
            parts.push(part);
            rest = after;
        }
    } else {
        let finder = memmem::Finder::new(separator);
        while parts.len() + 1 < limit
            && let Some(find) = finder.find(rest)
        {
            call.budget.allocate(PART)?;
            parts.push(rest.get(..find).unwrap_or_default());
            rest = rest.get(find + separator.len()..).unwrap_or_default();
        }
    }
    parts.push(rest);
    Ok(parts)
}

/// `_0`, `_1`, …
fn numbered(call: &Call<'_>, parts: Vec<&[u8]>) -> Value {
    let entry =
        |(index, part)| (Text::from(format!("_{index}")), Item { value: Text::from(part).into(), span: call.span });
    Map::of(MapType::STR, parts.into_iter().enumerate().map(entry)).into()
}

pub(super) fn split(call: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    let text = super::subject(call, args, 1)?;
    let parts = parts(call, text, args.text(0)?, None)?;
    Ok(numbered(call, parts))
}

pub(super) fn splitn(call: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    let text = super::subject(call, args, 2)?;
    let limit = usize::try_from(args.int(1)?).ok();
    let parts = parts(call, text, args.text(0)?, limit)?;
    Ok(numbered(call, parts))
}

pub(super) fn split_list(call: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    let text = super::subject(call, args, 1)?;
    let parts = parts(call, text, args.text(0)?, None)?;
    let items = parts.into_iter().map(|part| Item { value: Text::from(part).into(), span: call.span });
    Ok(List::of(ListType::STR, items.collect::<Vec<_>>()).into())
}
