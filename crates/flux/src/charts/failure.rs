//! Why a chart does not render, as a finding: the line of the template first, then how it came to be run, the values, and
//! the release.

use gotmpl::{ExecError, Site};
use helm::RenderError;
use source::{Diagnostic, Sources, Span};
use yaml::{Map, Node, Value};

/// What is rendered for whom, and with what.
pub(crate) struct Context<'c> {
    /// The name of the chart, for people.
    pub(crate) chart: &'c str,
    /// Who asks for it: a Flux object, or a kustomization.
    pub(crate) unit: &'c str,
    /// Where it is asked for.
    pub(crate) place: Span,
    /// Where its values are.
    pub(crate) values_place: Span,
    pub(crate) values: &'c Map,
    pub(crate) sources: &'c Sources,
}

/// Places of a chain that are shown; the others are counted.
const CHAIN: usize = 8;

/// What Helm says before the messages of schemas.
const SCHEMA: &str = "values don't meet the specifications";

/// The finding for an error of a render.
pub(crate) fn diagnostic(error: &RenderError, context: &Context<'_>) -> Diagnostic {
    let finding = match &error.exec {
        Some(exec) => executing(exec, context),
        None if !error.violations.is_empty() => violations(error, context),
        None => {
            let place = error.span.or(context.place);
            let message = format!("the chart `{}` does not render: {}", context.chart, first_line(&error.message));
            Diagnostic::error("helm/render-failed", place, message)
        }
    };
    let mut finding = finding.with_related(context.place, format!("the chart of `{}`", context.unit));
    finding.message = without_secrets(&finding.message, context);
    for note in &mut finding.notes {
        *note = without_secrets(note, context);
    }
    finding
}

/// A schema that refers to others by address is checked by Flux and can not be checked here: the values are taken as they
/// are, and that is said.
pub(crate) fn schema_not_here(error: &RenderError, context: &Context<'_>) -> Option<Diagnostic> {
    let only_schema = error.exec.is_none() && error.violations.is_empty() && error.message.starts_with(SCHEMA);
    let message = format!("the values are not checked against the schema of the chart `{}`", context.chart);
    let why = error.message.lines().map(str::trim).rfind(|line| !line.is_empty()).unwrap_or_default();
    only_schema.then(|| {
        Diagnostic::warning("helm/schema-not-checked", context.place, message).with_note(without_secrets(why, context))
    })
}

fn executing(exec: &ExecError, context: &Context<'_>) -> Diagnostic {
    let cause = String::from_utf8_lossy(&exec.cause).into_owned();
    let cause = cause.trim();
    let innermost = exec.trail.iter().rev().find(|site| !site.span.is_detached());
    let place = innermost.map_or(context.place, |site| site.span);
    let chart = context.chart;
    let mut finding = if exec.is_chart {
        Diagnostic::error("helm/chart-refuses", place, format!("the chart `{chart}` refuses: {}", first_line(cause)))
    } else {
        let finding = Diagnostic::error(
            "helm/render-failed",
            place,
            format!("the chart `{chart}` does not render: {}", first_line(cause)),
        );
        match innermost {
            Some(site) if !site.node.is_empty() => finding.with_label(format!("at `{}`", site.node)),
            _ => finding,
        }
    };
    for line in cause.lines().skip(1).filter(|line| !line.trim().is_empty()).take(CHAIN) {
        finding = finding.with_note(line.trim().to_owned());
    }
    let outer: Vec<&Site> = exec.trail.iter().rev().skip(1).collect();
    for site in outer.iter().take(CHAIN) {
        finding = finding.with_note(format!("called at {}:{} by `{}`", site.file, site.line, site.node));
    }
    if let Some(more) = outer.len().checked_sub(CHAIN).filter(|more| *more > 0) {
        finding = finding.with_note(format!("called through {more} more"));
    }
    finding.with_related(context.values_place, "its values")
}

/// Values that their schema refuses: the first one is the place, the others stand beside it.
fn violations(error: &RenderError, context: &Context<'_>) -> Diagnostic {
    let message = |violation: &helm::Violation| {
        let at = if violation.location.is_empty() { "/" } else { &violation.location };
        format!("`{at}`: {}", violation.message)
    };
    let mut all = error.violations.iter();
    let first = all.next();
    let place = first.map_or(Span::DETACHED, |violation| violation.span).or(context.values_place);
    let words = first.map(message).unwrap_or_default();
    let mut finding = Diagnostic::error(
        "helm/values-refused",
        place,
        format!("the schema of the chart `{}` refuses {words}", context.chart),
    );
    for violation in all.clone().take(CHAIN) {
        finding = match violation.span.is_detached() {
            true => finding.with_note(format!("it also refuses {}", message(violation))),
            false => finding.with_related(violation.span, message(violation)),
        };
    }
    if let Some(more) = all.len().checked_sub(CHAIN).filter(|more| *more > 0) {
        finding = finding.with_note(format!("and {more} more"));
    }
    finding
}

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or_default().trim().trim_end_matches('.')
}

/// The words of a chart may repeat what it was given, and values of Secrets are nobody's to read.
fn without_secrets(text: &str, context: &Context<'_>) -> String {
    let mut secrets = Vec::new();
    context.values.iter().for_each(|entry| collect(&entry.node, context.sources, &mut secrets));
    secrets.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
    secrets.iter().fold(text.to_owned(), |text, secret| text.replace(secret.as_str(), "***"))
}

fn collect(node: &Node, sources: &Sources, secrets: &mut Vec<String>) {
    match &node.value {
        Value::Map(fields) => fields.iter().for_each(|entry| collect(&entry.node, sources, secrets)),
        Value::List(items) => items.iter().for_each(|item| collect(item, sources, secrets)),
        Value::Null => {}
        _ if sources.trace(node.span).secret => {
            let text = node.as_str().map_or_else(|| yaml::to_json(node), str::to_owned);
            secrets.extend(Some(text).filter(|text| !text.is_empty()));
        }
        _ => {}
    }
}
