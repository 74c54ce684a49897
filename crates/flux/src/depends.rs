//! The dependsOn graph: names that nothing defines, circles that never become ready, and the order that the rest implies.

use std::collections::{BTreeMap, BTreeSet};

use source::Diagnostic;

use crate::near::{listed, near};
use crate::unit::{Dependency, Unit, UnitId, UnitKind, UnitStatus};

/// What else bears a name that `dependsOn` may use, besides the units: the Kustomization that `flux bootstrap` or a
/// FluxInstance makes for an entry directory.
pub(crate) type Aliases = BTreeMap<UnitId, UnitId>;

/// Fills in `found` and `depth` of all units and reports what is wrong. `incomplete` names units whose children are not
/// known, so that a missing name may be theirs.
pub(crate) fn check(units: &mut [Unit], aliases: &Aliases, incomplete: &[UnitId]) -> Vec<Diagnostic> {
    let index: BTreeMap<UnitId, usize> = units.iter().enumerate().map(|(at, unit)| (unit.id.clone(), at)).collect();
    let target = |id: &UnitId| index.get(aliases.get(id).unwrap_or(id)).copied();
    let mut edges: Vec<Vec<usize>> = Vec::with_capacity(units.len());
    let mut found = Vec::new();
    for unit in units.iter() {
        edges.push(unit.depends_on.iter().filter_map(|dependency| target(&dependency.id)).collect());
    }
    let names: Vec<UnitId> = units.iter().map(|unit| unit.id.clone()).collect();
    let suspended: Vec<bool> = units.iter().map(|unit| unit.settings.suspend).collect();
    for unit in units.iter_mut() {
        let mut findings = Vec::new();
        for dependency in &mut unit.depends_on {
            let target = target(&dependency.id);
            dependency.found = target.is_some();
            match target {
                None => findings.push(dangling(dependency, &names, incomplete)),
                Some(at) if suspended.get(at) == Some(&true) && !unit.settings.suspend => {
                    findings.push(Diagnostic::info(
                        "flux/depends-on-suspended",
                        dependency.span,
                        format!(
                            "`{}` is suspended: on a new cluster `{}` waits for it forever",
                            dependency.id, unit.id
                        ),
                    ))
                }
                Some(_) => {}
            }
        }
        let within = unit.id.to_string();
        unit.diagnostics.extend(findings.into_iter().map(|finding| finding.within(within.clone())));
    }
    let components = components(&edges);
    for component in &components {
        let mut members = component.clone();
        members.sort_unstable();
        let is_cycle = match members.as_slice() {
            [one] => edges.get(*one).is_some_and(|to| to.contains(one)),
            _ => true,
        };
        if is_cycle {
            found.extend(cycle(units, &members));
        }
    }
    let mut component_of = vec![0usize; units.len()];
    for (number, component) in components.iter().enumerate() {
        component.iter().for_each(|at| set(&mut component_of, *at, number));
    }
    // Components come with dependencies first.
    let mut depths = vec![0usize; units.len()];
    for (number, component) in components.iter().enumerate() {
        let edges = component.iter().filter_map(|at| edges.get(*at)).flatten();
        let below = edges.filter(|to| component_of.get(**to) != Some(&number));
        let depth = below.filter_map(|to| depths.get(*to)).map(|depth| depth + 1).max().unwrap_or(0);
        for at in component {
            set(&mut depths, *at, depth);
        }
    }
    for (unit, depth) in units.iter_mut().zip(depths) {
        unit.depth = depth;
    }
    found
}

fn dangling(dependency: &Dependency, names: &[UnitId], incomplete: &[UnitId]) -> Diagnostic {
    let id = &dependency.id;
    let message = format!("nothing defines `{id}`");
    let mut diagnostic = match incomplete.first() {
        None => Diagnostic::error("flux/dangling-dependency", dependency.span, message),
        Some(unknown) => Diagnostic::warning("flux/dangling-dependency", dependency.span, message)
            .with_note(format!("`{unknown}` was not rendered and may define it")),
    };
    let same_kind = names.iter().filter(|name| name.kind == id.kind);
    let elsewhere = same_kind.clone().find(|name| name.name == id.name);
    let other_kind = names.iter().find(|name| name.kind != id.kind && name.name == id.name);
    if let Some(elsewhere) = elsewhere {
        diagnostic = diagnostic
            .with_help(format!("there is one in the namespace `{0}`: write `namespace: {0}`", elsewhere.namespace));
    } else if let Some(names) = listed(&near(&id.name, same_kind.map(|name| &*name.name))) {
        diagnostic = diagnostic.with_help(format!("did you mean {names}?"));
    } else if let Some(other) = other_kind {
        diagnostic = diagnostic
            .with_help(format!("there is `{other}`, but `dependsOn` of a {0} names other {0}s only", id.kind.as_str()));
    }
    diagnostic
}

