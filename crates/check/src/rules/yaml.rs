//! Rules of the room `yaml`.

use super::{Rule, rule};

pub(super) const RULES: &[Rule] = &[rule("yaml/syntax", "x", "y"), rule("kustomize/patch-without-target", "", "")];
