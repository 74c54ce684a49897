//! Finding, splitting and replacing as Go's `regexp` walks over a text: what it does with empty matches is its own, and
//! so are its templates for replacements.

use std::borrow::Cow;

use regex::{Captures, Regex};

use crate::convert::to_utf8;
use crate::unicode::Class;
use crate::{Budget, Failure};

/// A text to search. Go takes each byte that is not UTF-8 for U+FFFD, so that is what is searched; places lead back.
pub(super) struct Haystack<'a> {
    bytes: &'a [u8],
    text: Cow<'a, str>,
    /// Where in the text each replaced byte ends, three bytes long instead of one.
    replaced: Vec<usize>,
}

/// Where a match begins and ends in the searched text.
type Place = (usize, usize);

impl<'a> Haystack<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        let text = to_utf8(bytes);
        let mut replaced = Vec::new();
        if let Cow::Owned(_) = text {
            let mut end = 0;
            for chunk in bytes.utf8_chunks() {
                end += chunk.valid().len();
                for _ in chunk.invalid() {
                    end += char::REPLACEMENT_CHARACTER.len_utf8();
                    replaced.push(end);
                }
            }
        }
        Self { bytes, text, replaced }
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// The bytes between two places in the searched text.
    pub(super) fn between(&self, start: usize, end: usize) -> &'a [u8] {
        self.bytes.get(self.original(start)..self.original(end)).unwrap_or_default()
    }

    fn original(&self, at: usize) -> usize {
        at - 2 * self.replaced.partition_point(|end| *end <= at)
    }

    /// The place after the character at `at`, which at the end lies one beyond.
    fn after_character(&self, at: usize) -> usize {
        at + self.text.get(at..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8)
    }
}

/// Each search may have to look at all that follows before it is sure of its match.
fn search_costs(budget: &mut Budget, haystack: &Haystack<'_>, at: usize) -> Result<(), Failure> {
    budget.step((haystack.text.len().saturating_sub(at) / 512) as u64)
}

/// Go's `FindAllIndex`: at most `limit` matches, no empty one right after another match.
pub(super) fn find_all(
    budget: &mut Budget,
    regex: &Regex,
    haystack: &Haystack<'_>,
    limit: usize,
) -> Result<Vec<Place>, Failure> {
    let mut found = Vec::new();
    let mut at = 0;
    let mut previous_end = None;
    while found.len() < limit && at <= haystack.text.len() {
        search_costs(budget, haystack, at)?;
        let Some(next) = regex.find_at(&haystack.text, at) else { break };
        let accepted = next.end() != at || previous_end != Some(next.start());
        at = if next.end() == at { haystack.after_character(at) } else { next.end() };
        previous_end = Some(next.end());
        if accepted {
            budget.allocate(size_of::<Place>())?;
            found.push((next.start(), next.end()));
        }
    }
    Ok(found)
}

/// Go's `Split`: at most `limit` parts, the last one whole.
pub(super) fn split(haystack: &Haystack<'_>, matches: &[Place], limit: Option<usize>) -> Vec<Place> {
    let mut parts = Vec::new();
    let (mut start, mut end) = (0, 0);
    for (match_start, match_end) in matches {
        if limit.is_some_and(|limit| parts.len() + 1 == limit) {
            break;
        }
        end = *match_start;
        if *match_end != 0 {
            parts.push((start, end));
        }
        start = *match_end;
    }
    if end != haystack.text.len() {
        parts.push((start, haystack.text.len()));
    }
    parts
}

