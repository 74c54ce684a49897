//! Reading text into trees: the two dialects, their limits, and errors with a place.

mod embedded;
mod resolve;

use source::{Diagnostic, FileId, Span};

use crate::Node;

pub use embedded::{embedded, scalar_text};
pub use resolve::type_scalar;

/// How scalars are typed and which freedoms are refused.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Dialect {
    /// go-yaml v3 into JSON, as kustomize reads resources.
    Kustomize,
    /// sigs.k8s.io/yaml (go-yaml v2, YAML 1.1, then JSON), as Kubernetes, Flux and Helm read objects and values.
    Kubernetes,
}

/// What happens when a mapping has the same key twice.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum DuplicateKeys {
    /// The text is refused.
    Refuse,
    /// The last one counts, as in kustomization files.
    LastWins,
}

/// What one text may cost.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Bytes of text.
    pub bytes: usize,
    /// Nesting of collections.
    pub depth: usize,
    /// Nodes after aliases and merge keys are expanded.
    pub nodes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { bytes: 16 << 20, depth: 200, nodes: 4_000_000 }
    }
}

/// How a text is read.
#[derive(Clone, Copy, Debug)]
pub struct ReadOptions {
    /// How scalars are typed.
    pub dialect: Dialect,
    /// What the text may cost.
    pub limits: Limits,
    /// What happens to a key that is there twice.
    pub duplicate_keys: DuplicateKeys,
}

/// Reads every document of a text, refusing duplicate keys. A document without content is a null node.
///
/// # Errors
/// A diagnostic whose rule starts with `yaml/`, with the place of the problem.
pub fn read(file: FileId, text: &[u8], dialect: Dialect, limits: &Limits) -> Result<Vec<Node>, Box<Diagnostic>> {
    read_with(file, text, &ReadOptions { dialect, limits: *limits, duplicate_keys: DuplicateKeys::Refuse })
}

/// Reads every document of a text as the options say.
///
/// # Errors
/// A diagnostic whose rule starts with `yaml/`, with the place of the problem.
pub fn read_with(file: FileId, _text: &[u8], _options: &ReadOptions) -> Result<Vec<Node>, Box<Diagnostic>> {
    Err(Box::new(Diagnostic::error("yaml/unsupported", Span::new(file, 0, 0), "YAML can not be read yet")))
}
