//! Half the distance from start to prime of the keys of the default seed, by number of the draw.

pub(super) const OFFSETS_2048: [[u16; 2]; 0] = [];
pub(super) const OFFSETS_4096: [[u16; 2]; 0] = [];
