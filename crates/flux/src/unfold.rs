//! From an entry to every object that Flux would apply, in waves.
//!
//! A wave is all units that can be built by now; it is built in parallel and taken in in order. What it applies defines
//! the next wave: Kustomizations and HelmReleases, the sources that they name, the ConfigMaps and Secrets that they take
//! values from. A unit waits for these while others may still define them, so the order in Git does not matter, as it does not matter
//! in a cluster.

mod finish;
mod job;
mod release;
mod render;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use kustomize::Memo;
use object::Object;
use rayon::prelude::*;
use source::{Diagnostic, Files, Sources, Span, TreePath};
use yaml::{Node, Str};

use crate::api;
use crate::artifact;
use crate::charts::Charts;
use crate::depends;
use crate::discovery::{ClusterEntry, EntryKind};
use crate::encrypted;
use crate::facts::{DataKind, DataObjects, Lookup};
use crate::fields::{flag, group, items, some_text, span, text};
use crate::identity::Scopes;
use crate::rendered::Rendered;
use crate::request::Request;
use crate::sources::{Catalog, Found};
use crate::unit::{Resolution, SourceId, SourceUse, Unit, UnitId, UnitKind, UnitStatus};
use job::Job;
use release::chart::{self, Located, Place, Reference, Wants};
use render::{Built, Shared};

/// Rounds in which units may wait for what others define. A chain of values or sources this long is nobody's intention,
/// and looking at everything that waits once in every round must end.
const MAX_ROUNDS: usize = 200;

/// How often an entry may change the definition of itself before it counts as never settling.
const MAX_SETTLING: usize = 4;

/// Follows the Flux objects of one cluster from its entry and builds all of them. A unit that fails hides no other.
pub fn unfold(files: &dyn Files, sources: &Sources, request: &Request<'_>) -> Rendered {
    let mut defined_later = BTreeSet::new();
    let mut run = Run::new(files, sources, request, &defined_later);
    for _ in 0..MAX_SETTLING {
        run.enter();
        run.waves();
        let missed = run.given_up_too_early();
        if missed.is_subset(&defined_later) {
            break;
        }
        // Others were built meanwhile that do define it: wait for it longer next time.
        defined_later.extend(missed);
        run = Run::new(files, sources, request, &defined_later);
    }
    finish::finish(run)
}

/// A ConfigMap or Secret that something substitutes from.
type ValuesKey = (DataKind, Str, Str);

/// What is known while a cluster unfolds.
pub(crate) struct Run<'a> {
    sources: &'a Sources,
    request: &'a Request<'a>,
    memo: Memo,
    catalog: Catalog<'a>,
    data: DataObjects,
    scopes: Scopes,
    units: Vec<Unit>,
    known: BTreeSet<UnitId>,
    pending: Vec<Job>,
    charts: Charts,
    templates: helm::Memo,
    /// What nothing defines as far as could be waited for.
    given_up: BTreeSet<ValuesKey>,
    /// What an earlier attempt gave up and then saw defined.
    defined_later: BTreeSet<ValuesKey>,
    diagnostics: Vec<Diagnostic>,
    /// Position of each unit among the objects of its parent.
    positions: BTreeMap<UnitId, usize>,
    /// For each unit without files: the sources that would help.
    wanted: Vec<(UnitId, Vec<Wants>)>,
    objects: usize,
}

