//! `values.schema.json`: whether the values of a chart and of all inside of it fit its JSON Schema, in the words of helm
//! 4.2.3 (`pkg/chart/common/util/jsonschema.go`) and of santhosh-tekuri/jsonschema v6.0.2, which it uses.
//!
//! The validator is ours: its author's Rust crate `boon` compares numbers as floats, reads patterns as ECMAScript does and
//! knows no place of a value, so that neither verdicts nor words would be those of helm. Nothing is loaded: a schema may
//! refer to itself, to the published schemas of the drafts, and to what the caller has at hand.

mod compile;
mod decimal;
mod documents;
mod draft;
mod failure;
mod format;
mod instance;
mod localized;
mod location;
mod meta;
mod ordinary;
mod patterns;
mod validate;

use std::sync::Arc;

use source::Span;
use yaml::{Map, Node, Value};

use crate::{Chart, Warning};
use compile::Compiler;
use documents::Documents;
use failure::Failure;
use validate::{Verdict, Whole, validate};

/// One value that does not fit.
#[derive(Clone, PartialEq, Debug)]
pub struct Violation {
    /// The chart whose schema it is.
    pub chart: String,
    /// Where the value was written.
    pub span: Span,
    /// Where it is in that chart's values: `/image/tag`.
    pub location: String,
    /// What is wrong with it.
    pub message: String,
}

/// Values that do not fit, or schemas that are none.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct SchemaFailure {
    /// Helm's text, of all charts together.
    pub text: String,
    /// The values, as far as schemas could be applied.
    pub violations: Vec<Violation>,
}

/// Finds the text of a schema by its URL; what it does not have is not loaded from elsewhere.
pub type SchemaLoader<'a> = &'a dyn Fn(&str) -> Option<Arc<[u8]>>;

/// The document that Helm makes of a chart's schema.
const URL: &str = "file:///values.schema.json";

/// Checks the coalesced values of a chart against its schema, and those of the charts inside of it against theirs. Schemas
/// nest, so this takes a deep stack: run it within [`gotmpl::on_large_stack`] where a schema is not trusted.
///
/// # Errors
/// Helm's text, and where it leads.
pub fn validate_values(
    chart: &Chart,
    values: &Map,
    loader: SchemaLoader<'_>,
    warnings: &mut Vec<Warning>,
) -> Result<(), SchemaFailure> {
    let mut failure = SchemaFailure::default();
    check_chart(chart, values, loader, &mut failure, warnings);
    if failure.text.is_empty() {
        return Ok(());
    }
    let head = "values don't meet the specifications of the schema(s) in the following chart(s):";
    failure.text = format!("{head}\n{}", failure.text);
    Err(failure)
}

fn check_chart(
    chart: &Chart,
    values: &Map,
    loader: SchemaLoader<'_>,
    failure: &mut SchemaFailure,
    warnings: &mut Vec<Warning>,
) {
    if let Some(schema) = chart.schema() {
        let values = Node::detached(values.clone());
        match check(schema.data(), &values, loader, warnings) {
            Ok(failures) if failures.is_empty() => {}
            Ok(failures) => {
                failure.text.push_str(&format!("{}:", chart.name()));
                for found in &failures {
                    found.write(&mut failure.text, 0);
                    let mut leaves = Vec::new();
                    found.leaves(&mut leaves);
                    failure.violations.extend(leaves.into_iter().map(|leaf| Violation {
                        chart: chart.name().to_owned(),
                        span: leaf.span,
                        location: leaf.location.clone(),
                        message: leaf.message.clone(),
                    }));
                }
                failure.text.push('\n');
            }
            Err(error) => failure.text.push_str(&format!("{}:\n{error}", chart.name())),
        }
    }
    for inner in chart.dependencies() {
        match values.get(inner.name()).map(|node| &node.value) {
            None | Some(Value::Null) => {}
            Some(Value::Map(values)) => check_chart(inner, values, loader, failure, warnings),
            Some(other) => {
                let found = crate::values::go_type(other);
                let problem = format!("invalid type for values: expected object (map), got {found}");
                failure.text.push_str(&format!("{}:\n{problem}\n", inner.name()));
            }
        }
    }
}

