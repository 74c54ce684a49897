//! What the whole room promises: small repositories with expected summaries, and real ones.

mod cases;
mod repositories;
mod summary;
