//! Which schema the strategic merges of a build use.

use std::sync::Arc;

use object::Schema;
use source::Diagnostic;
use yaml::Dialect;

use crate::context::{Context, Layer, Reported};
use crate::kustomization::OpenApi;
use crate::load;

/// The version of the only schema that kustomize v5.8.1 has built in.
const BUILT_IN: &str = "v1.21.2";

/// The schema that strategic merges use in one build.
#[derive(Clone, Default, Debug)]
pub(crate) enum SchemaChoice {
    /// Nobody chose: the built-in one.
    #[default]
    Open,
    /// The built-in one was asked for.
    BuiltIn,
    /// A file's, which takes the place of the built-in one.
    Custom(Arc<Schema>),
}

impl SchemaChoice {
    /// The schema.
    pub(crate) fn schema(&self) -> &Schema {
        match self {
            SchemaChoice::Open | SchemaChoice::BuiltIn => Schema::built_in(),
            SchemaChoice::Custom(schema) => schema,
        }
    }
}

/// Chooses the schema that an `openapi` field asks for; that of the entry wins over those of bases, and the first base
/// over those after it.
pub(crate) fn choose_schema(
    context: &Context<'_>,
    layer: &Layer,
    openapi: Option<&OpenApi>,
    entry: bool,
) -> Result<(), Reported> {
    let Some(openapi) = openapi else { return Ok(()) };
    // The file must be there even when another schema was chosen already.
    let loaded = match &openapi.path {
        Some(path) => Some(load::file(context, layer, path).map_err(|error| context.fail(error))?),
        None => None,
    };
    if !entry && !matches!(*context.schema.borrow(), SchemaChoice::Open) {
        return Ok(());
    }
    let choice = match (&openapi.version, loaded) {
        (Some(version), Some(_)) => {
            let what = "`openapi` cannot have both `path` and `version`";
            return Err(context.fail(
                Diagnostic::error("kustomize/invalid-openapi", version.span, what).with_help("remove one of them"),
            ));
        }
        (Some(version), None) if version.as_str() == BUILT_IN => SchemaChoice::BuiltIn,
        (Some(version), None) => {
            let what = format!("schema version `{}` is not built in", version.as_str());
            return Err(context.fail(
                Diagnostic::error("kustomize/invalid-openapi", version.span, what)
                    .with_help(format!("the only version is `{BUILT_IN}`; use `path` for another schema")),
            ));
        }
        (None, Some(loaded)) => {
            let documents =
                load::documents(context, &loaded, Dialect::Kubernetes).map_err(|error| context.fail(error))?;
            match documents.first() {
                Some(document) => SchemaChoice::Custom(Arc::new(Schema::from_openapi(document))),
                None => SchemaChoice::Open,
            }
        }
        (None, None) => return Ok(()),
    };
    *context.schema.borrow_mut() = choice;
    Ok(())
}
