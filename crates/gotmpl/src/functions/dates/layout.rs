//! Go's layouts: the reference time `Mon Jan 2 15:04:05 MST 2006` in pieces, and the small readers that parsing shares.

/// What a piece of a layout stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    /// `January`.
    LongMonth,
    /// `Jan`.
    Month,
    /// `1`.
    NumMonth,
    /// `01`.
    ZeroMonth,
    /// `Monday`.
    LongWeekday,
    /// `Mon`.
    Weekday,
    /// `2`.
    Day,
    /// `_2`.
    UnderDay,
    /// `02`.
    ZeroDay,
    /// `__2`.
    UnderYearDay,
    /// `002`.
    ZeroYearDay,
    /// `15`.
    Hour,
    /// `3`.
    Hour12,
    /// `03`.
    ZeroHour12,
    /// `4`.
    Minute,
    /// `04`.
    ZeroMinute,
    /// `5`.
    Second,
    /// `05`.
    ZeroSecond,
    /// `2006`.
    LongYear,
    /// `06`.
    Year,
    /// `PM`.
    UpperHalf,
    /// `pm`.
    LowerHalf,
    /// `MST`.
    ZoneName,
    /// `-0700`, `Z07:00` and the like.
    Offset {
        /// Whether UTC is `Z`.
        is_iso: bool,
        style: OffsetStyle,
    },
    /// `.000`, `,999`.
    Fraction {
        digits: usize,
        /// Whether zeros at the end are left out.
        is_trimmed: bool,
        point: u8,
    },
}

/// How an offset from UTC is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum OffsetStyle {
    /// `0700`.
    Minutes,
    /// `070000`.
    Seconds,
    /// `07`.
    Hours,
    /// `07:00`.
    ColonMinutes,
    /// `07:00:00`.
    ColonSeconds,
}

/// In this order a longer one is tried before what it begins with.
const OFFSETS: [(&[u8], OffsetStyle); 5] = [
    (b"070000", OffsetStyle::Seconds),
    (b"07:00:00", OffsetStyle::ColonSeconds),
    (b"0700", OffsetStyle::Minutes),
    (b"07:00", OffsetStyle::ColonMinutes),
    (b"07", OffsetStyle::Hours),
];

/// The next piece of a layout.
pub(super) struct Next<'l> {
    /// The text before it.
    pub(super) before: &'l [u8],
    /// The piece as it is written.
    pub(super) text: &'l [u8],
    /// What it stands for; nothing at the end.
    pub(super) piece: Option<Piece>,
    pub(super) rest: &'l [u8],
}

/// Finds the first piece of a layout.
pub(super) fn next(layout: &[u8]) -> Next<'_> {
    for start in 0..layout.len() {
        let Some((before, after)) = layout.split_at_checked(start) else { break };
        // `_2006` is an underscore and the year.
        if after.starts_with(b"_2006") {
            continue;
        }
        if let Some((piece, length)) = piece_at(after) {
            let (text, rest) = after.split_at_checked(length).unwrap_or((after, &[]));
            return Next { before, text, piece: Some(piece), rest };
        }
    }
    Next { before: layout, text: &[], piece: None, rest: &[] }
}

