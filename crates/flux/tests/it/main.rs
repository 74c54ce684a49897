//! What the whole room promises: small repositories with expected summaries, and real ones.

mod cases;
mod flux_local;
mod inflated;
mod releases;
mod repositories;
mod substitution;
mod summary;
mod support;
mod upstream;
mod values;
