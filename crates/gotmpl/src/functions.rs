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
mod versions;

use crate::function::Function;

pub(crate) use encoding::base64;

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
    versions::TABLE,
];

/// The function called `name`.
pub fn find(name: &str) -> Option<&'static Function> {
    TABLES.iter().flat_map(|table| table.iter()).find(|function| function.name == name)
}
