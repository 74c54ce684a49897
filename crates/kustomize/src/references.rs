//! Names of renamed objects, followed where other objects hold them.
//!
//! An object that was renamed is found by the names it had before; which fields may hold such names is said by rules
//! (`nameReference`). As `api/filters/nameref` and `api/internal/accumulator/namereferencetransformer.go` of kustomize
//! v5.8.1.

use std::collections::HashMap;

use object::{Action, Gvk};
use source::{Diagnostic, Span};
use yaml::{Node, Str, Value};

use crate::context::{Context, Layer, Reported};
use crate::fieldspec::{Create, FieldSpec, ReferenceSpec, Walk};
use crate::id::{ResId, is_cluster_scoped, scalar};
use crate::resource::Resource;
use crate::set::ResourceSet;

/// Follows every changed name.
pub(crate) fn follow(
    context: &Context<'_>,
    layer: &Layer,
    set: &mut ResourceSet,
    rules: &[ReferenceSpec],
) -> Result<(), Reported> {
    let targets = Targets::of(set);
    let mut result = Ok(());
    for (position, resource) in set.iter_mut().enumerate() {
        let first_gvk = resource.original_id().gvk;
        if let Some(subject) = subject_without_namespace(&resource.node) {
            let what = "the namespace of this service account is empty";
            let diagnostic = Diagnostic::error("kustomize/blank-subject-namespace", subject, what)
                .with_help("give it a name, or remove the field")
                .within(resource.id().to_string());
            result = Err(context.fail(diagnostic));
            continue;
        }
        let Some(referrer) = Referrer::of(resource, position, &targets) else { continue };
        for rule in rules {
            for field in rule.referrers.iter().filter(|field| field.selects(&first_gvk)) {
                let mut following =
                    Following { referrer: &referrer, targets: &targets, rule, field, trouble: None, by: None };
                let walk = Walk { spec: field, create: Create::Nothing, span: Span::DETACHED };
                let walked = walk.visit(&mut resource.node, &mut |node| following.set(node));
                let (trouble, by) = (following.trouble.take(), following.by);
                if let Some(by) = by {
                    resource.did(layer, Action::Renamed, by);
                }
                if let Err(obstacle) = walked {
                    let what = format!("cannot follow names in `{}` of `{}`: {obstacle}", field.path, referrer.id);
                    let diagnostic = trouble
                        .unwrap_or_else(|| Diagnostic::error("kustomize/unreachable-field", resource.node.span, what));
                    result = Err(context.fail(diagnostic.within(referrer.id.to_string())));
                }
            }
        }
    }
    result
}

/// A service account of a role binding whose `namespace` is there and holds no text.
fn subject_without_namespace(object: &Node) -> Option<Span> {
    if object.get("kind").and_then(Node::as_str) != Some("RoleBinding") {
        return None;
    }
    let subjects = object.get("subjects")?.as_list()?;
    let accounts = subjects.iter().filter(|s| s.get("kind").and_then(Node::as_str) == Some("ServiceAccount"));
    let blank = |subject: &Node| {
        let entry = subject.as_map()?.entry("namespace").filter(|entry| entry.node.as_str().is_none())?;
        Some(entry.key_span)
    };
    accounts.into_iter().find_map(blank)
}

/// What is to be known about an object that names may lead to.
struct Target {
    /// Kinds that it had before, by its present group and version.
    previous_kinds: Vec<Gvk>,
    id: ResId,
    cluster_scoped: bool,
    namespace: Str,
    /// The effective namespace that it had first.
    first_namespace: Str,
    name_span: Span,
    namespace_span: Span,
    prefixes: Vec<Str>,
    suffixes: Vec<Str>,
    origin: Span,
}

/// All objects, found by the names they had.
struct Targets {
    all: Vec<Target>,
    by_previous_name: HashMap<Str, Vec<usize>>,
    /// By first effective namespace; cluster-scoped objects are in none.
    by_first_namespace: HashMap<Str, Vec<usize>>,
}

impl Targets {
    fn of(set: &ResourceSet) -> Self {
        let mut targets = Self {
            all: Vec::with_capacity(set.len()),
            by_previous_name: HashMap::new(),
            by_first_namespace: HashMap::new(),
        };
        for (position, resource) in set.iter().enumerate() {
            let (id, first) = (resource.id(), resource.original_id());
            for previous in &resource.previous {
                let positions = targets.by_previous_name.entry(previous.name.clone()).or_default();
                if positions.last() != Some(&position) {
                    positions.push(position);
                }
            }
            let cluster_scoped = is_cluster_scoped(&id.gvk);
            let first_namespace: Str = first.effective_namespace().into();
            if first_namespace != crate::id::NO_NAMESPACE {
                targets.by_first_namespace.entry(first_namespace.clone()).or_default().push(position);
            }
            let span = |key| resource.node.at(&["metadata", key]).map_or(Span::DETACHED, |node| node.span);
            let kind = |previous: &crate::resource::PreviousId| Gvk { kind: previous.kind.clone(), ..id.gvk.clone() };
            targets.all.push(Target {
                previous_kinds: resource.previous.iter().map(kind).collect(),
                cluster_scoped,
                namespace: id.namespace.clone(),
                first_namespace,
                name_span: span("name"),
                namespace_span: span("namespace"),
                prefixes: resource.prefixes.clone(),
                suffixes: resource.suffixes.clone(),
                origin: resource.origin.span,
                id,
            });
        }
        targets
    }
}

