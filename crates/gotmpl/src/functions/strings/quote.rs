//! `quote`, `squote`, `cat`, `toString`.

use crate::format;
use crate::function::{Args, Call};
use crate::{Failure, Item, Text, Value};

use super::pieces::{Chain, Edit};
use super::shown::{printed, shown};

/// The values that are not nil.
fn given<'a>(args: Args<'a>) -> impl Iterator<Item = &'a Item> {
    args.rest(0).iter().filter(|item| !matches!(item.value, Value::Nil))
}

/// Texts with blanks between.
fn joined(call: &Call<'_>, texts: &[(Text, &Item)]) -> Value {
    if let [(text, _)] = texts {
        return text.clone().into();
    }
    let length = texts.iter().map(|(text, _)| text.len() + 1).sum();
    let mut chain = Chain::new(length, call.traced);
    for (index, (text, item)) in texts.iter().enumerate() {
        if index > 0 {
            chain.push(b" ");
        }
        chain.push_text(text, item.span);
    }
    chain.finish().into()
}

pub(super) fn quote(call: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    let mut texts = Vec::with_capacity(args.len());
    for item in given(args) {
        let text = shown(&item.value, call.budget)?;
        call.budget.allocate(text.len())?;
        let quoted = format::quote(&text);
        // Without escapes the places of the bytes are known.
        let same = quoted.len() == text.len() + 2;
        texts.push((if same { enclosed(call, &text, b"\"") } else { quoted.into() }, item));
    }
    Ok(joined(call, &texts))
}

pub(super) fn squote(call: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    let mut texts = Vec::with_capacity(args.len());
    for item in given(args) {
        let text = printed(&item.value, call.budget)?;
        call.budget.allocate(text.len())?;
        texts.push((enclosed(call, &text, b"'"), item));
    }
    Ok(joined(call, &texts))
}

fn enclosed(call: &Call<'_>, text: &Text, mark: &[u8]) -> Text {
    let mut edit = Edit::new(text, text.len() + 2, call.traced);
    edit.insert(mark);
    edit.keep_to(text.len());
    edit.insert(mark);
    edit.finish_here()
}

pub(super) fn cat(call: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    let mut texts = Vec::with_capacity(args.len());
    for item in given(args) {
        let text = printed(&item.value, call.budget)?;
        call.budget.allocate(text.len())?;
        texts.push((text, item));
    }
    Ok(joined(call, &texts))
}

pub(super) fn to_string(call: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    Ok(shown(args.value(0)?, call.budget)?.into())
}
