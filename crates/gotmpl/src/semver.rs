//! Semantic versions and constraints on them, read and compared as Masterminds semver v3.5.0 does: the library behind
//! sprig's `semver` functions and behind everything in Helm that looks at a version.

mod constraint;
mod scan;

use std::cmp::Ordering;
use std::fmt;

use self::scan::Scanner;

pub use self::constraint::Constraints;

/// Longest version that is read, in bytes.
const MAX_LENGTH: usize = 256;

/// A semantic version. Two are equal if neither precedes the other: build metadata and spelling do not count.
#[derive(Clone, Debug)]
pub struct Version {
    major: u64,
    minor: u64,
    patch: u64,
    prerelease: String,
    metadata: String,
    original: String,
}

/// Why a text is no version or no constraint, in upstream's words.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// Not shaped like a version.
    #[error("invalid semantic version")]
    Invalid,
    /// Only of a strict version.
    #[error("version string empty")]
    Empty,
    /// Only of a strict version.
    #[error("invalid characters in version")]
    Characters,
    /// A number with a leading zero.
    #[error("version segment starts with 0")]
    LeadingZero,
    /// Only of a strict version and of new metadata.
    #[error("invalid metadata string")]
    Metadata,
    /// Only of a strict version and of a new prerelease.
    #[error("invalid prerelease string")]
    Prerelease,
    /// More bytes than are read.
    #[error("version string is too long (max {MAX_LENGTH} bytes)")]
    TooLong,
    /// A segment that is no 64-bit number: the text of Go's `strconv`.
    #[error("{0}")]
    Number(String),
    /// Not shaped like a constraint; holds the part between `||` in quotes.
    #[error("improper constraint: {0}")]
    Constraint(String),
    /// Shaped like a constraint, with a version that is none.
    #[error("constraint parser error")]
    ConstraintVersion,
    /// More bytes than are read.
    #[error("constraint string is too long (max {} bytes)", constraint::MAX_LENGTH)]
    ConstraintTooLong,
    /// More alternatives than are read.
    #[error("too many constraint groups (max {})", constraint::MAX_GROUPS)]
    TooManyGroups,
}

impl Version {
    /// Reads a version that may lack minor and patch, begin with `v` or have zeros in front of its numbers.
    ///
    /// # Errors
    /// Upstream's of `NewVersion`.
    pub fn parse(text: impl AsRef<[u8]>) -> Result<Self, Error> {
        let text = text.as_ref();
        if text.len() > MAX_LENGTH {
            return Err(Error::TooLong);
        }
        let mut scanner = Scanner::new(text);
        let parts = scanner.version(|byte| byte.is_ascii_digit()).ok_or(Error::Invalid)?;
        if !scanner.at_end() {
            return Err(Error::Invalid);
        }
        let segment = |text: Option<&str>| {
            let number = number(text.unwrap_or("0"));
            number.map_err(|message| Error::Number(format!("error parsing version segment: {message}")))
        };
        let version = Self {
            major: segment(Some(parts.major))?,
            minor: segment(parts.minor)?,
            patch: segment(parts.patch)?,
            prerelease: parts.prerelease.unwrap_or_default().to_owned(),
            metadata: parts.metadata.unwrap_or_default().to_owned(),
            original: String::from_utf8_lossy(text).into_owned(),
        };
        if parts.prerelease.is_some() {
            check_prerelease(&version.prerelease)?;
        }
        Ok(version)
    }

    /// Reads a version as the specification of semantic versions has it.
    ///
    /// # Errors
    /// Upstream's of `StrictNewVersion`.
    pub fn parse_strict(text: &str) -> Result<Self, Error> {
        if text.is_empty() {
            return Err(Error::Empty);
        }
        if text.len() > MAX_LENGTH {
            return Err(Error::TooLong);
        }
        let mut segments = text.splitn(3, '.');
        let (Some(major), Some(minor), Some(rest)) = (segments.next(), segments.next(), segments.next()) else {
            return Err(Error::Invalid);
        };
        let (rest, metadata) = rest.split_once('+').map_or((rest, None), |(rest, text)| (rest, Some(text)));
        metadata.map_or(Ok(()), check_metadata)?;
        let (patch, prerelease) = rest.split_once('-').map_or((rest, None), |(rest, text)| (rest, Some(text)));
        prerelease.map_or(Ok(()), check_prerelease)?;
        for segment in [major, minor, patch] {
            if !segment.bytes().all(|byte| byte.is_ascii_digit()) {
                return Err(Error::Characters);
            }
            if segment.len() > 1 && segment.starts_with('0') {
                return Err(Error::LeadingZero);
            }
        }
        Ok(Self {
            major: number(major).map_err(Error::Number)?,
            minor: number(minor).map_err(Error::Number)?,
            patch: number(patch).map_err(Error::Number)?,
            prerelease: prerelease.unwrap_or_default().to_owned(),
            metadata: metadata.unwrap_or_default().to_owned(),
            original: text.to_owned(),
        })
    }

