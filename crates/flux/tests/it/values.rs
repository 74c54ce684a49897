//! Values of HelmReleases: the table of fluxcd/pkg `chartutil`, helm-controller's own scenario, and random compositions
//! with the answers of Helm's code.

use flux::facts::DataObjects;
use flux::values::compose;
use source::{Diagnostic, Sources};
use testkit::Score;
use yaml::{Map, Node, Value};

use crate::support::{documents, messages, on_disk, parsed};

fn composed(sources: &Sources, release: &Node, objects: &[Node]) -> (Option<Node>, Vec<Diagnostic>) {
    let mut data = DataObjects::default();
    for object in objects {
        data.insert(object);
    }
    compose(sources, release, &|kind, namespace, name| data.lookup(kind, namespace, name))
}

/// Numbers without the difference between Go's float64, which all of a text are, and int64, which `targetPath` makes.
fn plain(node: &Node) -> Node {
    let value = match &node.value {
        Value::Int(number) => Value::Float(*number as f64),
        Value::List(items) => items.iter().map(plain).collect::<yaml::List>().into(),
        Value::Map(fields) => fields.iter().map(|entry| (&*entry.key, plain(&entry.node))).collect::<Map>().into(),
        other => other.clone(),
    };
    Node::new(node.span, value)
}

fn outcome(wanted: Option<&Node>, found: (Option<Node>, Vec<Diagnostic>)) -> Result<(), String> {
    match (wanted, found) {
        (None, (None, findings)) if findings.is_empty() => Err("refused without a finding".to_owned()),
        (None, (None, _)) => Ok(()),
        (None, (Some(values), _)) => Err(format!("not refused, gives {}", yaml::to_json(&values))),
        (Some(wanted), (Some(values), _)) if plain(wanted) == plain(&values) => Ok(()),
        (Some(wanted), (values, findings)) => Err(format!(
            "wanted {}, found {} {}",
            yaml::to_json(wanted),
            values.map_or("nothing".to_owned(), |values| yaml::to_json(&values)),
            messages(&findings)
        )),
    }
}

fn finish(name: &str, outcomes: Vec<(String, Result<(), String>)>) {
    let score = Score::of(name, outcomes);
    score.print();
    assert_eq!(score.passed, score.all());
}

/// Each document: `name`, `objects`, `release`, and `want` or nothing for a refusal.
#[test]
fn conformance_values() {
    let sources = Sources::new();
    let cases = parsed(&sources, "values.yaml", include_str!("../values.yaml"));
    let outcomes = cases.iter().map(|case| {
        let objects: Vec<Node> = case.get("objects").and_then(Node::as_list).into_iter().flatten().cloned().collect();
        let found = composed(&sources, case.get("release").unwrap(), &objects);
        let name = case.get("name").and_then(Node::as_str).unwrap().to_owned();
        (name, outcome(case.get("want"), found))
    });
    finish("fluxcd-pkg-values", outcomes.collect());
}

/// Each document: inline `values`, `refs` with their data in place, and `want` or `error`.
#[test]
fn conformance_random_values() {
    let sources = Sources::new();
    let cases = parsed(&sources, "values-random.yaml", include_str!("../values-random.yaml"));
    let outcomes = cases.iter().enumerate().map(|(index, case)| {
        let text = |text: &str| Node::detached(text);
        let mut objects = Vec::new();
        let mut references = yaml::List::new();
        for (number, reference) in case.get("refs").and_then(Node::as_list).unwrap().iter().enumerate() {
            let name = format!("r{number}");
            let metadata: Map = [("name", text(&name)), ("namespace", text("n"))].into_iter().collect();
            let data: Map = [("values.yaml", reference.get("data").unwrap().clone())].into_iter().collect();
            let object: Map = [
                ("apiVersion", text("v1")),
                ("kind", text("ConfigMap")),
                ("metadata", Node::detached(metadata)),
                ("data", Node::detached(data)),
            ]
            .into_iter()
            .collect();
            objects.push(Node::detached(object));
            let mut entry: Map = [("kind", text("ConfigMap")), ("name", text(&name))].into_iter().collect();
            for field in ["targetPath", "literal"] {
                if let Some(node) = reference.get(field) {
                    entry.insert(field, node.clone());
                }
            }
            references.push(Node::detached(entry));
        }
        let mut release = Node::detached(Value::Null);
        for (path, node) in [
            (&["metadata", "namespace"][..], text("n")),
            (&["spec", "values"], case.get("values").unwrap().clone()),
            (&["spec", "valuesFrom"], Node::detached(references)),
        ] {
            *release.make_path(path, source::Span::DETACHED).unwrap() = node;
        }
        let wanted =
            case.get("want").cloned().or_else(|| case.get("error").is_none().then(|| Node::detached(Map::new())));
        (format!("{index}"), outcome(wanted.as_ref(), composed(&sources, &release, &objects)))
    });
    finish("helm-strvals", outcomes.collect());
}

/// helm-controller `config/testdata/valuesfrom`, whose golden file is what `helm get values` prints.
#[test]
fn conformance_helm_controller_values() {
    let Some(repository) = testkit::repository("helm-controller-testdata") else { return };
    let tree = testkit::tree(&repository.join("config/testdata/valuesfrom")).unwrap();
    let sources = Sources::new();
    let mut release = documents(&tree, &sources, "helmrelease.yaml").remove(0);
    let objects: Vec<Node> =
        ["configmap.yaml", "secret.yaml"].iter().flat_map(|path| documents(&tree, &sources, path)).collect();
    *release.make_path(&["metadata", "namespace"], source::Span::DETACHED).unwrap() = Node::detached("default");
    let golden = on_disk(&repository.join("config/testdata/valuesfrom/golden.txt"));
    let wanted = parsed(&sources, "golden.txt", golden.split_once('\n').unwrap().1).remove(0);
    let found = composed(&sources, &release, &objects);
    finish("helm-controller-values", vec![("valuesfrom".to_owned(), outcome(Some(&wanted), found))]);
}
