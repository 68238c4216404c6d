//! Timestamps to text.

use std::fmt;

use super::{DAYS, MONTHS, Timestamp};
use crate::schema::TimestampFormat;

/// A timestamp on its way to text.
pub(super) struct Formatted {
    pub(super) time: Timestamp,
    pub(super) format: TimestampFormat,
}

impl fmt::Display for Formatted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let time = self.time.civil();
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
                let day = DAYS[usize::from(time.weekday()) % 7];
                let month = MONTHS[usize::from(time.month() - 1) % 12];
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
