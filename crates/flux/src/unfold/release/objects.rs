//! From what the templates printed to the objects of a release: definitions, post-renderers, the order of Helm, hooks.

use std::collections::HashMap;
use std::sync::Arc;

use helm::{Chart, Rendered};
use object::{Action, Object};
use source::{Diagnostic, FileId, Span};
use yaml::{Dialect, Limits, Map, Node};

use super::{hooks, post_render};
use crate::charts::documents::{self, Document};
use crate::fields::{flag, group, items, some_text, span, text};
use crate::identity::Scopes;
use crate::unfold::job::Job;
use crate::unfold::render::Shared;

/// What the objects belong to.
pub(super) struct What<'w> {
    pub(super) job: &'w Job,
    /// The HelmRelease.
    pub(super) node: &'w Node,
    pub(super) layer: &'w Arc<str>,
    /// Where the chart is asked for.
    pub(super) place: Span,
    pub(super) shared: &'w Shared<'w>,
}

/// How hooks meet post-renderers, `spec.postRenderStrategy`.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Strategy {
    /// Together with everything else, as Helm 4 does.
    Combined,
    /// Not at all, as Helm 3 did.
    NoHooks,
    /// On their own.
    Separate,
}

/// Every object of the release: definitions of `crds/`, manifests, hooks, each in the order that Helm installs them in.
pub(super) fn of(
    what: &What<'_>,
    chart: &Chart,
    rendered: &Rendered,
    diagnostics: &mut Vec<Diagnostic>,
) -> Result<Vec<Object>, Vec<Diagnostic>> {
    let sources = what.shared.sources;
    for (path, names) in &rendered.sorted.skipped {
        let message = format!("`{path}` has a document that Helm leaves out: `{names}` is no hook that it knows");
        diagnostics.push(Diagnostic::warning("helm/unknown-hook", what.place, message));
    }
    let documents = documents::of(rendered, sources, what.layer);
    let paths: HashMap<FileId, String> = documents.iter().map(|one| (one.id, one.path.clone())).collect();
    let strategy = match some_text(what.node, &["spec", "postRenderStrategy"]) {
        Some("nohooks") => Strategy::NoHooks,
        Some("separate") => Strategy::Separate,
        _ => Strategy::Combined,
    };
    let read = |hooks: Option<bool>| {
        let wanted = |one: &&Document| hooks.is_none_or(|hooks| one.is_hook == hooks);
        let ids = documents.iter().filter(wanted).map(|one| one.id);
        let objects = kustomize::of_stream(sources, ids, &Limits::default());
        let explain = |finding| explained(finding, strategy);
        objects.map_err(|findings| findings.into_iter().map(explain).collect::<Vec<Diagnostic>>())
    };
    let as_rendered = |objects: Vec<Object>| {
        let rendered = |mut object: Object| {
            object.record(Action::Rendered, what.place, what.layer);
            object
        };
        objects.into_iter().map(rendered).collect::<Vec<_>>()
    };
    let all = match strategy {
        Strategy::Combined => post_render::run(what, as_rendered(read(None)?), diagnostics)?,
        Strategy::NoHooks | Strategy::Separate => {
            let manifests = post_render::run(what, as_rendered(read(Some(false))?), diagnostics)?;
            let mut all = as_rendered(read(Some(true))?);
            if strategy == Strategy::Separate {
                all = post_render::run(what, all, diagnostics)?;
            }
            all.extend(manifests);
            all
        }
    };
    let mut objects = definitions(what, chart, rendered, diagnostics)?;
    let mut placed: Vec<(&str, Object)> = all
        .into_iter()
        .map(|object| {
            let path = object.origin.span.file().and_then(|file| paths.get(&file));
            (path.map_or("", String::as_str), object)
        })
        .collect();
    // Post-renderers keep the order, and Helm sorts by template before it sorts by kind.
    placed.sort_by_key(|(path, _)| *path);
    let (hooks, mut manifests): (Vec<_>, Vec<_>) =
        placed.into_iter().partition(|(_, object)| hooks::is_hook(&object.node));
    let mut hooks: Vec<_> = hooks.into_iter().filter(|(_, object)| hooks::runs(&object.node, what.node)).collect();
    for sorted in [&mut manifests, &mut hooks] {
        sorted.sort_by_cached_key(|(_, object)| {
            let kind = text(&object.node, &["kind"]).to_owned();
            let rank = helm::install_rank(&kind);
            (rank.unwrap_or(usize::MAX), if rank.is_some() { String::new() } else { kind })
        });
    }
    objects.extend(manifests.into_iter().chain(hooks).map(|(_, object)| object));
    Ok(objects)
}

