//! A value under a verb: what `fmt/print.go` of Go 1.26 does.

use crate::convert::{MAX_DEPTH, bytes_of};
use crate::value::{Complex, List, MapType, Object, Text};
use crate::{Budget, Failure, Item, Type, Value};

use super::layout::Flags;

/// Bytes that are printed before they are paid for.
const CREDIT: usize = 64 << 10;

/// What a printer that has no budget prints at most: more than a template may print in all.
const MOST: usize = (256 << 20) + 1;

/// Where the address of a map, a slice or a pointer is printed, all have this one: a true one would change from run to
/// run.
const ADDRESS: u64 = 0xc0_0000_0000;

/// Prints values into a text.
pub(super) struct Printer<'a> {
    pub(super) out: &'a mut Vec<u8>,
    pub(super) flags: Flags,
    budget: Option<&'a mut Budget>,
    paid: usize,
    /// Inside of `%!d(…)`, where values do not print themselves.
    erroring: bool,
}

impl<'a> Printer<'a> {
    pub(super) fn new(out: &'a mut Vec<u8>, budget: Option<&'a mut Budget>) -> Self {
        let paid = out.len();
        Self { out, flags: Flags::default(), budget, paid, erroring: false }
    }

    /// Takes what was printed, and `more` that is about to be, from the budget.
    fn pay(&mut self, more: usize) -> Result<(), Failure> {
        let owed = (self.out.len() + more).saturating_sub(self.paid);
        match &mut self.budget {
            _ if owed < CREDIT => Ok(()),
            Some(budget) => {
                self.paid += owed;
                budget.allocate(owed)
            }
            None if owed > MOST => Err(Failure::Budget("a printed value is too long".into())),
            None => Ok(()),
        }
    }

    /// Takes the rest from the budget.
    pub(super) fn settle(self) -> Result<(), Failure> {
        let owed = self.out.len().saturating_sub(self.paid);
        self.budget.map_or(Ok(()), |budget| budget.allocate(owed))
    }

    pub(super) fn text(&mut self, text: &str) {
        self.out.extend_from_slice(text.as_bytes());
    }

    /// An operand of its own.
    pub(super) fn operand(&mut self, value: &Value, verb: char) -> Result<(), Failure> {
        let widths = self.flags.width.unwrap_or(0) + self.flags.precision.unwrap_or(0);
        self.pay(widths)?;
        match (value, verb) {
            (Value::Nil, 'T' | 'v') => self.flags.pad(self.out, b"<nil>"),
            (Value::Nil, _) => self.bad_nil(verb),
            (_, 'T') => self.flags.text(self.out, value.type_name().as_bytes()),
            (_, 'p') => self.pointer(value, verb)?,
            (Value::List(list), 'v' | 'w') if list.list_type().is_bytes() => match verb {
                'v' if self.flags.sharp_v => self.bytes(list),
                _ => self.value(value, verb, 0)?,
            },
            (Value::List(_) | Value::Map(_) | Value::Object(_), 'w') => self.bad(value, verb)?,
            _ => self.value(value, verb, 0)?,
        }
        Ok(())
    }

    fn value(&mut self, value: &Value, verb: char, depth: usize) -> Result<(), Failure> {
        self.pay(0)?;
        if depth > MAX_DEPTH {
            return Err(Failure::error("a value holds itself or is nested too deeply to be printed"));
        }
        match value {
            Value::Nil => self.text("<nil>"),
            Value::Bool(boolean) => match verb {
                't' | 'v' => self.flags.boolean(self.out, *boolean),
                _ => self.bad(value, verb)?,
            },
            Value::Int(number) | Value::Int64(number) => self.integer(value, *number as u64, true, verb)?,
            Value::Float(number) => self.float(value, *number, verb)?,
            Value::Str(text) => self.string(value, text, verb)?,
            Value::List(list) => self.list(list, verb, depth)?,
            Value::Map(map) => {
                let MapType { name, element, .. } = map.map_type();
                self.map(name, *element, map.read().iter(), verb, depth)?;
            }
            Value::Object(object) => self.object(value, object.as_ref(), verb, depth)?,
        }
        Ok(())
    }

    fn string(&mut self, value: &Value, text: &[u8], verb: char) -> Result<(), Failure> {
        let flags = self.flags;
        match verb {
            'v' if flags.sharp_v => flags.quoted(self.out, text),
            'v' | 's' => flags.text(self.out, text),
            'x' | 'X' => flags.hex(self.out, text, verb == 'X'),
            'q' => flags.quoted(self.out, text),
            _ => self.bad(value, verb)?,
        }
        Ok(())
    }

