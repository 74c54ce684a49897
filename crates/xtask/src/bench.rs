//! headwater beside the real tools on the same machine: whole processes, one after another.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use crate::arguments::{Arguments, cargo};
use crate::document::{Document, conformance_path, table};
use crate::measure::{self, median};
use crate::{helm, kustomize};

/// Trees that stand for a size, and what they are.
const TREES: &[(&str, &str)] = &[
    ("probe__structure__comments", "one ConfigMap"),
    ("probe__names__everything", "20 kinds, prefix, namespace, labels, images"),
    ("krusty__simple__TestSimple1", "a small overlay with a strategic patch"),
    ("real__ceph_ceph-csi-operator__config-default__60960a", "71 files with bases and patches, 1.1 MB printed"),
];

/// Charts that stand for a size, and what they are.
const CHARTS: &[(&str, &str)] = &[
    ("podinfo/default", "podinfo: a small chart"),
    ("kube-prometheus-stack-48.3.1/default", "kube-prometheus-stack 48: four charts inside, 0.8 MB printed"),
    ("kyverno/default", "kyverno: large definitions as templates, 3.4 MB printed"),
    ("argo-cd/default", "argo-cd: many named templates"),
];

/// Runs of each small tree or chart.
const RUNS: u32 = 40;

const LIMIT: Duration = Duration::from_secs(120);

struct Cost {
    wall: Duration,
    cpu: Duration,
    peak_kib: u64,
}

/// Measures beside the tools that are named and writes the sections on speed.
pub(crate) fn command(arguments: &Arguments) -> Result<bool, String> {
    if arguments.peer.is_none() && arguments.helm_peer.is_none() {
        return Err("`--peer` names the kubectl to compare with, `--helm-peer` the helm".to_owned());
    }
    let headwater = arguments.headwater()?;
    let path = conformance_path();
    let mut document = Document::read(&std::fs::read_to_string(&path).unwrap_or_default());
    if let Some(peer) = &arguments.peer {
        document.set("Speed", &trees(&headwater, peer)?);
    }
    if let Some(peer) = &arguments.helm_peer {
        document.set("Speed of charts", &charts(&headwater, peer)?);
    }
    std::fs::write(&path, document.text()).map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(true)
}

fn trees(headwater: &Path, peer: &Path) -> Result<String, String> {
    let corpus = testkit::corpus("kustomize").ok_or("the kustomize corpus is not here")?;
    let cases = kustomize::cases(&corpus)?;
    let ours = |case: &kustomize::Case| kustomize::with_headwater(headwater, case);
    let theirs = |case: &kustomize::Case| kustomize::with_peer(peer, case);

    let mut rows = Vec::new();
    for (name, what) in TREES {
        let case = cases.iter().find(|case| case.name == *name);
        let case = case.ok_or_else(|| format!("the corpus has no case `{name}`"))?;
        let a = repeated(RUNS, || ours(case))?;
        let b = repeated(RUNS, || theirs(case))?;
        rows.push(row(what, &a, &b));
    }
    if let Some(case) = largest(&cases) {
        let what = format!("the largest real tree (`{}`)", case.name);
        rows.push(row(&what, &repeated(RUNS / 4, || ours(case))?, &repeated(RUNS / 4, || theirs(case))?));
    }
    let a = whole(&cases, &ours)?;
    let b = whole(&cases, &theirs)?;
    rows.push(row(&format!("the whole corpus, {} processes", cases.len()), &a, &b));
    let mut text = format!(
        "Whole processes, one after another, {} cores, against {}; medians for single trees, sums for the corpus.\n\n{}",
        cores(),
        measure::kubectl_version(peer)?,
        table(&head("kubectl"), rows)
    );
    if let Some(repository) = testkit::repository("home-ops") {
        let build = || {
            let mut command = Command::new(headwater);
            command.arg("build").arg(&repository);
            command
        };
        let cost = repeated(RUNS / 4, build)?;
        text.push_str(&format!(
            "\n`headwater build` on `home-ops` (468 files, without Helm), cold process: {}, {} CPU, {}.\n",
            milliseconds(cost.wall),
            milliseconds(cost.cpu),
            mebibytes(cost.peak_kib)
        ));
    }
    println!("{text}");
    Ok(text)
}

fn charts(headwater: &Path, peer: &Path) -> Result<String, String> {
    let corpus = testkit::corpus("helm").ok_or("the helm corpus is not here")?;
    let cases = helm::cases(&corpus)?;
    let ours = |case: &helm::Case| helm::with_headwater(headwater, case);
    let theirs = |case: &helm::Case| helm::with_peer(peer, case);

    let mut rows = Vec::new();
    for (name, what) in CHARTS {
        let case = cases.iter().find(|case| case.name == *name);
        let case = case.ok_or_else(|| format!("the corpus has no case `{name}`"))?;
        rows.push(row(what, &repeated(RUNS / 2, || ours(case))?, &repeated(RUNS / 2, || theirs(case))?));
    }
    let a = whole(&cases, &ours)?;
    let b = whole(&cases, &theirs)?;
    rows.push(row(&format!("the whole corpus, {} processes", cases.len()), &a, &b));
    let again = in_process()?.into_iter().map(|(name, first, again)| vec![name, first, again]);
    let text = format!(
        "Whole processes, one after another, {} cores, against {}; medians for single charts, sums for the corpus.\n\n{}\n\
         In one process (`cargo bench -p helm`), medians: a chart read, parsed and rendered, and the same chart rendered again \
         with another value.\n\n{}",
        cores(),
        measure::helm_version(peer)?,
        table(&head("helm"), rows),
        table(&["chart", "from its files", "again"], again)
    );
    println!("{text}");
    Ok(text)
}

fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

fn head(peer: &str) -> [&str; 8] {
    ["what", "headwater", "CPU", "peak", peer, "CPU", "peak", "less CPU"]
}

/// What the benches of the crate measure: chart, first render, render with another value.
fn in_process() -> Result<Vec<(String, String, String)>, String> {
    let bench = ["bench", "--quiet", "--locked", "--package", "helm", "--bench", "charts"];
    let output = cargo().args(bench).output().map_err(|error| format!("cargo: {error}"))?;
    if !output.status.success() {
        return Err(format!("the benches of helm fail:\n{}", String::from_utf8_lossy(&output.stderr)));
    }
    Ok(medians(&String::from_utf8_lossy(&output.stdout)))
}

/// Reads the table that divan draws: a bench in each outer line, a chart and its times in each inner one, the median third.
fn medians(text: &str) -> Vec<(String, String, String)> {
    let mut found: Vec<(String, String, String)> = Vec::new();
    let mut bench = "";
    for line in text.lines() {
        let mut cells = line.split('│');
        let first = line.trim_start_matches(['│', ' ', '├', '╰', '─']);
        let name = first.split_whitespace().next().unwrap_or_default();
        if line.starts_with(['├', '╰']) {
            bench = name;
            continue;
        }
        let median = cells.by_ref().filter(|cell| !cell.trim().is_empty()).nth(2).unwrap_or_default().trim().to_owned();
        match (bench, found.iter_mut().find(|(chart, ..)| chart == name)) {
            ("again", Some(row)) => row.2 = median,
            ("again", None) => found.push((name.to_owned(), String::new(), median)),
            ("cold", Some(row)) => row.1 = median,
            ("cold", None) => found.push((name.to_owned(), median, String::new())),
            _ => {}
        }
    }
    found
}

/// Runs a command many times: median of the wall time, mean of the processor time, largest peak.
fn repeated(runs: u32, command: impl Fn() -> Command) -> Result<Cost, String> {
    let mut walls = Vec::new();
    let (mut cpu, mut peak_kib) = (Duration::ZERO, 0);
    for _ in 0..runs.max(1) {
        let finished = measure::run(&mut command(), LIMIT)?;
        walls.push(finished.wall);
        cpu += finished.cpu;
        peak_kib = peak_kib.max(finished.peak_kib);
    }
    Ok(Cost { wall: median(&mut walls).unwrap_or_default(), cpu: cpu / runs.max(1), peak_kib })
}

/// Runs every case once.
fn whole<C>(cases: &[C], command: &dyn Fn(&C) -> Command) -> Result<Cost, String> {
    let mut cost = Cost { wall: Duration::ZERO, cpu: Duration::ZERO, peak_kib: 0 };
    for case in cases {
        let finished = measure::run(&mut command(case), LIMIT)?;
        cost.wall += finished.wall;
        cost.cpu += finished.cpu;
        cost.peak_kib = cost.peak_kib.max(finished.peak_kib);
    }
    Ok(cost)
}

/// The real-world tree with the most bytes below it.
fn largest(cases: &[kustomize::Case]) -> Option<&kustomize::Case> {
    cases.iter().filter(|case| case.name.starts_with("real__")).max_by_key(|case| bytes(&case.input))
}

fn bytes(directory: &Path) -> u64 {
    let entries = std::fs::read_dir(directory).into_iter().flatten().flatten();
    let size = |path: &Path| std::fs::symlink_metadata(path).map_or(0, |metadata| metadata.len());
    entries.map(|entry| entry.path()).map(|path| if path.is_dir() { bytes(&path) } else { size(&path) }).sum()
}

fn row(what: &str, ours: &Cost, theirs: &Cost) -> Vec<String> {
    let factor = theirs.cpu.as_secs_f64() / ours.cpu.as_secs_f64().max(1e-4);
    vec![
        what.to_owned(),
        milliseconds(ours.wall),
        milliseconds(ours.cpu),
        mebibytes(ours.peak_kib),
        milliseconds(theirs.wall),
        milliseconds(theirs.cpu),
        mebibytes(theirs.peak_kib),
        format!("{factor:.0}×"),
    ]
}

fn milliseconds(duration: Duration) -> String {
    let value = duration.as_secs_f64() * 1000.0;
    if value < 10_000.0 { format!("{value:.1} ms") } else { format!("{:.1} s", value / 1000.0) }
}

fn mebibytes(kib: u64) -> String {
    format!("{} MiB", kib.div_ceil(1024))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn medians_are_read_from_the_table_of_benches() {
        let text = "Timer precision: 20 ns\ncharts     fastest       │ slowest       │ median        │ mean          │ samples\n\
                    ├─ again                 │               │               │               │\n\
                    │  ╰─ podinfo  1 ms      │ 3 ms          │ 2 ms          │ 2 ms          │ 100\n\
                    ╰─ cold                  │               │               │               │\n   \
                    ╰─ podinfo  7 ms      │ 9 ms          │ 8 ms          │ 8 ms          │ 100\n";
        assert_eq!(medians(text), [("podinfo".into(), "8 ms".into(), "2 ms".into())]);
    }
}
