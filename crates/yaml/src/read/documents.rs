//! Cutting a text into documents before any YAML is read, as the tools of each dialect do: by lines that start with `---`.
//! What YAML itself calls a further document inside such a piece is ignored by them, and so it is here.

use std::ops::Range;

use source::{Diagnostic, FileId, Span};

use crate::Dialect;

use super::scanner::Scan;

/// The pieces of a text, in order. kustomize cuts at every line but the first that starts with `---` and refuses such a
/// line when more than a comment follows (kyaml `byteio_reader.go`, v0.20.1); Kubernetes cuts where at most a comment
/// follows (apimachinery `util/yaml/decoder.go`).
pub(crate) fn split(file: FileId, text: &str, dialect: Dialect) -> Scan<Vec<Range<usize>>> {
    let mut pieces = Vec::new();
    let mut from = 0;
    let mut line = 0;
    while let Some(found) = next_separator(text, line) {
        let end = text.get(found..).and_then(|t| t.find('\n')).map(|n| found + n + 1);
        let rest = text.get(found + 3..end.unwrap_or(text.len())).unwrap_or_default().trim();
        let only_comment = rest.is_empty() || rest.starts_with('#');
        let cuts = match dialect {
            // The pattern needs a line break on both sides.
            Dialect::Kustomize => found > 0 && end.is_some(),
            Dialect::Kubernetes => found > from && only_comment,
        };
        if cuts && !only_comment {
            let end = end.unwrap_or(text.len());
            let span = Span::new(file, found, end).to(Span::new(file, found, found + 3 + rest.len()));
            let error =
                Diagnostic::error("yaml/syntax", span, "a line that starts with `---` holds more than a comment")
                    .with_help("put what follows `---` on its own line; indent the line if it belongs to a text");
            return Err(Box::new(error));
        }
        let next = end.unwrap_or(text.len());
        if cuts {
            pieces.push(from..found);
            from = next;
        }
        line = next;
    }
    pieces.push(from..text.len());
    Ok(pieces)
}

/// The next line from `at` on, itself the start of a line, that starts with `---`.
fn next_separator(text: &str, at: usize) -> Option<usize> {
    let rest = text.get(at..)?;
    if rest.starts_with("---") { Some(at) } else { rest.find("\n---").map(|n| at + n + 1) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces(text: &str, dialect: Dialect) -> Vec<&str> {
        split(FileId::new(1), text, dialect).unwrap().into_iter().map(|r| &text[r]).collect()
    }

    #[test]
    fn cuts_like_the_tools() {
        let text = "---\na: 1\n---  # c\n---\nb: 2\n--- x";
        assert_eq!(pieces("---\na: 1\n---  # c\n---\nb: 2\n---", Dialect::Kustomize), ["---\na: 1\n", "", "b: 2\n---"]);
        assert_eq!(pieces(text, Dialect::Kubernetes), ["---\na: 1\n", "---\nb: 2\n--- x"]);
        assert!(split(FileId::new(1), "a: 1\n---x\n", Dialect::Kustomize).is_err());
    }
}
