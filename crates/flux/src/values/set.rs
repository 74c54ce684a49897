//! `targetPath=value` as Helm's `--set` and `--set-string` read it (helm v4 `pkg/strvals/parser.go`), written into values
//! that may be shared.
//!
//! A comma in a value starts the next `name=value`, `{a,b}` is a list, and a backslash takes the meaning of the
//! character after it.

use std::cell::RefCell;
use std::rc::Rc;

use source::Span;
use yaml::{Str, Value};

use super::shared::{Shared, SharedList, SharedMap, SharedValue};

/// Highest index of a list that Helm allows.
const MAX_INDEX: usize = 65_536;

/// Names that Helm allows in a row, `a.b.c`.
const MAX_LEVEL: usize = 30;

/// Names and indexes in a row; Helm has no bound for `a[0][0][0]`.
const MAX_DEPTH: usize = 100;

/// List items that one value may create.
const MAX_ITEMS: usize = 1_000_000;

/// Why an assignment is refused.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub(super) enum Refusal {
    /// A name without `=`, which a comma in a value makes too.
    #[error("a name in it has no value; a comma starts the next `name=value`")]
    NoValue,
    /// An index that is no number, too large, or followed by text.
    #[error("it has an index that can not be used")]
    Index,
    /// A list without its closing brace.
    #[error("a list in it does not end with a closing brace")]
    OpenList,
    /// A map or list is wanted where something else is.
    #[error("the path leads through a value that is neither a map nor a list")]
    NotContainer,
    /// More names or items than allowed.
    #[error("it is nested too deeply or too large")]
    TooLarge,
}

enum Stop {
    /// The text ends; whatever was not finished is left out without an error, as upstream does.
    End,
    Refused(Refusal),
}

impl From<Refusal> for Stop {
    fn from(refusal: Refusal) -> Self {
        Stop::Refused(refusal)
    }
}

/// Sets `path` to `value` typed as `--set` does; a value in quotes is a text.
pub(super) fn set(values: &SharedMap, path: &str, value: &str, span: Span) -> Result<(), Refusal> {
    let quoted = |quote| value.starts_with(quote) && value.ends_with(quote);
    let (value, as_text) = match quoted('\'') || quoted('"') {
        true => (value.trim_matches(['\'', '"']), true),
        false => (value, false),
    };
    run(values, &format!("{path}={value}"), as_text, span)
}

/// Sets `path` to exactly `value`.
pub(super) fn set_literal(values: &SharedMap, path: &str, value: &str, span: Span) -> Result<(), Refusal> {
    let mut text = format!("{path}=");
    for character in value.chars() {
        if matches!(character, '\\' | ',' | '[' | ']' | '{' | '}') {
            text.push('\\');
        }
        text.push(character);
    }
    run(values, &text, true, span)
}

fn run(values: &SharedMap, text: &str, as_text: bool, span: Span) -> Result<(), Refusal> {
    let mut parser = Parser { text: text.chars().peekable(), as_text, span, items: MAX_ITEMS };
    loop {
        match parser.key(values, 0, 0) {
            Ok(()) => {}
            Err(Stop::End) => return Ok(()),
            Err(Stop::Refused(refusal)) => return Err(refusal),
        }
    }
}

struct Parser<'a> {
    text: std::iter::Peekable<std::str::Chars<'a>>,
    as_text: bool,
    span: Span,
    items: usize,
}

