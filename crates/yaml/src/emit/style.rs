//! How a string is written: what its characters allow, and the style that follows (libyaml's rules as go-yaml v2.4.2 has
//! them, `yaml_emitter_analyze_scalar` and `yaml_emitter_select_scalar_style`).

use super::plain::reads_as_string;

/// The ways to write a string.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Style {
    /// As it is.
    Plain,
    /// Between single quotes, with `'` doubled.
    Single,
    /// Between double quotes, with escapes.
    Double,
    /// A block after `|`.
    Literal,
}

/// What the writer of a string has to know.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Scalar {
    /// The style.
    pub(crate) style: Style,
    /// Whether the text has a line break of any kind.
    pub(crate) has_break: bool,
}

/// A byte order mark at the start makes upstream take every character of the text for one, and escape it.
pub(crate) const BYTE_ORDER_MARK: char = '\u{FEFF}';

/// A line break for libyaml: more than YAML 1.2 knows.
pub(crate) fn is_break(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// Whether upstream writes the character as it is. Characters beyond the basic plane are not.
pub(crate) fn is_printable(c: char) -> bool {
    matches!(c, '\n' | ' '..='~' | '\u{A0}'..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}') && c != BYTE_ORDER_MARK
}

/// Finds out how to write a text. With `tabs`, as in go-yaml v3, a block may hold them.
pub(crate) fn analyze(text: &str, tabs: bool) -> Scalar {
    if text.is_empty() {
        // An empty text would be read as null.
        return Scalar { style: Style::Double, has_break: false };
    }
    let found = Found::of(text);
    let style = if text.contains('\n') {
        let escapes = found.special || found.tab && !tabs;
        let block = !escapes && !found.space_before_break && !text.ends_with(' ');
        if block { Style::Literal } else { Style::Double }
    } else if !reads_as_string(text) {
        Style::Double
    } else if !found.not_plain {
        Style::Plain
    } else if found.special || found.tab || found.space_before_break || found.space_after_break {
        Style::Double
    } else {
        Style::Single
    };
    Scalar { style, has_break: found.has_break }
}

/// What stands in a text.
#[derive(Default)]
struct Found {
    /// It cannot be written without quotes.
    not_plain: bool,
    has_break: bool,
    /// A character that is only written escaped.
    special: bool,
    /// A tab, which is one of them in most places.
    tab: bool,
    space_before_break: bool,
    space_after_break: bool,
}

impl Found {
    fn of(text: &str) -> Self {
        let mut found = Self {
            not_plain: text.starts_with("---")
                || text.starts_with("...")
                || text.starts_with(' ')
                || text.ends_with(' ')
                || starts_with_indicator(text),
            ..Self::default()
        };
        // One character back: what it was, for the rules about neighbours.
        let mut after_space = false;
        let mut after_break = false;
        let mut after_blank = true;
        let mut rest = text.chars();
        while let Some(c) = rest.next() {
            match c {
                ' ' => {
                    found.space_after_break |= after_break;
                    (after_space, after_break, after_blank) = (true, false, true);
                    continue;
                }
                '#' if after_blank => found.not_plain = true,
                ':' if rest.as_str().is_empty() || rest.as_str().starts_with([' ', '\t']) => found.not_plain = true,
                '!'..='~' => {}
                c if is_break(c) => {
                    found.has_break = true;
                    found.space_before_break |= after_space;
                    found.special |= !is_printable(c);
                    (after_space, after_break, after_blank) = (false, true, true);
                    continue;
                }
                '\t' => found.tab = true,
                c => found.special |= !is_printable(c),
            }
            (after_space, after_break, after_blank) = (false, false, matches!(c, '\t' | '\0'));
        }
        found.not_plain |= found.special || found.tab || found.has_break;
        found
    }
}

fn starts_with_indicator(text: &str) -> bool {
    let mut chars = text.chars();
    match chars.next() {
        Some('#' | ',' | '[' | ']' | '{' | '}' | '&' | '*' | '!' | '|' | '>' | '\'' | '"' | '%' | '@' | '`') => true,
        Some('?' | ':' | '-') => matches!(chars.next(), None | Some(' ' | '\t')),
        _ => false,
    }
}
