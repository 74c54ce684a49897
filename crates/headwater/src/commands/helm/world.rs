//! Time and randomness for templates: fixed, as the flags say, or as the world has them.

use std::time::{SystemTime, UNIX_EPOCH};

use gotmpl::Env;
use sha2::{Digest as _, Sha256};

use crate::args::WorldArgs;

/// The world that the flags ask for.
pub(super) fn env(args: &WorldArgs) -> Result<Env, String> {
    let mut env = Env::default();
    if args.random {
        getrandom::fill(&mut env.seed).map_err(|error| format!("no randomness to be had: {error}"))?;
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        env.now = i128::try_from(since.as_nanos()).unwrap_or_default();
    }
    if let Some(seed) = &args.seed {
        env.seed = Sha256::digest(seed).into();
    }
    if let Some(now) = &args.now {
        let now: jiff::Timestamp = now.parse().map_err(|error| format!("invalid time '{now}': {error}"))?;
        env.now = now.as_nanosecond();
    }
    Ok(env)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(seed: Option<&str>, now: Option<&str>, random: bool) -> Result<Env, String> {
        env(&WorldArgs { seed: seed.map(str::to_owned), now: now.map(str::to_owned), random })
    }

    #[test]
    fn the_world_is_fixed_unless_asked_otherwise() {
        let fixed = with(None, None, false).unwrap();
        assert_eq!((fixed.seed, fixed.now), (Env::default().seed, Env::default().now));
        let seeded = with(Some("a"), Some("2026-01-31T12:00:00+02:00"), false).unwrap();
        assert_eq!(seeded.now, 1_769_853_600_000_000_000);
        assert_eq!(seeded.seed, with(Some("a"), None, false).unwrap().seed);
        assert_ne!(seeded.seed, fixed.seed);
        assert_ne!(with(None, None, true).unwrap().seed, with(None, None, true).unwrap().seed);
        assert!(with(None, Some("tomorrow"), false).is_err());
    }
}
