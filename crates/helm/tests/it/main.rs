//! The room against what the real tool printed: the large corpus of charts.

#![expect(clippy::disallowed_methods, reason = "tests read their cases from the disk")]

mod charts;
mod hostile;
mod command;
mod masked;
mod printed_again;
mod snippets;
mod strvals;
mod template;
mod values;
