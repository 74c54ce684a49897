//! Go's `time.Time` and what its methods give: `Month`, `Weekday`, `*time.Location`.

use std::any::Any;
use std::cmp::Ordering;
use std::rc::Rc;

use super::calendar::{self, Fields};
use super::duration::{self, Duration};
use super::format::{RFC3339_NANO, STRING, format};
use super::layout::{MONTHS, WEEKDAYS};
use super::zone::Zone;
use crate::function::{Args, Call, Type};
use crate::value::{Method, Object};
use crate::{Failure, Text, Value};

pub(super) const TYPE: Type = Type::Named("time.Time");
const NANOS: i128 = 1_000_000_000;
/// The first of January of the year 1, where Go's zero time lies.
const ZERO: i64 = -62_135_596_800;

/// A moment and the zone that it is shown in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Time {
    /// Seconds since 1970.
    pub(super) unix: i64,
    /// Below a thousand million.
    pub(super) nanos: u32,
    pub(super) zone: Zone,
}

type Outcome = Result<Value, Failure>;

const METHODS: &[Method] = &[
    Method {
        name: "Add",
        parameters: &[duration::TYPE],
        call: |_, args| Ok(of(args, 0)?.add(duration::of(args, 1)?).into()),
    },
    Method { name: "AddDate", parameters: &[Type::Int, Type::Int, Type::Int], call: add_date },
    Method { name: "After", parameters: &[TYPE], call: |_, args| Ok((compare(args)? == Ordering::Greater).into()) },
    Method { name: "Before", parameters: &[TYPE], call: |_, args| Ok((compare(args)? == Ordering::Less).into()) },
    Method { name: "Compare", parameters: &[TYPE], call: |_, args| Ok(Value::Int(compare(args)? as i64)) },
    Method { name: "Day", parameters: &[], call: |_, args| field(args, |fields| fields.day) },
    Method { name: "Equal", parameters: &[TYPE], call: |_, args| Ok((compare(args)? == Ordering::Equal).into()) },
    Method { name: "Format", parameters: &[Type::Str], call: |_, args| Ok(format(of(args, 0)?, args.text(1)?).into()) },
    Method { name: "GoString", parameters: &[], call: |_, args| Ok(of(args, 0)?.go_string().into()) },
    Method { name: "Hour", parameters: &[], call: |_, args| field(args, |fields| fields.hour) },
    Method { name: "In", parameters: &[LOCATION], call: in_location },
    Method { name: "IsDST", parameters: &[], call: |_, args| Ok(of(args, 0)?.is_summer().into()) },
    Method { name: "IsZero", parameters: &[], call: |_, args| Ok(of(args, 0)?.is_first_moment().into()) },
    Method { name: "Local", parameters: &[], call: |_, args| Ok(of(args, 0)?.shown_in(Zone::Local).into()) },
    Method { name: "Location", parameters: &[], call: |_, args| Ok(Location(of(args, 0)?.zone.clone()).into()) },
    Method { name: "Minute", parameters: &[], call: |_, args| field(args, |fields| fields.minute) },
    Method { name: "Month", parameters: &[], call: |_, args| Ok(Name::month(of(args, 0)?.fields().month).into()) },
    Method { name: "Nanosecond", parameters: &[], call: |_, args| Ok(Value::Int(of(args, 0)?.nanos.into())) },
    Method { name: "Round", parameters: &[duration::TYPE], call: |_, args| cut(args, true) },
    Method { name: "Second", parameters: &[], call: |_, args| field(args, |fields| fields.second) },
    Method { name: "String", parameters: &[], call: |_, args| Ok(format(of(args, 0)?, STRING).into()) },
    Method { name: "Sub", parameters: &[TYPE], call: |_, args| Ok(of(args, 0)?.since(of(args, 1)?).into()) },
    Method { name: "Truncate", parameters: &[duration::TYPE], call: |_, args| cut(args, false) },
    Method { name: "UTC", parameters: &[], call: |_, args| Ok(of(args, 0)?.shown_in(Zone::Utc).into()) },
    Method { name: "Unix", parameters: &[], call: |_, args| Ok(Value::Int64(of(args, 0)?.unix)) },
    Method {
        name: "UnixMicro",
        parameters: &[],
        call: |_, args| Ok(Value::Int64((of(args, 0)?.total() / 1_000) as i64)),
    },
    Method {
        name: "UnixMilli",
        parameters: &[],
        call: |_, args| Ok(Value::Int64((of(args, 0)?.total() / 1_000_000) as i64)),
    },
    Method { name: "UnixNano", parameters: &[], call: |_, args| Ok(Value::Int64(of(args, 0)?.total() as i64)) },
    Method {
        name: "Weekday",
        parameters: &[],
        call: |_, args| Ok(Name::weekday(of(args, 0)?.fields().weekday).into()),
    },
    Method { name: "Year", parameters: &[], call: |_, args| field(args, |fields| fields.year) },
    Method { name: "YearDay", parameters: &[], call: |_, args| field(args, |fields| fields.year_day) },
];

