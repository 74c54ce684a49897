//! The room against what the real tool printed.

#![expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "tests read their cases from the disk and may panic"
)]

mod nesting;
