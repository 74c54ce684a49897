//! Strings, numbers, booleans and dates as values.

use super::scanner::Scanner;
use super::{Problem, Read, quoted};
use crate::Value;
use crate::quote::quote;
use crate::unicode::Class;

impl Scanner<'_> {
    /// A value that is neither a list nor a table.
    pub(super) fn scalar(&mut self) -> Read<Value> {
        let start = self.at();
        match self.peek()? {
            Some('0'..='9') => self.number_or_date(),
            Some('"' | '\'') => self.string(),
            Some('+' | '-') => self.signed_number(),
            Some('i' | 'n') => self.special_float(),
            Some(c) if Class::of(c).is_letter() => self.word(start),
            other => {
                self.next()?;
                Err(match other {
                    None => self.problem("unexpected EOF; expected value"),
                    Some('.') => self.problem("floats must start with a digit, not '.'"),
                    other => self.problem_at(other, format!("expected value but found {} instead", quoted(other))),
                })
            }
        }
    }

    fn string(&mut self) -> Read<Value> {
        let mark = self.next()?.unwrap_or_default();
        let text = if !self.eat(mark)? {
            if mark == '"' { self.basic_string()? } else { self.raw_string()? }
        } else if self.eat(mark)? {
            self.long_string(mark)?
        } else {
            String::new()
        };
        Ok(text.into())
    }

    fn word(&mut self, start: usize) -> Read<Value> {
        self.run(|c| Class::of(c).is_letter())?;
        match self.since(start) {
            "true" => Ok(Value::Bool(true)),
            "false" => Ok(Value::Bool(false)),
            other => Err(self.problem(format!("expected value but found {} instead", quote(other.as_bytes())))),
        }
    }

    /// `inf`, `nan`, or what looks so at first. Upstream goes back by one letter only before it takes the rest for a word.
    fn special_float(&mut self) -> Read<Value> {
        let start = self.at();
        self.next()?;
        if self.eat('n')? && self.eat('f')? || self.eat('a')? && self.eat('n')? {
            return self.float(self.since(start));
        }
        let last = self.at() - 1;
        self.word(last)
    }

    fn signed_number(&mut self) -> Read<Value> {
        let start = self.at();
        self.next()?;
        let first = self.next()?;
        match first {
            Some('i' | 'n') => {
                let rest = if first == Some('i') { ['n', 'f'] } else { ['a', 'n'] };
                for c in rest {
                    if !self.eat(c)? {
                        return Err(self.problem(format!("invalid float: '{}'", self.since(start))));
                    }
                }
                self.float(self.since(start))
            }
            Some('0') if matches!(self.peek()?, Some('b' | 'o' | 'x')) => {
                self.next()?;
                let number = self.since(start);
                Err(self.problem(format!("cannot use sign with non-decimal numbers: '{number}'")))
            }
            Some('.') => Err(self.problem("floats must start with a digit, not '.'")),
            Some('0'..='9') => self.decimal(start),
            other => Err(self.problem(format!("expected a digit but got {}", quoted(other)))),
        }
    }

    fn number_or_date(&mut self) -> Read<Value> {
        let start = self.at();
        if self.eat('0')? {
            let (name, is_digit): (_, fn(char) -> bool) = match self.peek()? {
                Some('b') => ("a binary", |c| matches!(c, '0' | '1')),
                Some('o') => ("an octal", |c| matches!(c, '0'..='7')),
                Some('x') => ("a hexadecimal", |c| c.is_ascii_hexdigit()),
                _ => return self.plain_number_or_date(start),
            };
            self.next()?;
            let next = self.peek()?;
            if !next.is_some_and(is_digit) {
                let shown = self.since(start);
                return Err(self.problem(format!("not {name} number: '{shown}{}'", next.unwrap_or('\0'))));
            }
            self.run(|c| c == '_' || is_digit(c))?;
            return self.integer(self.since(start));
        }
        self.plain_number_or_date(start)
    }

    fn plain_number_or_date(&mut self, start: usize) -> Read<Value> {
        self.run(|c| c.is_ascii_digit())?;
        if !matches!(self.peek()?, Some('-' | ':')) || self.since(start) == "0" {
            return self.decimal(start);
        }
        self.run(|c| matches!(c, '0'..='9' | '-' | ':' | 'T' | 't' | ' ' | '.' | 'Z' | 'z' | '+'))?;
        let text = self.since(start).trim();
        let normal: String =
            text.chars().map(|c| if matches!(c, ' ' | 't') { 'T' } else { c.to_ascii_uppercase() }).collect();
        crate::functions::dates::from_toml(&normal)
            .ok_or_else(|| self.problem(format!("invalid datetime: {}", quote(normal.as_bytes()))))
    }

    /// The rest of a decimal number whose first digit is taken.
    fn decimal(&mut self, start: usize) -> Read<Value> {
        self.run(|c| c.is_ascii_digit() || c == '_')?;
        if !matches!(self.peek()?, Some('.' | 'e' | 'E')) {
            return self.integer(self.since(start));
        }
        self.run(|c| matches!(c, '0'..='9' | '_' | '.' | '-' | '+' | 'e' | 'E'))?;
        self.float(self.since(start))
    }

    fn integer(&self, text: &str) -> Read<Value> {
        let refused = |why: &str| self.problem(format!("Invalid integer {}: {why}", quote(text.as_bytes())));
        if !underscores_stand_between_digits(text) {
            return Err(refused("underscores must be surrounded by digits"));
        }
        if has_leading_zero(text) {
            return Err(refused("cannot have leading zeroes"));
        }
        let digits = text.replace('_', "");
        let number = match digits.get(..2) {
            Some("0b") => i64::from_str_radix(digits.get(2..).unwrap_or_default(), 2),
            Some("0o") => i64::from_str_radix(digits.get(2..).unwrap_or_default(), 8),
            Some("0x") => i64::from_str_radix(digits.get(2..).unwrap_or_default(), 16),
            _ => digits.parse(),
        };
        number.map(Value::Int64).map_err(|_| self.out_of_range(text, "int64"))
    }

    fn float(&self, text: &str) -> Read<Value> {
        let shown = quote(text.as_bytes());
        let refused = |why: &str| self.problem(format!("Invalid float {shown}: {why}"));
        let parts: Vec<&str> = text.split(['.', 'e', 'E']).filter(|part| !part.is_empty()).collect();
        if !parts.iter().all(|part| underscores_stand_between_digits(part)) {
            return Err(refused("underscores must be surrounded by digits"));
        }
        if parts.first().is_some_and(|part| has_leading_zero(part)) {
            return Err(refused("cannot have leading zeroes"));
        }
        if text.split('.').skip(1).any(|part| !part.starts_with(|c: char| c.is_ascii_digit())) {
            return Err(refused("'.' must be followed by one or more digits"));
        }
        let number: f64 = match text.trim_start_matches(['+', '-']) {
            "nan" if text.starts_with('-') => -f64::NAN,
            "nan" => f64::NAN,
            _ => text.replace('_', "").parse().map_err(|_| self.problem(format!("Invalid float value: {shown}")))?,
        };
        if number.is_infinite() && !text.ends_with("inf") {
            return Err(self.out_of_range(text, "float64"));
        }
        Ok(Value::Float(number))
    }

    fn out_of_range(&self, text: &str, size: &str) -> Problem {
        self.problem(format!("{text} is out of range for {size}"))
    }
}

fn has_leading_zero(text: &str) -> bool {
    match text.as_bytes() {
        [b'0', b'b' | b'o' | b'x', ..] => false,
        [b'0', _, ..] | [b'+' | b'-', b'0', _, ..] => true,
        _ => false,
    }
}

/// Hexadecimal digits count for all numbers, as upstream has it.
fn underscores_stand_between_digits(text: &str) -> bool {
    if matches!(text.trim_start_matches(['+', '-']), "nan" | "inf") {
        return true;
    }
    let mut after_digit = false;
    for c in text.chars() {
        if c == '_' && !after_digit {
            return false;
        }
        after_digit = c.is_ascii_hexdigit();
    }
    after_digit
}
