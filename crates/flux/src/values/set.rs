//! `targetPath=value` as helm-controller gives it to Helm's `--set` and `--set-string` (fluxcd/pkg `chartutil/values.go`,
//! v1), and what is wrong with it in words that do not repeat the value, which may be a secret.

use helm::{Refusal, Style, Table, assign};
use source::Span;

/// Sets `path` to `value` typed as `--set` does; a value in quotes is a text.
pub(super) fn set(values: &Table, path: &str, value: &str, span: Span) -> Result<(), &'static str> {
    let quoted = |quote| value.starts_with(quote) && value.ends_with(quote);
    let (value, style) = match quoted('\'') || quoted('"') {
        true => (value.trim_matches(['\'', '"']), Style::Text),
        false => (value, Style::Typed),
    };
    assign(values, &format!("{path}={value}"), style, span).map_err(words)
}

/// Sets `path` to exactly `value`.
pub(super) fn set_literal(values: &Table, path: &str, value: &str, span: Span) -> Result<(), &'static str> {
    let mut text = format!("{path}=");
    for character in value.chars() {
        if matches!(character, '\\' | ',' | '[' | ']' | '{' | '}') {
            text.push('\\');
        }
        text.push(character);
    }
    assign(values, &text, Style::Text, span).map_err(words)
}

fn words(refusal: Refusal) -> &'static str {
    match refusal {
        Refusal::NoValue(_) | Refusal::Comma(_) | Refusal::EmptyTable(_) => {
            "a name in it has no value; a comma starts the next `name=value`"
        }
        Refusal::Index(_) | Refusal::NegativeIndex(_) | Refusal::LargeIndex(_) | Refusal::AfterIndex(_) => {
            "it has an index that can not be used"
        }
        Refusal::OpenList => "a list in it does not end with a closing brace",
        Refusal::Kind { .. } => "the path leads through a value that is neither a map nor a list",
        Refusal::Level | Refusal::TooLarge => "it is nested too deeply or too large",
        Refusal::Json(_) | Refusal::File(_) => "Helm does not take it",
    }
}
