//! Templates that were parsed before: the same chart rendered again, with other values or for another release.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use gotmpl::{ParseError, Parsed, TextOrigin};

/// Parsed templates by name and text. One for a run; shared between threads.
#[derive(Debug, Default)]
pub struct Memo {
    parsed: Mutex<HashMap<Key, Parsed>>,
}

/// A name, and a text that is known by where it lies in memory: the key keeps it there.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Key {
    name: String,
    text: Kept,
    origin: TextOrigin,
}

#[derive(Debug)]
struct Kept(Arc<[u8]>);

impl PartialEq for Kept {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for Kept {}

impl std::hash::Hash for Kept {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.0.as_ptr().hash(state);
    }
}

impl Memo {
    /// The templates of a text that is called `name` in its chart.
    pub(crate) fn parsed(
        &self,
        name: &str,
        text: &Arc<[u8]>,
        origin: TextOrigin,
        depth: usize,
    ) -> Result<Parsed, ParseError> {
        let key = Key { name: name.to_owned(), text: Kept(Arc::clone(text)), origin };
        if let Some(parsed) = self.lock().get(&key) {
            return Ok(parsed.clone());
        }
        let parsed = gotmpl::parse(name, text, origin, depth)?;
        self.lock().insert(key, parsed.clone());
        Ok(parsed)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<Key, Parsed>> {
        self.parsed.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