/// Go's `ReplaceAll`: no replacement for an empty match right after another match.
pub(super) fn replace_all(
    budget: &mut Budget,
    regex: &Regex,
    haystack: &Haystack<'_>,
    mut replacement: impl FnMut(&mut Budget, &mut Vec<u8>, &Captures<'_>) -> Result<(), Failure>,
) -> Result<Vec<u8>, Failure> {
    let mut out = Vec::new();
    let (mut last_end, mut at) = (0, 0);
    while at <= haystack.text.len() {
        search_costs(budget, haystack, at)?;
        let Some(captures) = regex.captures_at(&haystack.text, at) else { break };
        let Some(whole) = captures.get(0) else { break };
        out.extend_from_slice(haystack.between(last_end, whole.start()));
        if whole.end() > last_end || whole.start() == 0 {
            replacement(budget, &mut out, &captures)?;
        }
        last_end = whole.end();
        let after = haystack.after_character(at);
        at = if after > last_end { after } else { last_end };
    }
    out.extend_from_slice(haystack.between(last_end, haystack.text.len()));
    Ok(out)
}

/// A piece of a template for replacements.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    Literal(&'a [u8]),
    /// By number.
    Group(usize),
}

/// Takes a template apart as Go's `Expand` does: `$1`, `$name`, `${name}`, `$$`. A name is as long as it can be, so `$1x`
/// is the group called `1x`; groups that are not there give nothing.
pub(super) fn pieces<'a>(template: &'a [u8], names: &[String]) -> Vec<Piece<'a>> {
    let mut pieces = Vec::new();
    let mut rest = template;
    while let Some(dollar) = rest.iter().position(|byte| *byte == b'$') {
        let (before, after) = rest.split_at(dollar);
        pieces.push(Piece::Literal(before));
        let after = after.get(1..).unwrap_or_default();
        if let Some(after) = after.strip_prefix(b"$") {
            pieces.push(Piece::Literal(b"$"));
            rest = after;
            continue;
        }
        let Some((name, after)) = name_of(after) else {
            pieces.push(Piece::Literal(b"$"));
            rest = after;
            continue;
        };
        pieces.extend(group_of(name, names).map(Piece::Group));
        rest = after;
    }
    pieces.push(Piece::Literal(rest));
    pieces
}

/// The name at the start, in braces or not, and what follows.
fn name_of(template: &[u8]) -> Option<(&str, &[u8])> {
    let inside = template.strip_prefix(b"{");
    let text = inside.unwrap_or(template);
    let valid = text.utf8_chunks().next()?.valid();
    let is_in_name = |c: char| c == '_' || Class::of(c).is_letter() || Class::of(c) == Class::Digit;
    let length = valid.find(|c| !is_in_name(c)).unwrap_or(valid.len());
    let name = valid.get(..length).filter(|name| !name.is_empty())?;
    let after = text.get(length..).unwrap_or_default();
    let after = if inside.is_some() { after.strip_prefix(b"}")? } else { after };
    Some((name, after))
}

fn group_of(name: &str, names: &[String]) -> Option<usize> {
    let is_number = name.bytes().all(|byte| byte.is_ascii_digit()) && (name.len() == 1 || !name.starts_with('0'));
    match name.parse() {
        Ok(number) if is_number && name.len() <= 9 => Some(number),
        _ => names.iter().position(|known| known == name).map(|index| index + 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates() {
        let names = [String::new(), "first".to_owned()];
        let literal = |text: &'static str| Piece::Literal(text.as_bytes());
        assert_eq!(pieces(b"a${1}x", &names), [literal("a"), Piece::Group(1), literal("x")]);
        assert_eq!(pieces(b"$1x", &names), [literal(""), literal("")]);
        assert_eq!(pieces(b"$first-", &names), [literal(""), Piece::Group(2), literal("-")]);
        assert_eq!(pieces(b"$$1", &names), [literal(""), literal("$"), literal("1")]);
        assert_eq!(pieces(b"${1", &names), [literal(""), literal("$"), literal("{1")]);
    }

    #[test]
    fn bytes_that_are_not_utf8() {
        let haystack = Haystack::new(b"a\xff\xfeb");
        let regex = Regex::new("[^a]").unwrap();
        let mut budget = Budget::new(crate::Limits::default());
        let found = find_all(&mut budget, &regex, &haystack, 9).unwrap();
        let parts: Vec<&[u8]> = found.iter().map(|(start, end)| haystack.between(*start, *end)).collect();
        assert_eq!(parts, [b"\xff", b"\xfe", b"b"]);
    }
}
