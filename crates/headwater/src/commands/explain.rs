//! `headwater explain`: which lines in Git put an object or a field there.

use flux::{Rendered, Unit, UnitStatus};
use object::{Action, FieldPath, Object, ObjectId, Step};
use report::{Paint, Style};
use serde_json::{Value, json};
use source::{Sources, Span};
use yaml::Node;

use super::selector::Selector;
use super::units::place;
use crate::args::{ExplainArgs, ExplainOutput};
use crate::failure::{Failure, Outcome};
use crate::output::Output;
use crate::pipeline;

/// One object that was asked for, and who applies it.
struct Found<'a> {
    cluster: &'a Rendered,
    unit: &'a Unit,
    object: &'a Object,
    id: ObjectId,
}

pub(crate) fn run(args: &ExplainArgs, output: &Output) -> Result<Outcome, Failure> {
    let selector = Selector::parse(&args.object, args.namespace.as_deref())?;
    let field = args.field.as_deref().map(str::parse::<FieldPath>).transpose();
    let field = field.map_err(|error| Failure::new(error.to_string()))?;
    let input = pipeline::fetch(&args.path, &args.cluster, output)?;
    let clusters = pipeline::unfold(&input, &args.cluster)?;
    let found: Vec<Found<'_>> = clusters
        .iter()
        .flat_map(|cluster| cluster.objects().map(move |(unit, object)| (cluster, unit, object)))
        .map(|(cluster, unit, object)| Found { cluster, unit, object, id: cluster.identity(object) })
        .filter(|found| selector.accepts(&found.id))
        .collect();
    if found.is_empty() {
        return Err(nothing_found(&selector, &clusters, args));
    }
    let sources = &input.sources;
    match args.output {
        ExplainOutput::Human => {
            let texts =
                found.iter().map(|found| human(sources, found, field.as_ref(), clusters.len() > 1, output.stdout));
            output.data(&texts.collect::<Result<Vec<_>, _>>()?.join("\n"))?;
        }
        ExplainOutput::Json => {
            let values = found.iter().map(|found| in_json(sources, found, field.as_ref()));
            output.data(&format!("{:#}\n", json!({ "found": values.collect::<Result<Vec<_>, _>>()? })))?;
        }
    }
    Ok(Outcome::Clean)
}

fn nothing_found(selector: &Selector, clusters: &[Rendered], args: &ExplainArgs) -> Failure {
    let failure = Failure::new(format!("no object is called `{}`", args.object));
    let ids = clusters.iter().flat_map(|cluster| cluster.objects().map(|(_, object)| cluster.identity(object)));
    let mut near: Vec<(usize, String)> =
        ids.filter_map(|id| Some((usize::MAX - selector.likeness(&id)?, id.to_string()))).collect();
    near.sort_unstable();
    near.dedup();
    let near: Vec<String> = near.into_iter().map(|(_, id)| id).take(4).collect();
    let near = match near.as_slice() {
        [] => "`headwater get objects` lists the objects".to_owned(),
        near => format!("the nearest are {}", near.join(", ")),
    };
    let is_unknown = |unit: &Unit| unit.release.is_some() && matches!(unit.status, UnitStatus::NotRendered { .. });
    let unknown = clusters.iter().flat_map(|cluster| &cluster.units).any(is_unknown);
    let charts = "; some Helm releases are not rendered, and `headwater build -o human` says what they need";
    failure.with_help(format!("{near}{}", if unknown { charts } else { "" }))
}

/// The node of a field, in the object as it may be printed.
fn node_of<'a>(object: &'a Node, field: &FieldPath, found: &Found<'_>) -> Result<&'a Node, Failure> {
    field.get(object).ok_or_else(|| {
        let mut known = FieldPath::root();
        let mut at = object;
        for segment in field.segments() {
            let Some(next) = segment.get(at) else { break };
            known = known.join(segment.clone());
            at = next;
        }
        let failure = Failure::new(format!("{} has no field `{field}`", found.id));
        let place = if known.segments().is_empty() { "it".to_owned() } else { format!("`{known}`") };
        match (at.as_map(), at.as_list()) {
            (Some(map), _) => {
                let keys: Vec<String> = map.keys().map(|key| format!("`{key}`")).collect();
                failure.with_help(format!("{place} has {}", keys.join(", ")))
            }
            (_, Some(list)) => failure.with_help(format!("{place} is a list of {} items", list.len())),
            _ => failure.with_help(format!("{place} is a {}", at.value.type_name())),
        }
    })
}

