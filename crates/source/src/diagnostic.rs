//! Findings about the user's input, as values.

use crate::Span;

/// How bad a finding is. Only `Error` makes a command end with exit code 1 by default.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Severity {
    /// Worth knowing.
    Info,
    /// Probably not what was meant.
    Warning,
    /// Flux, kustomize or the cluster would refuse it.
    Error,
}

/// A secondary place with its own words.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Label {
    /// Where.
    pub span: Span,
    /// What is there; lower case, no final period.
    pub message: String,
}

/// A finding: what is wrong, where, and what to do.
///
/// Messages are lower case without a final period, with the user's own words in backticks and no secret values.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Diagnostic {
    /// Name of the rule, such as `kustomize/patch-without-target`.
    pub rule: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// One line: what is wrong.
    pub message: String,
    /// Where; detached when the finding is about an object as a whole or about no place at all.
    pub span: Span,
    /// Words beside the primary place.
    pub label: Option<String>,
    /// Other places that belong to it.
    pub related: Vec<Label>,
    /// The object or chain it is about, innermost first: `Deployment/web/web`, `Kustomization/flux-system/apps`.
    pub within: Vec<String>,
    /// Facts that help to understand it.
    pub notes: Vec<String>,
    /// What to do about it.
    pub help: Option<String>,
}

impl Diagnostic {
    /// An error.
    pub fn error(rule: &'static str, span: Span, message: impl Into<String>) -> Self {
        Self::new(rule, Severity::Error, span, message)
    }

    /// A warning.
    pub fn warning(rule: &'static str, span: Span, message: impl Into<String>) -> Self {
        Self::new(rule, Severity::Warning, span, message)
    }

    /// Something worth knowing.
    pub fn info(rule: &'static str, span: Span, message: impl Into<String>) -> Self {
        Self::new(rule, Severity::Info, span, message)
    }

    fn new(rule: &'static str, severity: Severity, span: Span, message: impl Into<String>) -> Self {
        Self {
            rule,
            severity,
            message: message.into(),
            span,
            label: None,
            related: Vec::new(),
            within: Vec::new(),
            notes: Vec::new(),
            help: None,
        }
    }

    /// Adds words beside the primary place.
    #[must_use]
    pub fn with_label(mut self, label: impl Into<String>) -> Self {
        self.label = Some(label.into());
        self
    }

    /// Adds another place; a detached span is left out.
    #[must_use]
    pub fn with_related(mut self, span: Span, message: impl Into<String>) -> Self {
        if !span.is_detached() {
            self.related.push(Label { span, message: message.into() });
        }
        self
    }

    /// Says which object or unit it is about; call from the innermost outwards.
    #[must_use]
    pub fn within(mut self, what: impl Into<String>) -> Self {
        self.within.push(what.into());
        self
    }

    /// Adds a fact.
    #[must_use]
    pub fn with_note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    /// Says what to do.
    #[must_use]
    pub fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Whether it is an error.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}
