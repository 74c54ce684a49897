//! A text made from another one by leaving out and putting in, with the places of what was kept moved along. Without
//! traced places this is nothing but copying.

use source::{Piece, Span, SpanMap};

use crate::Text;

/// A stretch that was kept.
#[derive(Clone, Copy, Debug)]
struct Kept {
    old: usize,
    new: usize,
    length: usize,
}

/// An edit from the start of a text to its end.
pub(super) struct Edit<'a> {
    text: &'a Text,
    map: Option<&'a SpanMap>,
    at: usize,
    out: Vec<u8>,
    kept: Vec<Kept>,
}

impl<'a> Edit<'a> {
    /// The edit of a text whose result is about as long as `capacity`.
    pub(super) fn new(text: &'a Text, capacity: usize, traced: bool) -> Self {
        let map = if traced { text.map() } else { None };
        Self { text, map, at: 0, out: Vec::with_capacity(capacity), kept: Vec::new() }
    }

    /// Keeps everything up to a byte of the old text.
    pub(super) fn keep_to(&mut self, end: usize) {
        let bytes = self.text.get(self.at..end).unwrap_or_default();
        if self.map.is_some() && !bytes.is_empty() {
            self.kept.push(Kept { old: self.at, new: self.out.len(), length: bytes.len() });
        }
        self.out.extend_from_slice(bytes);
        self.at = end;
    }

    /// Leaves out bytes of the old text.
    pub(super) fn skip(&mut self, count: usize) {
        self.at += count;
    }

    /// Puts in bytes.
    pub(super) fn insert(&mut self, bytes: &[u8]) {
        self.out.extend_from_slice(bytes);
    }

    /// Keeps the rest.
    pub(super) fn finish(mut self) -> Text {
        self.keep_to(self.text.len());
        self.finish_here()
    }

    /// Leaves out the rest.
    pub(super) fn finish_here(self) -> Text {
        match self.map {
            Some(map) => Text::traced(self.out, moved(map, &self.kept)),
            None => Text::from(self.out),
        }
    }
}

/// The pieces over what was kept. A copy of a template's text that was kept in several stretches becomes a piece for each,
/// with the part of the template that it is; any other piece also covers what was put in between.
fn moved(map: &SpanMap, kept: &[Kept]) -> SpanMap {
    let mut result = SpanMap::default();
    let mut from = 0;
    for piece in map.pieces() {
        let rest = kept.get(from..).unwrap_or_default();
        from += rest.partition_point(|stretch| stretch.old + stretch.length <= piece.start);
        let inside = kept.get(from..).unwrap_or_default();
        let inside = inside.get(..inside.partition_point(|stretch| stretch.old < piece.end)).unwrap_or_default();
        let origin = piece.origin;
        let is_copy = piece.value.is_none() && origin.end() - origin.start() == piece.end - piece.start;
        if let Some(file) = origin.file().filter(|_| is_copy && inside.len() > 1) {
            for stretch in inside {
                let (start, end) = (stretch.old.max(piece.start), (stretch.old + stretch.length).min(piece.end));
                let there = |at: usize| origin.start() + (at - piece.start);
                let origin = Span::new(file, there(start), there(end));
                let here = |at: usize| stretch.new + (at - stretch.old);
                result.push(Piece { start: here(start), end: here(end), origin, ..*piece });
            }
        } else if let [first, ..] = inside
            && let [.., last] = inside
        {
            let start = first.new + piece.start.saturating_sub(first.old);
            let end = last.new + (piece.end - last.old).min(last.length);
            result.push(Piece { start, end, ..*piece });
        }
    }
    result
}

/// Texts one after the other, each with its places: those of its bytes, or that of the whole.
#[derive(Debug, Default)]
pub(super) struct Chain {
    out: Vec<u8>,
    map: SpanMap,
    traced: bool,
}

impl Chain {
    /// A chain that will be as long as `length`.
    pub(super) fn new(length: usize, traced: bool) -> Self {
        Self { out: Vec::with_capacity(length), map: SpanMap::default(), traced }
    }

    /// Appends bytes that come from nowhere.
    pub(super) fn push(&mut self, bytes: &[u8]) {
        self.out.extend_from_slice(bytes);
    }

    /// Appends a text.
    pub(super) fn push_text(&mut self, text: &Text, span: Span) {
        let base = self.out.len();
        self.out.extend_from_slice(text);
        if !self.traced {
            return;
        }
        match text.map() {
            Some(map) => {
                for piece in map.pieces() {
                    self.map.push(Piece { start: base + piece.start, end: base + piece.end, ..*piece });
                }
            }
            None if !span.is_detached() => {
                let end = self.out.len();
                self.map.push(Piece { start: base, end, origin: Span::DETACHED, value: Some(span), secret: false });
            }
            None => {}
        }
    }

    /// The whole.
    pub(super) fn finish(self) -> Text {
        if self.traced { Text::traced(self.out, self.map) } else { Text::from(self.out) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_move_with_their_bytes() {
        let mut map = SpanMap::default();
        for (start, end) in [(0, 3), (3, 5), (5, 9)] {
            map.push(Piece { start, end, origin: Span::DETACHED, value: None, secret: false });
        }
        let text = Text::traced(b"a\nbcde\nfg".as_slice(), map);
        let mut edit = Edit::new(&text, 16, true);
        edit.insert(b"  ");
        edit.keep_to(2);
        edit.insert(b"  ");
        edit.skip(3);
        let made = edit.finish();
        assert_eq!(made.as_bytes(), b"  a\n  e\nfg");
        let places: Vec<_> = made.map().unwrap().pieces().iter().map(|piece| (piece.start, piece.end)).collect();
        assert_eq!(places, [(2, 4), (6, 10)]);
    }

    #[test]
    fn lines_of_a_template_keep_their_places() {
        let file = source::FileId::new(1);
        let mut map = SpanMap::default();
        map.push(Piece { start: 0, end: 5, origin: Span::new(file, 40, 45), value: None, secret: false });
        let text = Text::traced(b"a:\nb:".as_slice(), map);
        let mut edit = Edit::new(&text, 16, true);
        edit.insert(b"  ");
        edit.keep_to(3);
        edit.insert(b"  ");
        let made = edit.finish();
        assert_eq!(made.as_bytes(), b"  a:\n  b:");
        let pieces = made.map().unwrap().pieces();
        let places: Vec<_> = pieces.iter().map(|p| (p.start, p.end, p.origin.start(), p.origin.end())).collect();
        assert_eq!(places, [(2, 5, 40, 43), (7, 9, 43, 45)]);
    }
}
