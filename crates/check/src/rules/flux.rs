//! Rules of the room `flux`.

use super::{Rule, rule};

pub(super) const RULES: &[Rule] = &[rule("flux/two-owners", "x", "y"), rule("kustomize/patch-without-target", "", "")];