    fn integer(&mut self, value: &Value, number: u64, signed: bool, verb: char) -> Result<(), Failure> {
        let flags = self.flags;
        match verb {
            'v' if flags.sharp_v && !signed => flags.hex_integer(self.out, number, true),
            'v' | 'd' | 'b' | 'o' | 'O' | 'x' | 'X' => flags.integer(self.out, number, signed, verb),
            'c' => flags.character(self.out, number),
            'q' => flags.quoted_character(self.out, number),
            'U' => flags.code_point(self.out, number),
            _ => self.bad(value, verb)?,
        }
        Ok(())
    }

    fn float(&mut self, value: &Value, number: f64, verb: char) -> Result<(), Failure> {
        let flags = self.flags;
        match verb {
            'v' => flags.float(self.out, number, 'g', None),
            'b' | 'g' | 'G' | 'x' | 'X' => flags.float(self.out, number, verb, None),
            'e' | 'E' => flags.float(self.out, number, verb, Some(6)),
            'f' | 'F' => flags.float(self.out, number, 'f', Some(6)),
            _ => self.bad(value, verb)?,
        }
        Ok(())
    }

    fn complex(&mut self, value: &Value, (real, imaginary): (f64, f64), verb: char) -> Result<(), Failure> {
        if !matches!(verb, 'v' | 'b' | 'g' | 'G' | 'x' | 'X' | 'f' | 'F' | 'e' | 'E') {
            return self.bad(value, verb);
        }
        let plus = self.flags.plus;
        self.text("(");
        self.float(value, real, verb)?;
        self.flags.plus = true;
        self.float(value, imaginary, verb)?;
        self.flags.plus = plus;
        self.text("i)");
        Ok(())
    }

    /// `[a b]`, or `[]string{"a", "b"}`.
    fn list(&mut self, list: &List, verb: char, depth: usize) -> Result<(), Failure> {
        if matches!(verb, 's' | 'q' | 'x' | 'X')
            && let Some(bytes) = bytes_of(list)
        {
            let flags = self.flags;
            match verb {
                's' => flags.text(self.out, &bytes),
                'q' => flags.quoted(self.out, &bytes),
                _ => flags.hex(self.out, &bytes, verb == 'X'),
            }
            return Ok(());
        }
        if self.flags.sharp_v {
            self.text(list.list_type().name);
            if list.is_nil() {
                self.text("(nil)");
                return Ok(());
            }
        }
        self.text(if self.flags.sharp_v { "{" } else { "[" });
        for (index, item) in list.items().iter().enumerate() {
            self.between(index);
            self.element(&item.value, list.list_type().element, verb, depth)?;
        }
        self.text(if self.flags.sharp_v { "}" } else { "]" });
        Ok(())
    }

    /// `[]byte{0x1, 0x2}`: only what is not inside of another value is called so.
    fn bytes(&mut self, list: &List) {
        self.text("[]byte");
        if list.is_nil() {
            return self.text("(nil)");
        }
        self.text("{");
        for (index, byte) in bytes_of(list).unwrap_or_default().iter().enumerate() {
            self.between(index);
            self.flags.hex_integer(self.out, u64::from(*byte), true);
        }
        self.text("}");
    }

