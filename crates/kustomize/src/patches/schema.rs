//! Which schema the strategic merges of a build use.

use std::sync::Arc;

use object::{Gvk, Precedence, Schema};
use source::Diagnostic;
use yaml::{Dialect, Node};

use crate::context::{Context, Layer, Reported};
use crate::kustomization::OpenApi;
use crate::load;

/// The version of the only schema that kustomize v5.8.1 has built in.
const BUILT_IN: &str = "v1.21.2";

/// Kinds with a namespace that upstream knows without looking into a schema, by API version. Data of
/// `kyaml/openapi/openapi.go` (`precomputedIsNamespaceScoped`) of kustomize v5.8.1.
const NAMESPACED: &[(&str, &[&str])] = &[
    ("apps/v1", &["ControllerRevision", "DaemonSet", "Deployment", "ReplicaSet", "StatefulSet"]),
    ("autoscaling/v1", &["HorizontalPodAutoscaler", "Scale"]),
    ("autoscaling/v2beta1", &["HorizontalPodAutoscaler"]),
    ("autoscaling/v2beta2", &["HorizontalPodAutoscaler"]),
    ("batch/v1", &["CronJob", "Job"]),
    ("batch/v1beta1", &["CronJob"]),
    ("coordination.k8s.io/v1", &["Lease"]),
    ("coordination.k8s.io/v1beta1", &["Lease"]),
    ("discovery.k8s.io/v1", &["EndpointSlice"]),
    ("discovery.k8s.io/v1beta1", &["EndpointSlice"]),
    ("events.k8s.io/v1", &["Event"]),
    ("events.k8s.io/v1beta1", &["Event"]),
    ("extensions/v1beta1", &["Ingress"]),
    ("networking.k8s.io/v1", &["Ingress", "NetworkPolicy"]),
    ("networking.k8s.io/v1beta1", &["Ingress"]),
    ("policy/v1", &["PodDisruptionBudget"]),
    ("policy/v1beta1", &["PodDisruptionBudget"]),
    ("rbac.authorization.k8s.io/v1", &["Role", "RoleBinding"]),
    ("rbac.authorization.k8s.io/v1beta1", &["Role", "RoleBinding"]),
    ("storage.k8s.io/v1beta1", &["CSIStorageCapacity"]),
    (
        "v1",
        &[
            "ConfigMap",
            "Endpoints",
            "Event",
            "LimitRange",
            "PersistentVolumeClaim",
            "Pod",
            "PodAttachOptions",
            "PodExecOptions",
            "PodPortForwardOptions",
            "PodProxyOptions",
            "PodTemplate",
            "ReplicationController",
            "ResourceQuota",
            "Secret",
            "Service",
            "ServiceAccount",
            "ServiceProxyOptions",
        ],
    ),
];

/// The schema that strategic merges use in one build.
#[derive(Clone, Default, Debug)]
pub(crate) struct SchemaChoice {
    /// Somebody chose, be it the built-in one.
    chosen: bool,
    /// A file's schema.
    custom: Option<Arc<Schema>>,
    /// An object of a kind was read whose scope upstream has to look up in a schema.
    looked_up: bool,
    /// A strategic merge was done.
    used: bool,
}

impl SchemaChoice {
    /// The schema.
    pub(crate) fn schema(&self) -> &Schema {
        self.custom.as_deref().unwrap_or_else(|| Schema::built_in())
    }

    /// Notes that a merge looks into the schema.
    pub(crate) fn uses(&mut self) {
        self.used = true;
    }

    /// Notes the kinds of objects that were read.
    pub(crate) fn notice(&mut self, objects: &[Node]) {
        self.looked_up = self.looked_up || objects.iter().any(|object| !has_known_scope(&Gvk::of(object)));
    }

    /// A file's schema. Upstream keeps one schema for the whole process, and loads the built-in one as well when it was
    /// used, or put off, before the file was chosen (kyaml/openapi/openapi.go `initSchema`).
    fn custom(&self, document: &Node) -> Schema {
        if self.used {
            Schema::built_in().with_openapi(document, Precedence::Added)
        } else if self.looked_up {
            Schema::built_in().with_openapi(document, Precedence::Existing)
        } else {
            Schema::from_openapi(document)
        }
    }
}

fn has_known_scope(gvk: &Gvk) -> bool {
    let api_version = gvk.api_version();
    crate::id::is_cluster_scoped(gvk)
        || NAMESPACED.iter().any(|(version, kinds)| *version == api_version && kinds.contains(&&*gvk.kind))
}

/// Chooses the schema that an `openapi` field asks for; that of the entry wins over those of bases, and the first base
/// over those after it.
pub(crate) fn choose_schema(
    context: &Context<'_>,
    layer: &Layer,
    openapi: Option<&OpenApi>,
    entry: bool,
) -> Result<(), Reported> {
    let Some(openapi) = openapi else { return Ok(()) };
    // The file must be there even when another schema was chosen already.
    let loaded = match &openapi.path {
        Some(path) => Some(load::file(context, layer, path).map_err(|error| context.fail(error))?),
        None => None,
    };
    if !entry && context.schema.borrow().chosen {
        return Ok(());
    }
    let custom = match (&openapi.version, loaded) {
        (Some(version), Some(_)) => {
            let what = "`openapi` cannot have both `path` and `version`";
            return Err(context.fail(
                Diagnostic::error("kustomize/invalid-openapi", version.span, what).with_help("remove one of them"),
            ));
        }
        (Some(version), None) if version.as_str() == BUILT_IN => None,
        (Some(version), None) => {
            let what = format!("schema version `{}` is not built in", version.as_str());
            return Err(context.fail(
                Diagnostic::error("kustomize/invalid-openapi", version.span, what)
                    .with_help(format!("the only version is `{BUILT_IN}`; use `path` for another schema")),
            ));
        }
        (None, Some(loaded)) => {
            let documents =
                load::documents(context, &loaded, Dialect::Kubernetes).map_err(|error| context.fail(error))?;
            documents.first().map(|document| Arc::new(context.schema.borrow().custom(document)))
        }
        (None, None) => return Ok(()),
    };
    let mut choice = context.schema.borrow_mut();
    choice.chosen = true;
    choice.custom = custom;
    Ok(())
}
