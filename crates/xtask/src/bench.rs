//! headwater beside the real tool on the same machine: whole processes, one after another.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use crate::arguments::Arguments;
use crate::document::{Document, conformance_path, table};
use crate::kustomize::{self, Case};
use crate::measure::{self, median};

/// Trees that stand for a size, and what they are.
const TREES: &[(&str, &str)] = &[
    ("probe__structure__comments", "one ConfigMap"),
    ("probe__names__everything", "20 kinds, prefix, namespace, labels, images"),
    ("krusty__simple__TestSimple1", "a small overlay with a strategic patch"),
    ("real__ceph_ceph-csi-operator__config-default__60960a", "71 files with bases and patches, 1.1 MB printed"),
];

/// Runs of each small tree.
const RUNS: u32 = 40;

const LIMIT: Duration = Duration::from_secs(120);

struct Cost {
    wall: Duration,
    cpu: Duration,
    peak_kib: u64,
}

/// Measures and writes the section on speed.
pub(crate) fn command(arguments: &Arguments) -> Result<bool, String> {
    let peer = arguments.peer()?;
    let headwater = arguments.headwater()?;
    let Some(corpus) = testkit::corpus("kustomize") else { return Ok(true) };
    let cases = kustomize::cases(&corpus)?;
    let ours = |case: &Case| kustomize::with_headwater(&headwater, case);
    let theirs = |case: &Case| kustomize::with_peer(&peer, case);

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
    let head = ["what", "headwater", "CPU", "peak", "kubectl", "CPU", "peak", "less CPU"];
    let mut text = format!(
        "Whole processes, one after another, {} cores, against {}; medians for single trees, sums for the corpus.\n\n{}",
        std::thread::available_parallelism().map_or(1, usize::from),
        measure::peer_version(&peer)?,
        table(&head, rows)
    );
    if let Some(repository) = testkit::repository("home-ops") {
        let build = || {
            let mut command = Command::new(&headwater);
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
    let path = conformance_path();
    let mut document = Document::read(&std::fs::read_to_string(&path).unwrap_or_default());
    document.set("Speed", &text);
    std::fs::write(&path, document.text()).map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(true)
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
fn whole(cases: &[Case], command: &dyn Fn(&Case) -> Command) -> Result<Cost, String> {
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
fn largest(cases: &[Case]) -> Option<&Case> {
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
