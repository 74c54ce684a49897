//! The functions behind the operators of `${…}`, as fluxcd/pkg `envsubst/funcs.go` (v1) has them.
//!
//! They count in bytes as Go does. A result that ends inside a character is refused: upstream hands it to the YAML
//! reader, which refuses it.

use super::parse::Operator;
use crate::glob::{Failure, Fuel, matches};

/// Why a function gives nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// A negative length, which makes the controller panic.
    NegativeLength,
    /// The result ends inside a character.
    SplitCharacter,
    /// It would take too many steps or bytes.
    TooExpensive,
}

/// Applies an operator to the value of a variable; an undefined variable has the empty value.
pub(super) fn apply(
    operator: Operator,
    value: &str,
    arguments: &[String],
    bytes: usize,
    fuel: &mut Fuel,
) -> Result<String, Refusal> {
    let first = arguments.first().map(String::as_str);
    let second = arguments.get(1).map(String::as_str);
    Ok(match (operator, first) {
        (Operator::Plain, _) => value.to_owned(),
        (Operator::Length, _) => value.len().to_string(),
        (Operator::LowerFirst, _) => map_first(value, lower),
        (Operator::Lower, _) => value.chars().map(lower).collect(),
        (Operator::UpperFirst, _) => map_first(value, upper),
        (Operator::Upper, _) => value.chars().map(upper).collect(),
        (Operator::Default | Operator::Alternative | Operator::Require, _) => {
            if value.is_empty() {
                arguments.concat()
            } else {
                value.to_owned()
            }
        }
        (_, None) => value.to_owned(),
        (Operator::Substring, Some(position)) => substring(value, position, second)?,
        (Operator::TrimShortestPrefix, Some(pattern)) => trim(value, pattern, Which::Shortest, fuel)?,
        (Operator::TrimLongestPrefix, Some(pattern)) => trim(value, pattern, Which::Longest, fuel)?,
        (Operator::TrimShortestSuffix, Some(pattern)) => {
            reversed(&trim(&reversed(value), &reversed(pattern), Which::Shortest, fuel)?)
        }
        (Operator::TrimLongestSuffix, Some(pattern)) => {
            reversed(&trim(&reversed(value), &reversed(pattern), Which::Longest, fuel)?)
        }
        (Operator::ReplaceFirst, Some(old)) => value.replacen(old, second.unwrap_or_default(), 1),
        (Operator::ReplaceAll, Some(old)) => {
            let new = second.unwrap_or_default();
            let grown = value.matches(old).count().saturating_mul(new.len());
            if grown > bytes {
                return Err(Refusal::TooExpensive);
            }
            value.replace(old, new)
        }
        (Operator::ReplacePrefix, Some(old)) => match second {
            Some(new) => value.strip_prefix(old).map_or(value.to_owned(), |rest| format!("{new}{rest}")),
            None => value.to_owned(),
        },
        (Operator::ReplaceSuffix, Some(old)) => match second {
            Some(new) => value.strip_suffix(old).map_or(value.to_owned(), |rest| format!("{rest}{new}")),
            None => value.to_owned(),
        },
    })
}

fn map_first(value: &str, map: fn(char) -> char) -> String {
    let mut characters = value.chars();
    characters.next().map(map).into_iter().chain(characters).collect()
}

/// Go maps one character to one character: the simple case mapping of Unicode, where Rust has the full one.
fn lower(character: char) -> char {
    match character {
        'İ' => 'i',
        _ => only(character.to_lowercase(), character),
    }
}

fn upper(character: char) -> char {
    match character {
        '\u{1f80}'..='\u{1f87}' | '\u{1f90}'..='\u{1f97}' | '\u{1fa0}'..='\u{1fa7}' => {
            char::from_u32(u32::from(character) + 8).unwrap_or(character)
        }
        '\u{1fb3}' | '\u{1fc3}' | '\u{1ff3}' => char::from_u32(u32::from(character) + 9).unwrap_or(character),
        _ => only(character.to_uppercase(), character),
    }
}

