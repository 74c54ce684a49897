//! Objects that SOPS encrypted: found, masked, and never decrypted here, where there are no keys.
//!
//! Values are masked as `flux build kustomization` masks them (flux2 2.9, `internal/build/build.go`, `maskSopsData`).

use object::{Action, Object, Step};
use source::{Diagnostic, Span};
use yaml::{Node, Value};

use crate::facts;
use crate::fields::{span, text};

/// What stands for an encrypted value, as text, in base64, and as the JSON that a docker config has to be.
const MASK: &str = "**SOPS**";
const MASK_BASE64: &str = "KipTT1BTKio=";
const DOCKER_MASK: &str = r#"{"mask":"**SOPS**"}"#;
const DOCKER_MASK_BASE64: &str = "eyJtYXNrIjoiKipTT1BTKioifQ==";

/// Nesting of values; what is deeper was refused when it was read.
const DEPTH: usize = 256;

/// Masks what is encrypted in an object and says what follows from it. `decryption` is `spec.decryption` of the unit.
pub fn mask(object: &mut Object, decryption: Option<&Node>) -> Option<Diagnostic> {
    if is_left_alone(&object.node) {
        return None;
    }
    let id = object.id().to_string();
    let secret = text(&object.node, &["kind"]) == "Secret";
    let whole = facts::is_encrypted(&object.node);
    let place = if whole { span(&object.node, &["sops"]) } else { object.node.span };
    let found = match (secret, whole) {
        (true, true) => mask_secret(&mut object.node),
        (true, false) => mask_encrypted_files(&mut object.node),
        (false, true) if decryption.is_some() => mask_values(&mut object.node),
        (false, whole) => whole.then_some(place),
    };
    let place = found?.or(place);
    if let Some(decryption) = decryption {
        let (by, layer) = (decryption.span, "spec.decryption".into());
        object.origin.steps.push(Step { action: Action::Decrypted, by, layer });
        let message = format!("`{id}` is encrypted; its values are masked");
        return Some(
            Diagnostic::info("flux/encrypted-not-decrypted", place, message).with_label("encrypted with SOPS"),
        );
    }
    let finding = if secret && whole {
        let message = format!("`{id}` is encrypted with SOPS and its Kustomization has no `spec.decryption`");
        Diagnostic::error("flux/encrypted-without-decryption", place, message)
            .with_note("kustomize-controller does not apply any object of this Kustomization")
    } else {
        // kustomize-controller refuses encrypted Secrets only.
        let message = format!("`{id}` is encrypted with SOPS and would be applied as it is");
        Diagnostic::warning("flux/encrypted-without-decryption", place, message)
    };
    Some(finding.with_help("add `decryption: {provider: sops, secretRef: {name: …}}` to the Kustomization"))
}

/// `kustomize.toolkit.fluxcd.io/decrypt: Disabled` keeps kustomize-controller from touching the object.
fn is_left_alone(object: &Node) -> bool {
    text(object, &["metadata", "annotations", "kustomize.toolkit.fluxcd.io/decrypt"]).eq_ignore_ascii_case("disabled")
}

/// Every value of a Secret that is encrypted as a whole, also those that are not: which ones were is not ours to tell.
fn mask_secret(secret: &mut Node) -> Option<Span> {
    let docker = text(secret, &["type"]) == "kubernetes.io/dockerconfigjson";
    let (data, string_data) = if docker { (DOCKER_MASK_BASE64, DOCKER_MASK) } else { (MASK_BASE64, MASK) };
    let place = span(secret, &["sops"]);
    let fields = secret.as_map_mut()?;
    fields.remove("sops");
    for (field, mask) in [("data", data), ("stringData", string_data)] {
        let values = fields.get_mut(field).and_then(Node::as_map_mut);
        for value in values.into_iter().flat_map(yaml::Map::iter_mut) {
            value.node = Node::new(value.node.span, mask);
        }
    }
    Some(place)
}