/// The piece that a text begins with, and its length.
fn piece_at(text: &[u8]) -> Option<(Piece, usize)> {
    let is_word =
        |short: &[u8]| text.strip_prefix(short).is_some_and(|rest| !rest.first().is_some_and(u8::is_ascii_lowercase));
    match text {
        [b'J', ..] if text.starts_with(b"January") => Some((Piece::LongMonth, 7)),
        [b'J', ..] if is_word(b"Jan") => Some((Piece::Month, 3)),
        [b'M', ..] if text.starts_with(b"Monday") => Some((Piece::LongWeekday, 6)),
        [b'M', ..] if is_word(b"Mon") => Some((Piece::Weekday, 3)),
        [b'M', b'S', b'T', ..] => Some((Piece::ZoneName, 3)),
        [b'0', b'1', ..] => Some((Piece::ZeroMonth, 2)),
        [b'0', b'2', ..] => Some((Piece::ZeroDay, 2)),
        [b'0', b'3', ..] => Some((Piece::ZeroHour12, 2)),
        [b'0', b'4', ..] => Some((Piece::ZeroMinute, 2)),
        [b'0', b'5', ..] => Some((Piece::ZeroSecond, 2)),
        [b'0', b'6', ..] => Some((Piece::Year, 2)),
        [b'0', b'0', b'2', ..] => Some((Piece::ZeroYearDay, 3)),
        [b'1', b'5', ..] => Some((Piece::Hour, 2)),
        [b'1', ..] => Some((Piece::NumMonth, 1)),
        [b'2', b'0', b'0', b'6', ..] => Some((Piece::LongYear, 4)),
        [b'2', ..] => Some((Piece::Day, 1)),
        [b'_', b'2', ..] => Some((Piece::UnderDay, 2)),
        [b'_', b'_', b'2', ..] => Some((Piece::UnderYearDay, 3)),
        [b'3', ..] => Some((Piece::Hour12, 1)),
        [b'4', ..] => Some((Piece::Minute, 1)),
        [b'5', ..] => Some((Piece::Second, 1)),
        [b'P', b'M', ..] => Some((Piece::UpperHalf, 2)),
        [b'p', b'm', ..] => Some((Piece::LowerHalf, 2)),
        [first @ (b'-' | b'Z'), rest @ ..] => {
            let (digits, style) = OFFSETS.iter().find(|(digits, _)| rest.starts_with(digits))?;
            Some((Piece::Offset { is_iso: *first == b'Z', style: *style }, digits.len() + 1))
        }
        [point @ (b'.' | b','), digit @ (b'0' | b'9'), ..] => {
            let digits = text.iter().skip(1).take_while(|byte| *byte == digit).count();
            // A fraction is all of one digit.
            if text.get(digits + 1).is_some_and(u8::is_ascii_digit) {
                return None;
            }
            Some((Piece::Fraction { digits, is_trimmed: *digit == b'9', point: *point }, digits + 1))
        }
        _ => None,
    }
}

pub(super) const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

pub(super) const WEEKDAYS: [&str; 7] = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

/// The package `time` has a `quote` of its own, simpler than `strconv`'s: every byte beyond ASCII becomes `\xNN`.
pub(super) fn quote(text: &[u8]) -> Vec<u8> {
    let mut out = vec![b'"'];
    for byte in text {
        match byte {
            0x20..0x80 => {
                if matches!(byte, b'"' | b'\\') {
                    out.push(b'\\');
                }
                out.push(*byte);
            }
            _ => out.extend_from_slice(format!("\\x{byte:02x}").as_bytes()),
        }
    }
    out.push(b'"');
    out
}

/// The number that a text begins with, perhaps of no digit, and the rest. Nothing beyond 2^63.
pub(super) fn atoi_digits(text: &[u8]) -> Option<(u64, &[u8])> {
    let length = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let (digits, rest) = text.split_at_checked(length)?;
    let number = digits.iter().try_fold(0_u64, |number, digit| {
        number.checked_mul(10)?.checked_add(u64::from(digit - b'0')).filter(|number| *number <= 1 << 63)
    })?;
    Some((number, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces(layout: &str) -> Vec<String> {
        let mut rest = layout.as_bytes();
        let mut out = Vec::new();
        loop {
            let found = next(rest);
            out.push(String::from_utf8_lossy(found.before).into_owned());
            if found.piece.is_none() {
                return out;
            }
            out.push(format!("<{}>", String::from_utf8_lossy(found.text)));
            rest = found.rest;
        }
    }

    #[test]
    fn layouts_fall_into_pieces() {
        assert_eq!(pieces("_2006").join(""), "_<2006>");
        assert_eq!(pieces("Month Jane Monk").join(""), "Month Jane Monk");
        assert_eq!(pieces("__2x002_2").join(""), "<__2>x<002><_2>");
        assert_eq!(pieces("05.000Z07:00:00").join(""), "<05><.000><Z07:00:00>");
        assert_eq!(pieces("5.0005").join(""), "<5>.00<05>");
        assert_eq!(pieces("-07:0").join(""), "<-07>:0");
    }
}
