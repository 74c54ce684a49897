//! A chart's defaults under the values that are given for it, down through its subcharts
//! (`pkg/chart/common/util/coalesce.go`, v4.2.3).
//!
//! Upstream writes into tables that parent and subchart hold together: what a subchart's defaults add to a table nested in
//! a table of `global` is seen by its parent and its siblings. Here the same tables are shared, and stay shared in what
//! templates get.

mod print;
#[cfg(test)]
mod tests;

use std::collections::{HashMap, HashSet};

use source::Span;
use yaml::{Entry, Map, Node, Str, Value};

use crate::quote::quote;
use crate::values::{Shared, SharedValue, Table};
use crate::{Chart, Warning};

/// What a null in the values does; it changed from release to release.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum NullHandling {
    /// Helm 3.18 and 3.19: a null takes the default away, and stays where there is no default.
    V3,
    /// Helm 3.20, 4.0 and 4.1.0: a null inside of a table is taken away also where there is no default.
    V4_0,
    /// Helm 3.21 and 4.1.4: a null inside of a table stays where there is no default or a null.
    V4_1,
    /// Helm 4.2: as before, and nulls of the chart's own defaults are left out.
    V4_2,
}

/// How values are coalesced, and what Helm logs while it is done.
struct Coalescing<'a> {
    nulls: NullHandling,
    /// Whether nulls are kept for a later time, as `MergeValues` does.
    merge: bool,
    warnings: &'a mut Vec<Warning>,
}

const GLOBAL: &str = "global";

/// The values of a chart and all inside of it, nulls gone (`CoalesceValues`).
///
/// # Errors
/// Helm's text where the values for a subchart are not a table.
pub fn coalesce_values(
    chart: &Chart,
    values: &Map,
    nulls: NullHandling,
    warnings: &mut Vec<Warning>,
) -> Result<Table, String> {
    run(chart, values, Coalescing { nulls, merge: false, warnings })
}

/// The same with nulls kept (`MergeValues`).
///
/// # Errors
/// As [`coalesce_values`].
pub fn merge_values(
    chart: &Chart,
    values: &Map,
    nulls: NullHandling,
    warnings: &mut Vec<Warning>,
) -> Result<Table, String> {
    run(chart, values, Coalescing { nulls, merge: true, warnings })
}

fn run(chart: &Chart, values: &Map, mut how: Coalescing<'_>) -> Result<Table, String> {
    let table = Table::new(values);
    how.chart(chart, &table, "")?;
    Ok(table)
}

/// Puts into `over` what only `under` has, nulls kept (`MergeTables`). Tables that are taken over are shared from here on.
pub(crate) fn merge_tables(over: &Table, under: &Table, nulls: NullHandling, warnings: &mut Vec<Warning>) {
    Coalescing { nulls, merge: true, warnings }.tables(over, under, "", true);
}

