//! Transcripts: each `$ headwater …` in `tests/cli/*.md` is run in the directory that the file names after `in:`. What goes
//! to stderr has `2> ` before it, an exit code that is not 0 stands at the end. `UPDATE_EXPECT=1` rewrites them.

use std::path::Path;
use std::process::Command;

const PROMPT: &str = "```console\n$ headwater ";

/// A command's output as the transcripts have it.
fn run(directory: &Path, arguments: &str) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_headwater"));
    command.args(arguments.split(' ')).current_dir(directory);
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("HEADWATER_") {
            command.env_remove(name);
        }
    }
    let output = command.output().unwrap();
    let mut text = String::from_utf8(output.stdout).unwrap();
    for line in String::from_utf8(output.stderr).unwrap().lines() {
        text.push_str(format!("2> {line}").trim_end());
        text.push('\n');
    }
    match output.status.code() {
        Some(0) => {}
        code => text.push_str(&format!("exit code {}\n", code.unwrap())),
    }
    text
}

#[test]
fn transcripts() {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let mut files: Vec<_> = std::fs::read_dir(tests.join("cli")).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    assert!(!files.is_empty());
    let failures: Vec<String> = testkit::run(&files, |file| {
        let text = std::fs::read_to_string(file).unwrap();
        let directory = text.lines().find_map(|line| line.strip_prefix("in: ")).unwrap();
        let mut parts = text.split(PROMPT);
        let mut actual = parts.next().unwrap().to_owned();
        let blocks = parts.map(|part| {
            let command = part.lines().next().unwrap();
            format!("{PROMPT}{command}\n{}```\n", run(&tests.join(directory), command))
        });
        actual.push_str(&blocks.collect::<Vec<_>>().join("\n"));
        testkit::expect_file(file, &actual)
    })
    .into_iter()
    .filter_map(Result::err)
    .collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
