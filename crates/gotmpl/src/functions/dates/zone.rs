//! Time zones: what a clock shows at a moment, and its name. The local zone is UTC, whatever the machine says.

use std::rc::Rc;
use std::sync::LazyLock;

use jiff::Timestamp;
use jiff::tz::{TimeZone, TimeZoneDatabase};

/// A `*time.Location`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Zone {
    Utc,
    Local,
    /// Made up from an offset or an abbreviation that a text gave.
    Fixed {
        name: Rc<str>,
        offset: i32,
    },
    /// Of the time zone database.
    Named(TimeZone),
}

/// The database inside the program: a render does not depend on the machine.
static DATABASE: LazyLock<TimeZoneDatabase> = LazyLock::new(TimeZoneDatabase::bundled);

impl Zone {
    /// Go's `LoadLocation`. Names are those of files, so their letters are compared exactly.
    pub(super) fn load(name: &[u8]) -> Option<Self> {
        match std::str::from_utf8(name).ok()? {
            "" | "UTC" => Some(Zone::Utc),
            "Local" => Some(Zone::Local),
            name => {
                let zone = DATABASE.get(name).ok()?;
                (zone.iana_name() == Some(name)).then_some(Zone::Named(zone))
            }
        }
    }

    /// What `String()` gives.
    pub(super) fn name(&self) -> &str {
        match self {
            Zone::Utc => "UTC",
            Zone::Local => "Local",
            Zone::Fixed { name, .. } => name,
            Zone::Named(zone) => zone.iana_name().unwrap_or_default(),
        }
    }

    /// The abbreviation, the seconds ahead of UTC and whether summer time is on, at a moment.
    pub(super) fn at(&self, unix: i64) -> (Rc<str>, i32, bool) {
        match self {
            Zone::Utc | Zone::Local => ("UTC".into(), 0, false),
            Zone::Fixed { name, offset } => (Rc::clone(name), *offset, false),
            Zone::Named(zone) => {
                // The database's rules go on for ever, so beyond the years that it can count any far winter will do.
                let end = if unix < 0 { Timestamp::MIN } else { Timestamp::MAX };
                let info = zone.to_offset_info(Timestamp::from_second(unix).unwrap_or(end));
                (info.abbreviation().into(), info.offset().seconds(), info.dst().is_dst())
            }
        }
    }
}
