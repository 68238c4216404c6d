//! Points in time, and the three ways in which Smithy writes them.
//!
//! Source: Smithy 2.0, "timestampFormat trait".

use std::fmt;
use std::str::FromStr;
use std::time::{Duration, SystemTime};

use jiff::SignedDuration;
use jiff::civil::{Date, DateTime, Time, Weekday, date};

use crate::schema::TimestampFormat;

/// The point in time that seconds are counted from.
const EPOCH: DateTime = date(1970, 1, 1).at(0, 0, 0, 0);

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
// A civil time in UTC, and not a `jiff::Timestamp`: that one ends a day before the year 9999 does,
// and services write 9999-12-31T23:59:59Z for "never".
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(DateTime);

/// A text or number that is no timestamp, or one out of range. Never holds what was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidTimestamp(&'static str);

impl fmt::Display for InvalidTimestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl std::error::Error for InvalidTimestamp {}

const NOT_DATE_TIME: InvalidTimestamp = InvalidTimestamp("not an RFC 3339 date-time");
const NOT_HTTP_DATE: InvalidTimestamp = InvalidTimestamp("not an RFC 9110 IMF-fixdate");
const NOT_SECONDS: InvalidTimestamp = InvalidTimestamp("not a number of seconds");
const OUT_OF_RANGE: InvalidTimestamp = InvalidTimestamp("outside the years -9999 to 9999");

impl Timestamp {
    /// The earliest timestamp, at the start of the year -9999.
    pub const MIN: Self = Self(DateTime::MIN);

    /// The latest timestamp, at the end of the year 9999.
    pub const MAX: Self = Self(DateTime::MAX);

    /// The current time of the system's clock.
    #[must_use]
    pub fn now() -> Self {
        SystemTime::now().into()
    }

    /// The time `second` seconds after 1970-01-01T00:00:00Z.
    ///
    /// # Errors
    ///
    /// A time outside [`Timestamp::MIN`] and [`Timestamp::MAX`].
    pub fn from_second(second: i64) -> Result<Self, InvalidTimestamp> {
        Self::from_duration(SignedDuration::from_secs(second))
    }

    /// The time `duration` after 1970-01-01T00:00:00Z.
    ///
    /// # Errors
    ///
    /// A time outside [`Timestamp::MIN`] and [`Timestamp::MAX`].
    pub fn from_duration(duration: SignedDuration) -> Result<Self, InvalidTimestamp> {
        let time = EPOCH.checked_add(duration).map_err(|_| OUT_OF_RANGE)?;
        Ok(Self(time))
    }

    /// The time since 1970-01-01T00:00:00Z, negative before it.
    #[must_use]
    pub fn as_duration(self) -> SignedDuration {
        self.0.duration_since(EPOCH)
    }

    /// The whole seconds since 1970-01-01T00:00:00Z, rounded down.
    #[must_use]
    pub fn as_second(self) -> i64 {
        let since = self.as_duration();
        since.as_secs() - i64::from(since.subsec_nanos() < 0)
    }

    /// The nanoseconds after [`Timestamp::as_second`].
    #[must_use]
    pub fn subsec_nanosecond(self) -> u32 {
        self.0.subsec_nanosecond().unsigned_abs()
    }

    /// The date and time of day in UTC.
    #[must_use]
    pub fn to_datetime(self) -> DateTime {
        self.0
    }

    /// The time `duration` later.
    ///
    /// # Errors
    ///
    /// A time outside [`Timestamp::MIN`] and [`Timestamp::MAX`].
    pub fn checked_add(self, duration: SignedDuration) -> Result<Self, InvalidTimestamp> {
        let time = self.0.checked_add(duration).map_err(|_| OUT_OF_RANGE)?;
        Ok(Self(time))
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
            TimestampFormat::DateTime => parse_date_time(text),
            TimestampFormat::HttpDate => parse_http_date(text),
            TimestampFormat::EpochSeconds => parse_epoch_seconds(text),
        }
    }

    /// The text in `format`, always in UTC, with a fraction only where it is not zero and no longer
    /// than it need be.
    #[must_use]
    pub fn format(self, format: TimestampFormat) -> impl fmt::Display {
        Formatted { time: self, format }
    }
}

impl Default for Timestamp {
    fn default() -> Self {
        Self(EPOCH)
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
        parse_date_time(text)
    }
}

