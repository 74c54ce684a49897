//! `headwater tree`: what renders what, from the directory that Flux starts from.

use std::collections::{BTreeMap, BTreeSet};

use flux::{Rendered, Unit, UnitId, UnitKind, UnitStatus};
use report::{Paint, Style};
use serde_json::{Value, json};

use super::units::status;
use crate::args::{TreeArgs, TreeOutput};
use crate::failure::{Failure, Outcome};
use crate::output::Output;
use crate::pipeline;

/// Units deeper than this are left out; `flux::Limits::waves` is less.
const DEPTH: usize = 64;

pub(crate) fn run(args: &TreeArgs, output: &Output) -> Result<Outcome, Failure> {
    let input = pipeline::fetch(&args.path, &args.cluster, output)?;
    let clusters = pipeline::unfold(&input, &args.cluster)?;
    let graphs: Vec<Graph<'_>> = clusters.iter().map(Graph::of).collect();
    let text = match args.output {
        TreeOutput::Human => {
            let drawings = graphs.iter().map(|graph| graph.draw(args.compact, output.stdout));
            drawings.collect::<Vec<_>>().join("\n")
        }
        TreeOutput::Json => {
            format!("{:#}\n", json!({ "clusters": graphs.iter().map(Graph::json).collect::<Vec<_>>() }))
        }
    };
    output.data(&text)?;
    Ok(Outcome::Clean)
}

/// Which units the objects of a unit define.
struct Graph<'a> {
    cluster: &'a Rendered,
    roots: Vec<&'a Unit>,
    below: BTreeMap<&'a UnitId, Vec<&'a Unit>>,
}

impl<'a> Graph<'a> {
    fn of(cluster: &'a Rendered) -> Self {
        let known: BTreeSet<&UnitId> = cluster.units.iter().map(|unit| &unit.id).collect();
        let mut graph = Self { cluster, roots: Vec::new(), below: BTreeMap::new() };
        for unit in &cluster.units {
            match unit.parent.as_ref().filter(|parent| **parent != unit.id && known.contains(parent)) {
                Some(parent) => graph.below.entry(parent).or_default().push(unit),
                None => graph.roots.push(unit),
            }
        }
        graph
    }

    fn children(&self, unit: &Unit) -> &[&'a Unit] {
        self.below.get(&unit.id).map(Vec::as_slice).unwrap_or_default()
    }

    fn draw(&self, compact: bool, style: Style) -> String {
        let mut text = format!("{}\n", style.paint(Paint::Bold, &format!("cluster {}", self.cluster.entry)));
        self.draw_all(&self.roots, "", compact, style, &mut text);
        text
    }

    fn draw_all(&self, units: &[&Unit], before: &str, compact: bool, style: Style, text: &mut String) {
        for (i, unit) in units.iter().enumerate() {
            let (branch, below) = if i + 1 == units.len() { ("└── ", "    ") } else { ("├── ", "│   ") };
            let name = report::clean(&unit.id.to_string(), false).into_owned();
            let room =
                style.crop().map(|width| width.saturating_sub(before.chars().count() + name.chars().count() + 6));
            text.push_str(&format!("{before}{branch}{}  {}\n", style.paint(paint(unit), &name), about(unit, room)));
            let before = format!("{before}{below}");
            let children = self.children(unit);
            let counts = if compact { Vec::new() } else { self.counts(unit) };
            for (i, count) in counts.iter().enumerate() {
                let last = i + 1 == counts.len() && children.is_empty();
                text.push_str(&format!("{before}{}{count}\n", if last { "└── " } else { "├── " }));
            }
            // Each level adds four columns to `before`.
            if before.chars().count() / 4 < DEPTH {
                self.draw_all(children, &before, compact, style, text);
            }
        }
    }

