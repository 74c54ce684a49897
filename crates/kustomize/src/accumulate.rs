//! The order of work: from an entry to its objects, as `api/internal/target/kusttarget.go` of kustomize v5.8.1 goes.

use std::collections::BTreeSet;
use std::sync::Arc;

use source::{Diagnostic, Files, Sources, Span, TreePath};

use crate::context::{Context, Layer, Reported};
use crate::decode::Text;
use crate::fieldspec::Config;
use crate::generate::{self, absorb};
use crate::inflate::inflate;
use crate::kustomization::{Kind, Var};
use crate::layers::{self, Chain};
use crate::plugins::{self, Use};
use crate::provenance::{self, Place};
use crate::resource::Resource;
use crate::set::ResourceSet;
use crate::transform::names::Side;
use crate::transform::namespace::{Namespace, Subjects};
use crate::transform::{annotations, images, labels, names, namespace, replicas};
use crate::{Entry, Memo, Options, Output, configurations, crds, finish, patches, replacements, resources, vars};

/// What a layer and everything below it gives, before names are hashed and references follow.
#[derive(Clone, Default, Debug)]
pub(crate) struct Accumulated {
    pub(crate) set: ResourceSet,
    /// Field specs that apply from here on upwards; none yet where nothing was read.
    pub(crate) config: Option<Arc<Config>>,
    pub(crate) vars: Vec<Var>,
    /// Directories that were built for it.
    pub(crate) directories: BTreeSet<TreePath>,
}

/// A directory that was built before: the same each time, as nothing above it reaches into it.
pub(crate) type Base = Accumulated;

/// Builds an entry.
///
/// # Errors
/// Everything that keeps it from being built, and the warnings met on the way, in the order they were found.
pub fn build(
    files: &dyn Files,
    sources: &Sources,
    memo: &Memo,
    entry: &Entry,
    options: &Options<'_>,
) -> Result<Output, Vec<Diagnostic>> {
    let context = Context::new(files, sources, memo, options);
    let built = build_entry(&context, entry);
    let diagnostics = context.diagnostics.into_inner();
    match built {
        Ok(objects) if !diagnostics.iter().any(Diagnostic::is_error) => Ok(Output { objects, diagnostics }),
        _ => Err(diagnostics),
    }
}

fn build_entry(context: &Context<'_>, entry: &Entry) -> Result<Vec<object::Object>, Reported> {
    let mut layer = match entry {
        Entry::Directory(path) => {
            let directory = match context.files.resolve(path) {
                Ok((directory, source::Kind::Directory)) => directory,
                other => {
                    let why = other.err().map_or("is not a directory".to_owned(), |error| error.to_string());
                    let message = format!("cannot build `{}`: {why}", context.display(path));
                    let diagnostic = Diagnostic::error("kustomize/missing-directory", Span::DETACHED, message);
                    return Err(context.fail(diagnostic));
                }
            };
            layers::open(context, &directory, None, Span::DETACHED)?
        }
        Entry::Inline { directory, kustomization } => layers::inline(context, directory, kustomization)?,
    };
    if !layer.kustomization.build_metadata.is_empty() {
        layer.route = Some(String::new());
    }
    patches::choose_schema(context, &layer, layer.kustomization.openapi.as_ref(), true)?;
    let chain = Chain { directory: &layer.directory, user: None, depth: 1 };
    let accumulated = accumulate(context, &layer, &chain, Accumulated::default())?;
    finish::finish(context, &layer, accumulated)
}

