//! Every conformance set, run and told: `docs/conformance.md` is written from what comes out, never by hand.

use std::collections::BTreeMap;

use testkit::Score;

use crate::arguments::{Arguments, cargo};
use crate::badinputs;
use crate::document::{Document, conformance_path, table};

/// Why a case is missed: set, case and reason in each line, separated by tabs. A miss without a reason fails the check.
const REASONS: &str = include_str!("../data/misses.tsv");

/// What the sets compare, in the order in which the document tells them.
const SETS: &[(&str, &str)] = &[
    ("kustomize-legacy", "trees in the order of `kubectl kustomize`: same bytes, or both refuse"),
    ("kustomize-fifo", "the trees that build, in the order that Flux gets: same bytes"),
    ("yaml-printed-again", "what kustomize printed, read and printed again: same bytes"),
    ("flux2-cli-build", "`flux build kustomization` on flux2's test data: the golden outputs"),
    ("flux2-cli-envsubst", "`flux envsubst` on flux2's test data: the golden outputs, plain and strict"),
    ("fluxcd-pkg-kustomize", "generation, substitution and builds of fluxcd/pkg's `kustomize` tests"),
    ("flux-envsubst", "texts with variables: what fluxcd/pkg's `envsubst` makes of them, or its refusal"),
    ("fluxcd-pkg-ignore", "ignore rules: rows of fluxcd/pkg's `sourceignore` tests"),
    ("fluxcd-pkg-values", "composition of Helm values: rows of fluxcd/pkg's `chartutil` tests"),
    ("helm-controller-values", "composed values of helm-controller's test data: the golden output"),
    ("helm-strvals", "expressions of `targetPath`: what Helm's `strvals` makes of them"),
    ("flux-local-clusters", "flux-local's snapshots of its twelve test clusters"),
    ("helm-set", "`--set` and its family: the values that helm makes of them, or its refusal"),
    ("helm-refused-values", "charts of the corpus whose values helm refuses: its words"),
    ("flux-helm-releases", "charts of the plan as HelmReleases of a Flux repository: every object as helm prints it"),
    ("helm-charts", "charts of the corpus: they load, or are refused in helm's words"),
    ("helm-hostile-charts", "hostile charts and archives: refused in the room, within time"),
    ("helm-printed-again", "what helm printed, split, sorted and printed again: same bytes"),
    ("helm", "charts with values and flags: what `helm template` printed, the same bytes, or both refuse"),
    ("helm-errors", "the refused ones: helm's own words, to the last byte"),
    ("helm-snippets", "templates of one line each in a chart of their own: the same bytes, or both refuse"),
    ("helm-snippets-errors", "the refused ones: helm's own words, to the last byte"),
    (
        "badinputs",
        "hostile inputs of the kinds yaml, kustomize, flux, chart and archive: the expected refusal, within time and memory",
    ),
];

const LEAD: &str = "\
# Conformance

Written by `cargo xtask conformance` (scores and misses) and `cargo xtask bench` (speed); CI fails when a score falls below
what is told here, when a miss has no reason, or when this page is stale.

The judge is always the real tool: kustomize 5.8.1 as it is in kubectl 1.36.3, helm 4.2.3, and the expected outputs that Flux
2.9's own repositories carry. Where a case asks for bytes, only equal bytes count; of values that helm draws at random, and
of nothing else, any are right.";

/// Runs everything; writes the document, or compares with it.
pub(crate) fn command(arguments: &Arguments) -> Result<bool, String> {
    if testkit::corpus("kustomize").is_none() {
        return Ok(true);
    }
    let mut scores = scores_of_tests()?;
    let answers = badinputs::answers(&arguments.headwater()?, "")?;
    scores.push(badinputs::score(&answers));
    let place = |score: &Score| SETS.iter().position(|(name, _)| *name == score.name).unwrap_or(SETS.len());
    scores.sort_by(|a, b| place(a).cmp(&place(b)).then_with(|| a.name.cmp(&b.name)));
    for score in &scores {
        println!("{:24} {:5} of {:5}", score.name, score.passed, score.all());
    }

    let path = conformance_path();
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    let mut document = Document::read(&written);
    let claims = claims(document.section("Scores").unwrap_or_default());
    document.set_lead(LEAD);
    document.set("Scores", &scores_section(&scores));
    let (misses, unexplained) = misses_section(&scores);
    document.set("Misses", &misses);
    document.set("Bad inputs", &badinputs::section(&answers));
    let text = document.text();

    let mut findings = unexplained;
    for score in &scores {
        if let Some(claimed) = claims.get(&score.name).filter(|claimed| score.passed < **claimed) {
            findings.push(format!("{}: {} cases pass, the document says {claimed}", score.name, score.passed));
        }
    }
    if arguments.check && text != written {
        findings.push(format!(
            "docs/conformance.md is stale: run `cargo xtask conformance`\n{}",
            testkit::diff(&written, &text)
        ));
    }
    if !arguments.check {
        std::fs::write(&path, text).map_err(|error| format!("{}: {error}", path.display()))?;
    }
    for finding in &findings {
        eprintln!("{finding}");
    }
    Ok(findings.is_empty())
}

