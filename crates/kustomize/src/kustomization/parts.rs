//! The entries of a kustomization file that are more than a text. Configured transformers share them.

use source::Span;
use yaml::{Node, Str};

use crate::context::{Context, Reported};
use crate::decode::{Fields, Pair, Text, Unknown};
use crate::fieldspec::FieldSpec;
use crate::selector::Selector;

/// The schema that strategic merges use: a file, or the name of a built-in one.
#[derive(Clone, Debug)]
pub(crate) struct OpenApi {
    pub(crate) path: Option<Text>,
    pub(crate) version: Option<Text>,
}

/// One entry of `labels`.
#[derive(Clone, Debug)]
pub(crate) struct LabelsEntry {
    pub(crate) pairs: Vec<Pair>,
    pub(crate) include_selectors: bool,
    pub(crate) include_templates: bool,
    pub(crate) fields: Vec<FieldSpec>,
}

/// One entry of `patches` or `patchesJson6902`.
#[derive(Clone, Debug)]
pub(crate) struct Patch {
    pub(crate) span: Span,
    pub(crate) path: Option<Text>,
    pub(crate) patch: Option<Text>,
    pub(crate) target: Option<Selector>,
    pub(crate) allow_name_change: bool,
    pub(crate) allow_kind_change: bool,
}

/// One entry of `images`.
#[derive(Clone, Debug)]
pub(crate) struct Image {
    pub(crate) span: Span,
    pub(crate) name: Option<Text>,
    pub(crate) new_name: Option<Text>,
    pub(crate) tag_suffix: Option<Text>,
    pub(crate) new_tag: Option<Text>,
    pub(crate) digest: Option<Text>,
}

/// One entry of `replicas`.
#[derive(Clone, Debug)]
pub(crate) struct Replica {
    pub(crate) span: Span,
    pub(crate) name: Option<Text>,
    pub(crate) count: i64,
    /// Where the count stands.
    pub(crate) count_span: Span,
}

/// One entry of `vars`.
#[derive(Clone, Debug)]
pub(crate) struct Var {
    pub(crate) span: Span,
    pub(crate) name: Text,
    pub(crate) api_version: Option<Text>,
    pub(crate) group: Option<Text>,
    pub(crate) version: Option<Text>,
    pub(crate) kind: Option<Text>,
    pub(crate) object_name: Option<Text>,
    pub(crate) namespace: Option<Text>,
    /// `metadata.name` when not given.
    pub(crate) field_path: Text,
}

/// `sortOptions`.
#[derive(Clone, Debug)]
pub(crate) struct SortOptions {
    pub(crate) span: Span,
    pub(crate) order: Option<Text>,
    pub(crate) legacy: Option<LegacyOrder>,
}

/// `sortOptions.legacySortOptions`.
#[derive(Clone, Debug)]
pub(crate) struct LegacyOrder {
    pub(crate) first: Vec<Text>,
    pub(crate) last: Vec<Text>,
}

/// One entry of `configMapGenerator` or `secretGenerator`.
#[derive(Clone, Debug)]
pub(crate) struct Generator {
    pub(crate) span: Span,
    pub(crate) name: Option<Text>,
    pub(crate) namespace: Option<Text>,
    pub(crate) behavior: Option<Text>,
    pub(crate) literals: Vec<Text>,
    pub(crate) files: Vec<Text>,
    /// `envs`, then the deprecated `env`.
    pub(crate) envs: Vec<Text>,
    pub(crate) options: GeneratorOptions,
    /// Of a Secret.
    pub(crate) secret_type: Option<Text>,
}

/// `generatorOptions`, or the `options` of one generator.
#[derive(Clone, Default, Debug)]
pub(crate) struct GeneratorOptions {
    pub(crate) labels: Vec<Pair>,
    pub(crate) annotations: Vec<Pair>,
    pub(crate) disable_name_suffix_hash: bool,
    /// Where `immutable: true` stands.
    pub(crate) immutable: Option<Span>,
}

impl OpenApi {
    pub(crate) fn read(context: &Context<'_>, node: &Node) -> Result<Self, Reported> {
        // Upstream reads a map of texts and looks at two keys; others are left alone.
        let fields = Fields::of(context, node, "`openapi`", Unknown::Ignored)?;
        let openapi = Self { path: fields.text("path"), version: fields.text("version") };
        fields.finish()?;
        Ok(openapi)
    }
}

impl LabelsEntry {
    pub(crate) fn read(context: &Context<'_>, node: &Node) -> Result<Self, Reported> {
        let fields = Fields::of(context, node, "an entry of `labels`", Unknown::Refused)?;
        let specs = fields.list("fields").iter();
        let entry = Self {
            pairs: fields.pairs("pairs").unwrap_or_default(),
            include_selectors: fields.boolean("includeSelectors"),
            include_templates: fields.boolean("includeTemplates"),
            fields: specs.filter_map(|node| fields.taint(FieldSpec::read(context, node, Unknown::Refused))).collect(),
        };
        fields.finish()?;
        Ok(entry)
    }
}

impl FieldSpec {
    pub(crate) fn read(context: &Context<'_>, node: &Node, unknown: Unknown) -> Result<Self, Reported> {
        let fields = Fields::of(context, node, "a field spec", unknown)?;
        let text = |name| fields.text(name).map(|text: Text| text.text.to_string()).unwrap_or_default();
        let (group, version, kind, path) = (text("group"), text("version"), text("kind"), text("path"));
        let create = fields.boolean("create");
        fields.finish()?;
        Ok(Self::new(&group, &version, &kind, &path, create))
    }
}

