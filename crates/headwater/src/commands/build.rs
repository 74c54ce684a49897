//! `headwater build`: every object that Flux would apply, or a summary of them.

use std::fmt::Write as _;

use flux::{Rendered, Resolution, Unit, UnitKind, UnitStatus};
use object::Object;
use report::{Paint, Style, Table};
use source::{Diagnostic, Sources};

use super::units::Filter;
use crate::args::{BuildArgs, BuildOutput};
use crate::failure::{Failure, Outcome};
use crate::output::Output;
use crate::pipeline;

pub(crate) fn run(args: &BuildArgs, output: &Output) -> Result<Outcome, Failure> {
    let input = pipeline::fetch(&args.path, &args.cluster, output)?;
    let clusters = pipeline::unfold(&input, &args.cluster)?;
    let format = args.output.unwrap_or(if output.stdout.terminal { BuildOutput::Human } else { BuildOutput::Yaml });
    if let (BuildOutput::Yaml | BuildOutput::Json, [_, _, ..]) = (format, clusters.as_slice()) {
        let names: Vec<_> = clusters.iter().map(|cluster| cluster.entry.name.as_str()).collect();
        let help = format!("choose one with `--cluster`: {}", names.join(", "));
        return Err(Failure::new("objects of several clusters would be mixed").with_help(help));
    }
    let filter = Filter::new(&args.units, args.namespace.as_deref());
    filter.check(&clusters)?;
    let wanted =
        |cluster: &Rendered| cluster.units.iter().filter(|unit| filter.accepts(unit)).cloned().collect::<Vec<Unit>>();
    let mut text = String::new();
    for cluster in &clusters {
        let units = wanted(cluster);
        let objects = || units.iter().flat_map(|unit| unit.objects.iter().map(move |object| (unit, object)));
        match format {
            BuildOutput::Human => {
                text.push_str(if text.is_empty() { "" } else { "\n" });
                text.push_str(&summary(cluster, &units, output.stdout));
            }
            BuildOutput::Json => text.push_str(&report::json_list(
                &input.sources,
                objects().map(|(_, object)| object),
                args.show_secrets,
            )),
            BuildOutput::Name => {
                for (_, object) in objects() {
                    let id = cluster.identity(object);
                    let _ = writeln!(text, "{}", report::name(&id));
                }
            }
            BuildOutput::Yaml => {
                for (i, (unit, object)) in objects().enumerate() {
                    text.push_str(if i == 0 { "" } else { "---\n" });
                    text.push_str(&heading(&input.sources, unit, object));
                    text.push_str(&report::yaml_document(&input.sources, object, args.show_secrets));
                }
            }
        }
    }
    let chosen: Vec<Diagnostic> = if filter.is_everything() {
        check::findings(&clusters)
    } else {
        clusters.iter().flat_map(wanted).flat_map(|unit| unit.diagnostics).collect()
    };
    let errors: Vec<_> = chosen.iter().filter(|d| d.is_error()).collect();
    output.data(&text)?;
    output.diagnostics(&input.sources, errors.iter().copied());
    let unknown = clusters.iter().flat_map(wanted).filter(is_unknown).count();
    if unknown > 0 && format != BuildOutput::Human {
        let what = if unknown == 1 { "1 Helm release is".to_owned() } else { format!("{unknown} Helm releases are") };
        output.message(&format!("{what} not rendered: `headwater build -o human` says what they need"));
    }
    let found = report::summary(&chosen);
    if !found.is_empty() {
        output.message(&format!("{found}; `headwater check` shows all findings"));
    }
    Ok(if errors.is_empty() { Outcome::Clean } else { Outcome::Findings })
}

/// A release that nothing is wrong with and that could not be rendered.
fn is_unknown(unit: &Unit) -> bool {
    unit.release.is_some() && matches!(unit.status, UnitStatus::NotRendered { .. } | UnitStatus::Blocked { .. })
}

/// A comment that says where a document comes from.
fn heading(sources: &Sources, unit: &Unit, object: &Object) -> String {
    let place = sources.resolve(object.origin.span).first().and_then(|span| sources.location(*span));
    let place =
        place.map(|place| format!(", {}:{}", report::clean(&place.name, false), place.line)).unwrap_or_default();
    format!("# {}{place}\n", report::clean(&unit.id.to_string(), false))
}