/// The tests called `conformance_…` print their scores.
fn scores_of_tests() -> Result<Vec<Score>, String> {
    let test = ["test", "--quiet", "--workspace", "--locked", "conformance_", "--", "--nocapture"];
    let output = cargo().args(test).output().map_err(|error| format!("cargo: {error}"))?;
    let stdout = String::from_utf8_lossy(&output.stdout);
    if !output.status.success() {
        return Err(format!("the conformance tests fail:\n{stdout}\n{}", String::from_utf8_lossy(&output.stderr)));
    }
    Ok(Score::read(&stdout))
}

fn scores_section(scores: &[Score]) -> String {
    let sets: BTreeMap<&str, &str> = SETS.iter().copied().collect();
    let rows = scores.iter().map(|score| {
        let share = 100.0 * score.passed as f64 / score.all().max(1) as f64;
        // Rounded down: 99.96 % must not read as everything.
        let share = format!("{:.1} %", (share * 10.0).floor() / 10.0);
        let what = sets.get(score.name.as_str()).copied().unwrap_or_default();
        vec![format!("`{}`", score.name), what.to_owned(), score.passed.to_string(), score.all().to_string(), share]
    });
    table(&["set", "what is compared", "passed", "all", "share"], rows)
}

/// Passed cases of each set, as the document tells them.
fn claims(section: &str) -> BTreeMap<String, usize> {
    let rows = section.lines().filter_map(|line| {
        let mut cells = line.split(" | ");
        let name = cells.next()?.strip_prefix("| `")?.strip_suffix('`')?;
        Some((name.to_owned(), cells.nth(1)?.parse().ok()?))
    });
    rows.collect()
}

/// The misses with their reasons, and what is wrong with the list of reasons.
fn misses_section(scores: &[Score]) -> (String, Vec<String>) {
    let reasons = REASONS.lines().filter(|line| !line.starts_with('#') && !line.is_empty()).filter_map(|line| {
        let (set, rest) = line.split_once('\t')?;
        let (case, reason) = rest.split_once('\t')?;
        Some(((set, case), reason))
    });
    let reasons: BTreeMap<(&str, &str), &str> = reasons.collect();
    let mut findings = Vec::new();
    let mut rows = Vec::new();
    for score in scores {
        for (case, why) in &score.misses {
            let reason = reasons.get(&(score.name.as_str(), case.as_str())).copied();
            if reason.is_none() {
                findings.push(format!(
                    "{}: `{case}` is missed without a reason in crates/xtask/data/misses.tsv: {why}",
                    score.name
                ));
            }
            rows.push(vec![score.name.clone(), format!("`{case}`"), reason.unwrap_or("not yet known").to_owned()]);
        }
        for (set, case) in reasons.keys().filter(|(set, _)| *set == score.name) {
            if !score.misses.iter().any(|(missed, _)| missed == case) {
                findings.push(format!(
                    "{set}: `{case}` is not missed any more; take its line out of crates/xtask/data/misses.tsv"
                ));
            }
        }
    }
    let text = if rows.is_empty() { "None.".to_owned() } else { table(&["set", "case", "reason"], rows) };
    (text, findings)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn claims_are_read_from_what_was_written() {
        let score = Score { name: "some-set".into(), passed: 1999, misses: vec![("x".into(), "y".into())] };
        let section = scores_section(&[score]);
        assert!(section.contains("| 99.9 % |"), "{section}");
        assert_eq!(claims(&section), BTreeMap::from([("some-set".into(), 1999)]));
    }
}
