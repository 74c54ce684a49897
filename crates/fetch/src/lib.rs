//! Bringing files in from the outside world: directories of a disk, as immutable trees.
//!
//! Everything here ends in a [`source::Files`], so that no room below the I/O line knows where its input came from.

mod directory;
mod display;

pub use directory::Directory;
pub use display::Display;
