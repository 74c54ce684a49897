//! What several commands say about units: which are meant, and what became of them.

use flux::{Rendered, Resolution, Unit, UnitKind, UnitStatus};
use source::Sources;

use crate::failure::Failure;

/// Units that a user names.
pub(crate) struct Filter<'a> {
    names: &'a [String],
    namespace: Option<&'a str>,
}

impl<'a> Filter<'a> {
    pub(crate) fn new(names: &'a [String], namespace: Option<&'a str>) -> Self {
        Self { names, namespace }
    }

    pub(crate) fn is_everything(&self) -> bool {
        self.names.is_empty() && self.namespace.is_none()
    }

    pub(crate) fn accepts(&self, unit: &Unit) -> bool {
        self.namespace.is_none_or(|namespace| *unit.id.namespace == *namespace)
            && (self.names.is_empty() || self.names.iter().any(|name| is_named(unit, name)))
    }

    /// Every name must be somebody's.
    pub(crate) fn check(&self, clusters: &[Rendered]) -> Result<(), Failure> {
        let units = || clusters.iter().flat_map(|cluster| &cluster.units);
        let Some(unknown) = self.names.iter().find(|name| !units().any(|unit| is_named(unit, name))) else {
            return Ok(());
        };
        let mut names: Vec<String> = units().map(|unit| unit.id.name.to_string()).collect();
        names.sort_unstable();
        names.dedup();
        let more = if names.len() > 20 { ", …" } else { "" };
        let help = format!("there are {}{more}", names.iter().take(20).cloned().collect::<Vec<_>>().join(", "));
        Err(Failure::new(format!("no Kustomization or HelmRelease is called `{unknown}`")).with_help(help))
    }
}

/// `NAME`, `NAMESPACE/NAME`, `KIND/NAME` or `KIND/NAMESPACE/NAME`, with `ks` and `hr` for the kinds.
fn is_named(unit: &Unit, name: &str) -> bool {
    let parts: Vec<&str> = if unit.id.kind == UnitKind::Entry { vec![name] } else { name.split('/').collect() };
    let kind = |text: &str| {
        let short = if unit.id.kind == UnitKind::HelmRelease { "hr" } else { "ks" };
        text.eq_ignore_ascii_case(unit.id.kind.as_str()) || text == short
    };
    match parts.as_slice() {
        [name] => *unit.id.name == **name,
        [first, name] => *unit.id.name == **name && (*unit.id.namespace == **first || kind(first)),
        [first, namespace, name] => *unit.id.name == **name && *unit.id.namespace == **namespace && kind(first),
        _ => false,
    }
}

/// What became of a unit, in a few words.
pub(crate) fn status(unit: &Unit) -> String {
    match &unit.status {
        UnitStatus::Rendered if unit.has_errors() => "has errors".to_owned(),
        UnitStatus::Rendered => "rendered".to_owned(),
        UnitStatus::NotRendered { reason } => format!("not rendered: {reason}"),
        UnitStatus::Failed => match unit.diagnostics.iter().filter(|d| d.is_error()).count() {
            1 => "failed: 1 error".to_owned(),
            n => format!("failed: {n} errors"),
        },
        UnitStatus::Suspended => "suspended".to_owned(),
        UnitStatus::Blocked { reason } => format!("blocked: {reason}"),
    }
}

/// Where the files of a source come from, in a few words.
pub(crate) fn resolution(resolution: &Resolution, wide: bool) -> String {
    match resolution {
        Resolution::Repository { because, .. } if wide => format!("this repository ({because})"),
        Resolution::Repository { .. } => "this repository".to_owned(),
        Resolution::Given { display } => format!("given: {display}"),
        Resolution::Mirrored { display } => format!("mirrored: {display}"),
        Resolution::Composed { generator } => format!("composed by {generator}"),
        Resolution::NotAvailable => "not available".to_owned(),
        Resolution::NotDefined => "not defined".to_owned(),
        Resolution::NotNeeded => "not needed".to_owned(),
    }
}

/// `path:line` of a span in a file that a user wrote.
pub(crate) fn place(sources: &Sources, span: source::Span) -> String {
    let location = sources.resolve(span).first().and_then(|span| sources.location(*span));
    location.map(|at| format!("{}:{}", at.name, at.line)).unwrap_or_default()
}