/// An argument that is a time.
pub(super) fn of(args: Args<'_>, index: usize) -> Result<&Time, Failure> {
    as_time(args.value(index)?).ok_or_else(|| Failure::error("not a time"))
}

/// The time that a value is.
pub(super) fn as_time(value: &Value) -> Option<&Time> {
    match value {
        Value::Object(object) => object.as_any().downcast_ref(),
        _ => None,
    }
}

fn field(args: Args<'_>, pick: impl Fn(&Fields) -> i64) -> Outcome {
    Ok(Value::Int(pick(&of(args, 0)?.fields())))
}

fn compare(args: Args<'_>) -> Result<Ordering, Failure> {
    let (one, other) = (of(args, 0)?, of(args, 1)?);
    Ok((one.unix, one.nanos).cmp(&(other.unix, other.nanos)))
}

fn add_date(_: &mut Call<'_>, args: Args<'_>) -> Outcome {
    let time = of(args, 0)?;
    let (fields, offset) = (time.fields(), time.zone.at(time.unix).1);
    let seconds = fields.hour * 3600 + fields.minute * 60 + fields.second - i64::from(offset);
    let unix = calendar::unix(
        fields.year.wrapping_add(args.int(1)?),
        fields.month.wrapping_add(args.int(2)?),
        fields.day.wrapping_add(args.int(3)?),
        seconds,
    );
    Ok(Time { unix, ..time.clone() }.into())
}

fn in_location(_: &mut Call<'_>, args: Args<'_>) -> Outcome {
    let location: Option<&Location> = match args.value(1)? {
        Value::Object(object) => object.as_any().downcast_ref(),
        _ => None,
    };
    let Location(zone) = location.ok_or_else(|| Failure::error("time: missing Location in call to Time.In"))?;
    Ok(of(args, 0)?.shown_in(zone.clone()).into())
}

/// The multiple of a duration since the zero time that lies before the moment, or nearest to it.
fn cut(args: Args<'_>, is_nearest: bool) -> Outcome {
    let (time, unit) = (of(args, 0)?, i128::from(duration::of(args, 1)?.0));
    if unit <= 0 {
        return Ok(time.clone().into());
    }
    let rest = (time.total() - i128::from(ZERO) * NANOS).rem_euclid(unit);
    let up = if is_nearest && rest * 2 >= unit { unit } else { 0 };
    Ok(Time::from_nanos(time.total() - rest + up, time.zone.clone()).into())
}

impl Time {
    /// The zero of the type.
    pub(super) const ZERO: Self = Self { unix: ZERO, nanos: 0, zone: Zone::Utc };

    /// A whole second in the local zone.
    pub(super) fn from_unix(unix: i64) -> Self {
        Self { unix, nanos: 0, zone: Zone::Local }
    }

    /// A moment by its nanoseconds since 1970; the seconds wrap as Go's.
    pub(super) fn from_nanos(nanos: i128, zone: Zone) -> Self {
        Self { unix: nanos.div_euclid(NANOS) as i64, nanos: nanos.rem_euclid(NANOS) as u32, zone }
    }

    /// The moment of the render.
    pub(super) fn now(call: &Call<'_>) -> Self {
        Self::from_nanos(call.env.now, Zone::Local)
    }

    /// Nanoseconds since 1970.
    fn total(&self) -> i128 {
        i128::from(self.unix) * NANOS + i128::from(self.nanos)
    }

