//! Where text goes: data to stdout, everything else to stderr, colour and widths by what stands at the other end.

use std::io::{self, ErrorKind, IsTerminal as _, Write as _};

use report::{Paint, Style};
use source::{Diagnostic, Sources};

use crate::args::Color;
use crate::failure::Failure;

/// What is known about the two streams.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Output {
    /// How data on stdout is laid out.
    pub(crate) stdout: Style,
    /// How messages on stderr are laid out.
    pub(crate) stderr: Style,
}

/// Columns of text for people when no terminal says how wide it is.
const WIDTH: usize = 100;

impl Output {
    pub(crate) fn new(color: Color) -> Self {
        let wanted = |terminal: bool| match color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => {
                let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
                terminal && !set("NO_COLOR") && std::env::var_os("TERM").is_none_or(|term| term != "dumb")
            }
        };
        let (stdout, stderr) = (io::stdout().is_terminal(), io::stderr().is_terminal());
        let width =
            if stdout || stderr { terminal_size::terminal_size().map(|(width, _)| usize::from(width.0)) } else { None };
        let width = width.unwrap_or(WIDTH).clamp(40, 240);
        Self {
            stdout: Style { color: wanted(stdout), width, terminal: stdout },
            stderr: Style { color: wanted(stderr), width, terminal: stderr },
        }
    }

    /// Writes data. A reader that has gone away, as in `headwater build | head`, is no problem.
    pub(crate) fn data(&self, text: &str) -> Result<(), Failure> {
        self.bytes(text.as_bytes())
    }

    /// Writes data that need not be UTF-8.
    pub(crate) fn bytes(&self, data: &[u8]) -> Result<(), Failure> {
        let mut stdout = io::stdout().lock();
        match stdout.write_all(data).and_then(|()| stdout.flush()) {
            Err(error) if error.kind() != ErrorKind::BrokenPipe => {
                Err(Failure::new(format!("cannot write the output: {error}")))
            }
            _ => Ok(()),
        }
    }

    /// Writes a line for the person who waits.
    pub(crate) fn message(&self, text: &str) {
        error_line(text);
    }

    /// Writes findings to stderr.
    pub(crate) fn diagnostics<'a>(&self, sources: &Sources, diagnostics: impl IntoIterator<Item = &'a Diagnostic>) {
        let text: String = diagnostics.into_iter().map(|d| report::terminal(sources, d, self.stderr)).collect();
        if !text.is_empty() {
            error_line(text.trim_end_matches('\n'));
        }
    }

    /// Says why the command could not run.
    pub(crate) fn failure(&self, failure: &Failure) {
        let help = failure.help.as_ref().map(|help| format!("\n  help: {help}")).unwrap_or_default();
        error_line(&format!(
            "{}: {}{help}",
            self.stderr.paint(Paint::Red, "error"),
            report::clean(&failure.to_string(), true)
        ));
    }
}

/// Writes a line to stderr; when even that fails there is nobody left to tell.
pub(crate) fn error_line(text: &str) {
    let _ = writeln!(io::stderr().lock(), "{text}");
}
