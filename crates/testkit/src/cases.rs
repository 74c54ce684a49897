//! Runs many cases over the machine's cores and reports every failure, not only the first.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// One case: a name for people and a place on disk.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Case {
    /// Folder name, or whatever tells the case from its siblings.
    pub name: String,
    /// The folder.
    pub path: PathBuf,
}

/// The folders in `directory`, sorted by name; each is a case. None when there is no such directory.
pub fn folders(directory: &Path) -> Vec<Case> {
    let entries = std::fs::read_dir(directory).into_iter().flatten().flatten();
    let mut cases: Vec<Case> = entries
        .filter(|entry| entry.path().is_dir())
        .map(|entry| Case { name: entry.file_name().to_string_lossy().into_owned(), path: entry.path() })
        .collect();
    cases.sort_by(|a, b| a.name.cmp(&b.name));
    cases
}

/// Runs `check` on every item in parallel and gives the outcomes in the order of the items. A panic in one case is that
/// case's failure and ends nothing else.
pub fn run<T: Sync, R: Send>(items: &[T], check: impl Fn(&T) -> Result<R, String> + Sync) -> Vec<Result<R, String>> {
    let threads = thread::available_parallelism().map_or(1, usize::from).min(items.len().max(1));
    let next = AtomicUsize::new(0);
    let done = Mutex::new(Vec::with_capacity(items.len()));
    let worker = || {
        while let Some((index, item)) = {
            let index = next.fetch_add(1, Ordering::Relaxed);
            items.get(index).map(|item| (index, item))
        } {
            let outcome = catch_unwind(AssertUnwindSafe(|| check(item))).unwrap_or_else(|panic| Err(words(&*panic)));
            done.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push((index, outcome));
        }
    };
    thread::scope(|scope| (0..threads).for_each(|_| drop(scope.spawn(worker))));
    let mut done = done.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    done.sort_by_key(|(index, _)| *index);
    done.into_iter().map(|(_, outcome)| outcome).collect()
}

fn words(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(ToString::to_string);
    let text = text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_default();
    format!("panicked: {text}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outcomes_keep_the_order_and_a_panic_is_one_failure() {
        let items: Vec<u32> = (0..50).collect();
        let outcomes = run(&items, |n| match n {
            7 => panic!("seven"),
            n if n % 2 == 1 => Err(format!("{n} is odd")),
            n => Ok(*n),
        });
        assert_eq!(outcomes.len(), 50);
        assert_eq!(outcomes[7], Err("panicked: seven".into()));
        assert_eq!(outcomes[8], Ok(8));
        assert_eq!(outcomes[9], Err("9 is odd".into()));
    }
}
