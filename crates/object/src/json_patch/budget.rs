//! What a JSON patch may cost. Upstream has no bound: copies of copies double an object with every line of the patch.

use yaml::{Node, Value};

/// Nodes and bytes of strings that the copies of one application may add.
const COPIED: usize = 4 << 20;
/// Nesting of the patched object; far above what the API server takes and far below what exhausts a stack.
const DEPTH: usize = 500;
/// Items that are looked at or moved on the way.
const WORK: usize = 50_000_000;

/// What is left.
pub(super) struct Budget {
    copied: usize,
    work: usize,
}

/// Which bound a patch went over.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Exceeded {
    Copied,
    Depth,
    Work,
}

impl Exceeded {
    pub(super) fn message(self) -> String {
        match self {
            Exceeded::Copied => format!("the patch copies more than {} MiB into one object", COPIED >> 20),
            Exceeded::Depth => format!("the patch nests the object deeper than {DEPTH} levels"),
            Exceeded::Work => format!("the patch takes more than {WORK} steps on one object"),
        }
    }
}

impl Default for Budget {
    fn default() -> Self {
        Self { copied: COPIED, work: WORK }
    }
}

impl Budget {
    /// Pays for looking something up in a map or list, or changing it there. Moving items costs far less than comparing
    /// them, but maps are searched item by item.
    pub(super) fn visit(&mut self, node: &Node) -> Result<(), Exceeded> {
        let items = match &node.value {
            Value::Map(map) => map.len(),
            Value::List(list) => list.len() / 32,
            _ => 0,
        };
        self.work = self.work.checked_sub(items + 1).ok_or(Exceeded::Work)?;
        Ok(())
    }

    /// Pays for a value that will stand in the object once more.
    pub(super) fn copy(&mut self, value: &Node) -> Result<(), Exceeded> {
        measure(value, &mut self.copied, Exceeded::Copied).map(|_| ())
    }

    /// Checks that a value may stand below so many parents.
    pub(super) fn place(&mut self, value: &Node, parents: usize) -> Result<(), Exceeded> {
        let depth = measure(value, &mut self.work, Exceeded::Work)?;
        if parents + depth > DEPTH { Err(Exceeded::Depth) } else { Ok(()) }
    }
}

/// Takes a value's nodes and bytes from what is left and gives its depth.
fn measure(value: &Node, left: &mut usize, exceeded: Exceeded) -> Result<usize, Exceeded> {
    let mut deepest = 0;
    let mut open = vec![(value, 1)];
    while let Some((node, depth)) = open.pop() {
        deepest = deepest.max(depth);
        let cost = match &node.value {
            Value::Str(text) => text.len(),
            Value::List(list) => {
                open.extend(list.iter().map(|item| (item, depth + 1)));
                0
            }
            Value::Map(map) => {
                open.extend(map.values().map(|value| (value, depth + 1)));
                map.keys().map(|key| key.len()).sum()
            }
            _ => 0,
        };
        *left = left.checked_sub(cost + 1).ok_or(exceeded)?;
        if depth > DEPTH {
            return Err(Exceeded::Depth);
        }
    }
    Ok(deepest)
}
