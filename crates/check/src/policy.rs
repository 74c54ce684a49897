//! What the user denies and allows.

use source::{Diagnostic, Severity};

use crate::rules;

/// Rules whose findings are made errors or left out.
#[derive(Clone, Default, Debug)]
pub struct Policy {
    deny_warnings: bool,
    deny: Vec<String>,
    allow: Vec<String>,
}

/// A name that is no rule's.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct UnknownRule {
    /// The name.
    pub name: String,
    /// A rule that may have been meant.
    pub similar: Option<&'static str>,
}

impl Policy {
    /// Denies and allows rules by name. `warnings` stands for everything that is only a warning, and a room's name with
    /// `/*` for all its rules.
    ///
    /// # Errors
    /// The first name that is no rule's.
    pub fn new(deny: &[String], allow: &[String]) -> Result<Self, UnknownRule> {
        let unknown = |name: &&String| *name != "warnings" && !rules::all().any(|rule| names(name, rule.name));
        if let Some(name) = deny.iter().chain(allow).find(unknown) {
            return Err(UnknownRule { name: name.clone(), similar: similar(name) });
        }
        let deny_warnings = deny.iter().any(|name| name == "warnings");
        Ok(Self { deny_warnings, deny: deny.to_vec(), allow: allow.to_vec() })
    }

    /// The findings that count, with the severity that the user wants. What is both denied and allowed is denied, so that
    /// `--allow 'flux/*' --deny flux/dependency-cycle` does what it says. Errors can be allowed only by their own name.
    pub fn apply(&self, diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
        let judge = |mut diagnostic: Diagnostic| {
            let is_error = diagnostic.is_error();
            if self.deny.iter().any(|name| names(name, diagnostic.rule)) {
                diagnostic.severity = Severity::Error;
            } else if self.allow.iter().any(|name| {
                name == diagnostic.rule || !is_error && (names(name, diagnostic.rule) || name == "warnings")
            }) {
                return None;
            } else if self.deny_warnings && diagnostic.severity == Severity::Warning {
                diagnostic.severity = Severity::Error;
            }
            Some(diagnostic)
        };
        diagnostics.into_iter().filter_map(judge).collect()
    }
}

fn names(pattern: &str, rule: &str) -> bool {
    match pattern.strip_suffix("/*") {
        Some(room) => rule.split_once('/').is_some_and(|(its, _)| its == room),
        None => pattern == rule,
    }
}

/// The rule that shares the most words with a name.
pub(crate) fn similar(name: &str) -> Option<&'static str> {
    let words: Vec<&str> = name.split(['/', '-']).filter(|word| word.len() > 2).collect();
    let shared = |rule: &str| rule.split(['/', '-']).filter(|word| words.contains(word)).count();
    let best = rules::all().rev().max_by_key(|rule| shared(rule.name))?;
    (shared(best.name) > 0).then_some(best.name)
}

#[cfg(test)]
mod tests {
    use source::Span;

    use super::*;

    fn policy(deny: &[&str], allow: &[&str]) -> Policy {
        let own = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        Policy::new(&own(deny), &own(allow)).unwrap()
    }

    #[test]
    fn deny_beats_allow_and_errors_stay() {
        let error = Diagnostic::error("kustomize/cycle", Span::DETACHED, "x");
        let warning = Diagnostic::warning("kustomize/patch-without-target", Span::DETACHED, "x");
        let both = vec![error.clone(), warning.clone()];
        assert_eq!(policy(&[], &[]).apply(both.clone()), both);
        assert_eq!(policy(&[], &["kustomize/*"]).apply(both.clone()), std::slice::from_ref(&error));
        assert_eq!(policy(&[], &["kustomize/cycle"]).apply(both.clone()), [warning]);
        let denied = policy(&["warnings"], &[]).apply(both.clone());
        assert!(denied.iter().all(Diagnostic::is_error) && denied.len() == 2);
        let denied = policy(&["kustomize/patch-without-target"], &["kustomize/*"]).apply(both);
        assert!(denied.iter().all(Diagnostic::is_error) && denied.len() == 2);
        assert!(Policy::new(&["nope".to_owned()], &[]).is_err());
    }
}
