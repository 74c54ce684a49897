//! From sourceRef to a tree of files: which of the sources of a cluster this run can see, and why.

mod subtree;
pub(crate) mod url;

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use source::{Diagnostic, Files, Sources, Span};
use yaml::Node;

use crate::artifact;
use crate::discovery::EntryKind;
use crate::fields::{group, some_text, text};
use crate::ignore::{self, Archive};
use crate::mirror;
use crate::request::Request;
use crate::unit::{Resolution, SourceId, UnitId};
pub(crate) use subtree::Subtree;

/// A source object that some unit applies.
#[derive(Clone, Debug)]
pub(crate) struct Definition {
    pub(crate) node: Node,
    pub(crate) owner: UnitId,
    pub(crate) span: Span,
}

struct Generator {
    node: Node,
    owner: UnitId,
    composed: bool,
}

enum Composed {
    Files { files: Arc<dyn Files>, generator: String },
    Failed { why: Box<Diagnostic>, generator: String },
}

/// Files that several units build from at once.
pub(crate) type Shared<'a> = Arc<dyn Files + 'a>;

/// What a reference to a source leads to.
pub(crate) enum Found<'a> {
    /// Its files.
    Files(Shared<'a>, Resolution),
    /// Nothing defines it so far.
    Undefined,
    /// It is known, but its files are not here; the sources whose files would help.
    Absent(Vec<SourceId>, Resolution),
    /// It could not be composed.
    Failed(Box<Diagnostic>, Resolution),
}

/// The sources of a cluster as far as they are known.
pub(crate) struct Catalog<'a> {
    files: &'a dyn Files,
    request: &'a Request<'a>,
    /// The repository as each source has it, by the source and its `spec.ignore`: looking for ignore files takes a walk.
    views: RefCell<BTreeMap<(SourceId, Option<String>), Shared<'a>>>,
    /// The source that the cluster starts from: the repository itself.
    pub(crate) entry: SourceId,
    /// The one Git source that a cluster without a definition of its start uses.
    only_git: Option<SourceId>,
    pub(crate) definitions: BTreeMap<SourceId, Definition>,
    generators: BTreeMap<(String, String), Generator>,
    composed: BTreeMap<SourceId, Composed>,
}

impl<'a> Catalog<'a> {
    pub(crate) fn new(files: &'a dyn Files, request: &'a Request<'a>, entry: SourceId) -> Self {
        Self {
            files,
            request,
            views: RefCell::default(),
            entry,
            only_git: None,
            definitions: BTreeMap::new(),
            generators: BTreeMap::new(),
            composed: BTreeMap::new(),
        }
    }

    /// Takes in an object that a unit applies, if it is a source or makes one. The first definition stays.
    pub(crate) fn learn(&mut self, node: &Node, namespace: &str, owner: &UnitId, span: Span) {
        let name = text(node, &["metadata", "name"]);
        match group(node) {
            "source.toolkit.fluxcd.io" => {
                let id = SourceId::new(text(node, &["kind"]), namespace, name);
                let definition = || Definition { node: node.clone(), owner: owner.clone(), span };
                self.definitions.entry(id).or_insert_with(definition);
            }
            "source.extensions.fluxcd.io" if text(node, &["kind"]) == "ArtifactGenerator" => {
                let key = (namespace.to_owned(), name.to_owned());
                let generator = || Generator { node: node.clone(), owner: owner.clone(), composed: false };
                self.generators.entry(key).or_insert_with(generator);
            }
            _ => {}
        }
    }

    /// `spec.ignore` of a source, where it is known.
    pub(crate) fn ignore_of(&self, id: &SourceId) -> Option<&Node> {
        self.definitions.get(id)?.node.at(&["spec", "ignore"])
    }

    /// A cluster that is only a directory may name its Git source as it likes. When everything that is wanted so far
    /// names the same one, that is the repository.
    pub(crate) fn settle_only_git(&mut self, wanted: &BTreeSet<SourceId>) {
        if self.only_git.is_some() || self.request.entry.kind != EntryKind::Directory {
            return;
        }
        let mut git = wanted.iter().filter(|id| id.kind == "GitRepository");
        if let (Some(one), None) = (git.next(), git.next()) {
            self.only_git = Some(one.clone());
        }
    }