impl Parser<'_> {
    /// Text up to one of the given characters, and which one; `None` at the end.
    fn until(&mut self, stops: &[char]) -> (String, Option<char>) {
        let mut text = String::new();
        while let Some(character) = self.text.next() {
            if stops.contains(&character) {
                return (text, Some(character));
            }
            match (character, self.text.peek()) {
                ('\\', None) => break,
                ('\\', Some(_)) => text.extend(self.text.next()),
                _ => text.push(character),
            }
        }
        (text, None)
    }

    fn key(&mut self, data: &SharedMap, level: usize, depth: usize) -> Result<(), Stop> {
        if depth > MAX_DEPTH {
            return Err(Refusal::TooLarge.into());
        }
        let (key, stop) = self.until(&['=', '[', ',', '.']);
        match stop {
            None if key.is_empty() => Err(Stop::End),
            None | Some(',') => Err(Refusal::NoValue.into()),
            Some('[') => {
                let index = self.index()?;
                let list = match data.borrow().get(key.as_str()).map(|old| &old.value) {
                    None => SharedList::default(),
                    Some(SharedValue::List(list)) => list.clone(),
                    Some(_) => return Err(Refusal::NotContainer.into()),
                };
                let (list, result) = self.item(list, index, level, depth + 1);
                self.put(data, &key, SharedValue::List(list));
                result
            }
            Some('.') => {
                if level >= MAX_LEVEL {
                    return Err(Refusal::TooLarge.into());
                }
                let inner = match data.borrow().get(key.as_str()).map(|old| &old.value) {
                    None => SharedMap::default(),
                    Some(SharedValue::Map(map)) => map.clone(),
                    Some(_) => return Err(Refusal::NotContainer.into()),
                };
                let result = self.key(&inner, level + 1, depth + 1);
                let empty = inner.borrow().is_empty();
                if empty && result.is_ok() {
                    return Err(Refusal::NoValue.into());
                }
                if !empty {
                    self.put(data, &key, SharedValue::Map(inner));
                }
                result
            }
            Some(_) => {
                if self.text.peek().is_none() {
                    self.put(data, &key, SharedValue::Leaf("".into()));
                    return Err(Stop::End);
                }
                let value = self.value()?;
                self.put(data, &key, value);
                Ok(())
            }
        }
    }

    /// An empty name is not set.
    fn put(&self, data: &SharedMap, key: &str, value: SharedValue) {
        if !key.is_empty() {
            data.borrow_mut().insert(Str::from(key), Shared { span: self.span, value });
        }
    }

    /// The number before the closing bracket.
    fn index(&mut self) -> Result<i64, Stop> {
        let (text, stop) = self.until(&[']']);
        if stop.is_none() {
            return Err(Stop::End);
        }
        text.parse().map_err(|_| Refusal::Index.into())
    }

    /// What follows `[index]`. The list may be another one afterwards: a longer one is not shared with the old.
    fn item(&mut self, list: SharedList, index: i64, level: usize, depth: usize) -> (SharedList, Result<(), Stop>) {
        let Some(index) = usize::try_from(index).ok().filter(|_| depth <= MAX_DEPTH) else {
            return (list, Err(Refusal::Index.into()));
        };
        let (key, stop) = self.until(&['[', '.', '=']);
        if !key.is_empty() {
            return (list, Err(Refusal::Index.into()));
        }
        let value = match stop {
            None => return (list, Err(Stop::End)),
            Some('=') if self.text.peek().is_none() => SharedValue::Leaf("".into()),
            Some('=') => match self.value() {
                Ok(value) => value,
                Err(stop) => return (list, Err(stop)),
            },
            Some('[') => {
                let next = match self.index() {
                    Ok(next) => next,
                    Err(stop) => return (list, Err(stop)),
                };
                let inner = match list.borrow().get(index).map(|old| &old.value) {
                    None | Some(SharedValue::Leaf(Value::Null)) => SharedList::default(),
                    Some(SharedValue::List(inner)) => inner.clone(),
                    Some(_) => return (list.clone(), Err(Refusal::NotContainer.into())),
                };
                let (inner, result) = self.item(inner, next, level, depth + 1);
                if result.is_err() {
                    return (list, result);
                }
                SharedValue::List(inner)
            }
            Some(_) => {
                let inner = self.map_at(&list, index);
                let result = self.key(&inner, level, depth + 1);
                if result.is_err() {
                    return (list, result);
                }
                SharedValue::Map(inner)
            }
        };
        self.put_index(list, index, value)
    }

    /// The map at an index, which takes the place of anything else there.
    fn map_at(&self, list: &SharedList, index: usize) -> SharedMap {
        let mut items = list.borrow_mut();
        let Some(item) = items.get_mut(index) else { return SharedMap::default() };
        if let SharedValue::Map(map) = &item.value {
            return map.clone();
        }
        let map = SharedMap::default();
        *item = Shared { span: self.span, value: SharedValue::Map(map.clone()) };
        map
    }

    fn put_index(&mut self, list: SharedList, index: usize, value: SharedValue) -> (SharedList, Result<(), Stop>) {
        if index > MAX_INDEX {
            return (list, Err(Refusal::Index.into()));
        }
        let value = Shared { span: self.span, value };
        if let Some(item) = list.borrow_mut().get_mut(index) {
            *item = value;
            return (list.clone(), Ok(()));
        }
        let Some(left) = self.items.checked_sub(index + 1) else { return (list, Err(Refusal::TooLarge.into())) };
        self.items = left;
        let mut items = list.borrow().clone();
        items.resize_with(index, || Shared::leaf(self.span, Value::Null));
        items.push(value);
        (Rc::new(RefCell::new(items)), Ok(()))
    }

    /// A list in braces, or text up to a comma.
    fn value(&mut self) -> Result<SharedValue, Stop> {
        if self.text.next_if_eq(&'{').is_none() {
            let (text, _) = self.until(&[',']);
            return Ok(SharedValue::Leaf(self.typed(&text)));
        }
        let mut items = Vec::new();
        loop {
            let (text, stop) = self.until(&[',', '}']);
            let item = Shared::leaf(self.span, self.typed(&text));
            match stop {
                None => return Err(Refusal::OpenList.into()),
                Some('}') => {
                    self.text.next_if_eq(&',');
                    items.push(item);
                    return Ok(SharedValue::List(Rc::new(RefCell::new(items))));
                }
                Some(_) => items.push(item),
            }
        }
    }

    fn typed(&self, text: &str) -> Value {
        let is = |word: &str| text.eq_ignore_ascii_case(word);
        if self.as_text {
            text.into()
        } else if is("true") || is("false") {
            is("true").into()
        } else if is("null") {
            Value::Null
        } else if text == "0" {
            Value::Int(0)
        } else if !text.starts_with('0')
            && let Ok(number) = text.parse::<i64>()
        {
            number.into()
        } else {
            text.into()
        }
    }
}
