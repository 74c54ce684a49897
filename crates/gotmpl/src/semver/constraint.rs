//! Constraints: alternatives (`||`) of conditions that all hold (blanks or commas between them), each an operator and a
//! version that may be cut short or have `x` for a number.

use super::scan::Scanner;
use super::{Error, Version};
use crate::quote::quote;

/// Longest constraint that is read, in bytes.
pub(super) const MAX_LENGTH: usize = 512;

/// Most alternatives.
pub(super) const MAX_GROUPS: usize = 32;

/// What a version must satisfy.
#[derive(Clone, Debug)]
pub struct Constraints {
    groups: Vec<Vec<Condition>>,
}

#[derive(Clone, Debug)]
struct Condition {
    operator: Operator,
    version: Version,
    /// The first number that is not given.
    open: Option<Open>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Open {
    Major,
    Minor,
    Patch,
}

#[derive(Clone, Copy, Debug)]
enum Operator {
    Equal,
    NotEqual,
    Greater,
    Less,
    GreaterOrEqual,
    LessOrEqual,
    Tilde,
    Caret,
}

impl Constraints {
    /// Reads a constraint.
    ///
    /// # Errors
    /// Upstream's of `NewConstraint`.
    pub fn parse(text: impl AsRef<[u8]>) -> Result<Self, Error> {
        let text = text.as_ref();
        if text.len() > MAX_LENGTH {
            return Err(Error::ConstraintTooLong);
        }
        let text = without_ranges(text);
        let groups = split_alternatives(&text);
        if groups.len() > MAX_GROUPS {
            return Err(Error::TooManyGroups);
        }
        Ok(Self { groups: groups.into_iter().map(group).collect::<Result<_, _>>()? })
    }

    /// Whether the version satisfies one of the alternatives. A prerelease satisfies only those that name one.
    pub fn check(&self, version: &Version) -> bool {
        self.groups.iter().any(|group| {
            let names_prerelease = group.iter().any(|condition| !condition.version.prerelease().is_empty());
            (names_prerelease || version.prerelease().is_empty())
                && group.iter().all(|condition| condition.holds(version))
        })
    }
}

impl Condition {
    fn holds(&self, version: &Version) -> bool {
        let wanted = &self.version;
        let same_major = version.major() == wanted.major();
        let same_minor = version.minor() == wanted.minor();
        match (self.operator, self.open) {
            (Operator::Equal, None) => version == wanted,
            (Operator::Equal | Operator::Tilde, _) => self.holds_tilde(version),
            (Operator::NotEqual, None) => version != wanted,
            (Operator::NotEqual, Some(open)) => match open {
                _ if !same_major => true,
                Open::Major => !same_minor || version != wanted,
                Open::Minor => false,
                Open::Patch => !same_minor || version.prerelease() != wanted.prerelease(),
            },
            (Operator::Greater, None) => version > wanted,
            (Operator::Greater, Some(open)) => match open {
                _ if !same_major => version.major() > wanted.major(),
                Open::Major => version > wanted,
                Open::Minor => false,
                Open::Patch => version.minor() > wanted.minor(),
            },
            (Operator::Less, _) => version < wanted,
            (Operator::GreaterOrEqual, _) => version >= wanted,
            (Operator::LessOrEqual, None) => version <= wanted,
            (Operator::LessOrEqual, Some(open)) => match open {
                _ if !same_major => version.major() < wanted.major(),
                Open::Minor => true,
                Open::Major | Open::Patch => version.minor() <= wanted.minor(),
            },
            (Operator::Caret, _) => self.holds_caret(version),
        }
    }

    fn holds_tilde(&self, version: &Version) -> bool {
        let wanted = &self.version;
        if version < wanted {
            return false;
        }
        // `~0.0.0` and `~x` take everything.
        let is_zero = wanted.major() == 0 && wanted.minor() == 0 && wanted.patch() == 0;
        if is_zero && !matches!(self.open, Some(Open::Minor | Open::Patch)) {
            return true;
        }
        version.major() == wanted.major() && (self.open == Some(Open::Minor) || version.minor() == wanted.minor())
    }

