//! The substituted text as an object again, with the old spans wherever nothing changed, and a look at whether values
//! changed more than their own places.

use source::{Diagnostic, Sources, Span};
use yaml::{Entry, Map, Node, Value};

/// What became of an object.
pub(super) struct Reread {
    pub(super) node: Node,
    pub(super) findings: Vec<Diagnostic>,
}

/// Merges what was read from the substituted text with the object before: equal parts keep their old spans.
pub(super) fn merge(sources: &Sources, before: &Node, after: Node) -> Reread {
    let mut changes = Vec::new();
    let (node, _) = keep(before, after, &mut changes);
    // A value that itself became structure explains everything below it.
    let findings = changes.iter().map(|change| change.diagnostic(sources)).collect();
    Reread { node, findings }
}

/// A place where the structure is another one.
enum Change {
    /// A text that is nothing but a variable became a list or a map.
    Became { before: Span, kind: &'static str, after: Span },
    /// A field that was not there.
    Added { key: String, span: Span },
    /// A field that is gone.
    Removed { key: String, span: Span },
    /// Anything else.
    Other { span: Span },
}

/// The node with old spans where equal, and whether it is equal as a whole. Depth is bounded by the reader.
fn keep(before: &Node, mut after: Node, changes: &mut Vec<Change>) -> (Node, bool) {
    let same = match (&before.value, &mut after.value) {
        (Value::Map(old), Value::Map(new)) => keep_fields(old, new, after.span, changes),
        (Value::List(old), Value::List(new)) if old.len() == new.len() => {
            let mut same = true;
            let items: Vec<Node> = old
                .iter()
                .zip(new.make_mut().drain(..))
                .map(|(old, new)| {
                    let (node, equal) = keep(old, new, changes);
                    same &= equal;
                    node
                })
                .collect();
            *new = items.into_iter().collect();
            same
        }
        (Value::Str(text), Value::Map(_) | Value::List(_)) => {
            let (trimmed, kind) = (text.trim(), after.value.type_name());
            changes.push(if trimmed.starts_with("${") && trimmed.ends_with('}') {
                Change::Became { before: before.span, kind, after: after.span }
            } else {
                Change::Other { span: after.span }
            });
            false
        }
        (Value::Map(_) | Value::List(_), _) => {
            changes.push(Change::Other { span: after.span });
            false
        }
        (old, new) => old == new,
    };
    if same { (before.clone(), true) } else { (after, false) }
}

fn keep_fields(old: &Map, new: &mut Map, span: Span, changes: &mut Vec<Change>) -> bool {
    let variable_keys = old.keys().filter(|key| has_variable(key)).count();
    let mut same = old.len() == new.len();
    let mut renamed = 0;
    let fields: Vec<Entry> = new.iter().cloned().collect();
    let mut kept = Map::new();
    for Entry { key, key_span, node } in fields {
        let entry = match old.entry(&key) {
            Some(before) => {
                let (node, equal) = keep(&before.node, node, changes);
                same &= equal;
                Entry { key, key_span: before.key_span, node }
            }
            None => {
                same = false;
                renamed += 1;
                if renamed > variable_keys {
                    changes.push(Change::Added { key: key.to_string(), span: key_span });
                }
                Entry { key, key_span, node }
            }
        };
        kept.push(entry);
    }
    for gone in old.iter().filter(|entry| !new.contains_key(&entry.key) && !has_variable(&entry.key)) {
        changes.push(Change::Removed { key: gone.key.to_string(), span });
    }
    *new = kept;
    same
}

fn has_variable(key: &str) -> bool {
    key.contains("${") || key.contains("$$")
}

impl Change {
    fn diagnostic(&self, sources: &Sources) -> Diagnostic {
        const RULE: &str = "flux/substitution-changes-structure";
        // Text with `$` in Git is a better place than the virtual text, which shows values.
        let place = |span: Span| sources.resolve(span).first().copied().unwrap_or(span);
        match self {
            Change::Became { before, kind, after } => {
                Diagnostic::warning(RULE, before.or(*after), format!("the value of a variable makes this a {kind}"))
                    .with_note("Flux substitutes text, so a value that looks like YAML becomes YAML")
                    .with_help("put quotes into the variable's value if a text is meant")
            }
            Change::Added { key, span } => {
                Diagnostic::error(RULE, place(*span), format!("the value of a variable adds the field `{key}`"))
                    .with_help("quote the text that holds the variable, or take line breaks and `: ` out of the value")
            }
            Change::Removed { key, span } => {
                Diagnostic::error(RULE, place(*span), format!("the value of a variable hides the field `{key}`"))
                    .with_help("quote the text that holds the variable")
            }
            Change::Other { span } => {
                Diagnostic::error(RULE, place(*span), "the value of a variable changes the structure of the object")
                    .with_help("quote the text that holds the variable")
            }
        }
    }
}
