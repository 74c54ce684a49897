//! Go's `filepath.Match`: shell patterns whose wildcards stay within one path part.

use std::iter::Peekable;
use std::str::Chars;

/// A pattern that Go refuses.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct BadPattern;

/// One step of a pattern.
enum Step {
    Any,
    One,
    Literal(char),
    Class { negated: bool, ranges: Vec<(char, char)> },
}

/// Whether the whole of `name` matches.
pub(crate) fn path_match(pattern: &str, name: &str) -> Result<bool, BadPattern> {
    let steps = parse(pattern)?;
    let name: Vec<char> = name.chars().collect();
    // On a mismatch only the last `*` takes one more character, so the walk is at worst the product of both lengths.
    let (mut step, mut at) = (0, 0);
    let mut retry: Option<(usize, usize)> = None;
    loop {
        match (steps.get(step), name.get(at)) {
            (Some(Step::Any), _) => {
                retry = Some((step + 1, at));
                step += 1;
            }
            (None, None) => return Ok(true),
            (Some(wanted), Some(found)) if wanted.takes(*found) => {
                step += 1;
                at += 1;
            }
            _ => match retry {
                Some((after, from)) if name.get(from).is_some_and(|skipped| *skipped != '/') => {
                    retry = Some((after, from + 1));
                    (step, at) = (after, from + 1);
                }
                _ => return Ok(false),
            },
        }
    }
}

impl Step {
    fn takes(&self, found: char) -> bool {
        match self {
            Step::Any => false,
            Step::One => found != '/',
            Step::Literal(wanted) => *wanted == found,
            Step::Class { negated, ranges } => {
                ranges.iter().any(|(low, high)| (*low..=*high).contains(&found)) != *negated
            }
        }
    }
}

fn parse(pattern: &str) -> Result<Vec<Step>, BadPattern> {
    let mut steps = Vec::new();
    let mut rest = pattern.chars().peekable();
    while let Some(next) = rest.next() {
        steps.push(match next {
            '*' => Step::Any,
            '?' => Step::One,
            '[' => class(&mut rest)?,
            '\\' => Step::Literal(rest.next().ok_or(BadPattern)?),
            literal => Step::Literal(literal),
        });
    }
    Ok(steps)
}

/// What stands after `[`: at least one character or range, then `]`.
fn class(rest: &mut Peekable<Chars<'_>>) -> Result<Step, BadPattern> {
    let negated = rest.next_if_eq(&'^').is_some();
    let mut ranges = Vec::new();
    while ranges.is_empty() || rest.next_if_eq(&']').is_none() {
        let low = class_character(rest)?;
        let high = if rest.next_if_eq(&'-').is_some() { class_character(rest)? } else { low };
        ranges.push((low, high));
    }
    Ok(Step::Class { negated, ranges })
}

fn class_character(rest: &mut Peekable<Chars<'_>>) -> Result<char, BadPattern> {
    match rest.next() {
        None | Some('-' | ']') => Err(BadPattern),
        Some('\\') => rest.next().ok_or(BadPattern),
        Some(character) => Ok(character),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_as_in_go() {
        for (pattern, name, expected) in [
            ("abc", "abc", true),
            ("*c", "abc", true),
            ("a*/b", "abc/b", true),
            ("a*/b", "a/c/b", false),
            ("a*b*c*d*e*/f", "axbxcxdxexxx/f", true),
            ("a*b?c*x", "abxbbxdbxebxczzy", false),
            ("ab[e-g]", "abf", true),
            ("ab[^e-g]", "abf", false),
            ("a\\*b", "a*b", true),
            ("[\\]a]", "]", true),
            ("*", "a/b", false),
            ("", "", true),
        ] {
            assert_eq!(path_match(pattern, name), Ok(expected), "{pattern} {name}");
        }
        for pattern in ["[]a]", "[-]", "[", "[a", "a\\", "[x-"] {
            assert_eq!(path_match(pattern, "a"), Err(BadPattern), "{pattern}");
        }
    }
}
