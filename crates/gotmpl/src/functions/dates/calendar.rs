//! The proleptic Gregorian calendar over all of Go's seconds: Go counts them in 64 bits that wrap, from a March so long
//! ago that no date lies before it (`time.go`, `absoluteYears`).

pub(super) const SECONDS_PER_DAY: u64 = 86_400;

/// The year whose March begins the count of absolute days, negated; a multiple of 400.
const ABSOLUTE_YEARS: i128 = 292_277_022_400;
const DAYS_PER_CYCLE: i128 = 146_097;
/// From 1 March of year 0 to 1 January 1970.
const MARCH_TO_UNIX: i128 = 719_468;
/// From the beginning of the count to 1970, in seconds.
const ABSOLUTE_TO_UNIX: u64 =
    ((ABSOLUTE_YEARS / 400 * DAYS_PER_CYCLE + MARCH_TO_UNIX) * SECONDS_PER_DAY as i128) as u64;

/// A point in time in the fields of a calendar and a clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Fields {
    pub(super) year: i64,
    /// From 1.
    pub(super) month: i64,
    /// From 1.
    pub(super) day: i64,
    /// From 1.
    pub(super) year_day: i64,
    /// From 0, Sunday.
    pub(super) weekday: usize,
    pub(super) hour: i64,
    pub(super) minute: i64,
    pub(super) second: i64,
}

/// The fields of seconds since 1970, local to a clock that is `offset` seconds ahead.
pub(super) fn fields(unix: i64, offset: i32) -> Fields {
    let absolute = (unix.wrapping_add(i64::from(offset)) as u64).wrapping_add(ABSOLUTE_TO_UNIX);
    let days = i128::from(absolute / SECONDS_PER_DAY);
    let seconds = (absolute % SECONDS_PER_DAY) as i64;
    // Years begin in March here, so that the leap day is the last one.
    let in_cycle = days % DAYS_PER_CYCLE;
    let year_of_cycle = (in_cycle - in_cycle / 1460 + in_cycle / 36_524 - in_cycle / 146_096) / 365;
    let day_of_year = in_cycle - (365 * year_of_cycle + year_of_cycle / 4 - year_of_cycle / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = (day_of_year - (153 * month_from_march + 2) / 5 + 1) as i64;
    let month = (if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 }) as i64;
    let january = i128::from(month <= 2);
    let year = (days / DAYS_PER_CYCLE * 400 + year_of_cycle - ABSOLUTE_YEARS + january) as i64;
    Fields {
        year,
        month,
        day,
        year_day: days_before(month) + i64::from(month > 2 && is_leap(year)) + day,
        // The count begins on a Wednesday.
        weekday: ((days + 3) % 7) as usize,
        hour: seconds / 3600,
        minute: seconds / 60 % 60,
        second: seconds % 60,
    }
}

/// Seconds since 1970 of a date and a time of day in UTC. Months beyond the year and days beyond the month count on.
pub(super) fn unix(year: i64, month: i64, day: i64, seconds: i64) -> i64 {
    let months = i128::from(year) * 12 + i128::from(month) - 1 - 2;
    let (year, month_from_march) = (months.div_euclid(12), months.rem_euclid(12));
    let days = year.div_euclid(400) * DAYS_PER_CYCLE
        + {
            let year = year.rem_euclid(400);
            365 * year + year / 4 - year / 100
        }
        + (153 * month_from_march + 2) / 5
        + i128::from(day)
        - 1
        - MARCH_TO_UNIX;
    (days * i128::from(SECONDS_PER_DAY) + i128::from(seconds)) as i64
}

/// Days of a common year before its month.
pub(super) fn days_before(month: i64) -> i64 {
    (1..month).map(|month| days_in(month, 1)).sum()
}

/// Days of a month.
pub(super) fn days_in(month: i64, year: i64) -> i64 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Whether February has 29 days.
pub(super) fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_and_back() {
        for (unix_seconds, date) in [(0, (1970, 1, 1)), (951_782_400, (2000, 2, 29)), (-62_135_596_800, (1, 1, 1))] {
            let found = fields(unix_seconds, 0);
            assert_eq!((found.year, found.month, found.day), date);
            assert_eq!(unix(found.year, found.month, found.day, 0), unix_seconds);
        }
        let found = fields(1_514_678_400, 0);
        assert_eq!((found.year, found.year_day, found.weekday), (2017, 365, 0));
        assert_eq!(unix(2017, 14, 31, 0), unix(2018, 3, 3, 0));
    }

    #[test]
    fn the_ends_of_time_wrap() {
        // `date "2006-01-02 15:04:05"` of the least and the largest int64, by helm 4.2.3.
        let found = fields(i64::MIN, 0);
        assert_eq!((found.year, found.month, found.day, found.hour), (292_277_026_596, 12, 4, 15));
        assert_eq!(fields(-99_999_999_999, 0).year, -1199);
    }
}
