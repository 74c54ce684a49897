//! The whole way on one page: a path on the command line, a tree of files, the clusters in it, and what each of them gets.
//! Every command is a beginning of this page and a way to print what came out; `diff` goes the way twice.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use fetch::{Directory, Display, Repository, RevisionLimits};
use flux::{ClusterEntry, Options, Rendered, Request, SourceId};
use helm::{Capabilities, KubeVersion};
use object::Object;
use plan::{Comparison, State};
use source::{Diagnostic, Files, Sources, TreePath};

use crate::args::{ClusterArgs, MirrorFolder, SourceFolder};
use crate::failure::Failure;
use crate::output::Output;

/// A tree of files, and the directory in it that is asked about.
pub(crate) struct Place {
    pub(crate) files: Box<dyn Files>,
    pub(crate) at: TreePath,
    /// URLs of the repository's own remotes: a source with one of them is the repository itself.
    pub(crate) remotes: Vec<String>,
}

/// What a repository does not hold.
pub(crate) struct Given {
    folders: Vec<(SourceId, Place, String)>,
    mirrors: Mirrors,
    facts: Vec<Object>,
    options: Options,
}

/// Folders and archives in the place of URLs.
pub(crate) struct Mirrors(Vec<(String, Place, String)>);

impl Mirrors {
    /// Opens what the flags name.
    pub(crate) fn open(mirrors: &[MirrorFolder]) -> Result<Self, Failure> {
        let open = |mirror: &MirrorFolder| {
            Ok((mirror.url.clone(), directory(&mirror.path)?, mirror.path.display().to_string()))
        };
        mirrors.iter().map(open).collect::<Result<_, Failure>>().map(Self)
    }

    /// As the engine takes them.
    pub(crate) fn all(&self) -> Vec<flux::Mirror<'_>> {
        let mirrors = self.0.iter().map(|(url, place, display)| flux::Mirror {
            url: url.clone(),
            files: place.files.as_ref(),
            path: place.at.clone(),
            display: display.clone(),
        });
        mirrors.collect()
    }
}

/// What a run works on.
pub(crate) struct Input {
    /// All texts that were read.
    pub(crate) sources: Sources,
    place: Place,
    given: Given,
}

/// Fetches: finds the repository of a path, the folders given for sources, and the facts.
pub(crate) fn fetch(path: &Path, args: &ClusterArgs, output: &Output) -> Result<Input, Failure> {
    let sources = Sources::new();
    let place = directory(path)?;
    let given = given(&sources, args, output)?;
    Ok(Input { sources, place, given })
}

/// Unfolds: finds the clusters and renders each one that is asked for, all of them when none is.
pub(crate) fn unfold(input: &Input, args: &ClusterArgs) -> Result<Vec<Rendered>, Failure> {
    render(&input.sources, &input.place, &input.given, args)
}

/// The same, for one of several places of a run.
pub(crate) fn render(
    sources: &Sources,
    place: &Place,
    given: &Given,
    args: &ClusterArgs,
) -> Result<Vec<Rendered>, Failure> {
    let at = match &args.entry {
        Some(entry) => {
            place.at.join(entry).ok_or_else(|| Failure::new(format!("`{entry}` leads out of the repository")))?
        }
        None => place.at.clone(),
    };
    let files = place.files.as_ref();
    let found = flux::discover(files, sources, &at);
    let entries = choose(found.entries, args.cluster.as_deref(), &found.diagnostics)?;
    Ok(entries.into_iter().map(|entry| flux::unfold(files, sources, &request(place, given, entry))).collect())
}

/// Compares: what has to happen to get from one rendering of a cluster to another; a side that is missing is empty.
pub(crate) fn compare(old: Option<&Rendered>, new: Option<&Rendered>) -> Comparison {
    plan::compare(&old.map(State::of).unwrap_or_default(), &new.map(State::of).unwrap_or_default())
}

