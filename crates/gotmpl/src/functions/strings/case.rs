//! Upper and lower case, letter by letter.

use crate::function::{Args, Call};
use crate::unicode::{self, Class};
use crate::{Failure, Text, Value};

use super::subject;

/// Each character changed; what is no character becomes U+FFFD, as Go's conversion to characters has it.
fn mapped(text: &Text, mut change: impl FnMut(char) -> char) -> Value {
    let mut out = Vec::with_capacity(text.len());
    for (character, _) in unicode::runes(text) {
        unicode::push(&mut out, change(character));
    }
    out.into()
}

pub(super) fn upper(call: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    Ok(mapped(subject(call, args, 0)?, unicode::to_upper))
}

pub(super) fn lower(call: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    Ok(mapped(subject(call, args, 0)?, unicode::to_lower))
}

/// Go's `strings.Title`: a letter is large after anything that does not belong to a word.
pub(super) fn title(call: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    let mut previous = ' ';
    Ok(mapped(subject(call, args, 0)?, |character| {
        let starts = is_separator(previous);
        previous = character;
        if starts { unicode::to_title(character) } else { character }
    }))
}

fn is_separator(character: char) -> bool {
    if character.is_ascii() {
        return !(character.is_ascii_alphanumeric() || character == '_');
    }
    let class = Class::of(character);
    !class.is_letter() && class != Class::Digit && character.is_whitespace()
}

pub(super) fn untitle(call: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    let mut previous = ' ';
    Ok(mapped(subject(call, args, 0)?, |character| {
        let starts = previous.is_whitespace() && !character.is_whitespace();
        previous = character;
        if starts { unicode::to_lower(character) } else { character }
    }))
}

/// The first letter of a word goes to title case, as Masterminds/goutils 1.1.1 does it.
pub(super) fn swapcase(call: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    let mut after_blank = true;
    Ok(mapped(subject(call, args, 0)?, |character| match Class::of(character) {
        Class::Upper | Class::Title => {
            after_blank = false;
            unicode::to_lower(character)
        }
        Class::Lower if after_blank => {
            after_blank = false;
            unicode::to_title(character)
        }
        Class::Lower => unicode::to_upper(character),
        _ => {
            after_blank = character.is_whitespace();
            character
        }
    }))
}
