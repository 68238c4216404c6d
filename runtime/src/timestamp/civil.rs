//! The calendar: from seconds to the fields of a date and back.

use jiff_core::civil::{Date, UnixEpochDay};

use super::Timestamp;

const SECONDS_OF_DAY: i64 = 24 * 60 * 60;

/// A date and time of day in UTC, in the proleptic Gregorian calendar.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Civil {
    date: Date,
    /// Less than [`SECONDS_OF_DAY`].
    second_of_day: u32,
    nanosecond: u32,
}

impl Civil {
    pub(super) fn new(time: Timestamp) -> Self {
        let day = time.second.div_euclid(SECONDS_OF_DAY);
        // The range of timestamps is that of the calendar.
        let day = i32::try_from(day).ok().map(UnixEpochDay::new);
        Self {
            date: match day {
                Some(Ok(day)) => day.to_date(),
                _ => Date::MAX,
            },
            second_of_day: time.second.rem_euclid(SECONDS_OF_DAY) as u32,
            nanosecond: time.nanosecond,
        }
    }

    pub(crate) fn year(self) -> i16 {
        self.date.year()
    }

    /// From 1 to 12.
    pub(crate) fn month(self) -> u8 {
        self.date.month().unsigned_abs()
    }

    /// From 1 to 31.
    pub(crate) fn day(self) -> u8 {
        self.date.day().unsigned_abs()
    }

    /// From 0, for Monday, to 6.
    pub(super) fn weekday(self) -> u8 {
        self.date.weekday().to_monday_zero_offset().unsigned_abs()
    }

    pub(crate) fn hour(self) -> u8 {
        (self.second_of_day / 3600) as u8
    }

    pub(crate) fn minute(self) -> u8 {
        (self.second_of_day / 60 % 60) as u8
    }

    pub(crate) fn second(self) -> u8 {
        (self.second_of_day % 60) as u8
    }

    pub(super) fn to_datetime(self) -> jiff::civil::DateTime {
        let date = jiff::civil::date(self.year(), self.date.month(), self.date.day());
        let clock = [self.hour(), self.minute(), self.second()];
        let [hour, minute, second] = clock.map(u8::cast_signed);
        date.at(hour, minute, second, self.nanosecond.cast_signed())
    }
}

/// The second at which a day begins; `None` for one that the calendar lacks.
pub(super) fn start_of_day(year: i16, month: i8, day: i8) -> Option<i64> {
    let date = Date::new(year, month, day).ok()?;
    Some(i64::from(date.to_unix_epoch_day().day()) * SECONDS_OF_DAY)
}
