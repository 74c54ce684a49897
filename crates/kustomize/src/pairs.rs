//! Keys and values of generated ConfigMaps and Secrets: from env files, literals and files, in this order.

use std::sync::Arc;

use source::{Diagnostic, Span};
use yaml::Str;

use crate::context::{Context, Layer, Reported};
use crate::decode::Text;
use crate::kustomization::Generator;
use crate::load;

/// A key with its bytes.
pub(crate) struct Pair {
    pub(crate) key: Str,
    pub(crate) key_span: Span,
    pub(crate) bytes: Bytes,
    /// Where the value was written.
    pub(crate) span: Span,
}

/// The bytes of a value; those of files are shared.
pub(crate) enum Bytes {
    Text(Str),
    File(Arc<source::File>),
}

impl Bytes {
    pub(crate) fn as_slice(&self) -> &[u8] {
        match self {
            Bytes::Text(text) => text.as_bytes(),
            Bytes::File(file) => &file.bytes,
        }
    }
}

/// All pairs of a generator, by rising key; everything that is wrong is reported.
pub(crate) fn of(context: &Context<'_>, layer: &Layer, generator: &Generator) -> Result<Vec<Pair>, Reported> {
    let mut pairs: Vec<Pair> = Vec::new();
    let mut failed = false;
    for found in generator
        .envs
        .iter()
        .map(|path| env_file(context, layer, path))
        .chain(generator.literals.iter().map(|literal| self::literal(literal).map(|pair| vec![pair])))
        .chain(generator.files.iter().map(|source| file(context, layer, source).map(|pair| vec![pair])))
    {
        match found {
            Ok(found) => pairs.extend(found),
            Err(diagnostic) => {
                context.fail(diagnostic);
                failed = true;
            }
        }
    }
    pairs.sort_by(|a, b| a.key.cmp(&b.key));
    for (first, second) in pairs.iter().zip(pairs.iter().skip(1)).filter(|(a, b)| a.key == b.key) {
        failed = true;
        context.fail(
            Diagnostic::error(
                "kustomize/repeated-key",
                second.key_span,
                format!("the key `{}` is generated twice", second.key),
            )
            .with_related(first.key_span, "the first one is here"),
        );
    }
    if failed { Err(Reported) } else { Ok(pairs) }
}

/// The lines of an env file. A line without `=` is a key with an empty value; nothing is looked up elsewhere.
fn env_file(context: &Context<'_>, layer: &Layer, path: &Text) -> Result<Vec<Pair>, Box<Diagnostic>> {
    let loaded = load::file(context, layer, path)?;
    let invalid = || {
        let message = format!("`{}` is not UTF-8 text", path.as_str());
        Box::new(Diagnostic::error("kustomize/invalid-env-file", path.span, message))
    };
    let text = std::str::from_utf8(&loaded.file.bytes).map_err(|_| invalid())?;
    let mut pairs = Vec::new();
    let mut start = 0;
    for (number, whole) in text.split_inclusive('\n').enumerate() {
        let line = whole.strip_suffix('\n').unwrap_or(whole);
        let line = line.strip_suffix('\r').unwrap_or(line);
        let content = if number == 0 { line.trim_start_matches('\u{feff}') } else { line };
        let content = content.trim_start();
        let at = start + (line.len() - content.len());
        start += whole.len();
        if content.is_empty() || content.starts_with('#') {
            continue;
        }
        let (key, value) = content.split_once('=').unwrap_or((content, ""));
        if key.is_empty() {
            continue;
        }
        let value_at = (at + key.len() + 1).min(at + content.len());
        pairs.push(Pair {
            key: key.into(),
            key_span: Span::new(loaded.id, at, at + key.len()),
            bytes: Bytes::Text(value.into()),
            span: Span::new(loaded.id, value_at, at + content.len()),
        });
    }
    Ok(pairs)
}

/// `key=value`; one pair of equal quotes around the value is taken off.
fn literal(literal: &Text) -> Result<Pair, Box<Diagnostic>> {
    match literal.as_str().split_once('=').filter(|(key, _)| !key.is_empty()) {
        Some((key, value)) => Ok(Pair {
            key: key.into(),
            key_span: literal.span,
            bytes: Bytes::Text(unquoted(value).into()),
            span: literal.span,
        }),
        None => Err(Box::new(
            Diagnostic::error("kustomize/invalid-literal", literal.span, "a literal must be `key=value`")
                .with_help("write the key, `=`, and the value"),
        )),
    }
}

fn unquoted(value: &str) -> &str {
    let inner = |quote| value.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote));
    inner('"').or_else(|| inner('\'')).unwrap_or(value)
}

/// `path` or `key=path`.
fn file(context: &Context<'_>, layer: &Layer, source: &Text) -> Result<Pair, Box<Diagnostic>> {
    let invalid = |why: &str| {
        let message = format!("`{}` is no file source: {why}", source.as_str());
        Box::new(
            Diagnostic::error("kustomize/invalid-file-source", source.span, message)
                .with_help("write `path` or `key=path`"),
        )
    };
    let (key, path) = match source.as_str().split_once('=') {
        None => (base_name(source.as_str()), source.as_str()),
        Some((_, path)) if path.contains('=') => return Err(invalid("there is more than one `=`")),
        Some(("", _)) => return Err(invalid("the key is missing")),
        Some((_, "")) => return Err(invalid("the path is missing")),
        Some((key, path)) => (key, path),
    };
    let loaded = load::file_from(context, &layer.directory, path, source.span)?;
    Ok(Pair {
        key: key.into(),
        key_span: source.span,
        span: Span::new(loaded.id, 0, loaded.file.bytes.len()),
        bytes: Bytes::File(loaded.file),
    })
}

/// The last part of a path, as Go's `path.Base` gives it.
fn base_name(path: &str) -> &str {
    let trimmed = path.trim_end_matches('/');
    match trimmed.rsplit('/').next() {
        Some("") | None if path.is_empty() => ".",
        Some("") | None => "/",
        Some(name) => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_one_pair_of_quotes_off() {
        assert_eq!(unquoted("\"a\""), "a");
        assert_eq!(unquoted("''a''"), "'a'");
        assert_eq!(unquoted("\"a'"), "\"a'");
        assert_eq!(unquoted("\""), "\"");
    }
}
