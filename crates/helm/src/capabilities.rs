//! `.Capabilities`: what a cluster can do, as far as a render without a cluster knows.
//!
//! Upstream: `pkg/chart/common/capabilities.go` of helm 4.2.3, with the versions that its build of client-go v0.36.1 knows.

use std::rc::Rc;

use gotmpl::semver::{Constraints, Version};
use gotmpl::{Args, Call, Failure, Item, List, ListType, Method, Object, Text, Type, Value};

use crate::Metadata;

/// The version of Kubernetes that is assumed unless another is given.
const KUBERNETES: &str = "v1.36.0";

/// What client-go has types for, in its order.
const API_VERSIONS: [&str; 55] = [
    "v1",
    "admissionregistration.k8s.io/v1",
    "admissionregistration.k8s.io/v1alpha1",
    "admissionregistration.k8s.io/v1beta1",
    "internal.apiserver.k8s.io/v1alpha1",
    "apps/v1",
    "apps/v1beta1",
    "apps/v1beta2",
    "authentication.k8s.io/v1",
    "authentication.k8s.io/v1alpha1",
    "authentication.k8s.io/v1beta1",
    "authorization.k8s.io/v1",
    "authorization.k8s.io/v1beta1",
    "autoscaling/v1",
    "autoscaling/v2",
    "batch/v1",
    "batch/v1beta1",
    "certificates.k8s.io/v1",
    "certificates.k8s.io/v1beta1",
    "certificates.k8s.io/v1alpha1",
    "coordination.k8s.io/v1alpha2",
    "coordination.k8s.io/v1beta1",
    "coordination.k8s.io/v1",
    "discovery.k8s.io/v1",
    "discovery.k8s.io/v1beta1",
    "events.k8s.io/v1",
    "events.k8s.io/v1beta1",
    "extensions/v1beta1",
    "flowcontrol.apiserver.k8s.io/v1",
    "flowcontrol.apiserver.k8s.io/v1beta1",
    "flowcontrol.apiserver.k8s.io/v1beta2",
    "flowcontrol.apiserver.k8s.io/v1beta3",
    "networking.k8s.io/v1",
    "networking.k8s.io/v1beta1",
    "node.k8s.io/v1",
    "node.k8s.io/v1alpha1",
    "node.k8s.io/v1beta1",
    "policy/v1",
    "policy/v1beta1",
    "rbac.authorization.k8s.io/v1",
    "rbac.authorization.k8s.io/v1beta1",
    "rbac.authorization.k8s.io/v1alpha1",
    "resource.k8s.io/v1",
    "resource.k8s.io/v1beta2",
    "resource.k8s.io/v1beta1",
    "resource.k8s.io/v1alpha3",
    "scheduling.k8s.io/v1alpha2",
    "scheduling.k8s.io/v1beta1",
    "scheduling.k8s.io/v1",
    "storage.k8s.io/v1beta1",
    "storage.k8s.io/v1",
    "storage.k8s.io/v1alpha1",
    "storagemigration.k8s.io/v1beta1",
    "apiextensions.k8s.io/v1beta1",
    "apiextensions.k8s.io/v1",
];

/// `.Capabilities.HelmVersion`: names in Go, names in JSON, and what `helm version` prints.
const HELM_VERSION: [(&str, &str, &str); 5] = [
    ("Version", "version", "v4.2.3"),
    ("GitCommit", "git_commit", "43e8b7feece8beb0fcba47059ec9b522fd929a64"),
    ("GitTreeState", "git_tree_state", "clean"),
    ("GoVersion", "go_version", "go1.26.5"),
    ("KubeClientVersion", "kube_client_version", "v1.36"),
];

/// A version of Kubernetes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KubeVersion {
    /// As given, with a `v` in front: `v1.33.4-gke.1245000`.
    pub version: String,
    /// Only its numbers: `v1.33.4`. Charts say which versions they want of this.
    pub normalized: String,
    /// The first number.
    pub major: String,
    /// The second number.
    pub minor: String,
}

impl Default for KubeVersion {
    fn default() -> Self {
        let text = |text: &str| text.to_owned();
        Self { version: text(KUBERNETES), normalized: text(KUBERNETES), major: text("1"), minor: text("36") }
    }
}

impl KubeVersion {
    /// Reads a version of at least two numbers (apimachinery's `version.ParseGeneric`).
    ///
    /// # Errors
    /// Helm's text.
    pub fn parse(text: &str) -> Result<Self, String> {
        Self::read(text).map_err(|why| format!("invalid kube version '{text}': {why}"))
    }

