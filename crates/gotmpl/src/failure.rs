//! Why a function or a template stopped.

use std::sync::Arc;

use source::Span;

/// Why a function gave no value. The evaluator adds template, line, column and the chain of includes.
#[derive(Debug)]
pub enum Failure {
    /// The function returned an error or panicked (Go turns both into `error calling NAME: …`).
    Error(Vec<u8>),
    /// `fail` and `required`: the chart's author speaks.
    Chart(Vec<u8>),
    /// A template that the function ran (`include`, `tpl`) failed.
    Nested(Box<ExecError>),
    /// Templates or texts nest deeper than the budget allows. Stops everything.
    TooDeep(String),
    /// A budget is used up: which one and how large it is, in the user's words. Stops everything.
    Budget(String),
}

impl Failure {
    /// An error of a function.
    pub fn error(message: impl AsRef<[u8]>) -> Self {
        Failure::Error(message.as_ref().to_vec())
    }
}

/// What `fail` and `required` wrap their message in, so that Helm finds it again in the chain of errors.
pub const CHART_MESSAGE: (&str, &str) = ("HELM_ERR_START", "HELM_ERR_END");

/// A template that stopped: where, at which node, why, and the chain of includes inside.
#[derive(Debug)]
pub struct ExecError {
    /// What each link of the chain says before what it wraps, from the inside out; the first wraps nothing. A chain may be
    /// thousands of links long, so that the text of each, which holds all texts inside of it, is not made.
    pub(crate) links: Vec<Vec<u8>>,
    /// The places of the chain, from the outside in.
    pub trail: Vec<Site>,
    /// What went wrong at the innermost place, in Go's words or the chart's.
    pub cause: Vec<u8>,
    /// Whether the chart itself refused (`fail`, `required`).
    pub is_chart: bool,
    /// Whether a budget was used up.
    pub is_budget: bool,
    /// Whether that was the one for nesting, so that a deeper stack may help.
    pub is_too_deep: bool,
}

impl ExecError {
    /// An error that wraps nothing and stands nowhere.
    pub(crate) fn bare(message: Vec<u8>) -> Box<Self> {
        let links = vec![message.clone()];
        Box::new(Self {
            links,
            trail: Vec::new(),
            cause: message,
            is_chart: false,
            is_budget: false,
            is_too_deep: false,
        })
    }

    /// What each link of the chain says before what it wraps, from the outside in. Go's text of an error is that of its link
    /// and of all that follow: `template: NAME:LINE:COLUMN: executing "NAME" at <NODE>: …`.
    pub fn links(&self) -> impl Iterator<Item = &[u8]> {
        self.links.iter().rev().map(Vec::as_slice)
    }

    /// Go's text of the whole chain.
    pub fn message(&self) -> Vec<u8> {
        self.links().collect::<Vec<_>>().concat()
    }

    /// The same error wrapped in further words, as Go's `%w` does it.
    pub(crate) fn wrapped(mut self: Box<Self>, before: Vec<u8>) -> Box<Self> {
        self.links.push(before);
        self
    }
}

/// A place in a chain of templates that failed.
#[derive(Clone, Debug)]
pub struct Site {
    /// The template that ran.
    pub template: Arc<str>,
    /// The text it stands in.
    pub file: Arc<str>,
    /// From 1.
    pub line: usize,
    /// In bytes, from 0.
    pub column: usize,
    /// The node, unless the text has no place.
    pub span: Span,
    /// The node as Go prints it.
    pub node: String,
}
