//! Go's `fmt`: `print` and `printf` of every kind of value.

mod directive;
mod float;
mod layout;
mod printer;
mod quote;

use crate::{Budget, Failure, Item, Value};

pub(crate) use directive::sprintf;
pub(crate) use float::shortest_digits;
pub(crate) use quote::quote;

use printer::Printer;

/// Appends a value as `fmt.Fprint` prints it. What a template prints is bounded elsewhere; here only a value that holds
/// itself, which Go cannot print at all, is cut short.
pub(crate) fn print_value(out: &mut Vec<u8>, value: &Value) {
    let mut printer = Printer::new(out, None);
    // Both reasons to stop are such values.
    let _ = printer.operand(value, 'v');
}

/// `fmt.Sprint`: operands, with blanks between those of which neither is a string.
///
/// # Errors
/// A used-up budget; a value that holds itself.
pub(crate) fn sprint(items: &[Item], budget: &mut Budget) -> Result<Vec<u8>, Failure> {
    let mut out = Vec::new();
    let mut printer = Printer::new(&mut out, Some(budget));
    let mut after_string = true;
    for item in items {
        let is_string = item.value.kind() == "string";
        if !after_string && !is_string {
            printer.text(" ");
        }
        printer.operand(&item.value, 'v')?;
        after_string = is_string;
    }
    printer.settle()?;
    Ok(out)
}

/// `fmt.Sprintln`: operands with blanks between, and a newline.
///
/// # Errors
/// As of [`sprint`].
pub(crate) fn sprintln(items: &[Item], budget: &mut Budget) -> Result<Vec<u8>, Failure> {
    let mut out = Vec::new();
    let mut printer = Printer::new(&mut out, Some(budget));
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            printer.text(" ");
        }
        printer.operand(&item.value, 'v')?;
    }
    printer.text("\n");
    printer.settle()?;
    Ok(out)
}

#[cfg(test)]
mod tests;
