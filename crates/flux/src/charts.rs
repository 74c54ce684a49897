//! What rendering a chart takes besides Helm itself, for releases and for kustomizations alike: each chart is read once,
//! what it prints keeps its places, and what goes wrong becomes a finding.

mod cache;
pub(crate) mod documents;
pub(crate) mod failure;
mod inflator;

use helm::Warning;
use source::{Diagnostic, Span};

pub(crate) use cache::Charts;
pub use inflator::Inflator;

/// What Helm writes to its log, and Flux keeps to itself.
pub(crate) fn logged(warning: &Warning, place: Span) -> Diagnostic {
    let attributes: Vec<String> = warning.attributes.iter().map(|(name, value)| format!("{name}: {value}")).collect();
    let finding = Diagnostic::info("helm/warning", place, warning.message.trim_end_matches('.'));
    if attributes.is_empty() { finding } else { finding.with_note(attributes.join(", ")) }
}
