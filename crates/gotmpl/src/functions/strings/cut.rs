//! Parts of a text: `trim` and its kin, `trunc`, `substr`.

use std::ops::Range;

use crate::function::{Args, Call};
use crate::{Failure, Text, Value, unicode};

use super::pieces::Edit;
use super::subject;

/// The bytes of a range, with their places.
fn part(call: &Call<'_>, text: &Text, range: Range<usize>) -> Value {
    if range == (0..text.len()) {
        return text.clone().into();
    }
    let mut edit = Edit::new(text, range.len(), call.traced);
    edit.skip(range.start);
    edit.keep_to(range.end);
    edit.finish_here().into()
}

/// The range without the characters at both ends that are not wanted.
fn trimmed(text: &[u8], unwanted: impl Fn(char) -> bool) -> Range<usize> {
    let left: usize =
        unicode::runes(text).take_while(|(character, _)| unwanted(*character)).map(|(_, size)| size).sum();
    let mut end = text.len();
    while let Some(rest) = text.get(left..end)
        && let Some((character, size)) = last(rest)
        && unwanted(character)
    {
        end -= size;
    }
    left..end
}

/// The last character and its length, as Go's `utf8.DecodeLastRune` has it.
fn last(bytes: &[u8]) -> Option<(char, usize)> {
    let length = bytes.len();
    let found = (1..=length.min(4)).find_map(|size| {
        let (character, width) = unicode::decode(bytes.get(length - size..)?)?;
        // A byte on its own that is not ASCII is the end of something longer, or nothing.
        (width == size && (size > 1 || character.is_ascii())).then_some((character, size))
    });
    found.or((length > 0).then_some((unicode::REPLACEMENT, 1)))
}

pub(super) fn trim(call: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    let text = subject(call, args, 0)?;
    Ok(part(call, text, trimmed(text, char::is_whitespace)))
}

pub(super) fn trim_all(call: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    let text = subject(call, args, 1)?;
    let unwanted: Vec<char> = unicode::runes(args.text(0)?).map(|(character, _)| character).collect();
    call.budget.step((unwanted.len() as u64).saturating_mul(text.len() as u64) >> 8)?;
    Ok(part(call, text, trimmed(text, |character| unwanted.contains(&character))))
}

pub(super) fn trim_prefix(call: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    let text = subject(call, args, 1)?;
    let prefix = args.text(0)?;
    let start = if text.starts_with(prefix) { prefix.len() } else { 0 };
    Ok(part(call, text, start..text.len()))
}

pub(super) fn trim_suffix(call: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    let text = subject(call, args, 1)?;
    let suffix = args.text(0)?;
    let end = text.len() - if text.ends_with(suffix) { suffix.len() } else { 0 };
    Ok(part(call, text, 0..end))
}

/// The first bytes, or with a negative count the last.
pub(super) fn trunc(call: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    let text = subject(call, args, 1)?;
    let length = text.len();
    let range = match usize::try_from(args.int(0)?) {
        Ok(count) => 0..count.min(length),
        Err(_) => {
            let count = usize::try_from(args.int(0)?.unsigned_abs()).unwrap_or(usize::MAX);
            length.saturating_sub(count)..length
        }
    };
    Ok(part(call, text, range))
}

pub(super) fn substr(call: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    let text = subject(call, args, 2)?;
    let (start, end) = (args.int(0)?, args.int(1)?);
    let length = text.len();
    let bounds = |text: String| Failure::error(format!("runtime error: slice bounds out of range [{text}]"));
    let range = match (usize::try_from(start), usize::try_from(end)) {
        (Err(_), Err(_)) => return Err(bounds(format!(":{end}"))),
        (Err(_), Ok(end)) if end > length => {
            let message = format!("runtime error: slice bounds out of range [:{end}] with length {length}");
            return Err(Failure::error(message));
        }
        (Err(_), Ok(end)) => 0..end,
        (Ok(start), Ok(end)) if end <= length => start..end,
        (Ok(start), _) => start..length,
    };
    if range.start > range.end {
        return Err(bounds(format!("{}:{}", range.start, range.end)));
    }
    Ok(part(call, text, range))
}
