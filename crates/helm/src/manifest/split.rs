//! Cutting what a template printed into documents.

use std::ops::Range;
use std::sync::LazyLock;

use memchr::memmem::Finder;

/// The documents of a text, as Helm cuts them: `---` at the start of a line ends one, wherever in a block scalar it stands
/// and whatever follows it on the line. Blanks before a separator and after it belong to nobody; blanks at the end of the
/// text stay with the last document. Blank documents are left out.
pub fn split(text: &[u8]) -> Vec<Range<usize>> {
    let mut documents = Vec::new();
    let mut from = text.len() - trim_start(text).len();
    if text.get(from..).is_some_and(|rest| rest.starts_with(SEPARATOR)) {
        from = skip_blanks(text, from + SEPARATOR.len());
    }
    let mut start = from;
    for newline in SEPARATORS.find_iter(text) {
        // What stands before `start` is gone with the separator before.
        if newline < start {
            continue;
        }
        let blanks = text.get(start..newline).unwrap_or_default().iter().rev().take_while(|b| is_blank(**b)).count();
        push(text, start..newline - blanks, &mut documents);
        start = skip_blanks(text, newline + 1 + SEPARATOR.len());
    }
    push(text, start..text.len(), &mut documents);
    documents
}

const SEPARATOR: &[u8] = b"---";

/// Separators after the first line.
static SEPARATORS: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(b"\n---"));

/// Blanks of the regular expression that Helm cuts with: `\s` of RE2.
fn is_blank(byte: u8) -> bool {
    matches!(byte, b'\t' | b'\n' | b'\x0c' | b'\r' | b' ')
}

fn skip_blanks(text: &[u8], from: usize) -> usize {
    from + text.get(from..).unwrap_or_default().iter().take_while(|byte| is_blank(**byte)).count()
}

/// Without Unicode's blanks at the start, as Go's `strings.TrimLeftFunc(text, unicode.IsSpace)`.
fn trim_start(text: &[u8]) -> &[u8] {
    let rest = text.trim_ascii_start();
    if rest.first().is_none_or(u8::is_ascii) && rest.first() != Some(&0x0b) {
        return rest;
    }
    let valid = rest.utf8_chunks().next().map_or("", |chunk| chunk.valid());
    rest.get(valid.len() - valid.trim_start().len()..).unwrap_or_default()
}

fn push(text: &[u8], range: Range<usize>, documents: &mut Vec<Range<usize>>) {
    let rest = trim_start(text.get(range.clone()).unwrap_or_default());
    if !rest.is_empty() {
        documents.push(range.end - rest.len()..range.end);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(text: &str) -> Vec<&str> {
        split(text.as_bytes()).into_iter().map(|range| &text[range]).collect()
    }

    #[test]
    fn documents_are_cut_as_helm_cuts_them() {
        assert_eq!(cut("\n---\na: 1\n\n--- # x\nb: 2\n---\n---\nc: 3\n\n"), ["a: 1", "# x\nb: 2", "---\nc: 3\n\n"]);
        assert_eq!(cut("a: 1\n---b: 2"), ["a: 1", "b: 2"]);
        assert_eq!(cut("a: |\n  x\n ---\n"), ["a: |\n  x\n ---\n"]);
        assert_eq!(cut("  \n---\n \u{a0}\n"), [""; 0]);
        assert_eq!(cut("---"), [""; 0]);
    }
}
