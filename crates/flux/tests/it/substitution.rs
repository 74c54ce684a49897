//! Substitution on objects: places are kept, structure is watched over, and any input ends.

use std::sync::Arc;

use flux::substitute::{Variable, Variables, substitute};
use object::Object;
use proptest::prelude::*;
use source::{Diagnostic, Severity, Sources};
use yaml::Node;

use crate::support::{on_one_line, parsed};

fn variables(sources: &Sources, pairs: &[(&str, &str)]) -> Variables {
    let mut variables = Variables::default();
    variables.always = true;
    for (name, text) in pairs {
        let file = sources.add(format!("{name}.txt"), *text);
        let span = source::Span::new(file, 0, text.len());
        variables.insert(name, Variable { text: Some((*text).to_owned()), span, secret: false });
    }
    variables
}

fn run(sources: &Sources, text: &str, pairs: &[(&str, &str)]) -> (Node, Vec<Diagnostic>) {
    let node = parsed(sources, "a.yaml", text).remove(0);
    let mut objects = [Object::new(node.clone(), node.span)];
    let variables = variables(sources, pairs);
    let findings = substitute(sources, &mut objects, &variables, true, &Arc::from("Kustomization/apps"));
    let [object] = objects;
    (object.node, findings)
}

fn found(findings: &[Diagnostic]) -> Vec<(Severity, &str)> {
    findings.iter().map(|finding| (finding.severity, finding.rule)).collect()
}

const OBJECT: &str = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\ndata:\n";

#[test]
fn places_lead_to_the_variable_and_its_value() {
    let sources = Sources::new();
    let text = format!("{OBJECT}  same: here\n  image: app:${{tag}}\n  both: ${{tag}} and ${{tag}}\n");
    let (node, findings) = run(&sources, &text, &[("tag", "v1.2")]);
    assert!(findings.is_empty(), "{findings:?}");
    let place = |node: &Node| -> Vec<String> {
        sources.resolve(node.span).iter().filter_map(|span| sources.text(*span)).collect()
    };
    let field = |name| node.at(&["data", name]).unwrap();
    assert_eq!(field("image").as_str(), Some("app:v1.2"));
    assert_eq!(place(field("same")), ["here"]);
    assert_eq!(place(field("image")), ["app:${tag}", "${tag}", "v1.2"]);
    assert_eq!(place(field("both")), ["${tag}", "${tag} and ${tag}", "${tag}", "v1.2"]);
    assert_eq!(place(node.get("kind").unwrap()), ["ConfigMap"]);
}

#[test]
fn an_undefined_variable_is_shown_where_it_stands() {
    let sources = Sources::new();
    let text = format!("{OBJECT}  a: x ${{cluster}} ${{clustr}}\n  b: ${{clustr}}\n");
    let (_, findings) = run(&sources, &text, &[("cluster", "prod")]);
    assert_eq!(found(&findings), [(Severity::Error, "flux/undefined-variable")]);
    let at = sources.location(findings[0].span).unwrap();
    assert_eq!((&*at.name, at.line, at.column, at.end_column), ("a.yaml", 6, 19, 28));
    assert_eq!(findings[0].help.as_deref(), Some("did you mean `cluster`?"));
    assert_eq!(findings[0].notes, ["it is used 2 times in this object"]);
}

