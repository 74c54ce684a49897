//! Texts and where we are in them: the ground every other room stands on.
//!
//! A [`Span`] names a byte range of a registered text, [`Sources`] holds those texts, a [`SpanMap`] leads from text that
//! was made from other text back to what it was made from, and a [`Diagnostic`] is a finding about any of them.
//! [`Files`] is how rooms below the I/O line look at a tree of files without reading a disk themselves.

mod diagnostic;
mod files;
mod path;
mod sources;
mod span;
mod span_map;

pub use diagnostic::{Diagnostic, Label, Severity};
pub use files::{DirEntry, File, Files, FilesError, Kind, Tree};
pub use path::TreePath;
pub use sources::{Location, SourceFile, Sources, Trace};
pub use span::{FileId, Span};
pub use span_map::{Piece, SpanMap};
