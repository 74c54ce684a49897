//! What the templates printed, document by document, each a text that knows which line of which template and which value
//! it came from.

use helm::{Manifest, Rendered};
use source::{FileId, Piece, Sources, Span, SpanMap};

/// One document.
#[derive(Clone, Debug)]
pub(crate) struct Document {
    pub(crate) id: FileId,
    /// The template: `CHART/templates/FILE`.
    pub(crate) path: String,
    pub(crate) is_hook: bool,
}

/// The documents by template, then in the order of the template.
pub(crate) fn of(rendered: &Rendered, sources: &Sources, title: &str) -> Vec<Document> {
    let manifests = rendered.sorted.manifests.iter().map(|manifest| (manifest, false));
    let hooks = rendered.sorted.hooks.iter().map(|hook| (&hook.manifest, true));
    let mut all: Vec<(&Manifest, bool)> = manifests.chain(hooks).collect();
    all.sort_by(|(a, _), (b, _)| (&a.path, a.start).cmp(&(&b.path, b.start)));
    let document = |(manifest, is_hook): (&Manifest, bool)| {
        let id = register(rendered, manifest, sources, title);
        Document { id, path: manifest.path.clone(), is_hook }
    };
    all.into_iter().map(document).collect()
}

/// Registers one document. `title` says for whom it was rendered.
pub(crate) fn register(rendered: &Rendered, manifest: &Manifest, sources: &Sources, title: &str) -> FileId {
    let printed = rendered.files.iter().find(|(path, _)| *path == manifest.path).and_then(|(_, text)| text.map());
    let map = printed.map(|map| cut(map, manifest.start, manifest.text.len())).unwrap_or_default();
    let text = String::from_utf8_lossy(&manifest.text).into_owned();
    sources.add_virtual(format!("{}, rendered for {title}", manifest.path), text, map)
}

/// The part of a map that covers `length` bytes from `start`, counted from there.
fn cut(map: &SpanMap, start: usize, length: usize) -> SpanMap {
    let end = start + length;
    let mut part = SpanMap::default();
    for piece in map.overlapping(start, end) {
        let (from, to) = (piece.start.max(start), piece.end.min(end));
        // Where the piece is the template's own text, its place is cut as well.
        let (before, after) = (from - piece.start, piece.end - to);
        let origin = piece.origin;
        let is_copy = piece.value.is_none() && origin.end() - origin.start() == piece.end - piece.start;
        let origin = match origin.file() {
            Some(file) if is_copy => Span::new(file, origin.start() + before, origin.end() - after),
            _ => origin,
        };
        part.push(Piece { start: from - start, end: to - start, origin, ..piece.clone() });
    }
    part
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_keeps_the_places_of_its_part() {
        let file = FileId::new(3);
        let mut map = SpanMap::default();
        map.push(Piece { start: 0, end: 10, origin: Span::new(file, 100, 110), value: None, secret: false });
        let value = Some(Span::new(file, 5, 6));
        map.push(Piece { start: 10, end: 14, origin: Span::new(file, 110, 130), value, secret: false });
        let part = cut(&map, 4, 8);
        let pieces: Vec<_> = part.pieces().iter().map(|p| (p.start, p.end, p.origin.start(), p.origin.end())).collect();
        assert_eq!(pieces, [(0, 6, 104, 110), (6, 8, 110, 130)]);
    }
}
