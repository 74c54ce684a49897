//! Names, indexes and values of one argument, from left to right.

use source::Span;
use yaml::Value;

use super::{MAX_INDEX, MAX_LEVEL, Refusal, Style};
use crate::atoi::atoi;
use crate::values::{Items, Shared, SharedValue, Table};

/// Names and indexes in a row; Helm has no bound for `a[0][0][0]`.
const MAX_DEPTH: usize = 200;

/// List items that one argument may create.
const MAX_ITEMS: usize = 1_000_000;

pub(super) enum Stop {
    /// The text ends; whatever was not finished is left out without an error, as upstream does.
    End,
    Refused(Refusal),
}

impl From<Refusal> for Stop {
    fn from(refusal: Refusal) -> Self {
        Stop::Refused(refusal)
    }
}

pub(super) struct Parser<'a> {
    rest: &'a str,
    style: Style<'a>,
    span: Span,
    items: usize,
}

impl<'a> Parser<'a> {
    pub(super) fn new(text: &'a str, style: Style<'a>, span: Span) -> Self {
        Self { rest: text, style, span, items: MAX_ITEMS }
    }

    pub(super) fn run(mut self, values: &Table) -> Result<(), Refusal> {
        loop {
            match self.key(values, 0, 0) {
                Ok(()) => {}
                Err(Stop::End) => return Ok(()),
                Err(Stop::Refused(refusal)) => return Err(refusal),
            }
        }
    }

    fn is_literal(&self) -> bool {
        matches!(self.style, Style::Literal)
    }

    fn next(&mut self) -> Option<char> {
        let mut chars = self.rest.chars();
        let next = chars.next();
        self.rest = chars.as_str();
        next
    }

