//! One HelmRelease from its chart to the objects that Flux would apply, in the order of helm-controller v1.6.3: the chart
//! with its values files, the values, Helm's render, the post-renderers, and what the API server adds.
//!
//! A release is rendered as it is installed: revision 1. What Helm runs at other moments is shown where Flux lets it.

pub(crate) mod chart;
mod dependencies;
mod hooks;
mod load;
mod objects;
mod post_render;
mod random;

use std::sync::Arc;

use helm::{NullHandling, Release as HelmRelease, Settings};
use object::Object;
use sha2::{Digest, Sha256};
use source::{Diagnostic, Span};
use yaml::{Map, Node};

use crate::charts::{failure, logged};
use crate::fields::{flag, some_text, span};
use crate::near::{listed, near};
use crate::sources::Catalog;
use crate::unfold::job::Job;
use crate::unfold::render::{Built, Shared};
use crate::unit::{Release, SourceId, UnitId};
use crate::values;
use chart::{Located, Reference};
pub(crate) use objects::put_into_namespace;

/// Renders a release whose chart is here.
pub(crate) fn build(job: &Job, reference: &Reference, located: &Located<'_>, shared: &Shared<'_>) -> Built {
    let mut built = Built { diagnostics: located.findings.clone(), ..Built::default() };
    let (release, values) = describe(job, reference, shared, &mut built.diagnostics);
    built.release = Some(release);
    if built.diagnostics.iter().any(Diagnostic::is_error) {
        built.failed = true;
    } else if let Some(values) = values {
        match render(job, reference, located, shared, &values, &mut built) {
            Ok(objects) => built.objects = objects,
            Err(findings) => {
                built.failed = findings.iter().any(Diagnostic::is_error);
                built.not_rendered = findings.first().map(|finding| finding.message.clone());
                built.diagnostics.extend(findings);
            }
        }
    } else {
        // What is missing is a finding already.
        built.not_rendered = Some("a part of its values is not here: `--facts FILE` gives it".to_owned());
    }
    if built.failed {
        built.objects.clear();
    }
    built
}

/// What is known of a release whether it can be rendered or not, and its values.
pub(crate) fn describe(
    job: &Job,
    reference: &Reference,
    shared: &Shared<'_>,
    diagnostics: &mut Vec<Diagnostic>,
) -> (Release, Option<Node>) {
    let empty = Node::detached(Map::new());
    let node = job.node().unwrap_or(&empty);
    let namespace = &job.id.namespace;
    let lookup = |kind, namespace: &str, name: &str| shared.data.lookup(kind, namespace, name);
    let (values, findings) = values::compose(shared.sources, node, &lookup);
    diagnostics.extend(findings);
    let release = Release {
        name: release_name(node, &job.id.name),
        target_namespace: some_text(node, &["spec", "targetNamespace"]).unwrap_or(namespace).into(),
        storage_namespace: some_text(node, &["spec", "storageNamespace"]).unwrap_or(namespace).into(),
        chart: reference.chart.clone(),
        version: reference.version.clone(),
        rendered: None,
        source: reference.source.clone(),
        values: values.clone(),
    };
    (release, values)
}

