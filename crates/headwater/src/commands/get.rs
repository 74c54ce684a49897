//! `headwater get`: what a cluster gets, as tables.

use std::collections::BTreeMap;

use flux::{Rendered, Unit, UnitKind};
use object::Object;
use report::Table;
use serde_json::json;
use source::Sources;

use super::units::{place, resolution, status};
use crate::args::{GetArgs, GetOutput, What};
use crate::failure::{Failure, Outcome};
use crate::output::Output;
use crate::pipeline;

/// What is listed of one cluster.
struct Listing<'a> {
    args: &'a GetArgs,
    sources: &'a Sources,
    cluster: &'a Rendered,
    /// Whether there are others, so that its name must be said.
    several: bool,
}

pub(crate) fn run(args: &GetArgs, output: &Output) -> Result<Outcome, Failure> {
    let input = pipeline::fetch(&args.path, &args.cluster, output)?;
    let clusters = pipeline::unfold(&input, &args.cluster)?;
    let several = clusters.len() > 1;
    let listings: Vec<Listing<'_>> =
        clusters.iter().map(|cluster| Listing { args, sources: &input.sources, cluster, several }).collect();
    let text = match (args.output, args.what) {
        (GetOutput::Human | GetOutput::Wide, What::All) => {
            let parts = [What::Kustomizations, What::HelmReleases, What::Sources];
            let tables = parts.into_iter().map(|what| table(&listings, what)).filter(|table| !table.is_empty());
            tables.map(|table| table.render(width(args, output))).collect::<Vec<_>>().join("\n")
        }
        (GetOutput::Human | GetOutput::Wide, what) => {
            let table = table(&listings, what);
            if table.is_empty() { String::new() } else { table.render(width(args, output)) }
        }
        (GetOutput::Json, What::Images) => {
            let images: Vec<_> = listings.iter().flat_map(Listing::images_json).collect();
            format!("{:#}\n", json!({ "images": images }))
        }
        (GetOutput::Name | GetOutput::Yaml, What::Images) => {
            let mut names: Vec<String> = listings.iter().flat_map(|l| l.images().into_keys()).collect();
            names.sort_unstable();
            names.dedup();
            let bullet = if args.output == GetOutput::Yaml { "- " } else { "" };
            names.into_iter().map(|name| format!("{bullet}{name}\n")).collect()
        }
        (GetOutput::Json, _) => {
            report::json_list(&input.sources, listings.iter().flat_map(Listing::objects), args.show_secrets)
        }
        (GetOutput::Yaml, _) => {
            let documents = listings.iter().flat_map(Listing::objects);
            documents
                .map(|object| report::yaml_document(&input.sources, object, args.show_secrets))
                .collect::<Vec<_>>()
                .join("---\n")
        }
        (GetOutput::Name, _) => {
            let names = listings.iter().flat_map(|l| l.objects().into_iter().map(|o| l.cluster.identity(o)));
            names.map(|id| report::name(&id) + "\n").collect()
        }
    };
    if text.is_empty() {
        output.message(&match &args.name {
            Some(name) => format!("nothing is called `{name}`"),
            None => "nothing found".to_owned(),
        });
    }
    output.data(&text)?;
    Ok(Outcome::Clean)
}

/// Tables are cropped for people only, and never when they asked for all.
fn width(args: &GetArgs, output: &Output) -> Option<usize> {
    output.stdout.crop().filter(|_| args.output == GetOutput::Human)
}

