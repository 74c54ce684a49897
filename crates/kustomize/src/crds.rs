//! Field specs that definitions of custom resources carry in their extensions.

use crate::context::{Context, Layer, Reported};
use crate::decode::Text;
use crate::fieldspec::Config;

/// The field specs of the definitions in `crds`.
pub(crate) fn config(_context: &Context<'_>, _layer: &Layer, _crds: &[Text]) -> Result<Config, Reported> {
    Ok(Config::default())
}
