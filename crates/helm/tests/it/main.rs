//! The room against what the real tool printed: the large corpus of charts.

#![expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "tests read their cases from the disk and may panic"
)]

mod charts;
mod command;
mod hostile;
mod masked;
mod printed_again;
mod snippets;
mod strvals;
mod template;
mod values;
