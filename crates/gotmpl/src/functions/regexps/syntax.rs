//! Go's syntax of regular expressions (`regexp/syntax` of Go 1.26 with its Perl flags), written anew in that of the `regex`
//! crate. Both are RE2's, but they differ in what classes like `\w` hold, in what is refused, and in the words for it.

mod class;

use self::class::Class;

/// Go refuses texts whose parts are nested deeper than 1,000; here the bound keeps the compiler's recursion small.
const MAX_DEPTH: usize = 250;

/// Most copies that repetitions within repetitions may make of one part.
const MAX_COPIES: u64 = 1000;

/// A pattern in the syntax of the `regex` crate.
pub(super) struct Pattern {
    /// Every part stands for itself: no flags reach over it.
    pub(super) text: String,
    /// The names of the capture groups from the first on; empty for those without.
    pub(super) names: Vec<String>,
    /// About how many characters it would have without counted repetitions.
    pub(super) size: u64,
}

/// Go's words for what is wrong, without the part of the pattern.
type Problem = &'static str;

const INVALID_ESCAPE: Problem = "invalid escape sequence";
const INVALID_RANGE: Problem = "invalid character class range";
const INVALID_REPEAT: Problem = "invalid repeat count";
const MISSING_ARGUMENT: Problem = "missing argument to repetition operator";
const INVALID_NAME: Problem = "invalid named capture";

/// Writes the pattern anew.
///
/// # Errors
/// The message of Go's `syntax.Error`.
pub(super) fn translate(pattern: &[u8]) -> Result<Pattern, String> {
    let Ok(text) = std::str::from_utf8(pattern) else {
        return Err(message("invalid UTF-8", &String::from_utf8_lossy(pattern)));
    };
    let mut parser = Parser {
        text,
        at: 0,
        flags: Flags::default(),
        groups: Vec::new(),
        branch: Branch::default(),
        out: String::with_capacity(text.len() * 2),
        names: Vec::new(),
    };
    match parser.parse() {
        Ok(()) => Ok(Pattern { size: parser.branch.size, text: parser.out, names: parser.names }),
        Err((problem, part)) => Err(message(problem, part)),
    }
}

pub(super) fn message(problem: &str, part: &str) -> String {
    format!("error parsing regexp: {problem}: `{part}`")
}

#[derive(Clone, Copy, Default)]
struct Flags {
    fold_case: bool,
    multi_line: bool,
    dot_all: bool,
    swap_greed: bool,
}

/// What is known of the alternatives read so far in the innermost group.
#[derive(Clone, Copy, Default)]
struct Branch {
    /// The last part of the current alternative, which a repetition would take.
    last: Option<Atom>,
    /// Most copies that repetitions make of anything in it.
    copies: u64,
    size: u64,
}

#[derive(Clone, Copy)]
struct Atom {
    copies: u64,
    size: u64,
}

/// What a closing parenthesis goes back to.
struct Group {
    flags: Flags,
    branch: Branch,
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
    flags: Flags,
    groups: Vec<Group>,
    branch: Branch,
    out: String,
    names: Vec<String>,
}

type Parsed<'a, T> = Result<T, (Problem, &'a str)>;

impl<'a> Parser<'a> {
    fn parse(&mut self) -> Parsed<'a, ()> {
        let mut last_repetition = None;
        while let Some(c) = self.peek() {
            let start = self.at;
            let mut repetition = None;
            match c {
                '(' => self.open()?,
                ')' => self.close()?,
                '|' => {
                    self.at += 1;
                    self.out.push('|');
                    self.branch.last = None;
                }
                '^' => self.simple(if self.flags.multi_line { "(?m:^)" } else { "\\A" }),
                '$' => self.simple(if self.flags.multi_line { "(?m:$)" } else { "\\z" }),
                '.' => self.simple(if self.flags.dot_all { "(?s:.)" } else { "[^\\n]" }),
                '[' => self.class()?,
                '*' | '+' | '?' => {
                    self.at += 1;
                    self.repeat(start, last_repetition, None)?;
                    repetition = Some(start);
                }
                '{' => match self.counts() {
                    None => self.literal(),
                    Some(counts) => {
                        if !counts.is_valid() {
                            return Err((INVALID_REPEAT, self.since(start)));
                        }
                        self.repeat(start, last_repetition, Some(counts))?;
                        repetition = Some(start);
                    }
                },
                '\\' => self.escape()?,
                _ => self.literal(),
            }
            // A run of repetitions is an error that shows the last two.
            last_repetition = repetition;
        }
        if self.groups.is_empty() { Ok(()) } else { Err(("missing closing )", self.text)) }
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn since(&self, start: usize) -> &'a str {
        self.text.get(start..self.at).unwrap_or_default()
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn next(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += c.len_utf8();
        Some(c)
    }

