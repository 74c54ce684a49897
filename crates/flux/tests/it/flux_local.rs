//! The clusters of flux-local's own tests (Apache-2.0) against what flux-local printed for them.
//!
//! Its snapshots list objects of Kustomizations as `flux build` made them, with owner labels, and annotations of its own
//! that number them. What a snapshot holds is compared object by object; what needs Helm is another matter.

use std::collections::{BTreeMap, BTreeSet};

use flux::{Given, Options, Rendered, Request, Resolution, SourceId, UnitId, UnitKind, UnitStatus, discover, unfold};
use object::{Object, ObjectId};
use source::{Files, Sources, Tree, TreePath};
use testkit::Score;
use yaml::{Dialect, Limits, Node};

use crate::summary::summary;

const TESTDATA: &str = "tests/testdata";

/// What flux-local puts in the place of the values of Secrets.
const PLACEHOLDERS: &str = "
substitutions:
  flux-system/cluster-secrets:
    SECRET_DOMAIN3: ..PLACEHOLDER_SECRET_DOMAIN3..
    SECRET_DOMAIN4: ..PLACEHOLDER_SECRET_DOMAIN4..
";

/// Where Flux itself does otherwise.
const REASONS: &[(&str, &str)] = &[
    ("test_get_ks[cluster3]", "flux-local leaves out the Kustomization that the cluster starts from"),
    (
        "test_get_ks[cluster5-all]",
        "a Kustomization without path builds the root of its source, not the given directory",
    ),
];

#[test]
fn conformance_flux_local_builds() {
    let Some(files) = testkit::repository("flux-local-clusters").and_then(|path| testkit::tree(&path).ok()) else {
        return;
    };
    let mut outcomes = Vec::new();
    for file in ["test_build_ks.ambr", "test_build_all.ambr"] {
        for (name, text) in snapshots(&files, &format!("tests/tool/__snapshots__/{file}")) {
            if let Some(outcome) = case(&files, &name, &text) {
                outcomes.push((name, outcome));
            }
        }
    }
    for (name, text) in snapshots(&files, "tests/tool/__snapshots__/test_get_ks.ambr") {
        if let Some(outcome) = list(&files, &name, &text) {
            outcomes.push((name, outcome));
        }
    }
    for (name, outcome) in &mut outcomes {
        if let (Err(why), Some((_, reason))) = (outcome, REASONS.iter().find(|(case, _)| case == name)) {
            *why = (*reason).to_owned();
        }
    }
    let score = Score::of("flux-local-clusters", outcomes);
    score.print();
    assert!(score.passed >= 31, "{:?}", score.misses);
}

/// A table of Kustomizations: their names and paths. `None` for one that is about a flag of flux-local.
fn list(files: &Tree, name: &str, text: &str) -> Option<Result<(), String>> {
    let mut lines = text.lines().map(|line| line.split_whitespace().collect::<Vec<_>>());
    let header = lines.next()?;
    let column = |title: &str| header.iter().position(|column| *column == title);
    let (name_at, path_at, namespace_at) = (column("NAME")?, column("PATH")?, column("NAMESPACE"));
    let wanted: BTreeSet<(String, String)> =
        lines.filter_map(|row| Some(((*row.get(name_at)?).to_owned(), (*row.get(path_at)?).to_owned()))).collect();
    let sources = Sources::new();
    let rendered = match rendered(files, &sources, cluster(name)) {
        Ok(rendered) => rendered,
        Err(why) => return Some(Err(why)),
    };
    let found: BTreeSet<(String, String)> = rendered
        .units
        .iter()
        .filter(|unit| unit.id.kind == UnitKind::Kustomization)
        // flux-local lists what it has the files of, and without `-A` one namespace only.
        .filter(|unit| !matches!(unit.status, UnitStatus::Blocked { .. }))
        .filter(|unit| namespace_at.is_some() || unit.id.namespace == "flux-system")
        .filter_map(|unit| {
            let source = unit.source.as_ref()?;
            let path = source.path.as_ref()?.relative();
            let path = match &source.resolution {
                Resolution::Given { display } if !display.is_empty() => format!("{display}/{path}"),
                _ => path.to_owned(),
            };
            Some((unit.id.name.to_string(), path))
        })
        .collect();
    let missing: Vec<_> = wanted.symmetric_difference(&found).collect();
    Some(if missing.is_empty() { Ok(()) } else { Err(format!("differs in {missing:?}")) })
}

/// Named texts of a snapshot file of syrupy: `# name: NAME`, then the text between `'''`, indented by two.
fn snapshots(files: &Tree, path: &str) -> Vec<(String, String)> {
    let path = TreePath::new(path).unwrap_or_else(TreePath::root);
    let Ok(file) = files.read(&path) else { return Vec::new() };
    let text = String::from_utf8_lossy(&file.bytes).into_owned();
    text.split("# name: ")
        .skip(1)
        .filter_map(|part| {
            let (name, rest) = part.split_once('\n')?;
            let lines = rest.lines().skip(1).take_while(|line| *line != "  '''");
            let body: Vec<&str> = lines.map(|line| line.strip_prefix("  ").unwrap_or(line)).collect();
            Some((name.to_owned(), body.join("\n")))
        })
        .collect()
}

