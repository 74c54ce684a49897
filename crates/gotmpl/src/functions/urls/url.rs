//! A URL in its parts: read from a text and written again as Go's `net/url` does it (`Parse` and `String`).

use super::address::{self, Address};
use super::escape::{Part, escape, unescape};
use crate::quote::quote;

/// The parts of a URL, unescaped but for query and opaque part.
#[derive(Default)]
pub(crate) struct Url {
    pub(crate) scheme: Vec<u8>,
    pub(crate) opaque: Vec<u8>,
    pub(crate) user: Option<User>,
    /// Name or address, with the port.
    pub(crate) host: Vec<u8>,
    pub(crate) path: Vec<u8>,
    /// The path as it is written, where Go would write it otherwise.
    pub(crate) raw_path: Vec<u8>,
    pub(crate) query: Vec<u8>,
    pub(crate) fragment: Vec<u8>,
}

/// Name and password before a host.
pub(crate) struct User {
    name: Vec<u8>,
    password: Option<Vec<u8>>,
}

impl User {
    /// As it stands in a URL.
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        let mut out = escape(&self.name, Part::User);
        if let Some(password) = &self.password {
            out.push(b':');
            out.extend_from_slice(&escape(password, Part::User));
        }
        out
    }
}

/// A text before and after the first such byte.
fn cut(text: &[u8], byte: u8) -> (&[u8], Option<&[u8]>) {
    match text.iter().position(|found| *found == byte).and_then(|at| text.split_at_checked(at)) {
        Some((before, after)) => (before, after.get(1..)),
        None => (text, None),
    }
}

impl Url {
    /// Reads a URL.
    ///
    /// # Errors
    /// Go's words.
    pub(crate) fn parse(text: &[u8]) -> Result<Self, Vec<u8>> {
        let (before, fragment) = cut(text, b'#');
        let failed = |whole: &[u8], error: Vec<u8>| [b"parse ", quote(whole).as_bytes(), b": ", &error].concat();
        let mut url = parse_without_fragment(before).map_err(|error| failed(before, error))?;
        url.fragment = unescape(fragment.unwrap_or_default(), Part::Fragment).map_err(|error| failed(text, error))?;
        Ok(url)
    }

    /// The host without port and brackets.
    pub(crate) fn hostname(&self) -> &[u8] {
        let host = match self.host.iter().rposition(|byte| *byte == b':').and_then(|at| self.host.split_at_checked(at))
        {
            Some((host, port)) if is_port(port) => host,
            _ => &self.host,
        };
        host.strip_prefix(b"[").and_then(|host| host.strip_suffix(b"]")).unwrap_or(host)
    }

    /// The URL as a text.
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        let mut out = Vec::new();
        if !self.scheme.is_empty() {
            out.extend_from_slice(&self.scheme);
            out.push(b':');
        }
        if self.opaque.is_empty() {
            self.write_hierarchy(&mut out);
        } else {
            out.extend_from_slice(&self.opaque);
        }
        if !self.query.is_empty() {
            out.push(b'?');
            out.extend_from_slice(&self.query);
        }
        if !self.fragment.is_empty() {
            out.push(b'#');
            out.extend_from_slice(&escape(&self.fragment, Part::Fragment));
        }
        out
    }

    fn write_hierarchy(&self, out: &mut Vec<u8>) {
        let has_authority = !self.host.is_empty() || self.user.is_some();
        if has_authority || !self.scheme.is_empty() && !self.path.is_empty() {
            out.extend_from_slice(b"//");
        }
        if let Some(user) = &self.user {
            out.extend_from_slice(&user.to_bytes());
            out.push(b'@');
        }
        out.extend_from_slice(&escape(&self.host, Part::Host));
        let path = if self.path == b"*" { self.path.clone() } else { escape(&self.path, Part::Path) };
        if !path.is_empty() && !path.starts_with(b"/") && !self.host.is_empty() {
            out.push(b'/');
        }
        // A first segment with a colon would be taken for a scheme (RFC 3986, section 4.2).
        if out.is_empty() && cut(&path, b'/').0.contains(&b':') {
            out.extend_from_slice(b"./");
        }
        out.extend_from_slice(&path);
    }
}

