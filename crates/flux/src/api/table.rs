//! The fields of every Flux kind, from a table that is part of the program.
//!
//! `kinds.txt` has one kind per paragraph: a line `group/version Kind`, then one line per field, indented by depth: name,
//! `!` when it is required, `[]` for a list, `{}` for a map with free keys, the type, and for texts the allowed values
//! `a|b`, the length `min..max` and the pattern `/…/`. It follows the definitions that Flux 2.9
//! installs, with the kinds that the Flux Operator adds to what alerts and receivers may name.

use std::sync::{LazyLock, OnceLock};

use regex::Regex;

/// A kind in the version that Flux serves.
pub(super) struct Kind {
    pub(super) group: &'static str,
    pub(super) version: &'static str,
    pub(super) kind: &'static str,
    /// `spec`.
    pub(super) fields: Vec<Field>,
}

/// A field.
pub(super) struct Field {
    pub(super) name: &'static str,
    pub(super) required: bool,
    pub(super) shape: Shape,
    pub(super) base: Base,
    /// Fields of a map.
    pub(super) fields: Vec<Field>,
}

/// How values of the base type are held.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Shape {
    One,
    List,
    /// A map with free keys.
    Keyed,
}

/// The type of a value.
pub(super) enum Base {
    /// Not looked at.
    Any,
    Map,
    Boolean,
    Integer,
    /// A duration of hours, minutes, seconds and milliseconds.
    Duration,
    /// A duration without hours.
    Timeout,
    Text(Text),
}

/// What a text may be.
#[derive(Default)]
pub(super) struct Text {
    /// Allowed values; empty for any.
    pub(super) values: Vec<&'static str>,
    /// Shortest and longest, in characters.
    pub(super) length: (usize, Option<usize>),
    pattern: Option<&'static str>,
    compiled: OnceLock<Option<Regex>>,
}

impl Text {
    /// The pattern, when there is one and the text does not match it.
    pub(super) fn mismatch(&self, text: &str) -> Option<&'static str> {
        let pattern = self.pattern?;
        let regex = self.compiled.get_or_init(|| Regex::new(pattern).ok());
        regex.as_ref().is_some_and(|regex| !regex.is_match(text)).then_some(pattern)
    }
}

/// All kinds, in the order of the table.
pub(super) static KINDS: LazyLock<Vec<Kind>> = LazyLock::new(|| parse(include_str!("kinds.txt")));

fn parse(table: &'static str) -> Vec<Kind> {
    let mut kinds: Vec<Kind> = Vec::new();
    for line in table.lines() {
        let depth = line.len() - line.trim_start().len();
        let (first, rest) = line.trim().split_once(' ').unwrap_or((line.trim(), ""));
        if depth == 0 {
            let (group, version) = object::split_api_version(first);
            kinds.push(Kind { group, version, kind: rest, fields: Vec::new() });
            continue;
        }
        let mut level = kinds.last_mut().map(|kind| &mut kind.fields);
        for _ in 1..depth {
            level = level.and_then(|fields| fields.last_mut()).map(|field| &mut field.fields);
        }
        if let Some(level) = level {
            level.push(field(first, rest));
        }
    }
    kinds
}

fn field(name: &'static str, mut words: &'static str) -> Field {
    let (name, required) = name.strip_suffix('!').map_or((name, false), |name| (name, true));
    let mut shape = Shape::One;
    for (sign, wanted) in [("[] ", Shape::List), ("{} ", Shape::Keyed)] {
        if let Some(rest) = words.strip_prefix(sign) {
            (words, shape) = (rest, wanted);
        }
    }
    let (word, details) = words.split_once(' ').unwrap_or((words, ""));
    let base = match word {
        "map" => Base::Map,
        "boolean" => Base::Boolean,
        "integer" => Base::Integer,
        "duration" => Base::Duration,
        "timeout" => Base::Timeout,
        "string" => Base::Text(text(details)),
        _ => Base::Any,
    };
    Field { name, required, shape, base, fields: Vec::new() }
}

fn text(details: &'static str) -> Text {
    let mut text = Text::default();
    let (words, pattern) = details.split_once('/').unwrap_or((details, ""));
    text.pattern = pattern.strip_suffix('/');
    let words = words.trim();
    if let Some((least, most)) = words.split_once("..") {
        text.length = (least.parse().unwrap_or_default(), most.parse().ok());
    } else if !words.is_empty() {
        text.values = words.split('|').collect();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_read() {
        assert_eq!(KINDS.len(), 15);
        let kustomization = KINDS.iter().find(|kind| kind.kind == "Kustomization").unwrap();
        assert_eq!((kustomization.group, kustomization.version), ("kustomize.toolkit.fluxcd.io", "v1"));
        let spec = &kustomization.fields[0].fields;
        let required: Vec<&str> = spec.iter().filter(|field| field.required).map(|field| field.name).collect();
        assert_eq!(required, ["interval", "prune", "sourceRef"]);
        let source = spec.iter().find(|field| field.name == "sourceRef").unwrap();
        let kind = source.fields.iter().find(|field| field.name == "kind").unwrap();
        assert!(matches!(&kind.base, Base::Text(text) if text.values.contains(&"ExternalArtifact")));
    }

    #[test]
    fn every_pattern_compiles() {
        fn check(fields: &[Field]) {
            for field in fields {
                if let Base::Text(Text { pattern: Some(pattern), .. }) = &field.base {
                    Regex::new(pattern).unwrap();
                }
                check(&field.fields);
            }
        }
        KINDS.iter().for_each(|kind| check(&kind.fields));
    }
}
