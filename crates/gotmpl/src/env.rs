//! What templates ask of the world outside: time, randomness. Explicit and seeded, so that a render gives the same
//! bytes on every run.

/// The world as templates see it.
#[derive(Clone, Debug)]
pub struct Env {
    /// Seeds everything random: strings, keys, certificates, salts, UUIDs, shuffles.
    pub seed: [u8; 32],
    /// What `now` gives: nanoseconds since 1970-01-01T00:00:00Z.
    pub now: i128,
}

impl Default for Env {
    /// The same world in every run: 2000-01-01T00:00:00Z and a constant seed.
    fn default() -> Self {
        Self { seed: *b"headwater renders are repeatable", now: 946_684_800_000_000_000 }
    }
}
