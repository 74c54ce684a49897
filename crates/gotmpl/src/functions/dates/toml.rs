//! The dates of TOML as BurntSushi/toml v1.6.0 has them: what lacks a zone gets one whose name says what was lacking.

use super::format::{RFC3339_NANO, format};
use super::parse::parse;
use super::time::{Time, as_time};
use super::zone::Zone;
use crate::{Text, Value};

const DATETIME: &str = "2006-01-02T15:04:05.999999999";
const TIME: &str = "15:04:05.999999999";
const DATE: &str = "2006-01-02";

/// The layouts in the order in which they are tried, and the zones of those without one.
const LAYOUTS: [(&str, Option<&str>); 7] = [
    ("2006-01-02T15:04:05.999999999Z07:00", None),
    (DATETIME, Some("datetime-local")),
    (DATE, Some("date-local")),
    (TIME, Some("time-local")),
    ("2006-01-02T15:04Z07:00", None),
    ("2006-01-02T15:04", Some("datetime-local")),
    ("15:04", Some("time-local")),
];

/// A date, a time or both, with capital `T` and `Z`.
pub(in crate::functions) fn from_toml(text: &str) -> Option<Value> {
    let (time, layout, zone) = LAYOUTS.iter().find_map(|(layout, zone)| {
        let time = parse(layout.as_bytes(), text.as_bytes()).ok()?;
        Some((time, *layout, *zone))
    })?;
    if lacks_zero(text, layout) {
        return None;
    }
    let time = match zone {
        Some(name) => Time { zone: Zone::Fixed { name: name.into(), offset: 0 }, ..time },
        None => time,
    };
    Some(time.into())
}

/// Go reads numbers without their leading zeros, which moves the marks between them.
fn lacks_zero(text: &str, layout: &str) -> bool {
    let marks = layout.bytes().zip(text.bytes()).take_while(|(mark, _)| !matches!(mark, b'.' | b'Z'));
    marks.into_iter().any(|(mark, found)| !mark.is_ascii_digit() && mark != found)
}

/// The date as TOML writes it, for a value that is one.
pub(in crate::functions) fn to_toml(value: &Value) -> Option<Text> {
    let time = as_time(value)?;
    let layout = match time.zone.name() {
        "datetime-local" => DATETIME.as_bytes(),
        "date-local" => DATE.as_bytes(),
        "time-local" => TIME.as_bytes(),
        _ => RFC3339_NANO,
    };
    Some(format(time, layout).into())
}
