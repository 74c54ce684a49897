//! What is wrong with a cluster: the findings of its rendering, in order, judged by what the user denies and allows.
//!
//! [`rules`] is the visible list of every rule that any room of headwater has, with words for people.

mod findings;
mod policy;
pub mod rules;
mod values;

pub use findings::findings;
pub use policy::{Policy, UnknownRule};
pub use rules::Rule;