    /// Takes the next character if it is this one.
    fn skip(&mut self, c: char) -> bool {
        match self.rest.strip_prefix(c) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    /// Text up to one of the given characters, and which one; `None` at the end.
    fn until(&mut self, stops: &[char]) -> (String, Option<char>) {
        let mut text = String::new();
        while let Some(c) = self.next() {
            if stops.contains(&c) {
                return (text, Some(c));
            }
            match c {
                '\\' if !self.is_literal() => match self.next() {
                    Some(c) => text.push(c),
                    None => break,
                },
                _ => text.push(c),
            }
        }
        (text, None)
    }

    fn leaf(&self, value: impl Into<Value>) -> Shared {
        Shared::new(self.span, value)
    }

    fn key(&mut self, data: &Table, level: usize, depth: usize) -> Result<(), Stop> {
        if depth > MAX_DEPTH {
            return Err(Refusal::TooLarge.into());
        }
        let stops: &[char] = if self.is_literal() { &['=', '[', '.'] } else { &['=', '[', ',', '.'] };
        let (key, stop) = self.until(stops);
        match stop {
            None if key.is_empty() => Err(Stop::End),
            None => Err(Refusal::NoValue(key).into()),
            Some(',') => Err(Refusal::Comma(key).into()),
            Some('[') => {
                let index = self.index()?;
                let old = data.get(&key);
                let list = match &old {
                    None => Items::default(),
                    Some(old) => items(old)?,
                };
                let (list, result) = self.item(list, index, level, depth + 1);
                let span = old.map_or(self.span, |old| old.span);
                put(data, key, Shared { span, value: SharedValue::Items(list) });
                result
            }
            Some('.') => {
                if level >= MAX_LEVEL {
                    return Err(Refusal::Level.into());
                }
                let (span, inner) = match data.get(&key) {
                    None => (self.span, Table::default()),
                    Some(old) => (old.span, table(&old)?),
                };
                let result = self.key(&inner, level + 1, depth + 1);
                if inner.is_empty() {
                    return result.and(Err(Refusal::EmptyTable(key).into()));
                }
                put(data, key, Shared { span, value: SharedValue::Table(inner) });
                result
            }
            Some(_) => {
                // The end of the text ends everything around this name, so that upstream drops `a[0].b=` but not `a[0]=`.
                let ends = self.rest.is_empty() && !matches!(self.style, Style::Json | Style::Literal);
                let value = self.value()?;
                put(data, key, value);
                if ends { Err(Stop::End) } else { Ok(()) }
            }
        }
    }

    /// The number before the closing bracket.
    fn index(&mut self) -> Result<i64, Stop> {
        let (text, stop) = self.until(&[']']);
        if stop.is_none() {
            return Err(Stop::End);
        }
        atoi(&text).map_err(|problem| Refusal::Index(problem).into())
    }

    /// What follows `[index]`. The list may be another one afterwards: a longer one is not shared with the old.
    fn item(&mut self, list: Items, index: i64, level: usize, depth: usize) -> (Items, Result<(), Stop>) {
        match self.item_value(&list, index, level, depth) {
            Ok(value) => self.put_index(list, index, value),
            Err(stop) => (list, Err(stop)),
        }
    }

    fn item_value(&mut self, list: &Items, index: i64, level: usize, depth: usize) -> Result<Shared, Stop> {
        let Ok(at) = usize::try_from(index) else { return Err(Refusal::NegativeIndex(index).into()) };
        if depth > MAX_DEPTH {
            return Err(Refusal::TooLarge.into());
        }
        let (key, stop) = self.until(&['[', '.', '=']);
        if !key.is_empty() {
            return Err(Refusal::AfterIndex(key).into());
        }
        match stop {
            None => Err(Stop::End),
            Some('=') => self.value(),
            Some('[') => {
                let next = self.index()?;
                let old = list.get(at).filter(|old| !old.is_null());
                let (span, inner) = match &old {
                    None => (self.span, Items::default()),
                    Some(old) => (old.span, items(old)?),
                };
                let (inner, result) = self.item(inner, next, level, depth + 1);
                result.map(|()| Shared { span, value: SharedValue::Items(inner) })
            }
            Some(_) => {
                let inner = self.table_at(list, at);
                if let SharedValue::Table(table) = &inner.value {
                    self.key(table, level, depth + 1)?;
                }
                Ok(inner)
            }
        }
    }

    /// The table at an index, which takes the place of anything else there.
    fn table_at(&self, list: &Items, index: usize) -> Shared {
        match list.get(index) {
            Some(old) if old.as_table().is_some() => old,
            _ => {
                let new = Shared { span: self.span, value: SharedValue::Table(Table::default()) };
                list.set(index, new.clone());
                new
            }
        }
    }

    fn put_index(&mut self, list: Items, index: i64, value: Shared) -> (Items, Result<(), Stop>) {
        let Some(at) = usize::try_from(index).ok().filter(|at| *at <= MAX_INDEX) else {
            return (list, Err(Refusal::LargeIndex(index).into()));
        };
        if list.set(at, value.clone()) {
            return (list, Ok(()));
        }
        let Some(left) = self.items.checked_sub(at + 1) else { return (list, Err(Refusal::TooLarge.into())) };
        self.items = left;
        (list.with(at, value), Ok(()))
    }

    fn value(&mut self) -> Result<Shared, Stop> {
        match self.style {
            Style::Json => self.json(),
            Style::Literal => {
                let text = std::mem::take(&mut self.rest);
                Ok(self.leaf(text))
            }
            Style::Typed | Style::Text | Style::File(_) => {
                if self.skip('{') {
                    return self.list();
                }
                // Nothing at the end is an empty text even where a file is wanted.
                if self.rest.is_empty() {
                    return Ok(self.leaf(""));
                }
                let (text, _) = self.until(&[',']);
                self.scalar(&text)
            }
        }
    }

    /// JSON up to its own end, then blanks and a comma; nothing is null.
    fn json(&mut self) -> Result<Shared, Stop> {
        if self.is_empty_value() {
            return Ok(self.leaf(Value::Null));
        }
        let (json, length) = yaml::read_json_prefix(self.rest.as_bytes()).map_err(Refusal::Json)?;
        let node = json.to_node(self.span).map_err(Refusal::Json)?;
        self.rest = self.rest.get(length..).unwrap_or_default();
        self.is_empty_value();
        Ok(Shared::new(node.span, node.value))
    }

    /// Takes blanks and, after them, a comma; whether nothing but these stood there.
    fn is_empty_value(&mut self) -> bool {
        self.rest = self.rest.trim_start();
        self.skip(',') || self.rest.is_empty()
    }

    /// The items of a list in braces.
    fn list(&mut self) -> Result<Shared, Stop> {
        let mut items = Vec::new();
        loop {
            let (text, stop) = self.until(&[',', '}']);
            if stop.is_none() {
                return Err(Refusal::OpenList.into());
            }
            items.push(self.scalar(&text)?);
            if stop == Some('}') {
                self.skip(',');
                return Ok(Shared { span: self.span, value: SharedValue::Items(items.into_iter().collect()) });
            }
        }
    }

    fn scalar(&self, text: &str) -> Result<Shared, Stop> {
        Ok(match self.style {
            Style::Typed => self.leaf(typed(text)),
            Style::File(read) => self.leaf(read(text).map_err(Refusal::File)?),
            Style::Text | Style::Json | Style::Literal => self.leaf(text),
        })
    }
}

/// An empty name is not set.
fn put(data: &Table, key: String, value: Shared) {
    if !key.is_empty() {
        data.insert(key, value);
    }
}

fn items(shared: &Shared) -> Result<Items, Refusal> {
    match &shared.value {
        SharedValue::Items(items) => Ok(items.clone()),
        other => Err(Refusal::Kind { found: go_type(other), wanted: "[]interface {}" }),
    }
}

fn table(shared: &Shared) -> Result<Table, Refusal> {
    match &shared.value {
        SharedValue::Table(table) => Ok(table.clone()),
        other => Err(Refusal::Kind { found: go_type(other), wanted: "map[string]interface {}" }),
    }
}

fn go_type(value: &SharedValue) -> &'static str {
    match value {
        SharedValue::Table(_) => "map[string]interface {}",
        SharedValue::Items(_) => "[]interface {}",
        SharedValue::Tree(value) => crate::values::go_type(value),
    }
}

fn typed(text: &str) -> Value {
    let is = |word: &str| text.eq_ignore_ascii_case(word);
    if is("true") || is("false") {
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
