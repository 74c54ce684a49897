//! The end of a run: releases, dependencies, ownership, and everything in its final order.

use std::collections::{BTreeMap, BTreeSet};

use source::{Diagnostic, Span};
use yaml::{Node, Str};

use crate::fields::{flag, some_text};
use crate::identity::Scopes;
use crate::rendered::{Need, Rendered, SourceView};
use crate::sources::{Catalog, url};
use crate::unfold::Run;
use crate::unfold::release;
use crate::unfold::release::chart::Wants;
use crate::unit::{Resolution, SourceId, Unit, UnitId, UnitKind};
use crate::{depends, ownership};

/// Places that are shown for one kind of finding in one unit.
const PLACES: usize = 8;

pub(crate) fn finish(mut run: Run<'_>) -> Rendered {
    let incomplete = depends::incomplete(&run.units);
    let mut units = in_order(run.units, &run.positions);
    let mut aliases = depends::Aliases::new();
    if let Some(entry) = units.iter().find(|unit| unit.id.kind == UnitKind::Entry) {
        // What `flux bootstrap` and a FluxInstance call the Kustomization of the entry.
        aliases.insert(UnitId::new(UnitKind::Kustomization, "flux-system", "flux-system"), entry.id.clone());
    }
    run.diagnostics.extend(depends::check(&mut units, &aliases, &incomplete));
    for unit in &mut units {
        if unit.id.kind == UnitKind::HelmRelease {
            settle_namespaces(unit, &run.scopes);
        } else {
            unit.diagnostics.extend(without_namespace(unit, &run.scopes));
        }
    }
    run.diagnostics.extend(ownership::check(&units, &run.scopes));
    run.diagnostics.extend(not_included(&run.catalog, &units));
    say_within(&mut units);
    let needs = needs(&run.wanted, &units, &run.catalog);
    let sources = views(&run.catalog, &units);
    Rendered {
        entry: run.request.entry.clone(),
        units,
        sources,
        needs,
        diagnostics: run.diagnostics,
        scopes: run.scopes,
    }
}

/// By wave, then as the parents stand, then as the objects stand in their parent.
fn in_order(units: Vec<Unit>, positions: &BTreeMap<UnitId, usize>) -> Vec<Unit> {
    let mut waves: BTreeMap<usize, Vec<Unit>> = BTreeMap::new();
    for unit in units {
        waves.entry(unit.wave).or_default().push(unit);
    }
    let mut ranks: BTreeMap<UnitId, usize> = BTreeMap::new();
    let mut ordered: Vec<Unit> = Vec::new();
    for (_, mut wave) in waves {
        wave.sort_by_cached_key(|unit| {
            let parent = unit.parent.as_ref().and_then(|parent| ranks.get(parent)).copied();
            (parent, positions.get(&unit.id).copied(), unit.id.clone())
        });
        for unit in wave {
            ranks.insert(unit.id.clone(), ordered.len());
            ordered.push(unit);
        }
    }
    ordered
}

/// By now all definitions are known: what a release holds of kinds that live in namespaces is in one.
fn settle_namespaces(unit: &mut Unit, scopes: &Scopes) {
    let (Some(definition), Some(release)) = (&unit.definition, &unit.release) else { return };
    let layer = unit.id.to_string().into();
    release::put_into_namespace(&mut unit.redrawn, &definition.node, &release.target_namespace, &layer, scopes);
    release::put_into_namespace(&mut unit.objects, &definition.node, &release.target_namespace, &layer, scopes);
}

/// Objects that need a namespace and have none: the API server refuses them, and kustomize-controller knows no default.
fn without_namespace(unit: &Unit, scopes: &Scopes) -> Option<Diagnostic> {
    let mut found = unit.objects.iter().filter(|object| {
        let id = object.id();
        id.namespace.is_empty() && scopes.namespaced(&id.group_kind) == Some(true)
    });
    let first = found.next()?;
    let message = format!("`{}` has no namespace, and Flux does not choose one", first.id());
    let mut diagnostic = Diagnostic::error("flux/namespace-not-specified", first.origin.span, message)
        .with_help("set `metadata.namespace`, `namespace` in the kustomization, or `spec.targetNamespace`");
    let mut more = 0;
    for object in found {
        more += 1;
        if more <= PLACES {
            diagnostic = diagnostic.with_related(object.origin.span, format!("nor has `{}`", object.id()));
        }
    }
    if more > PLACES {
        diagnostic = diagnostic.with_note(format!("nor have {} more", more - PLACES));
    }
    Some(diagnostic)
}