fn only(mut mapped: impl Iterator<Item = char>, otherwise: char) -> char {
    match (mapped.next(), mapped.next()) {
        (Some(single), None) => single,
        _ => otherwise,
    }
}

/// Numbers that can not be read leave the value as it is: `${x: -3}` gives all of `x`, unlike in bash.
fn substring(value: &str, position: &str, length: Option<&str>) -> Result<String, Refusal> {
    let size = i64::try_from(value.len()).unwrap_or(i64::MAX);
    let Ok(mut start) = position.parse::<i64>() else { return Ok(value.to_owned()) };
    if start < 0 {
        start = (size + start).max(0);
    }
    let end = match length.map(str::parse::<i64>) {
        Some(Err(_)) => return Ok(value.to_owned()),
        Some(Ok(length)) => start.wrapping_add(length).min(size),
        None => size,
    };
    if start >= size && end >= size {
        return Ok(String::new());
    }
    if end < start {
        return Err(Refusal::NegativeLength);
    }
    if start == end {
        return Ok(String::new());
    }
    let range = usize::try_from(start).unwrap_or_default()..usize::try_from(end).unwrap_or_default();
    value.get(range).map(str::to_owned).ok_or(Refusal::SplitCharacter)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Which {
    Shortest,
    Longest,
}

/// Takes the shortest or longest non-empty matching prefix away; a malformed pattern takes nothing.
fn trim(value: &str, pattern: &str, which: Which, fuel: &mut Fuel) -> Result<String, Refusal> {
    let mut cut = 0;
    for length in (1..=value.len()).rev() {
        let prefix = value.as_bytes().get(..length).unwrap_or_default();
        match matches(pattern.as_bytes(), prefix, fuel) {
            Ok(true) => {
                cut = length;
                if which == Which::Longest {
                    break;
                }
            }
            Ok(false) => {}
            Err(Failure::Malformed) => {
                cut = 0;
                break;
            }
            Err(Failure::TooExpensive) => return Err(Refusal::TooExpensive),
        }
    }
    value.get(cut..).map(str::to_owned).ok_or(Refusal::SplitCharacter)
}

fn reversed(text: &str) -> String {
    text.chars().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_as_go_does() {
        let run = |operator, value: &str, arguments: &[&str]| {
            let arguments: Vec<String> = arguments.iter().map(|a| (*a).to_owned()).collect();
            apply(operator, value, &arguments, 1000, &mut Fuel(100_000))
        };
        for (value, arguments, wanted) in [
            ("123456789123456789", &["0", "8"][..], "12345678"),
            ("123456789", &["3"], "456789"),
            ("123456789", &["-3"], "789"),
            ("123456789", &["-30", "2"], "12"),
            ("123456789", &["8", "15"], "9"),
            ("123456789", &["30", "1"], ""),
            ("123456789", &[" -3"], "123456789"),
            ("123456789", &["2", "x"], "123456789"),
            ("123456789", &["4", "0"], ""),
        ] {
            assert_eq!(run(Operator::Substring, value, arguments).as_deref(), Ok(wanted), "{value} {arguments:?}");
        }
        assert_eq!(run(Operator::Substring, "12345", &["3", "-1"]), Err(Refusal::NegativeLength));
        assert_eq!(run(Operator::Substring, "é1", &["1"]), Err(Refusal::SplitCharacter));
        assert_eq!(run(Operator::Upper, "straße ᾳ", &[]).as_deref(), Ok("STRAßE ᾼ"));
        assert_eq!(run(Operator::ReplacePrefix, "aXa", &["a"]).as_deref(), Ok("aXa"));
        assert_eq!(run(Operator::ReplaceAll, "abc", &["", "-"]).as_deref(), Ok("-a-b-c-"));
        assert_eq!(run(Operator::ReplaceAll, "aaaa", &["a", &"x".repeat(900)]), Err(Refusal::TooExpensive));
        assert_eq!(run(Operator::TrimShortestPrefix, "abc", &["[a"]).as_deref(), Ok("abc"));
    }
}
