//! A chart and values to manifests, hooks and notes: what `helm template` does between reading and printing.
//!
//! Upstream: `RunWithContext` of `pkg/action/install.go`, `renderResources` of `pkg/action/action.go` and
//! `pkg/engine/engine.go`, helm 4.2.3.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use gotmpl::{Env, ExecError, Item, Limits, Map, Run, Set, Text, TextOrigin, Value};
use source::{FileId, Sources, Span};

use crate::chart::Chart;
use crate::coalesce::{coalesce_values, template_values};
use crate::dependencies::process_dependencies;
use crate::manifest::sort;
use crate::memo::Memo;
use crate::print::Crd;
use crate::release::check_release_name;
use crate::schema::validate_values;
use crate::scope::{Scoped, in_order, templates};
use crate::trace::{exec_error, parse_error};
use crate::values_map::VALUES;
use crate::{Capabilities, NullHandling, Release, Sorted, Violation, Warning};

/// What a render is told besides the chart and the values.
#[derive(Clone)]
pub struct Settings<'a> {
    /// The release.
    pub release: Release,
    /// What templates see of the cluster.
    pub capabilities: Capabilities,
    /// Which Helm's rules nulls among the values follow.
    pub null_handling: NullHandling,
    /// Whether the values are taken as they are, whatever the charts' schemas say.
    pub skip_schema_validation: bool,
    /// Finds schemas that others refer to by URL; nothing else is loaded.
    pub schemas: &'a (dyn Fn(&str) -> Option<Arc<[u8]>> + Sync),
    /// Time and randomness.
    pub env: Env,
    /// What the templates may cost.
    pub limits: Limits,
    /// Where texts are registered, when what is printed shall keep its places: the template's line, and the values' line.
    pub sources: Option<&'a Sources>,
}

impl fmt::Debug for Settings<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings").field("release", &self.release).finish_non_exhaustive()
    }
}

/// What came out.
#[derive(Clone, Debug)]
pub struct Rendered {
    /// The release that was rendered.
    pub release: Release,
    /// Definitions from `crds/` of the chart and its dependencies.
    pub crds: Vec<Crd>,
    /// What the templates printed, by rising path, without notes.
    pub files: Vec<(String, Text)>,
    /// The documents in it.
    pub sorted: Sorted,
    /// What the chart tells whoever installs it.
    pub notes: Vec<u8>,
    /// What Helm logs on the way.
    pub warnings: Vec<Warning>,
    /// How often something random was drawn: when never, two renders differ in nothing but their input.
    pub draws: u64,
}

/// Why nothing came out.
#[derive(Debug)]
pub struct RenderError {
    /// Helm's text, without the `Error: ` before it.
    pub message: String,
    /// The chain of templates, when one failed.
    pub exec: Option<Box<ExecError>>,
    /// Values that do not fit their schemas.
    pub violations: Vec<Violation>,
    /// Where a template does not parse, or prints what is no YAML.
    pub span: Span,
    /// Whether the release was already made up, so that Helm adds a line about `--debug`.
    pub is_rendering: bool,
    /// What the templates printed, when that is no YAML: by rising path, without notes.
    pub files: Vec<(String, Text)>,
    /// What Helm logged before.
    pub warnings: Vec<Warning>,
    /// Whether the templates nest deeper than the limits allow.
    pub is_too_deep: bool,
}

impl RenderError {
    pub(crate) fn early(message: impl Into<String>) -> Box<Self> {
        Box::new(Self {
            message: message.into(),
            exec: None,
            violations: Vec::new(),
            span: Span::DETACHED,
            is_rendering: false,
            files: Vec::new(),
            warnings: Vec::new(),
            is_too_deep: false,
        })
    }

    fn rendering(message: impl Into<String>) -> Box<Self> {
        Box::new(Self { is_rendering: true, ..*Self::early(message) })
    }
}

/// Renders a chart for a release. `memo` keeps parsed templates for the next render of the same chart.
///
/// # Errors
/// The first thing that Helm would stop at.
pub fn render(
    chart: &Chart,
    values: &yaml::Map,
    settings: &Settings<'_>,
    memo: &Memo,
) -> Result<Rendered, Box<RenderError>> {
    let attempt = |depth: usize| {
        let mut warnings = Vec::new();
        let limits = Limits { depth: settings.limits.depth.min(depth), ..settings.limits };
        match stages(chart, values, settings, limits, memo, &mut warnings) {
            Ok(rendered) => Ok(Rendered { warnings, ..rendered }),
            Err(error) => Err(Box::new(RenderError { warnings, ..*error })),
        }
    };
    // What nests deeper is rendered once more on a thread with a large stack, which hardly any chart needs.
    match attempt(ORDINARY_DEPTH) {
        Err(error) if error.is_too_deep && settings.limits.depth > ORDINARY_DEPTH => {
            let again = gotmpl::on_large_stack(|| attempt(usize::MAX));
            again.unwrap_or_else(|error| Err(RenderError::early(format!("no thread for the templates: {error}"))))
        }
        result => result,
    }
}

/// Levels of nesting that the smallest ordinary stack holds: two megabytes, in a build without optimisation.
const ORDINARY_DEPTH: usize = 80;

