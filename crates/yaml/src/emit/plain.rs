//! Which texts cannot stand without quotes, because go-yaml v2 would read them as something else than a string
//! (`resolve.go`, v2.4.2, and `isBase60Float` of `encode.go`).

/// Whether a plain scalar with this text is read back as a string by YAML 1.1 as go-yaml v2 has it, and is no number in
/// base 60 either.
pub(crate) fn reads_as_string(text: &str) -> bool {
    let Some(first) = text.bytes().next() else { return false };
    match first {
        b'y' | b'Y' | b'n' | b'N' | b't' | b'T' | b'f' | b'F' | b'o' | b'O' | b'~' => !is_word(text),
        b'.' => !is_special_float(text) && !is_point_float(text),
        b'+' | b'-' | b'0'..=b'9' => {
            !is_special_float(text) && !is_timestamp(text) && !is_number(text) && !is_base_60(text)
        }
        _ => true,
    }
}

/// Booleans and nulls.
fn is_word(text: &str) -> bool {
    matches!(
        text,
        "y" | "Y"
            | "yes"
            | "Yes"
            | "YES"
            | "true"
            | "True"
            | "TRUE"
            | "on"
            | "On"
            | "ON"
            | "n"
            | "N"
            | "no"
            | "No"
            | "NO"
            | "false"
            | "False"
            | "FALSE"
            | "off"
            | "Off"
            | "OFF"
            | "~"
            | "null"
            | "Null"
            | "NULL"
    )
}

fn is_special_float(text: &str) -> bool {
    let signed = text.strip_prefix(['+', '-']);
    matches!(signed.unwrap_or(text), ".inf" | ".Inf" | ".INF") || matches!(text, ".nan" | ".NaN" | ".NAN")
}

/// A text that starts with a point goes to Go's `ParseFloat` as it is: underscores may stand between digits.
fn is_point_float(text: &str) -> bool {
    let bytes = text.as_bytes();
    let underscores_between_digits = bytes.iter().enumerate().all(|(at, byte)| {
        let digit = |at: Option<usize>| at.and_then(|at| bytes.get(at)).is_some_and(u8::is_ascii_digit);
        let underscore = |at: usize| bytes.get(at) == Some(&b'_');
        *byte != b'_' || digit(at.checked_sub(1)) && !underscore(at + 1) && digit(Some(at + 1))
    });
    underscores_between_digits && is_finite_float(&text.replace('_', ""))
}

/// Integers in all bases and floats; underscores anywhere are ignored.
fn is_number(text: &str) -> bool {
    let without_underscores;
    let text = if text.contains('_') {
        without_underscores = text.replace('_', "");
        &without_underscores
    } else {
        text
    };
    // After the general rules, upstream takes `0b` away and reads the rest in base 2, now with a sign of its own.
    is_integer(text)
        || is_finite_float(text)
        || text.strip_prefix("0b").is_some_and(|rest| {
            rest.starts_with(['+', '-']) && parse(rest.get(1..).unwrap_or_default(), 2).is_some_and(|n| fits(rest, n))
        })
}

/// As Go's `ParseInt` and `ParseUint` with base 0 after each other.
fn is_integer(text: &str) -> bool {
    let signed = text.starts_with(['+', '-']);
    let digits = if signed { text.get(1..).unwrap_or_default() } else { text };
    let after = |letters: [&str; 2]| letters.iter().find_map(|l| digits.strip_prefix(l)).filter(|d| !d.is_empty());
    let number = if let Some(binary) = after(["0b", "0B"]) {
        parse(binary, 2)
    } else if let Some(octal) = after(["0o", "0O"]) {
        parse(octal, 8)
    } else if let Some(hex) = after(["0x", "0X"]) {
        parse(hex, 16)
    } else if digits == "0" {
        Some(0)
    } else if let Some(octal) = digits.strip_prefix('0') {
        parse(octal, 8)
    } else {
        parse(digits, 10)
    };
    number.is_some_and(|n| !signed || fits(text, n))
}

fn parse(digits: &str, radix: u32) -> Option<u64> {
    digits.bytes().all(|b| b.is_ascii_alphanumeric()).then(|| u64::from_str_radix(digits, radix).ok()).flatten()
}