/// Everything that a layer asks for, on top of what is there already (of the user, for a component).
fn accumulate(
    context: &Context<'_>,
    layer: &Layer,
    chain: &Chain<'_>,
    mut all: Accumulated,
) -> Result<Accumulated, Reported> {
    let kustomization = &layer.kustomization;
    all.directories.insert(layer.directory.clone());
    add_resources(context, layer, chain, &mut all, &kustomization.resources)?;

    let mut config = Config::defaults();
    if !kustomization.configurations.is_empty() {
        let added = configurations::read(context, layer, &kustomization.configurations)?;
        let by = kustomization.configurations.first();
        merge_into(context, Arc::make_mut(&mut config), &added, by)?;
    }
    merge_config(context, &mut all.config, config, kustomization.configurations.first())?;
    if !kustomization.crds.is_empty() {
        let added = crds::config(context, layer, &kustomization.crds)?;
        merge_config(context, &mut all.config, Arc::new(added), kustomization.crds.first())?;
    }

    run_generators(context, layer, chain, &mut all)?;
    for path in &kustomization.components {
        add_component(context, layer, chain, &mut all, path)?;
    }
    let config = all.config.clone().unwrap_or_default();
    run_transformers(context, layer, &mut all.set, &config)?;
    plugins::run(context, layer, chain, &mut all.set, &kustomization.transformers, Use::Transformer)?;
    plugins::run(context, layer, chain, &mut all.set, &kustomization.validators, Use::Validator)?;
    vars::collect(context, &mut all.set, &mut all.vars, &kustomization.vars)?;
    Ok(all)
}

/// Adds what each path names, a file of objects or a directory to build. What is wrong in one does not hide the others.
pub(crate) fn add_resources(
    context: &Context<'_>,
    layer: &Layer,
    chain: &Chain<'_>,
    all: &mut Accumulated,
    paths: &[Text],
) -> Result<(), Reported> {
    let mut result = Ok(());
    for path in paths {
        result = result.and(add_resource(context, layer, chain, all, path));
        // Past a limit every further entry would only say the same again.
        if context.exhausted() {
            return Err(Reported);
        }
    }
    result
}

fn add_resource(
    context: &Context<'_>,
    layer: &Layer,
    chain: &Chain<'_>,
    all: &mut Accumulated,
    path: &Text,
) -> Result<(), Reported> {
    let joined = layer.directory.join(path.as_str());
    let is_directory = joined
        .filter(|_| !path.text.is_empty() && !path.text.starts_with('/'))
        .and_then(|joined| context.files.resolve(&joined).ok())
        .is_some_and(|(_, kind)| kind == source::Kind::Directory);
    if is_directory || layers::is_remote(path.as_str()) {
        let base = build_base(context, layer, chain, path)?;
        return join(context, all, &base, path);
    }
    let read = resources::read(context, layer, path).map_err(|diagnostic| context.fail(diagnostic))?;
    context.count(all.set.len(), read.len(), path.span)?;
    let place = Place::file(layer, path.as_str());
    let mut result = Ok(());
    for mut resource in read {
        resource.provenance.origin = place.clone();
        result = result.and(all.set.push(resource).map_err(|diagnostic| context.fail(diagnostic)));
    }
    result
}

/// Builds a directory on its own, or takes what it gave before.
fn build_base(context: &Context<'_>, layer: &Layer, chain: &Chain<'_>, path: &Text) -> Result<Arc<Base>, Reported> {
    let fail = |diagnostic: Box<Diagnostic>| context.fail(diagnostic);
    let directory = layers::directory(context, chain, path.as_str(), path.span).map_err(fail)?;
    // What objects say about their origin depends on the way, so such bases are not shared.
    let namespace = context.options.charts.and(layer.handed_on()).map(|text| text.text.clone());
    let key = (directory.clone(), namespace);
    let shared = layer.route.is_none().then(|| context.bases.borrow().get(&key).cloned()).flatten();
    if let Some(base) = shared.filter(|base| !base.directories.iter().any(|inner| chain.would_cycle(inner).is_some())) {
        return Ok(base);
    }
    context.count(0, 1, path.span)?;
    let base = open_inner(context, layer, &directory, path)?;
    if base.kustomization.kind == Kind::Component {
        let message = format!("`{}` is a component", path.as_str());
        let diagnostic = Diagnostic::error("kustomize/component-as-resource", path.span, message);
        return Err(context.fail(diagnostic.with_help("list it under `components`")));
    }
    let inner = Chain { directory: &directory, user: Some(chain), depth: chain.depth + 1 };
    let built = Arc::new(accumulate(context, &base, &inner, Accumulated::default())?);
    if layer.route.is_none() {
        context.bases.borrow_mut().insert(key, built.clone());
    }
    Ok(built)
}

