//! Generators, transformers and validators that are objects of their own: those built in by kind, others refused.

use source::{Diagnostic, Span};
use yaml::{Dialect, Node};

use crate::accumulate::{Accumulated, add_resources, drop_empty};
use crate::configurations::specs;
use crate::context::{Context, Layer, Reported};
use crate::decode::{Fields, Text, Unknown};
use crate::fieldspec::FieldSpec;
use crate::generate::{self, absorb};
use crate::inflate::inflate;
use crate::kustomization::{Generator, HelmChart, HelmGlobals, Image, Patch, ReplacementEntry, Replica};
use crate::layers::Chain;
use crate::provenance::{self, Place};
use crate::resource::Resource;
use crate::selector::Selector;
use crate::set::ResourceSet;
use crate::transform::names::Side;
use crate::transform::namespace::{Namespace, Subjects};
use crate::transform::value_add::Target;
use crate::transform::{annotations, images, labels, names, namespace, replicas, value_add};
use crate::{finish, load, patches, replacements, resources};

/// The field that lists a configuration.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Use {
    Generator,
    Transformer,
    Validator,
}

/// Runs every configuration that the entries name, each given as text, as a file or as a directory to build.
pub(crate) fn run(
    context: &Context<'_>,
    layer: &Layer,
    chain: &Chain<'_>,
    set: &mut ResourceSet,
    entries: &[Text],
    usage: Use,
) -> Result<(), Reported> {
    if entries.is_empty() {
        return Ok(());
    }
    for config in configurations(context, layer, chain, entries)? {
        let config_kind = config.id();
        let built_in = config_kind.gvk.group.is_empty() && config_kind.gvk.version == "builtin";
        if !built_in {
            return Err(context.fail(not_supported(&config, entries)));
        }
        match usage {
            Use::Generator => generator(context, layer, set, &config)?,
            Use::Transformer => transformer(context, layer, set, &config)?,
            Use::Validator => validator(context, layer, set, &config)?,
        }
    }
    Ok(())
}

fn not_supported(config: &Resource, entries: &[Text]) -> Diagnostic {
    let id = config.id();
    let by = entries.first().map_or(Span::DETACHED, |entry| entry.span);
    let message = format!("the plugin `{}` of `{}` would have to be run", id.gvk.kind, id.gvk.api_version());
    Diagnostic::error("kustomize/plugin-not-supported", config.origin.span.or(by), message)
        .with_help("run it before, and commit what it makes; only built-in plugins are supported, as in Flux")
}

/// The configurations: those given as text first, then those of files and directories, as upstream orders them.
fn configurations(
    context: &Context<'_>,
    layer: &Layer,
    chain: &Chain<'_>,
    entries: &[Text],
) -> Result<Vec<Resource>, Reported> {
    let mut all = Accumulated::default();
    let mut paths = Vec::new();
    for entry in entries {
        match resources::of_text(context, entry, &format!("{}, inline configuration", layer.name)) {
            Err(_) => paths.push(entry.clone()),
            Ok(nodes) => {
                for node in nodes {
                    let resource = resources::inline(layer, node, entry.span);
                    all.set.push(resource).map_err(|diagnostic| context.fail(diagnostic))?;
                }
            }
        }
    }
    add_resources(context, layer, chain, &mut all, &paths)?;
    Ok(all.set.into_vec())
}

fn unknown_kind(context: &Context<'_>, config: &Resource, what: &str) -> Reported {
    let message = format!("there is no built-in {what} `{}`", config.id().gvk.kind);
    context.fail(Diagnostic::error("kustomize/unknown-plugin", config.origin.span, message))
}

fn generator(context: &Context<'_>, layer: &Layer, set: &mut ResourceSet, config: &Resource) -> Result<(), Reported> {
    let node = &config.node;
    let mut resource = match &*config.id().gvk.kind {
        "ConfigMapGenerator" => configured_generator(context, layer, node, generate::Kind::ConfigMap)?,
        "SecretGenerator" => configured_generator(context, layer, node, generate::Kind::Secret)?,
        "IAMPolicyGenerator" => iam_policy(context, layer, node)?,
        "HelmChartInflationGenerator" => {
            let fields = Fields::of(context, node, "the configuration of a generator", Unknown::Ignored)?;
            let (globals, chart) = (HelmGlobals::read_fields(&fields), HelmChart::read_fields(&fields, node.span));
            fields.finish()?;
            return inflate(context, layer, set, &chart, &globals, Place::configured(config).as_ref(), false);
        }
        _ => return Err(unknown_kind(context, config, "generator")),
    };
    resource.provenance.origin = Place::configured(config);
    absorb(context, layer, set, resource)
}

