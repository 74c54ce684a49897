//! `time.ParseInLocation` with the local zone: a text read by a layout, with Go's words where it does not fit.

use super::calendar::{days_before, days_in, is_leap, unix};
use super::layout::{self, MONTHS, OffsetStyle, Piece, WEEKDAYS, atoi_digits, quote};
use super::time::Time;
use super::zone::Zone;

/// Why a piece was not read.
enum Bad {
    /// It is not there.
    Value,
    /// It is there, but too large.
    Range(&'static str),
}

/// A value and the text after it.
type Read<'v, T> = Result<(T, &'v [u8]), Bad>;

/// What was read so far.
#[derive(Default)]
struct Parsed<'v> {
    year: i64,
    month: Option<i64>,
    day: Option<i64>,
    year_day: Option<i64>,
    hour: i64,
    minute: i64,
    second: i64,
    nanos: u32,
    is_afternoon: bool,
    is_morning: bool,
    is_utc: bool,
    offset: Option<i64>,
    zone_name: &'v [u8],
}

/// Reads the text.
///
/// # Errors
/// Go's words.
pub(super) fn parse(layout: &[u8], text: &[u8]) -> Result<Time, Vec<u8>> {
    let failed = |tail: &[u8]| [b"parsing time ", &*quote(text), tail].concat();
    let misfit = |element: &[u8], value: &[u8]| {
        failed(&[b" as ", &*quote(layout), b": cannot parse ", &quote(value), b" as ", &quote(element)].concat())
    };
    let mut parsed = Parsed::default();
    let (mut layout_rest, mut value) = (layout, text);
    loop {
        let found = layout::next(layout_rest);
        value = skip(value, found.before).map_err(|value| misfit(found.before, value))?;
        let Some(piece) = found.piece else { break };
        value = match parsed.read(piece, value, found.rest) {
            Ok(rest) => rest,
            Err(Bad::Value) => return Err(misfit(found.text, value)),
            Err(Bad::Range(what)) => return Err(failed(format!(": {what} out of range").as_bytes())),
        };
        layout_rest = found.rest;
    }
    if !value.is_empty() {
        return Err(failed(&[b": extra text: ".as_slice(), &quote(value)].concat()));
    }
    parsed.finish().map_err(|message| failed(message.as_bytes()))
}

/// Takes the literal part of a layout off a value; runs of blanks are equal. Fails with what is left of the value.
fn skip<'v>(mut value: &'v [u8], mut prefix: &[u8]) -> Result<&'v [u8], &'v [u8]> {
    while let Some((expected, after)) = prefix.split_first() {
        match value.split_first() {
            Some((found, _)) if *expected == b' ' && *found != b' ' => return Err(value),
            _ if *expected == b' ' => {
                prefix = without_blanks(prefix);
                value = without_blanks(value);
            }
            Some((found, rest)) if found == expected => {
                prefix = after;
                value = rest;
            }
            _ => return Err(value),
        }
    }
    Ok(value)
}

/// Blanks only: Go does not count tabs here.
fn without_blanks(text: &[u8]) -> &[u8] {
    let blanks = text.iter().take_while(|byte| **byte == b' ').count();
    text.get(blanks..).unwrap_or_default()
}

/// The first bytes and the rest.
fn take(value: &[u8], count: usize) -> Read<'_, &[u8]> {
    value.split_at_checked(count).ok_or(Bad::Value)
}

/// A number of one or two digits.
fn number(value: &[u8], is_fixed: bool) -> Read<'_, i64> {
    digits(value, 2, is_fixed)
}

/// A number of at most `count` digits, or of just so many.
fn digits(value: &[u8], count: usize, is_fixed: bool) -> Read<'_, i64> {
    let length = value.iter().take(count).take_while(|byte| byte.is_ascii_digit()).count();
    if length == 0 || is_fixed && length < count {
        return Err(Bad::Value);
    }
    let (digits, rest) = take(value, length)?;
    Ok((digits.iter().fold(0, |number, digit| number * 10 + i64::from(digit - b'0')), rest))
}

/// The index of a name that the value begins with, whatever the case.
fn lookup<'v>(names: impl Iterator<Item = &'static str>, value: &'v [u8]) -> Read<'v, i64> {
    for (name, index) in names.zip(0..) {
        if let Some((found, rest)) = value.split_at_checked(name.len())
            && found.eq_ignore_ascii_case(name.as_bytes())
        {
            return Ok((index, rest));
        }
    }
    Err(Bad::Value)
}

