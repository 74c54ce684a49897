//! The whole binary, as users call it. Few and whole: behaviour is tested in the crate that owns it.

#![expect(clippy::unwrap_used, reason = "every function here is part of a test")]

mod cli;
mod readme;
