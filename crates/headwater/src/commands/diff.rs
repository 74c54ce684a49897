//! `headwater diff`: what a change does to the clusters.

use std::path::{Path, PathBuf};

use flux::Rendered;
use report::ClusterDiff;
use source::{Diagnostic, Sources};

use crate::args::{ClusterArgs, DiffArgs, DiffOutput};
use crate::failure::{Failure, Outcome};
use crate::output::Output;
use crate::pipeline::{self, Given, Place};

/// One side of a comparison, as the user named it.
#[derive(Clone, PartialEq, Eq, Debug)]
enum Side {
    Directory(PathBuf),
    Revision { name: String, around: PathBuf },
}

pub(crate) fn run(args: &DiffArgs, output: &Output) -> Result<Outcome, Failure> {
    let (old, new) = sides(args)?;
    let sources = Sources::new();
    let given = pipeline::given(&sources, &args.cluster, output)?;
    let (old, new) = (place(&old)?, place(&new)?);
    let (old, new) = (clusters(&sources, &old, &given, &args.cluster), clusters(&sources, &new, &given, &args.cluster));
    let (old, new) = match (old, new) {
        // The cluster that is asked for, or any, may be new or gone.
        (Err(failure), Err(_)) => return Err(failure),
        (old, new) => (old.unwrap_or_default(), new.unwrap_or_default()),
    };
    let compared: Vec<_> = pairs(&old, &new)
        .into_iter()
        .map(|(old, new)| {
            let name = new.or(old).map_or("", |cluster| cluster.entry.name.as_str());
            let mut comparison = pipeline::compare(old, new);
            report::secrets::hide_in_comparison(&sources, &mut comparison);
            (name, comparison)
        })
        .collect();
    let clusters: Vec<_> = compared.iter().map(|(name, comparison)| ClusterDiff { name, comparison }).collect();
    output.data(&match args.output {
        DiffOutput::Human => report::diff(&sources, &clusters, output.stdout),
        DiffOutput::Json => report::diff_json(&sources, &clusters),
        DiffOutput::Github => report::diff_github(&sources, &clusters),
        DiffOutput::Markdown => report::diff_markdown(&sources, &clusters),
    })?;
    let errors: Vec<Diagnostic> = new_errors(&sources, &old, &new);
    output.diagnostics(&sources, &errors);
    for cluster in &clusters {
        let (releases, others): (Vec<_>, Vec<_>) =
            cluster.comparison.not_compared.iter().partition(|not| not.unit.kind == flux::UnitKind::HelmRelease);
        for not in others {
            output.message(&format!("warning: {} is not compared: {}", not.unit, not.reason));
        }
        // Without charts it is true of every release, and not worth a line each.
        match releases.as_slice() {
            [] => {}
            [one] => output.message(&format!("warning: {} is not compared: {}", one.unit, one.reason)),
            [one, ..] => output.message(&format!(
                "warning: {} Helm releases are not compared, the first of them is {}: {}",
                releases.len(),
                one.unit,
                one.reason
            )),
        }
    }
    let summary = report::diff_summary(&clusters);
    output.message(if summary.is_empty() { "no changes to any cluster" } else { &summary });
    Ok(if summary.is_empty() && errors.is_empty() { Outcome::Clean } else { Outcome::Findings })
}

/// What is compared with what.
fn sides(args: &DiffArgs) -> Result<(Side, Side), Failure> {
    let what: Vec<&str> = args.what.iter().map(String::as_str).collect();
    let around = |path: Option<&&str>| PathBuf::from(path.copied().unwrap_or("."));
    let revision = |name: &str, around: &Path| Side::Revision { name: name.to_owned(), around: around.to_owned() };
    match (args.revisions.as_slice(), what.as_slice()) {
        ([one, two], []) => return Ok((revision(one, Path::new(".")), revision(two, Path::new(".")))),
        ([one, two], [path]) => return Ok((revision(one, Path::new(path)), revision(two, Path::new(path)))),
        ([], _) => {}
        _ => return Err(Failure::new("`--rev` is given twice, with one path at most")),
    }
    if let Some(base) = &args.base {
        let ([] | [_]) = what.as_slice() else { return Err(Failure::new("`--base` takes one path at most")) };
        let path = around(what.first());
        return Ok((revision(base, &path), Side::Directory(path)));
    }
    match what.as_slice() {
        [range, rest @ ..] if range.contains("..") && !Path::new(range).exists() => {
            let path = around(rest.first());
            let (old, new, parted) = match range.split_once("...") {
                Some((old, new)) => (old, new, true),
                None => range.split_once("..").map(|(old, new)| (old, new, false)).unwrap_or((range, "", false)),
            };
            let name = |text: &str| if text.is_empty() { "HEAD".to_owned() } else { text.to_owned() };
            let (old, new) = (name(old), name(new));
            let old = if parted { pipeline::merge_base(&old, &new, &path)? } else { old };
            Ok((revision(&old, &path), revision(&new, &path)))
        }
        [] | [_] => {
            let path = around(what.first());
            Ok((revision("HEAD", &path), Side::Directory(path)))
        }
        [old, new, ..] => Ok((side(old), side(new))),
    }
}

/// A directory when there is one, else a revision here.
fn side(text: &str) -> Side {
    if Path::new(text).exists() {
        Side::Directory(text.into())
    } else {
        Side::Revision { name: text.to_owned(), around: ".".into() }
    }
}

fn place(side: &Side) -> Result<Place, Failure> {
    match side {
        Side::Directory(path) => pipeline::directory(path),
        Side::Revision { name, around } => pipeline::revision(name, around).map_err(|failure| {
            let looks_like_path = name.contains('/') && !name.contains(':');
            if looks_like_path { failure.with_help("nor is there a directory of this name") } else { failure }
        }),
    }
}

fn clusters(sources: &Sources, place: &Place, given: &Given, args: &ClusterArgs) -> Result<Vec<Rendered>, Failure> {
    pipeline::render(sources, place, given, args)
}

/// Clusters with the same name, then those that only one side has. A single cluster on each side is the same one,
/// whatever it is called: two directories are compared.
fn pairs<'a>(old: &'a [Rendered], new: &'a [Rendered]) -> Vec<(Option<&'a Rendered>, Option<&'a Rendered>)> {
    if let ([old], [new]) = (old, new) {
        return vec![(Some(old), Some(new))];
    }
    let find = |side: &'a [Rendered], cluster: &Rendered| {
        side.iter().find(|other| other.entry.relative_path() == cluster.entry.relative_path())
    };
    let kept = new.iter().map(|cluster| (find(old, cluster), Some(cluster)));
    let gone = old.iter().filter(|cluster| find(new, cluster).is_none()).map(|cluster| (Some(cluster), None));
    kept.chain(gone).collect()
}

/// Errors of the new side that the old side has not: those that the change brings.
fn new_errors(sources: &Sources, old: &[Rendered], new: &[Rendered]) -> Vec<Diagnostic> {
    let known = check::findings(old);
    let text = |diagnostic: &Diagnostic| {
        let line = sources.resolve(diagnostic.span).first().and_then(|span| sources.text(*span));
        (diagnostic.rule, diagnostic.message.clone(), line)
    };
    let known: Vec<_> = known.iter().map(text).collect();
    check::findings(new).into_iter().filter(|d| d.is_error() && !known.contains(&text(d))).collect()
}
