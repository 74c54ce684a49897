//! Manifests and hooks as the bytes that `helm template` prints.

use std::sync::Arc;

use crate::manifest::{Hook, Manifest, split};
use crate::path_match::path_match;

/// A file of a chart's `crds/`, which Helm prints untouched.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Crd {
    /// `CHART/crds/FILE`.
    pub path: String,
    /// Its content.
    pub text: Arc<[u8]>,
}

/// Everything as one stream: definitions, manifests, hooks.
pub fn stream<'a>(crds: &[Crd], manifests: &[Manifest], hooks: impl IntoIterator<Item = &'a Hook>) -> Vec<u8> {
    let sizes = manifests.iter().map(|manifest| manifest.text.len() + manifest.path.len() + HEAD.len() + 2);
    let mut text = Vec::with_capacity(sizes.sum());
    crds.iter().for_each(|crd| document(&mut text, &crd.path, &crd.text));
    manifests.iter().for_each(|manifest| document(&mut text, &manifest.path, &manifest.text));
    let mut text = trim(text);
    text.push(b'\n');
    hooks.into_iter().for_each(|hook| document(&mut text, &hook.manifest.path, &hook.manifest.text));
    text
}

/// The documents of a stream whose source matches one of the patterns, in the order of the patterns.
///
/// # Errors
/// Helm's text when a pattern matches nothing.
pub fn show_only(stream: &[u8], patterns: &[String]) -> Result<Vec<u8>, String> {
    let documents: Vec<_> = split(stream).into_iter().filter_map(|range| stream.get(range)).collect();
    let mut text = Vec::new();
    for pattern in patterns {
        let matches = |document: &&&[u8]| source(document).is_some_and(|path| path_match(pattern, &path) == Ok(true));
        let mut found = documents.iter().filter(matches).peekable();
        if found.peek().is_none() {
            return Err(format!("could not find template {pattern} in chart"));
        }
        for document in found {
            text.extend_from_slice(b"---\n");
            text.extend_from_slice(document);
            text.push(b'\n');
        }
    }
    Ok(text)
}

/// What stands before the path of each document.
const HEAD: &[u8] = b"---\n# Source: ";

pub(crate) fn document(text: &mut Vec<u8>, path: &str, content: &[u8]) {
    text.extend_from_slice(HEAD);
    text.extend_from_slice(path.as_bytes());
    text.push(b'\n');
    text.extend_from_slice(content);
    text.push(b'\n');
}

/// What stands behind the chart's name in the first comment that names a source, wherever in the document it is.
fn source(document: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(document);
    text.lines().find_map(|line| {
        let (_, path) = line.split_once("# Source: ")?;
        let (chart, rest) = path.split_once('/')?;
        (!chart.is_empty() && !rest.is_empty()).then(|| rest.to_owned())
    })
}

/// Without Unicode's blanks at both ends, as Go's `strings.TrimSpace`.
fn trim(mut text: Vec<u8>) -> Vec<u8> {
    text.truncate(text.trim_ascii_end().len());
    if text.last().is_some_and(|last| !last.is_ascii() || *last == 0x0b) {
        let rest = String::from_utf8_lossy(&text);
        let blank: usize = rest.chars().rev().take_while(|c| c.is_whitespace()).map(char::len_utf8).sum();
        text.truncate(text.len() - blank);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::manifest::sort;

    #[test]
    fn streams_are_printed_as_helm_prints_them() {
        let file: &[u8] = b"kind: A\nmetadata: {annotations: {helm.sh/hook: test}}\n---\nkind: B\n\n";
        let sorted = sort([("c/templates/a.yaml", file)]).unwrap();
        let crd = Crd { path: "c/crds/x.yaml".to_owned(), text: b"x\n".as_slice().into() };
        let text = stream(&[crd], &sorted.manifests, &sorted.hooks);
        assert_eq!(
            String::from_utf8_lossy(&text),
            "---\n# Source: c/crds/x.yaml\nx\n\n---\n# Source: c/templates/a.yaml\nkind: B\n\
             ---\n# Source: c/templates/a.yaml\nkind: A\nmetadata: {annotations: {helm.sh/hook: test}}\n"
        );
        let shown = show_only(&text, &["crds/*".to_owned()]).unwrap();
        assert_eq!(shown, b"---\n# Source: c/crds/x.yaml\nx\n");
        assert_eq!(show_only(&text, &["nope".to_owned()]).unwrap_err(), "could not find template nope in chart");
    }
}