/// `spec.include` copies other repositories into an artifact, and nothing here does that.
fn not_included(catalog: &Catalog<'_>, units: &[Unit]) -> Vec<Diagnostic> {
    let from_repository = |unit: &Unit| {
        let source = unit.source.as_ref()?;
        matches!(source.resolution, Resolution::Repository { .. }).then(|| source.id.clone())
    };
    let used: BTreeSet<SourceId> = units.iter().filter_map(from_repository).collect();
    used.iter()
        .filter_map(|id| {
            let definition = catalog.definitions.get(id)?;
            let include = definition.node.at(&["spec", "include"]).filter(|include| !include.is_null())?;
            let message = format!("`{id}` includes other repositories, whose files are not here");
            let help = format!("give a folder that holds all files of the artifact with `--source {id}=PATH`");
            let finding = Diagnostic::warning("flux/include-not-followed", include.span, message).with_help(help);
            Some(finding.within(definition.owner.to_string()))
        })
        .collect()
}

/// Every finding of a unit says which unit it is about, and which units that one comes from.
fn say_within(units: &mut [Unit]) {
    let parents: BTreeMap<UnitId, Option<UnitId>> =
        units.iter().map(|unit| (unit.id.clone(), unit.parent.clone())).collect();
    for unit in units {
        if unit.diagnostics.is_empty() {
            continue;
        }
        let mut chain = Vec::new();
        let mut at = Some(unit.id.clone());
        while let Some(id) = at {
            at = parents.get(&id).cloned().flatten();
            chain.push(id.to_string());
        }
        for diagnostic in &mut unit.diagnostics {
            diagnostic.within.retain(|what| !chain.contains(what));
            diagnostic.within.extend(chain.iter().cloned());
        }
    }
}

fn needs(wanted: &[(UnitId, Vec<Wants>)], units: &[Unit], catalog: &Catalog<'_>) -> Vec<Need> {
    let mut needs: BTreeMap<&Wants, BTreeSet<&UnitId>> = BTreeMap::new();
    for (unit, wants) in wanted {
        for wants in wants {
            needs.entry(wants).or_default().insert(unit);
        }
    }
    needs
        .into_iter()
        .map(|(wants, wanted_by)| {
            let definition = catalog.definitions.get(&wants.source).map(|definition| &definition.node);
            Need {
                source: wants.source.clone(),
                chart: wants.chart.clone(),
                url: definition.and_then(url::shown).map(Into::into),
                revision: wants.version.clone().or_else(|| definition.and_then(revision)),
                wanted_by: units.iter().map(|unit| &unit.id).filter(|id| wanted_by.contains(id)).cloned().collect(),
            }
        })
        .collect()
}

/// Every source that is defined, composed or named.
fn views(catalog: &Catalog<'_>, units: &[Unit]) -> Vec<SourceView> {
    let mut views: BTreeMap<SourceId, SourceView> = BTreeMap::new();
    let empty = |id: &SourceId, resolution| SourceView {
        id: id.clone(),
        owner: None,
        span: Span::DETACHED,
        url: None,
        revision: None,
        suspend: false,
        resolution,
        used_by: Vec::new(),
    };
    for (id, definition) in &catalog.definitions {
        let view = SourceView {
            owner: Some(definition.owner.clone()),
            span: definition.span,
            url: url::shown(&definition.node).map(Into::into),
            revision: revision(&definition.node),
            suspend: flag(&definition.node, &["spec", "suspend"]),
            ..empty(id, catalog.resolution(id))
        };
        views.insert(id.clone(), view);
    }
    for (id, owner) in catalog.artifacts() {
        let view = SourceView { owner: owner.cloned(), ..empty(id, catalog.resolution(id)) };
        views.entry(id.clone()).or_insert(view);
    }
    for unit in units {
        let Some(used) = &unit.source else { continue };
        let named = || empty(&used.id, used.resolution.clone());
        views.entry(used.id.clone()).or_insert_with(named).used_by.push(unit.id.clone());
    }
    for view in views.values_mut().filter(|view| view.resolution == Resolution::NotAvailable) {
        if view.used_by.is_empty() {
            view.resolution = Resolution::NotNeeded;
        }
    }
    views.into_values().collect()
}

fn revision(node: &Node) -> Option<Str> {
    ["commit", "name", "semver", "tag", "branch", "digest"]
        .iter()
        .find_map(|key| some_text(node, &["spec", "ref", key]))
        .or_else(|| some_text(node, &["spec", "version"]))
        .map(Into::into)
}
