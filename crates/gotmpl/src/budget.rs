//! What one render may cost. Go and Helm know no such bounds (`range until 1e9` ends in the out-of-memory killer), so the
//! figures are ours: far above what any real chart needs, and low enough that a hostile one is refused within seconds.

use crate::Failure;

/// The bounds of one render.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Nodes that may be evaluated, over all templates.
    pub steps: u64,
    /// Levels of nesting: templates, blocks and parentheses inside each other, all together.
    pub depth: usize,
    /// Bytes that templates may print, over all templates, included ones counted again.
    pub output: u64,
    /// Bytes that values made by functions may take, over the whole render.
    pub allocation: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { steps: 50_000_000, depth: 20_000, output: 256 << 20, allocation: 1 << 30 }
    }
}

/// What is left of the bounds of one render.
#[derive(Debug)]
pub struct Budget {
    limits: Limits,
    steps: u64,
    output: u64,
    allocation: u64,
}

impl Budget {
    /// A full budget.
    pub fn new(limits: Limits) -> Self {
        Self { limits, steps: limits.steps, output: limits.output, allocation: limits.allocation }
    }

    /// The bounds.
    pub fn limits(&self) -> &Limits {
        &self.limits
    }

    /// Takes steps. Functions whose work is more than their result's size (a sort, a search) take some too.
    ///
    /// # Errors
    /// [`Failure::Budget`] when none is left.
    pub fn step(&mut self, count: u64) -> Result<(), Failure> {
        match self.steps.checked_sub(count) {
            Some(rest) => {
                self.steps = rest;
                Ok(())
            }
            None => Err(Failure::Budget(format!("the templates take more than {} steps", self.limits.steps))),
        }
    }

    /// Takes bytes for a value that a function is about to make. Call it before the memory is taken.
    ///
    /// # Errors
    /// [`Failure::Budget`] when not enough is left.
    pub fn allocate(&mut self, bytes: usize) -> Result<(), Failure> {
        match self.allocation.checked_sub(bytes as u64) {
            Some(rest) => {
                self.allocation = rest;
                Ok(())
            }
            None => Err(Failure::Budget(format!(
                "the templates make values of more than {} MiB",
                self.limits.allocation >> 20
            ))),
        }
    }

    /// Takes bytes of output.
    ///
    /// # Errors
    /// [`Failure::Budget`] when not enough is left.
    pub fn print(&mut self, bytes: usize) -> Result<(), Failure> {
        match self.output.checked_sub(bytes as u64) {
            Some(rest) => {
                self.output = rest;
                Ok(())
            }
            None => Err(Failure::Budget(format!("the templates print more than {} MiB", self.limits.output >> 20))),
        }
    }
}
