//! Where schemas are: URLs that are joined with references, fragments, and JSON pointers, as upstream reads them with Go's
//! `net/url`.

use std::fmt;
use std::sync::Arc;

use crate::quote::quote;

/// A document, and what of it is meant.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(super) struct Reference {
    pub(super) url: String,
    /// Unescaped: a JSON pointer, or the name of an anchor.
    pub(super) fragment: String,
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}#{}", self.url, encode(&self.fragment))
    }
}

/// A place in a document.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub(super) struct Place {
    pub(super) url: Arc<str>,
    pub(super) pointer: Arc<str>,
}

impl Place {
    pub(super) fn new(url: &Arc<str>, pointer: impl Into<Arc<str>>) -> Self {
        Self { url: Arc::clone(url), pointer: pointer.into() }
    }

    /// The place of a field.
    pub(super) fn field(&self, name: &str) -> Self {
        Self::new(&self.url, format!("{}/{}", self.pointer, escape(name)))
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}#{}", self.url, encode(&self.pointer))
    }
}

/// A name as a part of a JSON pointer.
pub(super) fn escape(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

/// The name that a part of a JSON pointer stands for; `None` where a tilde is followed by anything but 0 and 1.
pub(super) fn unescape(part: &str) -> Option<String> {
    let mut pieces = part.split('~');
    let mut name = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let (c, rest) = match piece.strip_prefix('0') {
            Some(rest) => ('~', rest),
            None => ('/', piece.strip_prefix('1')?),
        };
        name.push(c);
        name.push_str(rest);
    }
    Some(name)
}

/// Text before and after the first `#`.
pub(super) fn split(text: &str) -> (&str, &str) {
    text.split_once('#').unwrap_or((text, ""))
}

/// A reference as it is written, its fragment unescaped.
pub(super) fn split_fragment(text: &str) -> Result<(&str, String), String> {
    let (url, fragment) = split(text);
    let fragment = decode(fragment).map_err(|error| format!("error in parsing {}: {error}", quote(text)))?;
    Ok((url, fragment))
}

/// Go's `url.PathUnescape`.
pub(super) fn decode(text: &str) -> Result<String, String> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [byte, after @ ..] = rest {
        rest = after;
        if *byte != b'%' {
            out.push(*byte);
            continue;
        }
        let digit = |byte: &u8| char::from(*byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
        match after {
            [high, low, after @ ..] if let (Some(high), Some(low)) = (digit(high), digit(low)) => {
                out.push(high << 4 | low);
                rest = after;
            }
            _ => {
                let shown: Vec<u8> = [b'%'].iter().chain(after).take(3).copied().collect();
                return Err(format!("invalid URL escape {}", gotmpl::quote(&shown)));
            }
        }
    }
    Ok(String::from_utf8_lossy(&out).into_owned())
}

/// A fragment with what Go's `url.PathEscape` escapes, but for slashes.
fn encode(fragment: &str) -> String {
    let mut out = String::with_capacity(fragment.len());
    for byte in fragment.bytes() {
        if byte.is_ascii_alphanumeric() || b"/-_.~$&+:=@".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

/// The scheme of a URL in lower case; empty where it has none.
pub(super) fn scheme(url: &str) -> String {
    parts(url).scheme.to_ascii_lowercase()
}

/// A URL whose pieces stay escaped as they are.
#[derive(Default)]
struct Parts<'a> {
    scheme: &'a str,
    authority: Option<&'a str>,
    path: &'a str,
    query: Option<&'a str>,
}

impl Parts<'_> {
    /// `urn:a:b` has no hierarchy that a path could be joined with.
    fn is_opaque(&self) -> bool {
        !self.scheme.is_empty() && self.authority.is_none() && !self.path.is_empty() && !self.path.starts_with('/')
    }
}

fn parts(url: &str) -> Parts<'_> {
    let (hierarchy, query) = match url.split_once('?') {
        Some((hierarchy, query)) => (hierarchy, Some(query)),
        None => (url, None),
    };
    let is_scheme = |text: &str| {
        text.starts_with(|c: char| c.is_ascii_alphabetic())
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
    };
    let (scheme, rest) = hierarchy.split_once(':').filter(|(scheme, _)| is_scheme(scheme)).unwrap_or(("", hierarchy));
    match rest.strip_prefix("//") {
        Some(rest) => {
            let (authority, path) = rest.find('/').and_then(|at| rest.split_at_checked(at)).unwrap_or((rest, ""));
            Parts { scheme, authority: Some(authority), path, query }
        }
        None => Parts { scheme, authority: None, path: rest, query },
    }
}

