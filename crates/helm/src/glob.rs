//! Patterns of `.Files.Glob`, as `github.com/gobwas/glob` v0.2.3 reads them with `/` as the separator.
//!
//! | pattern | matches |
//! | --- | --- |
//! | `*` | any number of characters but the separator |
//! | `**` | any number of characters |
//! | `?` | one character but the separator |
//! | `[abc]`, `[!abc]`, `[a-z]`, `[!a-z]` | one character, the separator too |
//! | `{a,b*}` | one of the patterns; an open one ends with the text |
//!
//! All alternatives are followed at the same time, so that a match takes no more than the product of both lengths.

use std::iter::Peekable;
use std::str::Chars;

const SEPARATOR: char = '/';

/// A pattern that upstream refuses.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct BadPattern;

/// A pattern, ready to match.
#[derive(Debug)]
pub(crate) struct Glob {
    steps: Vec<Step>,
    /// What stands before and after the `**` of a pattern of nothing else. Upstream looks for both without asking that they
    /// stand apart (`match/prefix_suffix.go`), and charts depend on it: `conf/**/a.yaml` matches `conf/a.yaml`.
    around: Option<(String, String)>,
}

#[derive(Debug)]
enum Step {
    /// This character.
    Literal(char),
    /// Any character but the separator.
    One,
    /// One of these characters, or none of them.
    List { negated: bool, characters: Vec<char> },
    /// A character of a range, or none of it.
    Range { negated: bool, low: char, high: char },
    /// Any number of characters; without the separator unless `all`.
    Many { all: bool },
    /// One of several ways on.
    Split(Vec<usize>),
    /// Goes on elsewhere.
    Jump(usize),
}

/// An open `{`.
struct Group {
    split: usize,
    starts: Vec<usize>,
    jumps: Vec<usize>,
}

impl Glob {
    pub(crate) fn parse(pattern: &str) -> Result<Self, BadPattern> {
        // Upstream cannot tell this character from a text that is not UTF-8, and takes a NUL for the end.
        if pattern.contains(char::REPLACEMENT_CHARACTER) {
            return Err(BadPattern);
        }
        let pattern = pattern.split('\0').next().unwrap_or_default();
        let mut rest = pattern.chars().peekable();
        let mut steps = Vec::new();
        let mut groups: Vec<Group> = Vec::new();
        while let Some(next) = rest.next() {
            match next {
                '{' => {
                    groups.push(Group { split: steps.len(), starts: vec![steps.len() + 1], jumps: Vec::new() });
                    steps.push(Step::Split(Vec::new()));
                }
                ',' => match groups.last_mut() {
                    Some(group) => {
                        group.jumps.push(steps.len());
                        steps.push(Step::Jump(0));
                        group.starts.push(steps.len());
                    }
                    None => steps.push(Step::Literal(',')),
                },
                '}' => match groups.pop() {
                    Some(group) => close(group, &mut steps),
                    None => steps.push(Step::Literal('}')),
                },
                '[' => steps.push(class(&mut rest)?),
                '?' => steps.push(Step::One),
                '*' => steps.push(Step::Many { all: rest.next_if_eq(&'*').is_some() }),
                '\\' => steps.extend(rest.next().map(Step::Literal)),
                literal => steps.push(Step::Literal(literal)),
            }
        }
        while let Some(group) = groups.pop() {
            close(group, &mut steps);
        }
        Ok(Self { around: around(&steps), steps })
    }

    /// A pattern that matches everything.
    pub(crate) fn everything() -> Self {
        Self { steps: vec![Step::Many { all: true }], around: None }
    }

    /// How much work it is to match a text of one character.
    pub(crate) fn len(&self) -> usize {
        self.steps.len() + 1
    }

    /// Whether the whole text matches.
    pub(crate) fn matches(&self, text: &str) -> bool {
        if let Some((prefix, suffix)) = &self.around {
            return text.starts_with(prefix.as_str()) && text.ends_with(suffix.as_str());
        }
        let mut states = States::new(self);
        states.enter(self, 0);
        for character in text.chars() {
            states.step(self, character);
        }
        states.now.contains(&self.steps.len())
    }
}

/// The texts on both sides of the `**`, if a pattern is made of nothing else.
fn around(steps: &[Step]) -> Option<(String, String)> {
    let text = |steps: &[Step]| {
        let letter = |step: &Step| if let Step::Literal(letter) = step { Some(*letter) } else { None };
        steps.iter().map(letter).collect::<Option<String>>().filter(|text| !text.is_empty())
    };
    let at = steps.iter().position(|step| matches!(step, Step::Many { all: true }))?;
    let (prefix, rest) = steps.split_at_checked(at)?;
    Some((text(prefix)?, text(rest.get(1..)?)?))
}

