//! Rules of the room `kustomize`.

use super::{Rule, rule};

pub(super) const RULES: &[Rule] = &[rule("kustomize/cycle", "x", "y"), rule("kustomize/patch-without-target", "", "")];
