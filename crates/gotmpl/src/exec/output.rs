//! What templates print, with the places it came from where that is traced.

use source::{Piece, Span, SpanMap};

use crate::value::Text;

/// What Go prints for a missing key, and Helm takes out again.
pub(crate) const NO_VALUE: &[u8] = b"<no value>";

/// Text that grows.
#[derive(Debug, Default)]
pub(crate) struct Output {
    pub(crate) bytes: Vec<u8>,
    map: SpanMap,
    traced: bool,
}

impl Output {
    pub(crate) fn new(traced: bool) -> Self {
        Self { traced, ..Self::default() }
    }

    /// Appends what stands in a template or what an action prints: `origin` is the place there, `value` that of the value.
    pub(crate) fn inserted(&mut self, origin: Span, value: Span, print: impl FnOnce(&mut Vec<u8>)) {
        let start = self.bytes.len();
        print(&mut self.bytes);
        if self.traced {
            let value = (!value.is_detached()).then_some(value);
            self.map.push(Piece { start, end: self.bytes.len(), origin, value, secret: false });
        }
    }

    /// Appends a text that knows where its parts come from.
    pub(crate) fn text(&mut self, text: &Text, origin: Span, value: Span) {
        let Some(map) = text.map().filter(|_| self.traced) else {
            return self.inserted(origin, value, |bytes| bytes.extend_from_slice(text));
        };
        let base = self.bytes.len();
        self.bytes.extend_from_slice(text);
        let fallback = (!value.is_detached()).then_some(value);
        let mut done = 0;
        for piece in map.pieces() {
            // What no piece covers was made by the action itself.
            let gap = Piece { start: base + done, end: base + piece.start, origin, value: fallback, secret: false };
            self.map.push(gap);
            let origin = piece.origin.or(origin);
            let value = piece.value.or(if piece.origin.is_detached() { fallback } else { None });
            self.map.push(Piece { start: base + piece.start, end: base + piece.end, origin, value, ..*piece });
            done = piece.end;
        }
        let end = self.bytes.len();
        self.map.push(Piece { start: base + done, end, origin, value: fallback, secret: false });
    }

    /// The text, with its map.
    pub(crate) fn into_text(self) -> Text {
        if self.traced { Text::traced(self.bytes, self.map) } else { Text::from(self.bytes) }
    }
}

/// The text without [`NO_VALUE`]; places move along.
pub(crate) fn without_no_value(text: &Text) -> Text {
    let mut finds = memchr::memmem::find_iter(text, NO_VALUE).peekable();
    if finds.peek().is_none() {
        return text.clone();
    }
    let cuts: Vec<usize> = finds.collect();
    let mut bytes = Vec::with_capacity(text.len());
    let mut from = 0;
    for cut in &cuts {
        bytes.extend_from_slice(text.get(from..*cut).unwrap_or_default());
        from = cut + NO_VALUE.len();
    }
    bytes.extend_from_slice(text.get(from..).unwrap_or_default());
    let Some(map) = text.map() else { return Text::from(bytes) };
    let moved = |at: usize| {
        let before = cuts.partition_point(|cut| *cut < at);
        let inside = cuts.get(before.wrapping_sub(1)).map_or(0, |cut| (cut + NO_VALUE.len()).saturating_sub(at));
        (at + inside).saturating_sub(before * NO_VALUE.len())
    };
    let mut shifted = SpanMap::default();
    for piece in map.pieces() {
        shifted.push(Piece { start: moved(piece.start), end: moved(piece.end), ..*piece });
    }
    Text::traced(bytes, shifted)
}

#[cfg(test)]
mod tests {
    use source::FileId;

    use super::*;

    #[test]
    fn missing_values_leave_and_places_follow() {
        let mut output = Output::new(true);
        let span = |start, end| Span::new(FileId::new(3), start, end);
        output.inserted(span(0, 3), Span::DETACHED, |bytes| bytes.extend_from_slice(b"a: "));
        output.inserted(span(3, 10), Span::DETACHED, |bytes| bytes.extend_from_slice(NO_VALUE));
        output.inserted(span(10, 15), Span::DETACHED, |bytes| bytes.extend_from_slice(b"\nb: 1"));
        let text = without_no_value(&output.into_text());
        assert_eq!(&*text, b"a: \nb: 1");
        let pieces: Vec<_> = text.map().unwrap().pieces().iter().map(|p| (p.start, p.end, p.origin.start())).collect();
        assert_eq!(pieces, [(0, 3, 0), (3, 8, 10)]);
    }
}
