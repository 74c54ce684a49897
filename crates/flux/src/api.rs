//! What the API server says to a Flux object: the kinds and versions that Flux 2.9 serves, and their fields.

use object::{Gvk, ObjectId};
use source::{Diagnostic, Span};
use yaml::{Map, Node, Value};

use crate::near::{listed, near};

mod rules;
mod table;

use table::{Base, Field, KINDS, Kind, Shape, Text};

/// Findings about an object of any kind; objects that are not Flux's have none.
///
/// A text that still holds a `${variable}` whose value is not known in this run is taken to be right.
pub fn check(object: &Node) -> Vec<Diagnostic> {
    let gvk = Gvk::of(object);
    if !KINDS.iter().any(|known| *gvk.group == *known.group) {
        return Vec::new();
    }
    let mut findings = Vec::new();
    match KINDS.iter().find(|known| *gvk.group == *known.group && *gvk.kind == *known.kind) {
        None => findings.push(unknown_kind(object, &gvk)),
        // Fields of older versions differ; what they are moved to is checked once they are.
        Some(known) if *gvk.version != *known.version => findings.push(old_version(object, &gvk, known)),
        Some(known) => check_object(object, known, &mut findings),
    }
    let what = ObjectId::of(object).to_string();
    findings.into_iter().map(|finding| finding.within(what.clone())).collect()
}

fn field_span(object: &Node, field: &str) -> Span {
    object.get(field).unwrap_or(object).span
}

fn unknown_kind(object: &Node, gvk: &Gvk) -> Diagnostic {
    let names = near(&gvk.kind, KINDS.iter().map(|known| known.kind));
    let message = format!("Flux has no kind `{}` in `{}`", gvk.kind, gvk.group);
    let found = Diagnostic::error("flux/unknown-kind", field_span(object, "kind"), message);
    match listed(&names) {
        Some(listed) => found.with_help(format!("did you mean {listed}?")),
        None => found,
    }
}

fn old_version(object: &Node, gvk: &Gvk, known: &Kind) -> Diagnostic {
    let span = field_span(object, "apiVersion");
    let message = format!("Flux 2.9 does not serve `{}` of {}", gvk.api_version(), gvk.kind);
    Diagnostic::error("flux/deprecated-api", span, message).with_help(format!(
        "write `{}/{}`; `flux migrate -f .` does it for a whole repository",
        known.group, known.version
    ))
}

fn check_object(object: &Node, known: &Kind, findings: &mut Vec<Diagnostic>) {
    for field in object.as_map().into_iter().flatten() {
        if !["apiVersion", "kind", "metadata", "spec", "status"].contains(&&*field.key) {
            let names = near(&field.key, ["metadata", "spec"]);
            findings.push(unknown_field(&field.key, field.key_span, "the object", &names));
        }
    }
    check_fields(object, &known.fields, "", findings);
    if let Some(spec) = object.get("spec").filter(|spec| spec.as_map().is_some()) {
        rules::check(known.kind, spec, findings);
    }
}

fn unknown_field(name: &str, span: Span, place: &str, names: &[&str]) -> Diagnostic {
    let found = Diagnostic::error("flux/unknown-field", span, format!("{place} has no field `{name}`"));
    match listed(names) {
        Some(listed) => found.with_help(format!("did you mean {listed}?")),
        None => found,
    }
}

/// Required fields and the values of known ones. The recursion follows the table, which is finite.
fn check_fields(node: &Node, fields: &[Field], path: &str, findings: &mut Vec<Diagnostic>) {
    for field in fields {
        let path = if path.is_empty() { field.name.to_owned() } else { format!("{path}.{}", field.name) };
        match node.get(field.name).filter(|value| !value.is_null()) {
            Some(value) => check_field(value, field, &path, findings),
            None if field.required => {
                let span = node.get(field.name).unwrap_or(node).span;
                findings.push(Diagnostic::error("flux/missing-field", span, format!("`{path}` is missing")));
            }
            None => {}
        }
    }
}