#[test]
fn one_pass_only() {
    let sources = Sources::new();
    let text = format!("{OBJECT}  a: ${{b}}\n  b: ${{a}}\n  c: $${{a}}\n");
    let (node, findings) = run(&sources, &text, &[("a", "${b}"), ("b", "${a}")]);
    assert!(findings.is_empty(), "{findings:?}");
    assert_eq!(on_one_line(node.get("data").unwrap()), r#"{"a":"${a}","b":"${b}","c":"${a}"}"#);
}

#[test]
fn structure_is_watched_over() {
    let check = |field: &str, value: &str| {
        let sources = Sources::new();
        let (node, findings) = run(&sources, &format!("{OBJECT}  {field}\n  z: z\n"), &[("v", value)]);
        let rules = found(&findings).iter().map(|(severity, rule)| format!("{severity:?} {rule}")).collect::<Vec<_>>();
        (on_one_line(node.get("data").unwrap()), rules.join(", "))
    };
    let changes = "flux/substitution-changes-structure";
    // A text that is nothing but the variable may become a list: repositories do that on purpose.
    assert_eq!(check("a: ${v}", "[1, 2]"), (r#"{"a":[1,2],"z":"z"}"#.to_owned(), format!("Warning {changes}")));
    assert_eq!(check("a: ${v}", "true").0, r#"{"a":true,"z":"z"}"#);
    assert_eq!(check("a: \"${v}\"", "true").0, r#"{"a":true,"z":"z"}"#, "kustomize prints it without quotes");
    assert_eq!(check("a: ${v}", "\"true\"").0, r#"{"a":"true","z":"z"}"#);
    // Line breaks other than the one that Flux strips.
    let (data, rules) = check("a: ${v}", "x\r  evil: it");
    assert_eq!((data.as_str(), rules), (r#"{"a":"x","evil":"it","z":"z"}"#, format!("Error {changes}")));
    let (_, rules) = check("a: ${v}", "x\r---\rapiVersion: v1\rkind: Secret");
    assert!(rules.contains(&format!("Error {changes}")), "{rules}");
    assert_eq!(check("a: b${v}", ": c").1, "Error flux/substitution-breaks-yaml");
    let (_, rules) = check("a: ${v}", "x---apiVersion: rbac.authorization.k8s.io/v1kind: ClusterRoleBinding");
    assert_eq!(rules, "Error flux/substitution-breaks-yaml");
    // A comment takes nothing but the rest of its own line.
    assert_eq!(check("a: ${v} b", "x #").0, r#"{"a":"x","z":"z"}"#);
}

#[test]
fn objects_that_become_one_are_refused() {
    let sources = Sources::new();
    let text = format!("{OBJECT}---\n{}", OBJECT.replace("name: a", "name: ${n}"));
    let mut objects: Vec<Object> =
        parsed(&sources, "a.yaml", &text).into_iter().map(|node| Object::new(node.clone(), node.span)).collect();
    let variables = variables(&sources, &[("n", "a")]);
    let findings = substitute(&sources, &mut objects, &variables, true, &Arc::from("Kustomization/apps"));
    assert_eq!(found(&findings), [(Severity::Error, "flux/substitution-collision")]);
}

#[test]
fn many_variables_take_time_in_proportion() {
    let sources = Sources::new();
    let text = format!("{OBJECT}  a: |\n{}", "    ${v} ${missing:=${v}}\n".repeat(50_000));
    let (node, findings) = run(&sources, &text, &[("v", "x")]);
    assert!(findings.is_empty(), "{findings:?}");
    assert_eq!(node.at(&["data", "a"]).and_then(Node::as_str).map(str::len), Some(4 * 50_000));
}

#[test]
fn hostile_patterns_end() {
    let sources = Sources::new();
    let value = "a".repeat(20_000);
    let text = format!("{OBJECT}  a: ${{v##*a*a*a*b}}\n");
    let (_, findings) = run(&sources, &text, &[("v", &value)]);
    assert_eq!(found(&findings), [(Severity::Error, "flux/malformed-substitution")]);
    let text = format!("{OBJECT}  a: {}\n", "${v//a/${v}}".repeat(50));
    let (_, findings) = run(&sources, &text, &[("v", &value)]);
    assert_eq!(found(&findings), [(Severity::Error, "flux/malformed-substitution")]);
    let text = format!("{OBJECT}  a: {}\n", "${v:=".repeat(10_000));
    let (_, findings) = run(&sources, &text, &[]);
    assert_eq!(found(&findings), [(Severity::Error, "flux/malformed-substitution")]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// Whatever the text and the values are: no panic, and a text without dollars is left alone.
    #[test]
    fn any_text_ends(parts in proptest::collection::vec(prop_oneof![
        Just("${"), Just("}"), Just("$$"), Just("a"), Just("b"), Just(":"), Just("/"), Just("#"), Just("%"), Just("="),
        Just("-"), Just("*"), Just("["), Just("]"), Just("\\"), Just("é"), Just("^"), Just(","), Just("1"), Just(" "), Just("?"),
    ], 0..30), value in "[a-z${}:é\"'\\[\\]#-]{0,12}") {
        let sources = Sources::new();
        let text = parts.concat();
        let data = Node::detached([("t", Node::detached(text.as_str()))].into_iter().collect::<yaml::Map>());
        let mut node = parsed(&sources, "a.yaml", OBJECT).remove(0);
        *node.make_path(&["data"], node.span).unwrap() = data;
        let mut objects = [Object::new(node.clone(), node.span)];
        let variables = variables(&sources, &[("a", &value), ("b", "*b")]);
        let findings = substitute(&sources, &mut objects, &variables, false, &Arc::from("Kustomization/apps"));
        if !text.contains('$') {
            prop_assert!(findings.is_empty());
            prop_assert_eq!(&objects[0].node, &node);
        }
    }
}
