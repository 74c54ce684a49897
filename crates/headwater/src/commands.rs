//! The commands, one file each.

mod build;
mod check;
mod diff;
mod explain;
mod get;
mod helm;
mod kustomize;
mod selector;
mod tree;
mod units;

use clap::CommandFactory as _;

use crate::args::{Args, Command, HelmCommand, KustomizeCommand};
use crate::failure::{Failure, Outcome};
use crate::output::Output;

/// Runs a command.
pub(crate) fn run(command: Command, output: &Output) -> Result<Outcome, Failure> {
    match command {
        Command::Build(args) => build::run(&args, output),
        Command::Get(args) => get::run(&args, output),
        Command::Tree(args) => tree::run(&args, output),
        Command::Diff(args) => diff::run(&args, output),
        Command::Explain(args) => explain::run(&args, output),
        Command::Check(args) => check::run(&args, output),
        Command::Kustomize(args) => match args.command {
            // As the real tool, which knows no other code than 1.
            KustomizeCommand::Build(args) => kustomize::build(&args, output).or_else(|failure| {
                output.failure(&failure);
                Ok(Outcome::Findings)
            }),
        },
        Command::Helm(args) => match args.command {
            HelmCommand::Template(args) => helm::template(&args, output).or_else(|failure| {
                output.failure(&failure);
                Ok(Outcome::Findings)
            }),
        },
        Command::Completions { shell } => completions(shell, output),
    }
}

fn completions(shell: clap_complete::Shell, output: &Output) -> Result<Outcome, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Args::command(), "headwater", &mut script);
    output.data(&String::from_utf8_lossy(&script))?;
    Ok(Outcome::Clean)
}