/// Whether a number with a sign fits 64 bits.
fn fits(signed: &str, number: u64) -> bool {
    number <= i64::MAX as u64 + u64::from(signed.starts_with('-'))
}

/// `^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$`, and not too large for 64 bits.
fn is_finite_float(text: &str) -> bool {
    let is_digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent.strip_prefix(['+', '-']).unwrap_or(exponent))),
        None => (unsigned, None),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    is_digits(whole)
        && is_digits(fraction)
        && !(whole.is_empty() && fraction.is_empty())
        && exponent.is_none_or(|e| !e.is_empty() && is_digits(e))
        && text.parse::<f64>().is_ok_and(f64::is_finite)
}

/// `^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$`: upstream does not read these as numbers but quotes them for
/// parsers that do.
fn is_base_60(text: &str) -> bool {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (number, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
    let mut parts = number.split(':');
    let is_whole = |whole: &str| {
        whole.starts_with(|c: char| c.is_ascii_digit()) && whole.bytes().all(|b| b.is_ascii_digit() || b == b'_')
    };
    let is_sixtieth = |part: &str| match part.as_bytes() {
        [ones] => ones.is_ascii_digit(),
        [b'0'..=b'5', ones] => ones.is_ascii_digit(),
        _ => false,
    };
    number.contains(':')
        && parts.next().is_some_and(is_whole)
        && parts.all(is_sixtieth)
        && fraction.bytes().all(|b| b.is_ascii_digit() || b == b'_')
}

/// Whether Go's `time.Parse` takes the text in one of the four layouts of upstream: a date, or a date and a time with `T`
/// or `t` and a zone, or with blanks and no zone.
fn is_timestamp(text: &str) -> bool {
    let Some((year, rest)) = text.split_at_checked(4) else { return false };
    if !year.bytes().all(|b| b.is_ascii_digit()) {
        return false;
    }
    let date = || {
        let (month, rest) = number(rest.strip_prefix('-')?)?;
        let (day, rest) = number(rest.strip_prefix('-')?)?;
        let year: u32 = year.parse().ok()?;
        (day >= 1 && day <= days_in(month, year)).then_some(rest)
    };
    match date() {
        None => false,
        Some("") => true,
        Some(rest) => match rest.strip_prefix(['T', 't']) {
            Some(time) => clock(time).is_some_and(is_zone),
            None => rest.starts_with(' ') && clock(rest.trim_start_matches(' ')) == Some(""),
        },
    }
}

fn days_in(month: u32, year: u32) -> u32 {
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        _ => 0,
    }
}

/// One or two digits.
fn number(text: &str) -> Option<(u32, &str)> {
    let digits = text.bytes().take(2).take_while(u8::is_ascii_digit).count();
    let (digits, rest) = text.split_at_checked(digits)?;
    Some((digits.parse().ok()?, rest))
}

/// Hours, minutes and seconds with any fraction; gives what follows.
fn clock(text: &str) -> Option<&str> {
    let (hour, rest) = number(text)?;
    let (minute, rest) = number(rest.strip_prefix(':')?)?;
    let (second, rest) = number(rest.strip_prefix(':')?)?;
    if hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let fraction = rest.strip_prefix(['.', ',']).map(|f| f.trim_start_matches(|c: char| c.is_ascii_digit()));
    let is_fraction = rest.as_bytes().get(1).is_some_and(u8::is_ascii_digit);
    Some(fraction.filter(|_| is_fraction).unwrap_or(rest))
}

/// `Z` or `+hh:mm`; Go lets hours of 24 and minutes of 60 pass.
fn is_zone(text: &str) -> bool {
    let two = |tens: u8, ones: u8| match (tens, ones) {
        (b'0'..=b'9', b'0'..=b'9') => Some((tens - b'0') * 10 + ones - b'0'),
        _ => None,
    };
    match text.as_bytes() {
        b"Z" => true,
        [b'+' | b'-', h1, h2, b':', m1, m2] => {
            two(*h1, *h2).is_some_and(|h| h <= 24) && two(*m1, *m2).is_some_and(|m| m <= 60)
        }
        _ => false,
    }
}