fn check_field(value: &Node, field: &Field, path: &str, findings: &mut Vec<Diagnostic>) {
    match field.shape {
        Shape::One => check_value(value, field, path, findings),
        Shape::List => match value.as_list() {
            Some(items) => {
                for (index, item) in items.iter().enumerate() {
                    check_value(item, field, &format!("{path}[{index}]"), findings);
                }
            }
            None => findings.extend(wrong_type(value, "a list", path)),
        },
        Shape::Keyed => match value.as_map() {
            Some(entries) => {
                for entry in entries {
                    check_value(&entry.node, field, &format!("{path}.{}", entry.key), findings);
                }
            }
            None => findings.extend(wrong_type(value, "a map", path)),
        },
    }
}

fn check_value(value: &Node, field: &Field, path: &str, findings: &mut Vec<Diagnostic>) {
    let found = match (&field.base, &value.value) {
        (Base::Any, _) | (Base::Boolean, Value::Bool(_)) | (Base::Integer, Value::Int(_) | Value::Uint(_)) => None,
        (Base::Map, Value::Map(map)) => {
            unknown_fields(map, field, path, findings);
            check_fields(value, &field.fields, path, findings);
            None
        }
        (Base::Text(wanted), Value::Str(text)) => check_text(value, wanted, text, path),
        (Base::Duration, Value::Str(text)) => check_duration(value, text, &["ms", "s", "m", "h"], path),
        (Base::Timeout, Value::Str(text)) => check_duration(value, text, &["ms", "s", "m"], path),
        (Base::Map, _) => wrong_type(value, "a map", path),
        (Base::Boolean, _) => wrong_type(value, "a boolean", path),
        (Base::Integer, _) => wrong_type(value, "an integer", path),
        (Base::Text(_), _) => wrong_type(value, "a string", path),
        (Base::Duration | Base::Timeout, _) => {
            wrong_type(value, "a duration", path).map(|found| found.with_help("write it as `5m` or `1h30m`"))
        }
    };
    findings.extend(found);
}

fn unknown_fields(map: &Map, field: &Field, path: &str, findings: &mut Vec<Diagnostic>) {
    for entry in map {
        if !field.fields.iter().any(|known| known.name == &*entry.key) {
            let unused = field.fields.iter().map(|known| known.name).filter(|name| !map.contains_key(name));
            findings.push(unknown_field(&entry.key, entry.key_span, &format!("`{path}`"), &near(&entry.key, unused)));
        }
    }
}

/// A variable that is still in the text may become anything.
fn is_open(text: &str) -> bool {
    text.contains("${")
}

fn wrong_type(value: &Node, wanted: &str, path: &str) -> Option<Diagnostic> {
    if value.as_str().is_some_and(is_open) {
        return None;
    }
    let message = format!("`{path}` must be {wanted}, found {}", value.value.type_name());
    let found = Diagnostic::error("flux/wrong-type", value.span, message);
    let is_scalar = !matches!(value.value, Value::Map(_) | Value::List(_));
    Some(if wanted == "a string" && is_scalar { found.with_help("put it in quotes") } else { found })
}

fn check_text(value: &Node, wanted: &Text, text: &str, path: &str) -> Option<Diagnostic> {
    if is_open(text) {
        return None;
    }
    if !wanted.values.is_empty()
        && !wanted.values.iter().any(|known| *known == text || *known == "\"\"" && text.is_empty())
    {
        let message = format!("`{path}` can not be `{text}`");
        let names = near(text, wanted.values.iter().copied());
        let choices = listed(&wanted.values).unwrap_or_default();
        let help = match listed(&names) {
            Some(listed) => format!("did you mean {listed}? it can be {choices}"),
            None => format!("it can be {choices}"),
        };
        return Some(Diagnostic::error("flux/unknown-value", value.span, message).with_help(help));
    }
    let (least, most) = wanted.length;
    let length = text.chars().count();
    let message = if length < least {
        format!("`{path}` must not be empty")
    } else if let Some(most) = most.filter(|most| length > *most) {
        format!("`{path}` must not be longer than {most} characters")
    } else {
        format!("`{path}` must match `{}`", wanted.mismatch(text)?)
    };
    Some(Diagnostic::error("flux/malformed-value", value.span, message))
}

