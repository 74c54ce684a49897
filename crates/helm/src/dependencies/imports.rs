//! `import-values`: what charts inside lend to the values of the chart around them.

use source::Span;
use yaml::{Map, Value};

use super::Processing;
use crate::coalesce::{merge_tables, merge_values};
use crate::values::{Shared, SharedValue, Table};
use crate::{Chart, Dependency, ImportValue, Warning};

impl Processing {
    /// The chart with imported values, from the inside out (`processDependencyImportValues`).
    pub(super) fn imported(&mut self, chart: &Chart) -> Result<Chart, String> {
        let mut parts = chart.to_parts();
        let inner = chart.dependencies().iter().map(|inner| self.imported(inner));
        parts.dependencies = inner.collect::<Result<_, _>>()?;
        let Some(mut listed) = parts.metadata.dependencies.take() else { return Ok(Chart::new(parts)) };

        // Upstream also merges where there is nothing to import, so that the values of charts inside become defaults here.
        let values = merge_values(&Chart::new(parts.clone()), &Map::new(), self.nulls, &mut self.warnings)?;
        let lent = Table::default();
        for one in listed.iter_mut().flatten() {
            let imports = std::mem::take(&mut one.import_values);
            one.import_values = imports.iter().filter_map(|import| self.import(one, import, &values, &lent)).collect();
        }
        // Upstream copies the values first, since tables in them may be in what is lent, too.
        let own = Table::new(&values.map());
        merge_tables(&own, &lent, self.nulls, &mut self.warnings);
        parts.values = own.map();
        parts.metadata.dependencies = Some(listed);
        Ok(Chart::new(parts))
    }

    fn import(&mut self, one: &Dependency, import: &ImportValue, values: &Table, lent: &Table) -> Option<ImportValue> {
        let ImportValue::Read(node) = import else { return Some(import.clone()) };
        let (child, parent) = match &node.value {
            Value::Str(name) => (format!("exports.{name}"), ".".to_owned()),
            Value::Map(map) => (shown(map, "child"), shown(map, "parent")),
            _ => return None,
        };
        match table(values, &format!("{}.{child}", one.name)) {
            Ok(table) => merge_tables(lent, &below(&parent, table), self.nulls, &mut self.warnings),
            Err(name) => {
                let error = format!("{} is not a table", gotmpl::quote(name.as_bytes()));
                self.warnings.push(match node.value {
                    Value::Str(_) => Warning::warn("ImportValues missing table", [("error", &error)]),
                    _ => Warning::warn(
                        "ImportValues missing table from chart",
                        [("chart", &one.name), ("error", &error)],
                    ),
                });
            }
        }
        Some(ImportValue::Paths { child, parent })
    }
}

/// As Go's `%v` shows what should be a text.
fn shown(map: &Map, key: &str) -> String {
    match map.get(key).map(|node| &node.value) {
        None | Some(Value::Null) => "<nil>".to_owned(),
        Some(Value::Str(text)) => text.as_str().to_owned(),
        Some(Value::Bool(value)) => value.to_string(),
        Some(Value::Int(number)) => number.to_string(),
        Some(Value::Uint(number)) => number.to_string(),
        Some(Value::Float(number)) => yaml::json_float(*number),
        Some(Value::List(_)) => "[]".to_owned(),
        Some(Value::Map(_)) => "map[]".to_owned(),
    }
}

/// The table at a path of names between dots, or the name that leads to none.
fn table<'p>(values: &Table, path: &'p str) -> Result<Table, &'p str> {
    path.split('.')
        .try_fold(values.clone(), |table, name| match table.get(name).map(|found| found.value) {
            Some(SharedValue::Table(table)) => Ok(table),
            _ => Err(name),
        })
        // Upstream gives a new table for an empty one (`Values.AsMap`).
        .map(|table| if table.is_empty() { Table::default() } else { table })
}

/// Tables around a table, so that it lies at `path` (`pathToMap`).
fn below(path: &str, table: Table) -> Table {
    if path == "." {
        return table;
    }
    path.rsplit('.').fold(table, |inner, name| {
        let outer = Table::default();
        outer.insert(name, Shared { span: Span::DETACHED, value: SharedValue::Table(inner) });
        outer
    })
}