impl Patch {
    pub(crate) fn read(context: &Context<'_>, node: &Node, unknown: Unknown) -> Result<Self, Reported> {
        let fields = Fields::of(context, node, "an entry of `patches`", unknown)?;
        let (mut allow_name_change, mut allow_kind_change) = (false, false);
        if let Some(options) = fields.node("options") {
            let options = Fields::of(context, options, "`options` of a patch", unknown)?;
            allow_name_change = options.boolean("allowNameChange");
            allow_kind_change = options.boolean("allowKindChange");
            options.finish()?;
        }
        let patch = Self {
            span: node.span,
            path: fields.text("path"),
            patch: fields.text("patch"),
            target: fields.node("target").and_then(|n| fields.taint(Selector::read(context, n, unknown))),
            allow_name_change,
            allow_kind_change,
        };
        fields.finish()?;
        Ok(patch)
    }
}

impl Image {
    pub(crate) fn read(context: &Context<'_>, node: &Node, unknown: Unknown) -> Result<Self, Reported> {
        let fields = Fields::of(context, node, "an entry of `images`", unknown)?;
        let image = Self {
            span: node.span,
            name: fields.text("name"),
            new_name: fields.text("newName"),
            tag_suffix: fields.text("tagSuffix"),
            new_tag: fields.text("newTag"),
            digest: fields.text("digest"),
        };
        fields.finish()?;
        Ok(image)
    }
}

impl Replica {
    pub(crate) fn read(context: &Context<'_>, node: &Node, unknown: Unknown) -> Result<Self, Reported> {
        let fields = Fields::of(context, node, "an entry of `replicas`", unknown)?;
        let (count, count_span) = fields.integer("count").unwrap_or((0, node.span));
        let replica = Self { span: node.span, name: fields.text("name"), count, count_span };
        fields.finish()?;
        Ok(replica)
    }
}

impl Var {
    pub(crate) fn read(context: &Context<'_>, node: &Node) -> Result<Self, Reported> {
        let fields = Fields::of(context, node, "an entry of `vars`", Unknown::Refused)?;
        let mut var = Self {
            span: node.span,
            name: fields.text("name").unwrap_or_else(|| Text { text: Str::from(""), span: node.span }),
            api_version: None,
            group: None,
            version: None,
            kind: None,
            object_name: None,
            namespace: None,
            field_path: Text { text: "metadata.name".into(), span: node.span },
        };
        if let Some(object) = fields.node("objref") {
            let object = Fields::of(context, object, "`objref` of a var", Unknown::Refused)?;
            var.api_version = object.text("apiVersion");
            var.group = object.text("group");
            var.version = object.text("version");
            var.kind = object.text("kind");
            var.object_name = object.text("name");
            var.namespace = object.text("namespace");
            object.finish()?;
        }
        if let Some(field) = fields.node("fieldref") {
            let field = Fields::of(context, field, "`fieldref` of a var", Unknown::Refused)?;
            if let Some(path) = field.text("fieldPath") {
                var.field_path = path;
            }
            field.finish()?;
        }
        fields.finish()?;
        Ok(var)
    }
}

impl SortOptions {
    pub(crate) fn read(context: &Context<'_>, node: &Node) -> Result<Self, Reported> {
        let fields = Fields::of(context, node, "`sortOptions`", Unknown::Refused)?;
        let mut options = Self { span: node.span, order: fields.text("order"), legacy: None };
        if let Some(legacy) = fields.node("legacySortOptions") {
            let legacy = Fields::of(context, legacy, "`legacySortOptions`", Unknown::Refused)?;
            options.legacy = Some(LegacyOrder { first: legacy.texts("orderFirst"), last: legacy.texts("orderLast") });
            legacy.finish()?;
        }
        fields.finish()?;
        Ok(options)
    }
}

impl Generator {
    pub(crate) fn read(context: &Context<'_>, node: &Node, what: &str) -> Result<Self, Reported> {
        let fields = Fields::of(context, node, what, Unknown::Refused)?;
        let generator = Self::read_fields(context, &fields, node.span, Unknown::Refused);
        fields.finish()?;
        Ok(generator)
    }

    /// Reads the fields that generators in a kustomization file share with configured ones.
    pub(crate) fn read_fields(context: &Context<'_>, fields: &Fields<'_>, span: Span, unknown: Unknown) -> Self {
        let mut envs = fields.texts("envs");
        envs.extend(fields.text("env"));
        let options = fields.node("options");
        Self {
            span,
            name: fields.text("name"),
            namespace: fields.text("namespace"),
            behavior: fields.text("behavior"),
            literals: fields.texts("literals"),
            files: fields.texts("files"),
            envs,
            options: options
                .and_then(|node| fields.taint(GeneratorOptions::read(context, node, unknown)))
                .unwrap_or_default(),
            secret_type: None,
        }
    }

    /// Reads a generator of Secrets, which have a type.
    pub(crate) fn read_secret(context: &Context<'_>, node: &Node) -> Result<Self, Reported> {
        let fields = Fields::of(context, node, "an entry of `secretGenerator`", Unknown::Refused)?;
        let mut generator = Self::read_fields(context, &fields, node.span, Unknown::Refused);
        generator.secret_type = fields.text("type");
        fields.finish()?;
        Ok(generator)
    }
}

impl GeneratorOptions {
    pub(crate) fn read(context: &Context<'_>, node: &Node, unknown: Unknown) -> Result<Self, Reported> {
        let fields = Fields::of(context, node, "generator options", unknown)?;
        let options = Self {
            labels: fields.pairs("labels").unwrap_or_default(),
            annotations: fields.pairs("annotations").unwrap_or_default(),
            disable_name_suffix_hash: fields.boolean("disableNameSuffixHash"),
            immutable: fields.boolean("immutable").then(|| fields.node("immutable").map_or(node.span, |n| n.span)),
        };
        fields.finish()?;
        Ok(options)
    }
}
