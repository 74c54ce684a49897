//! Randomness in charts. A render draws from a seed of its own, so it gives the same bytes in every run; what was drawn is
//! found by drawing again.

use gotmpl::Env;
use object::Object;
use sha2::{Digest, Sha256};

/// The world of a release: its randomness depends on nothing but its names, so that a change of the chart's version does
/// not change what is drawn.
pub(super) fn env(release: &str, namespace: &str, chart: &str) -> Env {
    let seed = Sha256::digest(format!("{namespace}/{release} {chart}").as_bytes());
    Env { seed: seed.into(), ..Env::default() }
}

/// The same world with other randomness.
pub(super) fn other(env: &Env) -> Env {
    Env { seed: Sha256::digest(env.seed).into(), ..env.clone() }
}

/// The objects in which something is random, each as another draw makes it.
pub(super) fn differing(objects: &[Object], others: Vec<Object>) -> Vec<Object> {
    let pairs = objects.iter().zip(others);
    pairs.filter(|(one, other)| one.id() == other.id() && one.node != other.node).map(|(_, other)| other).collect()
}