impl From<SystemTime> for Timestamp {
    /// The same time; one out of range becomes [`Timestamp::MIN`] or [`Timestamp::MAX`].
    fn from(time: SystemTime) -> Self {
        match time.duration_since(SystemTime::UNIX_EPOCH) {
            Ok(after) => EPOCH.checked_add(after).map_or(Self::MAX, Self),
            Err(before) => EPOCH.checked_sub(before.duration()).map_or(Self::MIN, Self),
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
        Self(jiff::tz::Offset::UTC.to_datetime(time))
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
        let end = if time.0 < EPOCH { Self::MIN } else { Self::MAX };
        Self::from_duration(time.as_duration()).unwrap_or(end)
    }
}

/// A timestamp on its way to text.
struct Formatted {
    time: Timestamp,
    format: TimestampFormat,
}

impl fmt::Display for Formatted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let time = self.time.0;
        match self.format {
            TimestampFormat::DateTime => {
                let (year, sign) = (
                    time.year().unsigned_abs(),
                    if time.year() < 0 { "-" } else { "" },
                );
                write!(f, "{sign}{year:04}-{:02}-{:02}T", time.month(), time.day())?;
                write!(
                    f,
                    "{:02}:{:02}:{:02}",
                    time.hour(),
                    time.minute(),
                    time.second()
                )?;
                write_fraction(f, self.time.subsec_nanosecond())?;
                f.write_str("Z")
            }
            TimestampFormat::HttpDate => {
                let day = DAYS[usize::from(weekday_index(time.weekday()))];
                let month = MONTHS[usize::from(time.month().unsigned_abs() - 1) % 12];
                write!(f, "{day}, {:02} {month} {:04} ", time.day(), time.year())?;
                write!(
                    f,
                    "{:02}:{:02}:{:02}",
                    time.hour(),
                    time.minute(),
                    time.second()
                )?;
                write_fraction(f, self.time.subsec_nanosecond())?;
                f.write_str(" GMT")
            }
            TimestampFormat::EpochSeconds => {
                let since = self.time.as_duration();
                let sign = if since.is_negative() { "-" } else { "" };
                write!(f, "{sign}{}", since.as_secs().unsigned_abs())?;
                write_fraction(f, since.subsec_nanos().unsigned_abs())
            }
        }
    }
}

const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

fn weekday_index(day: Weekday) -> u8 {
    day.to_monday_zero_offset().unsigned_abs() % 7
}

/// `.5` for half a second, nothing for none.
fn write_fraction(f: &mut fmt::Formatter<'_>, mut nanosecond: u32) -> fmt::Result {
    if nanosecond == 0 {
        return Ok(());
    }
    let mut width = 9;
    while nanosecond.is_multiple_of(10) {
        nanosecond /= 10;
        width -= 1;
    }
    write!(f, ".{nanosecond:0width$}")
}

/// A text that is read from its start; every step returns `None` where the text is another.
struct Cursor<'a>(&'a [u8]);

