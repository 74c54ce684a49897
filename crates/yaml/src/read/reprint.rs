//! What kustomize's own printing does to values before it prints them for good. An object passes through the go-yaml v3
//! printer and reader, then through JSON and the go-yaml v2 reader (kyaml `rnode.go`, `MarshalJSON`; api `resource.go`,
//! `AsYAML`), and a few strings do not survive that unchanged.

use std::borrow::Cow;

use source::FileId;

use crate::{Node, to_json};

use super::chars::{break_length, is_blank, is_space_or_end};
use super::content::Content;
use super::scanner::Scanner;

/// A folded scalar after it was printed as a folded scalar and read again. go-yaml decides on the extra line break that
/// keeps lines apart by looking at the start of the value, not at the next line (`yaml_emitter_write_folded_scalar`).
pub(crate) fn refold(value: &str) -> Cow<'_, str> {
    let bytes = value.as_bytes();
    if !value.contains(['\n', '\u{2028}', '\u{2029}', '\u{85}']) || !printed_as_block(value) {
        return Cow::Borrowed(value);
    }
    let mut first = 0;
    while break_length(bytes, first) > 0 {
        first += break_width(bytes, first);
    }
    let keeps_lines = !is_space_or_end(bytes, first);
    let mut text = String::with_capacity(value.len() + value.len() / 16 + 16);
    text.push('>');
    if bytes.first().is_some_and(|b| *b == b' ') || break_length(bytes, 0) > 0 {
        text.push('2');
    }
    text.push_str(chomping_hint(value));
    text.push('\n');
    let (mut after_break, mut blank_start) = (true, true);
    for character in value.chars() {
        if matches!(character, '\n' | '\u{85}' | '\u{2028}' | '\u{2029}' | '\r') {
            if !after_break && !blank_start && character == '\n' && keeps_lines {
                text.push('\n');
            }
            text.push(character);
            after_break = true;
        } else {
            if after_break {
                text.push_str("  ");
                blank_start = u8::try_from(character).is_ok_and(is_blank);
            }
            text.push(character);
            after_break = false;
        }
    }
    let mut content = Content::new(&text, false);
    match Scanner::new(FileId::new(0), &text, 0).block_content(false, &mut content) {
        Ok(_) => Cow::Owned(content.finish().0.into_owned()),
        Err(_) => Cow::Borrowed(value),
    }
}

fn break_width(bytes: &[u8], at: usize) -> usize {
    // A carriage return and a newline count one by one here.
    if bytes.get(at) == Some(&b'\r') { 1 } else { break_length(bytes, at) }
}

/// Whether go-yaml prints this value as a block scalar; in double quotes nothing is lost.
fn printed_as_block(value: &str) -> bool {
    let mut after_space = false;
    for character in value.chars() {
        let breaks = matches!(character, '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}');
        // Characters outside the BMP count as not printable.
        let printable = matches!(character, '\t' | '\n' | ' '..='~' | '\u{A0}'..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}')
            && character != '\u{FEFF}';
        if !printable || breaks && after_space {
            return false;
        }
        after_space = character == ' ';
    }
    !after_space
}

fn chomping_hint(value: &str) -> &'static str {
    let breaks = |c: Option<char>| c.is_some_and(|c| matches!(c, '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}'));
    let mut backwards = value.chars().rev();
    if !breaks(backwards.next()) {
        return "-";
    }
    match backwards.next() {
        None => "+",
        before if breaks(before) => "+",
        _ => "",
    }
}

/// A string after it was JSON and was read as YAML: a next-line character is a line break and is folded, and the control
/// characters that JSON leaves alone are refused.
pub(crate) fn through_json(value: &str) -> Result<Cow<'_, str>, char> {
    let suspicious = |c: char| matches!(c, '\u{7F}'..='\u{9F}' | '\u{FFFE}' | '\u{FFFF}');
    match value.chars().find(|c| suspicious(*c)) {
        None => return Ok(Cow::Borrowed(value)),
        Some(_) if value.chars().all(|c| c == '\u{85}' || !suspicious(c)) => {}
        Some(_) => return Err(value.chars().find(|c| *c != '\u{85}' && suspicious(*c)).unwrap_or_default()),
    }
    let mut text = String::with_capacity(value.len());
    let mut rest = value;
    while let Some((line, mut after)) = rest.split_once('\u{85}') {
        text.push_str(line.trim_end_matches(' '));
        let mut more = 0;
        loop {
            after = after.trim_start_matches(' ');
            let Some(next) = after.strip_prefix('\u{85}') else { break };
            after = next;
            more += 1;
        }
        if more == 0 {
            text.push(' ');
        }
        text.extend(std::iter::repeat_n('\n', more));
        rest = after;
    }
    text.push_str(rest);
    Ok(Cow::Owned(text))
}

/// Whether a key, as JSON with its quotes and escapes, is longer than what go-yaml v2 takes for a key.
pub(crate) fn too_long_for_a_key(key: &str) -> bool {
    const LIMIT: usize = 1024;
    // One character becomes six bytes of JSON at most.
    key.len() * 6 + 2 > LIMIT && to_json(&Node::detached(key)).chars().count() > LIMIT
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folded_values_change() {
        assert_eq!(refold("a\n  more\nb\n"), "a\n\n  more\nb\n");
        assert_eq!(refold("a\n\nb\n"), "a\n\nb\n");
        assert_eq!(refold("a b"), "a b");
        assert_eq!(refold(" a\nb\nc\n"), " a\nb c\n");
    }

    #[test]
    fn next_line_is_folded() {
        assert_eq!(through_json("a \u{85} b").as_deref(), Ok("a b"));
        assert_eq!(through_json("a\u{85}\u{85}b").as_deref(), Ok("a\nb"));
        assert_eq!(through_json("a\u{85}\u{80}"), Err('\u{80}'));
    }
}