    fn read(text: &str) -> Result<Self, String> {
        let quoted = gotmpl::quote(text.as_bytes());
        let start = text.trim_start_matches(['\t', '\n', '\x0C', '\r', ' ']);
        let start = start.strip_prefix('v').unwrap_or(start);
        let mut end = start.bytes().take_while(u8::is_ascii_digit).count();
        if end == 0 || start.get(end..).is_some_and(|rest| rest.contains('\n')) {
            return Err(format!("could not parse {quoted} as version"));
        }
        while let Some(rest) = start.get(end..).and_then(|rest| rest.strip_prefix('.')) {
            match rest.bytes().take_while(u8::is_ascii_digit).count() {
                0 => break,
                digits => end += 1 + digits,
            }
        }
        let numbers: Vec<&str> = start.get(..end).unwrap_or_default().split('.').collect();
        let [major, minor, ..] = numbers.as_slice() else {
            return Err(format!("illegal version string {quoted}"));
        };
        if major.starts_with('0') && *major != "0" {
            return Err(format!("illegal zero-prefixed version component \"{major}\" in {quoted}"));
        }
        let mut plain = Vec::new();
        for number in &numbers {
            plain.push(number.parse::<u64>().map_err(|_| {
                format!(
                    "illegal non-numeric version component \"{number}\" in {quoted}: strconv.ParseUint: parsing \
                     \"{number}\": value out of range"
                )
            })?);
        }
        let texts: Vec<String> = plain.iter().map(u64::to_string).collect();
        let plain = |number: &str| number.parse::<u64>().unwrap_or_default().to_string();
        Ok(Self {
            version: if text.starts_with('v') { text.to_owned() } else { format!("v{text}") },
            normalized: format!("v{}", texts.join(".")),
            major: plain(major),
            minor: plain(minor),
        })
    }
}

/// What templates see as `.Capabilities`.
#[derive(Clone, Debug, Default)]
pub struct Capabilities {
    /// The version of the cluster.
    pub kube_version: KubeVersion,
    /// Group versions, and kinds as `group/version/Kind`, that the cluster has beside those that Helm knows.
    pub api_versions: Vec<String>,
}

impl Capabilities {
    /// Whether a chart takes this version of Kubernetes.
    ///
    /// # Errors
    /// Helm's text if not.
    pub fn check(&self, metadata: &Metadata) -> Result<(), String> {
        let wanted = &metadata.kube_version;
        if wanted.is_empty() || is_compatible(wanted, &self.kube_version.normalized) {
            return Ok(());
        }
        let version = &self.kube_version.version;
        Err(format!("chart requires kubeVersion: {wanted} which is incompatible with Kubernetes {version}"))
    }

    /// The value of `.Capabilities`.
    pub fn to_value(&self) -> Value {
        let versions = API_VERSIONS.iter().copied().chain(self.api_versions.iter().map(String::as_str));
        let versions = versions.map(|version| Item::from(Value::from(version))).collect::<Vec<_>>();
        let helm = HELM_VERSION.map(|(name, _, text)| (name, Item::from(Value::from(text)))).to_vec();
        let helm_json = HELM_VERSION.map(|(_, name, text)| (name, Item::from(Value::from(text)))).to_vec();
        let helm = Struct { fields: helm, json: Some(helm_json), ..Struct::of("version.BuildInfo") };
        let KubeVersion { version, normalized, major, minor } = &self.kube_version;
        let text = |text: &str| Item::from(Value::from(text));
        let exported = vec![("Version", text(version)), ("Major", text(major)), ("Minor", text(minor))];
        let mut fields = exported.clone();
        fields.insert(1, ("normalizedVersion", text(normalized)));
        let kubernetes = Struct {
            fields,
            json: Some(exported),
            display: Some(normalized.as_str().into()),
            methods: KUBE_VERSION_METHODS,
            ..Struct::of("common.KubeVersion")
        };
        let fields = vec![
            ("KubeVersion", Item::from(kubernetes.into_value())),
            ("APIVersions", Item::from(Value::List(List::of(VERSION_SET, versions)))),
            ("HelmVersion", Item::from(helm.into_value())),
        ];
        Struct { kind: "ptr", fields, ..Struct::of("*common.Capabilities") }.into_value()
    }
}

