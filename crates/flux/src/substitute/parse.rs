//! Reading `${…}` in a text: the grammar of fluxcd/pkg `envsubst/parse` (v1), which is bash's only in part.
//!
//! The upstream scanner has habits that repositories rely on or stumble over, and they are kept: `$$` loses one dollar
//! anywhere, a pattern after `/` runs to the next slash even past a closing brace, and one malformed `${` anywhere
//! refuses the whole object.

use std::ops::Range;

/// A stretch of the text, or a function over a variable.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// Characters that stand for themselves.
    Text(Range<usize>),
    /// `${…}`.
    Call(Call),
}

/// One `${…}`.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Call {
    /// From the dollar to the closing brace.
    pub(super) range: Range<usize>,
    /// The variable.
    pub(super) name: Range<usize>,
    /// What is done with its value.
    pub(super) operator: Operator,
    /// What follows the operator.
    pub(super) arguments: Vec<Vec<Part>>,
}

/// What is done with the value of a variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operator {
    /// `${x}`, and casing operators that mix `^` and `,`, which upstream ignores.
    Plain,
    /// `${#x}`.
    Length,
    /// `${x^}`.
    UpperFirst,
    /// `${x^^}`.
    Upper,
    /// `${x,}`.
    LowerFirst,
    /// `${x,,}`.
    Lower,
    /// `${x:position}` and `${x:position:length}`.
    Substring,
    /// `${x#pattern}`.
    TrimShortestPrefix,
    /// `${x##pattern}`.
    TrimLongestPrefix,
    /// `${x%pattern}`.
    TrimShortestSuffix,
    /// `${x%%pattern}`.
    TrimLongestSuffix,
    /// `${x/old/new}`.
    ReplaceFirst,
    /// `${x//old/new}`.
    ReplaceAll,
    /// `${x/#old/new}`.
    ReplacePrefix,
    /// `${x/%old/new}`.
    ReplaceSuffix,
    /// `${x=default}`, `${x:=default}`, `${x:-default}`.
    Default,
    /// `${x:+other}`, which is bash for something else; upstream does as with `:-`.
    Alternative,
    /// `${x:?message}`, which is bash for something else; upstream does as with `:-`.
    Require,
}

impl Operator {
    /// Whether a variable may be undefined.
    pub(super) fn gives_default(self) -> bool {
        matches!(self, Operator::Default | Operator::Alternative | Operator::Require)
    }
}

/// Why a text is refused.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Malformed {
    /// The `${` that could not be read to its end, or as far as it was read.
    pub(super) range: Range<usize>,
    /// What is wrong.
    pub(super) problem: Problem,
}

/// What is wrong with a `${…}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Problem {
    /// No variable name after `${`.
    Name,
    /// Something other than `}` or an operator after the name.
    ClosingBrace,
    /// Nothing where the operator needs something.
    Argument,
    /// Anything else.
    Substitution,
    /// Deeper than anybody writes.
    TooDeep,
}

/// `${a:=${b:=${c}}}` and so on, at most.
const DEPTH: usize = 32;

/// Reads a text. Upstream takes a NUL for the end of the text.
pub(super) fn parse(text: &str) -> Result<Vec<Part>, Malformed> {
    let text = text.split('\0').next().unwrap_or_default();
    let mut parser = Parser { text, position: 0 };
    let mut parts = Vec::new();
    while parser.peek().is_some() {
        if parser.opens_call() {
            parts.push(Part::Call(parser.call(0)?));
        } else {
            parser.text_until(|_| false, Escapes::Dollar, true, &mut parts);
        }
    }
    Ok(parts)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Escapes {
    None,
    Dollar,
    DollarAndBackslash,
}

struct Parser<'a> {
    text: &'a str,
    position: usize,
}