impl Coalescing<'_> {
    fn chart(&mut self, chart: &Chart, dest: &Table, prefix: &str) -> Result<(), String> {
        let inner = join(prefix, chart.name());
        self.defaults(chart, dest, &inner);
        for subchart in chart.dependencies() {
            let name = subchart.name();
            let values = match dest.get(name) {
                None => {
                    let table = Table::default();
                    dest.insert(name, Shared { span: Span::DETACHED, value: SharedValue::Table(table.clone()) });
                    table
                }
                Some(Shared { value: SharedValue::Table(table), .. }) => table,
                Some(other) => {
                    return Err(format!("type mismatch on {name}: {}", print::as_boolean(&other.node().value)));
                }
            };
            self.globals(&values, dest, &inner);
            self.chart(subchart, &values, &inner)?;
        }
        Ok(())
    }

    /// The chart's own defaults under the values for it.
    fn defaults(&mut self, chart: &Chart, dest: &Table, prefix: &str) {
        let cleans = self.nulls >= NullHandling::V4_2;
        for default in chart.values() {
            let Entry { key, node, .. } = default;
            match (dest.get(key), &node.value) {
                (None, _) if self.merge || !cleans => dest.insert_entry(default),
                (None, Value::Null) => {}
                (None, Value::Map(map)) => {
                    let node = Node::new(node.span, without_nulls(map));
                    dest.insert_entry(&Entry { node, ..default.clone() });
                }
                (None, _) => dest.insert_entry(default),
                (Some(value), _) if value.is_null() && !self.merge => dest.remove(key),
                (Some(Shared { value: SharedValue::Table(table), .. }), Value::Map(map)) => {
                    // Nulls for a subchart are kept until the subchart's own defaults are there.
                    let merge = self.merge || chart.dependencies().iter().any(|inner| key == inner.name());
                    let under = if cleans && !merge { Table::new(&without_nulls(map)) } else { Table::new(map) };
                    self.tables(&table, &under, &join(prefix, key), merge);
                }
                (Some(Shared { value: SharedValue::Table(_), .. }), other) if !matches!(other, Value::Null) => {
                    self.warn(format!("warning: skipped value for {prefix}.{key}: Not a table."));
                }
                _ => {}
            }
        }
    }

    /// Hands the globals of a chart to one inside of it. Only the outermost tables are the subchart's own.
    fn globals(&mut self, dest: &Table, src: &Table, prefix: &str) {
        let skipped = |which| format!("warning: skipping globals because {which} {GLOBAL} is not a table.");
        let (span, own) = match dest.get(GLOBAL) {
            None => (Span::DETACHED, Table::default()),
            Some(Shared { span, value: SharedValue::Table(table) }) => (span, table),
            Some(_) => return self.warn(skipped("destination")),
        };
        let (above_span, above) = match src.get(GLOBAL) {
            None => (Span::DETACHED, Table::default()),
            Some(Shared { span, value: SharedValue::Table(table) }) => (span, table),
            Some(_) => return self.warn(skipped("source")),
        };
        for (key, value) in above.fields() {
            let old = own.get(&key);
            match (&value.value, old.as_ref().map(|old| &old.value)) {
                (SharedValue::Table(table), None | Some(SharedValue::Table(_))) => {
                    let copy = table.shallow();
                    if let Some(SharedValue::Table(old)) = old.as_ref().map(|old| &old.value) {
                        self.tables(&copy, old, &join(prefix, &key), true);
                    }
                    own.insert(key, Shared { span: value.span, value: SharedValue::Table(copy) });
                }
                (SharedValue::Table(_), Some(_)) => {
                    let key = quote(&key);
                    self.warn(format!("Conflict: cannot merge map onto non-map for {key}. Skipping."));
                }
                (_, Some(SharedValue::Table(_))) => self.warn(format!("key {key} is table. Skipping")),
                _ => own.insert(key, value),
            }
        }
        dest.insert(GLOBAL, Shared { span: span.or(above_span), value: SharedValue::Table(own) });
    }

    fn warn(&mut self, message: String) {
        self.warnings.push(Warning::log(message));
    }

    fn tables(&mut self, over: &Table, under: &Table, prefix: &str, merge: bool) {
        // Defaults that the nulls above them hide, for the releases that only delete these.
        let mut hidden: HashSet<Str> = HashSet::new();
        if self.nulls >= NullHandling::V4_0 {
            for (key, value) in over.fields().into_iter().filter(|(_, value)| value.is_null()) {
                if under.get(&key).is_some_and(|old| !old.is_null()) {
                    hidden.insert(key.clone());
                }
                under.insert(key, value);
            }
        }
        for (key, value) in under.fields() {
            let Some(old) = over.get(&key) else {
                over.take(&key, under);
                continue;
            };
            let deletes = self.nulls < NullHandling::V4_1 || hidden.contains(&key);
            match (&old.value, &value.value) {
                _ if old.is_null() && !merge && deletes => over.remove(&key),
                (SharedValue::Table(old), SharedValue::Table(new)) => self.tables(old, new, &join(prefix, &key), merge),
                (_, SharedValue::Table(table)) => {
                    let (full, shown) = (join(prefix, &key), print::plain(&Value::Map(table.map())));
                    self.warn(format!("warning: cannot overwrite table with non table for {full} ({shown})"));
                }
                (SharedValue::Table(_), _) if !value.is_null() => {
                    let (full, shown) = (join(prefix, &key), print::plain(&value.node().value));
                    self.warn(format!(
                        "warning: destination for {full} is a table. Ignoring non-table value ({shown})"
                    ));
                }
                _ => {}
            }
        }
    }
}

fn join(prefix: &str, name: &str) -> String {
    if prefix.is_empty() { name.to_owned() } else { format!("{prefix}.{name}") }
}

/// A map without the nulls in it and in the maps inside of it; lists keep theirs. What holds none is not copied.
fn without_nulls(map: &Map) -> Map {
    if !has_nulls(map) {
        return map.clone();
    }
    let mut kept = Map::new();
    for entry in map {
        match &entry.node.value {
            Value::Null => {}
            Value::Map(inner) => {
                kept.push(Entry { node: Node::new(entry.node.span, without_nulls(inner)), ..entry.clone() });
            }
            _ => kept.push(entry.clone()),
        }
    }
    kept
}

fn has_nulls(map: &Map) -> bool {
    map.values().any(|node| node.is_null() || node.as_map().is_some_and(has_nulls))
}

/// The values as templates get them. Tables that are one here are one there: a `set` on one is seen by all.
pub fn template_values(table: &Table) -> gotmpl::Map {
    template_map(table, &mut HashMap::new())
}

fn template_map(table: &Table, seen: &mut HashMap<usize, gotmpl::Map>) -> gotmpl::Map {
    let id = table.id();
    if let Some(map) = seen.get(&id) {
        return map.clone();
    }
    let map = gotmpl::Map::new();
    table.each(|key, shared| map.insert(key.as_str(), template_item(shared, seen)));
    seen.insert(id, map.clone());
    map
}

fn template_item(shared: &Shared, seen: &mut HashMap<usize, gotmpl::Map>) -> gotmpl::Item {
    match &shared.value {
        SharedValue::Table(table) => gotmpl::Item::new(template_map(table, seen), shared.span),
        SharedValue::Items(items) => {
            let items = items.map(|item| template_item(item, seen));
            gotmpl::Item::new(gotmpl::List::any(items), shared.span)
        }
        SharedValue::Tree(value) => {
            gotmpl::from_node_with(&Node { span: shared.span, value: value.clone() }, gotmpl::Numbers::Int64)
        }
    }
}
