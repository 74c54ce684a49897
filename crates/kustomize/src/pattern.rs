//! Regular expressions as users write them for Go, compiled with limits.
//!
//! Go's syntax and that of the regex crate differ in a few places that are translated here: `\Q…\E`, braces that are no
//! repetition, brackets and operators inside classes, and `\d`, `\w`, `\s`, `\b`, which are ASCII in Go.

use regex::{Regex, RegexBuilder};

/// Bytes that one compiled expression may take. Names and kinds need a few hundred.
const SIZE_LIMIT: usize = 1 << 20;

/// Compiles an expression that must match a whole text, in the way in which kustomize anchors it. An empty one matches
/// anything.
pub(crate) fn whole(pattern: &str) -> Result<Regex, String> {
    if pattern.is_empty() { compile("") } else { compile(&format!("^(?:{pattern})$")) }
}

/// Compiles an expression that may match anywhere.
pub(crate) fn compile(pattern: &str) -> Result<Regex, String> {
    RegexBuilder::new(&translate(pattern))
        .size_limit(SIZE_LIMIT)
        .dfa_size_limit(SIZE_LIMIT)
        .nest_limit(100)
        .build()
        .map_err(|error| match error {
            regex::Error::CompiledTooBig(_) => "it is too large".to_owned(),
            other => {
                other.to_string().lines().last().unwrap_or_default().trim().trim_start_matches("error: ").to_owned()
            }
        })
}

/// Go's syntax into that of the regex crate. What is wrong in Go's syntax stays wrong.
fn translate(pattern: &str) -> String {
    let mut out = String::with_capacity(pattern.len() + 16);
    let mut rest = pattern;
    while let Some(next) = rest.chars().next() {
        let tail = rest.get(next.len_utf8()..).unwrap_or_default();
        rest = match next {
            '\\' => escape(tail, &mut out),
            '[' => class(tail, &mut out),
            '{' if !is_repetition(tail) => {
                out.push_str("\\{");
                tail
            }
            other => {
                out.push(other);
                tail
            }
        };
    }
    out
}

/// What follows a backslash; gives what is left after it.
fn escape<'a>(tail: &'a str, out: &mut String) -> &'a str {
    let Some(next) = tail.chars().next() else {
        out.push('\\');
        return tail;
    };
    let rest = tail.get(next.len_utf8()..).unwrap_or_default();
    match next {
        'Q' => {
            let (literal, rest) = rest.split_once("\\E").unwrap_or((rest, ""));
            out.push_str(&regex::escape(literal));
            return rest;
        }
        'b' | 'B' => out.push_str(if next == 'b' { "(?-u:\\b)" } else { "(?-u:\\B)" }),
        'd' => out.push_str("[0-9]"),
        'D' => out.push_str("[^0-9]"),
        'w' => out.push_str("[0-9A-Za-z_]"),
        'W' => out.push_str("[^0-9A-Za-z_]"),
        's' => out.push_str("[\\t\\n\\f\\r ]"),
        'S' => out.push_str("[^\\t\\n\\f\\r ]"),
        other => {
            out.push('\\');
            out.push(other);
        }
    }
    rest
}

/// What follows an opening bracket, up to the one that closes it; gives what is left after it.
fn class<'a>(tail: &'a str, out: &mut String) -> &'a str {
    out.push('[');
    let mut rest = tail;
    if let Some(after) = rest.strip_prefix('^') {
        out.push('^');
        rest = after;
    }
    if let Some(after) = rest.strip_prefix(']') {
        out.push_str("\\]");
        rest = after;
    }
    while let Some(next) = rest.chars().next() {
        let tail = rest.get(next.len_utf8()..).unwrap_or_default();
        rest = match next {
            ']' => {
                out.push(']');
                return tail;
            }
            '\\' => escape(tail, out),
            '[' => match tail.strip_prefix(':').and_then(|name| name.split_once(":]")) {
                Some((name, after)) => {
                    out.push_str("[:");
                    out.push_str(name);
                    out.push_str(":]");
                    after
                }
                None => {
                    out.push_str("\\[");
                    tail
                }
            },
            '&' | '~' => {
                out.push('\\');
                out.push(next);
                tail
            }
            '-' if tail.starts_with('-') => {
                out.push_str("\\-");
                tail
            }
            other => {
                out.push(other);
                tail
            }
        };
    }
    rest
}

/// Whether what follows an opening brace is `n}`, `n,}` or `n,m}`.
fn is_repetition(tail: &str) -> bool {
    let Some((inside, _)) = tail.split_once('}') else { return false };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    match inside.split_once(',') {
        Some((from, to)) => digits(from) && (to.is_empty() || digits(to)),
        None => digits(inside),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_go_syntax() {
        let matches = |pattern: &str, text: &str| whole(pattern).unwrap().is_match(text);
        assert!(matches("web|db", "db"));
        assert!(!matches("web", "web-2"));
        assert!(matches("\\Qa.b\\E", "a.b") && !matches("\\Qa.b\\E", "axb"));
        assert!(matches("a{", "a{") && matches("a{2}", "aa") && matches("a{,2}", "a{,2}"));
        assert!(matches("[[a]", "[") && matches("[]a]", "]") && matches("[^]a]", "b"));
        assert!(matches("[[:alpha:]]+", "abc") && matches("[\\w.-]+", "a.b-c"));
        assert!(matches("\\d", "1") && !matches("\\d", "١"));
        assert!(matches("a$|b", "a"));
        assert!(whole("(?=a)").is_err() && whole("[").is_err() && whole("*").is_err());
        assert!(whole("((a{1000}){1000}){1000}").is_err());
    }
}
