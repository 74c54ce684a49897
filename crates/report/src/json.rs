//! Findings as JSON: one object a finding, places in files that a user wrote.

use serde_json::{Value, json};
use source::{Diagnostic, Severity, Sources, Span};

use crate::places::{Place, Places, follow};

/// All findings as one JSON text, ending in a newline: an object with the list `diagnostics`.
pub fn json<'a>(sources: &Sources, diagnostics: impl IntoIterator<Item = &'a Diagnostic>) -> String {
    let list: Vec<Value> = diagnostics.into_iter().map(|d| diagnostic(sources, d)).collect();
    format!("{:#}\n", json!({ "diagnostics": list }))
}

/// One finding.
pub fn diagnostic(sources: &Sources, diagnostic: &Diagnostic) -> Value {
    let places = Places::of(sources, diagnostic);
    json!({
        "rule": diagnostic.rule,
        "severity": severity(diagnostic.severity),
        "message": diagnostic.message,
        "location": places.primary.as_ref().map(place),
        "related": places.related.iter().map(place).collect::<Vec<_>>(),
        "within": diagnostic.within,
        "notes": diagnostic.notes,
        "help": diagnostic.help,
    })
}

pub(crate) fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Info => "info",
        Severity::Warning => "warning",
        Severity::Error => "error",
    }
}

pub(crate) fn place(place: &Place) -> Value {
    json!({
        "path": &*place.name,
        "line": place.line,
        "column": place.column,
        "endLine": place.end_line,
        "endColumn": place.end_column,
        "message": place.message,
    })
}

/// The place of a span and those of the values that were put there.
pub fn places_json(sources: &Sources, span: Span) -> Value {
    follow(sources, span, None).iter().map(place).collect()
}