    /// The first number.
    pub fn major(&self) -> u64 {
        self.major
    }

    /// The second number.
    pub fn minor(&self) -> u64 {
        self.minor
    }

    /// The third number.
    pub fn patch(&self) -> u64 {
        self.patch
    }

    /// What follows `-`, or nothing.
    pub fn prerelease(&self) -> &str {
        &self.prerelease
    }

    /// What follows `+`, or nothing.
    pub fn metadata(&self) -> &str {
        &self.metadata
    }

    /// The text that the version was read from.
    pub fn original(&self) -> &str {
        &self.original
    }

    /// The next major version, or nothing where the number ends.
    pub fn next_major(&self) -> Option<Self> {
        Some(self.release(self.major.checked_add(1)?, 0, 0))
    }

    /// The next minor version, or nothing where the number ends.
    pub fn next_minor(&self) -> Option<Self> {
        Some(self.release(self.major, self.minor.checked_add(1)?, 0))
    }

    /// The next patch, which for a prerelease is its release; or nothing where the number ends.
    pub fn next_patch(&self) -> Option<Self> {
        let patch = if self.prerelease.is_empty() { self.patch.checked_add(1)? } else { self.patch };
        Some(self.release(self.major, self.minor, patch))
    }

    /// The version with another prerelease, or with none for an empty text.
    ///
    /// # Errors
    /// [`Error::Prerelease`] or [`Error::LeadingZero`].
    pub fn with_prerelease(&self, prerelease: &str) -> Result<Self, Error> {
        if !prerelease.is_empty() {
            check_prerelease(prerelease)?;
        }
        Ok(self.respelled(Self { prerelease: prerelease.to_owned(), ..self.clone() }))
    }

    /// The version with other metadata, or with none for an empty text.
    ///
    /// # Errors
    /// [`Error::Metadata`].
    pub fn with_metadata(&self, metadata: &str) -> Result<Self, Error> {
        if !metadata.is_empty() {
            check_metadata(metadata)?;
        }
        Ok(self.respelled(Self { metadata: metadata.to_owned(), ..self.clone() }))
    }

    fn release(&self, major: u64, minor: u64, patch: u64) -> Self {
        let (prerelease, metadata, original) = Default::default();
        self.respelled(Self { major, minor, patch, prerelease, metadata, original })
    }

    /// A changed version keeps the `v` of its source.
    fn respelled(&self, mut changed: Self) -> Self {
        let prefix = if self.original.starts_with('v') { "v" } else { "" };
        changed.original = format!("{prefix}{changed}");
        changed
    }
}

impl fmt::Display for Version {
    /// The full form, without the `v` that the source may have.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.patch)?;
        if !self.prerelease.is_empty() {
            write!(f, "-{}", self.prerelease)?;
        }
        if !self.metadata.is_empty() {
            write!(f, "+{}", self.metadata)?;
        }
        Ok(())
    }
}

impl Ord for Version {
    fn cmp(&self, other: &Self) -> Ordering {
        let numbers = |version: &Self| (version.major, version.minor, version.patch);
        numbers(self).cmp(&numbers(other)).then_with(|| match (self.prerelease.as_str(), other.prerelease.as_str()) {
            ("", "") => Ordering::Equal,
            ("", _) => Ordering::Greater,
            (_, "") => Ordering::Less,
            (one, other) => compare_prereleases(one, other),
        })
    }
}

