//! Reading as `sigs.k8s.io/yaml` v1.6.0 reads the values of Helm, and its words for what is wrong: charts see these words
//! as the result of `fromYaml`, and users know them from `helm`.

mod keys;

use source::{Diagnostic, FileId};

use super::chars::{break_length, is_word};
use super::compose::Composer;
use super::parser::{Event, Parser};
use super::scanner::Scanner;
use super::{BYTE_ORDER_MARK, Dialect, DuplicateKeys, Limits, ReadOptions, check, inside};
use crate::{Node, Value};

/// What is wrong with a text, in upstream's words and in ours.
#[derive(Debug)]
pub struct UpstreamError {
    /// `error converting YAML to JSON: yaml: line 2: …`.
    pub text: String,
    /// The same with its place.
    pub diagnostic: Box<Diagnostic>,
}

/// Reads the first document of a text as Helm reads values: YAML 1.1 through JSON, the last of equal keys counts. A text
/// without content is a null node.
///
/// # Errors
/// Upstream's text, and a diagnostic whose rule starts with `yaml/`.
pub fn read_values(file: FileId, text: &[u8]) -> Result<Node, UpstreamError> {
    read_wanted(file, text, None)
}

/// The same for somebody who wants only some fields of the outermost map, by name: the others are checked and left out,
/// which takes half the time.
///
/// # Errors
/// As [`read_values`].
pub fn read_values_fields(file: FileId, text: &[u8], wanted: fn(&str) -> bool) -> Result<Node, UpstreamError> {
    read_wanted(file, text, Some(wanted))
}

fn read_wanted(file: FileId, text: &[u8], wanted: Option<fn(&str) -> bool>) -> Result<Node, UpstreamError> {
    let bytes = text;
    let options = ReadOptions {
        dialect: Dialect::Kubernetes,
        limits: Limits::default(),
        duplicate_keys: DuplicateKeys::LastWins,
    };
    let fail = |text: &str, at: usize, diagnostic: Box<Diagnostic>| UpstreamError {
        text: format!("error converting YAML to JSON: {}", message(&diagnostic, text, at)),
        diagnostic,
    };
    let text = check(file, text, &options).map_err(|diagnostic| fail("", 0, diagnostic))?;
    let start = if text.starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK.len_utf8() } else { 0 };
    let mut total = 0;
    let parser = Parser::new(Scanner::new(file, text, start), options.dialect);
    let mut composer = Composer::new(file, &options, parser, &mut total);
    if let Some(wanted) = wanted {
        composer = composer.only(wanted);
    }
    match composer.document() {
        Err(_) if composer.gave_up() => read_wanted(file, bytes, None),
        Ok(node) => Ok(node.unwrap_or_else(|| Node::detached(Value::Null))),
        Err(mut diagnostic) => {
            let mut at = composer.position();
            if !is_syntax(&diagnostic) {
                // go-yaml reads the whole document before it looks at what the values are.
                let mut parser = Parser::new(Scanner::new(file, text, start), options.dialect);
                if let Some(first) = first_syntax_error(&mut parser) {
                    at = parser.position();
                    diagnostic = first;
                }
            }
            let mut error = fail(text, at, diagnostic.clone());
            if diagnostic.rule == "yaml/key-type" {
                let mut parser = Parser::new(Scanner::new(file, text, start), options.dialect);
                if let Some(words) = keys::words(&mut parser) {
                    error.text = format!("error converting YAML to JSON: {words}");
                }
            }
            diagnostic.span = inside(file, text, diagnostic.span);
            Err(UpstreamError { diagnostic, ..error })
        }
    }
}

fn is_syntax(diagnostic: &Diagnostic) -> bool {
    matches!(diagnostic.rule, "yaml/syntax" | "yaml/not-utf8" | "yaml/control-character" | "yaml/unknown-anchor")
}

fn first_syntax_error(parser: &mut Parser<'_>) -> Option<Box<Diagnostic>> {
    loop {
        match parser.next() {
            Ok(happening) if matches!(happening.event, Event::DocumentEnd | Event::StreamEnd) => return None,
            Ok(_) => {}
            Err(error) => return is_syntax(&error).then_some(error),
        }
    }
}

/// What Go's `encoding/json` calls a value.
pub fn json_type(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "bool",
        Value::Int(_) | Value::Uint(_) | Value::Float(_) => "number",
        Value::Str(_) => "string",
        Value::List(_) => "array",
        Value::Map(_) => "object",
    }
}

