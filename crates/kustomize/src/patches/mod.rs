//! Strategic merge patches, JSON patches, and the schema that they are merged by.
//!
//! As the `PatchTransformer`, `PatchStrategicMergeTransformer` and `PatchJson6902Transformer` of kustomize v5.8.1.

mod json;
mod json_text;
mod schema;
mod strategic;

use source::{Diagnostic, Span};
use yaml::Node;

use crate::context::{Context, Layer, Reported};
use crate::decode::Text;
use crate::id::ResId;
use crate::kustomization::Patch;
use crate::load::{self, Loaded};
use crate::resources;
use crate::set::ResourceSet;

pub(crate) use json::apply_json6902;
pub(crate) use schema::{SchemaChoice, choose_schema};

/// A patch as it is written: in the kustomization file or in a file of its own.
enum Written<'a> {
    Inline(&'a Text),
    File(&'a Text, Loaded),
}

impl Written<'_> {
    /// The name of the text inside a kustomization file.
    const NAME: &'static str = "patch";

    fn read<'a>(context: &Context<'_>, layer: &Layer, patch: &'a Patch) -> Result<Written<'a>, Reported> {
        let text = patch.patch.as_ref().filter(|text| !text.as_str().trim().is_empty());
        match (text, patch.path.as_ref()) {
            (Some(text), None) => Ok(Written::Inline(text)),
            (None, Some(path)) => match load::file(context, layer, path) {
                Ok(loaded) => Ok(Written::File(path, loaded)),
                Err(error) => Err(context.fail(error)),
            },
            (None, None) => Err(context.fail(
                Diagnostic::error("kustomize/patch-without-content", patch.span, "the patch has no content")
                    .with_help("write it under `patch: |-`, or name its file in `path`"),
            )),
            (Some(text), Some(path)) => Err(context.fail(
                Diagnostic::error(
                    "kustomize/patch-in-two-places",
                    patch.span,
                    "`patch` and `path` cannot stand in the same entry",
                )
                .with_related(text.span, "the patch itself")
                .with_related(path.span, "its file")
                .with_help("make it two entries"),
            )),
        }
    }

    /// The objects in it, if it is a strategic merge patch.
    fn objects(&self, context: &Context<'_>) -> Result<Vec<Node>, Box<Diagnostic>> {
        match self {
            Written::Inline(text) => resources::of_text(context, text, Self::NAME),
            Written::File(_, loaded) => resources::of_file(context, loaded),
        }
    }

    /// Where the kustomization file asks for it.
    fn span(&self) -> Span {
        match self {
            Written::Inline(text) | Written::File(text, _) => text.span,
        }
    }
}

/// `patches`, and configured `PatchTransformer`s.
pub(crate) fn apply(
    context: &Context<'_>,
    layer: &Layer,
    set: &mut ResourceSet,
    patches: &[Patch],
) -> Result<(), Reported> {
    let mut result = Ok(());
    for patch in patches {
        if let Err(reported) = apply_one(context, layer, set, patch) {
            result = Err(reported);
        }
    }
    result
}

fn apply_one(context: &Context<'_>, layer: &Layer, set: &mut ResourceSet, patch: &Patch) -> Result<(), Reported> {
    let written = Written::read(context, layer, patch)?;
    match written.objects(context) {
        Ok(objects) => strategic::apply(context, layer, set, patch, &written, &objects),
        Err(not_strategic) => match json::parse(context, &written) {
            Ok(operations) => json::apply(context, layer, set, patch, &written, &operations),
            Err(json::NoPatch { diagnostic, is_list }) => {
                // A list was meant as a JSON patch, anything else as an object.
                Err(context.fail(if is_list { diagnostic } else { not_strategic }))
            }
        },
    }
}

/// `patchesStrategicMerge`, and configured `PatchStrategicMergeTransformer`s: each text is patches or a path.
pub(crate) fn apply_strategic(
    context: &Context<'_>,
    layer: &Layer,
    set: &mut ResourceSet,
    patches: &[Text],
) -> Result<(), Reported> {
    let mut all = Vec::new();
    for text in patches {
        match resources::of_text(context, text, Written::NAME) {
            Ok(objects) => all.extend(objects),
            Err(_) => {
                let objects = load::file(context, layer, text).and_then(|file| resources::of_file(context, &file));
                all.extend(objects.map_err(|error| context.fail(error))?);
            }
        }
    }
    let Some(first) = patches.first() else { return Ok(()) };
    if all.is_empty() {
        let diagnostic = Diagnostic::error("kustomize/empty-patch", first.span, "there is no patch in these texts");
        return Err(context.fail(diagnostic.with_help("remove them, or write a patch")));
    }
    let mut result = Ok(());
    for patch in &all {
        let one = strategic::by_id(context, layer, set, patch);
        if let Err(reported) = one {
            result = Err(reported);
        }
    }
    result
}

/// The only object that has or had the id of a patch.
fn by_id(context: &Context<'_>, set: &mut ResourceSet, patch: &Node) -> Result<usize, Reported> {
    let id = ResId::of(patch);
    match *set.with_any_id(&id) {
        [position] => Ok(position),
        [] => {
            let near = set.iter().find(|resource| {
                resource.all_ids().iter().any(|other| other.name == id.name && other.gvk.kind == id.gvk.kind)
            });
            let mut diagnostic = Diagnostic::error(
                "kustomize/patch-without-target",
                patch.span,
                format!("no object `{id}` with `apiVersion: {}` to patch", id.gvk.api_version()),
            )
            .with_help(
                "kind, name, namespace and apiVersion must be those of an object of this build, or use `target`",
            );
            if let Some(near) = near {
                let message = format!("this one is `{}` with `apiVersion: {}`", near.id(), near.id().gvk.api_version());
                diagnostic = diagnostic.with_related(near.origin.span, message);
            }
            Err(context.fail(diagnostic))
        }
        ref several => {
            let several = several.to_vec();
            let what = format!("`{id}` stands for {} objects, so it is not clear which to patch", several.len());
            let mut diagnostic = Diagnostic::error("kustomize/ambiguous-patch", patch.span, what)
                .with_help("patch it by `target`, or by the name that it has now");
            for resource in several.iter().filter_map(|position| set.get(*position)) {
                diagnostic = diagnostic.with_related(resource.origin.span, "one of them");
            }
            Err(context.fail(diagnostic))
        }
    }
}

/// Says that a target matches nothing.
fn warn_of_no_match(context: &Context<'_>, patch: &Patch, span: Span) {
    let span = patch.target.as_ref().map_or(span, |target| target.span);
    context.warn(
        Diagnostic::warning("kustomize/patch-matches-nothing", span, "no object matches this target")
            .with_related(patch.span, "the patch is not used")
            .with_help("correct the target, or remove the patch"),
    );
}
