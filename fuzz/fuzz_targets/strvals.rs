//! Any text as an argument of `--set` and its family: no panic, no hang, no memory beyond what the argument may ask for.
//! `cargo +nightly fuzz run strvals` in the repository.

#![no_main]

use helm::{Style, Table, assign};
use libfuzzer_sys::fuzz_target;
use source::Span;

fuzz_target!(|text: &str| {
    for style in [Style::Typed, Style::Text, Style::Json, Style::Literal] {
        let set = || {
            let values = Table::default();
            assign(&values, text, style, Span::DETACHED).map(|()| yaml::to_yaml(&yaml::Node::detached(values.map())))
        };
        assert_eq!(set(), set());
    }
});