fn render(
    job: &Job,
    reference: &Reference,
    located: &Located<'_>,
    shared: &Shared<'_>,
    values: &Node,
    built: &mut Built,
) -> Result<Vec<Object>, Vec<Diagnostic>> {
    let Some((node, release)) = job.node().zip(built.release.as_mut()) else { return Ok(Vec::new()) };
    let chart = load::load(reference, located, shared, &mut built.diagnostics).map_err(|finding| vec![*finding])?;
    release.rendered = Some(chart.metadata().version.clone());
    let layer: Arc<str> = job.id.to_string().into();
    let settings = Settings {
        release: HelmRelease {
            name: release.name.clone(),
            namespace: release.target_namespace.to_string(),
            revision: 1,
            is_upgrade: false,
        },
        capabilities: shared.options.capabilities.clone(),
        null_handling: NullHandling::V4_2,
        skip_schema_validation: flag(node, &["spec", "install", "disableSchemaValidation"]),
        schemas: &|_| None,
        env: random::env(&release.name, &release.target_namespace, chart.name()),
        limits: gotmpl::Limits::default(),
        sources: Some(shared.sources),
    };
    let empty = Map::new();
    let map = values.as_map().unwrap_or(&empty);
    let context = failure::Context {
        chart: &reference.chart,
        unit: &layer,
        place: node.at(&["spec", "chart", "spec", "chart"]).map_or(reference.span, |chart| chart.span),
        values_place: node.at(&["spec", "values"]).map_or(Span::DETACHED, |values| values.span),
        values: map,
        sources: shared.sources,
    };
    let render = |settings: &Settings<'_>| helm::render(&chart, map, settings, shared.templates);
    let mut rendered = render(&settings);
    if let Err(error) = &rendered
        && let Some(finding) = failure::schema_not_here(error, &context)
    {
        built.diagnostics.push(finding);
        rendered = render(&Settings { skip_schema_validation: true, ..settings.clone() });
    }
    let rendered = rendered.map_err(|error| vec![failure::diagnostic(&error, &context)])?;
    built.diagnostics.extend(rendered.warnings.iter().map(|warning| logged(warning, reference.span)));
    let what = objects::What { job, node, layer: &layer, place: span(node, &["spec", "chart"]), shared };
    let mut objects = objects::of(&what, &chart, &rendered, &mut built.diagnostics)?;
    put_into_namespace(&mut objects, node, &release.target_namespace, &layer, shared.scopes);
    if rendered.draws > 0 {
        let again = render(&Settings { env: random::other(&settings.env), ..settings.clone() });
        if let Ok(again) = again {
            let mut others = objects::of(&what, &chart, &again, &mut Vec::new()).unwrap_or_default();
            put_into_namespace(&mut others, node, &release.target_namespace, &layer, shared.scopes);
            built.redrawn = random::differing(&objects, others);
        }
    }
    Ok(objects)
}

/// Nothing defines the source: an error, unless objects are missing that may define it.
pub(crate) fn dangling(id: &SourceId, span: Span, catalog: &Catalog<'_>, incomplete: &[UnitId]) -> Diagnostic {
    let message = format!("nothing defines `{id}`");
    let mut diagnostic = match incomplete.first() {
        None => Diagnostic::error("flux/dangling-source", span, message),
        Some(unknown) => Diagnostic::warning("flux/dangling-source", span, message)
            .with_note(format!("`{unknown}` was not rendered and may define it")),
    };
    let known = catalog.names(&id.kind);
    if let Some(elsewhere) = known.iter().find(|other| other.name == id.name) {
        diagnostic = diagnostic
            .with_help(format!("there is one in the namespace `{0}`: write `namespace: {0}`", elsewhere.namespace));
    } else if let Some(names) = listed(&near(&id.name, known.iter().map(|other| &*other.name))) {
        diagnostic = diagnostic.with_help(format!("did you mean {names}?"));
    }
    diagnostic
}

/// The name that Helm knows the release by; long names are cut and get a hash (helm-controller,
/// `internal/release/name.go`, v1.6.3).
fn release_name(node: &Node, name: &str) -> String {
    const LONGEST: usize = 53;
    const HASH: usize = 12;
    let full = match (some_text(node, &["spec", "releaseName"]), some_text(node, &["spec", "targetNamespace"])) {
        (Some(given), _) => given.to_owned(),
        (None, Some(target)) => format!("{target}-{name}"),
        (None, None) => name.to_owned(),
    };
    if full.len() <= LONGEST {
        return full;
    }
    let hash: String = Sha256::digest(full.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect();
    let cut: String = full.chars().take(LONGEST - HASH - 1).collect();
    format!("{cut}-{}", hash.get(..HASH).unwrap_or(&hash))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_release_names_get_a_hash() {
        let node = Node::detached(Map::new());
        // From helm-controller's own test of `ShortenName`.
        for (name, short) in [
            ("release-name", "release-name"),
            (
                "release-name-with-very-long-name-which-is-longer-than-53-characters",
                "release-name-with-very-long-name-which-i-788ca0d0d7b0",
            ),
            (
                "another-release-name-with-very-long-name-which-is-longer-than-53-characters",
                "another-release-name-with-very-long-name-7e72150d5a36",
            ),
        ] {
            assert_eq!(release_name(&node, name), short);
        }
    }
}
