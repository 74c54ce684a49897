//! Real charts as releases of a small repository, against what Helm printed for the same values: every object, byte for
//! byte as a tree, with what Flux adds taken off.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use flux::{Mirror, Options, Rendered, Request, UnitId, UnitKind, UnitStatus, discover, unfold};
use helm::{Capabilities, KubeVersion};
use object::{Action, Object, ObjectId};
use source::{Files, Sources, Tree, TreePath};
use testkit::Score;
use yaml::{Limits, Map, Node, Value};

use crate::support::on_disk;

/// Folders of the corpus, and the case of each that the real tool rendered.
const CHARTS: &[(&str, &str)] = &[
    ("cert-manager", "default"),
    ("cost-analyzer", "default"),
    ("external-secrets", "default"),
    ("graphscope", "default"),
    ("karpenter", "base"),
    ("kube-prometheus-stack-48.3.1", "default"),
    ("kyverno", "default"),
    ("velero", "default"),
];

const REPOSITORY: &str = "\
apiVersion: source.toolkit.fluxcd.io/v1
kind: HelmRepository
metadata:
  name: charts
  namespace: ns
spec:
  interval: 1h
  url: https://charts.example.com
";

/// A HelmRelease that says what the command line of the case said.
fn release(name: &str, chart: &str, values: &str) -> String {
    let values: String = values.lines().map(|line| format!("    {line}\n")).collect();
    format!(
        "---
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: {name}
  namespace: ns
spec:
  interval: 1h
  releaseName: rel
  chart:
    spec:
      chart: {chart}
      version: \">=0.0.0-0\"
      sourceRef:
        kind: HelmRepository
        name: charts
  values:
{values}"
    )
}

/// The name in a `Chart.yaml`.
fn chart_name(chart: &Path) -> String {
    let text = on_disk(&chart.join("Chart.yaml"));
    let name = text.lines().find_map(|line| line.strip_prefix("name:")).unwrap_or_default();
    name.trim().trim_matches(['"', '\'']).to_owned()
}

fn values_of(case: &Path) -> String {
    let file = case.join("values.yaml");
    if file.is_file() { on_disk(&file) } else { "{}".to_owned() }
}

/// All charts in one cluster.
fn render(corpus: &Path, sources: &Sources, mirrored: &Tree) -> Rendered {
    let mut files = Tree::new("");
    let mut text = REPOSITORY.to_owned();
    for (folder, case) in CHARTS {
        let chart = corpus.join(folder).join("chart");
        text += &release(folder, &chart_name(&chart), &values_of(&corpus.join(folder).join("cases").join(case)));
    }
    files.insert_text(TreePath::new("cluster/releases.yaml").unwrap_or_else(TreePath::root), &text);
    let at = TreePath::new("cluster").unwrap_or_else(TreePath::root);
    let entry = discover(&files, sources, &at).entries.remove(0);
    let capabilities =
        Capabilities { kube_version: KubeVersion::parse("1.33.0").unwrap_or_default(), ..Capabilities::default() };
    let request = Request {
        entry,
        given: BTreeMap::new(),
        mirrors: vec![Mirror {
            url: "https://charts.example.com".to_owned(),
            files: mirrored as &dyn Files,
            path: TreePath::root(),
            display: "charts".to_owned(),
        }],
        facts: Vec::new(),
        remotes: Vec::new(),
        options: Options { capabilities, ..Options::default() },
    };
    unfold(&files, sources, &request)
}

/// The charts as one folder.
fn mirror(corpus: &Path) -> Tree {
    let mut all = Tree::new("charts/");
    for (folder, _) in CHARTS {
        let chart = testkit::tree(&corpus.join(folder).join("chart")).unwrap_or_default();
        for (path, file) in chart.files() {
            let path = TreePath::new(&format!("{folder}/chart{path}")).unwrap_or_else(TreePath::root);
            all.insert(path, file.clone());
        }
    }
    all
}

/// Helm ends every document with a line break when it prints it, and hands it to post-renderers without, which a block
/// scalar at the end of a template feels.
fn without_last_breaks(node: &Node) -> Node {
    let value = match &node.value {
        Value::Str(text) => text.trim_end_matches('\n').into(),
        Value::List(items) => items.iter().map(without_last_breaks).collect::<yaml::List>().into(),
        Value::Map(fields) => {
            fields.iter().map(|entry| (&*entry.key, without_last_breaks(&entry.node))).collect::<Map>().into()
        }
        other => other.clone(),
    };
    Node::new(node.span, value)
}

fn compare(cluster: &Rendered, sources: &Sources, folder: &str, expected: &Path) -> Result<(), String> {
    let unit = cluster.unit(&UnitId::new(UnitKind::HelmRelease, "ns", folder)).ok_or("no unit")?;
    if unit.status != UnitStatus::Rendered {
        let words = unit.diagnostics.iter().map(|finding| finding.message.clone()).collect::<Vec<_>>();
        return Err(format!("{:?}: {}", unit.status, words.join("; ")));
    }
    let text = on_disk(expected);
    let printed = sources.add("expected.yaml", text.as_str());
    let wanted = kustomize::of_stream(sources, [printed], &Limits::default()).map_err(|why| format!("{why:?}"))?;
    let is_test = |object: &Object| {
        let hook = object.node.at(&["metadata", "annotations", "helm.sh/hook"]).and_then(Node::as_str);
        hook.is_some_and(|hook| hook.split(',').all(|event| event.trim().starts_with("test")))
    };
    let wanted: Vec<Object> = wanted.into_iter().filter(|object| !is_test(object)).collect();
    // Definitions of `crds/` are printed on request only.
    let found: Vec<&Object> = unit
        .objects
        .iter()
        .filter(|object| object.origin.steps.first().is_none_or(|s| s.action != Action::Read))
        .collect();
    if wanted.len() != found.len() {
        return Err(format!("{} objects instead of {}", found.len(), wanted.len()));
    }
    for wanted in &wanted {
        let named = |object: &&&Object| {
            let (a, b) = (ObjectId::of(&wanted.node), object.id());
            (a.group_kind, a.name) == (b.group_kind, b.name) && (a.namespace.is_empty() || a.namespace == b.namespace)
        };
        let Some(object) = found.iter().find(named) else { return Err(format!("no {}", wanted.id())) };
        if unit.redrawn.iter().any(|other| other.id() == object.id()) {
            continue;
        }
        let mut node = object.node.clone();
        if wanted.id().namespace.is_empty()
            && let Some(metadata) = node.as_map_mut().and_then(|fields| fields.get_mut("metadata")?.as_map_mut())
        {
            metadata.remove("namespace");
        }
        if without_last_breaks(&node) != without_last_breaks(&wanted.node) {
            let difference = testkit::diff(&yaml::to_yaml(&wanted.node), &yaml::to_yaml(&node));
            return Err(format!("{}:\n{difference}", wanted.id()));
        }
    }
    Ok(())
}

#[test]
fn conformance_helm_releases() {
    let Some(corpus) = testkit::corpus("helm") else { return };
    let sources = Sources::new();
    let mirrored = mirror(&corpus);
    let cluster = render(&corpus, &sources, &mirrored);
    let outcomes = CHARTS.iter().map(|(folder, case)| {
        let expected: PathBuf = corpus.join(folder).join("cases").join(case).join("expected.yaml");
        ((*folder).to_owned(), compare(&cluster, &sources, folder, &expected))
    });
    let score = Score::of("flux-helm-releases", outcomes);
    score.print();
    assert_eq!(score.passed, score.all());
}
