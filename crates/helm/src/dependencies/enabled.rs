//! Conditions, tags and aliases: which charts inside take part.

use std::collections::BTreeSet;

use yaml::{Map, Node, Value};

use super::{MAX_CHARTS, Processing};
use crate::capabilities::is_compatible;
use crate::chart::Parts;
use crate::{Chart, Dependency, Warning, coalesce_values};

impl Processing {
    /// The chart at `at` with the charts inside that are enabled (`processDependencyEnabled`). `path` leads from the
    /// outermost chart to this one in the values and ends with a dot, if it is not empty.
    pub(super) fn enabled(&mut self, chart: &Chart, at: &str, values: &Map, path: &str) -> Result<Chart, String> {
        self.charts += 1;
        if self.charts > MAX_CHARTS {
            return Err(format!("the chart holds more than {MAX_CHARTS} charts"));
        }
        let mut parts = chart.to_parts();
        // Without a list Helm does not look further down either.
        let Some(listed) = parts.metadata.dependencies.take() else { return Ok(chart.clone()) };
        let mut listed: Vec<Dependency> = listed.into_iter().flatten().collect();

        let is_of = |inner: &Chart, listed: &Dependency| {
            inner.name() == listed.name && is_compatible(&listed.version, &inner.metadata().version)
        };
        let unlisted = chart.dependencies().iter().filter(|inner| !listed.iter().any(|one| is_of(inner, one)));
        parts.dependencies = unlisted.map(directly_inside).collect();
        for one in &mut listed {
            let inner = chart.dependencies().iter().find(|inner| is_of(inner, one));
            parts.dependencies.extend(inner.map(|inner| copied(inner, at, &one.alias)));
            if !one.alias.is_empty() {
                one.name = one.alias.clone();
            }
            one.enabled = true;
        }
        parts.metadata.dependencies = Some(listed.iter().cloned().map(Some).collect());

        let named = Chart::new(Parts::clone(&parts));
        let values = coalesce_values(&named, values, self.nulls, &mut self.warnings)?.map();
        self.tags(&mut listed, &values);
        self.conditions(&mut listed, &values, path);

        let disabled: BTreeSet<_> = listed.iter().filter(|one| !one.enabled).map(|one| one.name.clone()).collect();
        listed.retain(|one| !disabled.contains(&one.name));
        let kept = parts.dependencies.iter().filter(|inner| !disabled.contains(inner.name()));
        let kept = kept
            .map(|inner| self.enabled(inner, &inner.full_path(Some(at)), &values, &format!("{path}{}.", inner.name())));
        parts.dependencies = kept.collect::<Result<_, _>>()?;
        let listed: Vec<_> = listed.into_iter().map(Some).collect();
        parts.metadata.dependencies = (!listed.is_empty()).then_some(listed);
        Ok(Chart::new(parts))
    }

    /// `processDependencyTags`.
    fn tags(&mut self, listed: &mut [Dependency], values: &Map) {
        let Some(Value::Map(tags)) = values.get("tags").map(|node| &node.value) else { return };
        for one in listed {
            let (mut on, mut off) = (false, false);
            for tag in &one.tags {
                match tags.get(tag).map(|node| &node.value) {
                    None => {}
                    Some(Value::Bool(value)) => {
                        on |= *value;
                        off |= !*value;
                    }
                    Some(_) => self.warnings.push(not_bool("tag", tag, &one.name)),
                }
            }
            one.enabled = on || !off;
        }
    }

    /// `processDependencyConditions`.
    fn conditions(&mut self, listed: &mut [Dependency], values: &Map, path: &str) {
        for one in listed {
            for condition in one.condition.trim().split(',').filter(|condition| !condition.is_empty()) {
                match path_value(values, &format!("{path}{condition}")).map(|node| &node.value) {
                    None => {}
                    Some(Value::Bool(value)) => {
                        one.enabled = *value;
                        break;
                    }
                    Some(_) => self.warnings.push(not_bool("path", condition, &one.name)),
                }
            }
        }
    }
}

fn not_bool(what: &'static str, name: &str, chart: &str) -> Warning {
    Warning::warn("returned non-bool value", [(what, name), ("chart", chart)])
}

/// `getAliasDependency` copies a chart with the charts inside, but not those inside of them, which go on to belong to what
/// was copied. That shows where the copy has another name.
fn copied(chart: &Chart, at: &str, alias: &str) -> Chart {
    let mut parts = chart.to_parts();
    parts.around = None;
    let old = chart.full_path(Some(at));
    if !alias.is_empty() {
        parts.metadata.name = alias.to_owned();
    }
    let new = format!("{at}/charts/{}", parts.metadata.name);
    if old != new {
        parts.dependencies.iter_mut().for_each(|inner| {
            let around = inner.full_path(Some(&old));
            let mut parts = inner.to_parts();
            parts.around = None;
            parts.dependencies.iter_mut().for_each(|innermost| belongs_to(innermost, &around));
            *inner = Chart::new(parts);
        });
    }
    Chart::new(parts)
}

/// A chart that belongs to the one that it lies in.
fn directly_inside(chart: &Chart) -> Chart {
    match chart.around() {
        None => chart.clone(),
        Some(_) => Chart::new(Parts { around: None, ..chart.to_parts() }),
    }
}

fn belongs_to(chart: &mut Chart, around: &str) {
    if chart.around().is_none() {
        let parts = Parts { around: Some(around.into()), ..chart.to_parts() };
        *chart = Chart::new(parts);
    }
}

/// The value at a path of names between dots, unless it is a table.
fn path_value<'v>(values: &'v Map, path: &str) -> Option<&'v Node> {
    let mut names = path.split('.');
    let last = names.next_back()?;
    let table = names.try_fold(values, |table, name| table.get(name)?.as_map())?;
    table.get(last).filter(|node| node.as_map().is_none())
}
