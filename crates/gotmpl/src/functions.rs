//! All functions that a template can call, by name.

mod builtin;
mod collections;
mod crypto;
mod dates;
mod encoding;
mod helm;
mod numbers;
mod paths;
mod random;
mod reflection;
mod regexps;
mod strings;
#[cfg(test)]
mod testing;
mod truth;
mod urls;
mod versions;

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::function::Function;

pub(crate) use encoding::base64;
pub(crate) use regexps::go_regex;
pub(crate) use truth::is_true;
pub(crate) use urls::{Url, check_address};

/// The tables, one for each file. A name is in one table only.
const TABLES: &[&[Function]] = &[
    builtin::TABLE,
    collections::TABLE,
    crypto::TABLE,
    dates::TABLE,
    encoding::TABLE,
    helm::TABLE,
    numbers::TABLE,
    paths::TABLE,
    random::TABLE,
    reflection::TABLE,
    regexps::TABLE,
    strings::TABLE,
    urls::TABLE,
    versions::TABLE,
];

static BY_NAME: LazyLock<HashMap<&'static str, &'static Function>> =
    LazyLock::new(|| TABLES.iter().flat_map(|table| table.iter()).map(|function| (function.name, function)).collect());

/// The function called `name`. The evaluator itself has `and`, `or`, `include` and `tpl`.
pub fn find(name: &str) -> Option<&'static Function> {
    BY_NAME.get(name).copied()
}
