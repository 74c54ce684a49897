//! Where a finding is, in files that a user wrote: spans followed through virtual texts, with lines fit to be shown.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use source::{Diagnostic, Location, Sources, Span};

use crate::secrets;

/// One place in a file that a user wrote.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Place {
    /// Name of the file, as the user would write it.
    pub name: Arc<str>,
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// Last line, from 1.
    pub end_line: usize,
    /// Column one past the last character, from 1.
    pub end_column: usize,
    /// The first line, with secrets hidden and control characters replaced.
    pub text: String,
    /// The characters of `text` that are meant.
    pub mark: Range<usize>,
    /// What is there.
    pub message: Option<String>,
}

/// All places of a finding.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Places {
    /// Where it is.
    pub primary: Option<Place>,
    /// What else belongs to it.
    pub related: Vec<Place>,
}

/// Values that are shown for one inserted stretch of text.
const VALUES: usize = 3;

impl Places {
    /// The places of a finding.
    pub fn of(sources: &Sources, diagnostic: &Diagnostic) -> Self {
        let mut places = Self::default();
        let mut primary = follow(sources, diagnostic.span, diagnostic.label.as_deref()).into_iter();
        places.primary = primary.next();
        places.related.extend(primary);
        for label in &diagnostic.related {
            places.related.extend(follow(sources, label.span, Some(&label.message)));
        }
        let mut seen = Vec::new();
        places.related.retain(|place| {
            let new = Some(place) != places.primary.as_ref() && !seen.contains(place);
            seen.push(place.clone());
            new
        });
        places
    }
}

/// The place of a span, then the places of the values that were inserted there.
pub(crate) fn follow(sources: &Sources, span: Span, message: Option<&str>) -> Vec<Place> {
    let trace = sources.trace(span);
    let made = span.file().and_then(|id| sources.get(id)).is_some_and(|file| file.map.is_some());
    let Some(first) = trace.origins.first() else { return Vec::new() };
    let joined =
        trace.origins.iter().fold(*first, |all, next| if next.start() >= all.start() { all.to(*next) } else { all });
    let mut message = message.map(str::to_owned);
    if made && message.is_none() && !trace.values.is_empty() {
        message = substituted(sources, span, &trace.values);
    }
    let values = trace.values.iter().take(VALUES);
    let values = values.filter_map(|value| place(sources, *value, Some("value comes from here".to_owned())));
    place(sources, joined, message).into_iter().chain(values).collect()
}

fn substituted(sources: &Sources, span: Span, values: &[Span]) -> Option<String> {
    let secret = sources.trace(span).secret
        || values.iter().any(|value| {
            let file = value.file().and_then(|id| sources.get(id));
            file.is_none_or(|file| secrets::is_secret(&file, value.start()))
        });
    let text = sources.text(span)?;
    let text = text.trim_matches(['"', '\'']);
    (!secret && !text.contains('\n') && text.chars().count() <= 60).then(|| format!("substituted as \"{text}\""))
}

fn place(sources: &Sources, span: Span, message: Option<String>) -> Option<Place> {
    let file = sources.get(span.file()?)?;
    let Location { name, line, column, end_line, end_column } = sources.location(span)?;
    let text = secrets::hide_in_line(&file, line);
    let is_hidden = matches!(text, Cow::Owned(_));
    let text = crate::clean(&text, false).into_owned();
    let length = text.chars().count();
    let start = (column - 1).min(length);
    let last = if end_line > line { length } else { end_column - 1 };
    // What is meant may be hidden; then what stands in its place is.
    let hidden = text.find(secrets::HIDDEN).map(|at| text.get(..at).unwrap_or_default().chars().count());
    let mark = match hidden.filter(|at| is_hidden && *at < last) {
        Some(at) if start >= at => at..at + secrets::HIDDEN.len(),
        _ => start..last.clamp(start, length),
    };
    Some(Place { name, line, column, end_line, end_column, text, mark, message })
}
