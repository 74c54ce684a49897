//! A rendered cluster as text: what a person would want to see change in a review of a test.

use std::fmt::Write as _;

use flux::{Rendered, Resolution, UnitStatus};
use source::{Diagnostic, Severity, Sources, Span};

/// Everything that a cluster gets, without the objects' fields.
pub(crate) fn summary(rendered: &Rendered, sources: &Sources) -> String {
    let mut out = format!("cluster {}\n", rendered.entry);
    for unit in &rendered.units {
        let status = match &unit.status {
            UnitStatus::Rendered => "rendered".to_owned(),
            UnitStatus::NotRendered { reason } => format!("not rendered: {reason}"),
            UnitStatus::Failed => "failed".to_owned(),
            UnitStatus::Suspended => "suspended".to_owned(),
            UnitStatus::Blocked { reason } => format!("blocked: {reason}"),
        };
        let _ = writeln!(out, "\n{} wave {} depth {} {status}", unit.id, unit.wave, unit.depth);
        if let Some(source) = &unit.source {
            let path = source.path.as_ref().map(|path| format!(" {path}")).unwrap_or_default();
            let _ = writeln!(out, "  from {}{path} ({})", source.id, resolution(&source.resolution));
        }
        for dependency in &unit.depends_on {
            let _ = writeln!(out, "  after {}{}", dependency.id, if dependency.found { "" } else { " (missing)" });
        }
        if let Some(release) = &unit.release {
            let version = release.version.as_deref().unwrap_or("*");
            let rendered = release.rendered.as_ref().map(|found| format!(", rendered {found}")).unwrap_or_default();
            let _ = writeln!(out, "  release {} of {} {version}{rendered}", release.name, release.chart);
        }
        for object in &unit.objects {
            let id = rendered.identity(object);
            let _ = writeln!(out, "  {id} {}", place(sources, object.origin.span));
        }
    }
    if !rendered.needs.is_empty() {
        out.push_str("\nneeds\n");
        for need in &rendered.needs {
            let wanted_by: Vec<String> = need.wanted_by.iter().map(ToString::to_string).collect();
            let version = need.revision.as_deref().unwrap_or("*");
            let chart = need.chart.as_ref().map(|chart| format!(" {chart} {version}")).unwrap_or_default();
            let _ = writeln!(out, "  {}{chart} for {}", need.source, wanted_by.join(", "));
        }
    }
    let findings: Vec<&Diagnostic> = rendered.all_diagnostics().collect();
    if !findings.is_empty() {
        out.push_str("\nfindings\n");
        findings.iter().for_each(|finding| diagnostic(&mut out, sources, finding));
    }
    out
}

fn resolution(resolution: &Resolution) -> String {
    match resolution {
        Resolution::Repository { root, because } => format!("the repository at {root}: {because}"),
        Resolution::Given { display } => format!("given: {display}"),
        Resolution::Mirrored { display } => format!("mirrored: {display}"),
        Resolution::Composed { generator } => format!("composed by {generator}"),
        Resolution::NotAvailable => "not available".to_owned(),
        Resolution::NotDefined => "not defined".to_owned(),
        Resolution::NotNeeded => "not needed".to_owned(),
    }
}

/// One finding with its places, on a line each.
pub(crate) fn diagnostic(out: &mut String, sources: &Sources, finding: &Diagnostic) {
    let severity = match finding.severity {
        Severity::Info => "info",
        Severity::Warning => "warning",
        Severity::Error => "error",
    };
    let _ = writeln!(out, "  {severity}[{}] {}: {}", finding.rule, place(sources, finding.span), finding.message);
    for label in &finding.related {
        let _ = writeln!(out, "    {}: {}", place(sources, label.span), label.message);
    }
    for note in &finding.notes {
        let _ = writeln!(out, "    note: {note}");
    }
    if let Some(help) = &finding.help {
        let _ = writeln!(out, "    help: {help}");
    }
    if !finding.within.is_empty() {
        let _ = writeln!(out, "    in: {}", finding.within.join(" <- "));
    }
}

/// `file:line` of where a span comes from.
pub(crate) fn place(sources: &Sources, span: Span) -> String {
    let origin = sources.resolve(span).first().copied().unwrap_or(span);
    sources.location(origin).map_or_else(|| "-".to_owned(), |at| format!("{}:{}", at.name, at.line))
}
