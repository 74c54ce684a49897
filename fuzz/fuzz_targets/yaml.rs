//! Any bytes through the reader: no panic, places inside the text, and what is read survives printing and reading again.
//! `cargo +nightly fuzz run yaml` in the repository.

#![no_main]

use libfuzzer_sys::fuzz_target;
use source::FileId;
use yaml::{Dialect, Limits, Node, Value, read, to_yaml};

/// Upstream loses next-line characters when it prints, and refuses other control characters.
fn survives(node: &Node) -> bool {
    let text = |text: &str| !text.contains(|c| matches!(c, '\u{7f}'..='\u{9f}' | '\u{fffe}' | '\u{ffff}'));
    match &node.value {
        Value::Str(value) => text(value),
        Value::List(items) => items.iter().all(survives),
        Value::Map(fields) => {
            fields.iter().all(|e| text(&e.key) && e.key != "<<" && e.key.len() < 150 && survives(&e.node))
        }
        _ => true,
    }
}

fuzz_target!(|bytes: &[u8]| {
    let limits = Limits { nodes: 20_000, ..Limits::default() };
    for dialect in [Dialect::Kustomize, Dialect::Kubernetes] {
        match read(FileId::new(1), bytes, dialect, &limits) {
            Ok(documents) => {
                for document in documents.iter().filter(|d| survives(d)) {
                    let text = to_yaml(document);
                    let again = read(FileId::new(2), text.as_bytes(), dialect, &Limits::default());
                    assert_eq!(again.ok().as_deref(), Some(std::slice::from_ref(document)), "{text}");
                }
            }
            Err(error) => assert!(error.span.end() <= bytes.len().max(1), "{error:?}"),
        }
    }
});
