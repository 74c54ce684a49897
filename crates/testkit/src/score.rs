//! Scores of a conformance set: how many cases pass, which do not, and why.
//!
//! A test that runs such a set is called `conformance_…` and prints its score with [`Score::print`]; `cargo xtask conformance` runs
//! those tests, reads the lines back with [`Score::read`] and writes `docs/conformance.md` from them.

/// The outcome of one conformance set.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Score {
    /// Name of the set, without blanks: `kustomize-legacy`.
    pub name: String,
    /// Cases as they should be.
    pub passed: usize,
    /// The others: name of the case and one line of what went wrong, in the order of the cases.
    pub misses: Vec<(String, String)>,
}

const SCORE: &str = "conformance: ";
const MISS: &str = "conformance-miss: ";

impl Score {
    /// From the outcomes of the cases of a set.
    pub fn of<R>(name: &str, outcomes: impl IntoIterator<Item = (String, Result<R, String>)>) -> Self {
        let mut score = Self { name: name.to_owned(), passed: 0, misses: Vec::new() };
        for (case, outcome) in outcomes {
            match outcome {
                Ok(_) => score.passed += 1,
                Err(why) => score.misses.push((case, why)),
            }
        }
        score
    }

    /// Number of cases.
    pub fn all(&self) -> usize {
        self.passed + self.misses.len()
    }

    /// The set as lines: `conformance: NAME PASSED/ALL`, then `conformance-miss: NAME CASE: first line of why` for each miss.
    pub fn lines(&self) -> Vec<String> {
        let misses = self.misses.iter().map(|(case, why)| {
            let why = why.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
            format!("{MISS}{} {case}: {why}", self.name)
        });
        std::iter::once(format!("{SCORE}{} {}/{}", self.name, self.passed, self.all())).chain(misses).collect()
    }

    /// Prints the lines on stdout, where `cargo test -- --nocapture` shows them.
    #[expect(clippy::print_stdout, reason = "the score is the output of the test that calls this")]
    pub fn print(&self) {
        // One call, so that lines of tests that run at the same time do not mix.
        println!("\n{}", self.lines().join("\n"));
    }

    /// The scores that stand in the output of tests.
    pub fn read(output: &str) -> Vec<Self> {
        let mut scores: Vec<Self> = Vec::new();
        for line in output.lines() {
            if let Some((name, (passed, _))) = line
                .strip_prefix(SCORE)
                .and_then(|rest| rest.split_once(' '))
                .and_then(|(name, counts)| Some((name, counts.split_once('/')?)))
                && let Ok(passed) = passed.parse()
            {
                scores.push(Self { name: name.to_owned(), passed, misses: Vec::new() });
            } else if let Some((name, rest)) = line.strip_prefix(MISS).and_then(|rest| rest.split_once(' '))
                && let Some(score) = scores.iter_mut().rev().find(|score| score.name == name)
            {
                let (case, why) = rest.split_once(": ").unwrap_or((rest, ""));
                score.misses.push((case.to_owned(), why.to_owned()));
            }
        }
        scores
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_printed_is_read_back() {
        let score = Score::of::<()>(
            "flux-build",
            [("a".into(), Ok(())), ("b/c".into(), Err("\n--- x: y\nmore".into())), ("d".into(), Ok(()))],
        );
        let output = format!("running 1 test\n\n{}\ntest conformance ... ok\n", score.lines().join("\n"));
        let expected = Score { name: "flux-build".into(), passed: 2, misses: vec![("b/c".into(), "--- x: y".into())] };
        assert_eq!(Score::read(&output), [expected]);
    }
}
