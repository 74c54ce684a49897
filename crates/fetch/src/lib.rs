//! Bringing files in from the outside world: directories of a disk and revisions of a git
//! repository, as immutable trees.
//!
//! Everything here ends in a [`source::Files`], so that no room below the I/O line knows where its input came from.

mod directory;
mod display;
mod revision;

pub use directory::Directory;
pub use display::Display;
pub use revision::{Repository, RevisionError, RevisionLimits};
