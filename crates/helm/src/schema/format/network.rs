//! Addresses, names of hosts, mail and URLs.

use super::decode;
use crate::atoi::atoi;
use crate::quote::quote_char;

pub(super) fn ipv4(text: &str) -> Result<(), String> {
    let groups: Vec<&str> = text.split('.').collect();
    if groups.len() != 4 {
        return Err("expected four decimals".to_owned());
    }
    for group in groups {
        if group.len() > 1 && group.starts_with('0') {
            return Err("leading zeros".to_owned());
        }
        let number = atoi(group)?;
        if !(0..=255).contains(&number) {
            return Err("decimal must be between 0 and 255".to_owned());
        }
    }
    Ok(())
}

pub(super) fn ipv6(text: &str) -> Result<(), String> {
    if !text.contains(':') {
        return Err("missing colon".to_owned());
    }
    gotmpl::go::check_address(text)?;
    if text.contains('%') {
        return Err("zone id is not a part of ipv6 address".to_owned());
    }
    Ok(())
}

pub(super) fn hostname(text: &str) -> Result<(), String> {
    let text = text.strip_suffix('.').unwrap_or(text);
    if text.len() > 253 {
        return Err("more than 253 characters long".to_owned());
    }
    for label in text.split('.') {
        if !(1..=63).contains(&label.len()) {
            return Err("label must be 1 to 63 characters long".to_owned());
        }
        if label.starts_with('-') {
            return Err("label starts with hyphen".to_owned());
        }
        if label.ends_with('-') {
            return Err("label ends with hyphen".to_owned());
        }
        if let Some(c) = label.chars().find(|c| !c.is_ascii_alphanumeric() && *c != '-') {
            return Err(format!("invalid character {}", quote_char(c)));
        }
    }
    Ok(())
}

pub(super) fn email(text: &str) -> Result<(), String> {
    if text.len() > 254 {
        // The number is upstream's.
        return Err("more than 255 characters long".to_owned());
    }
    let Some((local, domain)) = text.rsplit_once('@') else { return Err("missing @".to_owned()) };
    if local.len() > 64 {
        return Err("local part more than 64 characters long".to_owned());
    }
    if local.len() > 1 && local.starts_with('"') {
        // Whatever the last character is, upstream takes it for the closing quote.
        let last = local.chars().next_back().map_or(0, char::len_utf8);
        let inner = local.get(1..local.len() - last).unwrap_or_default();
        if inner.contains(['\\', '"']) {
            return Err("backslash and quote are not allowed within quoted local part".to_owned());
        }
    } else {
        unquote(local)?;
    }
    if let Some(address) = domain.strip_prefix('[').and_then(|domain| domain.strip_suffix(']')) {
        return match address.strip_prefix("IPv6:") {
            Some(address) => ipv6(address).map_err(|error| format!("invalid ipv6 address: {error}")),
            None => ipv4(address).map_err(|error| format!("invalid ipv4 address: {error}")),
        };
    }
    hostname(domain).map_err(|error| format!("invalid domain: {error}"))
}

fn unquote(local: &str) -> Result<(), String> {
    if local.starts_with('.') {
        return Err("starts with dot".to_owned());
    }
    if local.ends_with('.') {
        return Err("ends with dot".to_owned());
    }
    if local.contains("..") {
        return Err("consecutive dots".to_owned());
    }
    match local.chars().find(|c| !c.is_ascii_alphanumeric() && !".!#$%&'*+-/=?^_`{|}~".contains(*c)) {
        Some(c) => Err(format!("invalid character {}", quote_char(c))),
        None => Ok(()),
    }
}

pub(super) fn uri(text: &str) -> Result<(), String> {
    let url = parse(text)?;
    if url.scheme.is_empty() { Err("relative url".to_owned()) } else { Ok(()) }
}

pub(super) fn uri_reference(text: &str) -> Result<(), String> {
    if text.contains('\\') {
        return Err("contains \\".to_owned());
    }
    parse(text).map(|_| ())
}

pub(super) fn uri_template(text: &str) -> Result<(), String> {
    let url = parse(text)?;
    for part in url.raw_path.split('/') {
        let part = decode(part).map_err(|error| format!("percent decode failed: {error}"))?;
        let mut is_open = false;
        for c in part.chars().filter(|c| matches!(c, '{' | '}')) {
            if (c == '{') == is_open {
                return Err("nested curly braces".to_owned());
            }
            is_open = !is_open;
        }
        if is_open {
            return Err("no matching closing brace".to_owned());
        }
    }
    Ok(())
}

fn parse(text: &str) -> Result<gotmpl::go::Url, String> {
    let url = gotmpl::go::Url::parse(text)?;
    if url.hostname.contains(':') {
        if !url.host.contains('[') || !url.host.contains(']') {
            return Err("ipv6 address not enclosed in brackets".to_owned());
        }
        ipv6(&url.hostname).map_err(|error| format!("invalid ipv6 address: {error}"))?;
    }
    Ok(url)
}
