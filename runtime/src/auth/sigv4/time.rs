//! The time of a signature, as text.

use super::AuthError;
use crate::timestamp::Timestamp;

/// `YYYYMMDDTHHMMSSZ`, whose first eight characters are the date in the credential scope.
pub(super) struct SigningTime {
    text: [u8; 16],
}

impl SigningTime {
    pub(super) fn new(time: Timestamp) -> Result<Self, AuthError> {
        let time = time.civil();
        let year = u16::try_from(time.year()).map_err(|_| AuthError::TimeOutOfRange)?;
        let mut text = *b"00000000T000000Z";
        put_digits(&mut text[0..4], year);
        put_digits(&mut text[4..6], u16::from(time.month()));
        put_digits(&mut text[6..8], u16::from(time.day()));
        put_digits(&mut text[9..11], u16::from(time.hour()));
        put_digits(&mut text[11..13], u16::from(time.minute()));
        put_digits(&mut text[13..15], u16::from(time.second()));
        Ok(Self { text })
    }

    /// Such as `20150830T123600Z`.
    pub(super) fn date_time(&self) -> &str {
        str::from_utf8(&self.text).unwrap_or_default()
    }

    /// Such as `20150830`.
    pub(super) fn date(&self) -> &str {
        str::from_utf8(&self.text[..8]).unwrap_or_default()
    }
}

/// Fills `places` with the last decimal digits of `number`.
fn put_digits(places: &mut [u8], mut number: u16) {
    for place in places.iter_mut().rev() {
        *place = b'0' + (number % 10) as u8;
        number /= 10;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Protects the fixed width that the credential scope needs, at the ends of every field.
    #[test]
    fn has_a_fixed_width() {
        for (text, expected) in [
            ("2015-08-30T12:36:00Z", "20150830T123600Z"),
            ("0987-01-02T03:04:05.999Z", "09870102T030405Z"),
            ("9999-12-30T21:59:59Z", "99991230T215959Z"),
            ("1969-12-31T23:59:59.5Z", "19691231T235959Z"),
        ] {
            let time = text.parse::<jiff::Timestamp>().unwrap();
            let time = SigningTime::new(Timestamp::from(time)).unwrap();
            assert_eq!(time.date_time(), expected);
            assert_eq!(time.date(), &expected[..8]);
        }
        let before_christ = Timestamp::from(jiff::Timestamp::MIN);
        assert!(SigningTime::new(before_christ).is_err());
    }
}
