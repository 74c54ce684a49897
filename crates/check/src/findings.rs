//! The findings of several clusters as one list.

use flux::Rendered;
use source::Diagnostic;

use crate::values::refused_values;

/// Every finding once, in the order of clusters and units. A finding that several clusters share, as one about a base
/// does, is kept from the first of them and says how often it was met.
pub fn findings<'a>(clusters: impl IntoIterator<Item = &'a Rendered>) -> Vec<Diagnostic> {
    let mut found: Vec<(Diagnostic, usize)> = Vec::new();
    let mut seen = std::collections::HashMap::new();
    let of_cluster = |cluster: &'a Rendered| cluster.all_diagnostics().cloned().chain(refused_values(cluster));
    for diagnostic in clusters.into_iter().flat_map(of_cluster) {
        let key = (diagnostic.rule, diagnostic.span, diagnostic.message.clone());
        // Without a place, two findings in the same words are about two objects.
        let same = if diagnostic.span.is_detached() { None } else { seen.get(&key).copied() };
        match same.and_then(|index: usize| found.get_mut(index)) {
            Some((_, count)) => *count += 1,
            None => {
                seen.insert(key, found.len());
                found.push((diagnostic, 1));
            }
        }
    }
    let with_count = |(diagnostic, count): (Diagnostic, usize)| match count {
        1 => diagnostic,
        2 => diagnostic.with_note("the same line gives this finding in one more place"),
        n => diagnostic.with_note(format!("the same line gives this finding in {} more places", n - 1)),
    };
    found.into_iter().map(with_count).collect()
}
