//! Bytes that look random and follow from the seed and the number of the draw alone: SHA-256 over both and a counter.
//! Nothing drawn here is a secret.

use sha2::{Digest, Sha256};

use crate::Call;

/// One draw: as many bytes as its taker wants, the same for the same seed and number.
pub(crate) struct Draw {
    /// What all blocks of the draw begin with.
    state: Sha256,
    number: u64,
    block: u64,
    /// What is left of the last block, from its end.
    ready: Vec<u8>,
    has_default_seed: bool,
}

impl Draw {
    /// The draw of that number.
    pub(crate) fn new(seed: &[u8; 32], number: u64) -> Self {
        let state = Sha256::new().chain_update(seed).chain_update(number.to_be_bytes());
        let has_default_seed = *seed == crate::Env::DEFAULT_SEED;
        Self { state, number, block: 0, ready: Vec::new(), has_default_seed }
    }

    /// Its number within the run.
    pub(crate) fn number(&self) -> u64 {
        self.number
    }

    /// Whether it comes from the seed that everybody has who gives none.
    pub(crate) fn has_default_seed(&self) -> bool {
        self.has_default_seed
    }

    /// The next byte.
    pub(crate) fn byte(&mut self) -> u8 {
        if let Some(byte) = self.ready.pop() {
            return byte;
        }
        let block = self.state.clone().chain_update(self.block.to_be_bytes()).finalize();
        self.block += 1;
        self.ready.extend(block.iter().rev());
        self.ready.pop().unwrap_or_default()
    }

    /// The next `N` bytes.
    pub(crate) fn bytes<const N: usize>(&mut self) -> [u8; N] {
        std::array::from_fn(|_| self.byte())
    }

    /// A number below `bound`, all equally likely; zero for a bound of zero.
    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        // The largest multiple of the bound; numbers from there on would favour small rests.
        let end = u64::MAX - u64::MAX.checked_rem(bound).unwrap_or_default();
        loop {
            let number = u64::from_be_bytes(self.bytes());
            if number < end {
                return number.checked_rem(bound).unwrap_or_default();
            }
        }
    }

    /// One of the items.
    pub(crate) fn pick<'a, T>(&mut self, items: &'a [T]) -> Option<&'a T> {
        items.get(self.below(items.len() as u64) as usize)
    }
}

impl Call<'_> {
    /// The next draw of the run.
    pub(crate) fn draw(&mut self) -> Draw {
        let draw = Draw::new(&self.env.seed, *self.draws);
        *self.draws += 1;
        draw
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_draw_follows_from_seed_and_number() {
        let seed = [7; 32];
        let first: [u8; 40] = Draw::new(&seed, 1).bytes();
        assert_eq!(first, Draw::new(&seed, 1).bytes());
        assert_ne!(first, Draw::new(&seed, 2).bytes());
        assert_ne!(first, Draw::new(&[8; 32], 1).bytes());
    }

    #[test]
    fn numbers_stay_below_their_bound() {
        let mut draw = Draw::new(&[0; 32], 0);
        let numbers: Vec<u64> = (0..200).map(|_| draw.below(5)).collect();
        assert!((0..5).all(|number| numbers.contains(&number)));
        assert!(numbers.iter().all(|number| *number < 5));
    }
}
