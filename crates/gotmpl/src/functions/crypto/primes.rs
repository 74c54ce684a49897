//! Primes for RSA keys. Each is the first one from a start that is drawn; for the default seed the distance from the
//! start is known for the first draws of a run, so that the usual render searches nothing.

mod known;

use std::num::NonZeroU32;

use crypto_bigint::BoxedUint;
use crypto_primes::hazmat::SmallFactorsSieve;
use crypto_primes::{Flavor, is_prime};

use crate::env::Draw;
use crate::{Budget, Failure};

/// The public exponent of all keys.
pub(super) const EXPONENT: u32 = 65_537;

/// Steps that a search takes from the budget, for primes of 1,024 bits; twice the bits are sixteen times the work, a
/// little less than which is taken.
const SEARCH_STEPS: u64 = 250_000;

/// Two primes of half the key's length each.
pub(super) fn pair(draw: &mut Draw, key_bits: u32, budget: &mut Budget) -> Result<[BoxedUint; 2], Failure> {
    let bits = key_bits / 2;
    let table: &[[u16; 2]] = match key_bits {
        2048 => &known::OFFSETS_2048,
        4096 => &known::OFFSETS_4096,
        _ => &[],
    };
    let index = usize::try_from(draw.number()).ok().filter(|_| draw.has_default_seed());
    let known = index.and_then(|index| table.get(index));
    let mut starts = [start(draw, bits)?, start(draw, bits)?];
    match known {
        Some(offsets) => {
            for (prime, offset) in starts.iter_mut().zip(offsets) {
                *prime = prime.wrapping_add(BoxedUint::from(2 * u32::from(*offset)));
            }
            Ok(starts)
        }
        None => {
            let factor = u64::from(bits / 1024);
            let [first, second] = starts;
            Ok([
                search(first, draw, bits, budget, SEARCH_STEPS * factor * factor * factor)?,
                search(second, draw, bits, budget, SEARCH_STEPS * factor * factor * factor)?,
            ])
        }
    }
}

/// An odd number whose two highest bits are set, so that the product of two has twice the bits.
fn start(draw: &mut Draw, bits: u32) -> Result<BoxedUint, Failure> {
    let mut bytes: Vec<u8> = (0..bits / 8).map(|_| draw.byte()).collect();
    if let Some(first) = bytes.first_mut() {
        *first |= 0xC0;
    }
    if let Some(last) = bytes.last_mut() {
        *last |= 1;
    }
    BoxedUint::from_be_slice(&bytes, bits).map_err(|error| Failure::error(error.to_string()))
}

/// The first prime from the start on that fits the exponent.
fn search(
    mut from: BoxedUint,
    draw: &mut Draw,
    bits: u32,
    budget: &mut Budget,
    steps: u64,
) -> Result<BoxedUint, Failure> {
    let length = NonZeroU32::new(bits).ok_or_else(|| Failure::error("crypto/rsa: too few bits"))?;
    loop {
        budget.step(steps)?;
        let candidates = SmallFactorsSieve::new(from, length, false).map_err(|error| Failure::error(error.to_string()))?;
        let mut primes = candidates.filter(|candidate| is_coprime(candidate) && is_prime(Flavor::Any, candidate));
        if let Some(prime) = primes.next() {
            return Ok(prime);
        }
        // There is none between the start and the end of the range.
        from = start(draw, bits)?;
    }
}

/// Whether the exponent has an inverse modulo the prime less one. The exponent is prime itself.
fn is_coprime(prime: &BoxedUint) -> bool {
    let rest = prime.as_words().iter().rev().fold(0_u128, |rest, word| {
        (rest << u64::BITS | u128::from(*word)) % u128::from(EXPONENT)
    });
    rest != 1
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Env, Limits};

    fn searched(number: u64, key_bits: u32) -> [BoxedUint; 2] {
        // Any other seed is searched; the first draw of its own is the same for both.
        let mut draw = Draw::new(&Env::DEFAULT_SEED, number);
        let bits = key_bits / 2;
        let starts = [start(&mut draw, bits).unwrap(), start(&mut draw, bits).unwrap()];
        starts.map(|from| search(from, &mut draw, bits, &mut Budget::new(Limits::default()), 0).unwrap())
    }

    #[test]
    fn known_distances_are_those_that_a_search_finds() {
        let last = known::OFFSETS_2048.len() as u64 - 1;
        for number in [0, 7, last] {
            let mut draw = Draw::new(&Env::DEFAULT_SEED, number);
            let found = pair(&mut draw, 2048, &mut Budget::new(Limits::default())).unwrap();
            assert_eq!(found, searched(number, 2048));
        }
        let mut draw = Draw::new(&Env::DEFAULT_SEED, 3);
        assert_eq!(pair(&mut draw, 4096, &mut Budget::new(Limits::default())).unwrap(), searched(3, 4096));
    }

    /// Prints the table again: `cargo test --release -p gotmpl -- --ignored --nocapture print_known`.
    #[test]
    #[ignore = "takes a minute; run it when draws or the default seed change"]
    fn print_known() {
        for (key_bits, count) in [(2048, 512), (4096, 64)] {
            println!("pub(super) const OFFSETS_{key_bits}: [[u16; 2]; {count}] = [");
            for number in 0..count {
                let mut draw = Draw::new(&Env::DEFAULT_SEED, number);
                let starts = [start(&mut draw, key_bits / 2).unwrap(), start(&mut draw, key_bits / 2).unwrap()];
                let primes = searched(number, key_bits);
                let mut offsets = primes.iter().zip(&starts).map(|(prime, start)| {
                    let distance = prime.wrapping_sub(start).as_words().first().copied().unwrap();
                    u16::try_from(distance / 2).unwrap()
                });
                println!("    [{}, {}],", offsets.next().unwrap(), offsets.next().unwrap());
            }
            println!("];");
        }
    }
}
