//! A format string: `Sprintf` of Go 1.26's `fmt/print.go`, with flags, widths, precisions and explicit indexes.

use crate::{Budget, Failure, Item, Value, unicode};

use super::layout::Flags;
use super::printer::Printer;

/// A width or precision beyond this is refused.
const MOST: i64 = 1_000_000;

/// `fmt.Sprintf`.
///
/// # Errors
/// A used-up budget; a value that holds itself.
pub(crate) fn sprintf(format: &[u8], items: &[Item], budget: &mut Budget) -> Result<Vec<u8>, Failure> {
    let mut out = Vec::with_capacity(format.len() + 16);
    let mut printer = Printer::new(&mut out, Some(budget));
    Reader { rest: format, items, next: 0, reordered: false, is_good: true, after_index: false }.run(&mut printer)?;
    printer.settle()?;
    Ok(out)
}

/// Where in the format and in the arguments we are.
struct Reader<'a> {
    rest: &'a [u8],
    items: &'a [Item],
    /// The argument that comes next.
    next: usize,
    /// Whether any argument was asked for by number.
    reordered: bool,
    /// Whether the numbers of arguments in this verb were in order.
    is_good: bool,
    /// Whether the last thing read was such a number.
    after_index: bool,
}

impl<'a> Reader<'a> {
    fn run(&mut self, printer: &mut Printer<'_>) -> Result<(), Failure> {
        loop {
            let length = memchr::memchr(b'%', self.rest).unwrap_or(self.rest.len());
            let (plain, rest) = self.rest.split_at_checked(length).unwrap_or((self.rest, &[]));
            printer.out.extend_from_slice(plain);
            let [b'%', rest @ ..] = rest else { break };
            self.rest = rest;
            if !self.verb(printer)? {
                break;
            }
        }
        if self.reordered {
            return Ok(());
        }
        self.extra(printer)
    }

    /// One verb with all that precedes it; whether the format goes on.
    fn verb(&mut self, printer: &mut Printer<'_>) -> Result<bool, Failure> {
        (self.is_good, self.after_index) = (true, false);
        printer.flags = self.flags();
        self.index();
        self.width(printer);
        self.precision(printer);
        if !self.after_index {
            self.index();
        }
        let Some((verb, size)) = unicode::decode(self.rest) else {
            printer.text("%!(NOVERB)");
            return Ok(false);
        };
        self.advance(size);
        match self.items.get(self.next) {
            _ if verb == '%' => printer.text("%"),
            _ if !self.is_good => self.complain(printer, verb, "(BADINDEX)"),
            None => self.complain(printer, verb, "(MISSING)"),
            Some(item) => {
                let flags = &mut printer.flags;
                if matches!(verb, 'v' | 'w') {
                    (flags.sharp_v, flags.sharp) = (flags.sharp, false);
                    (flags.plus_v, flags.plus) = (flags.plus, false);
                }
                printer.operand(&item.value, verb)?;
                self.next += 1;
            }
        }
        Ok(true)
    }

    fn complain(&self, printer: &mut Printer<'_>, verb: char, what: &str) {
        printer.text("%!");
        unicode::push(printer.out, verb);
        printer.text(what);
    }

    /// `%!(EXTRA string=a, int=1)` for arguments that no verb took.
    fn extra(&self, printer: &mut Printer<'_>) -> Result<(), Failure> {
        let Some(extra) = self.items.get(self.next..).filter(|items| !items.is_empty()) else { return Ok(()) };
        printer.flags = Flags::default();
        printer.text("%!(EXTRA ");
        for (index, item) in extra.iter().enumerate() {
            if index > 0 {
                printer.text(", ");
            }
            if !matches!(item.value, Value::Nil) {
                printer.text(item.value.type_name());
                printer.text("=");
            }
            printer.operand(&item.value, 'v')?;
        }
        printer.text(")");
        Ok(())
    }

    fn advance(&mut self, count: usize) {
        self.rest = self.rest.get(count..).unwrap_or_default();
    }

    fn flags(&mut self) -> Flags {
        let mut flags = Flags::default();
        while let [first, rest @ ..] = self.rest {
            match first {
                b'#' => flags.sharp = true,
                b'0' => flags.zero = true,
                b'+' => flags.plus = true,
                b'-' => flags.minus = true,
                b' ' => flags.space = true,
                _ => break,
            }
            self.rest = rest;
        }
        flags
    }

    fn width(&mut self, printer: &mut Printer<'_>) {
        let flags = &mut printer.flags;
        if let [b'*', rest @ ..] = self.rest {
            self.rest = rest;
            let width = self.integer();
            flags.width = width.map(|width| width.unsigned_abs() as usize);
            if width.is_some_and(|width| width < 0) {
                flags.minus = true;
                flags.zero = false;
            }
            if width.is_none() {
                printer.text("%!(BADWIDTH)");
            }
            self.after_index = false;
        } else {
            flags.width = self.number();
            if self.after_index && flags.width.is_some() {
                self.is_good = false;
            }
        }
    }

    fn precision(&mut self, printer: &mut Printer<'_>) {
        // A point at the very end is the verb.
        let [b'.', rest @ ..] = self.rest else { return };
        if rest.is_empty() {
            return;
        }
        self.rest = rest;
        if self.after_index {
            self.is_good = false;
        }
        self.index();
        if let [b'*', rest @ ..] = self.rest {
            self.rest = rest;
            printer.flags.precision = self.integer().and_then(|number| usize::try_from(number).ok());
            if printer.flags.precision.is_none() {
                printer.text("%!(BADPREC)");
            }
            self.after_index = false;
        } else {
            printer.flags.precision = Some(self.number().unwrap_or(0));
        }
    }

    /// A decimal number, if there is one. One that is too large eats the whole format.
    fn number(&mut self) -> Option<usize> {
        let mut number = None;
        while let [digit @ b'0'..=b'9', rest @ ..] = self.rest {
            if number.is_some_and(|number| number > MOST) {
                self.rest = &[];
                return None;
            }
            number = Some(number.unwrap_or(0) * 10 + i64::from(digit - b'0'));
            self.rest = rest;
        }
        number.and_then(|number| usize::try_from(number).ok())
    }

    /// The next argument as a width or precision.
    fn integer(&mut self) -> Option<i64> {
        let item = self.items.get(self.next)?;
        self.next += 1;
        let number = match &item.value {
            Value::Int(number) | Value::Int64(number) => *number,
            Value::Object(object) => i64::try_from(object.integer()?).ok()?,
            _ => return None,
        };
        (-MOST..=MOST).contains(&number).then_some(number)
    }

    /// `[n]`: the number of the argument that comes next.
    fn index(&mut self) {
        self.after_index = false;
        if !self.rest.starts_with(b"[") {
            return;
        }
        self.reordered = true;
        let end = self.rest.iter().position(|byte| *byte == b']').filter(|_| self.rest.len() >= 3);
        let Some(inside) = end.and_then(|end| self.rest.get(1..end)) else {
            self.is_good = false;
            return self.advance(1);
        };
        let mut digits = Reader { rest: inside, items: &[], ..*self };
        let number = digits.number().filter(|_| digits.rest.is_empty());
        self.advance(inside.len() + 2);
        self.after_index = number.is_some();
        match number.and_then(|number| number.checked_sub(1)).filter(|index| *index < self.items.len()) {
            Some(index) => self.next = index,
            None => self.is_good = false,
        }
    }
}