impl Cursor<'_> {
    /// One byte, which must be among `any_of`.
    fn one(&mut self, any_of: &[u8]) -> Option<u8> {
        let (&first, rest) = self.0.split_first()?;
        any_of.contains(&first).then(|| {
            self.0 = rest;
            first
        })
    }

    fn literal(&mut self, text: &str) -> Option<()> {
        self.0 = self.0.strip_prefix(text.as_bytes())?;
        Some(())
    }

    /// The number of exactly `count` digits.
    fn digits(&mut self, count: usize) -> Option<i16> {
        let (digits, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        digits.iter().try_fold(0_i16, |number, byte| {
            let digit = byte.is_ascii_digit().then(|| i16::from(byte - b'0'))?;
            number.checked_mul(10)?.checked_add(digit)
        })
    }

    fn two(&mut self) -> Option<i8> {
        self.digits(2)?.try_into().ok()
    }

    /// The index of the name, among `names` of three letters, that stands here.
    fn name(&mut self, names: &[&str]) -> Option<i8> {
        let (name, rest) = self.0.split_at_checked(3)?;
        let found = |known: &&str| known.as_bytes().eq_ignore_ascii_case(name);
        let index = names.iter().position(found)?;
        self.0 = rest;
        index.try_into().ok()
    }

    /// The nanoseconds of an optional fraction: a point and at least one digit.
    fn fraction(&mut self) -> Option<i32> {
        if self.one(b".").is_none() {
            return Some(0);
        }
        let count = self.0.iter().take_while(|b| b.is_ascii_digit()).count();
        let (digits, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        let nine = digits.iter().map(|b| i32::from(b - b'0'));
        let nine = nine.chain(std::iter::repeat(0)).take(9);
        (count > 0).then(|| nine.fold(0, |number, digit| number * 10 + digit))
    }

    /// `hh:mm:ss` with an optional fraction, as the time since midnight. The second may be the 60th.
    fn time_of_day(&mut self) -> Option<SignedDuration> {
        let hour = self.two()?;
        self.one(b":")?;
        let minute = self.two()?;
        self.one(b":")?;
        let second = self.two()?;
        let leap = second == 60;
        let second = if leap { 59 } else { second };
        let nanosecond = self.fraction()?;
        let time = Time::new(hour, minute, second, nanosecond).ok()?;
        let since_midnight = time.duration_since(Time::midnight());
        since_midnight.checked_add(SignedDuration::from_secs(i64::from(leap)))
    }

    /// `Z` or `+hh:mm`.
    fn offset(&mut self) -> Option<SignedDuration> {
        let sign = match self.one(b"Zz+-")? {
            b'+' => 1,
            b'-' => -1,
            _ => return Some(SignedDuration::ZERO),
        };
        let hours = self.two().filter(|hours| *hours < 24)?;
        self.one(b":")?;
        let minutes = self.two().filter(|minutes| *minutes < 60)?;
        let minutes = i64::from(hours) * 60 + i64::from(minutes);
        Some(SignedDuration::from_secs(sign * minutes * 60))
    }

    fn end(&self) -> Option<()> {
        self.0.is_empty().then_some(())
    }
}

fn parse_date_time(text: &str) -> Result<Timestamp, InvalidTimestamp> {
    let (date, since_midnight, offset) =
        date_time_parts(&mut Cursor(text.as_bytes())).ok_or(NOT_DATE_TIME)?;
    // The date in UTC may lie beyond the range although the local one does not.
    Timestamp(date.at(0, 0, 0, 0)).checked_add(since_midnight - offset)
}

fn date_time_parts(text: &mut Cursor<'_>) -> Option<(Date, SignedDuration, SignedDuration)> {
    let year = text.digits(4)?;
    text.one(b"-")?;
    let month = text.two()?;
    text.one(b"-")?;
    let date = Date::new(year, month, text.two()?).ok()?;
    text.one(b"Tt ")?;
    let since_midnight = text.time_of_day()?;
    let offset = text.offset()?;
    text.end()?;
    Some((date, since_midnight, offset))
}

fn parse_http_date(text: &str) -> Result<Timestamp, InvalidTimestamp> {
    let (date, since_midnight) =
        http_date_parts(&mut Cursor(text.as_bytes())).ok_or(NOT_HTTP_DATE)?;
    Timestamp(date.at(0, 0, 0, 0)).checked_add(since_midnight)
}

fn http_date_parts(text: &mut Cursor<'_>) -> Option<(Date, SignedDuration)> {
    text.name(&DAYS)?;
    text.literal(", ")?;
    let day = text.two()?;
    text.one(b" ")?;
    let month = text.name(&MONTHS)? + 1;
    text.one(b" ")?;
    let date = Date::new(text.digits(4)?, month, day).ok()?;
    text.one(b" ")?;
    let since_midnight = text.time_of_day()?;
    text.literal(" GMT")?;
    text.end()?;
    Some((date, since_midnight))
}

fn parse_epoch_seconds(text: &str) -> Result<Timestamp, InvalidTimestamp> {
    let (negative, unsigned) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let since = match plain_seconds(unsigned) {
        Some(since) => since,
        None => scientific_seconds(unsigned).ok_or(NOT_SECONDS)?,
    };
    Timestamp::from_duration(if negative { -since } else { since })
}

/// Digits with an optional fraction.
fn plain_seconds(text: &str) -> Option<SignedDuration> {
    let (whole, _) = text.split_once('.').unwrap_or((text, ""));
    let digits = !whole.is_empty() && whole.bytes().all(|b| b.is_ascii_digit());
    let mut rest = Cursor(text.as_bytes().get(whole.len()..)?);
    let nanosecond = rest.fraction()?;
    rest.end()?;
    digits.then_some(())?;
    Some(SignedDuration::new(whole.parse().ok()?, nanosecond))
}

/// A number with an exponent, as some JSON writers have it; to the precision of an `f64`.
fn scientific_seconds(text: &str) -> Option<SignedDuration> {
    let scientific = text.starts_with(|first: char| first.is_ascii_digit())
        && text.ends_with(|last: char| last.is_ascii_digit())
        && text.contains(['e', 'E']);
    let seconds: f64 = scientific.then(|| text.parse().ok())??;
    SignedDuration::try_from_secs_f64(seconds).ok()
}

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