/// What is wrong with values; the error is one of the schema.
fn check(
    schema: &[u8],
    values: &Node,
    loader: SchemaLoader<'_>,
    warnings: &mut Vec<Warning>,
) -> Result<Vec<Failure>, String> {
    let mut documents = Documents::new(loader);
    documents.add(URL, documents::read(schema)?);
    let mut compiler = Compiler::new(&mut documents, false);
    let root = compiler.compile(URL);
    let schemas = compiler.finish();
    warnings.append(&mut documents.warnings);
    match validate(Whole { schemas: &schemas, root: root? }, values, None) {
        Verdict::Valid => Ok(Vec::new()),
        Verdict::Invalid(failures) => Ok(failures),
        Verdict::Stopped(why) => Err(why),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is said about values, both as JSON.
    fn said(schema: &str, values: &str) -> String {
        gotmpl::on_large_stack(|| {
            let values = yaml::read_json(values.as_bytes()).unwrap().to_node(Span::DETACHED).unwrap();
            match check(schema.as_bytes(), &values, &|_| None, &mut Vec::new()) {
                Ok(failures) => failures.iter().fold(String::new(), |mut text, failure| {
                    failure.write(&mut text, 0);
                    text
                }),
                Err(error) => error,
            }
        })
        .unwrap()
    }

    #[test]
    fn words_are_those_of_helm() {
        assert_eq!(
            said(r#"{"minProperties":2,"properties":{"a":{"maximum":10000,"multipleOf":0.3}}}"#, r#"{"a":1234567}"#),
            "\n- at '': minProperties: got 1, want 2\n- at '/a': validation failed\n  - at '/a': maximum: got 1.234567×10⁰⁶, want 10,000\n  - at '/a': \
             multipleOf: got 1.234567×10⁰⁶, want 0.3"
        );
        assert_eq!(
            said(r#"{"type":"nonsense"}"#, "{}"),
            "\"file:///values.schema.json#\" is not valid against metaschema: jsonschema validation failed with \
             'https://json-schema.org/draft/2020-12/schema#'\n- at '': 'allOf' failed\n  - at '/type': 'anyOf' failed\n    \
             - at '/type': value must be one of 'array', 'boolean', 'integer', 'null', 'number', 'object', 'string'\n    \
             - at '/type': got string, want array"
        );
        assert!(said(r#"{"patternProperties":{"(?=x)":{}}}"#, "{}").ends_with(
            "\n- at '': 'allOf' failed\n  - at '': invalid propertyName '(?=x)'\n    - at '': '(?=x)' is not valid \
                 regex: error parsing regexp: invalid or unsupported Perl syntax: `(?=`"
        ));
        assert_eq!(said("{", "{}"), "unexpected EOF");
    }

    #[test]
    fn nothing_is_loaded() {
        let refused = said(r#"{"$ref":"https://example.org/a.json"}"#, "{}");
        assert!(refused.starts_with("failing loading \"https://example.org/a.json\": "), "{refused}");
        let refused = said(r#"{"$ref":"file:///etc/hostname"}"#, "{}");
        assert!(refused.starts_with("failing loading \"file:///etc/hostname\": "), "{refused}");
        assert_eq!(said(r#"{"$ref":"urn:a:b"}"#, "{}"), "");
    }

    #[test]
    fn hostile_schemas_end() {
        // Each step of the way is taken twice.
        let twice: Vec<String> = (0..60)
            .map(|n| format!(r##""d{n}":{{"allOf":[{{"$ref":"#/$defs/d{0}"}},{{"$ref":"#/$defs/d{0}"}}]}}"##, n + 1))
            .collect();
        let text = format!(r##"{{"$ref":"#/$defs/d0","$defs":{{{},"d60":{{}}}}}}"##, twice.join(","));
        assert_eq!(said(&text, "{}"), "unable to validate schema: it takes too many steps");
        let chain: Vec<String> = (0..5000).map(|n| format!(r##""d{n}":{{"$ref":"#/$defs/d{}"}}"##, n + 1)).collect();
        let text = format!(r##"{{"$ref":"#/$defs/d0","$defs":{{{},"d5000":{{}}}}}}"##, chain.join(","));
        assert_eq!(said(&text, "{}"), "unable to validate schema: it is nested too deeply");
        let cycle = said(r##"{"$ref":"#/$defs/a","$defs":{"a":{"$ref":"#/$defs/b"},"b":{"$ref":"#/$defs/a"}}}"##, "{}");
        assert!(cycle.ends_with("causing reference cycle"), "{cycle}");
    }

    #[test]
    fn deep_values_and_schemas_are_taken() {
        let (open, close) = (r#"{"a":"#.repeat(190), "}".repeat(190));
        let schema = r##"{"anyOf":[{"type":"string"},{"$ref":"#/$defs/o"},true],"properties":{"a":{"$ref":"#"}},"$defs":{"o":{"allOf":[{"type":"object"}]}}}"##;
        assert_eq!(said(schema, &format!("{open}1{close}")), "");
        let (open, close) = (r#"{"properties":{"a":"#.repeat(240), "}}".repeat(240));
        assert_eq!(said(&format!("{open}true{close}"), "{}"), "");
        let (open, close) = (r#"{"items":[{"not":"#.repeat(160), "}]}".repeat(160));
        assert!(said(&format!("{open}true{close}"), "{}").contains("is not valid against metaschema"));
    }
}
