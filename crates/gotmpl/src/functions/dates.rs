//! Sprig's dates and durations with Go's layouts. The clock stands still at the moment that the render was given.

mod calendar;
mod duration;
mod format;
mod layout;
mod parse;
mod time;
mod toml;
mod zone;

use self::duration::{Duration, SECOND};
use self::time::{Time, as_time};
use self::zone::Zone;
use crate::function::{Args, Call, Function, Type};
use crate::{Failure, Value};

pub(super) use self::toml::{from_toml, to_toml};

/// The functions of this file.
pub(super) const TABLE: &[Function] = &[
    Function { name: "ago", parameters: &[Type::Any], variadic: false, call: ago },
    Function { name: "date", parameters: &[Type::Str, Type::Any], variadic: false, call: date },
    Function { name: "dateInZone", parameters: IN_ZONE, variadic: false, call: date_in_zone },
    Function { name: "dateModify", parameters: MODIFY, variadic: false, call: date_modify },
    Function { name: "date_in_zone", parameters: IN_ZONE, variadic: false, call: date_in_zone },
    Function { name: "date_modify", parameters: MODIFY, variadic: false, call: date_modify },
    Function { name: "duration", parameters: &[Type::Any], variadic: false, call: duration },
    Function { name: "durationRound", parameters: &[Type::Any], variadic: false, call: duration_round },
    Function { name: "htmlDate", parameters: &[Type::Any], variadic: false, call: html_date },
    Function { name: "htmlDateInZone", parameters: &[Type::Any, Type::Str], variadic: false, call: html_date_in_zone },
    Function { name: "mustDateModify", parameters: MODIFY, variadic: false, call: must_date_modify },
    Function { name: "mustToDate", parameters: &[Type::Str, Type::Str], variadic: false, call: must_to_date },
    Function { name: "must_date_modify", parameters: MODIFY, variadic: false, call: must_date_modify },
    Function { name: "now", parameters: &[], variadic: false, call: now },
    Function { name: "toDate", parameters: &[Type::Str, Type::Str], variadic: false, call: to_date },
    Function { name: "unixEpoch", parameters: &[time::TYPE], variadic: false, call: unix_epoch },
];

const IN_ZONE: &[Type] = &[Type::Str, Type::Any, Type::Str];
const MODIFY: &[Type] = &[Type::Str, time::TYPE];
const HTML: &[u8] = b"2006-01-02";

/// A moment in whole seconds as an element of a certificate.
///
/// # Errors
/// Go's words for years of more than four digits.
pub(super) fn certificate_time(unix: i64) -> Result<Vec<u8>, String> {
    let time = Time::from_unix(unix).shown_in(Zone::Utc);
    let (tag, layout): (u8, &[u8]) = match calendar::fields(unix, 0).year {
        1950..2050 => (0x17, b"060102150405Z"),
        0..10_000 => (0x18, b"20060102150405Z"),
        _ => return Err("asn1: structure error: cannot represent time as GeneralizedTime".into()),
    };
    let text = format::format(&time, layout);
    Ok([&[tag, text.len() as u8], &*text].concat())
}

/// Whether a text is a time of a certificate, short or long, as Go's `cryptobyte` reads it.
pub(super) fn is_certificate_time(text: &[u8], is_short: bool) -> bool {
    let layouts: &[&[u8]] =
        if is_short { &[b"0601021504Z0700", b"060102150405Z0700"] } else { &[b"20060102150405Z0700"] };
    layouts.iter().any(|layout| parse::parse(layout, text).is_ok_and(|time| format::format(&time, layout) == text))
}

/// A time, or seconds since 1970; whatever else comes, numbers of a values file among it, stands for now.
fn moment(call: &Call<'_>, value: &Value) -> Time {
    match value {
        Value::Int(seconds) | Value::Int64(seconds) => Time::from_unix(*seconds),
        Value::Object(object) if object.type_name() == "int32" => {
            Time::from_unix(object.integer().and_then(|seconds| i64::try_from(seconds).ok()).unwrap_or_default())
        }
        value => as_time(value).cloned().unwrap_or_else(|| Time::now(call)),
    }
}

/// The date by a layout; a zone that is not known stands for UTC.
fn shown(call: &Call<'_>, layout: &[u8], date: &Value, zone: &[u8]) -> Value {
    let zone = Zone::load(zone).unwrap_or(Zone::Utc);
    format::format(&moment(call, date).shown_in(zone), layout).into()
}

fn date(call: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    Ok(shown(call, args.text(0)?, args.value(1)?, b"Local"))
}

fn date_in_zone(call: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    Ok(shown(call, args.text(0)?, args.value(1)?, args.text(2)?))
}

fn html_date(call: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    Ok(shown(call, HTML, args.value(0)?, b"Local"))
}

fn html_date_in_zone(call: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    Ok(shown(call, HTML, args.value(0)?, args.text(1)?))
}

fn date_modify(_: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    let date = time::of(args, 1)?;
    Ok(Duration::parse(args.text(0)?).map_or_else(|_| date.clone(), |duration| date.add(duration)).into())
}

fn must_date_modify(_: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    let duration = Duration::parse(args.text(0)?).map_err(Failure::error)?;
    Ok(time::of(args, 1)?.add(duration).into())
}

fn ago(call: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    let date = match args.value(0)? {
        // Unlike the others it does not take an `int32`.
        Value::Object(object) if object.type_name() == "int32" => Time::now(call),
        value => moment(call, value),
    };
    Ok(Time::now(call).since(&date).round(SECOND).to_text().into())
}