fn table(listings: &[Listing<'_>], what: What) -> Table {
    let Some(first) = listings.first() else { return Table::default() };
    let mut headings = Vec::new();
    if first.several {
        headings.push("CLUSTER");
    }
    if first.namespace().is_none() && what != What::Images {
        headings.push("NAMESPACE");
    }
    let wide = first.args.output == GetOutput::Wide;
    headings.extend_from_slice(match (what, wide) {
        (What::Kustomizations | What::All, false) => &["NAME", "OBJECTS", "STATUS", "SOURCE", "PATH"],
        (What::Kustomizations | What::All, true) => {
            &["NAME", "OBJECTS", "STATUS", "SOURCE", "PATH", "WAVE", "DEPENDS ON", "PRUNE", "INTERVAL", "DEFINED"]
        }
        (What::HelmReleases, false) => &["NAME", "OBJECTS", "CHART", "VERSION", "SOURCE"],
        (What::HelmReleases, true) => {
            &["NAME", "OBJECTS", "CHART", "VERSION", "RENDERED", "SOURCE", "RELEASE", "DEPENDS ON", "DEFINED", "STATUS"]
        }
        (What::Sources, false) => &["KIND", "NAME", "REVISION", "USED BY", "FILES", "URL"],
        (What::Sources, true) => &["KIND", "NAME", "REVISION", "USED BY", "FILES", "DEFINED", "URL"],
        (What::Images, false) => &["IMAGE", "OBJECTS"],
        (What::Images, true) => &["IMAGE", "OBJECT", "UNIT", "WRITTEN"],
        (What::Objects, false) => &["KIND", "NAME", "UNIT"],
        (What::Objects, true) => &["KIND", "NAME", "API VERSION", "UNIT", "WRITTEN"],
    });
    let mut table = Table::new(headings);
    for listing in listings {
        for row in listing.rows(what, wide) {
            table.push(row);
        }
    }
    table
}

impl<'a> Listing<'a> {
    fn namespace(&self) -> Option<&str> {
        self.args.namespace.as_deref().filter(|_| !self.args.all_namespaces)
    }

    fn accepts(&self, namespace: &str, name: &str) -> bool {
        self.namespace().is_none_or(|wanted| wanted == namespace)
            && self.args.name.as_deref().is_none_or(|wanted| wanted == name || wanted == format!("{namespace}/{name}"))
    }

    fn units(&self, releases: bool) -> impl Iterator<Item = &'a Unit> {
        let units = self.cluster.units.iter();
        units.filter(move |unit| {
            (unit.id.kind == UnitKind::HelmRelease) == releases && self.accepts(&unit.id.namespace, &unit.id.name)
        })
    }

    fn found_objects(&self) -> impl Iterator<Item = (&'a Unit, &'a Object)> {
        self.cluster.objects().filter(|(_, object)| {
            let id = self.cluster.identity(object);
            self.accepts(&id.namespace, &id.name)
        })
    }

    fn rows(&self, what: What, wide: bool) -> Vec<Vec<String>> {
        match what {
            What::Kustomizations | What::All => self.units(false).map(|unit| self.kustomization(unit, wide)).collect(),
            What::HelmReleases => self.units(true).map(|unit| self.release(unit, wide)).collect(),
            What::Sources => self.source_rows(wide),
            What::Images => self.image_rows(wide),
            What::Objects => self.found_objects().map(|(unit, object)| self.object(unit, object, wide)).collect(),
        }
    }

    /// The first cells of a row: cluster and namespace where they have columns.
    fn head(&self, namespace: &str) -> Vec<String> {
        let cluster = self.several.then(|| self.cluster.entry.name.clone());
        let namespace = self.namespace().is_none().then(|| namespace.to_owned());
        cluster.into_iter().chain(namespace).collect()
    }

    fn kustomization(&self, unit: &Unit, wide: bool) -> Vec<String> {
        let mut row = self.head(&unit.id.namespace);
        let path = unit.source.as_ref().and_then(|source| source.path.as_ref());
        let source = unit.source.as_ref().map(|source| format!("{}/{}", source.id.kind, source.id.name));
        row.push(unit.id.name.to_string());
        row.push(unit.objects.len().to_string());
        row.push(status(unit));
        row.push(source.unwrap_or_default());
        row.push(path.map(|path| format!("./{}", path.relative())).unwrap_or_default());
        if wide {
            row.push(unit.wave.to_string());
            row.push(depends_on(unit));
            row.push(unit.settings.prune.to_string());
            row.push(unit.settings.interval.as_deref().unwrap_or_default().to_owned());
            row.push(place(self.sources, unit.span));
        }
        row
    }

    fn release(&self, unit: &Unit, wide: bool) -> Vec<String> {
        let mut row = self.head(&unit.id.namespace);
        row.push(unit.id.name.to_string());
        let release = unit.release.as_ref();
        let is_known = matches!(unit.status, flux::UnitStatus::Rendered | flux::UnitStatus::Suspended);
        row.push(if is_known { unit.objects.len().to_string() } else { "-".to_owned() });
        row.push(release.map(|release| release.chart.to_string()).unwrap_or_default());
        row.push(release.and_then(|release| release.version.as_deref()).unwrap_or_default().to_owned());
        if wide {
            row.push(release.and_then(|release| release.rendered.clone()).unwrap_or_default());
        }
        row.push(release.map(|release| format!("{}/{}", release.source.kind, release.source.name)).unwrap_or_default());
        if wide {
            let name = release.map(|release| format!("{}/{}", release.target_namespace, release.name));
            row.push(name.unwrap_or_default());
            row.push(depends_on(unit));
            row.push(place(self.sources, unit.span));
            row.push(status(unit));
        }
        row
    }

    fn source_rows(&self, wide: bool) -> Vec<Vec<String>> {
        let sources = self.cluster.sources.iter().filter(|source| self.accepts(&source.id.namespace, &source.id.name));
        let row = |source: &flux::SourceView| {
            let mut row = self.head(&source.id.namespace);
            row.push(source.id.kind.to_string());
            row.push(source.id.name.to_string());
            row.push(source.revision.as_deref().unwrap_or_default().to_owned());
            row.push(source.used_by.len().to_string());
            row.push(resolution(&source.resolution, wide));
            if wide {
                row.push(place(self.sources, source.span));
            }
            row.push(source.url.as_deref().unwrap_or_default().to_owned());
            row
        };
        sources.map(row).collect()
    }

    /// Images by name, with every use.
    fn images(&self) -> BTreeMap<String, Vec<flux::Image<'a>>> {
        let mut images: BTreeMap<String, Vec<_>> = BTreeMap::new();
        for image in self.cluster.images() {
            let namespace = self.cluster.identity(image.object).namespace;
            let wanted = self.namespace().is_none_or(|wanted| *wanted == *namespace)
                && self.args.name.as_deref().is_none_or(|wanted| image.image.contains(wanted));
            if wanted {
                images.entry(image.image.to_owned()).or_default().push(image);
            }
        }
        images
    }

    fn image_rows(&self, wide: bool) -> Vec<Vec<String>> {
        let cluster = || self.several.then(|| self.cluster.entry.name.clone()).into_iter();
        let rows = self.images().into_iter().flat_map(|(name, uses)| {
            let object = |image: &flux::Image<'_>| self.cluster.identity(image.object).to_string();
            if wide {
                let row = |image: &flux::Image<'_>| {
                    let cells =
                        [name.clone(), object(image), image.unit.id.to_string(), place(self.sources, image.span)];
                    cluster().chain(cells).collect::<Vec<_>>()
                };
                return uses.iter().map(row).collect::<Vec<_>>();
            }
            let mut objects: Vec<String> = uses.iter().map(object).collect();
            objects.dedup();
            vec![cluster().chain([name, objects.join(", ")]).collect::<Vec<_>>()]
        });
        rows.collect()
    }

    fn images_json(&self) -> Vec<serde_json::Value> {
        let uses = self.images().into_values().flatten();
        let image = |image: flux::Image<'_>| {
            json!({
                "cluster": self.cluster.entry.name,
                "image": image.image,
                "object": self.cluster.identity(image.object).to_string(),
                "unit": image.unit.id.to_string(),
                "written": place(self.sources, image.span),
            })
        };
        uses.map(image).collect()
    }

    fn object(&self, unit: &Unit, object: &Object, wide: bool) -> Vec<String> {
        let id = self.cluster.identity(object);
        let mut row = self.head(&id.namespace);
        row.push(id.group_kind.kind.to_string());
        row.push(id.name.to_string());
        if wide {
            row.push(object.gvk().api_version());
        }
        row.push(unit.id.to_string());
        if wide {
            row.push(place(self.sources, object.origin.span));
        }
        row
    }

    /// The objects behind the rows.
    fn objects(&self) -> Vec<&'a Object> {
        let sources = || {
            let is_source = |object: &Object| {
                let id = object.id();
                let is = |s: &&flux::SourceView| {
                    *s.id.kind == *id.group_kind.kind && *s.id.namespace == *id.namespace && *s.id.name == *id.name
                };
                id.group_kind.group.ends_with("toolkit.fluxcd.io") && self.cluster.sources.iter().any(|s| is(&s))
            };
            self.found_objects().map(|(_, object)| object).filter(move |object| is_source(object)).collect::<Vec<_>>()
        };
        match self.args.what {
            What::Kustomizations => self.units(false).filter_map(|unit| unit.definition.as_ref()).collect(),
            What::HelmReleases => self.units(true).filter_map(|unit| unit.definition.as_ref()).collect(),
            What::Sources => sources(),
            What::Images => Vec::new(),
            What::Objects => self.found_objects().map(|(_, object)| object).collect(),
            What::All => {
                let units = self.units(false).chain(self.units(true)).filter_map(|unit| unit.definition.as_ref());
                units.chain(sources()).collect()
            }
        }
    }
}

fn depends_on(unit: &Unit) -> String {
    unit.depends_on.iter().map(|dependency| dependency.id.name.to_string()).collect::<Vec<_>>().join(",")
}
