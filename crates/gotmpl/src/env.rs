//! What templates ask of the world outside: time, randomness. Explicit and seeded, so that a render gives the same
//! bytes on every run.

mod draw;

pub(crate) use draw::Draw;

/// The world as templates see it.
#[derive(Clone, Debug)]
pub struct Env {
    /// Seeds everything random: strings, keys, certificates, salts, UUIDs, shuffles.
    ///
    /// Whoever knows the seed knows all of them, and the default is in this file: **what a render draws is no secret**.
    pub seed: [u8; 32],
    /// What `now` gives: nanoseconds since 1970-01-01T00:00:00Z.
    pub now: i128,
}

impl Env {
    /// The seed of [`Env::default`].
    pub(crate) const DEFAULT_SEED: [u8; 32] = *b"headwater renders are repeatable";
}

impl Default for Env {
    /// The same world in every run: 2000-01-01T00:00:00Z and a constant seed.
    fn default() -> Self {
        Self { seed: Self::DEFAULT_SEED, now: 946_684_800_000_000_000 }
    }
}