    /// `3 Deployment` and so on, without the units that are drawn below.
    fn counts(&self, unit: &Unit) -> Vec<String> {
        let units: BTreeSet<_> =
            self.children(unit).iter().map(|u| (u.id.kind.as_str(), &*u.id.namespace, &*u.id.name)).collect();
        let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
        for object in &unit.objects {
            let id = self.cluster.identity(object);
            if !units.contains(&(&*id.group_kind.kind, &*id.namespace, &*id.name)) {
                *kinds.entry(report::clean(&id.group_kind.kind, false).into_owned()).or_default() += 1;
            }
        }
        kinds.into_iter().map(|(kind, count)| format!("{count} {kind}")).collect()
    }

    fn json(&self) -> Value {
        let units: Vec<Value> = self.roots.iter().map(|unit| self.unit_json(unit, 0)).collect();
        json!({ "name": self.cluster.entry.name, "path": self.cluster.entry.relative_path(), "units": units })
    }

    fn unit_json(&self, unit: &Unit, depth: usize) -> Value {
        let below = if depth < DEPTH { self.children(unit) } else { &[] };
        let release = unit.release.as_ref();
        json!({
            "kind": unit.id.kind.as_str(),
            "namespace": &*unit.id.namespace,
            "name": &*unit.id.name,
            "path": unit.source.as_ref().and_then(|source| source.path.as_ref()).map(|path| format!("./{}", path.relative())),
            "source": unit.source.as_ref().map(|source| source.id.to_string()),
            "chart": release.map(|release| release.chart.to_string()),
            "version": release.and_then(|release| release.version.as_deref()),
            "dependsOn": unit.depends_on.iter().map(|dependency| dependency.id.to_string()).collect::<Vec<_>>(),
            "status": status(unit),
            "objects": unit.objects.iter().map(|object| self.cluster.identity(object).to_string()).collect::<Vec<_>>(),
            "units": below.iter().map(|unit| self.unit_json(unit, depth + 1)).collect::<Vec<_>>(),
        })
    }
}

fn paint(unit: &Unit) -> Paint {
    match unit.status {
        UnitStatus::Rendered if !unit.has_errors() => Paint::Cyan,
        UnitStatus::NotRendered { .. } | UnitStatus::Suspended => Paint::Yellow,
        _ => Paint::Red,
    }
}

/// How many objects a unit has or what keeps it from having them, what it waits for, and its path or chart. A path is
/// cropped to the room that there is.
fn about(unit: &Unit, room: Option<usize>) -> String {
    let mut parts = Vec::new();
    if let UnitStatus::Rendered | UnitStatus::Suspended = unit.status {
        parts.push(match unit.objects.len() {
            1 => "1 object".to_owned(),
            n => format!("{n} objects"),
        });
    }
    if let Some(release) = &unit.release {
        let version = release.version.as_ref().map(|version| format!(" {version}")).unwrap_or_default();
        parts.push(format!("chart {}{version}", release.chart));
    }
    if let (UnitStatus::NotRendered { .. }, Some(_)) = (&unit.status, &unit.release) {
        // `build` says what it needs.
        parts.push("not rendered".to_owned());
    } else if unit.status != UnitStatus::Rendered || unit.has_errors() {
        parts.push(status(unit));
    }
    if !unit.depends_on.is_empty() {
        let names: Vec<&str> = unit.depends_on.iter().map(|dependency| &*dependency.id.name).collect();
        parts.push(format!("after {}", names.join(", ")));
    }
    let path = unit.source.as_ref().and_then(|source| source.path.as_ref());
    if let (None, Some(path), true) = (&unit.release, path, unit.id.kind != UnitKind::Entry) {
        let path = format!("./{}", path.relative());
        let used: usize = parts.iter().map(|part| part.chars().count() + 2).sum();
        match room.map(|room| room.saturating_sub(used)) {
            Some(room) if room < 12 => {}
            Some(room) => parts.push(report::crop_front(&path, room)),
            None => parts.push(path),
        }
    }
    report::clean(&parts.join(", "), false).into_owned()
}
