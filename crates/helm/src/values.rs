//! The values that a user gives: files, then `--set-json`, `--set`, `--set-string`, `--set-file` and `--set-literal`, each
//! over what came before (`pkg/cli/values/options.go`, v4.2.3). Nothing is read here: files come in as text.

mod table;

use source::{FileId, Span};
use yaml::{Map, Node, Str, Value};

use crate::chart::read_values;
use crate::strvals::{Style, assign};

pub use table::{Items, Shared, SharedValue, Table};

/// A file of values, `-f`.
#[derive(Clone, Copy)]
pub struct ValuesFile<'a> {
    /// Its name as the user gave it.
    pub name: &'a str,
    /// Where its text is registered.
    pub file: FileId,
    /// Its text.
    pub text: &'a [u8],
}

/// An argument of `--set` or one of its family.
#[derive(Clone, Copy)]
pub struct SetArgument<'a> {
    /// What the user wrote.
    pub text: &'a str,
    /// Where that is registered.
    pub span: Span,
}

/// Everything that a user can give values with, each in the order of the command line.
#[derive(Clone, Copy, Default)]
pub struct ValueOptions<'a> {
    /// `-f`, `--values`.
    pub files: &'a [ValuesFile<'a>],
    /// `--set-json`.
    pub set_json: &'a [SetArgument<'a>],
    /// `--set`.
    pub set: &'a [SetArgument<'a>],
    /// `--set-string`.
    pub set_string: &'a [SetArgument<'a>],
    /// `--set-file`.
    pub set_file: &'a [SetArgument<'a>],
    /// `--set-literal`.
    pub set_literal: &'a [SetArgument<'a>],
}

/// The values that the options make together. `read` gives the content of a file of `--set-file`, or Go's text for why
/// there is none.
///
/// # Errors
/// Helm's text for the first thing that is wrong.
pub fn merge_options(options: &ValueOptions<'_>, read: &dyn Fn(&str) -> Result<Str, String>) -> Result<Map, String> {
    let mut base = Map::new();
    for file in options.files {
        let values =
            read_values(file.file, file.text).map_err(|error| format!("failed to parse {}: {error}", file.name))?;
        base = merge_maps(base, &values);
    }
    let mut base = Table::new(&base);
    for argument in options.set_json {
        let trimmed = argument.text.trim();
        if trimmed.starts_with('{') {
            let json = yaml::read_json(trimmed.as_bytes()).and_then(|json| json.to_node(argument.span));
            let Ok(Node { value: Value::Map(map), .. }) = json else {
                return Err(format!("failed parsing --set-json data JSON: {}", argument.text));
            };
            base = base.merged(&Table::new(&map));
        } else {
            assign(&base, argument.text, Style::Json, argument.span)
                .map_err(|_| format!("failed parsing --set-json data {}", argument.text))?;
        }
    }
    let families = [
        ("--set", options.set, Style::Typed),
        ("--set-string", options.set_string, Style::Text),
        ("--set-file", options.set_file, Style::File(read)),
        ("--set-literal", options.set_literal, Style::Literal),
    ];
    for (flag, arguments, style) in families {
        for argument in arguments {
            assign(&base, argument.text, style, argument.span)
                .map_err(|refusal| format!("failed parsing {flag} data: {refusal}"))?;
        }
    }
    Ok(base.map())
}

/// Maps in both are merged, anything else is `over`'s (`loader.MergeMaps`).
pub(crate) fn merge_maps(mut base: Map, over: &Map) -> Map {
    if base.is_empty() {
        return over.clone();
    }
    for entry in over {
        match (base.get_mut(&entry.key), &entry.node.value) {
            (Some(Node { value: Value::Map(old), .. }), Value::Map(new)) => *old = merge_maps(std::mem::take(old), new),
            (Some(old), _) => *old = entry.node.clone(),
            (None, _) => base.push(entry.clone()),
        }
    }
    base
}

/// The Go type of a value, as messages name it.
pub(crate) fn go_type(value: &Value) -> &'static str {
    match value {
        Value::Null => "nil",
        Value::Bool(_) => "bool",
        Value::Int(_) => "int64",
        Value::Uint(_) => "uint64",
        Value::Float(_) => "float64",
        Value::Str(_) => "string",
        Value::List(_) => "[]interface {}",
        Value::Map(_) => "map[string]interface {}",
    }
}
