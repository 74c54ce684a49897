//! `Time.Format`: a moment written by a layout.

use super::calendar::{Fields, fields};
use super::layout::{self, MONTHS, OffsetStyle, Piece, WEEKDAYS};
use super::time::Time;

/// The layout of `Time.String`.
pub(super) const STRING: &[u8] = b"2006-01-02 15:04:05.999999999 -0700 MST";
/// The layout of `Time.MarshalJSON`.
pub(super) const RFC3339_NANO: &[u8] = b"2006-01-02T15:04:05.999999999Z07:00";

/// Writes the moment by the layout.
pub(super) fn format(time: &Time, layout: &[u8]) -> Vec<u8> {
    let (name, offset, _) = time.zone.at(time.unix);
    let fields = fields(time.unix, offset);
    let mut out = Vec::with_capacity(layout.len() + 10);
    let mut rest = layout;
    loop {
        let found = layout::next(rest);
        out.extend_from_slice(found.before);
        match found.piece {
            None => return out,
            Some(Piece::ZoneName) if !name.is_empty() => out.extend_from_slice(name.as_bytes()),
            Some(Piece::ZoneName) => write_offset(&mut out, offset, false, OffsetStyle::Minutes),
            Some(Piece::Offset { is_iso, style }) => write_offset(&mut out, offset, is_iso, style),
            Some(Piece::Fraction { digits, is_trimmed, point }) => {
                write_fraction(&mut out, time.nanos, digits, is_trimmed, point);
            }
            Some(piece) => out.extend_from_slice(field(&fields, piece).as_bytes()),
        }
        rest = found.rest;
    }
}

/// A piece that stands for a date or a time of day.
fn field(fields: &Fields, piece: Piece) -> String {
    let month = usize::try_from(fields.month - 1).ok().and_then(|month| MONTHS.get(month)).copied().unwrap_or_default();
    let weekday = WEEKDAYS.get(fields.weekday).copied().unwrap_or_default();
    let short = |name: &str| name.get(..3).unwrap_or(name).to_owned();
    // Noon is 12 PM, midnight 12 AM.
    let hour12 = if fields.hour % 12 == 0 { 12 } else { fields.hour % 12 };
    let is_morning = fields.hour < 12;
    match piece {
        Piece::LongMonth => month.to_owned(),
        Piece::Month => short(month),
        Piece::NumMonth => fields.month.to_string(),
        Piece::ZeroMonth => format!("{:02}", fields.month),
        Piece::LongWeekday => weekday.to_owned(),
        Piece::Weekday => short(weekday),
        Piece::Day => fields.day.to_string(),
        Piece::UnderDay => format!("{:2}", fields.day),
        Piece::ZeroDay => format!("{:02}", fields.day),
        Piece::UnderYearDay => format!("{:3}", fields.year_day),
        Piece::ZeroYearDay => format!("{:03}", fields.year_day),
        Piece::Hour => format!("{:02}", fields.hour),
        Piece::Hour12 => hour12.to_string(),
        Piece::ZeroHour12 => format!("{hour12:02}"),
        Piece::Minute => fields.minute.to_string(),
        Piece::ZeroMinute => format!("{:02}", fields.minute),
        Piece::Second => fields.second.to_string(),
        Piece::ZeroSecond => format!("{:02}", fields.second),
        // The sign does not count as a digit.
        Piece::LongYear if fields.year < 0 => format!("-{:04}", fields.year.unsigned_abs()),
        Piece::LongYear => format!("{:04}", fields.year),
        Piece::Year => format!("{:02}", fields.year.unsigned_abs() % 100),
        Piece::UpperHalf => if is_morning { "AM" } else { "PM" }.to_owned(),
        Piece::LowerHalf => if is_morning { "am" } else { "pm" }.to_owned(),
        Piece::ZoneName | Piece::Offset { .. } | Piece::Fraction { .. } => String::new(),
    }
}

fn write_offset(out: &mut Vec<u8>, offset: i32, is_iso: bool, style: OffsetStyle) {
    if is_iso && offset == 0 {
        out.push(b'Z');
        return;
    }
    // The sign is that of the whole minutes, so that less than a minute behind UTC is `+`.
    let sign = if offset / 60 < 0 { '-' } else { '+' };
    let (hours, minutes) = (offset.unsigned_abs() / 3600, offset.unsigned_abs() / 60 % 60);
    let seconds = if sign == '-' { offset.unsigned_abs() as i32 % 60 } else { offset % 60 };
    let text = match style {
        OffsetStyle::Minutes => format!("{sign}{hours:02}{minutes:02}"),
        OffsetStyle::Seconds => format!("{sign}{hours:02}{minutes:02}{seconds:02}"),
        OffsetStyle::Hours => format!("{sign}{hours:02}"),
        OffsetStyle::ColonMinutes => format!("{sign}{hours:02}:{minutes:02}"),
        OffsetStyle::ColonSeconds => format!("{sign}{hours:02}:{minutes:02}:{seconds:02}"),
    };
    out.extend_from_slice(text.as_bytes());
}

fn write_fraction(out: &mut Vec<u8>, nanos: u32, digits: usize, is_trimmed: bool, point: u8) {
    let all = format!("{nanos:09}");
    let shown = all.get(..digits.min(9)).unwrap_or(&all);
    let shown = if is_trimmed { shown.trim_end_matches('0') } else { shown };
    if !shown.is_empty() {
        out.push(point);
        out.extend_from_slice(shown.as_bytes());
    }
}
