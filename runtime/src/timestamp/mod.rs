//! Points in time, and the three ways in which Smithy writes them.
//!
//! Source: Smithy 2.0, "timestampFormat trait".

mod civil;
mod format;
mod parse;

pub(crate) use civil::Civil;

use std::fmt;
use std::str::FromStr;
use std::time::{Duration, SystemTime};

use jiff::SignedDuration;
use jiff::civil::DateTime;

use crate::schema::TimestampFormat;

/// How many nanoseconds a second has.
const NANOS: u32 = 1_000_000_000;

/// A point in time, to the nanosecond, from the year -9999 to the last moment of the year 9999.
///
/// The default is 1970-01-01T00:00:00Z.
///
/// ```
/// use tinsmith_runtime::timestamp::Timestamp;
///
/// let time: Timestamp = "2014-04-29T18:30:38Z".parse()?;
/// assert_eq!(time.as_second(), 1_398_796_238);
/// # Ok::<(), tinsmith_runtime::timestamp::InvalidTimestamp>(())
/// ```
// Not a `jiff::Timestamp`: that one ends a day before the year 9999 does, and services write
// 9999-12-31T23:59:59Z for "never". Nor does anything here that every program needs return one of jiff's
// errors, which can print whatever jiff does, and whose code is then part of the program.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp {
    /// Since 1970-01-01T00:00:00Z, rounded down.
    second: i64,
    /// After `second`; less than [`NANOS`].
    nanosecond: u32,
}

/// A text or number that is no timestamp, or one out of range. Never holds what was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidTimestamp(&'static str);

impl fmt::Display for InvalidTimestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl std::error::Error for InvalidTimestamp {}

const OUT_OF_RANGE: InvalidTimestamp = InvalidTimestamp("outside the years -9999 to 9999");

impl Timestamp {
    /// The earliest timestamp, at the start of the year -9999.
    pub const MIN: Self = Self {
        second: -377_705_116_800,
        nanosecond: 0,
    };

    /// The latest timestamp, at the end of the year 9999.
    pub const MAX: Self = Self {
        second: 253_402_300_799,
        nanosecond: NANOS - 1,
    };

    /// The time `nanosecond` nanoseconds, of which there are less than [`NANOS`], after `second`.
    fn new(second: i64, nanosecond: u32) -> Result<Self, InvalidTimestamp> {
        if !(Self::MIN.second..=Self::MAX.second).contains(&second) {
            return Err(OUT_OF_RANGE);
        }
        Ok(Self { second, nanosecond })
    }

    /// The current time of the system's clock.
    #[must_use]
    pub fn now() -> Self {
        crate::time::wall().into()
    }

    /// The time `second` seconds after 1970-01-01T00:00:00Z.
    ///
    /// # Errors
    ///
    /// A time outside [`Timestamp::MIN`] and [`Timestamp::MAX`].
    pub fn from_second(second: i64) -> Result<Self, InvalidTimestamp> {
        Self::new(second, 0)
    }

    /// The time `duration` after 1970-01-01T00:00:00Z.
    ///
    /// # Errors
    ///
    /// A time outside [`Timestamp::MIN`] and [`Timestamp::MAX`].
    pub fn from_duration(duration: SignedDuration) -> Result<Self, InvalidTimestamp> {
        let (second, nanosecond) = (duration.as_secs(), duration.subsec_nanos());
        // Both count towards the past where the time is before 1970.
        match u32::try_from(nanosecond) {
            Ok(nanosecond) => Self::new(second, nanosecond),
            Err(_) => Self::new(second.saturating_sub(1), NANOS - nanosecond.unsigned_abs()),
        }
    }

    /// The time since 1970-01-01T00:00:00Z, negative before it.
    #[must_use]
    pub fn as_duration(self) -> SignedDuration {
        let nanosecond = i64::from(self.nanosecond);
        SignedDuration::from_secs(self.second) + SignedDuration::from_nanos(nanosecond)
    }

    /// The whole seconds since 1970-01-01T00:00:00Z, rounded down.
    #[must_use]
    pub fn as_second(self) -> i64 {
        self.second
    }

    /// The nanoseconds after [`Timestamp::as_second`].
    #[must_use]
    pub fn subsec_nanosecond(self) -> u32 {
        self.nanosecond
    }

    /// The date and time of day in UTC.
    #[must_use]
    pub fn to_datetime(self) -> DateTime {
        self.civil().to_datetime()
    }

