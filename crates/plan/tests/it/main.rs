//! Comparisons of small states, as cases in `tests/cases`: a `case.yaml` with both states, and what comes out as text.
//!
//! `UPDATE_EXPECT=1` rewrites what comes out; there is no other tool to take it from, so read it.

use std::fmt::Write;
use std::path::Path;

use flux::{UnitId, UnitKind};
use object::{Object, ObjectId};
use plan::{Comparison, DeletionPolicy, OwnedObject, State, Unit, What, compare};
use source::{FileId, Span};
use testkit::{expect_file, folders, run};
use yaml::{Dialect, Limits, Node, Value, read, to_json};

/// What a case says about one unit, with its objects.
struct Written {
    id: UnitId,
    unit: Unit,
    objects: Vec<Object>,
}

fn unit_id(text: &str) -> UnitId {
    let mut parts = text.splitn(3, '/');
    let mut next = || parts.next().unwrap_or_default();
    match next() {
        "Entry" => UnitId::new(UnitKind::Entry, "", text.trim_start_matches("Entry/")),
        "HelmRelease" => UnitId::new(UnitKind::HelmRelease, next(), next()),
        _ => UnitId::new(UnitKind::Kustomization, next(), next()),
    }
}

fn written(side: Option<&Node>) -> Vec<Written> {
    let units = side.and_then(Node::as_list).into_iter().flatten();
    let unit = |node: &Node| {
        let text = |key: &str| node.get(key).and_then(Node::as_str);
        let flag = |key: &str| node.get(key).and_then(|node| node.value.as_bool()).unwrap_or_default();
        let objects = node.get("objects").and_then(Node::as_list).into_iter().flatten();
        Written {
            id: unit_id(text("unit").unwrap_or_default()),
            unit: Unit {
                parent: text("parent").map(unit_id),
                prune: flag("prune"),
                suspend: flag("suspend"),
                deletion_policy: DeletionPolicy::of(text("deletionPolicy")),
                cluster: text("cluster").map(Into::into),
                unknown: text("unknown").map(str::to_owned),
            },
            objects: objects.map(|object| Object::new(object.clone(), Span::DETACHED)).collect(),
        }
    };
    units.map(unit).collect()
}

fn state(units: &[Written]) -> State<'_> {
    let owned = units.iter().flat_map(|unit| unit.objects.iter().map(move |object| (unit, object)));
    State {
        units: units.iter().map(|unit| (unit.id.clone(), unit.unit.clone())).collect(),
        objects: owned
            .map(|(unit, object)| OwnedObject {
                id: ObjectId::of(&object.node),
                unit: unit.id.clone(),
                object,
                redrawn: None,
            })
            .collect(),
    }
}

fn printed(comparison: &Comparison) -> String {
    let mut out = String::new();
    for change in &comparison.changes {
        let suspended = if change.suspended { " (suspended)" } else { "" };
        let cluster = change.cluster.as_ref().map(|cluster| format!(" in {cluster}")).unwrap_or_default();
        let _ = writeln!(out, "{} {}{cluster}{suspended}", change.what.as_str(), change.id);
        let _ = match &change.what {
            What::Added { unit } | What::Changed { unit } => writeln!(out, "  by {unit}"),
            What::Removed { unit, fate, loss } => {
                let loss = loss.map(|loss| format!("; {loss}")).unwrap_or_default();
                writeln!(out, "  by {unit}: {fate}{loss}")
            }
            What::Moved { from, to, risk } => {
                let risk = risk.as_ref().map(|risk| format!(": {risk}")).unwrap_or_default();
                writeln!(out, "  from {from} to {to}{risk}")
            }
        };
        let text = |node: &Option<Node>| node.as_ref().map_or_else(|| "-".to_owned(), to_json);
        for field in &change.fields {
            let _ = writeln!(out, "  {} {}: {} -> {}", field.kind, field.path, text(&field.old), text(&field.new));
        }
    }
    for unit in &comparison.not_compared {
        let _ = writeln!(out, "not compared {}: {}", unit.unit, unit.reason);
    }
    out
}

#[expect(clippy::disallowed_methods, reason = "a test reads its own case")]
fn check(directory: &Path) -> Result<(), String> {
    let text = std::fs::read(directory.join("case.yaml")).map_err(|error| error.to_string())?;
    let documents = read(FileId::new(1), &text, Dialect::Kubernetes, &Limits::default()).map_err(|d| d.message)?;
    let case = documents.first().ok_or("an empty case")?;
    let (old, new) = (written(case.get("old")), written(case.get("new")));
    let comparison = compare(&state(&old), &state(&new));
    expect_file(&directory.join("expected.txt"), &printed(&comparison))?;
    match compare(&state(&new), &state(&new)).changes.first() {
        None => Ok(()),
        Some(change) => Err(format!("{} differs from itself", change.id)),
    }
}

#[test]
fn states_differ_as_the_cases_say() {
    let cases = folders(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases"));
    let outcomes = run(&cases, |case| check(&case.path));
    let failures: Vec<String> = cases
        .iter()
        .zip(outcomes)
        .filter_map(|(case, outcome)| Some(format!("{}\n{}", case.name, outcome.err()?)))
        .collect();
    assert!(failures.is_empty(), "{} of {} cases fail:\n{}", failures.len(), cases.len(), failures.join("\n"));
    assert!(!cases.is_empty(), "no cases");
}

mod laws {
    //! What holds for all trees.

    use plan::{FieldChangeKind, differences};
    use proptest::prelude::*;
    use yaml::{List, Map};

    use super::*;

    fn tree() -> impl Strategy<Value = Node> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::Bool),
            (0_i64..4).prop_map(Value::Int),
            "[a-c]{0,2}".prop_map(Value::from),
        ];
        leaf.prop_map(Node::detached).prop_recursive(4, 40, 5, |inner| {
            let field = ("name|key|[a-c]", inner.clone());
            prop_oneof![
                prop::collection::vec(inner, 0..5).prop_map(|items| Node::detached(List::from_iter(items))),
                prop::collection::vec(field, 0..5).prop_map(|fields| Node::detached(Map::from_iter(fields))),
            ]
        })
    }

    proptest! {
        #[test]
        fn nothing_differs_exactly_when_trees_are_equal(old in tree(), new in tree()) {
            prop_assert!(differences(&old, &old).is_empty());
            prop_assert_eq!(differences(&old, &new).is_empty(), old == new);
        }

        #[test]
        fn paths_lead_to_what_differs(old in tree(), new in tree()) {
            for change in differences(&old, &new) {
                if change.kind != FieldChangeKind::Removed {
                    prop_assert_eq!(change.path.get(&new), change.new.as_ref());
                }
            }
        }
    }
}
