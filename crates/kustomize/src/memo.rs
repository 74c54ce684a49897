//! Files that were read and parsed once, shared by all builds of one run.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use source::{Diagnostic, FileId};
use yaml::{Dialect, Node};

/// What reading a file gave: its documents, or why it is not YAML.
pub(crate) type Parsed = Result<Arc<Vec<Node>>, Arc<Diagnostic>>;

/// Parsed files of one run, by text and dialect. Safe to share between threads; a file that two threads ask for at once
/// may be parsed twice with the same result.
#[derive(Default, Debug)]
pub struct Memo {
    parsed: RwLock<HashMap<(FileId, bool), Parsed>>,
}

impl Memo {
    /// An empty memo.
    pub fn new() -> Self {
        Self::default()
    }

    /// The documents of a text: as remembered, or as `parse` gives them.
    pub(crate) fn documents(&self, file: FileId, dialect: Dialect, parse: impl FnOnce() -> Parsed) -> Parsed {
        let key = (file, dialect == Dialect::Kustomize);
        if let Some(found) = self.parsed.read().unwrap_or_else(PoisonError::into_inner).get(&key) {
            return found.clone();
        }
        let parsed = parse();
        self.parsed.write().unwrap_or_else(PoisonError::into_inner).insert(key, parsed.clone());
        parsed
    }
}