/// Numbers with units, one or more of them: `1h30m`, `0.5s`.
fn check_duration(value: &Node, text: &str, units: &[&str], path: &str) -> Option<Diagnostic> {
    if is_open(text) || is_duration(text, units) {
        return None;
    }
    let message = format!("`{path}` is not a duration: `{text}`");
    let units = listed(units).unwrap_or_default();
    let help = format!("write numbers with the units {units}, such as `5m`");
    Some(Diagnostic::error("flux/malformed-duration", value.span, message).with_help(help))
}

fn is_duration(text: &str, units: &[&str]) -> bool {
    let mut rest = text;
    while !rest.is_empty() {
        let number = rest.trim_start_matches(|c: char| c.is_ascii_digit());
        let after = match number.strip_prefix('.') {
            Some(fraction) => {
                let after = fraction.trim_start_matches(|c: char| c.is_ascii_digit());
                if after.len() == fraction.len() {
                    return false;
                }
                after
            }
            None => number,
        };
        let Some(next) = units.iter().find_map(|unit| after.strip_prefix(unit)) else { return false };
        if number.len() == rest.len() {
            return false;
        }
        rest = next;
    }
    !text.is_empty()
}

#[cfg(test)]
mod tests {
    use source::Sources;
    use yaml::{Dialect, Limits};

    use super::*;

    #[test]
    fn durations() {
        let units = ["ms", "s", "m", "h"];
        for good in ["5m", "1h30m", "0.5s", "100ms", "1m1m"] {
            assert!(is_duration(good, &units), "{good}");
        }
        for bad in ["", "5", "m", "1d", "1.s", ".5s", "5m ", "-5m", "5 m"] {
            assert!(!is_duration(bad, &units), "{bad}");
        }
        assert!(!is_duration("1h", &["ms", "s", "m"]));
    }

    fn rules(text: &str) -> Vec<String> {
        let id = Sources::new().add("a.yaml", text);
        let objects = yaml::read(id, text.as_bytes(), Dialect::Kubernetes, &Limits::default()).unwrap();
        let found = objects.iter().flat_map(check);
        found.map(|found| format!("{}: {}", found.rule.trim_start_matches("flux/"), found.message)).collect()
    }

    #[test]
    fn findings() {
        let kustomization = "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: a}\n";
        assert_eq!(
            rules(&format!(
                "{kustomization}spec:\n  intervall: 5m\n  prune: \"yes\"\n  timeout: 1d\n  sourceRef: {{kind: GitRepo, name: x}}\n  \
                 postBuild: {{substitute: {{A: 1}}}}\n  wait: ${{wait}}\n"
            )),
            [
                "unknown-field: `spec` has no field `intervall`",
                "missing-field: `spec.interval` is missing",
                "wrong-type: `spec.postBuild.substitute.A` must be a string, found integer",
                "wrong-type: `spec.prune` must be a boolean, found string",
                "unknown-value: `spec.sourceRef.kind` can not be `GitRepo`",
                "malformed-duration: `spec.timeout` is not a duration: `1d`",
            ]
        );
        let release =
            "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: a}\nspec:\n  interval: 5m\n";
        assert_eq!(rules(release), ["missing-field: the release names no chart"]);
        assert_eq!(
            rules("apiVersion: source.toolkit.fluxcd.io/v1beta2\nkind: GitRepository\nmetadata: {name: a}\n"),
            ["deprecated-api: Flux 2.9 does not serve `source.toolkit.fluxcd.io/v1beta2` of GitRepository"]
        );
        assert_eq!(
            rules("apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomisation\n"),
            ["unknown-kind: Flux has no kind `Kustomisation` in `kustomize.toolkit.fluxcd.io`"]
        );
        assert!(rules("apiVersion: v1\nkind: ConfigMap\nfoo: 1\n").is_empty());
    }
}
