//! From text that was made from other text, back to what it was made from.

use crate::Span;

/// One stretch of a virtual text and the spans it came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// First byte in the virtual text.
    pub start: usize,
    /// One past the last byte in the virtual text.
    pub end: usize,
    /// Where the text itself comes from: the template, or the value as it stood before substitution.
    pub origin: Span,
    /// Where an inserted value comes from (the variable, the Helm value), when the stretch was inserted.
    pub value: Option<Span>,
    /// Whether the inserted value must not be shown, as that of a Secret.
    pub secret: bool,
}

/// The pieces of one virtual text, by rising `start`, without overlap. Stretches between pieces come from nowhere.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SpanMap {
    pieces: Vec<Piece>,
}

impl SpanMap {
    /// Appends a piece. Pieces must come in order; a piece that starts before the end of the last one is cut to fit.
    pub fn push(&mut self, mut piece: Piece) {
        if let Some(last) = self.pieces.last() {
            piece.start = piece.start.max(last.end);
        }
        if piece.end > piece.start {
            self.pieces.push(piece);
        }
    }

    /// The pieces that overlap `start..end`, in order. An empty range finds the piece that contains it.
    pub fn overlapping(&self, start: usize, end: usize) -> &[Piece] {
        let end = end.max(start + 1);
        let from = self.pieces.partition_point(|p| p.end <= start);
        let to = self.pieces.partition_point(|p| p.start < end);
        self.pieces.get(from..to).unwrap_or_default()
    }

    /// All pieces, in order.
    pub fn pieces(&self) -> &[Piece] {
        &self.pieces
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_overlaps() {
        let mut map = SpanMap::default();
        for (start, end) in [(0, 4), (6, 9), (9, 12)] {
            map.push(Piece { start, end, origin: Span::DETACHED, value: None, secret: false });
        }
        let found = |a, b| map.overlapping(a, b).iter().map(|p| p.start).collect::<Vec<_>>();
        assert_eq!(found(0, 1), [0]);
        assert_eq!(found(4, 6), [] as [usize; 0]);
        assert_eq!(found(3, 10), [0, 6, 9]);
        assert_eq!(found(9, 9), [9]);
    }
}
