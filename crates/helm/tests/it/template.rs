//! Every case of the chart corpus: what the real tool printed, byte by byte, or that it refuses, and with which words.
//! `HEADWATER_ONLY=TEXT` takes the cases with the text in their name and shows what differs.

use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use helm::{Chart, DirectoryLimits, Memo};
use serde_json::Value as Json;
use source::TreePath;
use testkit::Score;

use crate::{command, masked};

/// One render of a chart.
struct Case {
    name: String,
    path: PathBuf,
    /// The chart, which is read once for all of its renders.
    chart: Arc<OnceLock<Result<Chart, String>>>,
    memo: Arc<Memo>,
}

/// What became of a case: whether it is printed or refused as it should be, and whether it is refused in helm's words.
struct Outcome {
    verdict: Result<(), String>,
    words: Option<Result<(), String>>,
}

fn cases(corpus: &Path, only: Option<&str>) -> Vec<Case> {
    let mut cases = Vec::new();
    for folder in testkit::folders(corpus) {
        let (chart, memo) = (Arc::default(), Arc::default());
        for case in testkit::folders(&folder.path.join("cases")) {
            let name = format!("{}/{}", folder.name, case.name);
            if only.is_none_or(|only| name.contains(only)) {
                cases.push(Case { name, path: case.path, chart: Arc::clone(&chart), memo: Arc::clone(&memo) });
            }
        }
    }
    cases
}

fn run(case: &Case) -> Result<Outcome, String> {
    let text = |name: &str| std::fs::read(case.path.join(name)).map_err(|error| format!("{name}: {error}"));
    let about: Json = serde_json::from_slice(&text("case.json")?).map_err(|error| error.to_string())?;
    let words = about.get("argv").and_then(Json::as_array).into_iter().flatten();
    let words = words.skip(1).filter_map(Json::as_str).map(str::to_owned);
    let printed = command::read(words).and_then(|command| {
        let load = || load(&case.path.join(command.chart()));
        command.run(&case.path, || case.chart.get_or_init(load).clone(), &case.memo)
    });
    if about.get("exit").and_then(Json::as_u64) == Some(0) {
        let verdict = printed.and_then(|printed| compare(&text("expected.yaml")?, &printed, &about));
        return Ok(Outcome { verdict, words: None });
    }
    Ok(match printed {
        Ok(_) => Outcome { verdict: Err("is printed, should be refused".to_owned()), words: None },
        Err(message) => {
            let expected = text("expected.err")?;
            let expected = String::from_utf8_lossy(&expected);
            // What stands before is logged, and in another order in each run.
            let expected = expected.split_once("Error: ").map_or(&*expected, |(_, words)| words);
            let same = expected.trim_end() == message.trim_end() || lines(expected) == lines(&message);
            let words = if same { Ok(()) } else { testkit::expect_text(expected, &message) };
            Outcome { verdict: Ok(()), words: Some(words) }
        }
    })
}

/// The lines of an error in one order: helm names values that do not fit a schema in another order in each run.
fn lines(text: &str) -> Vec<&str> {
    let mut lines: Vec<_> = text.trim_end().lines().collect();
    lines.sort_unstable();
    lines
}

fn load(path: &Path) -> Result<Chart, String> {
    let tree = testkit::tree(path).map_err(|error| error.to_string())?;
    let loaded = helm::load_directory(&tree, &TreePath::root(), None, &DirectoryLimits::default());
    loaded.map(|loaded| loaded.chart)
}

/// Equal bytes; where the real tool draws at random, equal but for what it draws.
fn compare(expected: &[u8], printed: &[u8], about: &Json) -> Result<(), String> {
    if expected == printed {
        return Ok(());
    }
    let show = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    match about.get("nondeterministic").and_then(Json::as_array) {
        Some(paths) => masked::compare(expected, printed, paths),
        None => testkit::expect_text(&show(expected), &show(printed)),
    }
}

#[test]
fn conformance_template() {
    let Some(corpus) = testkit::corpus("helm") else { return };
    let only = std::env::var("HEADWATER_ONLY").ok();
    let cases = cases(&corpus, only.as_deref());
    assert!(only.is_some() || cases.len() > 1000, "{}", cases.len());
    let (mut verdicts, mut words) = (Vec::new(), Vec::new());
    for (case, outcome) in cases.iter().zip(testkit::run(&cases, run)) {
        let outcome = outcome.unwrap_or_else(|why| Outcome { verdict: Err(why), words: None });
        if only.is_some() {
            for why in
                [Some(&outcome.verdict), outcome.words.as_ref()].into_iter().flatten().filter_map(|r| r.as_ref().err())
            {
                println!("{}:\n{why}", case.name);
            }
        }
        verdicts.push((case.name.clone(), outcome.verdict));
        words.extend(outcome.words.map(|words| (case.name.clone(), words)));
    }
    Score::of("helm", verdicts).print();
    Score::of("helm-errors", words).print();
}
