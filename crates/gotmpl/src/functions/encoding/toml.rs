//! `toToml`: the layout of `github.com/BurntSushi/toml` v1.6.0, with tables indented by two blanks for each level.

use std::fmt::Write;

use crate::convert::{MAX_DEPTH, Seen, seen, to_utf8};
use crate::function::{Args, Call};
use crate::functions::dates;
use crate::{Budget, Failure, Item, List, Value};

/// Errors are the text.
pub(super) fn to_toml(call: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    let value = root(args)?;
    match print(call.budget, &value) {
        Ok(text) => Ok(text.into()),
        Err(Failure::Error(message)) => Ok(message.into()),
        Err(other) => Err(other),
    }
}

pub(super) fn must_to_toml(call: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    Ok(print(call.budget, &root(args)?)?.into())
}

/// The value to print. On nil upstream panics, which even `toToml` does not hide.
fn root(args: Args<'_>) -> Result<Value, Failure> {
    match reduced(args.value(0)?)? {
        Value::Nil => Err(Failure::error("reflect: call of reflect.Value.Type on zero Value")),
        value => Ok(value),
    }
}

fn print(budget: &mut Budget, value: &Value) -> Result<String, Failure> {
    let mut printer = Printer { out: String::new(), budget };
    printer.field(&mut Vec::new(), value)?;
    Ok(printer.out)
}

/// What TOML calls a value, as far as the layout depends on it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    Nil,
    Plain,
    Table,
    Tables,
}

fn shape(value: &Value) -> Result<Shape, Failure> {
    Ok(match value {
        Value::Nil => Shape::Nil,
        Value::Map(_) => Shape::Table,
        Value::List(list) if list.is_nil() => Shape::Nil,
        Value::List(list) if is_tables(list)? => Shape::Tables,
        _ => Shape::Plain,
    })
}

/// Whether all items are tables. A nil item has no place in TOML.
fn is_tables(list: &List) -> Result<bool, Failure> {
    let mut all = !list.is_empty();
    for item in list.items().iter() {
        let value = reduced(&item.value)?;
        match &value {
            Value::Nil => return Err(Failure::error("toml: cannot encode array with nil element")),
            Value::Map(_) => {}
            _ => all = false,
        }
    }
    Ok(all)
}

/// An object as the plain value that is printed for it. Dates have a form of their own.
fn reduced(value: &Value) -> Result<Value, Failure> {
    let Value::Object(object) = value else { return Ok(value.clone()) };
    if dates::to_toml(value).is_some() {
        return Ok(value.clone());
    }
    Ok(match seen(object.as_ref())? {
        Seen::Value(value) => value,
        Seen::Integer(number) => Value::Int64(i64::try_from(number).unwrap_or(i64::MAX)),
        Seen::Fields(fields) => {
            let map = crate::Map::new();
            for (name, item) in fields {
                map.insert(name, item);
            }
            Value::Map(map)
        }
    })
}

struct Printer<'b> {
    out: String,
    budget: &'b mut Budget,
}

/// What a value takes besides its text and its key.
const VALUE_SIZE: usize = 16;

