//! What keeps a command from running at all, and how a command ends.

use std::panic::{self, PanicHookInfo};
use std::process::ExitCode;

/// The command could not run: exit code 2. Problems inside the user's files are findings, not failures.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub(crate) struct Failure {
    message: String,
    /// What to do about it.
    pub(crate) help: Option<String>,
}

impl Failure {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), help: None }
    }

    pub(crate) fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

/// How a command that ran ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Outcome {
    /// Nothing to report: exit code 0.
    Clean,
    /// Findings or differences: exit code 1.
    Findings,
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Clean => ExitCode::SUCCESS,
            Outcome::Findings => ExitCode::from(1),
        }
    }
}

/// Makes a panic, which is always a bug of ours, say so instead of printing a bare message.
pub(crate) fn catch_panics() {
    panic::set_hook(Box::new(|info: &PanicHookInfo<'_>| {
        let what = info.payload().downcast_ref::<&str>().map(|text| (*text).to_owned());
        let what = what.or_else(|| info.payload().downcast_ref::<String>().cloned()).unwrap_or_default();
        let place = info.location().map(|place| format!(" at {}:{}", place.file(), place.line())).unwrap_or_default();
        crate::output::error_line(&format!(
            "error: headwater has a bug{place}: {what}\n  \
             help: please report it with this message, the command and, if you can share them, the files"
        ));
    }));
}