    /// The first number that is not zero must stay. `^x` means `^0.0.0`, which takes nothing else: upstream's slip is
    /// kept.
    fn holds_caret(&self, version: &Version) -> bool {
        let wanted = &self.version;
        if version < wanted || version.major() != wanted.major() {
            return false;
        }
        if wanted.major() > 0 || self.open == Some(Open::Minor) {
            return true;
        }
        if version.minor() != wanted.minor() {
            return false;
        }
        wanted.minor() > 0 || self.open == Some(Open::Patch) || version.patch() == wanted.patch()
    }
}

/// Digits of a constraint's version. The bar is upstream's slip, and no number is read with it.
fn is_digit(byte: u8) -> bool {
    byte.is_ascii_digit() || matches!(byte, b'x' | b'X' | b'*' | b'|')
}

/// The conditions between two `||`.
fn group(text: &[u8]) -> Result<Vec<Condition>, Error> {
    let improper = || Error::Constraint(quote(text));
    let mut scanner = Scanner::new(text);
    let mut written = Vec::new();
    loop {
        scanner.blanks();
        let operator = operator(&mut scanner).ok_or_else(improper)?;
        scanner.blanks();
        written.push((operator, scanner.version(is_digit).ok_or_else(improper)?));
        let blank = scanner.blanks();
        if scanner.at_end() {
            break;
        }
        if !scanner.eat(b',') && !blank {
            return Err(improper());
        }
    }
    written.into_iter().map(|(operator, parts)| condition(operator, &parts)).collect()
}

fn operator(scanner: &mut Scanner<'_>) -> Option<Operator> {
    Some(match scanner.run(|byte| matches!(byte, b'=' | b'!' | b'<' | b'>' | b'~' | b'^')) {
        "" | "=" => Operator::Equal,
        "!=" => Operator::NotEqual,
        ">" => Operator::Greater,
        "<" => Operator::Less,
        ">=" | "=>" => Operator::GreaterOrEqual,
        "<=" | "=<" => Operator::LessOrEqual,
        "~" | "~>" => Operator::Tilde,
        "^" => Operator::Caret,
        _ => return None,
    })
}

/// From the first number that is missing or `x` on, zeros stand for the numbers.
fn condition(operator: Operator, parts: &super::scan::Parts<'_>) -> Result<Condition, Error> {
    let given = |number: Option<&str>| number.is_some_and(|number| !matches!(number, "x" | "X" | "*"));
    let tail = parts.prerelease.map(|text| format!("-{text}")).unwrap_or_default();
    let (major, minor) = (parts.major, parts.minor.unwrap_or_default());
    let (open, text) = match () {
        () if !given(Some(major)) => (Some(Open::Major), format!("0.0.0{tail}")),
        () if !given(parts.minor) => (Some(Open::Minor), format!("{major}.0.0{tail}")),
        () if !given(parts.patch) => (Some(Open::Patch), format!("{major}.{minor}.0{tail}")),
        () => (None, parts.text.to_owned()),
    };
    let version = Version::parse(text).map_err(|_| Error::ConstraintVersion)?;
    Ok(Condition { operator, version, open })
}

fn split_alternatives(text: &[u8]) -> Vec<&[u8]> {
    let mut groups = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.windows(2).position(|pair| pair == b"||") {
        let (group, after) = rest.split_at(at);
        groups.push(group);
        rest = after.get(2..).unwrap_or_default();
    }
    groups.push(rest);
    groups
}

/// Writes ranges (`1.2 - 1.4.5`) as two conditions.
fn without_ranges(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut at = 0;
    while let Some(byte) = text.get(at) {
        match range(text, at) {
            Some((low, high, end)) => {
                out.extend_from_slice(format!(">= {low}, <= {high} ").as_bytes());
                at = end;
            }
            None => {
                out.push(*byte);
                at += 1;
            }
        }
    }
    out
}

fn range(text: &[u8], at: usize) -> Option<(&str, &str, usize)> {
    let mut scanner = Scanner::starting_at(text, at);
    scanner.blanks();
    let low = scanner.version(is_digit)?.text;
    if !(scanner.blanks() && scanner.eat(b'-') && scanner.blanks()) {
        return None;
    }
    let high = scanner.version(is_digit)?.text;
    scanner.blanks();
    Some((low, high, scanner.at()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn satisfying(constraint: &str) -> Vec<&'static str> {
        let versions =
            ["0.0.0", "0.0.3", "0.2.5", "1.0.0", "1.2.0-0", "1.2.3-alpha", "1.2.3", "1.2.4", "1.3.0", "2.0.0"];
        let constraints = Constraints::parse(constraint).unwrap();
        versions.into_iter().filter(|version| constraints.check(&Version::parse(version).unwrap())).collect()
    }

    #[test]
    fn operators() {
        assert_eq!(satisfying("^0.2.3"), ["0.2.5"]);
        assert_eq!(satisfying("^x"), ["0.0.0"]);
        assert_eq!(satisfying("~1.2.3, !=1.2.4"), ["1.2.3"]);
        assert_eq!(satisfying(">1.2.x"), ["1.3.0", "2.0.0"]);
        assert_eq!(satisfying("!=1.x"), ["0.0.0", "0.0.3", "0.2.5", "2.0.0"]);
        assert_eq!(satisfying("<=1"), ["0.0.0", "0.0.3", "0.2.5", "1.0.0", "1.2.3", "1.2.4", "1.3.0"]);
        assert_eq!(satisfying("1.0 - 1.2.3 || >= 2"), ["1.0.0", "1.2.3", "2.0.0"]);
        assert_eq!(satisfying(">=1.2.0-0 <1.2.3"), ["1.2.0-0", "1.2.3-alpha"]);
    }

    #[test]
    fn errors() {
        let error = |text: &str| Constraints::parse(text).unwrap_err().to_string();
        assert_eq!(error(""), "improper constraint: \"\"");
        assert_eq!(error(">1 || bad"), "improper constraint: \" bad\"");
        assert_eq!(error("1.2.3.4 - 5"), "improper constraint: \"1.>= 2.3.4, <= 5 \"");
        assert_eq!(error("1,,2"), "improper constraint: \"1,,2\"");
        assert_eq!(error("1|2"), "constraint parser error");
        assert_eq!(error(&"1||".repeat(40)), "too many constraint groups (max 32)");
        assert_eq!(error(&"1".repeat(513)), "constraint string is too long (max 512 bytes)");
    }
}