/// Kustomizations in waves, with what came of each, then the Helm releases that they define.
fn summary(cluster: &Rendered, units: &[Unit], style: Style) -> String {
    let mut text = format!("{}\n", style.paint(Paint::Bold, &format!("cluster {}", cluster.entry)));
    let (releases, kustomizations): (Vec<&Unit>, Vec<&Unit>) =
        units.iter().partition(|unit| unit.id.kind == UnitKind::HelmRelease);
    let mut table = Table::new(["", "KUSTOMIZATION", "OBJECTS", "PATH"]);
    let mut wave = None;
    for unit in &kustomizations {
        if wave != Some(unit.wave) {
            wave = Some(unit.wave);
            table.section(format!("wave {}", unit.wave));
        }
        let (mark, objects) = outcome(unit);
        table.push([mark.to_owned(), name(unit), objects, from(unit)]);
        if let UnitStatus::Blocked { reason } | UnitStatus::NotRendered { reason } = &unit.status {
            table.section(format!("    {reason}"));
        }
    }
    if !kustomizations.is_empty() {
        text.push_str(&table.render(style.crop()));
    }
    if !releases.is_empty() {
        text.push('\n');
        let mut table = Table::new(["", "HELM RELEASE", "OBJECTS", "CHART"]);
        for unit in &releases {
            let (mark, objects) = outcome(unit);
            table.push([mark.to_owned(), name(unit), objects, from(unit)]);
        }
        text.push_str(&table.render(style.crop()));
    }
    if !cluster.needs.is_empty() {
        text.push_str("\nmissing sources\n");
        let mut table = Table::new(["", "SOURCE", "URL", "WANTED BY"]);
        for need in &cluster.needs {
            let by: Vec<String> = need.wanted_by.iter().map(ToString::to_string).collect();
            let url = need.url.as_deref().unwrap_or("-").to_owned();
            let version = need.revision.as_ref().map(|version| format!(" {version}")).unwrap_or_default();
            let what = match &need.chart {
                Some(chart) => format!("chart {chart}{version}"),
                None => need.source.to_string(),
            };
            table.push([String::new(), what, url, by.join(", ")]);
        }
        text.push_str(&table.render(style.crop()));
        text.push_str("give a folder with --mirror URL=PATH, or with --source KIND/NAMESPACE/NAME=PATH\n");
    }
    let objects: usize = units.iter().map(|unit| unit.objects.len()).sum();
    let mut total = vec![format!("{objects} {}", if objects == 1 { "object" } else { "objects" })];
    let count = |kind: UnitKind, word: &str| match units.iter().filter(|unit| unit.id.kind == kind).count() {
        0 => None,
        1 => Some(format!("1 {word}")),
        n => Some(format!("{n} {word}s")),
    };
    total.extend(count(UnitKind::Kustomization, "Kustomization"));
    total.extend(count(UnitKind::HelmRelease, "Helm release"));
    let _ = writeln!(text, "\n{}", total.join(", "));
    text
}

/// A mark for what became of a unit, and how many objects it has.
fn outcome(unit: &Unit) -> (&'static str, String) {
    let (mark, objects) = match &unit.status {
        UnitStatus::Rendered => ("✓", unit.objects.len().to_string()),
        UnitStatus::Failed => ("✗", "failed".to_owned()),
        UnitStatus::NotRendered { .. } => ("-", "unknown".to_owned()),
        UnitStatus::Suspended => ("-", "suspended".to_owned()),
        UnitStatus::Blocked { .. } => ("?", "blocked".to_owned()),
    };
    (if unit.has_errors() { "✗" } else { mark }, objects)
}

fn name(unit: &Unit) -> String {
    match unit.id.kind {
        UnitKind::Entry => format!("{} (entry)", unit.id.name),
        _ => format!("{}/{}", unit.id.namespace, unit.id.name),
    }
}

fn from(unit: &Unit) -> String {
    if let Some(release) = &unit.release {
        let version = release.version.as_ref().map(|version| format!(" {version}")).unwrap_or_default();
        return format!("{}{version}", release.chart);
    }
    let Some(source) = &unit.source else { return String::new() };
    let path = source.path.as_ref().map(|path| format!("./{}", path.relative())).unwrap_or_default();
    match source.resolution {
        Resolution::Repository { .. } => path,
        _ => format!("{path} in {}", source.id),
    }
}
