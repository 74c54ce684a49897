//! What templates printed, as manifests and hooks: documents, their heads, the order Helm installs them in.
//!
//! Upstream: `pkg/release/v1/util/{manifest,manifest_sorter,kind_sorter}.go` of helm 4.2.3.

mod head;
mod hook;
mod order;
mod split;

pub use head::Head;
pub use hook::{Event, Hook};
pub use order::install_rank;
pub use split::split;

use source::FileId;

/// A document that is installed as it is.
#[derive(Clone, Debug)]
pub struct Manifest {
    /// The template it came from: `CHART/templates/FILE`.
    pub path: String,
    /// Its text, as the template printed it.
    pub text: Vec<u8>,
    /// Its first bytes in what the template printed.
    pub start: usize,
    /// What Helm reads of it.
    pub head: Head,
}

/// The documents of all templates, in the order Helm installs them.
#[derive(Clone, Debug, Default)]
pub struct Sorted {
    /// Everything that is no hook.
    pub manifests: Vec<Manifest>,
    /// The hooks.
    pub hooks: Vec<Hook>,
    /// Documents that were left out since one of their hook names is unknown: path and the annotation's text.
    pub skipped: Vec<(String, String)>,
}

/// Splits, reads and sorts what the templates printed. `files` come by rising path, without notes.
///
/// # Errors
/// Helm's text about the first document that is no YAML or no mapping.
pub fn sort<'a>(files: impl IntoIterator<Item = (&'a str, &'a [u8])>) -> Result<Sorted, String> {
    let mut sorted = Sorted::default();
    for (path, printed) in files {
        if path.rsplit('/').next().is_some_and(|name| name.starts_with('_')) {
            continue;
        }
        for range in split(printed) {
            let text = printed.get(range.clone()).unwrap_or_default();
            let head = head::read(FileId::new(0), text).map_err(|why| format!("YAML parse error on {path}: {why}"))?;
            let manifest = Manifest { path: path.to_owned(), text: text.to_vec(), start: range.start, head };
            match hook::of(manifest) {
                hook::Kind::Manifest(manifest) => sorted.manifests.push(manifest),
                hook::Kind::Hook(hook) => sorted.hooks.push(hook),
                hook::Kind::Unknown { path, names } => sorted.skipped.push((path, names)),
            }
        }
    }
    sorted.manifests.sort_by(|a, b| order::compare(&a.head.kind, &b.head.kind));
    sorted.hooks.sort_by(|a, b| order::compare(&a.manifest.head.kind, &b.manifest.head.kind));
    Ok(sorted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_come_in_order_and_hooks_apart() {
        let a: &[u8] = b"kind: Zebra\n---\nkind: Service\n---\nkind: Namespace\n";
        let b: &[u8] = b"kind: Pod\nmetadata:\n  annotations:\n    helm.sh/hook: test, Pre-Install\n    helm.sh/hook-weight: \"-3\"\n\
            ---\nkind: Job\nmetadata: {annotations: {helm.sh/hook: nope}}\n";
        let sorted =
            sort([("c/templates/a.yaml", a), ("c/templates/b.yaml", b), ("c/templates/_c.tpl", b"- a")]).unwrap();
        let kinds: Vec<_> = sorted.manifests.iter().map(|m| m.head.kind.as_str()).collect();
        assert_eq!(kinds, ["Namespace", "Service", "Zebra"]);
        let hook = sorted.hooks.first().unwrap();
        assert_eq!((hook.events.as_slice(), hook.weight), (&[Event::Test, Event::PreInstall][..], -3));
        assert_eq!(sorted.skipped, [("c/templates/b.yaml".to_owned(), "nope".to_owned())]);
    }

    #[test]
    fn what_is_no_mapping_is_refused_in_helms_words() {
        let error = sort([("c/templates/a.yaml", &b"- a\n"[..])]).unwrap_err();
        assert_eq!(
            error,
            "YAML parse error on c/templates/a.yaml: error unmarshaling JSON: while decoding JSON: \
             json: cannot unmarshal array into Go value of type util.SimpleHead"
        );
    }
}
