//! HelmReleases as far as they are known without rendering their charts: names, chart, source and values.

use object::Object;
use sha2::{Digest, Sha256};
use source::{Diagnostic, Sources, Span};
use yaml::{Map, Node};

use crate::facts::DataObjects;
use crate::fields::{some_text, text};
use crate::near::{listed, near};
use crate::sources::Catalog;
use crate::unfold::job::{Job, dependencies, settings};
use crate::unit::{Release, Resolution, SourceId, SourceUse, Unit, UnitId, UnitKind, UnitStatus};
use crate::values;

const NOT_RENDERED: &str = "rendering of Helm charts is not supported yet";

/// The unit of a HelmRelease. `incomplete` names units whose objects are not known, so that a missing source may be
/// theirs.
pub(crate) fn unit(
    job: Job,
    sources: &Sources,
    catalog: &Catalog<'_>,
    data: &DataObjects,
    incomplete: &[UnitId],
) -> Unit {
    let empty = Object::new(Node::detached(Map::new()), job.span);
    let definition = job.definition.unwrap_or(empty);
    let node = &definition.node;
    let namespace = &job.id.namespace;
    let (values, mut diagnostics) =
        values::compose(sources, node, &|kind, namespace, name| data.lookup(kind, namespace, name));
    let chart = chart(node, namespace, catalog);
    let mut source = None;
    let mut release = None;
    if let Some((id, span, name, version)) = chart {
        let resolution = match catalog.resolution(&id) {
            Resolution::NotAvailable => Resolution::NotNeeded,
            resolution => resolution,
        };
        if resolution == Resolution::NotDefined {
            diagnostics.push(dangling(&id, span, catalog, incomplete));
        }
        source = Some(SourceUse { id: id.clone(), span, resolution, path: None });
        let target = some_text(node, &["spec", "targetNamespace"]).unwrap_or(namespace);
        release = Some(Release {
            name: release_name(node, &job.id.name),
            target_namespace: target.into(),
            storage_namespace: some_text(node, &["spec", "storageNamespace"]).unwrap_or(namespace).into(),
            chart: name.into(),
            version: version.map(Into::into),
            source: id,
            values,
        });
    }
    let settings = settings(node);
    let status = if diagnostics.iter().any(Diagnostic::is_error) {
        UnitStatus::Failed
    } else {
        UnitStatus::NotRendered { reason: NOT_RENDERED.to_owned() }
    };
    Unit {
        depends_on: dependencies(node, UnitKind::HelmRelease, namespace),
        wave: job.wave,
        depth: 0,
        parent: job.parent,
        span: job.span,
        source,
        settings,
        objects: Vec::new(),
        diagnostics,
        status,
        release,
        id: job.id,
        definition: Some(definition),
    }
}

/// The source of the chart with the place of the reference, the name of the chart and its version.
fn chart<'n>(
    node: &'n Node,
    namespace: &str,
    catalog: &'n Catalog<'_>,
) -> Option<(SourceId, Span, &'n str, Option<&'n str>)> {
    if let Some(spec) = node.at(&["spec", "chart", "spec"]) {
        let reference = spec.get("sourceRef")?;
        let id = SourceId::new(
            some_text(reference, &["kind"]).unwrap_or("HelmRepository"),
            some_text(reference, &["namespace"]).unwrap_or(namespace),
            some_text(reference, &["name"])?,
        );
        return Some((id, reference.span, text(spec, &["chart"]), some_text(spec, &["version"])));
    }
    let reference = node.at(&["spec", "chartRef"])?;
    let name = some_text(reference, &["name"])?;
    let namespace = some_text(reference, &["namespace"]).unwrap_or(namespace);
    let id = SourceId::new(some_text(reference, &["kind"])?, namespace, name);
    // A HelmChart names its chart and version; any other source is the chart, whatever the chart calls itself.
    let template = catalog.definitions.get(&id).filter(|_| id.kind == "HelmChart").map(|found| &found.node);
    let chart = template.and_then(|template| some_text(template, &["spec", "chart"])).unwrap_or(name);
    let version = template.and_then(|template| some_text(template, &["spec", "version"]));
    Some((id, reference.span, chart, version))
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