/// What keeps a unit from being built now.
enum Readiness<'a> {
    Ready(Arc<dyn Files + 'a>, Resolution),
    /// A release whose chart is here.
    Chart(Box<(Reference, Located<'a>)>),
    /// It substitutes from something that is not defined yet.
    WaitsForValues(ValuesKey),
    WaitsForSource,
    /// It never can be: what to say about it.
    Never(Box<Never>),
}

/// Why a unit can never be built.
struct Never {
    status: UnitStatus,
    resolution: Resolution,
    wants: Vec<Wants>,
    finding: Option<Diagnostic>,
}

impl<'a> Run<'a> {
    fn new(
        files: &'a dyn Files,
        sources: &'a Sources,
        request: &'a Request<'a>,
        defined_later: &BTreeSet<ValuesKey>,
    ) -> Self {
        let source = entry_source(&request.entry);
        Self {
            sources,
            request,
            memo: Memo::new(),
            catalog: Catalog::new(files, request, source),
            data: DataObjects::new(&request.facts),
            scopes: Scopes::default(),
            units: Vec::new(),
            known: BTreeSet::new(),
            pending: Vec::new(),
            charts: Charts::default(),
            templates: helm::Memo::default(),
            given_up: BTreeSet::new(),
            defined_later: defined_later.clone(),
            diagnostics: Vec::new(),
            positions: BTreeMap::new(),
            wanted: Vec::new(),
            objects: 0,
        }
    }

    fn shared(&self) -> Shared<'_> {
        Shared {
            sources: self.sources,
            memo: &self.memo,
            data: &self.data,
            scopes: &self.scopes,
            mirrors: &self.request.mirrors,
            charts: &self.charts,
            templates: &self.templates,
            options: &self.request.options,
        }
    }

    /// Builds the entry until it no longer changes the definition of itself or of its source: what Git holds when
    /// everything has settled is what the cluster ends up with, however it was bootstrapped.
    fn enter(&mut self) {
        let entry = &self.request.entry;
        let (id, definition) = match (&entry.kind, &entry.definition) {
            (EntryKind::Kustomization { namespace, name }, Some(node)) => {
                let id = UnitId::new(UnitKind::Kustomization, namespace.clone(), name.clone());
                (id, Some(Object::new(node.clone(), entry.span)))
            }
            _ => (UnitId::new(UnitKind::Entry, "", entry.relative_path()), None),
        };
        let mut job = Job { id, wave: 0, parent: None, position: 0, definition, span: entry.span };
        let mut ignored: Option<Node> = None;
        for _ in 0..MAX_SETTLING {
            let source = self.catalog.entry.clone();
            let Found::Files(files, resolution) = self.catalog.find(&source) else { break };
            let directory = render::directory(&job, entry.relative_path());
            let whole = self.catalog.whole();
            let built = render::build(&job, files.as_ref(), Some(&whole), &directory, &self.shared());
            let own = built.objects.iter().find(|object| is_unit(&object.node, &job.id)).cloned();
            let is_source = |object: &&Object| {
                text(&object.node, &["kind"]) == &*source.kind
                    && text(&object.node, &["metadata", "name"]) == &*source.name
                    && text(&object.node, &["metadata", "namespace"]) == &*source.namespace
                    && group(&object.node) == "source.toolkit.fluxcd.io"
            };
            if let Some(object) = built.objects.iter().find(is_source) {
                self.catalog.learn(&object.node, &source.namespace, &job.id, object.origin.span);
            }
            let ignore = self.catalog.ignore_of(&source).cloned();
            let changed = own.as_ref().is_some_and(|own| job.node() != Some(&own.node));
            if let Some(own) = own {
                job.definition = Some(own);
            }
            if !changed && ignore == ignored {
                self.absorb(job, built, resolution, Some(directory));
                return;
            }
            ignored = ignore;
        }
        let source = self.catalog.entry.clone();
        let message = format!("`{}` changes its own definition every time it is built", job.id);
        self.diagnostics.push(Diagnostic::error("flux/never-settles", job.span, message));
        self.absorb(job, Built { failed: true, ..Built::default() }, self.catalog.resolution(&source), None);
    }

    /// Wave after wave until nothing waits any more.
    fn waves(&mut self) {
        let mut rounds = 0;
        let mut patience = 1;
        while !self.pending.is_empty() {
            rounds += 1;
            if rounds == MAX_ROUNDS {
                let message = format!("values and sources are handed on through more than {MAX_ROUNDS} units");
                let span = self.pending.first().map_or(Span::DETACHED, |job| job.span);
                self.diagnostics.push(Diagnostic::error("flux/too-deep", span, message));
            }
            if rounds >= MAX_ROUNDS {
                let keys: Vec<ValuesKey> = self.pending.iter().flat_map(Self::values_of).collect();
                self.given_up.extend(keys);
            }
            let findings = self.catalog.compose(self.sources);
            self.diagnostics.extend(findings);
            let wanted: BTreeSet<SourceId> = self
                .pending
                .iter()
                .filter(|job| !is_release(job))
                .filter_map(|job| self.source_of(job))
                .map(|(id, _)| id)
                .collect();
            self.catalog.settle_only_git(&wanted);
            let pending = std::mem::take(&mut self.pending);
            let waiting: Vec<(Job, Readiness<'a>)> = pending
                .into_iter()
                .map(|job| {
                    let readiness = self.readiness(&job);
                    (job, readiness)
                })
                .collect();
            // Whoever can go on goes first; the others may get what they wait for from them.
            let (now, later): (Vec<_>, Vec<_>) = waiting.into_iter().partition(|(_, readiness)| {
                !matches!(readiness, Readiness::WaitsForValues(_) | Readiness::WaitsForSource)
            });
            if now.is_empty() {
                if self.give_up_values(&later, &mut patience) {
                    self.pending = later.into_iter().map(|(job, _)| job).collect();
                } else {
                    self.wave(later);
                }
                continue;
            }
            self.pending = later.into_iter().map(|(job, _)| job).collect();
            self.wave(now);
        }
    }

    /// Stops waiting for some of the values that nothing defines; whatever is built without them may define the others.
    /// Twice as many each time, so that many missing ones take few rounds. False when nothing waits for values.
    fn give_up_values(&mut self, waiting: &[(Job, Readiness<'a>)], patience: &mut usize) -> bool {
        let keys = waiting.iter().filter_map(|(_, readiness)| match readiness {
            Readiness::WaitsForValues(key) => Some(key),
            _ => None,
        });
        let (later, now): (Vec<&ValuesKey>, Vec<&ValuesKey>) = keys.partition(|key| self.defined_later.contains(key));
        let before = self.given_up.len();
        for key in if now.is_empty() { later } else { now } {
            self.given_up.insert(key.clone());
            if self.given_up.len() - before >= *patience {
                break;
            }
        }
        *patience = patience.saturating_mul(2);
        self.given_up.len() > before
    }

    /// What was given up and is defined now.
    fn given_up_too_early(&self) -> BTreeSet<ValuesKey> {
        let defined = |key: &&ValuesKey| !matches!(self.data.lookup(key.0, &key.1, &key.2), Lookup::Missing);
        self.given_up.iter().filter(defined).cloned().collect()
    }

    fn wave(&mut self, jobs: Vec<(Job, Readiness<'a>)>) {
        let shared = self.shared();
        let whole = self.catalog.whole();
        let results: Vec<(Job, Outcome)> = jobs
            .into_par_iter()
            .map(|(job, readiness)| {
                let outcome = match readiness {
                    Readiness::Ready(files, resolution) => {
                        let directory = render::directory(&job, "");
                        let ours = matches!(resolution, Resolution::Repository { .. });
                        let whole = ours.then_some(&whole as &dyn Files);
                        let built = render::build(&job, files.as_ref(), whole, &directory, &shared);
                        Outcome::Built(built, resolution, directory)
                    }
                    Readiness::Chart(chart) => {
                        let (reference, located) = *chart;
                        let built = release::build(&job, &reference, &located, &shared);
                        Outcome::Released(built, located.resolution)
                    }
                    Readiness::Never(never) => Outcome::Never(never),
                    Readiness::WaitsForValues(_) | Readiness::WaitsForSource => Outcome::NoSource,
                };
                (job, outcome)
            })
            .collect();
        for (job, outcome) in results {
            match outcome {
                Outcome::Built(built, resolution, directory) => self.absorb(job, built, resolution, Some(directory)),
                Outcome::Released(built, resolution) => self.absorb(job, built, resolution, None),
                Outcome::Never(never) => self.give_up(job, *never),
                Outcome::NoSource => self.undefined_source(job),
            }
        }
    }

    /// The source of a unit and where it is named.
    fn source_of(&self, job: &Job) -> Option<(SourceId, Span)> {
        match job.node() {
            Some(node) if is_release(job) => {
                let reference = chart::reference(node, &job.id.namespace, &self.catalog)?;
                Some((reference.source, reference.span))
            }
            Some(node) => job::source_ref(node, &job.id.namespace),
            None => Some((self.catalog.entry.clone(), Span::DETACHED)),
        }
    }

    fn readiness(&self, job: &Job) -> Readiness<'a> {
        let limits = &self.request.options.limits;
        let never = |status, resolution, needs: Vec<SourceId>, finding| {
            let wants = needs.into_iter().map(|source| Wants { source, chart: None, version: None }).collect();
            Readiness::Never(Box::new(Never { status, resolution, wants, finding: Some(finding) }))
        };
        if job.wave > limits.waves {
            let message = format!("more than {} Kustomizations apply one another", limits.waves);
            let finding = Diagnostic::error("flux/too-deep", job.span, message);
            return never(UnitStatus::Failed, Resolution::NotNeeded, Vec::new(), finding);
        }
        if self.objects > limits.objects {
            let message = format!("the cluster has more than {} objects", limits.objects);
            let finding = Diagnostic::error("flux/too-many-objects", job.span, message);
            return never(UnitStatus::Failed, Resolution::NotNeeded, Vec::new(), finding);
        }
        if is_release(job) {
            return self.release_readiness(job);
        }
        let Some((id, span)) = self.source_of(job) else {
            let message = "`spec.sourceRef` with `kind` and `name` is missing";
            let finding = Diagnostic::error("flux/dangling-source", job.span, message);
            return never(UnitStatus::Failed, Resolution::NotDefined, Vec::new(), finding);
        };
        match self.catalog.find(&id) {
            Found::Files(files, resolution) => match self.missing_values(job) {
                None => Readiness::Ready(files, resolution),
                Some(key) => Readiness::WaitsForValues(key),
            },
            Found::Undefined => Readiness::WaitsForSource,
            Found::Absent(needs, resolution) => {
                let reason = format!("the files of `{id}` are not here");
                let finding = not_available(&id, span);
                never(UnitStatus::Blocked { reason }, resolution, needs, finding)
            }
            Found::Failed(why, resolution) => {
                let finding = Diagnostic::error("flux/source-failed", span, format!("`{id}` could not be composed"))
                    .with_related(why.span, why.message.clone());
                never(UnitStatus::Failed, resolution, Vec::new(), finding)
            }
        }
    }

    fn release_readiness(&self, job: &Job) -> Readiness<'a> {
        let reference = job.node().and_then(|node| chart::reference(node, &job.id.namespace, &self.catalog));
        let Some(reference) = reference else {
            // The finding is that of the API's own check.
            let (status, resolution) = (UnitStatus::Failed, Resolution::NotDefined);
            return Readiness::Never(Box::new(Never { status, resolution, wants: Vec::new(), finding: None }));
        };
        match chart::locate(&reference, &self.catalog, &self.request.mirrors) {
            Place::Undefined => Readiness::WaitsForSource,
            Place::Here(located) => match self.missing_values(job) {
                None => Readiness::Chart(Box::new((reference, *located))),
                Some(key) => Readiness::WaitsForValues(key),
            },
            Place::Missing(missing) => match self.missing_values(job) {
                None => Readiness::Never(Box::new(Never {
                    status: missing.status,
                    resolution: missing.resolution,
                    wants: missing.wants.into_iter().collect(),
                    finding: missing.finding,
                })),
                Some(key) => Readiness::WaitsForValues(key),
            },
        }
    }

    /// The ConfigMaps and Secrets that a unit takes values from.
    fn values_of(job: &Job) -> Vec<ValuesKey> {
        let field: &[&str] =
            if is_release(job) { &["spec", "valuesFrom"] } else { &["spec", "postBuild", "substituteFrom"] };
        let references = job.node().into_iter().flat_map(|node| items(node, field));
        references
            .filter_map(|reference| {
                let kind = DataKind::new(text(reference, &["kind"]))?;
                Some((kind, job.id.namespace.clone(), Str::from(text(reference, &["name"]))))
            })
            .collect()
    }

    /// The first ConfigMap or Secret that the unit substitutes from and that something may still define, optional or not.
    fn missing_values(&self, job: &Job) -> Option<ValuesKey> {
        Self::values_of(job).into_iter().find(|key| {
            let missing = matches!(self.data.lookup(key.0, &key.1, &key.2), Lookup::Missing);
            missing && !self.given_up.contains(key)
        })
    }

    /// Nothing more will be defined, and this source is not.
    fn undefined_source(&mut self, job: Job) {
        let Some((id, span)) = self.source_of(&job) else { return };
        if let Some((generator, inputs)) = self.catalog.waiting_generator(&id) {
            let want = |input: &artifact::Input| Wants { source: input.id.clone(), chart: None, version: None };
            let wants = inputs.iter().map(want).collect();
            let mut finding = not_available(&id, span)
                .with_note(format!("ArtifactGenerator `{generator}` composes it from sources that are not here"));
            for input in &inputs {
                finding = finding.with_related(input.span, format!("the files of `{}` are not here", input.id));
            }
            let status = UnitStatus::Blocked { reason: format!("the files of `{id}` are not here") };
            let (resolution, finding) = (Resolution::NotAvailable, Some(finding));
            self.give_up(job, Never { status, resolution, wants, finding });
            return;
        }
        let incomplete = depends::incomplete(&self.units);
        let finding = release::dangling(&id, span, &self.catalog, &incomplete);
        let status = if finding.is_error() {
            UnitStatus::Failed
        } else {
            UnitStatus::Blocked { reason: format!("nothing that was rendered defines `{id}`") }
        };
        let (resolution, finding) = (Resolution::NotDefined, Some(finding));
        self.give_up(job, Never { status, resolution, wants: Vec::new(), finding });
    }

    fn give_up(&mut self, job: Job, never: Never) {
        let Never { mut status, resolution, wants, finding } = never;
        if !wants.is_empty() {
            self.wanted.push((job.id.clone(), wants));
        }
        let mut built = Built::default();
        let mut directory = None;
        if is_release(&job) {
            built.diagnostics.extend(finding);
            let reference = job.node().and_then(|node| chart::reference(node, &job.id.namespace, &self.catalog));
            built.release = reference
                .map(|reference| release::describe(&job, &reference, &self.shared(), &mut built.diagnostics).0);
            if built.diagnostics.iter().any(Diagnostic::is_error) {
                status = UnitStatus::Failed;
            }
        } else {
            let finding = finding.map(|finding| finding.with_note("what it would define is not rendered either"));
            built.diagnostics.extend(finding);
            directory = job.node().map(|_| render::directory(&job, ""));
        }
        self.unit(job, built, resolution, directory, status);
    }

    /// Takes in what a build gave: the unit, and what its objects define.
    fn absorb(&mut self, job: Job, mut built: Built, resolution: Resolution, directory: Option<TreePath>) {
        let suspended = job.node().is_some_and(|node| flag(node, &["spec", "suspend"]));
        let status = match (built.failed, built.not_rendered.take(), suspended) {
            (true, ..) => UnitStatus::Failed,
            (false, Some(reason), _) => UnitStatus::NotRendered { reason },
            (false, None, true) => UnitStatus::Suspended,
            (false, None, false) => UnitStatus::Rendered,
        };
        if suspended {
            let message = format!("`{}` is suspended: nothing below it changes in the cluster", job.id);
            let place = job.node().map_or(job.span, |node| span(node, &["spec", "suspend"]));
            built.diagnostics.push(Diagnostic::info("flux/suspended", place, message));
        }
        if built.failed
            && let Some(last) = built.diagnostics.iter_mut().rev().find(|finding| finding.is_error())
        {
            let rest = if is_release(&job) { "" } else { ", nor what it would define" };
            last.notes.push(format!("nothing of `{}` is rendered{rest}", job.id));
        }
        let remote = job.node().is_some_and(|node| node.at(&["spec", "kubeConfig"]).is_some());
        if remote {
            self.leave_remote(&job, &mut built);
        } else {
            for (position, object) in built.objects.iter().enumerate() {
                self.define(&job, position, object);
            }
        }
        let decryption = job.node().and_then(|node| node.at(&["spec", "decryption"])).cloned();
        let mut findings = Vec::new();
        for object in &mut built.objects {
            findings.extend(encrypted::mask(object, decryption.as_ref()));
            if is_flux(&object.node) {
                findings.extend(api::check(&object.node));
            }
        }
        built.diagnostics.extend(findings);
        self.objects += built.objects.len();
        self.unit(job, built, resolution, directory, status);
    }

    /// Objects of another cluster define nothing here.
    fn leave_remote(&mut self, job: &Job, built: &mut Built) {
        let flux = built.objects.iter().filter(|object| is_flux(&object.node)).count();
        let place = job.node().map_or(job.span, |node| span(node, &["spec", "kubeConfig"]));
        let message = format!("`{}` applies to another cluster", job.id);
        let mut finding = Diagnostic::info("flux/remote-cluster", place, message);
        match flux {
            0 => {}
            1 => finding = finding.with_note("one Flux object that it applies there is not followed"),
            _ => finding = finding.with_note(format!("{flux} Flux objects that it applies there are not followed")),
        }
        built.diagnostics.push(finding);
    }

    fn define(&mut self, job: &Job, position: usize, object: &Object) {
        let node = &object.node;
        self.scopes.learn(node);
        self.data.insert(node);
        let kind = match (group(node), text(node, &["kind"])) {
            ("kustomize.toolkit.fluxcd.io", "Kustomization") => Some(UnitKind::Kustomization),
            ("helm.toolkit.fluxcd.io", "HelmRelease") => Some(UnitKind::HelmRelease),
            _ => None,
        };
        let fallback = if job.id.namespace.is_empty() { "flux-system" } else { &job.id.namespace };
        let namespace = some_text(node, &["metadata", "namespace"]).unwrap_or(fallback);
        self.catalog.learn(node, namespace, &job.id, object.origin.span);
        let Some(kind) = kind else { return };
        let id = UnitId::new(kind, namespace, text(node, &["metadata", "name"]));
        // A second definition of the same object is a matter of ownership, and its own definition is what it is built
        // from already.
        if id == job.id || !self.known.insert(id.clone()) {
            return;
        }
        if self.known.len() > self.request.options.limits.units {
            if self.known.len() == self.request.options.limits.units + 1 {
                let message = format!("the cluster has more than {} units", self.request.options.limits.units);
                self.diagnostics.push(Diagnostic::error("flux/too-many-units", object.origin.span, message));
            }
            return;
        }
        let next = Job {
            id,
            wave: job.wave + 1,
            parent: Some(job.id.clone()),
            position,
            definition: Some(object.clone()),
            span: object.origin.span.or(node.span),
        };
        self.pending.push(next);
    }

    fn unit(
        &mut self,
        job: Job,
        built: Built,
        resolution: Resolution,
        directory: Option<TreePath>,
        status: UnitStatus,
    ) {
        let source = self.source_of(&job).map(|(id, span)| SourceUse { id, span, resolution, path: directory });
        let (settings, depends_on) = match job.node() {
            Some(node) => (job::settings(node), job::dependencies(node, job.id.kind, &job.id.namespace)),
            None => Default::default(),
        };
        self.known.insert(job.id.clone());
        self.positions.insert(job.id.clone(), job.position);
        self.units.push(Unit {
            id: job.id,
            wave: job.wave,
            depth: 0,
            parent: job.parent,
            definition: job.definition,
            span: job.span,
            source,
            settings,
            depends_on,
            objects: built.objects,
            diagnostics: built.diagnostics,
            status,
            release: built.release,
            redrawn: built.redrawn,
        });
    }
}

/// The source that a cluster starts from: what its entry names, or what `flux bootstrap` would call it.
fn entry_source(entry: &ClusterEntry) -> SourceId {
    let definition = entry.definition.as_ref();
    let named = match &entry.kind {
        EntryKind::Kustomization { namespace, .. } => {
            definition.and_then(|node| job::source_ref(node, namespace)).map(|(id, _)| id)
        }
        EntryKind::Instance { namespace, .. } => definition.and_then(|node| {
            let sync = node.at(&["spec", "sync"]).or_else(|| node.at(&["spec", "values", "instance", "sync"]))?;
            let namespace = if namespace.is_empty() { "flux-system" } else { namespace };
            let kind = some_text(sync, &["kind"]).unwrap_or("GitRepository");
            Some(SourceId::new(kind, namespace, some_text(sync, &["name"]).unwrap_or("flux-system")))
        }),
        EntryKind::Directory => None,
    };
    named.unwrap_or_else(|| SourceId::new("GitRepository", "flux-system", "flux-system"))
}

enum Outcome {
    Built(Built, Resolution, TreePath),
    Released(Built, Resolution),
    Never(Box<Never>),
    NoSource,
}

fn is_release(job: &Job) -> bool {
    job.id.kind == UnitKind::HelmRelease
}

fn is_flux(node: &Node) -> bool {
    group(node).ends_with(".fluxcd.io")
}

fn is_unit(node: &Node, id: &UnitId) -> bool {
    id.kind == UnitKind::Kustomization
        && group(node) == "kustomize.toolkit.fluxcd.io"
        && text(node, &["kind"]) == "Kustomization"
        && text(node, &["metadata", "name"]) == &*id.name
        && id.namespace == text(node, &["metadata", "namespace"])
}

/// The files of a source are somewhere else.
fn not_available(id: &SourceId, span: Span) -> Diagnostic {
    Diagnostic::warning("flux/source-not-available", span, format!("the files of `{id}` are not here"))
        .with_help(format!("give a folder that holds them with `--source {id}=PATH`"))
}
