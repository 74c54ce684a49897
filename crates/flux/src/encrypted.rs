//! Objects that SOPS encrypted: found, masked, and never decrypted here, where there are no keys.

use object::{Action, Object};
use source::{Diagnostic, Span};
use yaml::{Node, Value};

use crate::facts;
use crate::fields::{span, text};

/// What stands for an encrypted value, as `flux build kustomization` prints it; in base64 where a Secret wants base64.
const MASK: &str = "**SOPS**";
const MASK_BASE64: &str = "KipTT1BTKio=";

/// Nesting of values; what is deeper was refused when it was read.
const DEPTH: usize = 256;

/// Masks an object that is encrypted and says what follows from it. `decryption` is `spec.decryption` of the unit.
pub(crate) fn mask(object: &mut Object, decryption: Option<&Node>) -> Option<Diagnostic> {
    if !facts::is_encrypted(&object.node) || is_left_alone(&object.node) {
        return None;
    }
    let place = span(&object.node, &["sops"]);
    let secret = text(&object.node, &["kind"]) == "Secret";
    let id = object.id();
    let finding = match decryption {
        Some(decryption) => {
            let by = decryption.span;
            object.origin.steps.push(object::Step { action: Action::Decrypted, by, layer: "spec.decryption".into() });
            Diagnostic::info(
                "flux/encrypted-not-decrypted",
                place,
                format!("`{id}` is encrypted; its values are masked"),
            )
            .with_label("encrypted with SOPS")
        }
        // kustomize-controller refuses to apply a Secret that is still encrypted, and applies anything else as it is.
        None if secret => {
            let message = format!("`{id}` is encrypted with SOPS and its Kustomization has no `spec.decryption`");
            Diagnostic::error("flux/encrypted-without-decryption", place, message)
                .with_note("kustomize-controller does not apply any object of this Kustomization")
                .with_help("add `decryption: {provider: sops, secretRef: {name: …}}` to the Kustomization")
        }
        None => {
            let message = format!("`{id}` is encrypted with SOPS and would be applied as it is");
            Diagnostic::warning("flux/encrypted-without-decryption", place, message)
                .with_help("add `decryption: {provider: sops, secretRef: {name: …}}` to the Kustomization")
        }
    };
    if (secret || decryption.is_some())
        && let Some(fields) = object.node.as_map_mut()
    {
        fields.remove("sops");
        for field in fields.iter_mut() {
            let mask = if secret && field.key == "data" { MASK_BASE64 } else { MASK };
            mask_values(&mut field.node, mask, DEPTH);
        }
    }
    Some(finding)
}

/// `kustomize.toolkit.fluxcd.io/decrypt: Disabled` keeps kustomize-controller from touching the object.
fn is_left_alone(object: &Node) -> bool {
    text(object, &["metadata", "annotations", "kustomize.toolkit.fluxcd.io/decrypt"]).eq_ignore_ascii_case("disabled")
}

fn mask_values(node: &mut Node, mask: &str, depth: usize) {
    let Some(depth) = depth.checked_sub(1) else { return };
    let span: Span = node.span;
    match &mut node.value {
        Value::Str(text) if text.starts_with("ENC[") => *node = Node::new(span, mask),
        Value::List(items) => items.make_mut().iter_mut().for_each(|item| mask_values(item, mask, depth)),
        Value::Map(fields) => fields.iter_mut().for_each(|field| mask_values(&mut field.node, mask, depth)),
        _ => {}
    }
}