/// The names cut to three letters.
fn short(names: &'static [&'static str]) -> impl Iterator<Item = &'static str> {
    names.iter().map(|name| name.get(..3).unwrap_or(name))
}

/// A number with a sign, and nothing else.
fn signed(text: &[u8]) -> Result<i64, Bad> {
    let (sign, digits) = match text {
        [b'-', digits @ ..] => (-1, digits),
        [b'+', digits @ ..] => (1, digits),
        digits => (1, digits),
    };
    match atoi_digits(digits) {
        Some((number, [])) => Ok(sign * number as i64),
        _ => Err(Bad::Value),
    }
}

/// Point and digits as nanoseconds; more than nine digits are cut.
fn nanoseconds(text: &[u8]) -> Result<u32, Bad> {
    let [b'.' | b',', digits @ ..] = text else { return Err(Bad::Value) };
    let digits = digits.get(..9).unwrap_or(digits);
    let number = signed(digits)?;
    if number < 0 {
        return Err(Bad::Range("fractional second"));
    }
    Ok(number as u32 * 10_u32.pow(9 - digits.len() as u32))
}

/// Length of a point and the digits after it; nothing without a digit.
fn fraction_length(value: &[u8]) -> Option<usize> {
    let [b'.' | b',', digits @ ..] = value else { return None };
    let length = digits.iter().take_while(|byte| byte.is_ascii_digit()).count();
    (length > 0).then_some(length + 1)
}

fn within(number: i64, end: i64, what: &'static str) -> Result<i64, Bad> {
    if number < end { Ok(number) } else { Err(Bad::Range(what)) }
}

