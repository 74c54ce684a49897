//! Go's `time.Duration`: nanoseconds in 64 bits, read from and printed as `1h30m5.5s`.

use std::any::Any;
use std::rc::Rc;

use super::layout::{atoi_digits, quote};
use crate::function::{Args, Call, Type};
use crate::value::{Method, Object};
use crate::{Failure, Text, Value};

pub(super) const TYPE: Type = Type::Named("time.Duration");
pub(super) const SECOND: i64 = 1_000_000_000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;

/// A `time.Duration` in a template.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Duration(pub(super) i64);

const METHODS: &[Method] = &[
    Method { name: "Abs", parameters: &[], call: |_, args| Ok(Duration(of(args, 0)?.0.saturating_abs()).into()) },
    Method { name: "Hours", parameters: &[], call: |_, args| Ok(Value::Float(of(args, 0)?.in_units(HOUR))) },
    Method { name: "Microseconds", parameters: &[], call: |_, args| Ok(Value::Int64(of(args, 0)?.0 / 1_000)) },
    Method { name: "Milliseconds", parameters: &[], call: |_, args| Ok(Value::Int64(of(args, 0)?.0 / 1_000_000)) },
    Method { name: "Minutes", parameters: &[], call: |_, args| Ok(Value::Float(of(args, 0)?.in_units(MINUTE))) },
    Method { name: "Nanoseconds", parameters: &[], call: |_, args| Ok(Value::Int64(of(args, 0)?.0)) },
    Method { name: "Round", parameters: &[TYPE], call: |_, args| Ok(of(args, 0)?.round(of(args, 1)?.0).into()) },
    Method { name: "Seconds", parameters: &[], call: |_, args| Ok(Value::Float(of(args, 0)?.in_units(SECOND))) },
    Method { name: "String", parameters: &[], call: |_, args| Ok(of(args, 0)?.to_text().into()) },
    Method { name: "Truncate", parameters: &[TYPE], call: truncate },
];

/// An argument that is a duration: one, or a whole number, which Go takes for one in a literal.
pub(super) fn of(args: Args<'_>, index: usize) -> Result<Duration, Failure> {
    match args.value(index)? {
        Value::Object(object) => object.as_any().downcast_ref().copied(),
        Value::Int(number) | Value::Int64(number) => Some(Duration(*number)),
        _ => None,
    }
    .ok_or_else(|| Failure::error("not a duration"))
}

fn truncate(_: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    let (whole, unit) = (of(args, 0)?.0, of(args, 1)?.0);
    Ok(Duration(if unit > 0 { whole - whole % unit } else { whole }).into())
}

impl Duration {
    /// Reads a text like `-1.5h` or `2h45m`.
    ///
    /// # Errors
    /// Go's words.
    pub(super) fn parse(text: &[u8]) -> Result<Self, Vec<u8>> {
        let failed = |before: &[u8]| [b"time: ", before, b" ", &*quote(text)].concat();
        let invalid = || failed(b"invalid duration");
        let (is_negative, mut rest) = match text {
            [b'-', rest @ ..] => (true, rest),
            [b'+', rest @ ..] => (false, rest),
            rest => (false, rest),
        };
        if rest == b"0" {
            return Ok(Self(0));
        }
        if rest.is_empty() {
            return Err(invalid());
        }
        let mut total = 0_u64;
        while !rest.is_empty() {
            let (number, after) = atoi_digits(rest).ok_or_else(invalid)?;
            let (fraction, scale, after, has_fraction) = match after {
                [b'.', after @ ..] => {
                    let (fraction, scale, rest) = leading_fraction(after);
                    (fraction, scale, rest, rest.len() < after.len())
                }
                _ => (0, 1.0, after, false),
            };
            if !has_fraction && !rest.first().is_some_and(u8::is_ascii_digit) {
                return Err(invalid());
            }
            let length = after.iter().take_while(|byte| **byte != b'.' && !byte.is_ascii_digit()).count();
            let (unit, after) = after.split_at_checked(length).unwrap_or((after, &[]));
            if unit.is_empty() {
                return Err(failed(b"missing unit in duration"));
            }
            let Some(unit_size) = unit_size(unit) else {
                return Err(failed(&[b"unknown unit ", &*quote(unit), b" in duration"].concat()));
            };
            let mut part = number.checked_mul(unit_size).filter(|part| *part <= 1 << 63).ok_or_else(invalid)?;
            if fraction > 0 {
                part += (fraction as f64 * (unit_size as f64 / scale)) as u64;
                if part > 1 << 63 {
                    return Err(invalid());
                }
            }
            total = total.checked_add(part).filter(|total| *total <= 1 << 63).ok_or_else(invalid)?;
            rest = after;
        }
        if is_negative {
            return Ok(Self((total as i64).wrapping_neg()));
        }
        i64::try_from(total).map(Self).map_err(|_| invalid())
    }

    /// The nearest multiple of the unit, halves away from zero.
    pub(super) fn round(self, unit: i64) -> Self {
        if unit <= 0 {
            return self;
        }
        let rest = self.0 % unit;
        // Go compares `2*rest` with the unit in a way that does not overflow.
        let is_down = (rest.unsigned_abs() as u128) * 2 < unit as u128;
        let step = if self.0 < 0 { -unit } else { unit };
        Self(if is_down { self.0 - rest } else { (self.0 - rest).saturating_add(step) })
    }