fn parse_without_fragment(text: &[u8]) -> Result<Url, Vec<u8>> {
    if text.iter().any(u8::is_ascii_control) {
        return Err(b"net/url: invalid control character in URL".to_vec());
    }
    if text == b"*" {
        return Ok(Url { path: b"*".to_vec(), ..Url::default() });
    }
    let (scheme, rest) = scheme(text)?;
    let (mut rest, query) = cut(rest, b'?');
    let mut url =
        Url { scheme: scheme.to_ascii_lowercase(), query: query.unwrap_or_default().to_vec(), ..Url::default() };
    if !rest.starts_with(b"/") {
        if !scheme.is_empty() {
            url.opaque = rest.to_vec();
            return Ok(url);
        }
        if cut(rest, b'/').0.contains(&b':') {
            return Err(b"first path segment in URL cannot contain colon".to_vec());
        }
    }
    if let Some(after) = rest.strip_prefix(b"//")
        && (!scheme.is_empty() || !after.starts_with(b"/"))
    {
        let slash = after.iter().position(|byte| *byte == b'/').unwrap_or(after.len());
        let (authority, path) = after.split_at_checked(slash).unwrap_or((after, &[]));
        (url.user, url.host) = parse_authority(&url.scheme, authority)?;
        rest = path;
    }
    url.path = unescape(rest, Part::Path)?;
    if escape(&url.path, Part::Path) != rest {
        url.raw_path = rest.to_vec();
    }
    Ok(url)
}

/// The scheme and what stands after its colon; no scheme and the whole text otherwise.
fn scheme(text: &[u8]) -> Result<(&[u8], &[u8]), Vec<u8>> {
    let length = text.iter().take_while(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(byte)).count();
    match text.split_at_checked(length) {
        Some(([], [b':', ..])) => Err(b"missing protocol scheme".to_vec()),
        Some((scheme @ [first, ..], [b':', rest @ ..])) if first.is_ascii_alphabetic() => Ok((scheme, rest)),
        _ => Ok((&[], text)),
    }
}

fn parse_authority(scheme: &[u8], authority: &[u8]) -> Result<(Option<User>, Vec<u8>), Vec<u8>> {
    let Some(at) = authority.iter().rposition(|byte| *byte == b'@') else {
        return Ok((None, parse_host(scheme, authority)?));
    };
    let (user, host) = authority.split_at_checked(at).unwrap_or((authority, &[]));
    let host = parse_host(scheme, host.get(1..).unwrap_or_default())?;
    if !user.iter().all(|byte| byte.is_ascii_alphanumeric() || b"-._:~!$&'()*+,;=%@".contains(byte)) {
        return Err(b"net/url: invalid userinfo".to_vec());
    }
    let (name, password) = cut(user, b':');
    let name = unescape(name, Part::User)?;
    let password = password.map(|password| unescape(password, Part::User)).transpose()?;
    Ok((Some(User { name, password }), host))
}

fn parse_host(scheme: &[u8], host: &[u8]) -> Result<Vec<u8>, Vec<u8>> {
    match host.iter().rposition(|byte| *byte == b'[') {
        Some(0) => return parse_bracketed(host.get(1..).unwrap_or_default()),
        Some(_) => return Err(b"invalid IP-literal".to_vec()),
        None => {}
    }
    // Several hosts, separated by commas, each with its port, are let through but in web addresses (`net/url` of Go 1.26).
    let is_strict = scheme == b"http" || scheme == b"https";
    let is_colon = |byte: &u8| *byte == b':';
    let colon = if is_strict { host.iter().position(is_colon) } else { host.iter().rposition(is_colon) };
    if let Some(port) = colon.and_then(|at| host.get(at..)) {
        check_port(port)?;
    }
    unescape(host, Part::Host)
}

/// An IPv6 address in brackets with zone and port; the opening bracket is gone.
fn parse_bracketed(host: &[u8]) -> Result<Vec<u8>, Vec<u8>> {
    let Some((name, rest)) = host.iter().rposition(|byte| *byte == b']').and_then(|at| host.split_at_checked(at))
    else {
        return Err(b"missing ']' in host".to_vec());
    };
    let port = rest.get(1..).unwrap_or_default();
    check_port(port)?;
    let port = unescape(port, Part::Host)?;
    let zone = name.windows(3).position(|window| window == b"%25").unwrap_or(name.len());
    let (address, zone) = name.split_at_checked(zone).unwrap_or((name, &[]));
    let mut name = unescape(address, Part::Host)?;
    name.extend_from_slice(&unescape(zone, Part::Zone)?);
    match address::parse(&name) {
        Ok(Address::V6) => Ok([b"[", &*name, b"]", &port].concat()),
        Ok(Address::V4) => Err(b"invalid IP-literal".to_vec()),
        Err(error) => Err([b"invalid host: ".as_slice(), &error].concat()),
    }
}

fn check_port(port: &[u8]) -> Result<(), Vec<u8>> {
    if port.is_empty() || is_port(port) {
        return Ok(());
    }
    Err(format!("invalid port {} after host", quote(port)).into_bytes())
}

/// A colon and digits, perhaps none.
fn is_port(port: &[u8]) -> bool {
    port.strip_prefix(b":").is_some_and(|digits| digits.iter().all(u8::is_ascii_digit))
}