/// Helm hands everything to helm-controller's own post-renderer, which refuses what `helm install` takes.
fn explained(finding: Diagnostic, strategy: Strategy) -> Diagnostic {
    let finding = finding.with_note("Flux reads what a chart renders with kustomize, which is stricter than Helm");
    if finding.rule == "kustomize/duplicate-object" && strategy == Strategy::Combined {
        return finding.with_help("when one of them is a hook, `spec.postRenderStrategy: separate` keeps them apart");
    }
    finding
}

/// The definitions in `crds/`, which Helm installs before all else and never removes.
fn definitions(
    what: &What<'_>,
    chart: &Chart,
    rendered: &Rendered,
    diagnostics: &mut Vec<Diagnostic>,
) -> Result<Vec<Object>, Vec<Diagnostic>> {
    if let Some(field) = what.node.at(&["spec", "install", "skipCRDs"]) {
        let message = "helm-controller does not look at `skipCRDs` any more";
        let finding = Diagnostic::warning("flux/field-without-effect", field.span, message);
        diagnostics.push(finding.with_help("write `crds: Skip`"));
    }
    let policy = |action: &str| some_text(what.node, &["spec", action, "crds"]);
    let (install, upgrade) = (policy("install").unwrap_or("Create"), policy("upgrade").unwrap_or("Skip"));
    if install == "Skip" && upgrade == "Skip" {
        return Ok(Vec::new());
    }
    let sources = what.shared.sources;
    let mut objects = Vec::new();
    for crd in &rendered.crds {
        let own =
            chart.crds().into_iter().find(|(_, file)| **file.data() == *crd.text).map(|(_, file)| file.id(sources));
        let id = own.unwrap_or_else(|| sources.add(crd.path.as_str(), String::from_utf8_lossy(&crd.text).into_owned()));
        let documents = yaml::read(id, &crd.text, Dialect::Kubernetes, &Limits::default()).map_err(|why| vec![*why])?;
        for node in documents.into_iter().filter(|node| !node.is_null()) {
            if group(&node) != "apiextensions.k8s.io" || text(&node, &["kind"]) != "CustomResourceDefinition" {
                let message = format!("`{}` is no definition, and Flux leaves it out", object::ObjectId::of(&node));
                let finding = Diagnostic::warning("helm/not-a-definition", node.span, message);
                diagnostics.push(finding.with_note("`crds/` of a chart is for CustomResourceDefinitions only"));
                continue;
            }
            let place = node.span;
            let mut object = Object::new(node, place);
            object.record(Action::Read, what.place, what.layer);
            post_render::own(what, &mut object);
            objects.push(object);
        }
    }
    Ok(objects)
}

/// Puts objects without a namespace into that of the release, as the API server's client does, where their kind is known
/// to live in namespaces.
pub(crate) fn put_into_namespace(
    objects: &mut [Object],
    release: &Node,
    namespace: &str,
    layer: &Arc<str>,
    scopes: &Scopes,
) {
    let by = span(release, &["spec", "targetNamespace"]);
    for object in objects {
        let id = object.id();
        if !id.namespace.is_empty() || scopes.namespaced(&id.group_kind) != Some(true) {
            continue;
        }
        if let Some(metadata) = object.node.make_path(&["metadata"], by) {
            if metadata.is_null() {
                *metadata = Node::new(by, Map::new());
            }
            if let Some(metadata) = metadata.as_map_mut() {
                metadata.insert("namespace", Node::new(by, namespace));
                object.record(Action::Namespaced, by, layer);
            }
        }
    }
}

/// Whether `spec.test` runs the tests of the chart.
pub(super) fn tests(release: &Node) -> Option<impl Fn(&str) -> bool + '_> {
    flag(release, &["spec", "test", "enable"]).then_some(move |name: &str| {
        let named = |exclude: bool| {
            items(release, &["spec", "test", "filters"])
                .filter(move |filter| flag(filter, &["exclude"]) == exclude)
                .map(|filter| text(filter, &["name"]))
                .collect::<Vec<_>>()
        };
        let (only, not) = (named(false), named(true));
        (only.is_empty() || only.contains(&name)) && !not.contains(&name)
    })
}