fn configured_generator(
    context: &Context<'_>,
    layer: &Layer,
    node: &Node,
    kind: generate::Kind,
) -> Result<Resource, Reported> {
    let fields = Fields::of(context, node, "the configuration of a generator", Unknown::Ignored)?;
    let mut generator = Generator::read_fields(context, &fields, node.span, Unknown::Ignored);
    if kind == generate::Kind::Secret {
        generator.secret_type = fields.text("type");
    }
    fields.finish()?;
    let metadata = |key| {
        let value = node.at(&["metadata", key])?;
        let text = crate::id::scalar(value);
        (!text.is_empty()).then(|| Text { text: text.into(), span: value.span })
    };
    generator.name = generator.name.or_else(|| metadata("name"));
    generator.namespace = generator.namespace.or_else(|| metadata("namespace"));
    generate::generate(context, layer, &generator, &generator.options, kind)
}

/// A service account that is bound to one of Google's cloud.
fn iam_policy(context: &Context<'_>, layer: &Layer, node: &Node) -> Result<Resource, Reported> {
    let fields = Fields::of(context, node, "the configuration of a generator", Unknown::Ignored)?;
    let cloud = fields.text("cloud");
    let empty = || Text { text: "".into(), span: node.span };
    let texts = |name, keys: [&'static str; 2]| -> Result<[Text; 2], Reported> {
        let Some(inner) = fields.node(name) else { return Ok([empty(), empty()]) };
        let inner = Fields::of(context, inner, "the configuration of a generator", Unknown::Ignored)?;
        let texts = keys.map(|key| inner.text(key).unwrap_or_else(empty));
        inner.finish()?;
        Ok(texts)
    };
    let [name, namespace] = texts("kubernetesService", ["name", "namespace"])?;
    let [account, project] = texts("serviceAccount", ["name", "projectId"])?;
    fields.finish()?;
    if cloud.as_ref().map(Text::as_str) != Some("gke") {
        let span = cloud.map_or(node.span, |cloud| cloud.span);
        let message = "`cloud` must be `gke`".to_owned();
        return Err(context.fail(Diagnostic::error("kustomize/unknown-cloud", span, message)));
    }
    let email = format!("{}@{}.iam.gserviceaccount.com", account.as_str(), project.as_str());
    let annotations = [("iam.gke.io/gcp-service-account", Node::new(account.span, email))];
    let mut metadata = vec![("annotations", Node::new(node.span, annotations.into_iter().collect::<yaml::Map>()))];
    metadata.push(("name", name.node()));
    if !namespace.text.is_empty() {
        metadata.push(("namespace", namespace.node()));
    }
    let object: yaml::Map = [
        ("apiVersion", Node::new(node.span, "v1")),
        ("kind", Node::new(node.span, "ServiceAccount")),
        ("metadata", Node::new(node.span, metadata.into_iter().collect::<yaml::Map>())),
    ]
    .into_iter()
    .collect();
    Ok(Resource::new(Node::new(node.span, object), layer.step(object::Action::Generated, node.span)))
}

fn validator(context: &Context<'_>, layer: &Layer, set: &mut ResourceSet, config: &Resource) -> Result<(), Reported> {
    let mut changed = set.clone();
    transformer(context, layer, &mut changed, config)?;
    let differs = set.len() != changed.len() || set.iter().zip(changed.iter()).any(|(a, b)| a.node != b.node);
    if differs {
        let message = format!("the validator `{}` changes objects", config.id().gvk.kind);
        let diagnostic = Diagnostic::error("kustomize/validator-changes-objects", config.origin.span, message);
        return Err(context.fail(diagnostic.with_help("list it under `transformers`")));
    }
    Ok(())
}

