//! `namespace`.

use std::collections::HashMap;

use object::Action;
use source::{Diagnostic, Span};
use yaml::{Node, Value};

use super::{set_text, visit};
use crate::context::{Context, Layer, Reported};
use crate::decode::Text;
use crate::fieldspec::{Create, FieldSpec, Obstacle};
use crate::id::{ResId, is_cluster_scoped, scalar};
use crate::inflate::HELM_GENERATED;
use crate::resource::Resource;
use crate::set::ResourceSet;

/// Which subjects of bindings get the namespace at once. Others follow the objects they name.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Subjects {
    /// Those named `default`.
    Default,
    /// All service accounts.
    ServiceAccounts,
    /// None.
    Nobody,
}

/// What is put where.
pub(crate) struct Namespace<'a> {
    pub(crate) namespace: &'a Text,
    pub(crate) specs: &'a [FieldSpec],
    /// Only where there is none yet.
    pub(crate) unset_only: bool,
    pub(crate) subjects: Subjects,
}

/// Puts every object that is not certainly cluster-scoped into the namespace, and follows it in the fields that name it.
pub(crate) fn apply(
    context: &Context<'_>,
    layer: &Layer,
    set: &mut ResourceSet,
    what: &Namespace<'_>,
) -> Result<(), Reported> {
    let mut result = Ok(());
    let definitions = cluster_scoped_definitions(set);
    for resource in set.iter_mut().filter(|resource| !is_of_chart(resource)) {
        let id = resource.id();
        resource.remember_id();
        result = result.and(put(context, resource, what));
        resource.did(layer, Action::Namespaced, what.namespace.span);
        warn_if_cluster_scoped(context, resource, &id, &definitions, what.namespace);
    }
    result.and(refuse_conflicts(context, set, what.namespace))
}

/// Objects of charts are where Helm put them.
fn is_of_chart(resource: &Resource) -> bool {
    resource.metadata_text("annotations", HELM_GENERATED).is_some_and(|text| text == "true")
}

/// Puts one object into the namespace.
pub(crate) fn put(context: &Context<'_>, resource: &mut Resource, what: &Namespace<'_>) -> Result<(), Reported> {
    let id = resource.id();
    let mut set = |field: &mut Node| {
        let taken = match &field.value {
            Value::List(_) | Value::Map(_) | Value::Null => false,
            _ => !scalar(field).is_empty(),
        };
        if what.unset_only && taken { Ok(()) } else { set_text(field, what.namespace) }
    };
    let span = what.namespace.span;
    if !is_cluster_scoped(&id.gvk) {
        let spec = [FieldSpec::any("metadata/namespace", true)];
        visit(context, resource, &spec, Create::Scalar, span, &mut set)?;
    }
    let binding = matches!(&*id.gvk.kind, "RoleBinding" | "ClusterRoleBinding");
    if binding {
        set_subjects(resource, what, &mut set).map_err(|obstacle| {
            let message = format!("cannot set the namespace of the subjects of `{id}`: {obstacle}");
            context.fail(Diagnostic::error("kustomize/field-mismatch", resource.origin.span, message))
        })?;
    }
    let core = resource.node.get("apiVersion").map(scalar).is_some_and(|version| version == "v1");
    let applies = |spec: &&FieldSpec| match &*spec.path {
        "metadata/namespace" => false,
        "metadata/name" => core,
        "subjects/namespace" => !(binding && matches!(&*spec.kind, "RoleBinding" | "ClusterRoleBinding")),
        _ => true,
    };
    for spec in what.specs.iter().filter(applies) {
        visit(context, resource, std::slice::from_ref(spec), Create::Scalar, span, &mut set)?;
    }
    Ok(())
}

fn set_subjects(
    resource: &mut Resource,
    what: &Namespace<'_>,
    set: &mut dyn FnMut(&mut Node) -> Result<(), Obstacle>,
) -> Result<(), Obstacle> {
    let (key, wanted) = match what.subjects {
        Subjects::Nobody => return Ok(()),
        Subjects::Default => ("name", "default"),
        Subjects::ServiceAccounts => ("kind", "ServiceAccount"),
    };
    let chosen = |subject: &Node| subject.get(key).is_some_and(|value| scalar(value) == wanted);
    let Some(subjects) = resource.node.get("subjects").filter(|subjects| !subjects.is_null()) else { return Ok(()) };
    let Some(list) = subjects.as_list() else { return Err("`subjects` is not a list".to_owned()) };
    if !list.iter().any(chosen) {
        return Ok(());
    }
    let subjects = resource.node.as_map_mut().and_then(|map| map.get_mut("subjects")).and_then(Node::as_list_mut);
    let Some(subjects) = subjects else { return Ok(()) };
    for subject in subjects.make_mut().iter_mut().filter(|subject| chosen(subject)) {
        if let Some(field) = subject.make_path(&["namespace"], what.namespace.span) {
            set(field)?;
        }
    }
    Ok(())
}

