//! Fields that exclude or need each other: the rules that Flux's definitions write in CEL.

use source::Diagnostic;
use yaml::Node;

/// Findings about the spec of an object of this kind.
pub(super) fn check(kind: &str, spec: &Node, findings: &mut Vec<Diagnostic>) {
    match kind {
        "HelmRelease" => {
            chart(spec, findings);
            retry_interval(spec, findings);
            kube_config(spec, findings);
        }
        "Kustomization" => kube_config(spec, findings),
        "HelmChart" => {
            if let Some(kind) = text(spec, &["sourceRef", "kind"]).filter(|kind| *kind != "HelmRepository") {
                refuse_field(spec, &["verify"], &format!("charts of a {kind} can not be verified"), findings);
            }
        }
        "GitRepository" if !matches!(text(spec, &["provider"]), Some("azure" | "aws")) => {
            let why = "`serviceAccountName` needs the provider `azure` or `aws`";
            refuse_field(spec, &["serviceAccountName"], why, findings);
        }
        "Bucket" => bucket(spec, findings),
        "Provider" => {
            const WITH_STATUS: [&str; 6] = ["github", "gitlab", "gitea", "bitbucketserver", "bitbucket", "azuredevops"];
            if text(spec, &["type"]).is_some_and(|kind| !WITH_STATUS.contains(&kind)) {
                let why = "`commitStatusExpr` is for providers that set the status of a commit";
                refuse_field(spec, &["commitStatusExpr"], why, findings);
            }
        }
        "Receiver" => receiver(spec, findings),
        _ => {}
    }
}

fn text<'a>(spec: &'a Node, path: &[&str]) -> Option<&'a str> {
    spec.at(path).and_then(Node::as_str)
}

fn conflict(node: &Node, message: impl Into<String>) -> Diagnostic {
    Diagnostic::error("flux/conflicting-fields", node.span, message)
}

fn refuse_field(spec: &Node, path: &[&str], why: &str, findings: &mut Vec<Diagnostic>) {
    if let Some(node) = spec.at(path) {
        findings.push(conflict(node, why).with_help("take the field out"));
    }
}

fn chart(spec: &Node, findings: &mut Vec<Diagnostic>) {
    match (spec.get("chart"), spec.get("chartRef")) {
        (Some(chart), Some(reference)) => findings.push(
            conflict(reference, "`chart` and `chartRef` exclude each other")
                .with_related(chart.span, "`chart` is here")
                .with_help("keep one of them"),
        ),
        (None, None) => findings.push(
            Diagnostic::error("flux/missing-field", spec.span, "the release names no chart")
                .with_help("set `spec.chart.spec` or `spec.chartRef`"),
        ),
        _ => {}
    }
}

fn retry_interval(spec: &Node, findings: &mut Vec<Diagnostic>) {
    for action in ["install", "upgrade"] {
        if text(spec, &[action, "strategy", "name"]) == Some("RemediateOnFailure") {
            let why = "`retryInterval` is for the strategy `RetryOnFailure`";
            refuse_field(spec, &[action, "strategy", "retryInterval"], why, findings);
        }
    }
}

fn kube_config(spec: &Node, findings: &mut Vec<Diagnostic>) {
    let Some(config) = spec.get("kubeConfig") else { return };
    match (config.get("secretRef"), config.get("configMapRef")) {
        (Some(secret), Some(config_map)) => findings.push(
            conflict(config_map, "`secretRef` and `configMapRef` exclude each other")
                .with_related(secret.span, "`secretRef` is here"),
        ),
        (None, None) => findings.push(
            Diagnostic::error("flux/missing-field", config.span, "`kubeConfig` names no Secret or ConfigMap")
                .with_help("set `secretRef` or `configMapRef`"),
        ),
        _ => {}
    }
}

fn bucket(spec: &Node, findings: &mut Vec<Diagnostic>) {
    let provider = text(spec, &["provider"]).unwrap_or("generic");
    let sts = text(spec, &["sts", "provider"]);
    match (provider, sts) {
        ("aws" | "generic", None) => {}
        ("aws", Some("aws")) | ("generic", Some("ldap")) => {}
        ("aws", Some(_)) => {
            refuse_field(spec, &["sts"], "a bucket of provider `aws` takes tokens from `aws` only", findings)
        }
        ("generic", Some(_)) => {
            refuse_field(spec, &["sts"], "a bucket of provider `generic` takes tokens from `ldap` only", findings);
        }
        _ => refuse_field(spec, &["sts"], "`sts` is for buckets of the providers `aws` and `generic`", findings),
    }
    if sts == Some("aws") {
        refuse_field(spec, &["sts", "secretRef"], "the `aws` token service takes no `secretRef`", findings);
        refuse_field(spec, &["sts", "certSecretRef"], "the `aws` token service takes no `certSecretRef`", findings);
    }
    if provider == "generic" {
        let why = "`serviceAccountName` is not for buckets of provider `generic`";
        refuse_field(spec, &["serviceAccountName"], why, findings);
    } else if spec.get("secretRef").is_some() {
        let why = "`secretRef` and `serviceAccountName` exclude each other";
        refuse_field(spec, &["serviceAccountName"], why, findings);
    }
}

fn receiver(spec: &Node, findings: &mut Vec<Diagnostic>) {
    let providers = spec.get("oidcProviders").and_then(Node::as_list).is_some_and(|list| !list.is_empty());
    match text(spec, &["type"]) {
        Some("generic-oidc") => {
            refuse_field(spec, &["secretRef"], "a receiver of type `generic-oidc` takes no `secretRef`", findings);
            if !providers {
                findings.push(
                    Diagnostic::error(
                        "flux/missing-field",
                        spec.span,
                        "a receiver of type `generic-oidc` needs a provider",
                    )
                    .with_help("set `spec.oidcProviders`"),
                );
            }
        }
        Some(kind) => {
            if providers {
                let why = format!("`oidcProviders` is not for receivers of type `{kind}`");
                refuse_field(spec, &["oidcProviders"], &why, findings);
            }
            if spec.get("secretRef").is_none() {
                findings.push(
                    Diagnostic::error(
                        "flux/missing-field",
                        spec.span,
                        format!("a receiver of type `{kind}` needs a Secret"),
                    )
                    .with_help("set `spec.secretRef`"),
                );
            }
        }
        None => {}
    }
}