    fn eat(&mut self, text: &str) -> bool {
        let found = self.rest().starts_with(text);
        self.at += if found { text.len() } else { 0 };
        found
    }

    /// Notes a part that was just written.
    fn push(&mut self, atom: Atom) {
        self.branch.last = Some(atom);
        self.branch.copies = self.branch.copies.max(atom.copies);
        self.branch.size = self.branch.size.saturating_add(atom.size);
    }

    /// A part of one ASCII character in the pattern.
    fn simple(&mut self, text: &str) {
        self.at += 1;
        self.part(text, 1);
    }

    fn part(&mut self, text: &str, size: u64) {
        self.out.push_str(text);
        self.push(Atom { copies: 1, size });
    }

    /// The next character for itself.
    fn literal(&mut self) {
        if let Some(c) = self.next() {
            self.character(c);
        }
    }

    fn character(&mut self, c: char) {
        if self.flags.fold_case && c.is_alphabetic() {
            self.out.push_str("(?i:");
            self.out.push(c);
            self.out.push(')');
        } else {
            push_character(&mut self.out, u32::from(c));
        }
        self.push(Atom { copies: 1, size: 1 });
    }

    fn class(&mut self) -> Parsed<'a, ()> {
        let start = self.at;
        self.at += 1;
        let mut class = Class::new(self.eat("^"), self.flags.fold_case);
        let mut is_first = true;
        while is_first || self.peek() != Some(']') {
            is_first = false;
            if self.rest().starts_with("[:")
                && let Some(length) = self.rest().get(2..).and_then(|rest| rest.find(":]"))
            {
                let from = self.at;
                self.at += length + 4;
                let name = self.since(from);
                if !class.push_posix(name) {
                    return Err((INVALID_RANGE, name));
                }
                continue;
            }
            if let Some(property) = self.property()? {
                class.push_set(&property);
                continue;
            }
            if let Some(set) = self.perl_set() {
                class.push_set(set);
                continue;
            }
            let from = self.at;
            let low = self.class_character(start)?;
            let is_range = self.rest().starts_with('-') && !matches!(self.rest().as_bytes(), [_] | [_, b']', ..]);
            let high = if is_range {
                self.at += 1;
                self.class_character(start)?
            } else {
                low
            };
            if high < low {
                return Err((INVALID_RANGE, self.since(from)));
            }
            class.push_range(low, high);
        }
        self.at += 1;
        let (text, size) = class.finish();
        self.part(&text, size);
        Ok(())
    }

    fn class_character(&mut self, start: usize) -> Parsed<'a, u32> {
        match self.peek() {
            None => Err(("missing closing ]", self.text.get(start..).unwrap_or_default())),
            Some('\\') => self.escaped_character(),
            Some(c) => {
                self.at += c.len_utf8();
                Ok(u32::from(c))
            }
        }
    }

    fn escape(&mut self) -> Parsed<'a, ()> {
        let start = self.at;
        let known = match self.rest().as_bytes().get(1) {
            Some(b'A') => Some("\\A"),
            Some(b'z') => Some("\\z"),
            Some(b'b') => Some("(?-u:\\b)"),
            Some(b'B') => Some("(?-u:\\B)"),
            _ => None,
        };
        if let Some(text) = known {
            self.at += 2;
            self.part(text, 1);
            return Ok(());
        }
        if self.eat("\\Q") {
            let (quoted, after) = self.rest().split_once("\\E").unwrap_or((self.rest(), ""));
            self.at = self.text.len() - after.len();
            quoted.chars().for_each(|c| self.character(c));
            return Ok(());
        }
        if self.eat("\\C") {
            return Err((INVALID_ESCAPE, self.since(start)));
        }
        let set = match self.property()? {
            Some(property) => Some(property),
            None => self.perl_set().map(str::to_owned),
        };
        if let Some(set) = set {
            let mut class = Class::new(false, self.flags.fold_case);
            class.push_set(&set);
            let (text, size) = class.finish();
            self.part(&text, size);
            return Ok(());
        }
        match char::from_u32(self.escaped_character()?) {
            Some(c) => self.character(c),
            None => self.part(class::NOTHING, 1),
        }
        Ok(())
    }

    /// `\d` and its like.
    fn perl_set(&mut self) -> Option<&'static str> {
        let set = match self.rest().as_bytes() {
            [b'\\', b'd', ..] => "0-9",
            [b'\\', b'D', ..] => "[^0-9]",
            [b'\\', b's', ..] => "\\t\\n\\f\\r\\x20",
            [b'\\', b'S', ..] => "[^\\t\\n\\f\\r\\x20]",
            [b'\\', b'w', ..] => "0-9A-Za-z_",
            [b'\\', b'W', ..] => "[^0-9A-Za-z_]",
            _ => return None,
        };
        self.at += 2;
        Some(set)
    }

    /// `\pN` and its like.
    fn property(&mut self) -> Parsed<'a, Option<String>> {
        let start = self.at;
        let mut is_negated = match self.rest().as_bytes() {
            [b'\\', b'p', ..] => false,
            [b'\\', b'P', ..] => true,
            _ => return Ok(None),
        };
        self.at += 2;
        let name = if self.eat("{") {
            let Some(length) = self.rest().find('}') else {
                return Err((INVALID_RANGE, self.text.get(start..).unwrap_or_default()));
            };
            let name = self.rest().get(..length).unwrap_or_default();
            self.at += length + 1;
            name
        } else {
            let from = self.at;
            self.next();
            self.since(from)
        };
        let positive = name.strip_prefix('^');
        is_negated ^= positive.is_some();
        let set = class::property(positive.unwrap_or(name), is_negated);
        set.map(Some).ok_or((INVALID_RANGE, self.since(start)))
    }

    /// An escape for one character.
    fn escaped_character(&mut self) -> Parsed<'a, u32> {
        let start = self.at;
        self.at += 1;
        let Some(c) = self.next() else { return Err(("trailing backslash at end of expression", "")) };
        let found = match c {
            'a' => Some(0x07),
            'f' => Some(0x0C),
            'n' => Some(0x0A),
            'r' => Some(0x0D),
            't' => Some(0x09),
            'v' => Some(0x0B),
            'x' => self.hexadecimal(),
            // One digit alone would refer back, which RE2 has not.
            '1'..='7' if !matches!(self.peek(), Some('0'..='7')) => None,
            '0'..='7' => {
                let mut code = u32::from(c) - u32::from('0');
                for _ in 0..2 {
                    let Some(digit) = self.peek().and_then(|c| c.to_digit(8)) else { break };
                    self.at += 1;
                    code = code * 8 + digit;
                }
                Some(code)
            }
            c if c.is_ascii() && !c.is_ascii_alphanumeric() => Some(u32::from(c)),
            _ => None,
        };
        found.ok_or((INVALID_ESCAPE, self.since(start)))
    }

    fn hexadecimal(&mut self) -> Option<u32> {
        let first = self.next()?;
        if first != '{' {
            let second = self.next();
            return Some(first.to_digit(16)? * 16 + second?.to_digit(16)?);
        }
        let mut code = None;
        loop {
            match self.next()? {
                '}' => return code,
                c => {
                    let value = code.unwrap_or(0) * 16 + c.to_digit(16)?;
                    code = Some(value).filter(|code| *code <= u32::from(char::MAX));
                    code?;
                }
            }
        }
    }

    fn open(&mut self) -> Parsed<'a, ()> {
        let start = self.at;
        self.at += 1;
        if !self.eat("?") {
            self.names.push(String::new());
            return self.enter("(", self.flags);
        }
        let is_named = matches!(self.rest().as_bytes(), [b'P', b'<', _, ..] | [b'<', _, ..]);
        if is_named {
            self.eat("P");
            self.at += 1;
            let Some(length) = self.rest().find('>') else {
                return Err((INVALID_NAME, self.text.get(start..).unwrap_or_default()));
            };
            let name = self.rest().get(..length).unwrap_or_default();
            self.at += length + 1;
            if name.is_empty() || !name.chars().all(|c| c == '_' || c.is_ascii_alphanumeric()) {
                return Err((INVALID_NAME, self.since(start)));
            }
            self.names.push(name.to_owned());
            return self.enter("(", self.flags);
        }
        self.flag_group(start)
    }

    /// The rest of `(?flags)` or `(?flags:`.
    fn flag_group(&mut self, start: usize) -> Parsed<'a, ()> {
        let mut flags = self.flags;
        let (mut value, mut saw_flag) = (true, false);
        while let Some(c) = self.next() {
            match c {
                'i' => flags.fold_case = value,
                'm' => flags.multi_line = value,
                's' => flags.dot_all = value,
                'U' => flags.swap_greed = value,
                '-' if value => {
                    (value, saw_flag) = (false, false);
                    continue;
                }
                ':' if value || saw_flag => return self.enter("(?:", flags),
                ')' if value || saw_flag => {
                    self.flags = flags;
                    return Ok(());
                }
                _ => break,
            }
            saw_flag = true;
        }
        Err(("invalid or unsupported Perl syntax", self.since(start)))
    }

    fn enter(&mut self, text: &str, flags: Flags) -> Parsed<'a, ()> {
        if self.groups.len() >= MAX_DEPTH {
            return Err(("expression nests too deeply", self.text));
        }
        self.out.push_str(text);
        self.groups.push(Group { flags: self.flags, branch: self.branch });
        self.flags = flags;
        self.branch = Branch::default();
        Ok(())
    }

    fn close(&mut self) -> Parsed<'a, ()> {
        let Some(group) = self.groups.pop() else { return Err(("unexpected )", self.text)) };
        self.at += 1;
        self.out.push(')');
        let atom = Atom { copies: self.branch.copies.max(1), size: self.branch.size.saturating_add(2) };
        self.flags = group.flags;
        self.branch = group.branch;
        self.push(atom);
        Ok(())
    }

    /// `{2}`, `{2,}` or `{2,5}`; anything else in braces is literal, and nothing is taken then.
    fn counts(&mut self) -> Option<Counts> {
        let (inside, _) = self.rest().strip_prefix('{')?.split_once('}')?;
        let (min, max) = match inside.split_once(',') {
            None => (count(inside)?, Some(count(inside)?)),
            Some((min, "")) => (count(min)?, None),
            Some((min, max)) => (count(min)?, Some(count(max)?)),
        };
        self.at += inside.len() + 2;
        Some(Counts { min, max })
    }

    /// A repetition whose operator is taken; it takes a `?` after it too.
    fn repeat(&mut self, start: usize, last: Option<usize>, counts: Option<Counts>) -> Parsed<'a, ()> {
        let operator = self.since(start);
        let is_lazy = self.eat("?") != self.flags.swap_greed;
        if let Some(last) = last {
            return Err(("invalid nested repetition operator", self.since(last)));
        }
        let Some(atom) = self.branch.last else { return Err((MISSING_ARGUMENT, self.since(start))) };
        self.out.push_str(operator);
        if is_lazy {
            self.out.push('?');
        }
        let Some(Counts { min, max }) = counts else { return Ok(()) };
        let times = max.unwrap_or(min);
        let copies = if max == Some(0) { 1 } else { times.max(1) * atom.copies };
        if times.max(min) >= 2 && copies > MAX_COPIES {
            return Err((INVALID_REPEAT, self.since(start)));
        }
        self.branch.size = self.branch.size.saturating_sub(atom.size);
        self.push(Atom { copies, size: atom.size.saturating_mul(times.max(1)) });
        Ok(())
    }
}

#[derive(Clone, Copy)]
struct Counts {
    min: u64,
    max: Option<u64>,
}

impl Counts {
    fn is_valid(self) -> bool {
        self.min <= MAX_COPIES && self.max.is_none_or(|max| self.min <= max && max <= MAX_COPIES)
    }
}

/// A number without leading zeros. What is too large stays so.
fn count(digits: &str) -> Option<u64> {
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    let has_zeros = digits.len() > 1 && digits.starts_with('0');
    (is_number && !has_zeros).then(|| digits.parse().unwrap_or(u64::MAX))
}

fn push_character(out: &mut String, code: u32) {
    match char::from_u32(code) {
        Some(c) if c.is_ascii_alphanumeric() || !c.is_ascii() => out.push(c),
        _ => out.push_str(&format!("\\x{{{code:X}}}")),
    }
}