/// What Go's `encoding/json` says when a document is of another type than the one asked for, as `sigs.k8s.io/yaml` wraps it.
pub fn wrong_type(found: &Value, wanted: &str) -> String {
    let found = json_type(found);
    format!(
        "error unmarshaling JSON: while decoding JSON: json: cannot unmarshal {found} into Go value of type {wanted}"
    )
}

/// Which part of go-yaml notices a problem. It decides whose line is named, and how it is counted.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// The scanner counts lines from 1.
    Scanner,
    /// The parser counts lines from 0 (go-yaml v2.4.3 `decode.go`, `parser.fail`).
    Parser,
}

/// go-yaml's message. `at` is how far the text was scanned.
fn message(diagnostic: &Diagnostic, text: &str, at: usize) -> String {
    let own = diagnostic.span.start();
    match diagnostic.rule {
        "yaml/syntax" => {
            let Some((stage, words)) = syntax(&diagnostic.message, text, own, at) else {
                return format!("yaml: {}", diagnostic.message);
            };
            let problem = if stage == Stage::Scanner { at } else { own };
            // The end of a text is a token on a line of its own.
            let ends_open = problem >= text.len()
                && line_start(text) < text.len()
                && (stage == Stage::Parser || words == NO_COLON && line_of(text, own) == line_of(text, problem));
            match line_of(text, problem) + usize::from(ends_open) {
                0 => format!("yaml: {words}"),
                line => format!("yaml: line {}: {words}", if stage == Stage::Scanner { line + 1 } else { line }),
            }
        }
        "yaml/not-utf8" => "yaml: invalid leading UTF-8 octet".to_owned(),
        "yaml/control-character" => "yaml: control characters are not allowed".to_owned(),
        "yaml/unknown-anchor" => {
            let name = ticked(&diagnostic.message).trim_start_matches('&');
            format!("yaml: unknown anchor '{name}' referenced")
        }
        "yaml/alias-cycle" => {
            let name = ticked(&diagnostic.message).trim_start_matches('*');
            format!("yaml: anchor '{name}' value contains itself")
        }
        "yaml/alias-bomb" => "yaml: document contains excessive aliasing".to_owned(),
        "yaml/merge-type" => "yaml: map merge requires map or sequence of maps as the value".to_owned(),
        "yaml/number-not-finite" => {
            let word = text.get(own..diagnostic.span.end()).unwrap_or_default().to_ascii_lowercase();
            let name = if word.ends_with(".nan") {
                "NaN"
            } else if word.starts_with('-') {
                "-Inf"
            } else {
                "+Inf"
            };
            format!("json: unsupported value: {name}")
        }
        _ => format!("yaml: {}", diagnostic.message),
    }
}

const NO_COLON: &str = "could not find expected ':'";

/// go-yaml's words for the syntax errors of this reader.
fn syntax(message: &str, text: &str, own: usize, at: usize) -> Option<(Stage, &'static str)> {
    use Stage::{Parser, Scanner};
    let beginnings = [
        ("expected a value here", Parser, "did not find expected node content"),
        ("expected `-` for the next list item", Parser, "did not find expected '-' indicator"),
        ("expected a key here", Parser, "did not find expected key"),
        ("expected `,` or `]`", Parser, "did not find expected ',' or ']'"),
        ("expected `,` or `}`", Parser, "did not find expected ',' or '}'"),
        ("expected `---` here", Parser, "did not find expected <document start>"),
        ("a second `%YAML`", Parser, "found duplicate %YAML directive"),
        ("a second `%TAG`", Parser, "found duplicate %TAG directive"),
        ("this character cannot start", Scanner, "found character that cannot start any token"),
        ("expected a key with `:`", Scanner, NO_COLON),
        ("a list item cannot start here", Scanner, "block sequence entries are not allowed in this context"),
        ("a key cannot start here", Scanner, "mapping keys are not allowed in this context"),
        ("a map cannot start here", Scanner, "mapping values are not allowed in this context"),
        ("this quote is never closed", Scanner, "found unexpected end of stream"),
        ("the indentation of a block scalar", Scanner, "found an indentation indicator equal to 0"),
        ("an alias needs", Scanner, "did not find expected alphabetic or numeric character"),
        ("an anchor needs", Scanner, "did not find expected alphabetic or numeric character"),
        ("text follows the indicator of a block scalar", Scanner, "did not find expected comment or line break"),
        ("expected a space after this tag", Scanner, "did not find expected whitespace or line break"),
        ("this tag is incomplete", Scanner, "did not find expected tag URI"),
        ("this is not a directive", Scanner, "found unexpected non-alphabetical character"),
        ("a tab is used to indent the rest", Scanner, "found a tab character that violates indentation"),
        ("a tab is used to indent the text", Scanner, "found a tab character where an indentation space is expected"),
        ("unknown directive", Scanner, "found unknown directive name"),
        ("only YAML 1.1 is read", Parser, "found incompatible YAML document"),
    ];
    let byte_after = text.as_bytes().get(own + 1).copied().unwrap_or_default();
    match message {
        "this is not a directive" | "unknown directive" if !is_word(byte_after) => {
            Some((Scanner, "could not find expected directive name"))
        }
        "this quote is never closed"
            if text.get(at..).is_some_and(|t| t.starts_with("---") || t.starts_with("...")) =>
        {
            Some((Scanner, "found unexpected document indicator"))
        }
        "unknown escape sequence in a double-quoted string" => {
            let digits = match text.as_bytes().get(own + 1) {
                Some(b'x') => 2,
                Some(b'u') => 4,
                Some(b'U') => 8,
                _ => return Some((Scanner, "found unknown escape character")),
            };
            let code = text.as_bytes().get(own + 2..own + 2 + digits).unwrap_or_default();
            let complete = code.len() == digits && code.iter().all(u8::is_ascii_hexdigit);
            let words = if complete {
                "found invalid Unicode character escape code"
            } else {
                "did not find expected hexdecimal number"
            };
            Some((Scanner, words))
        }
        "a tab is used for indentation" => Some((Scanner, "found character that cannot start any token")),
        _ => beginnings
            .iter()
            .find(|(beginning, ..)| message.starts_with(beginning))
            .map(|(_, stage, words)| (*stage, *words)),
    }
}