    /// `map[a:1 b:2]`, or `map[string]int{"a":1, "b":2}`.
    fn map<'e>(
        &mut self,
        name: &str,
        element: Type,
        entries: impl Iterator<Item = (&'e Text, &'e Item)>,
        verb: char,
        depth: usize,
    ) -> Result<(), Failure> {
        if self.flags.sharp_v {
            self.text(name);
            self.text("{");
        } else {
            self.text("map[");
        }
        for (index, (key, item)) in entries.enumerate() {
            self.between(index);
            self.value(&Value::Str(key.clone()), verb, depth + 1)?;
            self.text(":");
            self.element(&item.value, element, verb, depth)?;
        }
        self.text(if self.flags.sharp_v { "}" } else { "]" });
        Ok(())
    }

    /// `{a 1}`, `{Name:a Count:1}`, or `pkg.Type{Name:"a", Count:1}`.
    fn structure(&mut self, object: &dyn Object, verb: char, depth: usize) -> Result<(), Failure> {
        if self.flags.sharp_v {
            self.text(object.type_name().trim_start_matches('*'));
        }
        self.text("{");
        for (index, (name, item)) in object.fields().into_iter().enumerate() {
            self.between(index);
            if self.flags.plus_v || self.flags.sharp_v {
                self.text(name);
                self.text(":");
            }
            // Printing a field copies it.
            let copied = if let Value::Object(field) = &item.value { field.copied() } else { None };
            self.element(&copied.unwrap_or(item.value), Type::Any, verb, depth)?;
        }
        self.text("}");
        Ok(())
    }

    /// What stands inside of something else. A nil is the same under every verb there.
    fn element(&mut self, value: &Value, element: Type, verb: char, depth: usize) -> Result<(), Failure> {
        match (value, element) {
            (Value::Nil, Type::Any) if self.flags.sharp_v => self.text("interface {}(nil)"),
            (Value::Nil, Type::Str) => return self.value(&Value::from(""), verb, depth + 1),
            (Value::Nil, Type::List) if self.flags.sharp_v => self.text("[]interface {}(nil)"),
            (Value::Nil, Type::Map) if self.flags.sharp_v => self.text("map[string]interface {}(nil)"),
            (Value::Nil, Type::List | Type::Strings | Type::Bytes) => self.text("[]"),
            (Value::Nil, Type::Map | Type::StrMap) => self.text("map[]"),
            _ => return self.value(value, verb, depth + 1),
        }
        Ok(())
    }

    fn between(&mut self, index: usize) {
        if index > 0 {
            self.text(if self.flags.sharp_v { ", " } else { " " });
        }
    }

    fn object(&mut self, value: &Value, object: &dyn Object, verb: char, depth: usize) -> Result<(), Failure> {
        if let Some(Complex(number)) = object.as_any().downcast_ref() {
            return self.complex(value, *number, verb);
        }
        let prints_itself = !self.erroring && !self.flags.sharp_v && matches!(verb, 'v' | 's' | 'x' | 'X' | 'q');
        if prints_itself && let Some(text) = object.display() {
            return self.string(value, &text, verb);
        }
        if let Some(number) = object.integer() {
            return self.integer(value, number as u64, object.kind().starts_with("int"), verb);
        }
        match object.kind() {
            "struct" => self.structure(object, verb, depth),
            "map" => {
                let entries = object.entries();
                let entries = entries.iter().map(|(key, item)| (key, item));
                self.map(object.type_name(), Type::Any, entries, verb, depth)
            }
            "ptr" if depth == 0 && !object.is_zero() => {
                self.text("&");
                self.structure(object, verb, depth + 1)
            }
            "ptr" | "func" => self.pointer(value, verb),
            _ => {
                let shown = object.display().unwrap_or_else(|| format!("?{}?", object.type_name()).into());
                self.out.extend_from_slice(&shown);
                Ok(())
            }
        }
    }

    /// An address.
    fn pointer(&mut self, value: &Value, verb: char) -> Result<(), Failure> {
        let is_nil = match value {
            Value::List(list) => list.is_nil(),
            Value::Map(_) => false,
            Value::Object(object) if matches!(object.kind(), "ptr" | "func" | "map") => object.is_zero(),
            _ => return self.bad(value, verb),
        };
        let address = if is_nil { 0 } else { ADDRESS };
        let flags = self.flags;
        match verb {
            'v' if flags.sharp_v => {
                self.text("(");
                self.text(value.type_name());
                self.text(")(");
                if is_nil {
                    self.text("nil");
                } else {
                    flags.hex_integer(self.out, address, true);
                }
                self.text(")");
            }
            'v' if is_nil => flags.pad(self.out, b"<nil>"),
            'v' | 'p' => flags.hex_integer(self.out, address, !flags.sharp),
            'b' | 'o' | 'd' | 'x' | 'X' => flags.integer(self.out, address, false, verb),
            _ => self.bad(value, verb)?,
        }
        Ok(())
    }

    /// `%!d(string=hi)`.
    fn bad(&mut self, value: &Value, verb: char) -> Result<(), Failure> {
        self.text("%!");
        crate::unicode::push(self.out, verb);
        self.text("(");
        self.text(value.type_name());
        self.text("=");
        let was_erroring = std::mem::replace(&mut self.erroring, true);
        self.value(value, 'v', 0)?;
        self.erroring = was_erroring;
        self.text(")");
        Ok(())
    }

    /// `%!d(<nil>)`.
    fn bad_nil(&mut self, verb: char) {
        self.text("%!");
        crate::unicode::push(self.out, verb);
        self.text("(<nil>)");
    }
}
