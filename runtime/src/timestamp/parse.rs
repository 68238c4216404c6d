//! Text to timestamps.

use std::time::Duration;

use jiff::SignedDuration;

use super::civil::start_of_day;
use super::{DAYS, InvalidTimestamp, MONTHS, Timestamp};

const NOT_DATE_TIME: InvalidTimestamp = InvalidTimestamp("not an RFC 3339 date-time");
const NOT_HTTP_DATE: InvalidTimestamp = InvalidTimestamp("not an RFC 9110 IMF-fixdate");
const NOT_SECONDS: InvalidTimestamp = InvalidTimestamp("not a number of seconds");

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
    fn fraction(&mut self) -> Option<u32> {
        if self.one(b".").is_none() {
            return Some(0);
        }
        let count = self.0.iter().take_while(|b| b.is_ascii_digit()).count();
        let (digits, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        let nine = digits.iter().map(|b| u32::from(b - b'0'));
        let nine = nine.chain(std::iter::repeat(0)).take(9);
        (count > 0).then(|| nine.fold(0, |number, digit| number * 10 + digit))
    }

    /// `hh:mm`, in seconds.
    fn minutes(&mut self) -> Option<i64> {
        let hour = self.two().filter(|hour| *hour < 24)?;
        self.one(b":")?;
        let minute = self.two().filter(|minute| *minute < 60)?;
        Some((i64::from(hour) * 60 + i64::from(minute)) * 60)
    }

    /// `hh:mm:ss` with an optional fraction, as seconds since midnight and nanoseconds. The second may be
    /// the 60th.
    fn time_of_day(&mut self) -> Option<(i64, u32)> {
        let minutes = self.minutes()?;
        self.one(b":")?;
        let second = self.two().filter(|second| *second <= 60)?;
        Some((minutes + i64::from(second), self.fraction()?))
    }

    /// `Z` or `+hh:mm`, in seconds.
    fn offset(&mut self) -> Option<i64> {
        match self.one(b"Zz+-")? {
            b'+' => self.minutes(),
            b'-' => self.minutes().map(|seconds| -seconds),
            _ => Some(0),
        }
    }

    fn end(&self) -> Option<()> {
        self.0.is_empty().then_some(())
    }
}

/// RFC 3339, section 5.6.
pub(super) fn date_time(text: &str) -> Result<Timestamp, InvalidTimestamp> {
    let parts = date_time_parts(&mut Cursor(text.as_bytes()));
    let (second, nanosecond) = parts.ok_or(NOT_DATE_TIME)?;
    // The date in UTC may lie beyond the range although the local one does not.
    Timestamp::new(second, nanosecond)
}

fn date_time_parts(text: &mut Cursor<'_>) -> Option<(i64, u32)> {
    let year = text.digits(4)?;
    text.one(b"-")?;
    let month = text.two()?;
    text.one(b"-")?;
    let day = start_of_day(year, month, text.two()?)?;
    text.one(b"Tt ")?;
    let (second, nanosecond) = text.time_of_day()?;
    let offset = text.offset()?;
    text.end()?;
    Some((day + second - offset, nanosecond))
}

/// RFC 9110, section 5.6.7, the preferred format.
pub(super) fn http_date(text: &str) -> Result<Timestamp, InvalidTimestamp> {
    let parts = http_date_parts(&mut Cursor(text.as_bytes()));
    let (second, nanosecond) = parts.ok_or(NOT_HTTP_DATE)?;
    Timestamp::new(second, nanosecond)
}

fn http_date_parts(text: &mut Cursor<'_>) -> Option<(i64, u32)> {
    text.name(&DAYS)?;
    text.literal(", ")?;
    let day = text.two()?;
    text.one(b" ")?;
    let month = text.name(&MONTHS)? + 1;
    text.one(b" ")?;
    let day = start_of_day(text.digits(4)?, month, day)?;
    text.one(b" ")?;
    let (second, nanosecond) = text.time_of_day()?;
    text.literal(" GMT")?;
    text.end()?;
    Some((day + second, nanosecond))
}

/// A decimal number of seconds.
pub(super) fn epoch_seconds(text: &str) -> Result<Timestamp, InvalidTimestamp> {
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
    duration(Duration::new(whole.parse().ok()?, nanosecond))
}

/// A number with an exponent, as some JSON writers have it; to the precision of an `f64`.
fn scientific_seconds(text: &str) -> Option<SignedDuration> {
    let scientific = text.starts_with(|first: char| first.is_ascii_digit())
        && text.ends_with(|last: char| last.is_ascii_digit())
        && text.contains(['e', 'E']);
    let seconds: f64 = scientific.then(|| text.parse().ok())??;
    duration(Duration::try_from_secs_f64(seconds).ok()?)
}

fn duration(unsigned: Duration) -> Option<SignedDuration> {
    let nanosecond = unsigned.subsec_nanos().try_into().ok()?;
    Some(SignedDuration::new(
        unsigned.as_secs().try_into().ok()?,
        nanosecond,
    ))
}