/// Adds what a base gave.
fn join(context: &Context<'_>, all: &mut Accumulated, base: &Arc<Base>, by: &Text) -> Result<(), Reported> {
    context.count(all.set.len(), base.set.len(), by.span)?;
    let mut result = Ok(());
    for resource in base.set.iter() {
        result = result.and(all.set.push(resource.clone()).map_err(|diagnostic| context.fail(diagnostic)));
    }
    if let Some(config) = &base.config {
        merge_config(context, &mut all.config, config.clone(), Some(by))?;
    }
    all.directories.extend(base.directories.iter().cloned());
    result.and(vars::join(context, &mut all.vars, base.vars.clone()))
}

fn add_component(
    context: &Context<'_>,
    layer: &Layer,
    chain: &Chain<'_>,
    all: &mut Accumulated,
    path: &Text,
) -> Result<(), Reported> {
    let fail = |diagnostic: Box<Diagnostic>| context.fail(diagnostic);
    let directory = layers::directory(context, chain, path.as_str(), path.span).map_err(fail)?;
    context.count(0, 1, path.span)?;
    let component = open_inner(context, layer, &directory, path)?;
    if component.kustomization.kind != Kind::Component {
        let message = format!("`{}` is not a component", path.as_str());
        let diagnostic = Diagnostic::error("kustomize/not-a-component", path.span, message);
        return Err(context.fail(diagnostic.with_help("list it under `resources`, or set `kind: Component` in it")));
    }
    let inner = Chain { directory: &directory, user: Some(chain), depth: chain.depth + 1 };
    *all = accumulate(context, &component, &inner, std::mem::take(all))?;
    Ok(())
}

/// The layer of a directory that another layer includes.
fn open_inner(context: &Context<'_>, layer: &Layer, directory: &TreePath, path: &Text) -> Result<Layer, Reported> {
    let route = layer.route.as_deref().map(|route| provenance::join(route, path.as_str()));
    let mut inner = layers::open(context, directory, route, path.span)?;
    inner.inherited_namespace = layer.handed_on().cloned();
    patches::choose_schema(context, &inner, inner.kustomization.openapi.as_ref(), false)?;
    Ok(inner)
}

fn merge_config(
    context: &Context<'_>,
    config: &mut Option<Arc<Config>>,
    added: Arc<Config>,
    by: Option<&Text>,
) -> Result<(), Reported> {
    match config {
        // Merging the compiled-in specs with nothing or with themselves changes nothing, and is what nearly all layers do.
        None if Arc::ptr_eq(&added, &Config::defaults()) => *config = Some(added),
        Some(own) if Arc::ptr_eq(own, &added) => {}
        // With others it does: a spec that is listed after a narrower one for the same path is dropped.
        _ => merge_into(context, Arc::make_mut(config.get_or_insert_default()), &added, by)?,
    }
    Ok(())
}

fn merge_into(context: &Context<'_>, config: &mut Config, added: &Config, by: Option<&Text>) -> Result<(), Reported> {
    let nowhere = Text { text: "".into(), span: Span::DETACHED };
    config.merge(added).map_err(|conflict| configurations::refuse(context, by.unwrap_or(&nowhere), &conflict))
}

fn run_generators(
    context: &Context<'_>,
    layer: &Layer,
    chain: &Chain<'_>,
    all: &mut Accumulated,
) -> Result<(), Reported> {
    let kustomization = &layer.kustomization;
    let mut result = Ok(());
    let config_maps = kustomization.config_map_generator.iter().map(|generator| (generator, generate::Kind::ConfigMap));
    let secrets = kustomization.secret_generator.iter().map(|generator| (generator, generate::Kind::Secret));
    for (generator, kind) in config_maps.chain(secrets) {
        let options = generate::merged_options(&generator.options, kustomization.generator_options.as_ref());
        let generator_kind = match kind {
            generate::Kind::ConfigMap => "ConfigMapGenerator",
            generate::Kind::Secret => "SecretGenerator",
        };
        let outcome = generate::generate(context, layer, generator, &options, kind).and_then(|mut resource| {
            resource.provenance.origin = Place::builtin(layer, generator_kind);
            absorb(context, layer, &mut all.set, resource)
        });
        result = result.and(outcome);
    }
    let place = Place::builtin(layer, "HelmChartInflationGenerator");
    for chart in &kustomization.helm_charts {
        let globals = &kustomization.helm_globals;
        result = result.and(inflate(context, layer, &mut all.set, chart, globals, place.as_ref(), true));
    }
    result.and(plugins::run(context, layer, chain, &mut all.set, &kustomization.generators, Use::Generator))
}