fn transformer(context: &Context<'_>, layer: &Layer, set: &mut ResourceSet, config: &Resource) -> Result<(), Reported> {
    let node = &config.node;
    let fields = Fields::of(context, node, "the configuration of a transformer", Unknown::Ignored)?;
    match &*config.id().gvk.kind {
        "AnnotationsTransformer" => {
            let pairs = fields.pairs("annotations").unwrap_or_default();
            let specs = specs(context, &fields, "fieldSpecs", Unknown::Ignored);
            fields.finish()?;
            annotations::apply(context, layer, set, &pairs, &specs)?;
        }
        "LabelTransformer" => {
            let pairs = fields.pairs("labels").unwrap_or_default();
            let specs = specs(context, &fields, "fieldSpecs", Unknown::Ignored);
            fields.finish()?;
            labels::apply(context, layer, set, &pairs, &specs)?;
        }
        "HashTransformer" => finish::add_hashes(context, layer, set)?,
        "ImageTagTransformer" => {
            let empty = Node::new(node.span, yaml::Value::Null);
            let image = Image::read(context, fields.node("imageTag").unwrap_or(&empty), Unknown::Ignored)?;
            let specs = specs(context, &fields, "fieldSpecs", Unknown::Ignored);
            fields.finish()?;
            images::apply(context, layer, set, &image, &specs)?;
        }
        "NamespaceTransformer" => set_namespace(context, layer, set, fields, node)?,
        "PatchJson6902Transformer" => {
            let mut patch = Patch::read(context, node, Unknown::Ignored)?;
            patch.patch = fields.text("jsonOp");
            fields.finish()?;
            patches::apply_json6902(context, layer, set, &[patch])?;
        }
        "PatchStrategicMergeTransformer" => {
            let mut texts = fields.texts("paths");
            texts.extend(fields.text("patches"));
            fields.finish()?;
            if texts.is_empty() {
                let message = "the configuration has neither `paths` nor `patches`".to_owned();
                return Err(context.fail(Diagnostic::error("kustomize/empty-patch", node.span, message)));
            }
            patches::apply_strategic(context, layer, set, &texts)?;
        }
        "PatchTransformer" => {
            let patch = Patch::read(context, node, Unknown::Ignored)?;
            patches::apply(context, layer, set, &[patch])?;
        }
        "PrefixTransformer" => affix(context, layer, set, fields, node, &[Side::Prefix])?,
        "SuffixTransformer" => affix(context, layer, set, fields, node, &[Side::Suffix])?,
        "PrefixSuffixTransformer" => affix(context, layer, set, fields, node, &[Side::Prefix, Side::Suffix])?,
        "ReplacementTransformer" => {
            let entries: Vec<ReplacementEntry> = fields
                .list("replacements")
                .iter()
                .filter_map(|entry| fields.taint(ReplacementEntry::read(context, entry, Unknown::Ignored)))
                .collect();
            fields.finish()?;
            replacements::apply(context, layer, set, &entries)?;
        }
        "ReplicaCountTransformer" => {
            let empty = Node::new(node.span, yaml::Value::Null);
            let replica = Replica::read(context, fields.node("replica").unwrap_or(&empty), Unknown::Ignored)?;
            let specs = specs(context, &fields, "fieldSpecs", Unknown::Ignored);
            fields.finish()?;
            replicas::apply(context, layer, set, &replica, &specs)?;
        }
        "ValueAddTransformer" => add_value(context, layer, set, fields, node)?,
        _ => return Err(unknown_kind(context, config, "transformer")),
    }
    provenance::transformed(set.iter_mut(), Place::configured(config).as_ref());
    drop_empty(set);
    Ok(())
}

