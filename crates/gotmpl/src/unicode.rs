//! Characters as Go sees them: its way to decode bytes that may not be UTF-8, its Unicode version, its simple case
//! mappings (one character to one; Rust's `to_uppercase` makes two letters of `ß`).

mod classes;

/// A byte that is no part of a valid character counts as this one.
pub(crate) const REPLACEMENT: char = char::REPLACEMENT_CHARACTER;

/// What kind of character, by Unicode's general category.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Class {
    /// Controls, blanks, everything that is not assigned.
    Other,
    /// An upper case letter.
    Upper,
    /// A lower case letter.
    Lower,
    /// A title case letter, as `ǅ`.
    Title,
    /// A letter without case.
    Letter,
    /// A mark that combines.
    Mark,
    /// A decimal digit.
    Digit,
    /// Another number, as `½`.
    Number,
    /// Punctuation.
    Punctuation,
    /// A symbol.
    Symbol,
}

impl Class {
    /// The class of a character.
    pub(crate) fn of(character: char) -> Self {
        let next = classes::RUNS.partition_point(|run| run >> 4 <= u32::from(character));
        let run = next.checked_sub(1).and_then(|index| classes::RUNS.get(index));
        match run.map_or(0, |run| run & 15) {
            1 => Self::Upper,
            2 => Self::Lower,
            3 => Self::Title,
            4 => Self::Letter,
            5 => Self::Mark,
            6 => Self::Digit,
            7 => Self::Number,
            8 => Self::Punctuation,
            9 => Self::Symbol,
            _ => Self::Other,
        }
    }

    /// Whether it is a letter of any case.
    pub(crate) fn is_letter(self) -> bool {
        matches!(self, Self::Upper | Self::Lower | Self::Title | Self::Letter)
    }

    /// Whether it is a number of any kind.
    pub(crate) fn is_number(self) -> bool {
        matches!(self, Self::Digit | Self::Number)
    }
}

/// Go's `unicode.IsPrint`: has ink, or is the blank of ASCII.
pub(crate) fn is_print(character: char) -> bool {
    character == ' ' || Class::of(character) != Class::Other
}

/// Go's `unicode.IsUpper`.
pub(crate) fn is_upper(character: char) -> bool {
    Class::of(character) == Class::Upper
}

/// Go's `unicode.ToUpper`.
pub(crate) fn to_upper(character: char) -> char {
    match character {
        // Letters whose full mapping is two letters but that have a simple one too.
        '\u{1F80}'..='\u{1F87}' | '\u{1F90}'..='\u{1F97}' | '\u{1FA0}'..='\u{1FA7}' => shifted(character, 8),
        '\u{1FB3}' | '\u{1FC3}' | '\u{1FF3}' => shifted(character, 9),
        _ => known(character, character.to_uppercase()),
    }
}

/// Go's `unicode.ToLower`.
pub(crate) fn to_lower(character: char) -> char {
    match character {
        // Its full mapping keeps the dot as a character of its own.
        '\u{130}' => 'i',
        _ => known(character, character.to_lowercase()),
    }
}

/// Go's `unicode.ToTitle`: upper case, but for letters that are two in one, and for Georgian, whose capitals are for
/// whole words only.
pub(crate) fn to_title(character: char) -> char {
    match character {
        'Ǆ' | 'ǅ' | 'ǆ' => 'ǅ',
        'Ǉ' | 'ǈ' | 'ǉ' => 'ǈ',
        'Ǌ' | 'ǋ' | 'ǌ' => 'ǋ',
        'Ǳ' | 'ǲ' | 'ǳ' => 'ǲ',
        '\u{10D0}'..='\u{10FF}' => character,
        _ => to_upper(character),
    }
}

fn shifted(character: char, by: u32) -> char {
    char::from_u32(u32::from(character) + by).unwrap_or(character)
}

/// The one character that a mapping gives, if Go's Unicode version has both.
fn known(character: char, mut mapped: impl Iterator<Item = char>) -> char {
    match (mapped.next(), mapped.next()) {
        (Some(one), None) if Class::of(character) != Class::Other && Class::of(one) != Class::Other => one,
        _ => character,
    }
}

/// The first character and how many bytes it takes; [`REPLACEMENT`] of one byte for what is no character, as Go's
/// `utf8.DecodeRune` has it.
pub(crate) fn decode(bytes: &[u8]) -> Option<(char, usize)> {
    let first = *bytes.first()?;
    if first.is_ascii() {
        return Some((char::from(first), 1));
    }
    let length = match first {
        0xC2..=0xDF => 2,
        0xE0..=0xEF => 3,
        0xF0..=0xF4 => 4,
        _ => return Some((REPLACEMENT, 1)),
    };
    let text = bytes.get(..length).and_then(|bytes| std::str::from_utf8(bytes).ok());
    Some(text.and_then(|text| text.chars().next()).map_or((REPLACEMENT, 1), |character| (character, length)))
}

/// The characters of a text with the bytes that each takes.
pub(crate) fn runes(bytes: &[u8]) -> impl Iterator<Item = (char, usize)> {
    let mut rest = bytes;
    std::iter::from_fn(move || {
        let (character, size) = decode(rest)?;
        rest = rest.get(size..).unwrap_or_default();
        Some((character, size))
    })
}

/// How many characters; Go's `utf8.RuneCount`.
pub(crate) fn count(bytes: &[u8]) -> usize {
    if bytes.is_ascii() { bytes.len() } else { runes(bytes).count() }
}

/// Appends a character as UTF-8.
pub(crate) fn push(out: &mut Vec<u8>, character: char) {
    out.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_that_are_no_characters_count_one_by_one() {
        let found: Vec<_> = runes(b"a\xe6\x97\xc3\xa9\xff").collect();
        assert_eq!(found, [('a', 1), (REPLACEMENT, 1), (REPLACEMENT, 1), ('é', 2), (REPLACEMENT, 1)]);
    }

    #[test]
    fn case_is_mapped_one_to_one() {
        assert_eq!("ßéǆᾳıſ\u{10D0}".chars().map(to_upper).collect::<String>(), "ßÉǄᾼIS\u{1C90}");
        assert_eq!("ßéǆᾳ\u{10D0}".chars().map(to_title).collect::<String>(), "ßÉǅᾼ\u{10D0}");
        assert_eq!("İÉǄẞ".chars().map(to_lower).collect::<String>(), "iéǆß");
        // `Ƛ`, of Unicode 16, is unknown to Go.
        assert_eq!(to_upper('\u{19B}'), '\u{19B}');
    }

    #[test]
    fn what_prints() {
        for character in ['a', ' ', '日', '½', '\u{301}', '€', REPLACEMENT] {
            assert!(is_print(character), "{character:?}");
        }
        for character in ['\t', '\u{A0}', '\u{AD}', '\u{200B}', '\u{E000}', '\u{FEFF}', '\u{A7DC}'] {
            assert!(!is_print(character), "{character:?}");
        }
    }
}