fn request<'a>(place: &Place, given: &'a Given, entry: ClusterEntry) -> Request<'a> {
    let folder = |(id, place, display): &'a (SourceId, Place, String)| {
        let files = place.files.as_ref();
        (id.clone(), flux::Given { files, path: place.at.clone(), display: display.clone() })
    };
    Request {
        entry,
        given: given.folders.iter().map(folder).collect::<BTreeMap<_, _>>(),
        mirrors: given.mirrors.all(),
        facts: given.facts.clone(),
        remotes: place.remotes.clone(),
        options: given.options.clone(),
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
pub(crate) fn directory(path: &Path) -> Result<Place, Failure> {
    let (files, at) = open(path)?;
    let remotes = Repository::open(files.root()).map(|repository| repository.remotes()).unwrap_or_default();
    Ok(Place { files: Box::new(files), at, remotes })
}

/// The same place in a revision of the repository around a path. `REV:PATH` asks about PATH instead.
pub(crate) fn revision(revision: &str, around: &Path) -> Result<Place, Failure> {
    let (files, at) = open(around)?;
    let repository = Repository::open(files.root()).map_err(failed)?;
    let (name, at) = match revision.split_once(':') {
        Some((name, path)) => {
            let outside = || Failure::new(format!("`{path}` leads out of the repository"));
            (name, TreePath::new(path).ok_or_else(outside)?)
        }
        None => (revision, at),
    };
    let tree = repository.tree(name, &RevisionLimits::default()).map_err(failed)?;
    if let Err(error) = tree.resolve(&at) {
        let help = "to compare with something else, name two directories or revisions";
        return Err(Failure::new(format!("`{}` in revision `{name}`: {error}", at.relative())).with_help(help));
    }
    Ok(Place { files: Box::new(tree), at, remotes: repository.remotes() })
}

/// The best common ancestor of two revisions of the repository around a path.
pub(crate) fn merge_base(one: &str, two: &str, around: &Path) -> Result<String, Failure> {
    let (files, _) = open(around)?;
    Repository::open(files.root()).and_then(|repository| repository.merge_base(one, two)).map_err(failed)
}

#[expect(clippy::needless_pass_by_value, reason = "for `map_err`")]
fn failed(error: fetch::RevisionError) -> Failure {
    Failure::new(error.to_string())
}

fn open(path: &Path) -> Result<(Directory, TreePath), Failure> {
    let shown = path.display();
    let current = std::env::current_dir().and_then(fs::canonicalize);
    let current = current.map_err(|error| Failure::new(format!("cannot find the current directory: {error}")))?;
    let found = fs::canonicalize(path).map_err(|error| missing(path, &error))?;
    let directory = if found.is_dir() { found.as_path() } else { found.parent().unwrap_or(&found) };
    let root = directory.ancestors().find(|above| above.join(".git").exists()).unwrap_or(directory);
    let files = Directory::open(root, Display::for_root(root, path, &current), yaml::Limits::default().bytes as u64)
        .map_err(|error| Failure::new(format!("cannot read `{}`: {error}", root.display())))?;
    let at = files.tree_path(&found).ok_or_else(|| Failure::new(format!("`{shown}` is not valid UTF-8")))?;
    Ok((files, at))
}

fn missing(path: &Path, error: &std::io::Error) -> Failure {
    if error.kind() != std::io::ErrorKind::NotFound {
        return Failure::new(format!("cannot open `{}`: {error}", path.display()));
    }
    // The nearest directory above that exists, as the user would write it.
    let above = path.ancestors().skip(1).map(|above| if above.as_os_str().is_empty() { Path::new(".") } else { above });
    let above = above.into_iter().find(|above| above.is_dir()).unwrap_or(Path::new("/"));
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

/// Reads what the flags give besides the repository.
pub(crate) fn given(sources: &Sources, args: &ClusterArgs, output: &Output) -> Result<Given, Failure> {
    let folder = |folder: &SourceFolder| {
        let id = SourceId::new(folder.kind.as_str(), folder.namespace.as_str(), folder.name.as_str());
        Ok((id, directory(&folder.path)?, folder.path.display().to_string()))
    };
    let capabilities = capabilities(args.kube_version.as_deref(), &args.api_versions)?;
    let options = Options { strict_substitution: !args.lenient_substitution, capabilities, ..Options::default() };
    Ok(Given {
        folders: args.sources.iter().map(folder).collect::<Result<_, Failure>>()?,
        mirrors: Mirrors::open(&args.mirrors)?,
        facts: facts(sources, &args.facts, output)?,
        options,
    })
}

/// The cluster as charts see it.
pub(crate) fn capabilities(kube_version: Option<&str>, api_versions: &[String]) -> Result<Capabilities, Failure> {
    let kube_version = match kube_version {
        Some(version) => {
            KubeVersion::parse(version).map_err(|why| Failure::new(why).with_help("write it as `1.33` or `v1.33.4`"))?
        }
        None => KubeVersion::default(),
    };
    Ok(Capabilities { kube_version, api_versions: api_versions.to_vec() })
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
