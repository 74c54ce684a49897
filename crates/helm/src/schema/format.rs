//! The formats of texts that upstream knows (`format.go`), with its words for texts that have another.
//!
//! Drafts 4, 6 and 7 assert formats, later ones only where a vocabulary says so. Formats that are not known fit all.

mod network;
mod time;

use super::location::decode;
use crate::quote::quote_char;

/// A format.
#[derive(Clone, Copy, Debug)]
pub(super) struct Format(&'static Known);

#[derive(Debug)]
struct Known {
    name: &'static str,
    check: fn(&str) -> Result<(), String>,
}

const FORMATS: &[Known] = &[
    Known { name: "json-pointer", check: json_pointer },
    Known { name: "relative-json-pointer", check: relative_json_pointer },
    Known { name: "uuid", check: uuid },
    Known { name: "duration", check: time::duration },
    Known { name: "period", check: time::period },
    Known { name: "ipv4", check: network::ipv4 },
    Known { name: "ipv6", check: network::ipv6 },
    Known { name: "hostname", check: network::hostname },
    Known { name: "email", check: network::email },
    Known { name: "date", check: time::date },
    Known { name: "time", check: time::time },
    Known { name: "date-time", check: time::date_time },
    Known { name: "uri", check: network::uri },
    Known { name: "iri", check: network::uri },
    Known { name: "uri-reference", check: network::uri_reference },
    Known { name: "iri-reference", check: network::uri_reference },
    Known { name: "uri-template", check: network::uri_template },
    Known { name: "semver", check: semver },
    Known { name: "regex", check: |text| gotmpl::go::Regexp::new(text).map(|_| ()) },
];

/// The format of that name.
pub(super) fn find(name: &str) -> Option<Format> {
    FORMATS.iter().find(|known| known.name == name).map(Format)
}

impl Format {
    /// Its name.
    pub(super) fn name(self) -> &'static str {
        self.0.name
    }

    /// Whether a text has it.
    ///
    /// # Errors
    /// Upstream's words for why not.
    pub(super) fn check(self, text: &str) -> Result<(), String> {
        (self.0.check)(text)
    }
}

fn json_pointer(text: &str) -> Result<(), String> {
    let Some(rest) = text.strip_prefix('/') else {
        return if text.is_empty() { Ok(()) } else { Err("not starting with /".to_owned()) };
    };
    for part in rest.split('/') {
        let mut pieces = part.split('~').skip(1);
        if !pieces.all(|piece| piece.starts_with(['0', '1'])) {
            return Err("~ must be followed by 0 or 1".to_owned());
        }
    }
    Ok(())
}

fn relative_json_pointer(text: &str) -> Result<(), String> {
    let rest = text.trim_start_matches(|c: char| c.is_ascii_digit());
    let digits = text.len() - rest.len();
    if digits == 0 {
        return Err("must start with non-negative integer".to_owned());
    }
    if digits > 1 && text.starts_with('0') {
        return Err("starts with zero".to_owned());
    }
    if rest == "#" { Ok(()) } else { json_pointer(rest) }
}

fn uuid(text: &str) -> Result<(), String> {
    let lengths = [8, 4, 4, 4, 12];
    let groups: Vec<&str> = text.split('-').collect();
    if groups.len() != lengths.len() {
        return Err("must have 5 elements".to_owned());
    }
    for (index, (group, length)) in groups.iter().zip(lengths).enumerate() {
        if group.len() != length {
            return Err(format!("element {} must be {length} characters long", index + 1));
        }
        if let Some(c) = group.chars().find(|c| !c.is_ascii_hexdigit()) {
            return Err(format!("non-hex character {}", quote_char(c)));
        }
    }
    Ok(())
}

fn semver(text: &str) -> Result<(), String> {
    let is_allowed = |c: &char| c.is_ascii_alphanumeric() || *c == '-';
    let (text, build) = text.split_once('+').map_or((text, None), |(text, build)| (text, Some(build)));
    if build == Some("") {
        return Err("build is empty".to_owned());
    }
    for part in build.into_iter().flat_map(|build| build.split('.')) {
        if part.is_empty() {
            return Err("build identifier is empty".to_owned());
        }
        if let Some(c) = part.chars().find(|c| !is_allowed(c)) {
            return Err(format!("invalid character {} in build identifier", quote_char(c)));
        }
    }
    let (core, release) = text.split_once('-').map_or((text, None), |(core, release)| (core, Some(release)));
    for part in release.into_iter().flat_map(|release| release.split('.')) {
        if part.is_empty() {
            return Err("pre-release identifier is empty".to_owned());
        }
        if let Some(c) = part.chars().find(|c| !is_allowed(c)) {
            return Err(format!("invalid character {} in pre-release identifier", quote_char(c)));
        }
        if part.len() > 1 && part.starts_with('0') && part.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err("pre-release numeric identifier starts with zero".to_owned());
        }
    }
    let numbers: Vec<&str> = core.split('.').collect();
    if numbers.len() != 3 {
        return Err("versionCore must have 3 numbers separated by dot".to_owned());
    }
    for (number, name) in numbers.iter().zip(["major", "minor", "patch"]) {
        if number.is_empty() {
            return Err(format!("{name} is empty"));
        }
        if number.len() > 1 && number.starts_with('0') {
            return Err(format!("{name} starts with zero"));
        }
        if !number.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(format!("{name} contains non-digit"));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_those_of_upstream() {
        let cases = [
            ("json-pointer", "/a~2", "~ must be followed by 0 or 1"),
            ("relative-json-pointer", "01", "starts with zero"),
            ("uuid", "12345678-1234-1234-1234-12345678901g", "non-hex character 'g'"),
            ("uuid", "1-2-3-4-5", "element 1 must be 8 characters long"),
            ("semver", "1.2", "versionCore must have 3 numbers separated by dot"),
            ("semver", "1.2.3-01", "pre-release numeric identifier starts with zero"),
            ("ipv4", "1.2.3.x", "strconv.Atoi: parsing \"x\": invalid syntax"),
            ("ipv4", "1.2.3.256", "decimal must be between 0 and 255"),
            ("ipv6", "::g", "ParseAddr(\"::g\"): each colon-separated field must have at least one digit (at \"g\")"),
            ("hostname", "a_b", "invalid character '_'"),
            ("email", "a@b_c", "invalid domain: invalid character '_'"),
            ("date", "2020-13-01", "parsing time \"2020-13-01\": month out of range"),
            ("date", "x", "parsing time \"x\" as \"2006-01-02\": cannot parse \"x\" as \"2006\""),
            ("time", "10:10:10", "less than 9 characters long"),
            ("duration", "P1H", "invalid unit 'H'"),
            ("duration", "10s", "must start with P"),
            ("uri", "a b", "relative url"),
            ("uri", "http://a b/", "parse \"http://a b/\": invalid character \" \" in host name"),
        ];
        for (name, text, words) in cases {
            assert_eq!(find(name).unwrap().check(text), Err(words.to_owned()), "{name} {text}");
        }
        let fits = [
            ("uuid", "12345678-1234-1234-1234-123456789012"),
            ("semver", "1.2.3-rc.1+x"),
            ("date-time", "2020-01-31T23:59:60Z"),
            ("duration", "P1Y2DT3H"),
            ("ipv6", "::1"),
            ("email", "a.b@c.d"),
            ("uri-template", "http://x/{y}"),
            ("period", "2020-01-01T00:00:00Z/P1D"),
        ];
        for (name, text) in fits {
            assert_eq!(find(name).unwrap().check(text), Ok(()), "{name} {text}");
        }
    }
}
