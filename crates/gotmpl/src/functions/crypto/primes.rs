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

/// Steps that the search for a prime of 1,024 bits takes from the budget; it takes some forty milliseconds. Twice the bits
/// are eight times the work, and count four times.
const SEARCH_STEPS: u64 = 1_000_000;

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
            let steps = SEARCH_STEPS * u64::from(bits / 1024).pow(2);
            let [first, second] = starts;
            Ok([search(first, draw, bits, budget, steps)?, search(second, draw, bits, budget, steps)?])
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
        let candidates =
            SmallFactorsSieve::new(from, length, false).map_err(|error| Failure::error(error.to_string()))?;
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
    let rest = prime
        .as_words()
        .iter()
        .rev()
        .fold(0_u128, |rest, word| (rest << u64::BITS | u128::from(*word)) % u128::from(EXPONENT));
    rest != 1
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Env, Limits};

    fn searched(number: u64, key_bits: u32) -> [BoxedUint; 2] {
        let mut draw = Draw::new(&Env::DEFAULT_SEED, number);
        let bits = key_bits / 2;
        let starts = [start(&mut draw, bits).unwrap(), start(&mut draw, bits).unwrap()];
        starts.map(|from| search(from, &mut draw, bits, &mut Budget::new(Limits::default()), 0).unwrap())
    }

    /// The distances as the table holds them, searched.
    fn distances(number: u64, key_bits: u32) -> [u16; 2] {
        let mut draw = Draw::new(&Env::DEFAULT_SEED, number);
        let [first, second] = [start(&mut draw, key_bits / 2).unwrap(), start(&mut draw, key_bits / 2).unwrap()];
        let [first_prime, second_prime] = searched(number, key_bits);
        [(first_prime, first), (second_prime, second)].map(|(prime, start)| {
            let distance = prime.wrapping_sub(start).as_words().first().copied().unwrap();
            u16::try_from(distance / 2).unwrap()
        })
    }

    #[test]
    fn known_distances_are_those_that_a_search_finds() {
        let tables: [(u32, &[[u16; 2]], u64); 2] =
            [(2048, &known::OFFSETS_2048, 512), (4096, &known::OFFSETS_4096, 64)];
        for (key_bits, table, length) in tables {
            // An empty table is printed anew, for when draws or the default seed have changed.
            if table.is_empty() {
                let rows = (0..length).map(|number| format!("{:?},", distances(number, key_bits)));
                panic!("{key_bits} bits: {}", rows.collect::<String>());
            }
            for number in [0, length - 1] {
                let found = table.get(usize::try_from(number).unwrap());
                assert_eq!(found, Some(&distances(number, key_bits)), "{key_bits} bits, draw {number}");
            }
        }
    }

    #[test]
    fn primes_of_the_table_are_primes() {
        let mut draw = Draw::new(&Env::DEFAULT_SEED, 7);
        let found = pair(&mut draw, 2048, &mut Budget::new(Limits::default())).unwrap();
        assert_eq!(found, searched(7, 2048));
    }
}
