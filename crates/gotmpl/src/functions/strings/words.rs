//! `camelcase`, `snakecase`, `kebabcase`, with the words that huandu/xstrings 1.5.0 finds in a text.

use crate::function::{Args, Call};
use crate::unicode::{self, Class, REPLACEMENT};
use crate::{Failure, Value};

use super::subject;

/// What a word is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// Nothing, or bytes that are no characters.
    Invalid,
    Number,
    /// Starts with a large letter; small ones may follow.
    Upper,
    /// Small letters.
    Alphabet,
    /// Blanks, `-`, `_`.
    Connector,
    Punctuation,
    /// Chinese and Japanese characters, symbols, marks.
    Other,
}

/// A word of a text.
#[derive(Clone, Copy, Debug)]
struct Word<'a> {
    kind: Kind,
    bytes: &'a [u8],
}

impl Word<'_> {
    /// Appends the word in small letters; connectors become the one that is asked for.
    fn lower_to(self, out: &mut Vec<u8>, connector: char) {
        if !matches!(self.kind, Kind::Upper | Kind::Connector) {
            return out.extend_from_slice(self.bytes);
        }
        for (character, _) in unicode::runes(self.bytes) {
            unicode::push(
                out,
                match character {
                    _ if is_connector(character) => connector,
                    _ if unicode::is_upper(character) => unicode::to_lower(character),
                    _ => character,
                },
            );
        }
    }
}

fn is_connector(character: char) -> bool {
    matches!(character, '-' | '_') || character.is_whitespace()
}

/// A letter, but for Chinese and Japanese ones.
fn is_alphabet(character: char) -> bool {
    let is_cjk = matches!(character, '\u{4E00}'..='\u{9FCC}' | '\u{3400}'..='\u{4D85}' | '\u{20000}'..='\u{2B81D}');
    !is_cjk && Class::of(character).is_letter()
}

fn is_number(character: char) -> bool {
    Class::of(character).is_number()
}

fn is_punctuation(character: char) -> bool {
    Class::of(character) == Class::Punctuation
}

/// Takes words from the front of a text.
struct Words<'a> {
    rest: &'a [u8],
}

impl<'a> Words<'a> {
    /// The next word; an invalid one without bytes at the end.
    fn next(&mut self) -> Word<'a> {
        let mut scan = Scan { rest: self.rest, length: 0 };
        let (first, size) = valid(self.rest, REPLACEMENT);
        scan.advance(size);
        let kind = match first {
            REPLACEMENT => Kind::Invalid,
            _ if is_connector(first) => scan.take(first, Kind::Connector, is_connector),
            _ if is_punctuation(first) => scan.take(first, Kind::Punctuation, is_punctuation),
            _ if unicode::is_upper(first) => scan.upper(first),
            _ if is_alphabet(first) => scan.take(first, Kind::Alphabet, is_small),
            _ if is_number(first) => scan.take(first, Kind::Number, is_number),
            _ => scan.take(first, Kind::Other, |character| {
                !(is_connector(character)
                    || is_alphabet(character)
                    || is_number(character)
                    || is_punctuation(character))
            }),
        };
        let (bytes, rest) = self.rest.split_at_checked(scan.length).unwrap_or((self.rest, &[]));
        self.rest = rest;
        Word { kind, bytes }
    }
}

fn is_small(character: char) -> bool {
    is_alphabet(character) && !unicode::is_upper(character)
}

/// The first valid character and how many bytes it takes with what precedes it. Where there is none, the rest counts as
/// one more of the `previous` one.
fn valid(bytes: &[u8], previous: char) -> (char, usize) {
    let mut size = 0;
    for (character, width) in unicode::runes(bytes) {
        size += width;
        if character != REPLACEMENT {
            return (character, size);
        }
    }
    (previous, size)
}

/// How far a word goes.
struct Scan<'a> {
    rest: &'a [u8],
    length: usize,
}