    /// The fields of the date and time of day in UTC.
    pub(crate) fn civil(self) -> Civil {
        Civil::new(self)
    }

    /// The time `duration` later.
    ///
    /// # Errors
    ///
    /// A time outside [`Timestamp::MIN`] and [`Timestamp::MAX`].
    pub fn checked_add(self, duration: SignedDuration) -> Result<Self, InvalidTimestamp> {
        let since = self.as_duration().checked_add(duration);
        Self::from_duration(since.ok_or(OUT_OF_RANGE)?)
    }

    /// Reads a text in `format`.
    ///
    /// - `date-time`: RFC 3339 with any offset. Digits of a fraction after the ninth are dropped. A
    ///   leap second is read as the first second of the next minute, as POSIX counts.
    /// - `http-date`: the IMF-fixdate of RFC 9110, with an optional fraction as Smithy allows. The day
    ///   of the week is not compared with the date.
    /// - `epoch-seconds`: a decimal number, negative before 1970. Digits of a fraction after the ninth
    ///   are dropped.
    ///
    /// # Errors
    ///
    /// A text in another format, or a time out of range.
    pub fn parse(text: &str, format: TimestampFormat) -> Result<Self, InvalidTimestamp> {
        match format {
            TimestampFormat::DateTime => parse::date_time(text),
            TimestampFormat::HttpDate => parse::http_date(text),
            TimestampFormat::EpochSeconds => parse::epoch_seconds(text),
        }
    }

    /// The text in `format`, always in UTC, with a fraction only where it is not zero and no longer
    /// than it need be.
    #[must_use]
    pub fn format(self, format: TimestampFormat) -> impl fmt::Display {
        format::Formatted { time: self, format }
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// RFC 3339 in UTC.
impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.format(TimestampFormat::DateTime), f)
    }
}

/// Reads RFC 3339; see [`Timestamp::parse`].
impl FromStr for Timestamp {
    type Err = InvalidTimestamp;

    fn from_str(text: &str) -> Result<Self, InvalidTimestamp> {
        parse::date_time(text)
    }
}

impl From<SystemTime> for Timestamp {
    /// The same time; one out of range becomes [`Timestamp::MIN`] or [`Timestamp::MAX`].
    fn from(time: SystemTime) -> Self {
        let (since, is_before) = match time.duration_since(SystemTime::UNIX_EPOCH) {
            Ok(after) => (after, false),
            Err(before) => (before.duration(), true),
        };
        let second = i64::try_from(since.as_secs()).unwrap_or(i64::MAX);
        match (is_before, since.subsec_nanos()) {
            (false, nanosecond) => Self::new(second, nanosecond).unwrap_or(Self::MAX),
            (true, 0) => Self::new(-second, 0).unwrap_or(Self::MIN),
            (true, nanosecond) => Self::new(-second - 1, NANOS - nanosecond).unwrap_or(Self::MIN),
        }
    }
}

impl TryFrom<Timestamp> for SystemTime {
    type Error = InvalidTimestamp;

    /// The same time, where the system can express it.
    fn try_from(time: Timestamp) -> Result<Self, InvalidTimestamp> {
        let since = time.as_duration();
        let distance: Duration = since.unsigned_abs();
        if since.is_negative() {
            SystemTime::UNIX_EPOCH.checked_sub(distance)
        } else {
            SystemTime::UNIX_EPOCH.checked_add(distance)
        }
        .ok_or(OUT_OF_RANGE)
    }
}

impl From<jiff::Timestamp> for Timestamp {
    fn from(time: jiff::Timestamp) -> Self {
        // jiff's range lies within.
        Self::from_duration(time.as_duration()).unwrap_or_default()
    }
}

impl From<jiff::Zoned> for Timestamp {
    fn from(time: jiff::Zoned) -> Self {
        time.timestamp().into()
    }
}

impl From<Timestamp> for jiff::Timestamp {
    /// The same time. jiff's range is smaller by a day at either end; a time in these days becomes
    /// the nearest that jiff has.
    fn from(time: Timestamp) -> Self {
        let end = if time.second < 0 {
            Self::MIN
        } else {
            Self::MAX
        };
        Self::from_duration(time.as_duration()).unwrap_or(end)
    }
}

/// The names of the days in an http-date.
const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
/// The names of the months in an http-date.
const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

#[cfg(test)]
mod tests {
    use super::*;
    use TimestampFormat::{DateTime as Rfc3339, EpochSeconds, HttpDate};