impl Parser<'_> {
    fn rest(&self) -> &str {
        self.text.get(self.position..).unwrap_or_default()
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn eat(&mut self, wanted: char) -> bool {
        let found = self.peek() == Some(wanted);
        if found {
            self.position += wanted.len_utf8();
        }
        found
    }

    fn opens_call(&self) -> bool {
        self.rest().starts_with("${")
    }

    /// Text up to a character for which `stop` holds or, where calls may stand, up to the next call. Escapes lose their
    /// first character.
    fn text_until(&mut self, stop: impl Fn(char) -> bool, escapes: Escapes, calls: bool, parts: &mut Vec<Part>) {
        let mut from = self.position;
        while let Some(character) = self.peek() {
            if calls && self.opens_call() {
                break;
            }
            let next = self.rest().chars().nth(1);
            let escaped = match character {
                '$' => escapes != Escapes::None && next == Some('$'),
                '\\' => escapes == Escapes::DollarAndBackslash && matches!(next, Some('/' | '\\')),
                _ => false,
            };
            if escaped {
                if self.position > from {
                    parts.push(Part::Text(from..self.position));
                }
                from = self.position + 1;
                self.position += 2;
            } else if stop(character) {
                break;
            } else {
                self.position += character.len_utf8();
            }
        }
        if self.position > from {
            parts.push(Part::Text(from..self.position));
        }
    }

    fn call(&mut self, depth: usize) -> Result<Call, Malformed> {
        let start = self.position;
        let result = if depth < DEPTH { self.call_inside(start, depth) } else { refuse(Problem::TooDeep) };
        result.map_err(|mut malformed| {
            // Only the innermost call knows where it is.
            if malformed.range.is_empty() {
                malformed.range = start..self.position.max(start + 2).min(self.text.len());
            }
            malformed
        })
    }

    fn call_inside(&mut self, start: usize, depth: usize) -> Result<Call, Malformed> {
        self.position = start + 2;
        let length = self.eat('#');
        let Some(name) = self.name() else {
            return refuse(if length { Problem::Substitution } else { Problem::Name });
        };
        let (operator, arguments) = match self.peek() {
            _ if length => (Operator::Length, Vec::new()),
            Some(':') => self.default_or_substring(depth)?,
            Some('=') => {
                self.eat('=');
                (Operator::Default, self.defaults(depth)?)
            }
            Some(',' | '^') => (self.casing(), Vec::new()),
            Some('/') => self.replacement(depth)?,
            Some(sign @ ('#' | '%')) => {
                self.eat(sign);
                let operator = match (sign, self.eat(sign)) {
                    ('#', false) => Operator::TrimShortestPrefix,
                    ('#', true) => Operator::TrimLongestPrefix,
                    (_, false) => Operator::TrimShortestSuffix,
                    (_, true) => Operator::TrimLongestSuffix,
                };
                (operator, vec![self.argument(|c| c == '}', Escapes::None, depth)?])
            }
            _ => {
                return if self.eat('}') {
                    Ok(Call { range: start..self.position, name, operator: Operator::Plain, arguments: Vec::new() })
                } else {
                    refuse(Problem::ClosingBrace)
                };
            }
        };
        if !self.eat('}') {
            return refuse(Problem::Substitution);
        }
        Ok(Call { range: start..self.position, name, operator, arguments })
    }

    /// Letters, digits and underscores; a digit may come first.
    fn name(&mut self) -> Option<Range<usize>> {
        let start = self.position;
        let length = self.rest().find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(self.rest().len());
        self.position += length;
        (length > 0).then_some(start..self.position)
    }

    /// One argument: a call, or text that ends before a stop or a call, and never empty.
    fn argument(
        &mut self,
        stop: impl Fn(char) -> bool,
        escapes: Escapes,
        depth: usize,
    ) -> Result<Vec<Part>, Malformed> {
        if self.opens_call() {
            return Ok(vec![Part::Call(self.call(depth + 1)?)]);
        }
        let mut parts = Vec::new();
        self.text_until(stop, escapes, true, &mut parts);
        if parts.is_empty() { refuse(Problem::Argument) } else { Ok(parts) }
    }

    fn default_or_substring(&mut self, depth: usize) -> Result<(Operator, Vec<Vec<Part>>), Malformed> {
        self.eat(':');
        let operator = match self.peek() {
            Some('=' | '-') => Operator::Default,
            Some('+') => Operator::Alternative,
            Some('?') => Operator::Require,
            // The scanner steps back by the width of what it peeked at and so loses its place (parse.go, v1).
            Some(other) if other.len_utf8() > 1 => return refuse(Problem::Substitution),
            _ => return self.substring(depth),
        };
        self.position += 1;
        Ok((operator, self.defaults(depth)?))
    }

    /// Any number of texts and calls up to the closing brace; together they are the default.
    fn defaults(&mut self, depth: usize) -> Result<Vec<Vec<Part>>, Malformed> {
        let mut arguments = Vec::new();
        while self.peek() != Some('}') {
            arguments.push(self.argument(|c| c == '}', Escapes::None, depth)?);
        }
        Ok(arguments)
    }

    fn substring(&mut self, depth: usize) -> Result<(Operator, Vec<Vec<Part>>), Malformed> {
        let mut arguments = vec![self.argument(|c| matches!(c, ':' | '}'), Escapes::None, depth)?];
        if self.peek() == Some(':') {
            while self.eat(':') {}
            arguments.push(self.argument(|c| c == '}', Escapes::None, depth)?);
        }
        Ok((Operator::Substring, arguments))
    }

    fn casing(&mut self) -> Operator {
        let signs: String = self.rest().chars().take(2).take_while(|c| matches!(c, ',' | '^')).collect();
        self.position += signs.len();
        match signs.as_str() {
            "^" => Operator::UpperFirst,
            "^^" => Operator::Upper,
            "," => Operator::LowerFirst,
            ",," => Operator::Lower,
            _ => Operator::Plain,
        }
    }

    fn replacement(&mut self, depth: usize) -> Result<(Operator, Vec<Vec<Part>>), Malformed> {
        self.eat('/');
        let operator = if self.eat('/') {
            Operator::ReplaceAll
        } else if self.eat('#') {
            Operator::ReplacePrefix
        } else if self.eat('%') {
            Operator::ReplaceSuffix
        } else {
            Operator::ReplaceFirst
        };
        let mut arguments = vec![self.argument(|c| c == '/', Escapes::DollarAndBackslash, depth)?];
        if !self.eat('/') {
            return refuse(Problem::Substitution);
        }
        while self.eat('/') {}
        if self.peek() != Some('}') {
            arguments.push(self.argument(|c| c == '}', Escapes::DollarAndBackslash, depth)?);
        }
        Ok((operator, arguments))
    }
}

/// A refusal whose place the innermost call fills in.
fn refuse<T>(problem: Problem) -> Result<T, Malformed> {
    Err(Malformed { range: 0..0, problem })
}