/// The cluster of a case, by its name.
fn cluster(name: &str) -> &'static str {
    let known = [
        "cluster10",
        "cluster11",
        "cluster2",
        "cluster3",
        "cluster4",
        "cluster5",
        "cluster6",
        "cluster7",
        "cluster8",
        "cluster9",
    ];
    known.into_iter().find(|cluster| name.contains(cluster)).unwrap_or("cluster")
}

/// `None` for a case without objects of Kustomizations.
fn case(files: &Tree, name: &str, text: &str) -> Option<Result<(), String>> {
    let sources = Sources::new();
    let golden = sources.add(name, text);
    let documents = match yaml::read(golden, text.as_bytes(), Dialect::Kubernetes, &Limits::default()) {
        Ok(documents) => documents,
        Err(why) => return Some(Err(why.message.clone())),
    };
    let label = |document: &Node, key: &str| {
        let key = format!("kustomize.toolkit.fluxcd.io/{key}");
        document.at(&["metadata", "labels", &key]).and_then(Node::as_str).map(str::to_owned)
    };
    let mut wanted: BTreeMap<UnitId, Vec<Node>> = BTreeMap::new();
    for document in documents {
        let (Some(owner), Some(namespace)) = (label(&document, "name"), label(&document, "namespace")) else {
            continue;
        };
        wanted.entry(UnitId::new(UnitKind::Kustomization, namespace, owner)).or_default().push(document);
    }
    if wanted.is_empty() {
        return None;
    }
    Some(compare(files, &sources, cluster(name), wanted))
}

/// A cluster as flux-local was told to look at it.
fn rendered(files: &Tree, sources: &Sources, cluster: &str) -> Result<Rendered, String> {
    let folder = |path: &str| Given {
        files: files as &dyn Files,
        path: TreePath::new(path).unwrap_or_else(TreePath::root),
        display: path.to_owned(),
    };
    let at = TreePath::new(&format!("{TESTDATA}/{cluster}")).ok_or("no path")?;
    let entry = discover(files, sources, &at).entries.into_iter().next().ok_or("no cluster")?;
    let facts = sources.add("facts", PLACEHOLDERS);
    let facts = yaml::read(facts, PLACEHOLDERS.as_bytes(), Dialect::Kubernetes, &Limits::default());
    let request = Request {
        entry,
        given: BTreeMap::from([
            // As flux-local is told with `--sources`.
            (SourceId::new("OCIRepository", "flux-system", "cluster"), folder("tests/testdata/cluster3")),
            (
                SourceId::new("ExternalArtifact", "flux-system", "apps"),
                folder("tests/testdata/cluster11/externalartifact"),
            ),
            // flux-local does not look at `spec.ignore`, which leaves everything out here.
            (SourceId::new("GitRepository", "flux-system", "home-ops-kubernetes"), folder("")),
        ]),
        mirrors: Vec::new(),
        facts: flux::facts::read(sources, facts.map_err(|why| why.message)?).map_err(|why| format!("{why:?}"))?,
        remotes: Vec::new(),
        options: Options { owner_labels: true, strict_substitution: false, ..Options::default() },
    };
    Ok(unfold(files, sources, &request))
}

fn compare(files: &Tree, sources: &Sources, cluster: &str, wanted: BTreeMap<UnitId, Vec<Node>>) -> Result<(), String> {
    let rendered = rendered(files, sources, cluster)?;
    let mut wrong = Vec::new();
    for (id, documents) in wanted {
        let Some(unit) = rendered.unit(&id) else {
            wrong.push(format!("there is no {id}"));
            continue;
        };
        let listed: BTreeSet<ObjectId> = documents.iter().map(ObjectId::of).collect();
        // flux-local leaves these out unless it is told otherwise.
        let left_out = |object: &&Object| ["Secret", "CustomResourceDefinition"].contains(&&*object.gvk().kind);
        let unlisted = unit.objects.iter().filter(|object| !listed.contains(&object.id()) && !left_out(object));
        for object in unlisted {
            wrong.push(format!("{id} also has {}", object.id()));
        }
        for mut document in documents {
            strip(&mut document);
            let object = unit.objects.iter().find(|object| object.id() == ObjectId::of(&document));
            match object {
                None => wrong.push(format!("{id} has no {}", ObjectId::of(&document))),
                Some(object) if object.node != document => {
                    let diff = testkit::diff(&yaml::to_yaml(&document), &yaml::to_yaml(&object.node));
                    wrong.push(format!("{}:\n{diff}", ObjectId::of(&document)));
                }
                Some(_) => {}
            }
        }
    }
    if wrong.is_empty() {
        return Ok(());
    }
    if wrong.iter().any(|line| line.contains(" has no ") || line.contains("there is no ")) {
        wrong.push(summary(&rendered, sources));
    }
    Err(wrong.join("\n"))
}

/// Takes away what flux-local wrote into the object to keep the order.
fn strip(document: &mut Node) {
    let Some(metadata) = document.as_map_mut().and_then(|fields| fields.get_mut("metadata")) else { return };
    let Some(metadata) = metadata.as_map_mut() else { return };
    if let Some(annotations) = metadata.get_mut("annotations").and_then(Node::as_map_mut) {
        annotations.retain(|entry| !entry.key.contains("config.kubernetes.io/"));
        if annotations.is_empty() {
            metadata.remove("annotations");
        }
    }
}
