//! Flux as a language: its API kinds, the graph they span, and what each of them makes of a tree of files.
//!
//! [`unfold`] is the entry: it follows the Flux objects of a cluster in waves. The other rooms each do one step of what
//! Flux's controllers do between an artifact and the objects that are applied.

pub mod api;
pub mod artifact;
pub mod depends;
pub mod discovery;
pub mod facts;
pub mod generate;
pub mod ignore;
pub mod ownership;
pub mod sources;
pub mod substitute;
pub mod unfold;
pub mod values;
