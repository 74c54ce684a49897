//! The `headwater` command: reads the command line, runs one command, and turns what became of it into an exit code.

mod args;
mod commands;
mod failure;
mod output;
mod pipeline;

use std::process::ExitCode;

use clap::Parser as _;

use args::Args;
use output::Output;

fn main() -> ExitCode {
    let Args { global, command } = Args::parse();
    let output = Output::new(global.color);
    failure::catch_panics();
    match std::panic::catch_unwind(|| commands::run(command, &output)) {
        Ok(Ok(outcome)) => outcome.into(),
        Ok(Err(failure)) => {
            output.failure(&failure);
            ExitCode::from(2)
        }
        Err(_) => ExitCode::from(2),
    }
}
