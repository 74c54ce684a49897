//! Any bytes as a template: no panic, no hang, and errors that name the text. What parses is run with a small budget.
//! `cargo +nightly fuzz run template` in the repository.

#![no_main]

use gotmpl::{Env, Item, Limits, Map, Run, Set, TextOrigin, Value, parse};
use libfuzzer_sys::fuzz_target;
use source::Span;

fuzz_target!(|bytes: &[u8]| {
    let parsed = match parse("t", &bytes.into(), TextOrigin::Value(Span::DETACHED), 100) {
        Ok(parsed) => parsed,
        Err(error) => return assert!(error.message.starts_with("template: t:"), "{}", error.message),
    };
    let mut set = Set::new();
    set.add(&parsed);
    let limits = Limits { steps: 5_000, depth: 100, output: 1 << 16, allocation: 1 << 20 };
    let env = Env::default();
    let values = Map::new();
    values.insert("a", Value::Float(1.5));
    values.insert("b", Value::from("text"));
    values.insert("c", Value::Map(Map::new()));
    // Twice: the same input gives the same bytes.
    let run = || Run::new(&set, &env, limits, true).execute("t", Item::from(Value::Map(values.clone())));
    let text = |result: Result<gotmpl::Text, Box<gotmpl::ExecError>>| match result {
        Ok(text) => {
            if let Some(map) = text.map() {
                assert!(map.pieces().iter().all(|piece| piece.end <= text.len()));
            }
            text.as_bytes().to_vec()
        }
        Err(error) => error.message(),
    };
    let first = text(run());
    // Templates may write into their values, so only the first run starts from the same.
    if !bytes.windows(3).any(|word| word == b"set" || word == b"erg") {
        assert_eq!(first, text(run()));
    }
});
