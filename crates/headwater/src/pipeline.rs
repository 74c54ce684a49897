//! The whole way on one page: a path on the command line, a tree of files, the clusters in it, and what each of them gets.
//! Every command is a beginning of this page and a way to print what came out.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use fetch::{Directory, Display};
use flux::{ClusterEntry, Given, Options, Rendered, Request, SourceId};
use object::Object;
use source::{Diagnostic, Files, Sources, TreePath};

use crate::args::{ClusterArgs, SourceFolder};
use crate::failure::Failure;
use crate::output::Output;

/// What a run works on.
pub(crate) struct Input {
    /// All texts that were read.
    pub(crate) sources: Sources,
    files: Box<dyn Files>,
    at: TreePath,
    given: Vec<(SourceId, Directory, TreePath, String)>,
    facts: Vec<Object>,
    options: Options,
}

/// Fetches: finds the repository of a path, the folders given for sources, and the facts.
pub(crate) fn fetch(path: &Path, args: &ClusterArgs, output: &Output) -> Result<Input, Failure> {
    let (files, at) = repository(path)?;
    let sources = Sources::new();
    let facts = facts(&sources, &args.facts, output)?;
    let given = args.sources.iter().map(given).collect::<Result<_, _>>()?;
    let options = Options { strict_substitution: !args.lenient_substitution, ..Options::default() };
    Ok(Input { sources, files: Box::new(files), at, given, facts, options })
}

/// Unfolds: finds the clusters and renders each one that is asked for, all of them when none is.
pub(crate) fn unfold(input: &Input, args: &ClusterArgs) -> Result<Vec<Rendered>, Failure> {
    let at = match &args.entry {
        Some(entry) => {
            input.at.join(entry).ok_or_else(|| Failure::new(format!("`{entry}` leads out of the repository")))?
        }
        None => input.at.clone(),
    };
    let found = flux::discover(input.files.as_ref(), &input.sources, &at);
    let entries = choose(found.entries, args.cluster.as_deref(), &found.diagnostics)?;
    Ok(entries
        .into_iter()
        .map(|entry| flux::unfold(input.files.as_ref(), &input.sources, &request(input, entry)))
        .collect())
}

fn request<'a>(input: &'a Input, entry: ClusterEntry) -> Request<'a> {
    let given = |(id, files, path, display): &'a (SourceId, Directory, TreePath, String)| {
        (id.clone(), Given { files, path: path.clone(), display: display.clone() })
    };
    Request {
        entry,
        given: input.given.iter().map(given).collect::<BTreeMap<_, _>>(),
        facts: input.facts.clone(),
        remotes: Vec::new(),
        options: input.options.clone(),
    }
}

/// The entries that are asked for.
fn choose(
    entries: Vec<ClusterEntry>,
    wanted: Option<&str>,
    diagnostics: &[Diagnostic],
) -> Result<Vec<ClusterEntry>, Failure> {
    if entries.is_empty() {
        let why = diagnostics.first().map_or("no cluster found", |diagnostic| diagnostic.message.as_str());
        let help = "name the directory that Flux starts from, such as `clusters/production`";
        return Err(Failure::new(why).with_help(help));
    }
    let Some(wanted) = wanted else { return Ok(entries) };
    let names: Vec<String> = entries.iter().map(|entry| format!("`{}`", entry.name)).collect();
    let is_wanted =
        |entry: &ClusterEntry| entry.name == wanted || entry.relative_path() == wanted.trim_matches(['.', '/']);
    let found: Vec<_> = entries.into_iter().filter(is_wanted).collect();
    if found.is_empty() {
        let help = format!("the clusters here are {}", names.join(", "));
        return Err(Failure::new(format!("no cluster is called `{wanted}`")).with_help(help));
    }
    Ok(found)
}

/// The tree that a path belongs to, and the path in it: the git work tree around it, or the directory itself.
fn repository(path: &Path) -> Result<(Directory, TreePath), Failure> {
    let shown = path.display();
    let current = std::env::current_dir().and_then(fs::canonicalize);
    let current = current.map_err(|error| Failure::new(format!("cannot find the current directory: {error}")))?;
    let found = fs::canonicalize(path).map_err(|error| missing(path, &current, &error))?;
    let directory = if found.is_dir() { found.as_path() } else { found.parent().unwrap_or(&found) };
    let root = directory.ancestors().find(|above| above.join(".git").exists()).unwrap_or(directory);
    let files = Directory::open(root, Display::for_root(root, path, &current), yaml::Limits::default().bytes as u64)
        .map_err(|error| Failure::new(format!("cannot read `{}`: {error}", root.display())))?;
    let at = files.tree_path(&found).ok_or_else(|| Failure::new(format!("`{shown}` is not valid UTF-8")))?;
    Ok((files, at))
}

fn missing(path: &Path, current: &Path, error: &std::io::Error) -> Failure {
    if error.kind() != std::io::ErrorKind::NotFound {
        return Failure::new(format!("cannot open `{}`: {error}", path.display()));
    }
    let full = current.join(path);
    let above = full.ancestors().skip(1).find(|above| above.is_dir()).unwrap_or(current);
    let mut names: Vec<String> = fs::read_dir(above)
        .into_iter()
        .flatten()
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| !name.starts_with('.'))
        .collect();
    names.sort_unstable();
    let more = if names.len() > 10 { ", …" } else { "" };
    let names: Vec<String> = names.iter().take(10).map(|name| format!("`{name}`")).collect();
    let help = match names.as_slice() {
        [] => format!("`{}` is empty", above.display()),
        names => format!("`{}` holds {}{more}", above.display(), names.join(", ")),
    };
    Failure::new(format!("`{}` does not exist", path.display())).with_help(help)
}

fn given(folder: &SourceFolder) -> Result<(SourceId, Directory, TreePath, String), Failure> {
    let (files, path) = repository(&folder.path)?;
    let id = SourceId::new(folder.kind.as_str(), folder.namespace.as_str(), folder.name.as_str());
    Ok((id, files, path, folder.path.display().to_string()))
}

fn facts(sources: &Sources, paths: &[PathBuf], output: &Output) -> Result<Vec<Object>, Failure> {
    let mut facts = Vec::new();
    for path in paths {
        let shown = path.display().to_string();
        let text = fs::read_to_string(path).map_err(|error| Failure::new(format!("cannot read `{shown}`: {error}")))?;
        let id = sources.add(shown.as_str(), text.as_str());
        let documents = yaml::read(id, text.as_bytes(), yaml::Dialect::Kubernetes, &yaml::Limits::default());
        let read = documents.map_err(|error| vec![*error]).and_then(|documents| flux::facts::read(sources, documents));
        match read {
            Ok(objects) => facts.extend(objects),
            Err(diagnostics) => {
                output.diagnostics(sources, &diagnostics);
                return Err(Failure::new(format!("cannot use the facts in `{shown}`")));
            }
        }
    }
    Ok(facts)
}