fn stages(
    chart: &Chart,
    values: &yaml::Map,
    settings: &Settings<'_>,
    limits: Limits,
    memo: &Memo,
    warnings: &mut Vec<Warning>,
) -> Result<Rendered, Box<RenderError>> {
    check_release_name(&settings.release.name).map_err(RenderError::early)?;
    let mut processed = process_dependencies(chart, values, settings.null_handling).map_err(RenderError::early)?;
    warnings.append(&mut processed.warnings);
    let chart = &processed.chart;
    let values = coalesce_values(chart, values, settings.null_handling, warnings).map_err(RenderError::early)?;
    if !settings.skip_schema_validation && chart.walk().iter().any(|(_, chart)| chart.schema().is_some()) {
        let values = values.map();
        // Schemas nest as deeply as whoever wrote them likes.
        gotmpl::on_large_stack(|| validate_values(chart, &values, settings.schemas, warnings))
            .map_err(|error| RenderError::early(format!("no thread for the schemas: {error}")))?
            .map_err(|failure| {
                Box::new(RenderError { violations: failure.violations, ..*RenderError::early(failure.text) })
            })?;
    }
    settings.capabilities.check(chart.metadata()).map_err(RenderError::rendering)?;
    let values = Item::from(Value::Map(template_values(&values)));
    let (mut files, draws) = print(chart, values, settings, limits, memo)?;
    let notes = take_notes(chart, &mut files);
    let sorted = match sort(files.iter().map(|(path, text)| (path.as_str(), text.as_bytes()))) {
        Ok(sorted) => sorted,
        Err(why) => return Err(Box::new(RenderError { files, ..*RenderError::rendering(why) })),
    };
    let crd = |(path, file): (String, &crate::ChartFile)| Crd { path, text: Arc::clone(file.data()) };
    let crds = chart.crds().into_iter().map(crd).collect();
    Ok(Rendered { release: settings.release.clone(), crds, files, sorted, notes, warnings: Vec::new(), draws })
}

/// What the templates print, by rising path, and how often they drew something random.
type Printed = (Vec<(String, Text)>, u64);

fn print(
    chart: &Chart,
    values: Item,
    settings: &Settings<'_>,
    limits: Limits,
    memo: &Memo,
) -> Result<Printed, Box<RenderError>> {
    let scoped = templates(chart, values, settings);
    let order = in_order(scoped.keys());
    let set = parse(&order, &scoped, settings.sources, limits.depth, memo)?;
    let mut run = Run::new(&set, &settings.env, limits, settings.sources.is_some());
    let mut files = Vec::new();
    for name in order {
        let Some(template) = scoped.get(name) else { continue };
        if name.rsplit('/').next().is_some_and(|base| base.starts_with('_')) {
            continue;
        }
        let own = Map::of(VALUES, []);
        own.insert("Name", Value::from(name.as_str()));
        own.insert("BasePath", Value::from(template.base_path.as_str()));
        template.dot.insert("Template", Value::Map(own));
        match run.execute(name, Item::from(Value::Map(template.dot.clone()))) {
            Ok(text) => files.push((name.clone(), text)),
            Err(error) => {
                let links: Vec<_> = error.links().map(String::from_utf8_lossy).collect();
                // How templates came to where a budget was used up may be told in thousands of lines; where it was is enough.
                let links = if error.is_budget { links.last().into_iter().cloned().collect() } else { links };
                let message = exec_error(name, &links);
                let is_too_deep = error.is_too_deep;
                return Err(Box::new(RenderError {
                    exec: Some(error),
                    is_too_deep,
                    ..*RenderError::rendering(message)
                }));
            }
        }
    }
    files.sort_by(|a, b| a.0.cmp(&b.0));
    Ok((files, run.draws()))
}

fn parse(
    order: &[&String],
    scoped: &BTreeMap<String, Scoped<'_>>,
    sources: Option<&Sources>,
    depth: usize,
    memo: &Memo,
) -> Result<Set, Box<RenderError>> {
    let mut set = Set::new();
    for name in order {
        let Some(template) = scoped.get(*name) else { continue };
        let text = template.file.data();
        let file = sources.map(|sources| template.file.id(sources));
        let origin = file.map_or(TextOrigin::Value(Span::DETACHED), TextOrigin::File);
        let parsed = memo.parsed(name, text, origin, depth).map_err(|error| {
            let span = file.map_or(Span::DETACHED, |file| line(file, text, error.line));
            let is_too_deep = error.is_too_deep;
            Box::new(RenderError { span, is_too_deep, ..*RenderError::rendering(parse_error(name, &error.message)) })
        })?;
        set.add(&parsed);
    }
    Ok(set)
}

/// The place of a line, from 1.
fn line(file: FileId, text: &[u8], number: usize) -> Span {
    let mut start = 0;
    for (index, line) in text.split(|byte| *byte == b'\n').enumerate() {
        if index + 1 == number {
            return Span::new(file, start, start + line.len());
        }
        start += line.len() + 1;
    }
    Span::new(file, 0, 0)
}

/// Takes the notes of all charts out, and gives those of the chart itself.
fn take_notes(chart: &Chart, files: &mut Vec<(String, Text)>) -> Vec<u8> {
    let own = format!("{}/templates/NOTES.txt", chart.name());
    let mut notes = Vec::new();
    files.retain(|(path, text)| {
        if path == &own {
            notes = text.as_bytes().to_vec();
        }
        !path.ends_with("NOTES.txt")
    });
    notes
}
