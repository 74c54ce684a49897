//! Which hooks of a chart Flux ever runs: those of the actions whose hooks are not disabled, tests only when asked for.

use helm::Event;
use yaml::Node;

use super::objects::tests;
use crate::fields::{flag, text};

const ANNOTATION: &str = "helm.sh/hook";

/// Whether an object is run at a moment instead of being installed.
pub(super) fn is_hook(node: &Node) -> bool {
    node.at(&["metadata", "annotations", ANNOTATION]).is_some()
}

/// Whether helm-controller runs a hook at any of its moments.
pub(super) fn runs(hook: &Node, release: &Node) -> bool {
    let enabled = |action: &str| !flag(release, &["spec", action, "disableHooks"]);
    let Some(events) = Event::all(text(hook, &["metadata", "annotations", ANNOTATION])) else { return false };
    events.into_iter().any(|event| match event {
        Event::PreInstall | Event::PostInstall => enabled("install"),
        Event::PreUpgrade | Event::PostUpgrade => enabled("upgrade"),
        Event::PreRollback | Event::PostRollback => enabled("rollback"),
        Event::PreDelete | Event::PostDelete => enabled("uninstall"),
        Event::Test => tests(release).is_some_and(|runs| runs(text(hook, &["metadata", "name"]))),
    })
}