    fn epoch(text: &str, format: TimestampFormat) -> Option<String> {
        let time = Timestamp::parse(text, format).ok()?;
        Some(time.format(EpochSeconds).to_string())
    }

    #[test]
    fn date_times_are_read() {
        for (text, expected) in [
            ("1985-04-12T23:20:50.52Z", "482196050.52"),
            ("2014-04-29T18:30:38Z", "1398796238"),
            ("2019-12-16T22:48:18-01:00", "1576540098"),
            ("2019-12-16t23:48:18+00:00", "1576540098"),
            ("1969-12-31T23:59:59.5z", "-0.5"),
            ("1990-12-31T23:59:60Z", "662688000"),
            ("2000-01-01T00:00:00.1234567899Z", "946684800.123456789"),
            ("9999-12-31T23:59:59.999999999Z", "253402300799.999999999"),
        ] {
            assert_eq!(epoch(text, Rfc3339).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn other_texts_are_no_date_times() {
        for text in [
            "",
            "2014-04-29",
            "2014-04-29T18:30:38",
            "2014-04-29T18:30:38.Z",
            "2014-02-30T18:30:38Z",
            "2014-04-29T24:00:00Z",
            "2014-04-29T18:30:61Z",
            "2014-04-29T18:30:38Zx",
            "2014-04-29T18:30:38+0100",
            "2014-04-29T18:30:38+24:00",
            "14-04-29T18:30:38Z",
            "9999-12-31T23:59:60Z",
            "9999-12-31T23:59:59-01:00",
            "２014-04-29T18:30:38Z",
        ] {
            assert_eq!(epoch(text, Rfc3339), None, "{text}");
        }
    }

    #[test]
    fn http_dates_are_read_and_written() {
        let text = "Tue, 29 Apr 2014 18:30:38 GMT";
        let time = Timestamp::parse(text, HttpDate).unwrap();
        assert_eq!(time.as_second(), 1_398_796_238);
        assert_eq!(time.format(HttpDate).to_string(), text);
        let text = "Sun, 02 Jan 2000 20:34:56.456 GMT";
        assert_eq!(epoch(text, HttpDate).as_deref(), Some("946845296.456"));
        for text in [
            "Tue, 29 Apr 2014 18:30:38",
            "29 Apr 2014 18:30:38 GMT",
            "Tue, 31 Apr 2014 18:30:38 GMT",
        ] {
            assert_eq!(epoch(text, HttpDate), None, "{text}");
        }
    }

    #[test]
    fn epoch_seconds_keep_every_nanosecond() {
        for (text, expected) in [
            ("0", "0"),
            ("1398796238.123456789", "1398796238.123456789"),
            ("-1.25", "-1.25"),
            ("1.5e9", "1500000000"),
            ("1515531081.1230000", "1515531081.123"),
        ] {
            assert_eq!(
                epoch(text, EpochSeconds).as_deref(),
                Some(expected),
                "{text}"
            );
        }
        for text in [
            "",
            "-",
            "1.",
            ".5",
            "+1",
            "1e",
            "NaN",
            "inf",
            "1e400",
            "99999999999999999999",
            "253402300800",
        ] {
            assert_eq!(epoch(text, EpochSeconds), None, "{text}");
        }
    }

    #[test]
    fn the_ends_of_the_range_convert_without_a_panic() {
        for end in [Timestamp::MIN, Timestamp::MAX] {
            let seconds = end.format(EpochSeconds).to_string();
            assert_eq!(Timestamp::parse(&seconds, EpochSeconds), Ok(end));
            assert_eq!(SystemTime::try_from(end).map(Timestamp::from), Ok(end));
            let nearest = jiff::Timestamp::from(end);
            assert!(nearest == jiff::Timestamp::MIN || nearest == jiff::Timestamp::MAX);
            for format in [Rfc3339, HttpDate] {
                assert!(!end.format(format).to_string().is_empty());
            }
        }
        assert!(
            Timestamp::MAX
                .checked_add(SignedDuration::from_nanos(1))
                .is_err()
        );
        assert!(Timestamp::from_second(i64::MIN).is_err());
    }

    #[test]
    fn seconds_before_the_epoch_round_down() {
        let time = Timestamp::parse("-0.25", EpochSeconds).unwrap();
        assert_eq!(
            (time.as_second(), time.subsec_nanosecond()),
            (-1, 750_000_000)
        );
        assert_eq!(time.to_string(), "1969-12-31T23:59:59.75Z");
    }
}
