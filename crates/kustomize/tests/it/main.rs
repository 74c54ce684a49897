//! The engine against what the real tool printed: the large corpus, small trees that show one thing each, and the example
//! platform.
//!
//! `cargo xtask baseline --peer KUBECTL` prints the expectations; `tests/PEER` says which version did.

#![expect(clippy::disallowed_methods, clippy::expect_used, reason = "tests read their cases from the disk")]

mod conformance;
mod findings;
mod trees;