fn cycle(units: &[Unit], members: &[usize]) -> Option<Diagnostic> {
    let cycle: Vec<&Unit> = members.iter().filter_map(|at| units.get(*at)).collect();
    let ids: BTreeSet<&UnitId> = cycle.iter().map(|unit| &unit.id).collect();
    let edge = |unit: &Unit| unit.depends_on.iter().find(|dependency| ids.contains(&dependency.id)).cloned();
    let (first, others) = cycle.split_first()?;
    let start = edge(first)?;
    let names: Vec<String> = cycle.iter().map(|unit| format!("`{}`", unit.id)).collect();
    let message = match others {
        [] => format!("{} depends on itself and never becomes ready", names.join(", ")),
        _ => format!("{} depend on each other and never become ready", names.join(", ")),
    };
    let mut diagnostic = Diagnostic::error("flux/dependency-cycle", start.span, message)
        .with_label(format!("waits for `{}`", start.id))
        .with_help("take one of these dependencies away");
    for unit in others {
        if let Some(edge) = edge(unit) {
            diagnostic = diagnostic.with_related(edge.span, format!("`{}` waits for `{}`", unit.id, edge.id));
        }
    }
    Some(diagnostic)
}

/// Strongly connected components with those they point at first (Tarjan, without recursion).
fn components(edges: &[Vec<usize>]) -> Vec<Vec<usize>> {
    const UNSEEN: usize = usize::MAX;
    let mut number = vec![UNSEEN; edges.len()];
    let mut low = vec![0usize; edges.len()];
    let mut on_stack = vec![false; edges.len()];
    let mut stack = Vec::new();
    let mut found = Vec::new();
    let mut next = 0;
    for start in 0..edges.len() {
        if number.get(start) != Some(&UNSEEN) {
            continue;
        }
        let mut path: Vec<(usize, usize)> = vec![(start, 0)];
        while let Some((node, edge)) = path.pop() {
            if edge == 0 {
                set(&mut number, node, next);
                set(&mut low, node, next);
                set(&mut on_stack, node, true);
                stack.push(node);
                next += 1;
            }
            match edges.get(node).and_then(|to| to.get(edge)).copied() {
                Some(to) => {
                    path.push((node, edge + 1));
                    if get(&number, to) == UNSEEN {
                        path.push((to, 0));
                    } else if get(&on_stack, to) {
                        let lower = get(&low, node).min(get(&number, to));
                        set(&mut low, node, lower);
                    }
                }
                None => {
                    if get(&low, node) == get(&number, node) {
                        let mut component = Vec::new();
                        while let Some(member) = stack.pop() {
                            set(&mut on_stack, member, false);
                            component.push(member);
                            if member == node {
                                break;
                            }
                        }
                        found.push(component);
                    }
                    if let Some((above, _)) = path.last() {
                        let lower = get(&low, *above).min(get(&low, node));
                        set(&mut low, *above, lower);
                    }
                }
            }
        }
    }
    found
}

fn get<T: Copy + Default>(values: &[T], at: usize) -> T {
    values.get(at).copied().unwrap_or_default()
}

fn set<T>(values: &mut [T], at: usize, value: T) {
    if let Some(slot) = values.get_mut(at) {
        *slot = value;
    }
}

/// Units whose children are not known.
pub(crate) fn incomplete(units: &[Unit]) -> Vec<UnitId> {
    units
        .iter()
        // Charts hardly ever define what others need.
        .filter(|unit| unit.id.kind != UnitKind::HelmRelease)
        .filter(|unit| matches!(unit.status, UnitStatus::Failed | UnitStatus::Blocked { .. }))
        .map(|unit| unit.id.clone())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::components;

    #[test]
    fn finds_components_in_order() {
        // 0 → 1 → 2 → 1, 3 → 3, 4
        let mut found = components(&[vec![1], vec![2], vec![1], vec![3], vec![]]);
        found.iter_mut().for_each(|component| component.sort_unstable());
        assert_eq!(found, [vec![1, 2], vec![0], vec![3], vec![4]]);
    }

    #[test]
    fn a_long_chain_does_not_recurse() {
        let edges: Vec<Vec<usize>> = (0..200_000).map(|at| if at == 0 { vec![] } else { vec![at - 1] }).collect();
        assert_eq!(components(&edges).len(), 200_000);
    }
}