    fn in_units(self, unit: i64) -> f64 {
        (self.0 / unit) as f64 + (self.0 % unit) as f64 / unit as f64
    }

    /// As `String` gives it.
    pub(super) fn to_text(self) -> String {
        let sign = if self.0 < 0 { "-" } else { "" };
        let nanos = self.0.unsigned_abs();
        let in_small = |unit: u64, name: &str| format!("{sign}{}{name}", decimal(nanos / unit, nanos % unit, unit));
        match nanos {
            0 => "0s".into(),
            1..1_000 => in_small(1, "ns"),
            1_000..1_000_000 => in_small(1_000, "µs"),
            1_000_000..1_000_000_000 => in_small(1_000_000, "ms"),
            _ => {
                let second = SECOND as u64;
                let (whole, fraction) = (nanos / second, nanos % second);
                let seconds = decimal(whole % 60, fraction, second);
                match (whole / 3600, whole / 60 % 60) {
                    (0, 0) => format!("{sign}{seconds}s"),
                    (0, minutes) => format!("{sign}{minutes}m{seconds}s"),
                    (hours, minutes) => format!("{sign}{hours}h{minutes}m{seconds}s"),
                }
            }
        }
    }
}

/// A number and its fraction in parts of `unit`, without zeros at the end.
fn decimal(whole: u64, fraction: u64, unit: u64) -> String {
    if fraction == 0 {
        return whole.to_string();
    }
    let width = unit.ilog10() as usize;
    format!("{whole}.{}", format!("{fraction:0width$}").trim_end_matches('0'))
}

fn unit_size(name: &[u8]) -> Option<u64> {
    Some(match std::str::from_utf8(name).ok()? {
        "ns" => 1,
        "us" | "µs" | "μs" => 1_000,
        "ms" => 1_000_000,
        "s" => SECOND as u64,
        "m" => MINUTE as u64,
        "h" => HOUR as u64,
        _ => return None,
    })
}

/// Digits after a point, their scale, and the rest; digits that no longer fit are left out.
fn leading_fraction(text: &[u8]) -> (u64, f64, &[u8]) {
    let (mut number, mut scale, mut is_full) = (0_u64, 1.0, false);
    let length = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let (digits, rest) = text.split_at_checked(length).unwrap_or((text, &[]));
    for digit in digits {
        let next = number.checked_mul(10).and_then(|next| next.checked_add(u64::from(digit - b'0')));
        match next.filter(|next| *next <= 1 << 63 && number <= i64::MAX as u64 / 10) {
            Some(next) if !is_full => {
                number = next;
                scale *= 10.0;
            }
            _ => is_full = true,
        }
    }
    (number, scale, rest)
}

impl From<Duration> for Value {
    fn from(duration: Duration) -> Self {
        Value::Object(Rc::new(duration))
    }
}

impl Object for Duration {
    fn type_name(&self) -> &str {
        "time.Duration"
    }

    fn kind(&self) -> &'static str {
        "int64"
    }

    fn methods(&self) -> &'static [Method] {
        METHODS
    }

    fn integer(&self) -> Option<i128> {
        Some(self.0.into())
    }

    fn display(&self) -> Option<Text> {
        Some(self.to_text().into())
    }

    fn is_zero(&self) -> bool {
        self.0 == 0
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Result<i64, String> {
        Duration::parse(text.as_bytes())
            .map(|duration| duration.0)
            .map_err(|error| String::from_utf8_lossy(&error).into_owned())
    }

    #[test]
    fn durations_are_read() {
        assert_eq!(parsed("-1.5h"), Ok(-5_400 * SECOND));
        assert_eq!(parsed("2h45m.5s"), Ok(9_900 * SECOND + SECOND / 2));
        assert_eq!(parsed("+5µs"), Ok(5_000));
        assert_eq!(parsed("0"), Ok(0));
        assert_eq!(parsed("-9223372036854775808ns"), Ok(i64::MIN));
        assert_eq!(parsed("0.9223372036854775807h"), Ok(3_320_413_933_267));
        assert_eq!(parsed(""), Err("time: invalid duration \"\"".into()));
        assert_eq!(parsed("3"), Err("time: missing unit in duration \"3\"".into()));
        assert_eq!(parsed("3x"), Err("time: unknown unit \"x\" in duration \"3x\"".into()));
        assert_eq!(parsed(".s"), Err("time: invalid duration \".s\"".into()));
        assert_eq!(parsed("9223372036854775808ns"), Err("time: invalid duration \"9223372036854775808ns\"".into()));
    }

    #[test]
    fn durations_are_printed() {
        let cases = [(0, "0s"), (1, "1ns"), (1_100, "1.1µs"), (-2_200_000, "-2.2ms"), (3_300 * SECOND, "55m0s")];
        for (nanos, text) in cases {
            assert_eq!(Duration(nanos).to_text(), text);
        }
        assert_eq!(Duration(i64::MIN).to_text(), "-2562047h47m16.854775808s");
        assert_eq!(Duration(4 * HOUR + SECOND / 1000).to_text(), "4h0m0.001s");
    }

    #[test]
    fn halves_are_rounded_away_from_zero() {
        assert_eq!(Duration(1_500_000_000).round(SECOND).0, 2 * SECOND);
        assert_eq!(Duration(-1_500_000_000).round(SECOND).0, -2 * SECOND);
        assert_eq!(Duration(1_499_999_999).round(SECOND).0, SECOND);
    }
}
