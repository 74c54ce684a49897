//! Rules of the room `object`: what the API server refuses by the type of a field alone.

use super::{Rule, rule};

pub(super) const RULES: &[Rule] = &[
    rule(
        "object/value-not-a-string",
        "a value of a ConfigMap or Secret is not a string",
        "The API server refuses the object, and with it everything that its Kustomization applies. Put the value in quotes.",
    ),
    rule(
        "object/value-not-base64",
        "a value in `data` of a Secret or `binaryData` of a ConfigMap is not base64",
        "The API server refuses the object. Encode the value, or put it into `stringData` of the Secret or `data` of the ConfigMap.",
    ),
];