/// Whether a version is in the range of a constraint; what cannot be read is in no range (`IsCompatibleRange`).
pub(crate) fn is_compatible(constraint: &str, version: &str) -> bool {
    match (Version::parse(version), Constraints::parse(constraint)) {
        (Ok(version), Ok(constraints)) => constraints.check(&version),
        _ => false,
    }
}

const VERSION_SET: &ListType = &ListType {
    name: "common.VersionSet",
    element: Type::Str,
    methods: &[Method { name: "Has", parameters: &[Type::Str], call: has }],
};

const KUBE_VERSION_METHODS: &[Method] = &[
    Method { name: "GitVersion", parameters: &[], call: |_, args| field(args, "Version") },
    Method { name: "String", parameters: &[], call: |_, args| field(args, "normalizedVersion") },
];

fn has(call: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    let (versions, wanted) = (args.list(0)?, args.text(1)?);
    call.budget.step(versions.len() as u64 / 16)?;
    Ok(Value::Bool(versions.items().iter().any(|item| matches!(&item.value, Value::Str(version) if version == wanted))))
}

fn field(args: Args<'_>, name: &str) -> Result<Value, Failure> {
    let Value::Object(object) = args.value(0)? else { return Err(Failure::error("not a version")) };
    let found = object.fields().into_iter().find(|(field, _)| *field == name);
    Ok(found.map(|(_, item)| item.value).unwrap_or_default())
}

/// A Go struct, or a pointer to one.
#[derive(Clone, Debug)]
struct Struct {
    type_name: &'static str,
    kind: &'static str,
    fields: Vec<(&'static str, Item)>,
    /// The fields that JSON shows, under its names, unless they are the same.
    json: Option<Vec<(&'static str, Item)>>,
    display: Option<Text>,
    methods: &'static [Method],
}

impl Struct {
    fn of(type_name: &'static str) -> Self {
        Self { type_name, kind: "struct", fields: Vec::new(), json: None, display: None, methods: &[] }
    }

    fn into_value(self) -> Value {
        Value::Object(Rc::new(self))
    }
}

impl Object for Struct {
    fn type_name(&self) -> &str {
        self.type_name
    }

    fn kind(&self) -> &'static str {
        self.kind
    }

    fn fields(&self) -> Vec<(&'static str, Item)> {
        self.fields.clone()
    }

    fn methods(&self) -> &'static [Method] {
        self.methods
    }

    fn display(&self) -> Option<Text> {
        self.display.clone()
    }

    fn copied(&self) -> Option<Value> {
        let is_addressed = self.display.is_some();
        is_addressed.then(|| Struct { display: None, methods: &[], ..self.clone() }.into_value())
    }

    fn json(&self) -> Option<Value> {
        let fields = self.json.clone()?;
        Some(Struct { fields, ..Struct::of(self.type_name) }.into_value())
    }

    fn as_any(&self) -> &dyn std::any::Any {
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_as_helm_reads_them() {
        let parts = |text: &str| {
            let version = KubeVersion::parse(text).unwrap();
            [version.version, version.normalized, version.major, version.minor].join(" ")
        };
        assert_eq!(parts("1.20"), "v1.20 v1.20 1 20");
        assert_eq!(parts("v1.27.3-gke.100+x"), "v1.27.3-gke.100+x v1.27.3 1 27");
        assert_eq!(parts("1.02.x"), "v1.02.x v1.2 1 2");
        for (text, expected) in [
            ("1", "illegal version string \"1\""),
            ("x", "could not parse \"x\" as version"),
            ("01.2", "illegal zero-prefixed version component \"01\" in \"01.2\""),
        ] {
            assert_eq!(KubeVersion::parse(text).unwrap_err(), format!("invalid kube version '{text}': {expected}"));
        }
    }

    #[test]
    fn charts_say_what_they_want() {
        let capabilities = Capabilities { kube_version: KubeVersion::parse("1.33.0").unwrap(), ..Default::default() };
        let wanting = |range: &str| Metadata { kube_version: range.to_owned(), ..Metadata::default() };
        assert!(capabilities.check(&wanting(">=1.20-0")).is_ok() && capabilities.check(&wanting("")).is_ok());
        assert_eq!(
            capabilities.check(&wanting(">=1.40.0")).unwrap_err(),
            "chart requires kubeVersion: >=1.40.0 which is incompatible with Kubernetes v1.33.0"
        );
    }
}
