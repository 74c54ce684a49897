//! The tables of a document while it is read: which exist, which only because others stand in them, and what may still be
//! defined. The rules, odd ones too, are those of upstream's `parse.go`.

use std::collections::{BTreeMap, BTreeSet};

use super::{Problem, Read};
use crate::{Item, List, ListType, Map, MapType, Value};

pub(super) type Table = BTreeMap<String, Node>;

#[derive(Clone, Debug)]
pub(super) enum Node {
    /// Anything but a table; inline tables in lists are maps already.
    Leaf(Value),
    Table(Table),
    /// Of `[[name]]`.
    Tables(Vec<Table>),
}

impl Node {
    pub(super) fn into_value(self) -> Value {
        match self {
            Node::Leaf(value) => value,
            Node::Table(table) => Value::Map(map_of(table)),
            Node::Tables(tables) => {
                let items = tables.into_iter().map(|table| Item::from(Value::Map(map_of(table))));
                Value::List(List::of(ListType::MAPS, items.collect::<Vec<_>>()))
            }
        }
    }
}

fn map_of(table: Table) -> Map {
    Map::of(MapType::ANY, table.into_iter().map(|(key, node)| (key.into(), Item::from(node.into_value()))))
}

#[derive(Default)]
pub(super) struct Tree {
    root: Table,
    /// The table that fields go to.
    pub(super) context: Vec<String>,
    /// The key whose value is read.
    pub(super) current_key: String,
    /// The line of the last key, which problems with keys name.
    pub(super) line: usize,
    /// Tables that exist because others stand in them.
    implicit: BTreeSet<String>,
    /// Keys whose values are lists.
    lists: BTreeSet<String>,
}

impl Tree {
    pub(super) fn into_map(self) -> Map {
        map_of(self.root)
    }

    /// The key that an error names.
    pub(super) fn last_key(&self) -> String {
        match (self.context.is_empty(), self.current_key.is_empty()) {
            (_, true) => dotted(&self.context),
            (true, false) => self.current_key.clone(),
            (false, false) => format!("{}.{}", dotted(&self.context), self.current_key),
        }
    }

    fn problem(&self, message: String) -> Problem {
        Problem { line: self.line, message }
    }

    fn defined(&self, key: &[String]) -> Problem {
        self.problem(format!("Key '{}' has already been defined.", dotted(key)))
    }

    pub(super) fn add_implicit(&mut self, key: &[String]) {
        self.implicit.insert(dotted(key));
    }

    pub(super) fn add_implicit_context(&mut self, key: &[String]) -> Read<()> {
        self.add_implicit(key);
        self.add_context(key, false)
    }

    /// Notes whether the value of a key of the context, or the context itself, is a list.
    pub(super) fn set_kind(&mut self, key: Option<&String>, is_list: bool) {
        let mut path = self.context.clone();
        path.extend(key.cloned());
        let name = if path.is_empty() { "\"\"".to_owned() } else { dotted(&path) };
        if is_list {
            self.lists.insert(name);
        } else {
            self.lists.remove(&name);
        }
    }

    /// Makes a table the context, with the tables that it stands in.
    pub(super) fn add_context(&mut self, key: &[String], is_list: bool) -> Read<()> {
        let Some((last, parents)) = key.split_last() else { return Ok(()) };
        let mut table = &mut self.root;
        for (index, parent) in parents.iter().enumerate() {
            let path = parents.get(..=index).unwrap_or_default();
            let node = table.entry(parent.clone()).or_insert_with(|| {
                self.implicit.insert(dotted(path));
                Node::Table(Table::new())
            });
            match inside(node) {
                Some(inner) => table = inner,
                None => {
                    let message = format!("Key '{}' was already created as a hash.", dotted(path));
                    return Err(Problem { line: self.line, message });
                }
            }
        }
        if is_list {
            match table.entry(last.clone()).or_insert_with(|| Node::Tables(Vec::new())) {
                Node::Tables(tables) => tables.push(Table::new()),
                _ => {
                    let message = format!("Key '{}' was already created and cannot be used as an array.", dotted(key));
                    self.context = parents.to_vec();
                    return Err(Problem { line: self.line, message });
                }
            }
            self.context = parents.to_vec();
        } else {
            self.context = parents.to_vec();
            self.set_value(last, Node::Table(Table::new()))?;
        }
        self.context.push(last.clone());
        Ok(())
    }

    /// Sets a key of the context, unless it is defined. What exists only implicitly may be defined once.
    pub(super) fn set_value(&mut self, key: &str, value: Node) -> Read<()> {
        let mut path = self.context.clone();
        path.push(key.to_owned());
        let name = dotted(&path);
        let (is_list, is_implicit) = (self.lists.contains(&name), self.implicit.contains(&name));
        let mut table = Some(&mut self.root);
        let mut depth = 0;
        for part in &self.context {
            depth += 1;
            table = table.and_then(|table| table.get_mut(part)).and_then(inside);
            if table.is_none() {
                break;
            }
        }
        let Some(table) = table else { return Err(self.defined(path.get(..depth).unwrap_or_default())) };
        if table.contains_key(key) && !is_implicit {
            return Err(self.defined(&path));
        }
        if is_list || !table.contains_key(key) {
            let is_new = table.insert(key.to_owned(), value).is_none();
            if is_new {
                return Ok(());
            }
        }
        self.implicit.remove(&name);
        Ok(())
    }
}

/// The table that further keys go to.
fn inside(node: &mut Node) -> Option<&mut Table> {
    match node {
        Node::Leaf(_) => None,
        Node::Table(table) => Some(table),
        Node::Tables(tables) => tables.last_mut(),
    }
}

/// Puts a value of an inline table under its dotted key.
pub(super) fn insert(table: &mut Table, key: &[String], value: Node) {
    let Some((last, parents)) = key.split_last() else { return };
    let mut table = Some(table);
    for parent in parents {
        table =
            table.and_then(|table| inside(table.entry(parent.clone()).or_insert_with(|| Node::Table(Table::new()))));
    }
    if let Some(table) = table {
        table.insert(last.clone(), value);
    }
}

/// A key as errors show it, and as it is known here.
fn dotted(key: &[String]) -> String {
    let is_bare = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    let part = |part: &String| {
        if !part.is_empty() && part.chars().all(is_bare) {
            return part.clone();
        }
        let mut out = String::from("\"");
        super::super::toml::escape(&mut out, part);
        out.push('"');
        out
    };
    key.iter().map(part).collect::<Vec<_>>().join(".")
}