fn set_namespace(
    context: &Context<'_>,
    layer: &Layer,
    set: &mut ResourceSet,
    fields: Fields<'_>,
    node: &Node,
) -> Result<(), Reported> {
    let metadata = fields.node("metadata").map(|m| Fields::of(context, m, "`metadata`", Unknown::Ignored));
    let text = match metadata {
        Some(metadata) => metadata?.text("namespace"),
        None => None,
    };
    let specs = specs(context, &fields, "fieldSpecs", Unknown::Ignored);
    let unset_only = fields.boolean("unsetOnly");
    let mode = fields.text("setRoleBindingSubjects");
    fields.finish()?;
    let subjects = match mode.as_ref().map(Text::as_str) {
        None | Some("defaultOnly") => Subjects::Default,
        Some("allServiceAccounts") => Subjects::ServiceAccounts,
        Some("none") => Subjects::Nobody,
        Some(other) => {
            let span = mode.as_ref().map_or(node.span, |mode| mode.span);
            let message = format!("`setRoleBindingSubjects` cannot be `{other}`");
            let diagnostic = Diagnostic::error("kustomize/invalid-option", span, message);
            return Err(context.fail(diagnostic.with_help("use `defaultOnly`, `allServiceAccounts` or `none`")));
        }
    };
    let Some(text) = text else { return Ok(()) };
    namespace::apply(context, layer, set, &Namespace { namespace: &text, specs: &specs, unset_only, subjects })
}

fn affix(
    context: &Context<'_>,
    layer: &Layer,
    set: &mut ResourceSet,
    fields: Fields<'_>,
    node: &Node,
    sides: &[Side],
) -> Result<(), Reported> {
    let specs: Vec<FieldSpec> = specs(context, &fields, "fieldSpecs", Unknown::Ignored);
    let given = fields.node("fieldSpecs").is_some();
    let mut affixes = Vec::new();
    for side in sides {
        let text = fields.text(match side {
            Side::Prefix => "prefix",
            Side::Suffix => "suffix",
        });
        affixes.push((*side, text.unwrap_or_else(|| Text { text: "".into(), span: node.span })));
    }
    fields.finish()?;
    if !given {
        let message = "the configuration has no `fieldSpecs`".to_owned();
        let diagnostic = Diagnostic::error("kustomize/missing-field-specs", node.span, message);
        return Err(context.fail(diagnostic.with_help("add `fieldSpecs: [{path: metadata/name}]`")));
    }
    affixes.iter().try_for_each(|(side, text)| names::apply(context, layer, set, *side, text, &specs))
}

fn add_value(
    context: &Context<'_>,
    layer: &Layer,
    set: &mut ResourceSet,
    fields: Fields<'_>,
    node: &Node,
) -> Result<(), Reported> {
    let mut targets = read_targets(context, &fields);
    if let Some(path) = fields.text("targetFilePath") {
        let documents = load::file(context, layer, &path)
            .and_then(|loaded| load::documents(context, &loaded, Dialect::Kubernetes))
            .map_err(|diagnostic| context.fail(diagnostic))?;
        if let Some(first) = documents.first() {
            let file = Fields::of(context, first, "a file of targets", Unknown::Ignored)?;
            targets.extend(read_targets(context, &file));
            file.finish()?;
        }
    }
    let value = fields.text("value").map(|value| Text { text: value.as_str().trim().into(), span: value.span });
    let value = value.filter(|value| !value.text.is_empty());
    fields.finish()?;
    if targets.is_empty() {
        let message = "the configuration has no `targets`".to_owned();
        return Err(context.fail(Diagnostic::error("kustomize/missing-targets", node.span, message)));
    }
    let value = value.unwrap_or_else(|| Text { text: layer.directory.file_name().into(), span: node.span });
    value_add::apply(context, layer, set, &value, &targets)
}

fn read_targets(context: &Context<'_>, fields: &Fields<'_>) -> Vec<Target> {
    let read = |node: &Node| -> Result<Target, Reported> {
        let target = Fields::of(context, node, "a target", Unknown::Ignored)?;
        let selector = target.node("selector").map(|n| Selector::read(context, n, Unknown::Ignored)).transpose()?;
        let field_path = target.text("fieldPath");
        let position = target.integer("filePathPosition").map_or(0, |(position, _)| position);
        target.finish()?;
        let invalid =
            |message: &str| context.fail(Diagnostic::error("kustomize/invalid-target", node.span, message.to_owned()));
        let field_path = field_path.ok_or_else(|| invalid("a target needs a `fieldPath`"))?;
        let position = usize::try_from(position).map_err(|_| invalid("`filePathPosition` cannot be negative"))?;
        Ok(Target { selector, field_path, position })
    };
    fields.list("targets").iter().filter_map(|node| fields.taint(read(node))).collect()
}
