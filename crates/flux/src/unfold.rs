//! From an entry to every object that Flux would apply, in waves.

use source::{Files, Sources};

use crate::identity::Scopes;
use crate::rendered::Rendered;
use crate::request::Request;

/// Follows the Flux objects of one cluster from its entry and builds all of them.
pub fn unfold(_files: &dyn Files, _sources: &Sources, request: &Request<'_>) -> Rendered {
    Rendered {
        entry: request.entry.clone(),
        units: Vec::new(),
        sources: Vec::new(),
        needs: Vec::new(),
        diagnostics: Vec::new(),
        scopes: Scopes::default(),
    }
}