/// Values of a Secret whose text is a file that SOPS encrypted, as a generator puts it there. The place of the first.
fn mask_encrypted_files(secret: &mut Node) -> Option<Span> {
    let encrypted = |text: &str| text.contains("sops") && text.contains("ENC[");
    let names: Vec<String> = facts::data(secret)
        .into_iter()
        .filter(|(_, datum)| datum.text.as_deref().is_some_and(encrypted))
        .map(|(name, _)| name)
        .collect();
    let mut first = None;
    let fields = secret.as_map_mut().filter(|_| !names.is_empty())?;
    for field in ["data", "stringData"] {
        let Some(values) = fields.get_mut(field).and_then(Node::as_map_mut) else { continue };
        for name in &names {
            if let Some(value) = values.get_mut(name) {
                first.get_or_insert(value.span);
                *value = Node::new(value.span, MASK_BASE64);
            }
        }
    }
    first
}

/// The encrypted values of any other object, which Flux decrypts like those of a Secret.
fn mask_values(object: &mut Node) -> Option<Span> {
    let place = span(object, &["sops"]);
    object.as_map_mut()?.remove("sops");
    mask_texts(object, DEPTH);
    Some(place)
}

fn mask_texts(node: &mut Node, depth: usize) {
    let Some(depth) = depth.checked_sub(1) else { return };
    match &mut node.value {
        Value::Str(text) if text.starts_with("ENC[") => *node = Node::new(node.span, MASK),
        Value::List(items) => items.make_mut().iter_mut().for_each(|item| mask_texts(item, depth)),
        Value::Map(fields) => fields.iter_mut().for_each(|field| mask_texts(&mut field.node, depth)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use source::Sources;
    use yaml::{Dialect, Limits};

    use super::*;

    fn masked(text: &str, decryption: bool) -> (String, Option<&'static str>) {
        let sources = Sources::new();
        let file = sources.add("x.yaml", text);
        let node = yaml::read(file, text.as_bytes(), Dialect::Kubernetes, &Limits::default()).unwrap().remove(0);
        let span = node.span;
        let mut object = Object::new(node, span);
        let decryption = decryption.then(|| Node::detached(yaml::Map::new()));
        let finding = mask(&mut object, decryption.as_ref());
        (yaml::to_yaml(&object.node), finding.map(|finding| finding.rule))
    }

    #[test]
    fn masks_as_flux_build_does() {
        let head = "apiVersion: v1\nkind: Secret\nmetadata:\n  name: s\n";
        let sops = "sops:\n  mac: ENC[x]\n";
        let (text, rule) =
            masked(&format!("{head}data:\n  a: ENC[x]\n  b: cGxhaW4=\nstringData:\n  c: ENC[x]\n{sops}"), true);
        assert!(text.contains("a: KipTT1BTKio=\n  b: KipTT1BTKio=\n") && text.contains("c: '**SOPS**'"), "{text}");
        assert_eq!(rule, Some("flux/encrypted-not-decrypted"));
        let (text, _) =
            masked(&format!("{head}type: kubernetes.io/dockerconfigjson\ndata:\n  a: ENC[x]\n{sops}"), true);
        assert!(text.contains(DOCKER_MASK_BASE64), "{text}");
        // `sops: ENC[`
        let (text, rule) = masked(&format!("{head}data:\n  a: c29wczogRU5DWw==\n  b: cGxhaW4=\n"), false);
        assert!(text.contains("a: KipTT1BTKio=\n  b: cGxhaW4=\n"), "{text}");
        assert_eq!(rule, Some("flux/encrypted-without-decryption"));
        let (text, rule) = masked(&format!("{head}data:\n  b: cGxhaW4=\n"), false);
        assert!(text.contains("b: cGxhaW4=") && rule.is_none(), "{text}");
        let map =
            "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: s\ndata:\n  a: ENC[x]\n  b: c\nsops:\n  mac: ENC[x]\n";
        assert!(masked(map, true).0.contains("a: '**SOPS**'\n  b: c"));
        assert!(masked(map, false).0.contains("sops:"));
    }
}
