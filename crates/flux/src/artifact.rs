//! Artifacts composed by ArtifactGenerators (`source.extensions.fluxcd.io/v1beta1`, source-watcher v2.2.1).
//!
//! A generator names sources by alias and lists artifacts, each with copy operations; every artifact becomes an
//! ExternalArtifact that Kustomizations and HelmReleases can use as a source. Files that are only copied stay the files
//! that the user wrote, so whatever is built from them leads back to Git.

mod captures;
mod copy;
mod extract;
mod glob;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use source::{Diagnostic, Files, Sources, Span, Tree};
use yaml::Node;

use crate::fields::{items, text};
use crate::unit::SourceId;
use copy::{Operation, Stage, copy, refused};

/// A source of a generator under its alias.
#[derive(Clone, Debug)]
pub struct Input {
    /// The alias in `@alias/…`.
    pub alias: String,
    /// The source.
    pub id: SourceId,
    /// Where it is written.
    pub span: Span,
}

/// An artifact that a generator makes.
#[derive(Debug)]
pub struct Artifact {
    /// The name of the ExternalArtifact; its namespace is the generator's.
    pub name: String,
    /// Where the artifact is written.
    pub span: Span,
    /// Its files, or why there are none.
    pub files: Result<Tree, Box<Diagnostic>>,
}

/// The sources that a generator in `own_namespace` reads, in order.
pub fn inputs(generator: &Node, own_namespace: &str) -> Vec<Input> {
    items(generator, &["spec", "sources"])
        .map(|source| {
            let namespace = Some(text(source, &["namespace"])).filter(|n| !n.is_empty()).unwrap_or(own_namespace);
            Input {
                alias: text(source, &["alias"]).to_owned(),
                id: SourceId::new(text(source, &["kind"]), namespace, text(source, &["name"])),
                span: source.span,
            }
        })
        .collect()
}

/// The names of the artifacts that a generator lists; with `pathPattern` they are templates and not names yet.
pub fn listed_names(generator: &Node) -> Vec<&str> {
    items(generator, &["spec", "artifacts"]).map(|artifact| text(artifact, &["name"])).collect()
}

/// Whether the artifacts are templates for the directories that `spec.pathPattern` finds.
pub fn has_path_pattern(generator: &Node) -> bool {
    !text(generator, &["spec", "pathPattern"]).is_empty()
}

/// Makes every artifact of a generator from its sources by alias. The first artifact that fails takes those after it
/// along, as it does in the controller.
///
/// # Errors
/// What makes the generator as a whole unusable: aliases or names that are there twice, a path pattern that is wrong.
pub fn compose(
    generator: &Node,
    trees: &BTreeMap<String, Arc<dyn Files + '_>>,
    sources: &Sources,
    max_files: usize,
) -> Result<Vec<Artifact>, Box<Diagnostic>> {
    let mut aliases = BTreeSet::new();
    for input in inputs(generator, "") {
        if !aliases.insert(input.alias.clone()) {
            return Err(refused(input.span, format!("the alias `{}` is there twice", input.alias)));
        }
    }
    let wanted = wanted(generator, trees)?;
    let mut artifacts: Vec<Artifact> = Vec::new();
    let mut failed: Option<String> = None;
    for Wanted { name, span, operations } in wanted {
        let files = match &failed {
            Some(before) => Err(refused(span, format!("not composed because `{before}` before it failed"))),
            None => {
                let mut stage =
                    Stage { tree: Tree::new(""), files_left: max_files, bytes_left: extract::MAX_BYTES, sources };
                let done = operations.iter().try_for_each(|operation| copy(operation, trees, &mut stage));
                done.map(|()| stage.tree)
            }
        };
        if files.is_err() && failed.is_none() {
            failed = Some(name.clone());
        }
        artifacts.push(Artifact { name, span, files });
    }
    Ok(artifacts)
}

struct Wanted {
    name: String,
    span: Span,
    operations: Vec<Operation>,
}

fn wanted(generator: &Node, trees: &BTreeMap<String, Arc<dyn Files + '_>>) -> Result<Vec<Wanted>, Box<Diagnostic>> {
    let mut names = BTreeSet::new();
    let mut wanted = Vec::new();
    let mut add = |name: String, artifact: &Node, operations| {
        if !names.insert(name.clone()) {
            let span = artifact.get("name").map_or(artifact.span, |name| name.span);
            return Err(refused(span, format!("two artifacts have the name `{name}`")));
        }
        wanted.push(Wanted { name, span: artifact.span, operations });
        Ok(())
    };
    let Some(pattern) = generator.at(&["spec", "pathPattern"]).filter(|_| has_path_pattern(generator)) else {
        for artifact in items(generator, &["spec", "artifacts"]) {
            add(text(artifact, &["name"]).to_owned(), artifact, operations(artifact))?;
        }
        return Ok(wanted);
    };
    let (alias, path) = pattern
        .as_str()
        .and_then(|pattern| pattern.strip_prefix('@')?.split_once('/'))
        .ok_or_else(|| refused(pattern.span, "`pathPattern` is not of the form `@alias/pattern`".to_owned()))?;
    let files = trees.get(alias).ok_or_else(|| refused(pattern.span, format!("no source has the alias `{alias}`")))?;
    let found = captures::directories(files.as_ref(), path).map_err(|message| refused(pattern.span, message))?;
    for raw in found {
        // Names are lower case in Kubernetes; paths keep the case of the directories.
        let lower: BTreeMap<String, String> = raw.iter().map(|(k, v)| (k.clone(), v.to_lowercase())).collect();
        for artifact in items(generator, &["spec", "artifacts"]) {
            let fill = |template: &str, captures| {
                captures::fill(template, captures).map_err(|message| refused(artifact.span, message))
            };
            let mut operations = operations(artifact);
            for operation in &mut operations {
                operation.from = fill(&operation.from, &raw)?;
                operation.to = fill(&operation.to, &raw)?;
            }
            add(fill(text(artifact, &["name"]), &lower)?, artifact, operations)?;
        }
    }
    Ok(wanted)
}

fn operations(artifact: &Node) -> Vec<Operation> {
    items(artifact, &["copy"])
        .map(|copy| {
            let span = |key| copy.get(key).map_or(copy.span, |node| node.span);
            Operation {
                from: text(copy, &["from"]).to_owned(),
                from_span: span("from"),
                to: text(copy, &["to"]).to_owned(),
                to_span: span("to"),
                exclude: items(copy, &["exclude"]).filter_map(Node::as_str).map(str::to_owned).collect(),
                strategy: text(copy, &["strategy"]).to_owned(),
            }
        })
        .collect()
}
