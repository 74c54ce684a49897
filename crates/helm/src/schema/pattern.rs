//! Patterns of schemas: Go's `regexp`.

use regex::Regex;

/// A pattern to match with.
///
/// # Errors
/// Go's text.
pub(super) fn compile(text: &str) -> Result<Regex, String> {
    gotmpl::go_regex(text)
}
