//! `html`, `js` and `urlquery`.

use std::io::Write;

use crate::format::sprint;
use crate::function::{Args, Call};
use crate::{Failure, Item, Text, Value, unicode};

/// The arguments as one text: as `print` makes it, but nil is `<no value>` and pointers are what they point to.
fn text(call: &mut Call<'_>, args: Args<'_>) -> Result<Text, Failure> {
    if let [Item { value: Value::Str(text), .. }] = args.0 {
        return Ok(text.clone());
    }
    let shown = |item: &Item| match &item.value {
        Value::Nil => Item::from("<no value>"),
        Value::Object(object) => object.pointee().map_or_else(|| item.clone(), Item::from),
        _ => item.clone(),
    };
    let items: Vec<Item> = args.0.iter().map(shown).collect();
    Ok(sprint(&items, call.budget)?.into())
}

/// Escapes for text and attributes of HTML.
pub(super) fn html(call: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    let text = text(call, args)?;
    let is_special = |byte: &&u8| matches!(**byte, 0 | b'"' | b'\'' | b'&' | b'<' | b'>');
    let specials = text.iter().filter(is_special).count();
    if specials == 0 {
        return Ok(text.into());
    }
    let mut out = Vec::with_capacity(text.len() + 4 * specials);
    for byte in text.iter() {
        match byte {
            0 => out.extend_from_slice("\u{FFFD}".as_bytes()),
            b'"' => out.extend_from_slice(b"&#34;"),
            b'\'' => out.extend_from_slice(b"&#39;"),
            b'&' => out.extend_from_slice(b"&amp;"),
            b'<' => out.extend_from_slice(b"&lt;"),
            b'>' => out.extend_from_slice(b"&gt;"),
            _ => out.push(*byte),
        }
    }
    Ok(out.into())
}

/// Escapes for strings of JavaScript.
pub(super) fn js(call: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    let text = text(call, args)?;
    let mut out = Vec::with_capacity(text.len());
    let mut rest: &[u8] = &text;
    while let Some((character, size)) = unicode::decode(rest) {
        let (bytes, after) = rest.split_at_checked(size).unwrap_or((rest, &[]));
        rest = after;
        match character {
            '\\' | '\'' | '"' => {
                out.push(b'\\');
                out.extend_from_slice(bytes);
            }
            '\0'..' ' | '<' | '>' | '&' | '=' => unit(&mut out, character),
            // Unlike other controls, U+007F passes.
            ' '..='\x7F' => out.extend_from_slice(bytes),
            _ if unicode::is_print(character) => out.extend_from_slice(bytes),
            _ => unit(&mut out, character),
        }
    }
    Ok(out.into())
}

fn unit(out: &mut Vec<u8>, character: char) {
    // A vector takes everything.
    let _ = write!(out, "\\u{:04X}", u32::from(character));
}

/// Escapes for the query of a URL.
pub(super) fn url_query(call: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    let text = text(call, args)?;
    let mut out = Vec::with_capacity(text.len());
    for byte in text.iter() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => out.push(*byte),
            b' ' => out.push(b'+'),
            _ => {
                let _ = write!(out, "%{byte:02X}");
            }
        }
    }
    Ok(out.into())
}
