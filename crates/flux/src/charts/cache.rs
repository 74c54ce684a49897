//! Charts that were read, shared by everything that renders them in one run.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use helm::{DirectoryLimits, Loaded};
use source::{Files, Sources, TreePath};

/// A chart that was read, or Helm's words for why it is none.
pub(crate) type Read = Result<Arc<Loaded>, Arc<str>>;

/// Charts that were read, by where they are. One for a run; a chart that two threads ask for at once may be read twice.
#[derive(Default, Debug)]
pub(crate) struct Charts {
    read: Mutex<HashMap<String, Read>>,
}

impl Charts {
    /// The chart at a folder or archive of a tree; `key` tells it from all others.
    pub(crate) fn load(
        &self,
        key: &str,
        (files, path, is_archive): (&dyn Files, &TreePath, bool),
        sources: &Sources,
    ) -> Read {
        let lock = || self.read.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(found) = lock().get(key) {
            return found.clone();
        }
        let read = || {
            if !is_archive {
                return helm::load_directory(files, path, Some(sources), &DirectoryLimits::default());
            }
            let file = files.read(path).map_err(|error| error.to_string())?;
            helm::load_archive(&file.name, &file.bytes, Some(sources))
        };
        let result = read().map(Arc::new).map_err(Arc::from);
        lock().entry(key.to_owned()).or_insert(result).clone()
    }
}
