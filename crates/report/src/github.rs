//! Findings as GitHub workflow commands: GitHub puts them beside the lines of a pull request.
//!
//! The syntax and its escapes are those of `actions/toolkit` (`packages/core/src/command.ts`).

use source::{Diagnostic, Severity, Sources};

use crate::places::Places;

/// One line a finding.
pub fn github<'a>(sources: &Sources, diagnostics: impl IntoIterator<Item = &'a Diagnostic>) -> String {
    diagnostics.into_iter().map(|diagnostic| command(sources, diagnostic)).collect()
}

fn command(sources: &Sources, diagnostic: &Diagnostic) -> String {
    let level = match diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "notice",
    };
    let mut properties = Vec::new();
    if let Some(place) = Places::of(sources, diagnostic).primary {
        properties.push(format!("file={}", property(&place.name)));
        properties.push(format!("line={},endLine={}", place.line, place.end_line));
        // Columns are only allowed within one line.
        if place.line == place.end_line {
            properties.push(format!("col={},endColumn={}", place.column, place.end_column));
        }
    }
    properties.push(format!("title={}", property(diagnostic.rule)));
    let mut message = diagnostic.message.clone();
    if !diagnostic.within.is_empty() {
        message.push_str(&format!("\nin: {}", diagnostic.within.join(" ← ")));
    }
    for note in &diagnostic.notes {
        message.push_str(&format!("\n{note}"));
    }
    if let Some(help) = &diagnostic.help {
        message.push_str(&format!("\nhelp: {help}"));
    }
    format!("::{level} {}::{}\n", properties.join(","), data(&message))
}

pub(crate) fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

pub(crate) fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
