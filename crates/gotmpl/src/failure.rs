//! Why a function or a template stopped.

/// Why a function gave no value. The evaluator adds template, line, column and the chain of includes.
#[derive(Debug)]
pub enum Failure {
    /// The function returned an error or panicked (Go turns both into `error calling NAME: …`).
    Error(Vec<u8>),
    /// `fail` and `required`: the chart's author speaks.
    Chart(Vec<u8>),
    /// A template that the function ran (`include`, `tpl`) failed.
    Nested(Box<ExecError>),
    /// A budget is used up: which one and how large it is, in the user's words. Stops everything.
    Budget(String),
}

impl Failure {
    /// An error of a function.
    pub fn error(message: impl AsRef<[u8]>) -> Self {
        Failure::Error(message.as_ref().to_vec())
    }
}

/// A template that stopped: where, at which node, why, and the chain of includes inside.
#[derive(Debug)]
pub struct ExecError {
    /// Go's text of the whole chain: `template: NAME:LINE:COLUMN: executing "NAME" at <NODE>: …`.
    pub message: Vec<u8>,
}
