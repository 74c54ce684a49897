//! Findings as SARIF 2.1.0 (OASIS, 2020-03-27), as code scanning services read it.

use serde_json::{Value, json};
use source::{Diagnostic, Severity, Sources};

use crate::places::{Place, Places};

/// What a rule is about, for the tool description.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// Name, such as `kustomize/patch-without-target`.
    pub name: &'static str,
    /// One sentence.
    pub summary: &'static str,
    /// Why it matters and how to fix it.
    pub details: &'static str,
}

/// One SARIF log with one run. `rules` describes at least the rules of the findings; `version` is the tool's.
pub fn sarif<'a>(
    sources: &Sources,
    diagnostics: impl IntoIterator<Item = &'a Diagnostic>,
    rules: &[Rule],
    version: &str,
) -> String {
    let diagnostics: Vec<&Diagnostic> = diagnostics.into_iter().collect();
    let used: Vec<&Rule> = rules.iter().filter(|rule| diagnostics.iter().any(|d| d.rule == rule.name)).collect();
    let index = |name: &str| used.iter().position(|rule| rule.name == name);
    let results: Vec<Value> = diagnostics.iter().map(|d| result(sources, d, index(d.rule))).collect();
    let rules: Vec<Value> = used
        .iter()
        .map(|rule| {
            json!({
                "id": rule.name,
                "shortDescription": { "text": rule.summary },
                "help": { "text": rule.details },
            })
        })
        .collect();
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": { "name": "headwater", "semanticVersion": version, "rules": rules } },
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    format!("{log:#}\n")
}

fn result(sources: &Sources, diagnostic: &Diagnostic, rule: Option<usize>) -> Value {
    let places = Places::of(sources, diagnostic);
    let mut text = diagnostic.message.clone();
    if !diagnostic.within.is_empty() {
        text.push_str(&format!("\nin: {}", diagnostic.within.join(" ← ")));
    }
    for note in diagnostic.notes.iter().chain(&diagnostic.help) {
        text.push_str(&format!("\n{note}"));
    }
    let level = match diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    };
    let mut result = json!({
        "ruleId": diagnostic.rule,
        "level": level,
        "message": { "text": text },
        "locations": places.primary.iter().map(location).collect::<Vec<_>>(),
    });
    if let (Some(index), Some(fields)) = (rule, result.as_object_mut()) {
        fields.insert("ruleIndex".to_owned(), index.into());
    }
    if let (false, Some(fields)) = (places.related.is_empty(), result.as_object_mut()) {
        let related = places.related.iter().enumerate().map(|(i, place)| {
            let mut location = location(place);
            if let Some(fields) = location.as_object_mut() {
                fields.insert("id".to_owned(), i.into());
                if let Some(message) = &place.message {
                    fields.insert("message".to_owned(), json!({ "text": message }));
                }
            }
            location
        });
        fields.insert("relatedLocations".to_owned(), related.collect());
    }
    result
}

fn location(place: &Place) -> Value {
    json!({
        "physicalLocation": {
            "artifactLocation": { "uri": uri(&place.name) },
            "region": {
                "startLine": place.line,
                "startColumn": place.column,
                "endLine": place.end_line,
                "endColumn": place.end_column,
            },
        },
    })
}

/// A path as a relative URI reference (RFC 3986).
fn uri(path: &str) -> String {
    let mut uri = String::new();
    for byte in path.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'/' | b'-' | b'.' | b'_' | b'~' | b'@' | b'+' | b'=' | b',' => {
                uri.push(char::from(byte));
            }
            byte => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    uri
}
