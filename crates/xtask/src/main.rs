//! `cargo xtask`: what developers and CI run beside the tests.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command line tool; its output is what it is for")]

mod arguments;
mod badinputs;
mod baseline;
mod bench;
mod conformance;
mod document;
mod generate;
mod helm;
mod kustomize;
mod measure;

use std::process::ExitCode;

use arguments::Arguments;

const USAGE: &str = "\
usage: cargo xtask COMMAND

  conformance [--check] [--headwater PATH]
      runs every conformance set and writes docs/conformance.md; --check writes nothing and fails when a score is below
      what the document says or the document is stale
  badinputs [--only TEXT] [--headwater PATH]
      runs the hostile inputs and shows what each was answered with
  bench [--peer KUBECTL] [--helm-peer HELM] [--headwater PATH]
      measures headwater beside the real tools that are named and writes the sections on speed of docs/conformance.md
  baseline --peer KUBECTL
      prints the expected outputs of the project's own kustomize cases and of examples/platform with the real tool
  generate [--check]
      writes the built-in schema of `object` from the shared corpora; --check compares only

PATH, KUBECTL and HELM are binaries; without --headwater the release binary of this workspace is built and used.";

fn main() -> ExitCode {
    match run(std::env::args().skip(1).collect()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(why) => {
            eprintln!("xtask: {why}");
            ExitCode::from(2)
        }
    }
}

/// Whether everything was as it should be; `Err` when that could not be found out.
fn run(words: Vec<String>) -> Result<bool, String> {
    let mut words = words.into_iter();
    let command = words.next().unwrap_or_default();
    let arguments = Arguments::read(words)?;
    match command.as_str() {
        "conformance" => conformance::command(&arguments),
        "badinputs" => badinputs::command(&arguments),
        "generate" => generate::command(&arguments),
        "bench" => bench::command(&arguments),
        "baseline" => baseline::command(&arguments),
        _ => Err(USAGE.to_owned()),
    }
}
