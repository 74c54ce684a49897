//! The variables of a Kustomization: `postBuild.substituteFrom` in order, then `postBuild.substitute`, which wins.

use std::collections::BTreeMap;

use source::{Diagnostic, Span};
use yaml::{Node, Str, Value};

use crate::facts::{DataKind, Lookup, data};

/// The value of a variable.
#[derive(Clone, Debug)]
pub struct Variable {
    /// The text without line breaks; `None` when the name is known and the value is not, as in an encrypted Secret.
    pub text: Option<String>,
    /// Where the value is written.
    pub span: Span,
    /// Whether it comes from a Secret.
    pub secret: bool,
}

/// A ConfigMap or Secret that `substituteFrom` needs and that is not known in this run.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct MissingSource {
    /// ConfigMap or Secret.
    pub kind: DataKind,
    /// Namespace of the Kustomization.
    pub namespace: Str,
    /// Name.
    pub name: Str,
    /// The entry in `substituteFrom`.
    pub span: Span,
}

/// What `postBuild` of one Kustomization gives.
#[derive(Clone, Debug, Default)]
pub struct Variables {
    values: BTreeMap<String, Variable>,
    /// Sources that are not known. While there are any, variables without value stay as they are written.
    pub missing: Vec<MissingSource>,
    /// Secrets whose values are encrypted in Git: their variables stay as they are written.
    pub encrypted: Vec<MissingSource>,
    /// `substituteStrategy: Always`: substitution runs without variables too.
    pub always: bool,
    /// Where `postBuild` is written.
    pub span: Span,
    /// Names that Flux refuses, with the place of each.
    pub(super) invalid: Vec<(String, Span)>,
}

impl Default for Variable {
    fn default() -> Self {
        Self { text: Some(String::new()), span: Span::DETACHED, secret: false }
    }
}

impl Variables {
    /// The variable with this name.
    pub fn get(&self, name: &str) -> Option<&Variable> {
        self.values.get(name)
    }

    /// The names in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.values.keys().map(String::as_str)
    }

    /// Sets a variable, replacing one of the same name.
    pub fn insert(&mut self, name: &str, variable: Variable) {
        if !is_name(name) {
            self.invalid.push((name.to_owned(), variable.span));
        }
        self.values.insert(name.to_owned(), variable);
    }

    /// Whether objects are looked at at all.
    pub(super) fn run(&self) -> bool {
        self.always || !self.values.is_empty() || !self.missing.is_empty()
    }
}

/// `^[_[:alpha:]][_[:alpha:][:digit:]]*$`, in ASCII (kustomize_varsub.go, fluxcd/pkg kustomize).
fn is_name(name: &str) -> bool {
    let mut bytes = name.bytes();
    bytes.next().is_some_and(|b| b == b'_' || b.is_ascii_alphabetic())
        && bytes.all(|b| b == b'_' || b.is_ascii_alphanumeric())
}

/// The variables of a Kustomization object; `None` without `postBuild`.
pub fn variables(kustomization: &Node, lookup: &dyn Fn(DataKind, &str, &str) -> Lookup) -> Option<Variables> {
    let post_build = kustomization.at(&["spec", "postBuild"]).filter(|node| node.as_map().is_some())?;
    let namespace = kustomization.at(&["metadata", "namespace"]).and_then(Node::as_str).unwrap_or_default();
    let mut variables = Variables { span: post_build.span, ..Variables::default() };
    variables.always = post_build.get("substituteStrategy").and_then(Node::as_str) == Some("Always");
    let references = post_build.get("substituteFrom").and_then(Node::as_list);
    for reference in references.into_iter().flatten() {
        let kind = reference.get("kind").and_then(Node::as_str).and_then(DataKind::new);
        let (Some(kind), Some(name)) = (kind, reference.get("name").and_then(Node::as_str)) else { continue };
        let source = || MissingSource {
            kind,
            namespace: namespace.into(),
            name: name.into(),
            span: reference.get("name").map_or(reference.span, |n| n.span),
        };
        let optional = reference.get("optional").and_then(|node| node.value.as_bool()) == Some(true);
        match lookup(kind, namespace, name) {
            Lookup::Found(object) => {
                for (key, datum) in data(&object) {
                    let text = datum.text.map(|text| text.replace('\n', ""));
                    variables.insert(&key, Variable { text, span: datum.span, secret: kind == DataKind::Secret });
                }
            }
            Lookup::Encrypted(object) => {
                variables.encrypted.push(source());
                for (key, datum) in data(&object) {
                    variables.insert(&key, Variable { text: None, span: datum.span, secret: true });
                }
            }
            Lookup::Missing if optional => {}
            Lookup::Missing => variables.missing.push(source()),
        }
    }
    let inline = post_build.get("substitute").and_then(Node::as_map);
    for entry in inline.into_iter().flatten() {
        let text = match &entry.node.value {
            Value::Str(text) => text.replace('\n', ""),
            // The API server refuses it; that is the finding of the API's own check.
            _ => continue,
        };
        variables.insert(&entry.key, Variable { text: Some(text), span: entry.node.span, secret: false });
    }
    Some(variables)
}

impl Variables {
    /// What is to say about the sources that are not known in this run.
    pub fn diagnostics(&self) -> Vec<Diagnostic> {
        let missing = self.missing.iter().map(|source| {
            Diagnostic::warning(
                "flux/missing-substitution-source",
                source.span,
                format!("{} `{}/{}` is not in this repository", source.kind.as_str(), source.namespace, source.name),
            )
            .with_note("variables that nothing else defines stay as they are written")
            .with_help("if it lives in the cluster only, give its values with `--facts FILE`; else mark the reference `optional: true`")
        });
        let encrypted = self.encrypted.iter().map(|source| {
            Diagnostic::info(
                "flux/encrypted-substitution-source",
                source.span,
                format!("the values of Secret `{}/{}` are encrypted", source.namespace, source.name),
            )
            .with_note("its variables stay as they are written")
            .with_help("give stand-ins for its values with `--facts FILE`")
        });
        missing.chain(encrypted).collect()
    }
}
