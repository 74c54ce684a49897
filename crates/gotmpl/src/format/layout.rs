//! One scalar under flags, width and precision: what `fmt/format.go` of Go 1.26 does.

use crate::unicode::{self, REPLACEMENT};

use super::float::format_float;
use super::quote::{can_backquote, quote_character, quote_to};

/// What stands between `%` and the verb.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Flags {
    pub(super) minus: bool,
    pub(super) plus: bool,
    pub(super) sharp: bool,
    pub(super) space: bool,
    pub(super) zero: bool,
    /// `%+v`: structs with names of fields.
    pub(super) plus_v: bool,
    /// `%#v`: Go syntax.
    pub(super) sharp_v: bool,
    pub(super) width: Option<usize>,
    pub(super) precision: Option<usize>,
}

impl Flags {
    /// Appends the text in at least `width` characters.
    pub(super) fn pad(self, out: &mut Vec<u8>, text: &[u8]) {
        let missing = match self.width {
            Some(width) if width > 0 => width.saturating_sub(unicode::count(text)),
            _ => 0,
        };
        if self.minus {
            out.extend_from_slice(text);
            self.padding(out, missing);
        } else {
            self.padding(out, missing);
            out.extend_from_slice(text);
        }
    }

    fn padding(self, out: &mut Vec<u8>, count: usize) {
        let fill = if self.zero && !self.minus { b'0' } else { b' ' };
        out.resize(out.len() + count, fill);
    }

    fn without_zero(self) -> Self {
        Self { zero: false, ..self }
    }

    /// The text up to the precision, in characters.
    fn truncated(self, text: &[u8]) -> &[u8] {
        let Some(precision) = self.precision else { return text };
        let length = unicode::runes(text).take(precision).map(|(_, size)| size).sum();
        text.get(..length).unwrap_or(text)
    }

    /// `%s`.
    pub(super) fn text(self, out: &mut Vec<u8>, text: &[u8]) {
        self.pad(out, self.truncated(text));
    }

    /// `%q` of a string.
    pub(super) fn quoted(self, out: &mut Vec<u8>, text: &[u8]) {
        let text = self.truncated(text);
        let mut quoted = Vec::with_capacity(text.len() + 2);
        if self.sharp && can_backquote(text) {
            quoted.push(b'`');
            quoted.extend_from_slice(text);
            quoted.push(b'`');
        } else {
            quote_to(&mut quoted, text, self.plus);
        }
        self.pad(out, &quoted);
    }

    /// `%x` and `%X` of a string.
    pub(super) fn hex(self, out: &mut Vec<u8>, text: &[u8], upper: bool) {
        let length = self.precision.map_or(text.len(), |precision| precision.min(text.len()));
        let prefix = if upper { "0X" } else { "0x" };
        let mut made = Vec::with_capacity(text.len() * 2);
        for (index, byte) in text.iter().take(length).enumerate() {
            if self.space && index > 0 {
                made.push(b' ');
            }
            if self.sharp && (self.space || index == 0) {
                made.extend_from_slice(prefix.as_bytes());
            }
            let digits = if upper { format!("{byte:02X}") } else { format!("{byte:02x}") };
            made.extend_from_slice(digits.as_bytes());
        }
        self.pad(out, &made);
    }

    /// `%t`.
    pub(super) fn boolean(self, out: &mut Vec<u8>, value: bool) {
        self.pad(out, if value { b"true" } else { b"false" });
    }

    /// An integer in the base of its verb. A negative number is given as its two's complement.
    pub(super) fn integer(self, out: &mut Vec<u8>, number: u64, signed: bool, verb: char) {
        let negative = signed && (number as i64) < 0;
        let size = if negative { number.wrapping_neg() } else { number };
        if self.precision == Some(0) && size == 0 {
            return self.without_zero().padding(out, self.width.unwrap_or(0));
        }
        let least = match (self.precision, self.width) {
            (Some(precision), _) => precision,
            (None, Some(width)) if self.zero && !self.minus => {
                width.saturating_sub(usize::from(negative || self.plus || self.space))
            }
            _ => 0,
        };
        let digits = match verb {
            'b' => format!("{size:b}"),
            'o' | 'O' => format!("{size:o}"),
            'x' => format!("{size:x}"),
            'X' => format!("{size:X}"),
            _ => size.to_string(),
        };
        let zeros = least.saturating_sub(digits.len());
        let mut made = Vec::with_capacity(least + 4);
        if negative {
            made.push(b'-');
        } else if self.plus {
            made.push(b'+');
        } else if self.space {
            made.push(b' ');
        }
        if verb == 'O' {
            made.extend_from_slice(b"0o");
        }
        if self.sharp {
            made.extend_from_slice(match verb {
                'b' => b"0b",
                'o' | 'O' if zeros == 0 && size != 0 => b"0",
                'x' => b"0x",
                'X' => b"0X",
                _ => b"",
            });
        }
        made.resize(made.len() + zeros, b'0');
        made.extend_from_slice(digits.as_bytes());
        self.without_zero().pad(out, &made);
    }

