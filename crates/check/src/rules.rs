//! Every rule of every room, with words for people: what it finds, why that matters, and how to fix it.
//!
//! A rule is not silently there: a test compares this list with every rule name in the workspace.

mod flux;
mod helm;
mod kustomize;
mod object;
mod yaml;

/// A rule.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Rule {
    /// Name, such as `kustomize/patch-without-target`.
    pub name: &'static str,
    /// What it finds, in one sentence without a final period.
    pub summary: &'static str,
    /// Why it matters and how to fix it.
    pub details: &'static str,
}

const fn rule(name: &'static str, summary: &'static str, details: &'static str) -> Rule {
    Rule { name, summary, details }
}

/// All rules by room and name.
pub const ROOMS: &[&[Rule]] = &[flux::RULES, helm::RULES, kustomize::RULES, object::RULES, yaml::RULES];

/// All rules, by room and name.
pub fn all() -> impl DoubleEndedIterator<Item = &'static Rule> {
    ROOMS.iter().copied().flatten()
}

/// The rule with a name.
///
/// # Errors
/// A name that may have been meant, when no rule has this one.
pub fn find(name: &str) -> Result<&'static Rule, Option<&'static str>> {
    all().find(|rule| rule.name == name).ok_or_else(|| crate::policy::similar(name))
}
