//! Eight bytes that say where a value was written.

use std::fmt;

/// A text registered in [`crate::Sources`]. Ids are handed out in order of registration and mean nothing across runs.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct FileId(u32);

impl FileId {
    /// Number of texts that one process can register; `Sources` hands out a detached id beyond it.
    pub const MAX: u32 = (1 << 20) - 1;

    /// The id with the given number; 0 is reserved for "no file".
    pub const fn new(raw: u32) -> Self {
        Self(raw)
    }

    /// The number of this id.
    pub const fn raw(self) -> u32 {
        self.0
    }
}

/// A byte range of one registered text: 20 bits of file, 24 bits of start, 20 bits of length.
///
/// A range that does not fit is clamped, never wrapped: a start past 16 MiB loses its position but keeps its file, a
/// length over 1 MiB is cut. `Span::DETACHED` means that no text put the value there (a built-in default).
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span(u64);

const START_BITS: u32 = 24;
const LENGTH_BITS: u32 = 20;
const START_MAX: u64 = (1 << START_BITS) - 1;
const LENGTH_MAX: u64 = (1 << LENGTH_BITS) - 1;

impl Default for Span {
    fn default() -> Self {
        Span::DETACHED
    }
}

impl Span {
    /// No text put the value there.
    pub const DETACHED: Span = Span(0);

    /// The bytes `start..end` of `file`.
    pub fn new(file: FileId, start: usize, end: usize) -> Self {
        let file = u64::from(file.raw().min(FileId::MAX));
        let length = (end.saturating_sub(start) as u64).min(LENGTH_MAX);
        let start = (start as u64).min(START_MAX);
        Span(file << (START_BITS + LENGTH_BITS) | start << LENGTH_BITS | length)
    }

    /// Whether no text put the value there.
    pub const fn is_detached(self) -> bool {
        self.0 >> (START_BITS + LENGTH_BITS) == 0
    }

    /// The text, unless detached.
    pub fn file(self) -> Option<FileId> {
        let raw = (self.0 >> (START_BITS + LENGTH_BITS)) as u32;
        (raw != 0).then_some(FileId::new(raw))
    }

    /// First byte.
    pub const fn start(self) -> usize {
        (self.0 >> LENGTH_BITS & START_MAX) as usize
    }

    /// One past the last byte.
    pub const fn end(self) -> usize {
        self.start() + (self.0 & LENGTH_MAX) as usize
    }

    /// Whether the range is empty.
    pub const fn is_empty(self) -> bool {
        self.0 & LENGTH_MAX == 0
    }

    /// From the start of `self` to the end of `other`; `self` when they are in different texts.
    #[must_use]
    pub fn to(self, other: Span) -> Span {
        match self.file() {
            Some(file) if other.file() == Some(file) && other.end() >= self.start() => {
                Span::new(file, self.start(), other.end())
            }
            _ => self,
        }
    }

    /// `self`, or `other` where `self` is detached.
    #[must_use]
    pub const fn or(self, other: Span) -> Span {
        if self.is_detached() { other } else { self }
    }
}

impl fmt::Debug for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.file() {
            None => write!(f, "detached"),
            Some(file) => write!(f, "{}:{}..{}", file.raw(), self.start(), self.end()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn eight_bytes() {
        assert_eq!(size_of::<Span>(), 8);
    }

    #[test]
    fn round_trips_and_clamps() {
        let s = Span::new(FileId::new(7), 12, 40);
        assert_eq!((s.file(), s.start(), s.end()), (Some(FileId::new(7)), 12, 40));
        let far = Span::new(FileId::new(1), 1 << 30, (1 << 30) + 4);
        assert_eq!(far.file(), Some(FileId::new(1)));
        assert!(Span::DETACHED.is_detached());
        assert_eq!(s.to(Span::new(FileId::new(7), 50, 60)).end(), 60);
        assert_eq!(s.to(Span::new(FileId::new(8), 50, 60)), s);
    }
}