    /// `0x1f`, however the flag for it stands.
    pub(super) fn hex_integer(self, out: &mut Vec<u8>, number: u64, leading: bool) {
        Self { sharp: leading, ..self }.integer(out, number, false, 'x');
    }

    /// `%c`.
    pub(super) fn character(self, out: &mut Vec<u8>, number: u64) {
        self.pad(out, character(number).encode_utf8(&mut [0; 4]).as_bytes());
    }

    /// `%q` of an integer.
    pub(super) fn quoted_character(self, out: &mut Vec<u8>, number: u64) {
        let mut made = Vec::new();
        quote_character(&mut made, character(number), self.plus);
        self.pad(out, &made);
    }

    /// `%U`.
    pub(super) fn code_point(self, out: &mut Vec<u8>, number: u64) {
        let least = self.precision.unwrap_or(0).max(4);
        let digits = format!("{number:X}");
        let mut made = b"U+".to_vec();
        made.resize(made.len() + least.saturating_sub(digits.len()), b'0');
        made.extend_from_slice(digits.as_bytes());
        let printed = u32::try_from(number).ok().and_then(char::from_u32).filter(|c| unicode::is_print(*c));
        if let Some(character) = printed.filter(|_| self.sharp) {
            made.extend_from_slice(format!(" '{character}'").as_bytes());
        }
        self.without_zero().pad(out, &made);
    }

    /// A float in the layout of a verb; the precision, where none is given, is the verb's own.
    pub(super) fn float(self, out: &mut Vec<u8>, number: f64, verb: char, precision: Option<usize>) {
        let precision = self.precision.or(precision);
        let text = format_float(number, verb, precision);
        let (sign, mut text) = match text.strip_prefix(['-', '+']) {
            Some(rest) if text.starts_with('-') => ('-', rest.to_owned()),
            Some(rest) => ('+', rest.to_owned()),
            None => ('+', text),
        };
        let sign = if sign == '+' && self.space && !self.plus { ' ' } else { sign };
        let shows_sign = self.plus || sign != '+';
        if !number.is_finite() {
            let shows_sign = number.is_infinite() || self.plus || self.space;
            return self.without_zero().pad(out, signed(sign, &text, shows_sign).as_bytes());
        }
        if self.sharp && verb != 'b' {
            text = with_point(&text, verb, precision);
        }
        let width = self.width.unwrap_or(0);
        if shows_sign && self.zero && !self.minus && width > text.len() + 1 {
            out.push(sign as u8);
            self.padding(out, width - text.len() - 1);
            out.extend_from_slice(text.as_bytes());
            return;
        }
        self.pad(out, signed(sign, &text, shows_sign).as_bytes());
    }
}

fn character(number: u64) -> char {
    u32::try_from(number).ok().and_then(char::from_u32).unwrap_or(REPLACEMENT)
}

fn signed(sign: char, text: &str, shows_sign: bool) -> String {
    if shows_sign { format!("{sign}{text}") } else { text.to_owned() }
}

/// What `#` does to a float without its sign: a point in any case, and the zeros that `%g` leaves out.
fn with_point(text: &str, verb: char, precision: Option<usize>) -> String {
    let mut missing = match verb {
        'g' | 'G' | 'x' => precision.map_or(6, |precision| precision as i64),
        _ => 0,
    };
    let is_tail = |c: char| matches!(c, 'p' | 'P') || (matches!(c, 'e' | 'E') && !matches!(verb, 'x' | 'X'));
    let (number, tail) = text.split_at(text.find(is_tail).unwrap_or(text.len()));
    let mut number = number.to_owned();
    // The `x` of `0x` counts as a digit in Go, but zeros before the first other digit do not.
    let significant = number.chars().filter(|c| *c != '.').skip_while(|c| *c == '0').count();
    missing -= significant as i64;
    if !number.contains('.') {
        if number == "0" {
            missing -= 1;
        }
        number.push('.');
    }
    number.extend(std::iter::repeat_n('0', usize::try_from(missing).unwrap_or(0)));
    number + tail
}
