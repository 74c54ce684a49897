//! Kustomize overlays into Kubernetes objects, byte for byte as kustomize v5.8.1 builds them.
//!
//! [`build`] is the whole room: a directory with a kustomization file, or a kustomization made by the caller, becomes
//! objects that know which line put them there. What the real tool loses without a word becomes a warning here; the
//! objects stay the same. Plugins that run programs and remote bases are refused; Helm charts
//! are rendered by whoever the caller brings for it ([`Charts`]). [`of_stream`] is the room's first step alone.

mod accumulate;
mod charts;
mod configurations;
mod context;
mod crds;
mod decode;
mod fieldpath;
mod fieldspec;
mod finish;
mod generate;
mod hash;
mod id;
mod inflate;
mod kustomization;
mod labels;
mod layers;
mod load;
mod memo;
mod options;
mod order;
mod pairs;
mod patches;
mod pattern;
mod plain;
mod plugins;
mod provenance;
mod references;
mod replacements;
mod resource;
mod resources;
mod selector;
mod set;
mod transform;
mod vars;

pub use accumulate::build;
pub use charts::{ChartPlace, Charts, Inflated, Inflation, RemoteChart};
pub use memo::Memo;
pub use options::{Entry, Limits, LoadRestrictor, Options, Output, Reorder};
pub use resources::of_stream;
