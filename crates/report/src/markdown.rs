//! Findings as GitHub-flavoured Markdown: for pull request comments and job summaries.

use source::{Diagnostic, Severity, Sources};

use crate::places::Places;

/// A table with one row a finding, or one sentence when there is none.
pub fn markdown<'a>(sources: &Sources, diagnostics: impl IntoIterator<Item = &'a Diagnostic>) -> String {
    let mut text = String::new();
    for diagnostic in diagnostics {
        let icon = match diagnostic.severity {
            Severity::Error => "❌",
            Severity::Warning => "⚠️",
            Severity::Info => "ℹ️",
        };
        let place = Places::of(sources, diagnostic).primary;
        let place = place.map_or_else(
            || diagnostic.within.first().cloned().unwrap_or_default(),
            |place| format!("`{}:{}`", place.name.replace('`', ""), place.line),
        );
        let help = diagnostic.help.as_ref().map(|help| format!("<br>{}", cell(help))).unwrap_or_default();
        let message = cell(&diagnostic.message);
        text.push_str(&format!("| {icon} | `{}` | {} | {message}{help} |\n", diagnostic.rule, cell(&place)));
    }
    if text.is_empty() {
        return "No findings.\n".to_owned();
    }
    format!("| | Rule | Where | What |\n| --- | --- | --- | --- |\n{text}")
}

/// Text as it may stand in a cell of a table: nothing of it becomes HTML, a mention or another cell.
pub fn cell(text: &str) -> String {
    let mut safe = String::new();
    let mut code = false;
    for c in crate::clean(text, true).chars() {
        match c {
            '`' => {
                code = !code;
                safe.push('`');
            }
            '|' => safe.push_str("\\|"),
            '\n' => safe.push(' '),
            '<' if !code => safe.push_str("&lt;"),
            '>' if !code => safe.push_str("&gt;"),
            '&' if !code => safe.push_str("&amp;"),
            '@' if !code => safe.push_str("@\u{200b}"),
            '*' | '_' | '[' | ']' | '\\' if !code => {
                safe.push('\\');
                safe.push(c);
            }
            c => safe.push(c),
        }
    }
    if code {
        safe.push('`');
    }
    safe
}
