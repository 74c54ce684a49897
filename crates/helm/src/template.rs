//! `helm template` over a chart and values that are already read: the checks around a render, in helm's order, and the
//! bytes that are printed.
//!
//! Upstream: `pkg/cmd/template.go` and `runInstall` of `pkg/cmd/install.go`, helm 4.2.3.

use gotmpl::{CHART_MESSAGE, Env, Item, Limits, Run, Set, TextOrigin};
use source::Span;

use crate::dependencies::{check_dependencies, check_installable};
use crate::manifest::Hook;
use crate::memo::Memo;
use crate::print::{document, show_only, stream};
use crate::render::{RenderError, Rendered, Settings, render};
use crate::{Chart, Warning};

/// What of a render is printed.
#[derive(Clone, Copy, Debug)]
pub struct Print<'a> {
    /// The files of `crds/` (`--include-crds`).
    pub crds: bool,
    /// Hooks (not with `--no-hooks`).
    pub hooks: bool,
    /// Hooks that are tests (not with `--skip-tests`).
    pub tests: bool,
    /// Only what comes from templates that match one of these (`--show-only`); everything when there are none.
    pub show_only: &'a [String],
}

/// Renders a chart as `helm template` does, which refuses more than a render alone: charts that only lend templates to
/// others, and charts without what they depend on.
///
/// # Errors
/// The first thing that Helm would stop at.
pub fn template(
    chart: &Chart,
    values: &yaml::Map,
    settings: &Settings<'_>,
    memo: &Memo,
) -> Result<Rendered, Box<RenderError>> {
    let mut warnings = Vec::new();
    check_installable(chart, &mut warnings).map_err(RenderError::early)?;
    let checked = check_dependencies(chart).map_err(RenderError::early);
    match checked.and_then(|()| render(chart, values, settings, memo)) {
        Ok(mut rendered) => {
            warnings.append(&mut rendered.warnings);
            warnings.extend(rendered.sorted.skipped.iter().map(|(_, names)| Warning {
                level: "INFO",
                message: "skipping unknown hooks".to_owned(),
                attributes: vec![("hookTypes", names.clone())],
            }));
            Ok(Rendered { warnings, ..rendered })
        }
        Err(mut error) => {
            warnings.append(&mut error.warnings);
            warnings.extend(logged(&error.message));
            Err(Box::new(RenderError { warnings, ..*error }))
        }
    }
}

/// The line with which Helm logs some errors besides telling them.
fn logged(message: &str) -> Option<Warning> {
    let what = ["release name check failed", "chart dependencies processing failed"];
    let (what, why) = what.iter().find_map(|what| Some((*what, message.strip_prefix(what)?.strip_prefix(": ")?)))?;
    Some(Warning { level: "ERROR", message: what.to_owned(), attributes: vec![("error", why.to_owned())] })
}

/// What `helm template` prints of a render.
///
/// # Errors
/// Helm's text when a template that shall be shown is not there.
pub fn printed(rendered: &Rendered, print: &Print<'_>) -> Result<Vec<u8>, String> {
    let crds = if print.crds { rendered.crds.as_slice() } else { &[] };
    let text = stream(crds, &rendered.sorted.manifests, hooks(rendered, print));
    if print.show_only.is_empty() { Ok(text) } else { show_only(&text, print.show_only) }
}

/// What `helm template --debug` prints of a render whose files are no YAML.
pub fn printed_invalid(error: &RenderError) -> Vec<u8> {
    let files = error.files.iter().filter(|(_, text)| !text.as_bytes().trim_ascii().is_empty());
    let mut text = Vec::new();
    files.for_each(|(path, content)| document(&mut text, path, content.as_bytes()));
    let mut text = text.trim_ascii().to_vec();
    text.push(b'\n');
    text
}

/// The hooks that are printed.
pub fn hooks<'r>(rendered: &'r Rendered, print: &Print<'_>) -> impl Iterator<Item = &'r Hook> {
    let (hooks, tests) = (print.hooks, print.tests);
    rendered.sorted.hooks.iter().filter(move |hook| hooks && (tests || !hook.is_test()))
}

/// The name of a release that a template prints, which is told nothing (`--name-template`).
///
/// # Errors
/// Go's text for a template that does not parse or fails.
pub fn name_from_template(template: &str, env: &Env) -> Result<String, String> {
    const NAME: &str = "name-template";
    let origin = TextOrigin::Value(Span::DETACHED);
    let parsed = gotmpl::parse(NAME, &template.as_bytes().into(), origin, Limits::default().depth)
        .map_err(|error| error.message)?;
    let mut set = Set::new();
    set.add(&parsed);
    let run = || {
        let mut run = Run::new(&set, env, Limits::default(), false);
        let text = run.execute(NAME, Item::default()).map_err(|error| {
            let message = String::from_utf8_lossy(&error.message()).into_owned();
            // Sprig's own `fail`, which Helm's replaces only for charts, marks nothing.
            message.replace(CHART_MESSAGE.0, "").replace(CHART_MESSAGE.1, "")
        });
        text.map(|text| String::from_utf8_lossy(&text).into_owned())
    };
    gotmpl::on_large_stack(run).unwrap_or_else(|error| Err(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_come_from_templates() {
        assert_eq!(name_from_template("foo-{{ lower \"X\" }}", &Env::default()).as_deref(), Ok("foo-x"));
        assert!(name_from_template("{{", &Env::default()).unwrap_err().starts_with("template: name-template:1: "));
        let error = name_from_template("{{ fail \"no\" }}", &Env::default()).unwrap_err();
        assert!(error.ends_with("at <fail \"no\">: error calling fail: no"), "{error}");
    }
}
