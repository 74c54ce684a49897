//! Findings for people at a terminal: the message, the lines it is about, the chain it belongs to, and what to do.

use std::fmt;

use codespan_reporting::diagnostic::{Diagnostic as Shown, Label, LabelStyle, Severity as Level};
use codespan_reporting::term::{self, Config, WriteStyle};
use source::{Diagnostic, Severity, Sources, Span};

use crate::excerpt::Excerpts;
use crate::places::{Place, Places, follow};
use crate::{Paint, Style, clean};

/// The finding as text, ending in an empty line.
pub fn terminal(sources: &Sources, diagnostic: &Diagnostic, style: Style) -> String {
    let places = Places::of(sources, diagnostic);
    let level = match diagnostic.severity {
        Severity::Error => Level::Error,
        Severity::Warning => Level::Warning,
        Severity::Info => Level::Note,
    };
    let shown = Shown::new(level)
        .with_code(diagnostic.rule)
        .with_message(clean(&diagnostic.message, true))
        .with_notes(notes(diagnostic, style.width));
    draw(places.primary.iter(), places.related.iter(), shown, style)
        .unwrap_or_else(|| format!("{}: {}\n\n", diagnostic.rule, diagnostic.message))
}

/// The line of a span with words beside it, and the lines of the values that were put there. Empty when no line in a file
/// wrote it.
pub fn excerpt(sources: &Sources, span: Span, message: &str, style: Style) -> String {
    let mut places = follow(sources, span, None);
    let Some(first) = places.first_mut() else { return String::new() };
    first.message.get_or_insert_with(|| message.to_owned());
    let drawn = draw(places.iter().take(1), places.iter().skip(1), Shown::note(), style).unwrap_or_default();
    // The first line is the empty message.
    drawn.split_once('\n').map(|(_, rest)| rest.trim_end_matches('\n').to_owned() + "\n").unwrap_or_default()
}

fn draw<'a>(
    primary: impl Iterator<Item = &'a Place>,
    related: impl Iterator<Item = &'a Place>,
    shown: Shown<usize>,
    style: Style,
) -> Option<String> {
    let primary = primary.map(|place| (LabelStyle::Primary, place));
    let all: Vec<_> = primary.chain(related.map(|place| (LabelStyle::Secondary, place))).collect();
    let excerpts = Excerpts::of(all.iter().map(|(_, place)| *place), style.width);
    let labels = all.iter().filter_map(|(kind, place)| {
        let (file, range) = excerpts.range(place)?;
        let message = clean(place.message.as_deref().unwrap_or_default(), false).into_owned();
        Some(Label::new(*kind, file, range).with_message(message))
    });
    let shown = shown.with_labels(labels.collect());
    let mut out = Painted { text: String::new(), color: style.color };
    term::emit_to_write_style(&mut out, &Config::default(), &excerpts, &shown).ok()?;
    Some(out.text)
}

/// `2 errors, 1 warning`; empty when there is neither.
pub fn summary<'a>(diagnostics: impl IntoIterator<Item = &'a Diagnostic>) -> String {
    let (mut errors, mut warnings) = (0, 0);
    for diagnostic in diagnostics {
        match diagnostic.severity {
            Severity::Error => errors += 1,
            Severity::Warning => warnings += 1,
            Severity::Info => {}
        }
    }
    let count = |n: usize, word: &str| match n {
        0 => None,
        1 => Some(format!("1 {word}")),
        n => Some(format!("{n} {word}s")),
    };
    [count(errors, "error"), count(warnings, "warning")].into_iter().flatten().collect::<Vec<_>>().join(", ")
}

fn notes(diagnostic: &Diagnostic, width: usize) -> Vec<String> {
    let width = width.saturating_sub(8).max(40);
    let chain = (!diagnostic.within.is_empty()).then(|| format!("in: {}", diagnostic.within.join(" ← ")));
    let help = diagnostic.help.as_ref().map(|help| format!("help: {help}"));
    chain.iter().chain(&diagnostic.notes).chain(&help).map(|note| wrap(&clean(note, true), width)).collect()
}

/// Breaks lines at blanks; what follows a break is indented by two.
pub(crate) fn wrap(text: &str, width: usize) -> String {
    let mut wrapped = String::new();
    for line in text.lines() {
        let mut column = 0;
        for word in line.split_inclusive(' ') {
            let length = word.trim_end().chars().count();
            if column > 0 && column + length > width {
                wrapped.truncate(wrapped.trim_end().len());
                wrapped.push_str("\n  ");
                column = 2;
            }
            wrapped.push_str(word);
            column += word.chars().count();
        }
        wrapped.push('\n');
    }
    wrapped.truncate(wrapped.trim_end().len());
    wrapped
}

/// A text that takes the renderer's wishes for colour, or ignores them.
struct Painted {
    text: String,
    color: bool,
}

impl Painted {
    fn set(&mut self, code: &str) {
        if self.color {
            self.text.push_str("\x1b[");
            self.text.push_str(code);
            self.text.push('m');
        }
    }
}

impl fmt::Write for Painted {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.text.push_str(text);
        Ok(())
    }
}

fn color_of(severity: Level) -> Paint {
    match severity {
        Level::Bug | Level::Error => Paint::Red,
        Level::Warning => Paint::Yellow,
        Level::Note | Level::Help => Paint::Cyan,
    }
}

impl WriteStyle for Painted {
    fn set_header(&mut self, severity: Level) -> fmt::Result {
        self.set(color_of(severity).code());
        Ok(())
    }

    fn set_header_message(&mut self) -> fmt::Result {
        self.set(Paint::Bold.code());
        Ok(())
    }

    fn set_line_number(&mut self) -> fmt::Result {
        self.set(Paint::Dim.code());
        Ok(())
    }

    fn set_note_bullet(&mut self) -> fmt::Result {
        self.set(Paint::Dim.code());
        Ok(())
    }

    fn set_source_border(&mut self) -> fmt::Result {
        self.set(Paint::Dim.code());
        Ok(())
    }

    fn set_label(&mut self, severity: Level, label_style: LabelStyle) -> fmt::Result {
        let paint = if label_style == LabelStyle::Primary { color_of(severity) } else { Paint::Cyan };
        self.set(paint.code());
        Ok(())
    }

    fn reset(&mut self) -> fmt::Result {
        self.set("0");
        Ok(())
    }
}