    pub(super) fn add(&self, duration: Duration) -> Self {
        Self::from_nanos(self.total() + i128::from(duration.0), self.zone.clone())
    }

    /// The time from `other` to this one; as far as a duration goes.
    pub(super) fn since(&self, other: &Self) -> Duration {
        let nanos = self.total() - other.total();
        Duration(nanos.clamp(i64::MIN.into(), i64::MAX.into()) as i64)
    }

    pub(super) fn shown_in(&self, zone: Zone) -> Self {
        Self { zone, ..self.clone() }
    }

    fn fields(&self) -> Fields {
        calendar::fields(self.unix, self.zone.at(self.unix).1)
    }

    fn is_summer(&self) -> bool {
        self.zone.at(self.unix).2
    }

    fn is_first_moment(&self) -> bool {
        self.unix == ZERO && self.nanos == 0
    }

    /// The time as Go source.
    fn go_string(&self) -> String {
        let Fields { year, month, day, hour, minute, second, .. } = self.fields();
        let month = Name::month(month).text();
        let zone = match &self.zone {
            Zone::Utc => "time.UTC".to_owned(),
            Zone::Local => "time.Local".to_owned(),
            zone => {
                let name = super::layout::quote(zone.name().as_bytes());
                format!("time.Location({})", String::from_utf8_lossy(&name))
            }
        };
        format!("time.Date({year}, time.{month}, {day}, {hour}, {minute}, {second}, {}, {zone})", self.nanos)
    }
}

impl From<Time> for Value {
    fn from(time: Time) -> Self {
        Value::Object(Rc::new(time))
    }
}

impl Object for Time {
    fn type_name(&self) -> &str {
        "time.Time"
    }

    fn kind(&self) -> &'static str {
        "struct"
    }

    fn methods(&self) -> &'static [Method] {
        METHODS
    }

    fn display(&self) -> Option<Text> {
        Some(format(self, STRING).into())
    }

    fn json(&self) -> Option<Value> {
        Some(format(self, RFC3339_NANO).into())
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// A `time.Month` or a `time.Weekday`: a number that prints as its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Name {
    type_name: &'static str,
    number: i64,
    names: &'static [&'static str],
    /// The number of the first name.
    first: i64,
}

impl Name {
    fn month(number: i64) -> Self {
        Self { type_name: "time.Month", number, names: &MONTHS, first: 1 }
    }

    fn weekday(number: usize) -> Self {
        Self { type_name: "time.Weekday", number: number as i64, names: &WEEKDAYS, first: 0 }
    }

    fn text(&self) -> &'static str {
        let index = usize::try_from(self.number - self.first).ok();
        index.and_then(|index| self.names.get(index)).copied().unwrap_or_default()
    }
}

const NAME_METHODS: &[Method] = &[Method {
    name: "String",
    parameters: &[],
    call: |_, args| match args.value(0)? {
        Value::Object(object) => Ok(object.display().map_or(Value::Nil, Value::Str)),
        _ => Err(Failure::error("not a name")),
    },
}];

impl From<Name> for Value {
    fn from(name: Name) -> Self {
        Value::Object(Rc::new(name))
    }
}

impl Object for Name {
    fn type_name(&self) -> &str {
        self.type_name
    }

    fn kind(&self) -> &'static str {
        "int"
    }

    fn methods(&self) -> &'static [Method] {
        NAME_METHODS
    }

    fn integer(&self) -> Option<i128> {
        Some(self.number.into())
    }

    fn display(&self) -> Option<Text> {
        Some(self.text().into())
    }

    fn is_zero(&self) -> bool {
        self.number == 0
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

const LOCATION: Type = Type::Named("*time.Location");

/// A `*time.Location`.
#[derive(Clone, Debug)]
struct Location(Zone);

impl From<Location> for Value {
    fn from(location: Location) -> Self {
        Value::Object(Rc::new(location))
    }
}

impl Object for Location {
    fn type_name(&self) -> &str {
        "*time.Location"
    }

    fn kind(&self) -> &'static str {
        "ptr"
    }

    fn methods(&self) -> &'static [Method] {
        NAME_METHODS
    }

    fn display(&self) -> Option<Text> {
        Some(self.0.name().into())
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}
