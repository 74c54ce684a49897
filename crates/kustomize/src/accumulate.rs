//! The order of work: from an entry to its objects.

use source::{Diagnostic, Files, Sources};

use crate::context::Context;
use crate::{Entry, Memo, Options, Output};

/// Builds an entry.
///
/// # Errors
/// Everything that keeps it from being built, and the warnings met on the way, in the order they were found.
pub fn build(
    files: &dyn Files,
    sources: &Sources,
    memo: &Memo,
    _entry: &Entry,
    options: &Options,
) -> Result<Output, Vec<Diagnostic>> {
    let context = Context::new(files, sources, memo, options);
    let diagnostics = context.diagnostics.into_inner();
    Ok(Output { objects: Vec::new(), diagnostics })
}
