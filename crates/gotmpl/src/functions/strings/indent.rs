//! `indent` and `nindent`: the functions that charts call most.

use crate::function::{Args, Call};
use crate::{Failure, Value};

use super::pieces::Edit;
use super::{negative_count, subject};

pub(super) fn indent(call: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    indented(call, args, b"")
}

pub(super) fn nindent(call: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    indented(call, args, b"\n")
}

/// Blanks before every line, the empty ones too.
fn indented(call: &mut Call<'_>, args: Args<'_>, before: &[u8]) -> Result<Value, Failure> {
    let text = subject(call, args, 1)?;
    let width = usize::try_from(args.int(0)?).map_err(|_| negative_count())?;
    let lines = 1 + memchr::memchr_iter(b'\n', text).count();
    let length = width.saturating_mul(lines).saturating_add(text.len() + before.len());
    call.budget.allocate(length)?;
    let blanks = vec![b' '; width];
    let mut edit = Edit::new(text, length, call.traced);
    edit.insert(before);
    edit.insert(&blanks);
    for newline in memchr::memchr_iter(b'\n', text) {
        edit.keep_to(newline + 1);
        edit.insert(&blanks);
    }
    Ok(edit.finish().into())
}