fn refuse_conflicts(context: &Context<'_>, set: &ResourceSet, namespace: &Text) -> Result<(), Reported> {
    let mut first: HashMap<ResId, Span> = HashMap::with_capacity(set.len());
    let mut result = Ok(());
    for resource in set.iter() {
        let id = resource.id();
        if let Some(other) = first.insert(id.key(), resource.origin.span) {
            let message = format!("in namespace `{}` two objects are `{id}`", namespace.as_str());
            let diagnostic = Diagnostic::error("kustomize/namespace-conflict", namespace.span, message);
            result = Err(context.fail(
                diagnostic.with_related(other, "one is here").with_related(resource.origin.span, "the other is here"),
            ));
        }
    }
    result
}

/// Kinds that are cluster-scoped although kustomize does not know it: newer than its table, or widely used.
const CLUSTER_SCOPED_ELSEWHERE: &[(&str, &str)] = &[
    ("admissionregistration.k8s.io", "MutatingAdmissionPolicy"),
    ("admissionregistration.k8s.io", "MutatingAdmissionPolicyBinding"),
    ("admissionregistration.k8s.io", "ValidatingAdmissionPolicy"),
    ("admissionregistration.k8s.io", "ValidatingAdmissionPolicyBinding"),
    ("cert-manager.io", "ClusterIssuer"),
    ("external-secrets.io", "ClusterSecretStore"),
    ("external-secrets.io", "ClusterExternalSecret"),
    ("flowcontrol.apiserver.k8s.io", "FlowSchema"),
    ("flowcontrol.apiserver.k8s.io", "PriorityLevelConfiguration"),
    ("gateway.networking.k8s.io", "GatewayClass"),
    ("karpenter.k8s.aws", "EC2NodeClass"),
    ("karpenter.sh", "NodePool"),
    ("kyverno.io", "ClusterPolicy"),
    ("kyverno.io", "ClusterCleanupPolicy"),
    ("resource.k8s.io", "DeviceClass"),
    ("resource.k8s.io", "ResourceSlice"),
    ("snapshot.storage.k8s.io", "VolumeSnapshotClass"),
    ("snapshot.storage.k8s.io", "VolumeSnapshotContent"),
];

/// Group and kind of the cluster-scoped kinds that the objects themselves define, with the place of the definition.
fn cluster_scoped_definitions(set: &ResourceSet) -> HashMap<(String, String), Span> {
    let definition = |resource: &Resource| {
        let node = &resource.node;
        let text = |path: &[&str]| node.at(path).and_then(Node::as_str).map(str::to_owned);
        (node.get("kind").and_then(Node::as_str) == Some("CustomResourceDefinition")).then_some(())?;
        (node.at(&["spec", "scope"]).and_then(Node::as_str) == Some("Cluster")).then_some(())?;
        Some(((text(&["spec", "group"])?, text(&["spec", "names", "kind"])?), resource.origin.span))
    };
    set.iter().filter_map(definition).collect()
}

fn warn_if_cluster_scoped(
    context: &Context<'_>,
    resource: &Resource,
    id: &ResId,
    definitions: &HashMap<(String, String), Span>,
    namespace: &Text,
) {
    if is_cluster_scoped(&id.gvk) {
        return;
    }
    let known = CLUSTER_SCOPED_ELSEWHERE.iter().any(|(group, kind)| id.gvk.group == *group && id.gvk.kind == *kind);
    let defined = definitions.get(&(id.gvk.group.to_string(), id.gvk.kind.to_string())).copied();
    if known || defined.is_some() {
        let message = format!("cluster-scoped `{id}` gets the namespace `{}`", namespace.as_str());
        context.warn(
            Diagnostic::warning("kustomize/namespace-on-cluster-scoped", namespace.span, message)
                .with_related(resource.origin.span, "the object is here")
                .with_related(defined.unwrap_or(Span::DETACHED), "defined as cluster-scoped here")
                .with_help("build it outside of this kustomization; the API server ignores or refuses the field"),
        );
    }
}
