//! Reading text into trees: the two dialects, their limits, and errors with a place.

use source::{Diagnostic, FileId};

use crate::Node;

/// How scalars are typed and which freedoms are refused.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Dialect {
    /// go-yaml v3 into JSON, as kustomize reads resources.
    Kustomize,
    /// sigs.k8s.io/yaml (go-yaml v2, YAML 1.1, then JSON), as Kubernetes, Flux and Helm read objects and values.
    Kubernetes,
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

/// Reads every document of a text. A document without content is a null node.
///
/// # Errors
/// A diagnostic whose rule starts with `yaml/`, with the place of the problem.
pub fn read(_file: FileId, _text: &[u8], _dialect: Dialect, _limits: &Limits) -> Result<Vec<Node>, Box<Diagnostic>> {
    unimplemented!()
}