fn human(
    sources: &Sources,
    found: &Found<'_>,
    field: Option<&FieldPath>,
    several: bool,
    style: Style,
) -> Result<String, Failure> {
    let shown = report::secrets::hide_in_object(sources, &found.object.node);
    let root = FieldPath::root();
    let node = node_of(&shown, field.unwrap_or(&root), found)?;
    let cluster = if several { format!("  (cluster {})", found.cluster.entry.name) } else { String::new() };
    let mut text = style.paint(Paint::Bold, &found.id.to_string());
    let is_leaf = node.as_map().is_none_or(yaml::Map::is_empty) && node.as_list().is_none_or(|list| list.is_empty());
    if let Some(field) = field {
        text.push_str(&format!("  {}", style.paint(Paint::Cyan, &field.to_string())));
    }
    text.push_str(&cluster);
    text.push('\n');
    if is_leaf {
        let value = yaml::to_yaml(node);
        let value = value.trim_end().replace('\n', "\n    ");
        text.push_str(&format!("  = {}\n", report::clean(&value, true)));
        let excerpt = report::excerpt(sources, node.span, "written here", style);
        if excerpt.is_empty() {
            text.push_str("  made by the engine, written on no line\n");
        }
        text.push_str(&excerpt);
    } else {
        text.push_str(&report::blame(sources, node, style));
    }
    text.push('\n');
    text.push_str(&chain(sources, found, is_leaf.then_some(node.span), style));
    Ok(text)
}

/// What happened to the object, in order, and who applies it. The step that wrote the field is marked.
fn chain(sources: &Sources, found: &Found<'_>, written: Option<Span>, style: Style) -> String {
    let written = written.map(|span| sources.trace(span)).unwrap_or_default();
    let steps = &found.object.origin.steps;
    let by_line = || steps.iter().rposition(|step| wrote(sources, step, &written));
    let by_value = || steps.iter().rposition(|step| step.action == Action::Substituted);
    // What a chart put there is written in its templates, which no step names.
    let by_chart = || steps.iter().rposition(|step| step.action == Action::Rendered);
    let writer = if written.values.is_empty() { by_line() } else { by_value() }.or_else(by_chart);
    let mark = |marked: bool| if marked { "→" } else { "" };
    let mut table = report::Table::new(["", "STEP", "LINE", "BY"]);
    let origin = found.object.origin.span;
    let is_origin = writer.is_none() && written.origins.iter().any(|place| holds(&origin, place));
    if !steps.iter().any(|step| place(sources, step.by) == place(sources, origin)) {
        table.push([mark(is_origin).to_owned(), "written".to_owned(), place(sources, origin), String::new()]);
    }
    let mut before = None;
    for (i, step) in steps.iter().enumerate() {
        let at = place(sources, step.by);
        let said = Some((step.action, at.clone()));
        if said != before || Some(i) == writer {
            table.push([mark(Some(i) == writer).to_owned(), step.action.to_string(), at, by(&step.layer)]);
        }
        before = said;
    }
    let mut chain = vec![&found.unit.id];
    let mut parent = found.unit.parent.as_ref();
    while let Some(id) = parent.filter(|id| !chain.contains(id)) {
        chain.push(id);
        parent = found.cluster.unit(id).and_then(|unit| unit.parent.as_ref());
    }
    let chain: Vec<String> = chain.into_iter().map(ToString::to_string).collect();
    let applied = report::clean(&chain.join(" ← "), false).into_owned();
    format!("{}\napplied by {applied}\n", table.render(style.crop()).trim_end())
}

/// Who asked for a step, when it is a Flux object; a kustomization is known by its line.
fn by(layer: &str) -> String {
    let is_file = ["kustomization.yaml", "kustomization.yml", "Kustomization"].iter().any(|name| layer.ends_with(name));
    if is_file { String::new() } else { layer.to_owned() }
}

/// Whether the line that asked for a step holds what was written.
fn wrote(sources: &Sources, step: &Step, written: &source::Trace) -> bool {
    let by = sources.resolve(step.by);
    written.origins.iter().any(|place| by.iter().any(|outer| holds(outer, place)))
}

fn holds(outer: &Span, inner: &Span) -> bool {
    outer.file() == inner.file() && outer.start() <= inner.start() && inner.end() <= outer.end().max(outer.start() + 1)
}

fn in_json(sources: &Sources, found: &Found<'_>, field: Option<&FieldPath>) -> Result<Value, Failure> {
    let shown = report::secrets::hide_in_object(sources, &found.object.node);
    let root = FieldPath::root();
    let node = node_of(&shown, field.unwrap_or(&root), found)?;
    let value: Value = serde_json::from_str(&yaml::to_json(node)).unwrap_or(Value::Null);
    let steps: Vec<Value> = found
        .object
        .origin
        .steps
        .iter()
        .map(|step| json!({ "action": step.action.as_str(), "at": place(sources, step.by), "layer": &*step.layer }))
        .collect();
    Ok(json!({
        "cluster": found.cluster.entry.name,
        "object": found.id.to_string(),
        "field": field.map(ToString::to_string),
        "value": value,
        "places": report::places_json(sources, node.span),
        "origin": place(sources, found.object.origin.span),
        "steps": steps,
        "unit": found.unit.id.to_string(),
    }))
}