impl<'v> Parsed<'v> {
    /// Reads one piece; `layout` is what comes after it.
    fn read(&mut self, piece: Piece, value: &'v [u8], layout: &[u8]) -> Result<&'v [u8], Bad> {
        let blank = || value.strip_prefix(b" ").unwrap_or(value);
        let rest;
        match piece {
            Piece::Year => {
                let (digits, after) = take(value, 2)?;
                let year = signed(digits)?;
                self.year = if year >= 69 { year + 1900 } else { year + 2000 };
                rest = after;
            }
            Piece::LongYear => {
                let (digits, after) = take(value, 4)?;
                if !digits.first().is_some_and(u8::is_ascii_digit) {
                    return Err(Bad::Value);
                }
                self.year = signed(digits)?;
                rest = after;
            }
            Piece::Month | Piece::LongMonth => {
                let (month, after) = if piece == Piece::Month {
                    lookup(short(&MONTHS), value)
                } else {
                    lookup(MONTHS.into_iter(), value)
                }?;
                self.month = Some(month + 1);
                rest = after;
            }
            Piece::NumMonth | Piece::ZeroMonth => {
                let (month, after) = number(value, piece == Piece::ZeroMonth)?;
                if !(1..=12).contains(&month) {
                    return Err(Bad::Range("month"));
                }
                self.month = Some(month);
                rest = after;
            }
            // The day of the week must be one, but says nothing.
            Piece::Weekday => rest = lookup(short(&WEEKDAYS), value)?.1,
            Piece::LongWeekday => rest = lookup(WEEKDAYS.into_iter(), value)?.1,
            Piece::Day | Piece::UnderDay | Piece::ZeroDay => {
                let value = if piece == Piece::UnderDay { blank() } else { value };
                let (day, after) = number(value, piece == Piece::ZeroDay)?;
                self.day = Some(day);
                rest = after;
            }
            Piece::UnderYearDay | Piece::ZeroYearDay => {
                let is_padded = piece == Piece::UnderYearDay;
                let value = if is_padded { blank() } else { value };
                let value = value.strip_prefix(b" ").filter(|_| is_padded).unwrap_or(value);
                let (day, after) = digits(value, 3, piece == Piece::ZeroYearDay)?;
                self.year_day = Some(day);
                rest = after;
            }
            Piece::Hour => {
                let (hour, after) = number(value, false)?;
                self.hour = within(hour, 24, "hour")?;
                rest = after;
            }
            Piece::Hour12 | Piece::ZeroHour12 => {
                let (hour, after) = number(value, piece == Piece::ZeroHour12)?;
                self.hour = within(hour, 13, "hour")?;
                rest = after;
            }
            Piece::Minute | Piece::ZeroMinute => {
                let (minute, after) = number(value, piece == Piece::ZeroMinute)?;
                self.minute = within(minute, 60, "minute")?;
                rest = after;
            }
            Piece::Second | Piece::ZeroSecond => {
                let (second, after) = number(value, piece == Piece::ZeroSecond)?;
                self.second = within(second, 60, "second")?;
                // A fraction may follow that the layout does not name.
                let is_named = matches!(layout::next(layout).piece, Some(Piece::Fraction { .. }));
                rest = if is_named { after } else { self.fraction(after)? };
            }
            Piece::UpperHalf | Piece::LowerHalf => {
                let (half, after) = take(value, 2)?;
                match (piece, half) {
                    (Piece::UpperHalf, b"PM") | (Piece::LowerHalf, b"pm") => self.is_afternoon = true,
                    (Piece::UpperHalf, b"AM") | (Piece::LowerHalf, b"am") => self.is_morning = true,
                    _ => return Err(Bad::Value),
                }
                rest = after;
            }
            Piece::ZoneName => match value.strip_prefix(b"UTC") {
                Some(after) => {
                    self.is_utc = true;
                    rest = after;
                }
                None => {
                    let length = zone_name_length(value).ok_or(Bad::Value)?;
                    (self.zone_name, rest) = take(value, length)?;
                }
            },
            Piece::Offset { is_iso, style } => match value.strip_prefix(b"Z").filter(|_| is_iso) {
                Some(after) => {
                    self.is_utc = true;
                    rest = after;
                }
                None => {
                    let (offset, after) = offset(value, style)?;
                    self.offset = Some(offset);
                    rest = after;
                }
            },
            Piece::Fraction { digits, is_trimmed: false, .. } => {
                let (fraction, after) = take(value, digits + 1)?;
                self.nanos = nanoseconds(fraction)?;
                rest = after;
            }
            Piece::Fraction { .. } => rest = self.fraction(value)?,
        }
        Ok(rest)
    }

    /// A fraction of any length, if there is one.
    fn fraction(&mut self, value: &'v [u8]) -> Result<&'v [u8], Bad> {
        let Some(length) = fraction_length(value) else { return Ok(value) };
        let (fraction, rest) = take(value, length)?;
        self.nanos = nanoseconds(fraction)?;
        Ok(rest)
    }

    /// The moment, once all is read.
    fn finish(self) -> Result<Time, String> {
        let hour = match self.hour {
            hour if self.is_afternoon && hour < 12 => hour + 12,
            12 if self.is_morning && !self.is_afternoon => 0,
            hour => hour,
        };
        let (month, day) = self.date()?;
        if day < 1 || day > days_in(month, self.year) {
            return Err(": day out of range".into());
        }
        let local = unix(self.year, month, day, hour * 3600 + self.minute * 60 + self.second);
        let at = |unix: i64, zone: Zone| Time { unix, nanos: self.nanos, zone };
        let fixed = |offset: i64| Zone::Fixed {
            name: String::from_utf8_lossy(self.zone_name).as_ref().into(),
            offset: offset as i32,
        };
        if self.is_utc {
            return Ok(at(local, Zone::Utc));
        }
        // An offset of one second behind UTC is Go's mark for none.
        Ok(match self.offset.filter(|offset| *offset != -1) {
            Some(0) if self.zone_name.is_empty() => at(local, Zone::Local),
            Some(offset) => at(local - offset, fixed(offset)),
            None if self.zone_name.is_empty() => at(local, Zone::Local),
            // The zone is not known, so the clock is taken for that of UTC, even where `GMT+3` tells the offset.
            None => {
                let hours = self.zone_name.strip_prefix(b"GMT").filter(|sign| !sign.is_empty());
                let hours = hours.and_then(|hours| signed(hours).ok()).unwrap_or_default();
                at(local, fixed(hours * 3600))
            }
        })
    }

    /// Month and day, from the day of the year if that was given.
    fn date(&self) -> Result<(i64, i64), String> {
        let Some(mut year_day) = self.year_day else { return Ok((self.month.unwrap_or(1), self.day.unwrap_or(1))) };
        let leap_day = days_before(3) + 1;
        let mut found = None;
        if is_leap(self.year) {
            if year_day == leap_day {
                found = Some((2, 29));
            } else if year_day > leap_day {
                year_day -= 1;
            }
        }
        if !(1..=365).contains(&year_day) {
            return Err(": day-of-year out of range".into());
        }
        let (month, day) = found.unwrap_or_else(|| {
            let month = (1..=12).rev().find(|month| days_before(*month) < year_day).unwrap_or(1);
            (month, year_day - days_before(month))
        });
        if self.month.is_some_and(|given| given != month) {
            return Err(": day-of-year does not match month".into());
        }
        if self.day.is_some_and(|given| given != day) {
            return Err(": day-of-year does not match day".into());
        }
        Ok((month, day))
    }
}

/// An offset from UTC in seconds.
fn offset(value: &[u8], style: OffsetStyle) -> Read<'_, i64> {
    let (length, colons): (usize, &[usize]) = match style {
        OffsetStyle::Hours => (3, &[]),
        OffsetStyle::Minutes => (5, &[]),
        OffsetStyle::ColonMinutes => (6, &[3]),
        OffsetStyle::Seconds => (7, &[]),
        OffsetStyle::ColonSeconds => (9, &[3, 6]),
    };
    let (text, rest) = take(value, length)?;
    if colons.iter().any(|at| text.get(*at) != Some(&b':')) {
        return Err(Bad::Value);
    }
    let width = 2 + usize::from(!colons.is_empty());
    let part = |index: usize| match text.get(1 + index * width..) {
        None | Some([]) => Ok(0),
        Some(part) => number(part, true).map(|(number, _)| number),
    };
    let (hours, minutes, seconds) = match (part(0), part(1), part(2)) {
        (Ok(hours), Ok(minutes), Ok(seconds)) => (hours, minutes, seconds),
        // What comes after a part that is no number is not looked at.
        (Ok(hours), Ok(minutes), Err(_)) => return Err(beyond(hours, minutes, 0).map_or(Bad::Value, Bad::Range)),
        (Ok(hours), Err(_), _) => return Err(beyond(hours, 0, 0).map_or(Bad::Value, Bad::Range)),
        _ => return Err(Bad::Value),
    };
    if let Some(what) = beyond(hours, minutes, seconds) {
        return Err(Bad::Range(what));
    }
    let offset = (hours * 60 + minutes) * 60 + seconds;
    match text.first() {
        Some(b'+') => Ok((offset, rest)),
        Some(b'-') => Ok((-offset, rest)),
        _ => Err(Bad::Value),
    }
}

/// The last part of an offset that is too large. 24 hours and 60 minutes are not, for people write them.
fn beyond(hours: i64, minutes: i64, seconds: i64) -> Option<&'static str> {
    if seconds > 60 {
        Some("time zone offset second")
    } else if minutes > 60 {
        Some("time zone offset minute")
    } else if hours > 24 {
        Some("time zone offset hour")
    } else {
        None
    }
}

/// How much of the text looks like the abbreviation of a zone.
fn zone_name_length(value: &[u8]) -> Option<usize> {
    let upper = value.iter().take(6).take_while(|byte| byte.is_ascii_uppercase()).count();
    match value {
        _ if value.len() < 3 => None,
        [b'C', b'h', b'S', b'T', ..] | [b'M', b'e', b'S', b'T', ..] => Some(4),
        [b'G', b'M', b'T', rest @ ..] => Some(3 + signed_hours_length(rest)),
        [b'+' | b'-', ..] => Some(signed_hours_length(value)).filter(|length| *length > 0),
        [_, _, _, _, b'T', ..] if upper == 5 => Some(5),
        [_, _, _, b'T', ..] if upper == 4 => Some(4),
        [b'W', b'I', b'T', b'A', ..] if upper == 4 => Some(4),
        _ if upper == 3 => Some(3),
        _ => None,
    }
}

/// Length of a sign and a number of hours up to 23.
fn signed_hours_length(value: &[u8]) -> usize {
    let [b'+' | b'-', digits @ ..] = value else { return 0 };
    match atoi_digits(digits) {
        Some((hours, rest)) if hours <= 23 && rest.len() < digits.len() => value.len() - rest.len(),
        _ => 0,
    }
}
