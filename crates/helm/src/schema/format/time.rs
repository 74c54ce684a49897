//! Dates, times and durations.

use crate::quote::quote_char;

/// How Go's `time` shows a text: it knows no characters beyond ASCII.
fn quote(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            ' '..='\u{7F}' => out.push(c),
            _ => c.encode_utf8(&mut [0; 4]).bytes().for_each(|byte| out.push_str(&format!("\\x{byte:02x}"))),
        }
    }
    out.push('"');
    out
}

/// `time.Parse` with a layout of year, month and day.
pub(super) fn date(text: &str) -> Result<(), String> {
    let cannot = |rest: &str, wanted: &str| {
        format!("parsing time {} as \"2006-01-02\": cannot parse {} as \"{wanted}\"", quote(text), quote(rest))
    };
    let digits = |rest: &str, count: usize| {
        let number = rest.get(..count).filter(|number| number.bytes().all(|byte| byte.is_ascii_digit()))?;
        Some((number.parse::<u32>().ok()?, rest.get(count..).unwrap_or_default().to_owned()))
    };
    let (year, rest) = digits(text, 4).ok_or_else(|| cannot(text, "2006"))?;
    let after_year = rest.strip_prefix('-').ok_or_else(|| cannot(&rest, "-"))?;
    let (month, rest) = digits(after_year, 2).ok_or_else(|| cannot(after_year, "01"))?;
    let out_of_range = |what: &str| Err(format!("parsing time {}: {what} out of range", quote(text)));
    if !(1..=12).contains(&month) {
        return out_of_range("month");
    }
    let after_month = rest.strip_prefix('-').ok_or_else(|| cannot(&rest, "-"))?;
    let (day, rest) = digits(after_month, 2).ok_or_else(|| cannot(after_month, "02"))?;
    if !rest.is_empty() {
        return Err(format!("parsing time {}: extra text: {}", quote(text), quote(&rest)));
    }
    let is_leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let last = match month {
        2 if is_leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    if (1..=last).contains(&day) { Ok(()) } else { out_of_range("day") }
}

pub(super) fn time(text: &str) -> Result<(), String> {
    let is_separator = |at: usize| text.as_bytes().get(at) == Some(&b':');
    if text.len() < 9 {
        return Err("less than 9 characters long".to_owned());
    }
    if !is_separator(2) || !is_separator(5) {
        return Err("missing colon in correct place".to_owned());
    }
    let (Some(clock), Some(mut rest)) = (text.get(..8), text.get(8..)) else {
        return Err("invalid hour/min/sec".to_owned());
    };
    let [mut hour, mut minute, second] = numbers(clock, "hour/min/sec")?;
    if hour > 23 || minute > 59 || second > 60 {
        return Err("hour/min/sec out of range".to_owned());
    }
    if let Some(fraction) = rest.strip_prefix('.') {
        rest = fraction.trim_start_matches(|c: char| c.is_ascii_digit());
        if rest.len() == fraction.len() {
            return Err("no digits in second fraction".to_owned());
        }
    }
    if rest != "z" && rest != "Z" {
        if rest.len() != 6 {
            return Err("offset must be 6 characters long".to_owned());
        }
        let (sign, offset) = match (rest.strip_prefix('+'), rest.strip_prefix('-')) {
            (Some(offset), _) => (-1, offset),
            (_, Some(offset)) => (1, offset),
            _ => return Err("offset must begin with plus/minus".to_owned()),
        };
        if offset.as_bytes().get(2) != Some(&b':') {
            return Err("missing colon in offset in correct place".to_owned());
        }
        let [hours, minutes] = numbers(offset, "hour/min in offset")?;
        if hours > 23 || minutes > 59 {
            return Err("hour/min in offset out of range".to_owned());
        }
        let total = hour * 60 + minute + sign * (hours * 60 + minutes);
        let total = if total < 0 { total + 24 * 60 } else { total };
        (hour, minute) = (total / 60, total % 60);
    }
    if second >= 60 && (hour != 23 || minute != 59) {
        return Err("invalid leap second".to_owned());
    }
    Ok(())
}

/// Numbers separated by colons.
fn numbers<const N: usize>(text: &str, what: &str) -> Result<[i64; N], String> {
    let mut found = [0; N];
    let mut parts = text.splitn(N, ':');
    for number in &mut found {
        let part = parts.next().unwrap_or_default();
        *number = part.parse().map_err(|_| format!("invalid {what}"))?;
        if *number < 0 {
            return Err(format!("non-positive {what}"));
        }
    }
    Ok(found)
}

pub(super) fn date_time(text: &str) -> Result<(), String> {
    if text.len() < 20 {
        return Err("less than 20 characters long".to_owned());
    }
    if !matches!(text.as_bytes().get(10), Some(b't' | b'T')) {
        return Err("11th character must be t or T".to_owned());
    }
    date(text.get(..10).unwrap_or(text)).map_err(|error| format!("invalid date element: {error}"))?;
    time(text.get(11..).unwrap_or_default()).map_err(|error| format!("invalid time element: {error}"))
}

pub(super) fn duration(text: &str) -> Result<(), String> {
    let Some(text) = text.strip_prefix('P') else { return Err("must start with P".to_owned()) };
    if text.is_empty() {
        return Err("nothing after P".to_owned());
    }
    if let Some(weeks) = text.strip_suffix('W') {
        if weeks.is_empty() {
            return Err("no number in week".to_owned());
        }
        return if weeks.bytes().all(|byte| byte.is_ascii_digit()) { Ok(()) } else { Err("invalid week".to_owned()) };
    }
    let mut all_units = ["YMD", "HMS"].into_iter();
    for (index, part) in text.split('T').enumerate() {
        if index > 0 && part.is_empty() {
            return Err("no time elements".to_owned());
        }
        let Some(known) = all_units.next() else { return Err("more than one T".to_owned()) };
        let mut units = known;
        let mut rest = part;
        while !rest.is_empty() {
            let after = rest.trim_start_matches(|c: char| c.is_ascii_digit());
            if after.len() == rest.len() {
                return Err("missing number".to_owned());
            }
            let mut chars = after.chars();
            let Some(unit) = chars.next() else { return Err("missing unit".to_owned()) };
            // Upstream looks at one byte, and names it as a character.
            let unit = if unit.is_ascii() { unit } else { after.bytes().next().map_or(unit, char::from) };
            let Some((_, left)) = units.split_once(unit) else {
                let unit = quote_char(unit);
                let is_late = known.contains(unit.trim_matches('\''));
                return Err(if is_late { format!("unit {unit} out of order") } else { format!("invalid unit {unit}") });
            };
            units = left;
            rest = chars.as_str();
        }
    }
    Ok(())
}

pub(super) fn period(text: &str) -> Result<(), String> {
    let Some((start, end)) = text.split_once('/') else { return Err("missing slash".to_owned()) };
    let words = |what: &'static str| move |error: String| format!("invalid {what}: {error}");
    if start.starts_with('P') {
        duration(start).map_err(words("start duration"))?;
        return date_time(end).map_err(words("end date-time"));
    }
    date_time(start).map_err(words("start date-time"))?;
    match end.starts_with('P') {
        true => duration(end).map_err(words("end duration")),
        false => date_time(end).map_err(words("end date-time")),
    }
}
