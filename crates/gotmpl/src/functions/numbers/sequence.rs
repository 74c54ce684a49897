//! `until`, `untilStep`, `seq`.

use crate::function::{Args, Call};
use crate::{Failure, Item, List, Value};

/// The numbers from `start` to before `stop`.
#[derive(Clone, Copy, Debug)]
struct Steps {
    start: i64,
    step: i64,
    count: usize,
}

impl Steps {
    /// None at all where the step leads away.
    fn new(start: i64, stop: i128, step: i64) -> Self {
        let (distance, size) = (stop - i128::from(start), i128::from(step));
        let leads_there = if distance < 0 { size < 0 } else { size > 0 };
        let count = if leads_there { (distance.abs() + size.abs() - 1) / size.abs() } else { 0 };
        Self { start, step, count: usize::try_from(count).unwrap_or(usize::MAX) }
    }

    fn numbers(self) -> impl Iterator<Item = i64> {
        std::iter::successors(Some(self.start), move |number| Some(number.wrapping_add(self.step))).take(self.count)
    }

    fn list(self, call: &mut Call<'_>) -> Result<Value, Failure> {
        call.budget.allocate(self.count.saturating_mul(size_of::<Item>()))?;
        Ok(List::ints(self.numbers()).into())
    }
}

pub(super) fn until(call: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    let count = args.int(0)?;
    Steps::new(0, count.into(), if count < 0 { -1 } else { 1 }).list(call)
}

pub(super) fn until_step(call: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    Steps::new(args.int(0)?, args.int(1)?.into(), args.int(2)?).list(call)
}

/// As the `seq` of shells: the end is included. The arguments are the end; start and end; start, step and end.
pub(super) fn seq(call: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    let (start, step, end) = match args.len() {
        1 => (1, None, args.int(0)?),
        2 => (args.int(0)?, None, args.int(1)?),
        3 => (args.int(0)?, Some(args.int(1)?), args.int(2)?),
        _ => return Ok("".into()),
    };
    let direction = if end < start { -1 } else { 1 };
    let step = step.unwrap_or(direction);
    let steps = Steps::new(start, i128::from(end) + i128::from(direction), step);
    // Twenty bytes are the longest number.
    let width = start.to_string().len().max(end.to_string().len()).min(20) + 1;
    call.budget.allocate(steps.count.saturating_mul(width))?;
    let mut out = String::new();
    for number in steps.numbers() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(&number.to_string());
    }
    Ok(out.into())
}