/// Takes seconds as a text or an `int64`; of all else, an `int` too, sprig makes nothing.
fn duration(_: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    let seconds = match args.value(0)? {
        Value::Str(text) => parse_int(text),
        Value::Int64(seconds) => *seconds,
        _ => 0,
    };
    Ok(Duration(seconds.wrapping_mul(SECOND)).to_text().into())
}

/// `strconv.ParseInt` without its error: a number too large is the largest.
fn parse_int(text: &[u8]) -> i64 {
    let (is_negative, digits) = match text {
        [b'-', digits @ ..] => (true, digits),
        [b'+', digits @ ..] => (false, digits),
        digits => (false, digits),
    };
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return 0;
    }
    let number = digits.iter().fold(0_i128, |number, digit| number.saturating_mul(10) + i128::from(digit - b'0'));
    let number = if is_negative { -number } else { number };
    number.clamp(i64::MIN.into(), i64::MAX.into()) as i64
}

fn duration_round(call: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    let duration = match args.value(0)? {
        Value::Str(text) => Duration::parse(text).map_or(0, |duration| duration.0),
        Value::Int64(nanos) => *nanos,
        value => as_time(value).map_or(0, |time| Time::now(call).since(time).0),
    };
    let seconds = |count: u64| count * SECOND as u64;
    let units = [
        (seconds(365 * 86_400), "y"),
        (seconds(30 * 86_400), "mo"),
        (seconds(86_400), "d"),
        (seconds(3600), "h"),
        (seconds(60), "m"),
        (seconds(1), "s"),
    ];
    let nanos = duration.unsigned_abs();
    let text = units.iter().find(|(size, _)| nanos > *size).map(|(size, name)| format!("{}{name}", nanos / size));
    Ok(text.unwrap_or_else(|| "0s".into()).into())
}

fn now(call: &mut Call<'_>, _: Args<'_>) -> Result<Value, Failure> {
    Ok(Time::now(call).into())
}

fn to_date(_: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    Ok(parse::parse(args.text(0)?, args.text(1)?).unwrap_or(Time::ZERO).into())
}

fn must_to_date(_: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    Ok(parse::parse(args.text(0)?, args.text(1)?).map_err(Failure::error)?.into())
}

fn unix_epoch(_: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    Ok(time::of(args, 0)?.unix.to_string().into())
}

#[cfg(test)]
mod tests {
    use super::super::testing::{call, error, text};
    use super::*;

    fn in_zone(seconds: i64, zone: &str) -> String {
        text("dateInZone", &["2006-01-02 15:04:05 MST -07:00:00".into(), Value::Int(seconds), zone.into()])
    }

    // Expected texts are those of helm 4.2.3 on a machine whose zone is UTC.

    #[test]
    fn zones_by_name() {
        assert_eq!(in_zone(5_000_000_000, "Europe/Amsterdam"), "2128-06-11 10:53:20 CEST +02:00:00");
        assert_eq!(in_zone(-5_000_000_000, "America/New_York"), "1811-07-23 10:10:38 LMT -04:56:02");
        assert_eq!(in_zone(i64::MAX, "Europe/Amsterdam"), "292277026596-12-04 16:30:07 CET +01:00:00");
        assert_eq!(in_zone(0, "europe/berlin"), "1970-01-01 00:00:00 UTC +00:00:00");
        assert_eq!(in_zone(0, "America/Sao_Paulo"), "1969-12-31 21:00:00 -03 -03:00:00");
    }

    #[test]
    fn what_stands_for_a_date() {
        assert_eq!(text("date", &["2006 06".into(), Value::Int(-99_999_999_999)]), "-1199 99");
        assert_eq!(text("htmlDate", &[Value::Float(0.0)]), "2000-01-01");
        assert_eq!(text("ago", &[call("now", &[]).unwrap()]), "0s");
        assert_eq!(text("ago", &[Value::Int(946_684_700)]), "1m40s");
    }

    #[test]
    fn durations_by_type() {
        assert_eq!(text("duration", &["95".into()]), "1m35s");
        assert_eq!(text("duration", &[Value::Int(95)]), "0s");
        assert_eq!(text("duration", &["99999999999999999999".into()]), "-1s");
        assert_eq!(text("durationRound", &["2400h10m5s".into()]), "3mo");
        assert_eq!(text("durationRound", &["400ms".into()]), "0s");
    }

    #[test]
    fn dates_that_do_not_fit_their_layout() {
        let failed = |layout: &str, date: &str| error("mustToDate", &[layout.into(), date.into()]);
        assert_eq!(
            failed("2006-01-02", "bad"),
            "parsing time \"bad\" as \"2006-01-02\": cannot parse \"bad\" as \"2006\""
        );
        assert_eq!(failed("2006-01-02", "2023-02-29"), "parsing time \"2023-02-29\": day out of range");
        assert_eq!(failed("15:04", "25:00"), "parsing time \"25:00\": hour out of range");
        assert_eq!(failed("15", "15 "), "parsing time \"15 \": extra text: \" \"");
        assert_eq!(error("mustDateModify", &["x".into(), call("now", &[]).unwrap()]), "time: invalid duration \"x\"");
    }

    #[test]
    fn dates_that_fit() {
        let read = |layout: &str, date: &str| {
            let Ok(Value::Object(object)) = call("mustToDate", &[layout.into(), date.into()]) else { panic!() };
            object.display().unwrap().to_str_lossy().into_owned()
        };
        assert_eq!(read("2006-01-02 MST", "2020-01-02 GMT+3"), "2020-01-02 03:00:00 +0300 GMT+3");
        assert_eq!(read("2006 002 3pm", "2024 060 12am"), "2024-02-29 00:00:00 +0000 UTC");
        assert_eq!(read("15:04:05-07", "01:02:03.5-08"), "0000-01-01 01:02:03.5 -0800 -0800");
    }
}
