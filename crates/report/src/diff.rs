//! Differences of two clusters: for people by unit, object and field; as Markdown and annotations for reviews; as JSON.

mod fields;
mod review;

use plan::{Change, Comparison, What};
use serde_json::{Value, json};
use source::{Sources, Span};

use crate::{Paint, Style, clean};

pub use review::{github as diff_github, markdown as diff_markdown};

/// The comparison of one cluster, and what it is called.
#[derive(Clone, Copy, Debug)]
pub struct ClusterDiff<'a> {
    /// The name of the cluster.
    pub name: &'a str,
    /// What changes.
    pub comparison: &'a Comparison,
}

/// The changes of all clusters as text.
pub fn diff(sources: &Sources, clusters: &[ClusterDiff<'_>], style: Style) -> String {
    let mut text = String::new();
    for cluster in clusters.iter().filter(|cluster| !cluster.comparison.changes.is_empty()) {
        text.push_str(&style.paint(Paint::Bold, &format!("cluster {}", clean(cluster.name, false))));
        text.push('\n');
        let mut unit = None;
        for change in &cluster.comparison.changes {
            if unit != Some(change.what.unit()) {
                unit = Some(change.what.unit());
                let name = change.what.unit().to_string();
                text.push_str(&format!("  {}\n", style.paint(Paint::Cyan, &clean(&name, false))));
            }
            text.push_str(&object(sources, change, style));
        }
        text.push('\n');
    }
    text
}

/// `2 added, 1 changed`; empty when nothing changes.
pub fn diff_summary(clusters: &[ClusterDiff<'_>]) -> String {
    let changes = || clusters.iter().flat_map(|cluster| &cluster.comparison.changes);
    let words = ["added", "changed", "moved", "removed"];
    let mut parts: Vec<String> = words
        .iter()
        .map(|word| (changes().filter(|change| change.what.as_str() == *word).count(), word))
        .filter(|(count, _)| *count > 0)
        .map(|(count, word)| format!("{count} {word}"))
        .collect();
    let deleted = changes().filter(|change| change.what.deletes()).count();
    if deleted > 0 {
        parts.push(format!("{deleted} deleted from the cluster"));
    }
    parts.join(", ")
}

fn object(sources: &Sources, change: &Change, style: Style) -> String {
    let (sign, paint) = sign(&change.what);
    let cluster = change.cluster.as_ref().map(|cluster| format!(" in remote cluster {cluster}")).unwrap_or_default();
    let head = clean(&format!("{}{cluster}", change.id), false).into_owned();
    let mut text = format!("    {} {head}", style.paint(paint, sign));
    let place = place(sources, change.span);
    let gap = (style.width).saturating_sub(8 + head.chars().count() + place.chars().count()).max(2);
    if !place.is_empty() && gap + place.len() + head.len() < style.width {
        text.push_str(&format!("{}{}", " ".repeat(gap), style.paint(Paint::Dim, &place)));
    }
    text.push('\n');
    for note in notes(change) {
        let wrapped = crate::terminal::wrap(&clean(&note, false), style.width.saturating_sub(10));
        let painted = if change.what.deletes() { Paint::Red } else { Paint::Yellow };
        for line in wrapped.lines() {
            text.push_str(&format!("        {}\n", style.paint(painted, line)));
        }
    }
    text.push_str(&fields::human(&change.fields, style));
    text
}

fn sign(what: &What) -> (&'static str, Paint) {
    match what {
        What::Added { .. } => ("+", Paint::Green),
        What::Removed { .. } => ("-", Paint::Red),
        What::Changed { .. } => ("~", Paint::Yellow),
        What::Moved { .. } => ("»", Paint::Yellow),
    }
}

/// What has to be known about a change besides its fields.
fn notes(change: &Change) -> Vec<String> {
    let mut notes = match &change.what {
        What::Added { .. } | What::Changed { .. } => Vec::new(),
        What::Removed { fate, loss, .. } => {
            std::iter::once(fate.to_string()).chain(loss.map(|l| l.to_string())).collect()
        }
        What::Moved { from, risk, .. } => {
            std::iter::once(format!("moved here from {from}")).chain(risk.as_ref().map(ToString::to_string)).collect()
        }
    };
    if change.suspended {
        notes.push("nothing happens until its unit is resumed".to_owned());
    }
    notes
}

fn place(sources: &Sources, span: Span) -> String {
    let at = sources.resolve(span).first().and_then(|span| sources.location(*span));
    at.map(|at| format!("{}:{}", clean(&at.name, false), at.line)).unwrap_or_default()
}

/// The changes of all clusters as JSON; values of Secrets are masked.
pub fn diff_json(sources: &Sources, clusters: &[ClusterDiff<'_>]) -> String {
    let clusters: Vec<Value> = clusters
        .iter()
        .map(|cluster| {
            let not_compared = cluster.comparison.not_compared.iter();
            json!({
                "name": cluster.name,
                "changes": cluster.comparison.changes.iter().map(|c| change_json(sources, c)).collect::<Vec<_>>(),
                "notCompared": not_compared
                    .map(|not| json!({ "unit": not.unit.to_string(), "reason": not.reason }))
                    .collect::<Vec<_>>(),
            })
        })
        .collect();
    format!("{:#}\n", json!({ "clusters": clusters }))
}

fn change_json(sources: &Sources, change: &Change) -> Value {
    let value = |node: &Option<yaml::Node>| {
        node.as_ref().and_then(|node| serde_json::from_str::<Value>(&yaml::to_json(node)).ok())
    };
    let fields: Vec<Value> = change
        .fields
        .iter()
        .map(|field| {
            json!({
                "path": field.path.to_string(),
                "change": field.kind.to_string(),
                "random": field.random,
                "old": value(&field.old),
                "new": value(&field.new),
                "at": field.new.as_ref().or(field.old.as_ref()).map(|node| place(sources, node.span)),
            })
        })
        .collect();
    let from = if let What::Moved { from, .. } = &change.what { Some(from.to_string()) } else { None };
    json!({
        "change": change.what.as_str(),
        "object": {
            "group": &*change.id.group_kind.group,
            "kind": &*change.id.group_kind.kind,
            "namespace": &*change.id.namespace,
            "name": &*change.id.name,
        },
        "remoteCluster": change.cluster.as_deref(),
        "unit": change.what.unit().to_string(),
        "from": from,
        "deletes": change.what.deletes(),
        "suspended": change.suspended,
        "notes": notes(change),
        "fields": fields,
        "at": place(sources, change.span),
    })
}
