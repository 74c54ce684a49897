//! `wrap` and `wrapWith`, as Masterminds/goutils 1.1.1 breaks lines: at blanks, counted in bytes.

use crate::function::{Args, Call};
use crate::{Failure, Text, Value};

use super::subject;

pub(super) fn wrap(call: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    let text = subject(call, args, 1)?;
    wrapped(call, text, args.int(0)?, b"\n", false)
}

pub(super) fn wrap_with(call: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    let text = subject(call, args, 2)?;
    let separator: &[u8] = args.text(1)?;
    let separator = if separator.is_empty() { b"\n" } else { separator };
    wrapped(call, text, args.int(0)?, separator, true)
}

/// Lines of `width` bytes; words that are longer are broken only where `breaks_words`.
fn wrapped(
    call: &mut Call<'_>,
    text: &Text,
    width: i64,
    separator: &[u8],
    breaks_words: bool,
) -> Result<Value, Failure> {
    let width = usize::try_from(width).unwrap_or(1).max(1);
    let mut out = Vec::with_capacity(text.len());
    let mut rest: &[u8] = text;
    while rest.len() > width {
        if let [b' ', after @ ..] = rest {
            rest = after;
            continue;
        }
        // A blank right after the line counts as its end.
        let found = rest.get(..=width).and_then(|line| memchr::memrchr(b' ', line));
        let (length, skipped) = match found {
            Some(blank) => (blank, 1),
            None if breaks_words => (width, 0),
            None => match rest.get(width..).and_then(|after| memchr::memchr(b' ', after)) {
                Some(blank) => (width + blank, 1),
                None => break,
            },
        };
        call.budget.allocate(length + separator.len())?;
        out.extend_from_slice(rest.get(..length).unwrap_or_default());
        out.extend_from_slice(separator);
        rest = rest.get(length + skipped..).unwrap_or_default();
    }
    out.extend_from_slice(rest);
    Ok(out.into())
}
