//! `--set` and its family against what helm made of them: the values as JSON, or Helm's words.

use std::cell::RefCell;

use helm::{SetArgument, ValueOptions, merge_options};
use serde_json::Value;
use source::Span;
use yaml::{Node, Str};

fn outcome(case: &Value) -> Result<(), String> {
    let words: Vec<&str> =
        case.get("args").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
    let of = |flag: &str| -> Vec<SetArgument<'_>> {
        let pairs = words.chunks(2).filter_map(|pair| <[&str; 2]>::try_from(pair).ok());
        pairs.filter(|[name, _]| *name == flag).map(|[_, text]| SetArgument { text, span: Span::DETACHED }).collect()
    };
    let (json, set, string, file, literal) =
        (of("--set-json"), of("--set"), of("--set-string"), of("--set-file"), of("--set-literal"));
    let options = ValueOptions {
        files: &[],
        set_json: &json,
        set: &set,
        set_string: &string,
        set_file: &file,
        set_literal: &literal,
    };
    let missing = RefCell::new(false);
    let read = |name: &str| -> Result<Str, String> {
        *missing.borrow_mut() = true;
        Err(format!("open {name}: no such file or directory"))
    };
    let found = merge_options(&options, &read);
    let text = |field: &str| case.get(field).and_then(Value::as_str);
    match (found, text("output"), text("error_core")) {
        (Ok(values), Some(output), _) => {
            let wanted = output.split_once("|map[").map_or(output, |(json, _)| json);
            let found = yaml::to_json(&Node::detached(values));
            testkit::expect_text(wanted, &found)
        }
        (Err(error), None, Some(wanted)) => testkit::expect_text(wanted, &error),
        (Ok(_), None, Some(wanted)) => Err(format!("not refused: {wanted}")),
        (Err(error), _, _) => Err(format!("refused: {error}")),
        (Ok(_), None, None) => Err("the case says nothing".to_owned()),
    }
}

#[test]
fn conformance_strvals() {
    let Some(corpus) = testkit::corpus("helm") else { return };
    let text = std::fs::read_to_string(corpus.join("snippets/strvals.jsonl")).unwrap();
    let cases: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let template = |case: &Value| case.get("template").and_then(Value::as_str) == Some("{{ toJson . }}|{{ . }}");
    let cases: Vec<&Value> = cases.iter().filter(|case| template(case)).collect();
    assert!(cases.len() > 250, "{}", cases.len());
    let name = |case: &Value| case.get("id").and_then(Value::as_str).unwrap_or_default().to_owned();
    let score = testkit::Score::of("helm-set", cases.iter().map(|case| (name(case), outcome(case))));
    score.print();
    assert_eq!(score.passed, score.all());
}
