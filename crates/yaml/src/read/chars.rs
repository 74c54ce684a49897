//! What the bytes of a text mean to YAML 1.1: blanks, line breaks, names; and which characters may be there at all.

/// The byte at `at`, or NUL past the end: NUL is refused in texts, so it can stand for the end.
#[inline]
pub(crate) fn byte(bytes: &[u8], at: usize) -> u8 {
    bytes.get(at).copied().unwrap_or(0)
}

/// Length of the line break at `at`, 0 if there is none. YAML 1.1 also breaks at NEL, LS and PS.
#[inline]
pub(crate) fn break_length(bytes: &[u8], at: usize) -> usize {
    match byte(bytes, at) {
        b'\n' => 1,
        b'\r' => 1 + usize::from(byte(bytes, at + 1) == b'\n'),
        0xC2 if byte(bytes, at + 1) == 0x85 => 2,
        0xE2 if byte(bytes, at + 1) == 0x80 && matches!(byte(bytes, at + 2), 0xA8 | 0xA9) => 3,
        _ => 0,
    }
}

/// Space or tab.
#[inline]
pub(crate) fn is_blank(b: u8) -> bool {
    b == b' ' || b == b'\t'
}

/// Line break or end of the text.
#[inline]
pub(crate) fn is_break_or_end(bytes: &[u8], at: usize) -> bool {
    byte(bytes, at) == 0 || break_length(bytes, at) > 0
}

/// Blank, line break or end of the text.
#[inline]
pub(crate) fn is_space_or_end(bytes: &[u8], at: usize) -> bool {
    let b = byte(bytes, at);
    is_blank(b) || b == 0 || break_length(bytes, at) > 0
}

/// What a byte can be to the loops that run over long texts: they step over all others without a closer look.
#[derive(Clone, Copy)]
pub(crate) struct Stops([bool; 256]);

impl Stops {
    const fn new(bytes: &[u8]) -> Self {
        let mut stops = [false; 256];
        let mut left = bytes;
        while let [first, rest @ ..] = left {
            // The index is a byte and the table has an entry for each.
            #[expect(clippy::indexing_slicing, reason = "256 entries, indexed by a byte")]
            {
                stops[*first as usize] = true;
            }
            left = rest;
        }
        Self(stops)
    }

    /// The first position from `at` on whose byte stops.
    #[inline]
    pub(crate) fn find(&self, bytes: &[u8], at: usize) -> usize {
        let rest = bytes.get(at..).unwrap_or_default();
        let stops = |byte: &u8| self.0.get(usize::from(*byte)).copied().unwrap_or(true);
        rest.iter().position(stops).map_or(bytes.len(), |ahead| at + ahead)
    }
}

/// May end a line.
pub(crate) const LINE: Stops = Stops::new(b"\0\n\r\xC2\xE2");
/// May end a word of a plain scalar, or the scalar.
pub(crate) const PLAIN: Stops = Stops::new(b"\0\n\r\xC2\xE2 \t:,?[]{}");
/// May end a word of a quoted scalar, or mean something in it.
pub(crate) const QUOTED: Stops = Stops::new(b"\0\n\r\xC2\xE2 \t'\"\\");

/// A byte that may stand in anchors and tag handles.
#[inline]
pub(crate) fn is_word(b: u8) -> bool {
    b.is_ascii_alphanumeric() || b == b'_' || b == b'-'
}

/// Bytes at the start that are plain ASCII for sure, in stretches that the processor looks at as a whole.
fn harmless(bytes: &[u8]) -> usize {
    const STRETCH: usize = 32;
    let plain = |byte: &u8| (0x20..0x7F).contains(byte) | (*byte == b'\n');
    let stretches = bytes.chunks_exact(STRETCH);
    stretches.take_while(|stretch| stretch.iter().fold(true, |all, byte| all & plain(byte))).count() * STRETCH
}

/// The first character that YAML does not allow: C0 and C1 controls except tab, breaks and NEL; DEL; U+FFFE and U+FFFF.
/// Gives its position and its length.
pub(crate) fn forbidden(text: &str) -> Option<(usize, usize)> {
    let bytes = text.as_bytes();
    let suspicious = |b: u8| matches!(b, 0..=0x08 | 0x0B | 0x0C | 0x0E..=0x1F | 0x7F | 0xC2 | 0xEF);
    let mut at = 0;
    loop {
        at += harmless(bytes.get(at..)?);
        at += bytes.get(at..)?.iter().position(|b| suspicious(*b))?;
        let (second, third) = (byte(bytes, at + 1), byte(bytes, at + 2));
        match byte(bytes, at) {
            0xC2 if second >= 0xA0 || second == 0x85 => at += 2,
            0xC2 => return Some((at, 2)),
            0xEF if second == 0xBF && third >= 0xBE => return Some((at, 3)),
            0xEF => at += 3,
            _ => return Some((at, 1)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forbidden_characters() {
        assert_eq!(forbidden("a\tb\r\n\u{85}\u{a0}\u{feff}é🙂"), None);
        assert_eq!(forbidden("ab\0"), Some((2, 1)));
        assert_eq!(forbidden("é\u{80}"), Some((2, 2)));
        assert_eq!(forbidden("\u{7f}"), Some((0, 1)));
        assert_eq!(forbidden("x\u{ffff}"), Some((1, 3)));
    }
}