impl PartialOrd for Version {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Version {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Version {}

/// Part by part: no part, then numbers by size, then words by bytes. Numbers beyond 64 bits are words.
fn compare_prereleases(one: &str, other: &str) -> Ordering {
    let rank = |part: &str| match part.parse::<u64>() {
        _ if part.is_empty() => (0, 0),
        Ok(number) => (1, number),
        Err(_) => (2, 0),
    };
    let (mut ones, mut others) = (one.split('.'), other.split('.'));
    loop {
        let (one, other) = match (ones.next(), others.next()) {
            (None, None) => return Ordering::Equal,
            (one, other) => (one.unwrap_or_default(), other.unwrap_or_default()),
        };
        let order = rank(one).cmp(&rank(other)).then_with(|| one.cmp(other));
        if order.is_ne() {
            return order;
        }
    }
}

/// A number of digits as `strconv.ParseUint` reads it.
fn number(digits: &str) -> Result<u64, String> {
    digits.parse().map_err(|_| {
        let problem = if digits.is_empty() { "invalid syntax" } else { "value out of range" };
        format!("strconv.ParseUint: parsing \"{digits}\": {problem}")
    })
}

fn check_prerelease(text: &str) -> Result<(), Error> {
    for part in text.split('.') {
        if part.is_empty() || !part.bytes().all(scan::is_identifier) {
            return Err(Error::Prerelease);
        }
        if part.len() > 1 && part.starts_with('0') && part.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(Error::LeadingZero);
        }
    }
    Ok(())
}

fn check_metadata(text: &str) -> Result<(), Error> {
    let valid = text.split('.').all(|part| !part.is_empty() && part.bytes().all(scan::is_identifier));
    if valid { Ok(()) } else { Err(Error::Metadata) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(text: &str) -> String {
        Version::parse(text).unwrap_err().to_string()
    }

    #[test]
    fn loose_versions() {
        for (text, shown) in [("1", "1.0.0"), ("v1.2", "1.2.0"), ("01.02.3-a.1+b", "1.2.3-a.1+b"), ("1-0", "1.0.0-0")] {
            assert_eq!(Version::parse(text).unwrap().to_string(), shown);
        }
        for text in ["", "bad", "1.2.3.4", "1.2.3-", "1.2.3\n", "V1", "1.2.3-\u{e9}"] {
            assert_eq!(error(text), "invalid semantic version", "{text}");
        }
        assert_eq!(error("1.2.3-01"), "version segment starts with 0");
        assert_eq!(
            error("99999999999999999999"),
            "error parsing version segment: strconv.ParseUint: parsing \"99999999999999999999\": value out of range"
        );
        assert_eq!(error(&"1".repeat(257)), "version string is too long (max 256 bytes)");
    }

    #[test]
    fn strict_versions() {
        let error = |text| Version::parse_strict(text).unwrap_err();
        assert_eq!(error("1.2"), Error::Invalid);
        assert_eq!(error("v1.2.3"), Error::Characters);
        assert_eq!(error("1.2.3.4"), Error::Characters);
        assert_eq!(error("1.02.3"), Error::LeadingZero);
        assert_eq!(error("1.2.3-a..b"), Error::Prerelease);
        assert_eq!(error("1.2.3+"), Error::Metadata);
        assert_eq!(error("1..3").to_string(), "strconv.ParseUint: parsing \"\": invalid syntax");
        assert_eq!(Version::parse_strict("1.2.3-rc.1+5").unwrap().metadata(), "5");
    }

    #[test]
    fn precedence() {
        let ordered = ["1.0.0-1", "1.0.0-2", "1.0.0-10", "1.0.0-a", "1.0.0-a.1", "1.0.0-b", "1.0.0", "1.0.1"];
        for pair in ordered.windows(2) {
            assert!(Version::parse(pair[0]).unwrap() < Version::parse(pair[1]).unwrap(), "{pair:?}");
        }
        assert_eq!(Version::parse("1.2.3+a").unwrap(), Version::parse("v1.2.3").unwrap());
    }

    #[test]
    fn next_versions_keep_the_prefix() {
        let version = Version::parse("v1.2.3-rc.1+b").unwrap();
        assert_eq!(version.next_patch().unwrap().original(), "v1.2.3");
        assert_eq!(version.next_minor().unwrap().to_string(), "1.3.0");
        assert_eq!(version.with_prerelease("").unwrap().original(), "v1.2.3+b");
        assert!(Version::parse("18446744073709551615").unwrap().next_major().is_none());
    }
}