/// The object whose fields are looked at.
struct Referrer<'t> {
    this: &'t Target,
    id: ResId,
    /// Namespaces of the service accounts that a role binding names.
    subject_namespaces: Vec<Str>,
    /// Group and kind of its `roleRef`, when both are there.
    role: Option<Gvk>,
}

impl<'t> Referrer<'t> {
    fn of(resource: &Resource, position: usize, targets: &'t Targets) -> Option<Self> {
        let this = targets.all.get(position)?;
        let mut subject_namespaces = Vec::new();
        if this.id.gvk.kind == "RoleBinding" {
            let subjects = resource.node.get("subjects").and_then(Node::as_list).into_iter().flatten();
            let accounts = subjects.filter(|s| s.get("kind").and_then(Node::as_str) == Some("ServiceAccount"));
            subject_namespaces.extend(accounts.filter_map(|s| Some(s.get("namespace")?.as_str()?.into())));
        }
        let role = |key| resource.node.at(&["roleRef", key]).filter(|node| !node.is_null()).map(scalar);
        let role = role("apiGroup").zip(role("kind")).map(|(group, kind)| Gvk {
            group: group.into(),
            version: "".into(),
            kind: kind.into(),
        });
        Some(Self { this, id: this.id.clone(), subject_namespaces, role })
    }

    /// Whether the referrer can see a target at all.
    fn reaches(&self, target: &Target) -> bool {
        self.this.cluster_scoped
            || target.cluster_scoped
            || self.id.effective_namespace() == target.id.effective_namespace()
            || self.subject_namespaces.contains(&target.namespace)
    }

    /// Whether a target is in its namespace, or of a kind that is seen from everywhere.
    fn is_beside(&self, target: &Target) -> bool {
        self.this.cluster_scoped
            || target.cluster_scoped
            || target.id.gvk.kind == "ServiceAccount"
            || self.id.effective_namespace() == target.id.effective_namespace()
    }
}

/// One rule at work on one object.
struct Following<'a> {
    referrer: &'a Referrer<'a>,
    targets: &'a Targets,
    rule: &'a ReferenceSpec,
    field: &'a FieldSpec,
    /// What stopped the walk.
    trouble: Option<Diagnostic>,
    /// The text that gave the object its new name, once a field was written.
    by: Option<Span>,
}

impl<'a> Following<'a> {
    fn set(&mut self, node: &mut Node) -> Result<(), String> {
        match &mut node.value {
            Value::Null => Ok(()),
            Value::Map(_) => self.set_map(node),
            Value::List(items) => {
                // Looking first keeps lists shared that hold no name that changed.
                if items.iter().all(|item| self.leaves(item)) {
                    return Ok(());
                }
                items.make_mut().iter_mut().try_for_each(|item| match item.value {
                    Value::Null => Ok(()),
                    Value::Map(_) => self.set_map(item),
                    Value::List(_) => Err("a list in a list holds no names".to_owned()),
                    _ => self.set_scalar(item),
                })
            }
            _ => self.set_scalar(node),
        }
    }

    fn leaves(&self, item: &Node) -> bool {
        match &item.value {
            Value::Null => true,
            Value::Map(_) | Value::List(_) => false,
            _ => !self.targets.by_previous_name.contains_key(scalar(item).as_str()),
        }
    }

    fn set_scalar(&mut self, node: &mut Node) -> Result<(), String> {
        let old = scalar(node);
        let Some(target) = self.choose(node.span, &old, None, |a, b| a.id.name == b.id.name)? else { return Ok(()) };
        if target.id.name != old.as_str() {
            *node = Node::new(target.name_span, target.id.name.clone());
            self.by = Some(target.name_span);
        }
        Ok(())
    }

