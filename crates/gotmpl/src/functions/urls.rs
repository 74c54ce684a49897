//! Sprig's URLs and host names, with Go's `net/url`.

mod address;
mod escape;
mod url;

pub(crate) use self::url::Url;
use crate::function::{Args, Call, Function, Type};
use crate::{Failure, Map, Value};

/// The functions of this file.
pub(super) const TABLE: &[Function] = &[
    Function { name: "getHostByName", parameters: &[Type::Str], variadic: false, call: get_host_by_name },
    Function { name: "urlJoin", parameters: &[Type::Map], variadic: false, call: url_join },
    Function { name: "urlParse", parameters: &[Type::Str], variadic: false, call: url_parse },
];

/// Whether a text is an address, perhaps with a zone.
///
/// # Errors
/// Go's words.
pub(crate) fn check_address(text: &[u8]) -> Result<(), Vec<u8>> {
    address::parse(text).map(|_| ())
}

/// There is no network here. Helm answers nothing either, unless it is told to (`--enable-dns`).
fn get_host_by_name(_: &mut Call<'_>, _: Args<'_>) -> Result<Value, Failure> {
    Ok("".into())
}

fn url_parse(_: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    let url = Url::parse(args.text(0)?).map_err(|error| refused("unable to parse url: ", error))?;
    let map = Map::new();
    map.insert("hostname", Value::from(url.hostname().to_vec()));
    map.insert("userinfo", Value::from(url.user.map(|user| user.to_bytes()).unwrap_or_default()));
    let parts = [
        ("scheme", url.scheme),
        ("host", url.host),
        ("path", url.path),
        ("query", url.query),
        ("opaque", url.opaque),
        ("fragment", url.fragment),
    ];
    for (name, part) in parts {
        map.insert(name, Value::from(part));
    }
    Ok(Value::Map(map))
}

fn url_join(_: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    let parts = args.map(0)?;
    let mut url = Url {
        scheme: part(parts, "scheme")?,
        host: part(parts, "host")?,
        path: part(parts, "path")?,
        query: part(parts, "query")?,
        opaque: part(parts, "opaque")?,
        fragment: part(parts, "fragment")?,
        ..Url::default()
    };
    let user = part(parts, "userinfo")?;
    if !user.is_empty() {
        let whole = [b"proto://", &*user, b"@host"].concat();
        let parsed = Url::parse(&whole).map_err(|error| refused("unable to parse userinfo in dict: ", error))?;
        url.user = parsed.user;
    }
    Ok(url.to_bytes().into())
}

/// Whether a text is a URL.
///
/// # Errors
/// Go's words.
pub(super) fn check(text: &[u8]) -> Result<(), Vec<u8>> {
    Url::parse(text).map(drop)
}

/// sprig panics here, so the words are all that Go shows.
fn refused(before: &str, error: Vec<u8>) -> Failure {
    Failure::error([before.as_bytes(), &error].concat())
}

/// A part of a URL in a dictionary; empty where it is not given.
fn part(parts: &Map, key: &str) -> Result<Vec<u8>, Failure> {
    match parts.get(key.as_bytes()).map(|item| item.value) {
        None => Ok(Vec::new()),
        Some(Value::Str(text)) => Ok(text.as_bytes().to_vec()),
        // reflect.TypeOf of nil is a nil interface.
        Some(Value::Nil) => Err(Failure::error("runtime error: invalid memory address or nil pointer dereference")),
        Some(other) => Err(Failure::error(format!(
            "unable to parse {key} key, must be of type string, but {} found",
            other.kind()
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{call, error, text};
    use super::*;

    fn join(entries: &[(&str, &str)]) -> String {
        let map = Map::new();
        for (key, value) in entries {
            map.insert(*key, Value::from(*value));
        }
        text("urlJoin", &[Value::Map(map)])
    }

    fn parsed(url: &str) -> String {
        let Ok(Value::Map(map)) = call("urlParse", &[url.into()]) else { panic!("{url}") };
        let parts = map.snapshot().into_iter().map(|(key, item)| match item.value {
            Value::Str(text) => format!("{}={}", key.to_str_lossy(), text.to_str_lossy()),
            other => panic!("{other:?}"),
        });
        parts.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn parts_of_urls() {
        assert_eq!(
            parsed("HTTPS://us%20er:p%40ss@ex.com:80/p%20a/th?q=1&r=%20#fr%20ag"),
            "fragment=fr ag host=ex.com:80 hostname=ex.com opaque= path=/p a/th query=q=1&r=%20 scheme=https \
             userinfo=us%20er:p%40ss"
        );
        assert_eq!(
            parsed("mailto:a@b.c"),
            "fragment= host= hostname= opaque=a@b.c path= query= scheme=mailto userinfo="
        );
        assert_eq!(
            parsed("//[fe80::1%25en0]:8080/x"),
            "fragment= host=[fe80::1%en0]:8080 hostname=fe80::1%en0 opaque= path=/x query= scheme= userinfo="
        );
    }

    #[test]
    fn errors_in_the_words_of_go() {
        let cases = [
            (":x", "parse \":x\": missing protocol scheme"),
            ("http://a b/", "parse \"http://a b/\": invalid character \" \" in host name"),
            ("http://x:1a/", "parse \"http://x:1a/\": invalid port \":1a\" after host"),
            ("/%zz", "parse \"/%zz\": invalid URL escape \"%zz\""),
            ("a:b/c#%g", "parse \"a:b/c#%g\": invalid URL escape \"%g\""),
            ("1a:b", "parse \"1a:b\": first path segment in URL cannot contain colon"),
            ("http://[::1/", "parse \"http://[::1/\": missing ']' in host"),
            ("http://[1.2.3.4]/", "parse \"http://[1.2.3.4]/\": invalid IP-literal"),
            (
                "http://[::x]/",
                "parse \"http://[::x]/\": invalid host: ParseAddr(\"::x\"): each colon-separated field must have at least one digit (at \"x\")",
            ),
        ];
        for (url, expected) in cases {
            assert_eq!(error("urlParse", &[url.into()]), format!("unable to parse url: {expected}"), "{url}");
        }
    }

    #[test]
    fn joined() {
        assert_eq!(
            join(&[("scheme", "http"), ("host", "h:1"), ("path", "p a"), ("query", "q"), ("fragment", "f f")]),
            "http://h:1/p%20a?q#f%20f"
        );
        assert_eq!(join(&[("path", "a:b")]), "./a:b");
        assert_eq!(join(&[("scheme", "s"), ("opaque", "o"), ("path", "/x")]), "s:o");
        assert_eq!(join(&[("scheme", "s"), ("host", "h"), ("userinfo", "u:p@s")]), "s://u:p%40s@h");
    }
}
