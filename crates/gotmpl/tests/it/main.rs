//! The room against what the real tool printed.

#![expect(clippy::disallowed_methods, reason = "tests read their cases from the disk")]

mod snippets;
