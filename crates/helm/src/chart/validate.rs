//! What must hold of a `Chart.yaml`, and the cleaning of its texts.
//!
//! Upstream: `pkg/chart/v2/metadata.go` and `dependency.go` of helm 4.2.3.

use std::collections::BTreeSet;

use gotmpl::semver::Version;

use super::metadata::{Dependency, Maintainer, Metadata};

/// Cleans the texts and checks them.
///
/// # Errors
/// Helm's text for the first thing that is wrong.
pub(super) fn validate(metadata: &mut Metadata) -> Result<(), String> {
    check(metadata).map_err(|why| format!("validation: {why}"))
}

fn check(metadata: &mut Metadata) -> Result<(), String> {
    let texts = [
        &mut metadata.name,
        &mut metadata.description,
        &mut metadata.home,
        &mut metadata.icon,
        &mut metadata.condition,
        &mut metadata.tags,
        &mut metadata.app_version,
        &mut metadata.kube_version,
    ];
    texts.into_iter().chain(&mut metadata.sources).chain(&mut metadata.keywords).for_each(sanitize);

    if metadata.api_version.is_empty() {
        return Err("chart.metadata.apiVersion is required".to_owned());
    }
    let name = metadata.name.as_str();
    let quoted = |text: &str| gotmpl::quote(text.as_bytes());
    match name {
        "" => return Err("chart.metadata.name is required".to_owned()),
        "." | ".." => return Err(format!("chart.metadata.name {} is not allowed", quoted(name))),
        // Anything but its own base name in Go's `filepath.Base`; a lone slash is its own.
        name if name.contains('/') && name != "/" => {
            return Err(format!("chart.metadata.name {} is invalid", quoted(name)));
        }
        // Helm takes it; a path must not be made of it.
        "/" => return Err(format!("chart.metadata.name {} is not allowed", quoted(name))),
        _ => {}
    }
    if metadata.version.is_empty() {
        return Err("chart.metadata.version is required".to_owned());
    }
    if Version::parse(&metadata.version).is_err() {
        return Err(format!("chart.metadata.version {} is invalid", quoted(&metadata.version)));
    }
    if !matches!(&*metadata.chart_type, "" | "application" | "library") {
        return Err("chart.metadata.type must be application or library".to_owned());
    }
    for maintainer in &mut metadata.maintainers {
        let Some(Maintainer { name, email, url }) = maintainer else {
            return Err("maintainers must not contain empty or null nodes".to_owned());
        };
        [name, email, url].into_iter().for_each(sanitize);
    }
    let mut names = BTreeSet::new();
    for dependency in metadata.dependencies.iter_mut().flatten() {
        let Some(dependency) = dependency else {
            return Err("dependencies must not contain empty or null nodes".to_owned());
        };
        check_dependency(dependency)?;
        let name = if dependency.alias.is_empty() { &dependency.name } else { &dependency.alias };
        if !names.insert(name.as_str()) {
            return Err(format!("more than one dependency with name or alias {}", quoted(name)));
        }
    }
    Ok(())
}

fn check_dependency(dependency: &mut Dependency) -> Result<(), String> {
    let Dependency { name, version, repository, condition, tags, alias, .. } = dependency;
    [&mut *name, version, repository, condition].into_iter().chain(tags).for_each(sanitize);
    if !alias.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')) {
        let name = gotmpl::quote(name.as_bytes());
        return Err(format!("dependency {name} has disallowed characters in the alias"));
    }
    Ok(())
}

/// Makes each white space a blank and drops what cannot be printed.
fn sanitize(text: &mut String) {
    let clean = |c: char| if c.is_whitespace() { Some(' ') } else { Some(c).filter(|c| gotmpl::is_printable(*c)) };
    if text.chars().any(|c| clean(c) != Some(c)) {
        *text = text.chars().filter_map(clean).collect();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn valid() -> Metadata {
        let text = |text: &str| text.to_owned();
        Metadata { name: text("x"), version: text("0.1.0"), api_version: text("v2"), ..Metadata::default() }
    }

    fn error(change: impl FnOnce(&mut Metadata)) -> String {
        let mut metadata = valid();
        change(&mut metadata);
        validate(&mut metadata).unwrap_err()
    }

    #[test]
    fn refused_in_the_words_of_helm() {
        for name in [".", ".."] {
            let expected = format!("validation: chart.metadata.name \"{name}\" is not allowed");
            assert_eq!(error(|metadata| metadata.name = name.to_owned()), expected);
        }
        for name in ["x/y", "a/", "/a"] {
            let expected = format!("validation: chart.metadata.name \"{name}\" is invalid");
            assert_eq!(error(|metadata| metadata.name = name.to_owned()), expected);
        }
        let version = |text: &str| error(|metadata| metadata.version = text.to_owned());
        assert_eq!(version("1.0.0 "), "validation: chart.metadata.version \"1.0.0 \" is invalid");
        assert_eq!(version(""), "validation: chart.metadata.version is required");
        let dependency = |name: &str, alias: &str| {
            Some(Dependency { name: name.to_owned(), alias: alias.to_owned(), ..Dependency::default() })
        };
        assert_eq!(
            error(|metadata| metadata.dependencies = Some(vec![dependency("a", "b"), dependency("b", "")])),
            "validation: more than one dependency with name or alias \"b\""
        );
        assert_eq!(
            error(|metadata| metadata.dependencies = Some(vec![dependency("a", "a b")])),
            "validation: dependency \"a\" has disallowed characters in the alias"
        );
    }

    #[test]
    fn texts_are_cleaned() {
        let mut metadata = Metadata { description: "a\tb\u{a0}c\u{200b}d\0e é".to_owned(), ..valid() };
        validate(&mut metadata).unwrap();
        assert_eq!(metadata.description, "a b cde é");
    }
}