/// The number of the line of a position, from 0, by all line breaks of YAML 1.1.
fn line_of(text: &str, at: usize) -> usize {
    let bytes = text.as_bytes();
    let (mut from, mut line) = (0, 0);
    while from < at.min(bytes.len()) {
        let length = break_length(bytes, from);
        line += usize::from(length > 0);
        from += length.max(1);
    }
    line
}

/// Where the last line of a text begins.
fn line_start(text: &str) -> usize {
    text.rfind(['\n', '\r', '\u{85}', '\u{2028}', '\u{2029}'])
        .map_or(0, |at| at + text.get(at..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8))
}

/// What stands in the first backquotes.
fn ticked(message: &str) -> &str {
    message.split('`').nth(1).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(text: &str) -> String {
        read_values(FileId::new(1), text.as_bytes()).unwrap_err().text
    }

    #[test]
    fn words_and_lines_are_those_of_go_yaml() {
        let cases = [
            ("a: b: c", "yaml: mapping values are not allowed in this context"),
            ("x: 1\na: b: c", "yaml: line 2: mapping values are not allowed in this context"),
            ("a: [1, 2", "yaml: line 1: did not find expected ',' or ']'"),
            ("a: @x", "yaml: found character that cannot start any token"),
            ("a: *b", "yaml: unknown anchor 'b' referenced"),
            ("a: \"\\q\"", "yaml: found unknown escape character"),
            ("a: -.inf", "json: unsupported value: -Inf"),
            ("\u{7}", "yaml: control characters are not allowed"),
            ("k: a\nb", "yaml: line 3: could not find expected ':'"),
            ("k: a\nb\n\n\nc: 1\n", "yaml: line 5: could not find expected ':'"),
            ("k:\n  \"x: 1\n  b\n", "yaml: line 4: found unexpected end of stream"),
            ("b:\n  {x: 1,\n 2,\n 3]\n", "yaml: line 3: did not find expected ',' or '}'"),
            ("a: |2a\nb: 1", "yaml: did not find expected comment or line break"),
            ("? k: a\nb\n", "yaml: line 3: could not find expected ':'"),
            ("~: x", "unsupported map key of type: %!s(<nil>), key: <nil>, value: \"x\""),
            ("[a, 1]: x", "yaml: invalid map key: []interface {}{\"a\", 1}"),
            ("{a: }: x", "yaml: invalid map key: map[interface {}]interface {}{\"a\":interface {}(nil)}"),
        ];
        for (text, words) in cases {
            assert_eq!(error(text), format!("error converting YAML to JSON: {words}"), "{text}");
        }
    }

    #[test]
    fn the_last_of_equal_keys_counts() {
        let node = read_values(FileId::new(1), b"a: 1\na: yes\n").unwrap();
        assert_eq!(node.get("a").and_then(|a| a.value.as_bool()), Some(true));
    }
}
