//! The four date and time formats of go-yaml, as Go's `time.Parse` reads them.

/// A point in time with its zone offset.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Timestamp {
    year: u32,
    month: u32,
    day: u32,
    hour: u32,
    minute: u32,
    second: u32,
    nanosecond: u32,
    /// Sign, hours and minutes of the zone; `None` for UTC.
    zone: Option<(char, u32, u32)>,
}

/// Reads `2001-1-2`, `2001-1-2 3:4:5.6` or `2001-1-2T3:4:5.6+07:00`.
pub(crate) fn parse(text: &str) -> Option<Timestamp> {
    let bytes = text.as_bytes();
    if bytes.len() < 8 || bytes.get(4) != Some(&b'-') || !bytes.iter().take(4).all(u8::is_ascii_digit) {
        return None;
    }
    let year = text.get(..4)?.parse().ok()?;
    let mut rest = text.get(5..)?;
    let month = number(&mut rest)?;
    literal(&mut rest, "-")?;
    let day = number(&mut rest)?;
    if !(1..=12).contains(&month) || !(1..=days_in(month, year)).contains(&day) {
        return None;
    }
    let mut time = Timestamp { year, month, day, hour: 0, minute: 0, second: 0, nanosecond: 0, zone: None };
    if rest.is_empty() {
        return Some(time);
    }
    let zoned = match rest.as_bytes().first()? {
        b'T' | b't' => {
            rest = rest.get(1..)?;
            true
        }
        b' ' => {
            rest = rest.trim_start_matches(' ');
            false
        }
        _ => return None,
    };
    time.hour = number(&mut rest).filter(|h| *h < 24)?;
    literal(&mut rest, ":")?;
    time.minute = number(&mut rest).filter(|m| *m < 60)?;
    literal(&mut rest, ":")?;
    time.second = number(&mut rest).filter(|s| *s < 60)?;
    time.nanosecond = fraction(&mut rest);
    if zoned {
        time.zone = zone(&mut rest)?;
    }
    rest.is_empty().then_some(time)
}

impl Timestamp {
    /// As Go prints a time in JSON; `None` for a zone that RFC 3339 does not allow.
    pub(crate) fn rfc3339(&self) -> Option<String> {
        let Self { year, month, day, hour, minute, second, nanosecond, .. } = self;
        let mut text = format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}");
        if *nanosecond > 0 {
            let fraction = format!(".{nanosecond:09}");
            text.push_str(fraction.trim_end_matches('0'));
        }
        match self.zone {
            Some((_, hours, _)) if hours > 23 => return None,
            None | Some((_, 0, 0)) => text.push('Z'),
            Some((sign, hours, minutes)) => {
                // Sixty minutes are read as one more hour.
                let minutes = hours * 60 + minutes;
                if minutes >= 24 * 60 {
                    return None;
                }
                text.push_str(&format!("{sign}{:02}:{:02}", minutes / 60, minutes % 60));
            }
        }
        Some(text)
    }
}

/// One or two digits.
fn number(rest: &mut &str) -> Option<u32> {
    let digits = rest.bytes().take(2).take_while(u8::is_ascii_digit).count();
    let (number, after) = rest.split_at_checked(digits)?;
    *rest = after;
    number.parse().ok()
}

fn literal(rest: &mut &str, text: &str) -> Option<()> {
    *rest = rest.strip_prefix(text)?;
    Some(())
}

/// A fraction of a second after `.` or `,`, of which nine digits count.
fn fraction(rest: &mut &str) -> u32 {
    let Some(after) = rest.strip_prefix(['.', ',']) else { return 0 };
    let digits = after.bytes().take_while(u8::is_ascii_digit).count();
    if digits == 0 {
        return 0;
    }
    let value = after.bytes().take(digits).chain(std::iter::repeat(b'0')).take(9);
    *rest = after.get(digits..).unwrap_or_default();
    value.fold(0, |sum, b| sum * 10 + u32::from(b - b'0'))
}

/// `Z` or `+07:00`.
fn zone(rest: &mut &str) -> Option<Option<(char, u32, u32)>> {
    if let Some(after) = rest.strip_prefix('Z') {
        *rest = after;
        return Some(None);
    }
    let (offset, after) = rest.split_at_checked(6)?;
    let sign = offset.chars().next().filter(|c| matches!(c, '+' | '-'))?;
    let two = |at: usize| {
        let digits = offset.get(at..at + 2).filter(|d| d.bytes().all(|b| b.is_ascii_digit()))?;
        digits.parse::<u32>().ok()
    };
    let (hours, minutes) = (two(1)?, two(4)?);
    if offset.get(3..4) != Some(":") || hours > 24 || minutes > 60 {
        return None;
    }
    *rest = after;
    Some(Some((sign, hours, minutes)))
}

fn days_in(month: u32, year: u32) -> u32 {
    match month {
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats() {
        let read = |text: &str| parse(text).and_then(|t| t.rfc3339());
        assert_eq!(read("2001-01-01").as_deref(), Some("2001-01-01T00:00:00Z"));
        assert_eq!(read("2001-1-2T3:4:5Z").as_deref(), Some("2001-01-02T03:04:05Z"));
        assert_eq!(read("2001-12-14t21:59:43.10-05:00").as_deref(), Some("2001-12-14T21:59:43.1-05:00"));
        assert_eq!(read("2001-12-14  21:59:43,123456789123").as_deref(), Some("2001-12-14T21:59:43.123456789Z"));
        assert_eq!(read("2001-02-29"), None);
        assert_eq!(read("2001-12-14 21:59:43.10 -5"), None);
        assert_eq!(read("2001-12"), None);
        assert_eq!(read("20011-2-3"), None);
    }
}
