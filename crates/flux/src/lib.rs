//! Flux as a language: its API kinds, the graph they span, and what each of them makes of a tree of files.
//!
//! [`discover`] finds the clusters of a repository, [`unfold()`] follows the Flux objects of one cluster in waves and gives
//! a [`Rendered`]. The other rooms each do one step of what Flux's controllers do between an artifact and the objects
//! that are applied.

pub mod api;
pub mod artifact;
mod charts;
mod depends;
pub mod discovery;
pub mod encrypted;
pub mod facts;
mod fields;
pub mod generate;
mod glob;
mod identity;
pub mod ignore;
mod images;
mod mirror;
mod near;
mod ownership;
pub mod rendered;
pub mod request;
mod sources;
pub mod substitute;
pub mod unfold;
pub mod unit;
pub mod values;

pub use charts::Inflator;
pub use discovery::{ClusterEntry, Discovery, EntryKind, discover};
pub use mirror::Mirror;
pub use rendered::{Image, Need, Rendered, SourceView};
pub use request::{Given, Limits, Options, Request};
pub use unfold::unfold;
pub use unit::{Dependency, Release, Resolution, Settings, SourceId, SourceUse, Unit, UnitId, UnitKind, UnitStatus};
