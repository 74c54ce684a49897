//! Regular expressions of schemas, each compiled once: a schema is first checked and then compiled, and many repeat a few
//! patterns.

use std::collections::HashMap;

use gotmpl::go::Regexp;

/// Patterns by their text.
#[derive(Default)]
pub(super) struct Patterns(HashMap<String, Result<Regexp, String>>);

impl Patterns {
    /// The expression of a text.
    ///
    /// # Errors
    /// Go's text.
    pub(super) fn get(&mut self, text: &str) -> Result<Regexp, String> {
        if let Some(known) = self.0.get(text) {
            return known.clone();
        }
        let compiled = Regexp::new(text);
        self.0.insert(text.to_owned(), compiled.clone());
        compiled
    }
}