    /// A map with the fields `name` and maybe `namespace`; both are written.
    fn set_map(&mut self, node: &mut Node) -> Result<(), String> {
        let Some(name) = node.get("name") else {
            let what =
                format!("`{}` leads to a map without `name`, so the name it holds cannot be followed", self.field.path);
            self.trouble = Some(Diagnostic::error("kustomize/reference-without-name", node.span, what));
            return Err("no `name` in the map".to_owned());
        };
        let (old, span) = (scalar(name), name.span);
        let namespace = node.get("namespace").map(scalar);
        let same = |a: &Target, b: &Target| a.id.name == b.id.name && a.namespace == b.namespace;
        let Some(target) = self.choose(span, &old, namespace.as_deref(), same)? else { return Ok(()) };
        if target.id.name == old.as_str() && target.namespace.is_empty() {
            return Ok(());
        }
        let unchanged = target.id.name == old.as_str() && namespace.as_deref() == Some(&*target.namespace);
        if unchanged {
            return Ok(());
        }
        let Some(map) = node.as_map_mut() else { return Ok(()) };
        if target.id.name != old.as_str() {
            map.insert("name", Node::new(target.name_span, target.id.name.clone()));
            self.by = Some(target.name_span);
        }
        if !target.namespace.is_empty() && namespace.as_deref() != Some(&*target.namespace) {
            map.insert("namespace", Node::new(target.namespace_span, target.namespace.clone()));
            self.by = self.by.or(Some(target.namespace_span));
        }
        Ok(())
    }

    /// The object that a name stands for.
    fn choose(
        &mut self,
        span: Span,
        name: &str,
        namespace: Option<&str>,
        same: impl Fn(&Target, &Target) -> bool,
    ) -> Result<Option<&'a Target>, String> {
        let targets = self.targets;
        let Some(positions) = targets.by_previous_name.get(name) else { return Ok(None) };
        let named = positions.iter().filter_map(|position| targets.all.get(*position));
        let mut found: Vec<&Target> = named.filter(|target| self.referrer.reaches(target)).collect();
        if let Some(namespace) = namespace {
            let known = targets.by_first_namespace.get(namespace).into_iter().flatten();
            let mut known = known.filter_map(|position| targets.all.get(*position));
            let by_first = known.any(|target| self.referrer.reaches(target));
            found.retain(|target| {
                if by_first {
                    target.first_namespace == namespace
                } else {
                    !target.cluster_scoped && target.id.effective_namespace() == namespace
                }
            });
        }
        let had_kind = |target: &Target, gvk: &Gvk| target.previous_kinds.iter().any(|kind| is_selected(kind, gvk));
        found.retain(|target| had_kind(target, &self.rule.target));
        if let Some(role) = self.referrer.role.as_ref().filter(|_| self.field.path.ends_with("roleRef/name")) {
            found.retain(|target| had_kind(target, role));
        }
        found.retain(|target| self.referrer.is_beside(target));
        if let [target] = found.as_slice() {
            return Ok(Some(target));
        }
        found.retain(|target| same_affixes(target, self.referrer.this, true));
        if found.len() > 1 {
            found.retain(|target| same_affixes(target, self.referrer.this, false));
        }
        let Some((first, others)) = found.split_first() else { return Ok(None) };
        if others.iter().all(|other| same(first, other)) {
            return Ok(Some(first));
        }
        let what = format!("`{name}` in `{}` may stand for {} objects", self.field.path, found.len());
        let mut diagnostic = Diagnostic::error("kustomize/ambiguous-reference", span, what).with_help(
            "give the objects different names, or rename them in the same kustomization as the one that refers to them",
        );
        for target in &found {
            diagnostic = diagnostic.with_related(target.origin, format!("this one is now `{}`", target.id));
        }
        self.trouble = Some(diagnostic);
        Err("the name is ambiguous".to_owned())
    }
}

/// Empty fields of the selector match anything.
fn is_selected(gvk: &Gvk, selector: &Gvk) -> bool {
    let fits = |own: &Str, wanted: &Str| wanted.is_empty() || own == wanted;
    fits(&gvk.group, &selector.group) && fits(&gvk.version, &selector.version) && fits(&gvk.kind, &selector.kind)
}

/// Whether two objects were renamed by the same outer kustomizations. `loose`: an object that got no prefixes (or
/// suffixes) fits any.
fn same_affixes(a: &Target, b: &Target, loose: bool) -> bool {
    let fits = |a: &[Str], b: &[Str]| (loose && (a.is_empty() || b.is_empty())) || same_end(a, b);
    fits(&a.prefixes, &b.prefixes) && fits(&a.suffixes, &b.suffixes)
}

/// Whether the shorter list is the end of the longer; an empty one is only the end of an empty one.
fn same_end(a: &[Str], b: &[Str]) -> bool {
    if a.is_empty() || b.is_empty() {
        a.len() == b.len()
    } else {
        a.iter().rev().zip(b.iter().rev()).all(|(x, y)| x == y)
    }
}