/// The transformers that are fields of the kustomization file, in their fixed order. A failure does not hide those of
/// others, except of replacements, which read what the others wrote.
fn run_transformers(
    context: &Context<'_>,
    layer: &Layer,
    set: &mut ResourceSet,
    config: &Config,
) -> Result<(), Reported> {
    let k = &layer.kustomization;
    let mut result = Ok(());
    if !k.patches_strategic_merge.is_empty() {
        result = result.and(patches::apply_strategic(context, layer, set, &k.patches_strategic_merge));
        done(layer, set, "PatchStrategicMergeTransformer");
    }
    for patch in &k.patches {
        result = result.and(patches::apply(context, layer, set, std::slice::from_ref(patch)));
        done(layer, set, "PatchTransformer");
    }
    if let Some(text) = &k.namespace {
        let specs = &config.namespace;
        let what = Namespace { namespace: text, specs, unset_only: false, subjects: Subjects::Default };
        result = result.and(namespace::apply(context, layer, set, &what));
        done(layer, set, "NamespaceTransformer");
    }
    if let Some(prefix) = &k.name_prefix {
        result = result.and(names::apply(context, layer, set, Side::Prefix, prefix, &config.name_prefix));
        done(layer, set, "PrefixTransformer");
    }
    if let Some(suffix) = &k.name_suffix {
        result = result.and(names::apply(context, layer, set, Side::Suffix, suffix, &config.name_suffix));
        done(layer, set, "SuffixTransformer");
    }
    if !k.labels.is_empty() || !k.common_labels.is_empty() {
        for entry in &k.labels {
            let specs = labels::specs_of(context, entry, config)?;
            result = result.and(labels::apply(context, layer, set, &entry.pairs, &specs));
            done(layer, set, "LabelTransformer");
        }
        result = result.and(labels::apply(context, layer, set, &k.common_labels, &config.common_labels));
        done(layer, set, "LabelTransformer");
    }
    if !k.common_annotations.is_empty() {
        result = result.and(annotations::apply(context, layer, set, &k.common_annotations, &config.common_annotations));
        done(layer, set, "AnnotationsTransformer");
    }
    for patch in &k.patches_json6902 {
        result = result.and(patches::apply_json6902(context, layer, set, std::slice::from_ref(patch)));
        done(layer, set, "PatchJson6902Transformer");
    }
    for replica in &k.replicas {
        result = result.and(replicas::apply(context, layer, set, replica, &config.replicas));
        done(layer, set, "ReplicaCountTransformer");
    }
    for image in &k.images {
        result = result.and(images::apply(context, layer, set, image, &config.images));
        done(layer, set, "ImageTagTransformer");
    }
    result?;
    if !k.replacements.is_empty() {
        replacements::apply(context, layer, set, &k.replacements)?;
        done(layer, set, "ReplacementTransformer");
    }
    Ok(())
}

/// Ends a transformer: notes it where that is asked for, and drops objects that it emptied.
fn done(layer: &Layer, set: &mut ResourceSet, kind: &str) {
    if let Some(place) = Place::builtin(layer, kind) {
        provenance::transformed(set.iter_mut(), Some(&place));
    }
    drop_empty(set);
}

/// Drops objects of which nothing is left.
pub(crate) fn drop_empty(set: &mut ResourceSet) {
    let is_empty = |resource: &Resource| resources::is_empty(&resource.node);
    if set.iter().any(is_empty) {
        set.vec_mut().retain(|resource| !is_empty(resource));
    }
}
