//! Shorter texts: `abbrev`, `abbrevboth`, `initials`, `nospace`. Masterminds/goutils 1.1.1 takes bytes for characters in
//! all of them: what it copies one by one comes out as Latin-1 that was read as UTF-8.

use crate::function::{Args, Call};
use crate::{Failure, Text, Value, unicode};

use super::subject;

const MARK: &[u8] = b"...";

pub(super) fn abbrev(call: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    let text = subject(call, args, 1)?;
    Ok(match width(args.int(0)?, 4) {
        Some(width) => abbreviated(text, 0, width),
        None => text.clone().into(),
    })
}

pub(super) fn abbrevboth(call: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    let text = subject(call, args, 2)?;
    let left = args.int(0)?;
    Ok(match width(args.int(1)?, if left > 0 { 7 } else { 4 }) {
        Some(width) => abbreviated(text, usize::try_from(left).unwrap_or(0), width),
        None => text.clone().into(),
    })
}

fn width(number: i64, least: usize) -> Option<usize> {
    usize::try_from(number).ok().filter(|width| *width >= least)
}

/// At most `width` bytes, cut at the end, and from `offset` on at the start.
fn abbreviated(text: &Text, offset: usize, width: usize) -> Value {
    let length = text.len();
    if length <= width {
        return text.clone().into();
    }
    let room = width - MARK.len();
    let part = |from: usize, to: usize| text.get(from..to).unwrap_or_default();
    let offset = offset.min(length).min(length - room);
    if offset <= 4 {
        return [part(0, room), MARK].concat().into();
    }
    if offset + room < length {
        return [MARK, part(offset, offset + room - MARK.len()), MARK].concat().into();
    }
    [MARK, part(length - room, length)].concat().into()
}

fn is_blank(byte: u8) -> bool {
    char::from(byte).is_whitespace()
}

pub(super) fn nospace(call: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    let text = subject(call, args, 0)?;
    if !text.iter().any(|byte| is_blank(*byte)) {
        return Ok(text.clone().into());
    }
    let mut out = Vec::with_capacity(text.len());
    text.iter().filter(|byte| !is_blank(**byte)).for_each(|byte| unicode::push(&mut out, char::from(*byte)));
    Ok(out.into())
}

pub(super) fn initials(call: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    let mut out = Vec::new();
    let mut after_gap = true;
    for byte in subject(call, args, 0)?.iter() {
        if after_gap && !is_blank(*byte) {
            unicode::push(&mut out, char::from(*byte));
        }
        after_gap = is_blank(*byte);
    }
    Ok(out.into())
}