fn close(group: Group, steps: &mut [Step]) {
    let end = steps.len();
    for jump in group.jumps {
        if let Some(step) = steps.get_mut(jump) {
            *step = Step::Jump(end);
        }
    }
    if let Some(step) = steps.get_mut(group.split) {
        *step = Step::Split(group.starts);
    }
}

/// What stands after `[`: a range of two characters, or a list of characters.
fn class(rest: &mut Peekable<Chars<'_>>) -> Result<Step, BadPattern> {
    let negated = rest.next_if_eq(&'!').is_some();
    let mut ahead = rest.clone();
    if let (Some(low), Some('-')) = (ahead.next(), ahead.next()) {
        let high = ahead.next().ok_or(BadPattern)?;
        *rest = ahead;
        let closed = rest.next() == Some(']');
        return if closed && low <= high { Ok(Step::Range { negated, low, high }) } else { Err(BadPattern) };
    }
    let mut characters = Vec::new();
    loop {
        match rest.next().ok_or(BadPattern)? {
            ']' if characters.is_empty() => return Err(BadPattern),
            ']' => return Ok(Step::List { negated, characters }),
            '\\' => characters.push(rest.next().ok_or(BadPattern)?),
            character => characters.push(character),
        }
    }
}

/// The places of a pattern that the text so far may have come to.
struct States {
    now: Vec<usize>,
    next: Vec<usize>,
    /// For each place the number of the character at which it was entered last.
    entered: Vec<usize>,
    character: usize,
}

impl States {
    fn new(glob: &Glob) -> Self {
        Self { now: Vec::new(), next: Vec::new(), entered: vec![0; glob.len()], character: 1 }
    }

    /// Enters a place and all that can be reached from it without a character.
    fn enter(&mut self, glob: &Glob, place: usize) {
        let mut open = vec![place];
        while let Some(place) = open.pop() {
            match self.entered.get_mut(place) {
                Some(entered) if *entered != self.character => *entered = self.character,
                _ => continue,
            }
            match glob.steps.get(place) {
                Some(Step::Split(ways)) => open.extend(ways),
                Some(Step::Jump(to)) => open.push(*to),
                Some(Step::Many { .. }) => {
                    self.now.push(place);
                    open.push(place + 1);
                }
                _ => self.now.push(place),
            }
        }
    }

    fn step(&mut self, glob: &Glob, found: char) {
        self.character += 1;
        std::mem::swap(&mut self.now, &mut self.next);
        self.now.clear();
        for at in 0..self.next.len() {
            let Some(place) = self.next.get(at).copied() else { continue };
            let to = match glob.steps.get(place) {
                Some(Step::Literal(wanted)) if *wanted == found => place + 1,
                Some(Step::One) if found != SEPARATOR => place + 1,
                Some(Step::List { negated, characters }) if characters.contains(&found) != *negated => place + 1,
                Some(Step::Range { negated, low, high }) if (*low..=*high).contains(&found) != *negated => place + 1,
                Some(Step::Many { all }) if *all || found != SEPARATOR => place,
                _ => continue,
            };
            self.enter(glob, to);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_as_upstream() {
        for (pattern, text, expected) in [
            ("*", "a.txt", true),
            ("*", "a/b.txt", false),
            ("**", "a/b.txt", true),
            ("a/**", "a/b/c", true),
            ("a/**", "a", false),
            ("**.yaml", "a/b.yaml", true),
            ("conf/**/a.yaml", "conf/a.yaml", true),
            ("conf/**/*.yaml", "conf/a.yaml", false),
            ("**/*.yaml", "b.yaml", false),
            ("{a,b/*}.txt", "b/c.txt", true),
            ("{a,b/*}.txt", "b/c/d.txt", false),
            ("{a,{b,c}d", "cd", true),
            ("a,b}", "a,b}", true),
            ("?", "/", false),
            ("[!a]", "/", true),
            ("[!a-c]x", "dx", true),
            ("[a-c]x", "dx", false),
            ("[abc-z]", "-", true),
            ("[\\]a]", "]", true),
            ("\\*", "*", true),
            ("a\\", "a", true),
            ("", "", true),
            ("", "a", false),
            ("日?", "日本", true),
            ("{,a}b", "b", true),
        ] {
            assert_eq!(Glob::parse(pattern).unwrap().matches(text), expected, "{pattern} {text}");
        }
        for pattern in ["[", "[]", "[]a]", "[a", "[a-", "[a-]", "[a-z0-9]", "[c-a]", "\u{FFFD}"] {
            assert_eq!(Glob::parse(pattern).err(), Some(BadPattern), "{pattern}");
        }
    }

    #[test]
    fn work_is_bounded() {
        let glob = Glob::parse(&"{**,**}".repeat(200)).unwrap();
        assert!(!Glob::parse(&format!("{}b", "*a".repeat(200))).unwrap().matches(&"a".repeat(1000)));
        assert!(glob.matches(&"a".repeat(1000)));
    }
}