impl Printer<'_> {
    /// A value under its key, which is empty for the document.
    fn field(&mut self, key: &mut Vec<String>, value: &Value) -> Result<(), Failure> {
        if key.len() > MAX_DEPTH {
            return Err(Failure::error("toml: tables are nested too deep"));
        }
        self.budget.allocate(key.iter().map(String::len).sum::<usize>() + 2 * key.len())?;
        match (shape(value)?, value) {
            (Shape::Nil, _) => {}
            (Shape::Tables, Value::List(list)) => {
                if key.is_empty() {
                    return Err(Failure::error("toml: top-level values must be Go maps or structs"));
                }
                for item in list.items().iter() {
                    self.newline();
                    let _ = writeln!(self.out, "{}[[{}]]", indent(key), key.join("."));
                    self.table(key, &reduced(&item.value)?)?;
                }
            }
            (Shape::Table, _) => {
                if key.len() == 1 {
                    self.newline();
                }
                if !key.is_empty() {
                    let _ = writeln!(self.out, "{}[{}]", indent(key), key.join("."));
                }
                self.table(key, value)?;
            }
            _ if key.is_empty() => self.element(value, 0)?,
            _ => {
                let _ = write!(self.out, "{}{} = ", indent(key), key.last().map_or("", String::as_str));
                self.element(value, 0)?;
                self.newline();
            }
        }
        Ok(())
    }

    /// The fields of a table: first those that are no tables themselves.
    fn table(&mut self, key: &mut Vec<String>, value: &Value) -> Result<(), Failure> {
        let (plain, tables) = split(value)?;
        for (name, value) in plain.into_iter().chain(tables) {
            key.push(name);
            self.field(key, &value)?;
            key.pop();
        }
        Ok(())
    }

    fn newline(&mut self) {
        if !self.out.is_empty() {
            self.out.push('\n');
        }
    }

    fn element(&mut self, value: &Value, depth: usize) -> Result<(), Failure> {
        if depth > MAX_DEPTH {
            return Err(Failure::error("toml: values are nested too deep"));
        }
        self.budget.allocate(VALUE_SIZE + if let Value::Str(text) = value { text.len() } else { 0 })?;
        match value {
            Value::Nil => return Err(Failure::error("unexpected type: <nil>")),
            Value::Bool(value) => {
                let _ = write!(self.out, "{value}");
            }
            Value::Int(number) | Value::Int64(number) => {
                let _ = write!(self.out, "{number}");
            }
            Value::Float(number) => self.out.push_str(&float(*number)),
            Value::Str(text) => self.quoted(&to_utf8(text)),
            Value::List(list) => {
                self.out.push('[');
                for (index, item) in list.items().iter().enumerate() {
                    if index > 0 {
                        self.out.push_str(", ");
                    }
                    self.element(&item.value, depth + 1)?;
                }
                self.out.push(']');
            }
            Value::Map(_) => self.inline_table(value, depth)?,
            Value::Object(_) => match dates::to_toml(value) {
                Some(date) => self.out.push_str(&date.to_str_lossy()),
                None => self.element(&reduced(value)?, depth + 1)?,
            },
        }
        Ok(())
    }

    /// A comma follows every field but the last of its half, nil fields included: that is upstream's slip.
    fn inline_table(&mut self, value: &Value, depth: usize) -> Result<(), Failure> {
        let (plain, tables) = split(value)?;
        self.out.push('{');
        let comma_after_plain = !tables.is_empty();
        for (fields, trailing) in [(plain, comma_after_plain), (tables, false)] {
            let last = fields.len().saturating_sub(1);
            for (index, (name, value)) in fields.into_iter().enumerate() {
                if shape(&value)? == Shape::Nil {
                    continue;
                }
                let _ = write!(self.out, "{name} = ");
                self.element(&value, depth + 1)?;
                if trailing || index != last {
                    self.out.push_str(", ");
                }
            }
        }
        self.out.push('}');
        Ok(())
    }

    fn quoted(&mut self, text: &str) {
        self.out.push('"');
        escape(&mut self.out, text);
        self.out.push('"');
    }
}

type Fields = Vec<(String, Value)>;

/// The fields by rising key, their keys quoted where needed: those that are no tables, and the tables.
fn split(value: &Value) -> Result<(Fields, Fields), Failure> {
    let (mut plain, mut tables) = (Vec::new(), Vec::new());
    let Value::Map(map) = value else { return Ok((plain, tables)) };
    for (name, Item { value, .. }) in map.snapshot() {
        let value = reduced(&value)?;
        let half = if matches!(shape(&value)?, Shape::Table | Shape::Tables) { &mut tables } else { &mut plain };
        half.push((key(&to_utf8(&name)), value));
    }
    Ok((plain, tables))
}

fn indent(key: &[String]) -> String {
    "  ".repeat(key.len().saturating_sub(1))
}

fn key(name: &str) -> String {
    let is_bare = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    if !name.is_empty() && name.chars().all(is_bare) {
        return name.to_owned();
    }
    let mut out = String::from("\"");
    escape(&mut out, name);
    out.push('"');
    out
}

pub(super) fn escape(out: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\u{8}' => out.push_str("\\b"),
            '\t' => out.push_str("\\t"),
            '\n' => out.push_str("\\n"),
            '\u{C}' => out.push_str("\\f"),
            '\r' => out.push_str("\\r"),
            '\0'..='\u{1F}' | '\u{7F}' => {
                // Writing to a string does not fail.
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
}

/// Go's shortest `%g` with a fraction where it would look like an integer.
fn float(number: f64) -> String {
    if number.is_nan() {
        return if number.is_sign_negative() { "-nan" } else { "nan" }.to_owned();
    }
    if number.is_infinite() {
        return if number > 0.0 { "inf" } else { "-inf" }.to_owned();
    }
    let text = yaml::go_float(number);
    if text.contains(['e', '.']) { text } else { text + ".0" }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::from_node;

    fn printed(yaml: &str) -> String {
        let node = yaml::read_values(source::FileId::new(1), yaml.as_bytes()).unwrap();
        print(&mut Budget::new(crate::Limits::default()), &from_node(&node).value).unwrap()
    }

    #[test]
    fn tables_follow_plain_fields() {
        assert_eq!(
            printed("z: 1\na: {q: x, l: [{c: {d: 1.5}}]}\n"),
            "z = 1.0\n\n[a]\n  q = \"x\"\n\n  [[a.l]]\n    [a.l.c]\n      d = 1.5\n"
        );
        assert_eq!(printed("a: [[{b: 1}], 2]\n"), "a = [[{b = 1.0}], 2.0]\n");
        assert_eq!(printed("a.b: 1000000\n"), "\"a.b\" = 1e+06\n");
    }
}