/// What a reference means in a document: Go's `ResolveReference`.
///
/// # Errors
/// Upstream's text for what is not a URL.
pub(super) fn join(base: &str, reference: &str) -> Result<Reference, String> {
    let (text, fragment) = split_fragment(reference)?;
    gotmpl::go::Url::parse(text).map_err(|error| format!("error in parsing {}: {error}", quote(text)))?;
    let (above, own) = (parts(base), parts(text));
    let mut url = String::new();
    let scheme = if own.scheme.is_empty() { above.scheme } else { own.scheme };
    if !scheme.is_empty() {
        url.push_str(&scheme.to_ascii_lowercase());
        url.push(':');
    }
    if own.is_opaque() || own.scheme.is_empty() && own.authority.is_none() && above.is_opaque() {
        url.push_str(if own.is_opaque() { own.path } else { above.path });
        let query = if own.is_opaque() || !own.path.is_empty() { own.query } else { own.query.or(above.query) };
        push_query(&mut url, query);
        return Ok(Reference { url, fragment });
    }
    let stands_alone = !own.scheme.is_empty() || own.authority.is_some();
    let authority = if stands_alone { own.authority } else { above.authority };
    if let Some(authority) = authority {
        url.push_str("//");
        url.push_str(authority);
    }
    let path = if stands_alone { remove_dots(own.path) } else { resolve_path(above.path, own.path) };
    url.push_str(&escaped_path(&path));
    let keeps_query = !stands_alone && own.path.is_empty() && own.query.is_none();
    push_query(&mut url, if keeps_query { above.query } else { own.query });
    Ok(Reference { url, fragment })
}

/// A path as Go writes it: as it is, unless something in it must be escaped.
fn escaped_path(path: &str) -> String {
    let is_plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_.~$&+,/:;=@".contains(byte);
    if path.bytes().all(|byte| is_plain(&byte) || b"!'()*[]%".contains(&byte)) {
        return path.to_owned();
    }
    let mut out = String::new();
    for byte in decode(path).as_deref().unwrap_or(path).bytes() {
        if is_plain(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

fn push_query(url: &mut String, query: Option<&str>) {
    if let Some(query) = query {
        url.push('?');
        url.push_str(query);
    }
}

fn resolve_path(base: &str, reference: &str) -> String {
    if reference.is_empty() {
        return remove_dots(base);
    }
    if reference.starts_with('/') {
        return remove_dots(reference);
    }
    let folder = base.rfind('/').and_then(|at| base.get(..=at)).unwrap_or_default();
    remove_dots(&format!("{folder}{reference}"))
}

/// A path without its steps to the same folder and to the one above; what is left starts with a slash.
fn remove_dots(path: &str) -> String {
    if path.is_empty() {
        return String::new();
    }
    let mut kept: Vec<&str> = Vec::new();
    let mut last = "";
    for element in path.strip_prefix('/').unwrap_or(path).split('/') {
        last = element;
        match element {
            "." => {}
            ".." => _ = kept.pop(),
            _ => kept.push(element),
        }
    }
    if matches!(last, "." | "..") {
        kept.push("");
    }
    format!("/{}", kept.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn joined(base: &str, reference: &str) -> String {
        join(base, reference).map_or_else(|error| error, |found| found.to_string())
    }

    #[test]
    fn references_are_resolved() {
        let file = "file:///values.schema.json";
        assert_eq!(joined(file, "#/$defs/a%20b"), "file:///values.schema.json#/$defs/a%20b");
        assert_eq!(joined(file, "other.json"), "file:///other.json#");
        assert_eq!(joined("https://x.y/a/b?q", "../c#x"), "https://x.y/c#x");
        assert_eq!(joined("https://x.y/a/b?q", ""), "https://x.y/a/b?q#");
        assert_eq!(joined(file, "https://x.y/a/./b/../c"), "https://x.y/a/c#");
        assert_eq!(joined("urn:a:b", "#c"), "urn:a:b#c");
        assert_eq!(joined(file, "a^(%20).json"), "file:///a%5E%28%20%29.json#");
        assert_eq!(joined(file, "urn:a:b"), "urn:a:b#");
        assert_eq!(joined("https://x.y", "//z/a"), "https://z/a#");
        assert_eq!(joined(file, "#%zz"), "error in parsing \"#%zz\": invalid URL escape \"%zz\"");
    }

    #[test]
    fn pointers_escape_their_names() {
        assert_eq!(escape("a/b~c"), "a~1b~0c");
        assert_eq!(unescape("a~1b~0c~01").as_deref(), Some("a/b~c~1"));
        assert_eq!(unescape("a~2"), None);
    }
}