impl Scan<'_> {
    fn advance(&mut self, size: usize) {
        self.rest = self.rest.get(size..).unwrap_or_default();
        self.length += size;
    }

    /// Takes characters as long as they belong to the word; gives back its kind.
    fn take(&mut self, first: char, kind: Kind, belongs: impl Fn(char) -> bool) -> Kind {
        let mut last = first;
        while !self.rest.is_empty() {
            let (character, size) = valid(self.rest, last);
            if !belongs(character) {
                break;
            }
            last = character;
            self.advance(size);
        }
        kind
    }

    /// `HTTP` of `HTTPServer`, or `Server`.
    fn upper(&mut self, first: char) -> Kind {
        if self.rest.is_empty() {
            return Kind::Upper;
        }
        let (second, size) = valid(self.rest, first);
        if unicode::is_upper(second) {
            self.capitals(second, size);
        } else if is_alphabet(second) {
            self.advance(size);
            self.take(second, Kind::Upper, is_small);
        }
        Kind::Upper
    }

    /// Large letters; the last one starts the next word if a small one follows.
    fn capitals(&mut self, second: char, size: usize) {
        self.advance(size);
        let (mut last, mut last_size) = (second, size);
        while !self.rest.is_empty() {
            let (character, size) = valid(self.rest, last);
            if !unicode::is_upper(character) {
                if is_alphabet(character) {
                    self.length -= last_size;
                }
                break;
            }
            (last, last_size) = (character, size);
            self.advance(size);
        }
    }
}

/// Words in small letters with a connector between. Numbers belong to the word before, or to letters that follow them.
fn connected(text: &[u8], connector: char) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len() + 8);
    let mut words = Words { rest: text };
    let mut word = words.next();
    while !words.rest.is_empty() {
        if word.kind != Kind::Connector {
            word.lower_to(&mut out, connector);
        }
        let previous = word;
        word = words.next();
        match previous.kind {
            Kind::Punctuation => {}
            Kind::Connector => previous.lower_to(&mut out, connector),
            Kind::Number => word = mixed(&mut out, &mut words, word, connector),
            _ if word.kind != Kind::Number => separate(&mut out, word, connector),
            _ if words.rest.is_empty() => {}
            _ => {
                let number = word;
                word = words.next();
                if word.kind == Kind::Alphabet {
                    unicode::push(&mut out, connector);
                    number.lower_to(&mut out, connector);
                    word = mixed(&mut out, &mut words, word, connector);
                } else {
                    number.lower_to(&mut out, connector);
                    separate(&mut out, word, connector);
                }
            }
        }
    }
    word.lower_to(&mut out, connector);
    out
}

/// Small letters and numbers that follow a number; gives back the word after them.
fn mixed<'a>(out: &mut Vec<u8>, words: &mut Words<'a>, mut word: Word<'a>, connector: char) -> Word<'a> {
    while matches!(word.kind, Kind::Alphabet | Kind::Number) {
        word.lower_to(out, connector);
        word = words.next();
    }
    if word.kind != Kind::Invalid {
        separate(out, word, connector);
    }
    word
}

/// A connector, unless the next word brings one.
fn separate(out: &mut Vec<u8>, next: Word<'_>, connector: char) {
    if !matches!(next.kind, Kind::Connector | Kind::Punctuation) {
        unicode::push(out, connector);
    }
}

pub(super) fn snakecase(call: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    Ok(connected(subject(call, args, 0)?, '_').into())
}

pub(super) fn kebabcase(call: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    Ok(connected(subject(call, args, 0)?, '-').into())
}

/// Each word with a large letter first; connectors at the start stay, and of several in a row all but the last.
pub(super) fn camelcase(call: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    let text = subject(call, args, 0)?;
    let mut out = Vec::with_capacity(text.len());
    let mut characters = unicode::runes(text).map(|(character, _)| character).peekable();
    while let Some(connector) = characters.next_if(|character| is_connector(*character)) {
        unicode::push(&mut out, connector);
        // Nothing but connectors: xstrings 1.5.0 prints the last one twice.
        if characters.peek().is_none() {
            unicode::push(&mut out, connector);
        }
    }
    let Some(first) = characters.next() else { return Ok(out.into()) };
    let mut is_capitals = unicode::is_upper(first);
    let mut held = unicode::to_upper(first);
    for character in characters {
        let previous = held;
        held = character;
        match (is_connector(previous), is_connector(character)) {
            (true, true) => unicode::push(&mut out, previous),
            (true, false) => {
                is_capitals = unicode::is_upper(character);
                held = unicode::to_upper(character);
            }
            (false, _) => {
                if is_capitals && unicode::is_upper(character) {
                    held = unicode::to_lower(character);
                } else {
                    is_capitals = false;
                }
                unicode::push(&mut out, previous);
            }
        }
    }
    unicode::push(&mut out, held);
    Ok(out.into())
}
