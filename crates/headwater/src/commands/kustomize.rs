//! `headwater kustomize build`: YAML to stdout, warnings to stderr, exit code 1 when it cannot be built.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use fetch::{Directory, Display};
use flux::Inflator;
use kustomize::{Entry, Memo, Options};
use object::Object;
use source::Sources;

use crate::args::{KustomizeBuildArgs, LoadRestrictor, Reorder};
use crate::failure::{Failure, Outcome};
use crate::output::Output;
use crate::pipeline::{self, Mirrors};

pub(crate) fn build(args: &KustomizeBuildArgs, output: &Output) -> Result<Outcome, Failure> {
    for flag in args.without_effect.given() {
        output.message(&format!("warning: `{flag}` has no effect: headwater runs no programs here"));
    }
    let current = std::env::current_dir().and_then(fs::canonicalize);
    let current = current.map_err(|error| Failure::new(format!("cannot find the current directory: {error}")))?;
    let shown = args.path.display();
    let path =
        fs::canonicalize(&args.path).map_err(|error| Failure::new(format!("cannot build `{shown}`: {error}")))?;
    if !path.is_dir() {
        let help = "name the directory that holds the kustomization file";
        return Err(Failure::new(format!("cannot build `{shown}`: not a directory")).with_help(help));
    }
    // Bases may be anywhere on the disk, as for the real tool; what files may be loaded is the restrictor's business.
    let root = path.ancestors().last().unwrap_or(&path);
    let display = Display::for_root(root, &args.path, &current);
    let file_limits = yaml::Limits::default();
    let files = Directory::open(root, display, file_limits.bytes as u64)
        .map_err(|error| Failure::new(format!("cannot read `{}`: {error}", root.display())))?;
    let entry = files.tree_path(&path).ok_or_else(|| Failure::new(format!("`{shown}` is not valid UTF-8")))?;

    let sources = Sources::new();
    let mut options = Options::new(match args.load_restrictor {
        LoadRestrictor::RootOnly => kustomize::LoadRestrictor::RootOnly,
        LoadRestrictor::None => kustomize::LoadRestrictor::None,
    });
    options.reorder = args.reorder.map(|reorder| match reorder {
        Reorder::Legacy => kustomize::Reorder::Legacy,
        Reorder::None => kustomize::Reorder::None,
    });
    let mirrors = Mirrors::open(&args.mirrors)?;
    let capabilities = pipeline::capabilities(args.helm_kube_version.as_deref(), &args.helm_api_versions)?;
    let inflator = Inflator::new(mirrors.all(), &sources, capabilities);
    options.charts = args.enable_helm.then_some(&inflator as &dyn kustomize::Charts);
    match kustomize::build(&files, &sources, &Memo::new(), &Entry::Directory(entry), &options) {
        Ok(built) => {
            output.diagnostics(&sources, &built.diagnostics);
            write(&built.objects, args.output.as_deref(), output)?;
            Ok(Outcome::Clean)
        }
        Err(diagnostics) => {
            output.diagnostics(&sources, &diagnostics);
            Ok(Outcome::Findings)
        }
    }
}

fn write(objects: &[Object], to: Option<&Path>, output: &Output) -> Result<(), Failure> {
    let documents = objects.iter().map(|object| yaml::to_yaml(&object.node));
    let Some(path) = to else {
        return output.data(&documents.collect::<Vec<_>>().join("---\n"));
    };
    let save = |path: &Path, text: &str| {
        fs::write(path, text).map_err(|error| Failure::new(format!("cannot write `{}`: {error}", path.display())))
    };
    if !path.is_dir() {
        return save(path, &documents.collect::<Vec<_>>().join("---\n"));
    }
    let namespaces: BTreeSet<_> =
        objects.iter().map(|object| object.id().namespace).filter(|ns| !ns.is_empty()).collect();
    for (object, text) in objects.iter().zip(documents) {
        save(&path.join(file_name(object, namespaces.len() > 1)), &text)?;
    }
    Ok(())
}

/// As kustomize names the files (`kustomize/commands/build/writer.go`, v5.8.1), kept to one path part.
fn file_name(object: &Object, with_namespace: bool) -> String {
    let (gvk, id) = (object.gvk(), object.id());
    let parts = [&*gvk.group, &*gvk.version, &*gvk.kind, &*id.name];
    let parts = std::iter::once(&*id.namespace).filter(|_| with_namespace).chain(parts).filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join("_").to_lowercase().replace('/', "_") + ".yaml"
}
