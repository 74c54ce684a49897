//! The README shows what really comes out: each `$ headwater …` in it is run again. `UPDATE_EXPECT=1` rewrites it.

use std::process::Command;

const PROMPT: &str = "```console\n$ headwater ";

#[test]
fn the_readme_shows_what_comes_out() {
    let root = testkit::workspace();
    let path = root.join("README.md");
    let readme = std::fs::read_to_string(&path).unwrap();
    let mut parts = readme.split(PROMPT);
    let mut actual = parts.next().unwrap().to_owned();
    let mut shown = 0;
    for part in parts {
        let (command, rest) = part.split_once('\n').unwrap();
        let (_, after) = rest.split_once("```").unwrap();
        let run = Command::new(env!("CARGO_BIN_EXE_headwater"))
            .args(command.split(' '))
            .current_dir(&root)
            .env_remove("COLUMNS")
            .output()
            .unwrap();
        let output = String::from_utf8(run.stdout).unwrap();
        actual.push_str(&format!("{PROMPT}{command}\n{}\n```{after}", output.trim_end()));
        shown += 1;
    }
    assert!(shown > 0, "the README shows nothing");
    testkit::expect_file(&path, &actual).unwrap_or_else(|difference| panic!("{difference}"));
}
