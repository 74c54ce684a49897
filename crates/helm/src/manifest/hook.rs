//! Documents that Helm runs at a moment instead of keeping them installed.

use super::Manifest;

/// A moment in the life of a release.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Event {
    /// `pre-install`.
    PreInstall,
    /// `post-install`.
    PostInstall,
    /// `pre-delete`.
    PreDelete,
    /// `post-delete`.
    PostDelete,
    /// `pre-upgrade`.
    PreUpgrade,
    /// `post-upgrade`.
    PostUpgrade,
    /// `pre-rollback`.
    PreRollback,
    /// `post-rollback`.
    PostRollback,
    /// `test`, and Helm 2's `test-success`.
    Test,
}

impl Event {
    /// The moments that the annotation `helm.sh/hook` names; `None` when Helm does not know one of them, and so leaves the
    /// whole document out.
    pub fn all(annotation: &str) -> Option<Vec<Self>> {
        words(annotation).iter().map(|name| Self::named(name)).collect()
    }

    fn named(name: &str) -> Option<Self> {
        Some(match name {
            "pre-install" => Self::PreInstall,
            "post-install" => Self::PostInstall,
            "pre-delete" => Self::PreDelete,
            "post-delete" => Self::PostDelete,
            "pre-upgrade" => Self::PreUpgrade,
            "post-upgrade" => Self::PostUpgrade,
            "pre-rollback" => Self::PreRollback,
            "post-rollback" => Self::PostRollback,
            "test" | "test-success" => Self::Test,
            _ => return None,
        })
    }
}

/// A document with the annotation `helm.sh/hook`.
#[derive(Clone, Debug)]
pub struct Hook {
    /// The document.
    pub manifest: Manifest,
    /// When it runs, in the order of the annotation.
    pub events: Vec<Event>,
    /// Its place among the hooks of one moment; what is no number counts as 0.
    pub weight: i64,
    /// When Helm deletes it, in the user's words, lower-case.
    pub delete_policies: Vec<String>,
}

impl Hook {
    /// Whether it is a test, which `--skip-tests` leaves out even when it runs at other moments too.
    pub fn is_test(&self) -> bool {
        self.events.contains(&Event::Test)
    }
}

/// What a document is.
pub(super) enum Kind {
    Manifest(Manifest),
    Hook(Hook),
    /// One unknown name makes Helm drop the whole document.
    Unknown {
        path: String,
        names: String,
    },
}

/// Tells hooks from other documents.
pub(super) fn of(manifest: Manifest) -> Kind {
    let annotation = |name: &str| manifest.head.annotation(name);
    let Some(names) = annotation("helm.sh/hook") else { return Kind::Manifest(manifest) };
    let Some(events) = Event::all(names) else {
        let names = names.to_owned();
        return Kind::Unknown { path: manifest.path, names };
    };
    let weight = annotation("helm.sh/hook-weight").and_then(|weight| weight.parse().ok()).unwrap_or_default();
    let delete_policies = annotation("helm.sh/hook-delete-policy").map(words).unwrap_or_default();
    Kind::Hook(Hook { events, weight, delete_policies, manifest })
}

fn words(text: &str) -> Vec<String> {
    text.split(',').map(|word| word.trim().to_lowercase()).collect()
}
