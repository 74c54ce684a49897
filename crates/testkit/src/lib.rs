//! What tests of every room share: case folders, expectations with a diff, scores, and the shared corpora.
//!
//! Only a dev-dependency. A test is data: a folder a case, one `check` per crate, and an expectation that
//! `UPDATE_EXPECT=1` rewrites. Expected outputs come from the real tool wherever there is one.

mod cases;
mod expect;
mod score;
mod shared;
mod tree;

pub use cases::{Case, folders, run};
pub use expect::{diff, expect_file, expect_text};
pub use score::Score;
pub use shared::{corpus, repository, skip, workspace};
pub use tree::{TreeError, tree};