    /// Composes the artifacts of every generator whose sources are all here by now. Gives the findings about generators.
    pub(crate) fn compose(&mut self, sources: &Sources) -> Vec<Diagnostic> {
        let mut findings = Vec::new();
        // An artifact can be the source of another generator.
        loop {
            let ready: Vec<(String, String)> = self
                .generators
                .iter()
                .filter(|(key, generator)| !generator.composed && self.trees(key).is_some())
                .map(|(key, _)| key.clone())
                .collect();
            if ready.is_empty() {
                return findings;
            }
            for key in ready {
                self.compose_one(&key, sources, &mut findings);
            }
        }
    }

    fn generator_inputs(&self, key: &(String, String)) -> Vec<artifact::Input> {
        let Some(generator) = self.generators.get(key) else { return Vec::new() };
        artifact::inputs(&generator.node, &key.0)
    }

    /// The trees of a generator by alias, once all of them are here.
    fn trees(&self, key: &(String, String)) -> Option<BTreeMap<String, Shared<'a>>> {
        self.generator_inputs(key)
            .into_iter()
            .map(|input| match self.find(&input.id) {
                Found::Files(files, _) => Some((input.alias, files)),
                _ => None,
            })
            .collect()
    }

    fn compose_one(&mut self, key: &(String, String), sources: &Sources, findings: &mut Vec<Diagnostic>) {
        let Some(trees) = self.trees(key) else { return };
        let Some(generator) = self.generators.get_mut(key) else { return };
        generator.composed = true;
        let display = format!("{}/{}", key.0, key.1);
        let within = [format!("ArtifactGenerator/{display}"), generator.owner.to_string()];
        let about = |mut diagnostic: Diagnostic| {
            diagnostic.within.extend(within.iter().cloned());
            diagnostic
        };
        let limit = self.request.options.limits.artifact_files;
        match artifact::compose(&generator.node, &trees, sources, limit) {
            Ok(artifacts) => {
                for made in artifacts {
                    let id = SourceId::new("ExternalArtifact", key.0.as_str(), made.name.as_str());
                    let composed = match made.files {
                        Ok(tree) => {
                            let files = Arc::new(ignore::artifact(Arc::new(tree), Archive::Composed, None));
                            Composed::Files { files, generator: display.clone() }
                        }
                        Err(why) => {
                            findings.push(about((*why).clone()));
                            Composed::Failed { why, generator: display.clone() }
                        }
                    };
                    self.composed.entry(id).or_insert(composed);
                }
            }
            Err(why) => {
                for name in artifact::listed_names(&generator.node) {
                    let id = SourceId::new("ExternalArtifact", key.0.as_str(), name);
                    let failed = || Composed::Failed { why: why.clone(), generator: display.clone() };
                    self.composed.entry(id).or_insert_with(failed);
                }
                findings.push(about(*why));
            }
        }
    }

    /// Where a reference leads as things stand.
    pub(crate) fn find(&self, id: &SourceId) -> Found<'a> {
        if let Some(given) = self.request.given.get(id) {
            // The folder stands for the artifact: what its maker would have left out is left out already.
            let files: Shared<'a> = Arc::new(Subtree::new(given.files, &given.path));
            return Found::Files(files, Resolution::Given { display: given.display.clone() });
        }
        if id.kind == "ExternalArtifact" {
            return self.external(id);
        }
        let definition = self.definitions.get(id);
        if let Some(because) = self.is_repository(id, definition) {
            let ignored = definition.and_then(|definition| some_text(&definition.node, &["spec", "ignore"]));
            let files = self.view(id, ignored);
            let resolution = Resolution::Repository { root: self.request.entry.root.clone(), because };
            return Found::Files(files, resolution);
        }
        match definition {
            Some(definition) => {
                self.mirrored(definition).unwrap_or_else(|| Found::Absent(vec![id.clone()], Resolution::NotAvailable))
            }
            None => Found::Undefined,
        }
    }

    /// The files that a mirror holds of a source. A Helm repository has no files, only charts.
    fn mirrored(&self, definition: &Definition) -> Option<Found<'a>> {
        let has_files = ["GitRepository", "OCIRepository", "Bucket"].contains(&text(&definition.node, &["kind"]));
        let url = url::of(&definition.node).filter(|_| has_files)?;
        let (mirror, files) = mirror::folder(&self.request.mirrors, &url)?;
        Some(Found::Files(files, Resolution::Mirrored { display: mirror.display.clone() }))
    }

    fn view(&self, id: &SourceId, ignored: Option<&str>) -> Shared<'a> {
        let key = (id.clone(), ignored.map(str::to_owned));
        let mut views = self.views.borrow_mut();
        let make = || -> Shared<'a> {
            let archive = if id.kind == "Bucket" { Archive::Bucket } else { Archive::Repository };
            Arc::new(ignore::artifact(Arc::new(self.whole()), archive, ignored))
        };
        views.entry(key).or_insert_with(make).clone()
    }

    /// The repository without ignore rules.
    pub(crate) fn whole(&self) -> Subtree<'a> {
        Subtree::new(self.files, &self.request.entry.root)
    }

    /// Where the files of a source come from.
    pub(crate) fn resolution(&self, id: &SourceId) -> Resolution {
        match (&*id.kind, self.find(id)) {
            ("HelmRepository" | "HelmChart", Found::Absent(..)) => Resolution::NotNeeded,
            (_, Found::Files(_, resolution) | Found::Absent(_, resolution) | Found::Failed(_, resolution)) => {
                resolution
            }
            (_, Found::Undefined) if self.waiting_generator(id).is_some() => Resolution::NotAvailable,
            (_, Found::Undefined) => Resolution::NotDefined,
        }
    }

    fn external(&self, id: &SourceId) -> Found<'a> {
        match self.composed.get(id) {
            Some(Composed::Files { files, generator }) => {
                Found::Files(files.clone(), Resolution::Composed { generator: generator.clone() })
            }
            Some(Composed::Failed { why, generator }) => {
                Found::Failed(why.clone(), Resolution::Composed { generator: generator.clone() })
            }
            None => match self.definitions.get(id) {
                Some(_) => Found::Absent(vec![id.clone()], Resolution::NotAvailable),
                None => Found::Undefined,
            },
        }
    }

    /// Once nothing more will be defined: what an undefined artifact waits for, when a generator would make it.
    pub(crate) fn waiting_generator(&self, id: &SourceId) -> Option<(String, Vec<artifact::Input>)> {
        let (key, _) = self.generators.iter().find(|((namespace, _), generator)| {
            !generator.composed
                && *namespace == *id.namespace
                && (artifact::has_path_pattern(&generator.node)
                    || artifact::listed_names(&generator.node).contains(&&*id.name))
        })?;
        let absent =
            self.generator_inputs(key).into_iter().filter(|input| !matches!(self.find(&input.id), Found::Files(..)));
        (id.kind == "ExternalArtifact").then(|| (format!("{}/{}", key.0, key.1), absent.collect()))
    }

    /// Why the source is the repository itself, if it is.
    fn is_repository(&self, id: &SourceId, definition: Option<&Definition>) -> Option<String> {
        if *id == self.entry {
            return Some("the cluster starts from it".to_owned());
        }
        if id.kind != "GitRepository" {
            return None;
        }
        if let Some(definition) = definition {
            let own = url::normal(text(&definition.node, &["spec", "url"]));
            let reference = definition.node.at(&["spec", "ref"]);
            if let Some(start) = self.definitions.get(&self.entry) {
                let same = url::normal(text(&start.node, &["spec", "url"])) == own;
                if same && start.node.at(&["spec", "ref"]) == reference {
                    return Some(format!("it has the URL of `{}`", self.entry));
                }
                if same {
                    return None;
                }
            }
            if self.request.remotes.iter().any(|remote| url::normal(remote) == own) {
                return Some("its URL is the repository's own".to_owned());
            }
        }
        (self.only_git.as_ref() == Some(id)).then(|| "it is the only Git source of the cluster".to_owned())
    }

    /// Every name of a source of the kind that is known, for suggestions.
    pub(crate) fn names(&self, kind: &str) -> Vec<&SourceId> {
        let composed = self.composed.keys().filter(|id| kind == id.kind.as_str());
        self.definitions.keys().filter(|id| kind == id.kind.as_str()).chain(composed).collect()
    }

    /// Artifacts that were composed, with their generators' owners.
    pub(crate) fn artifacts(&self) -> impl Iterator<Item = (&SourceId, Option<&UnitId>)> {
        self.composed.iter().map(|(id, composed)| {
            let (Composed::Files { generator, .. } | Composed::Failed { generator, .. }) = composed;
            let key = generator.split_once('/').map(|(namespace, name)| (namespace.to_owned(), name.to_owned()));
            (id, key.and_then(|key| self.generators.get(&key)).map(|generator| &generator.owner))
        })
    }
}
