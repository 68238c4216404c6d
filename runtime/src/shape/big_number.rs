//! Numbers of any size.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;

use zeroize::Zeroize;

/// An integer of any size, as its decimal text.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct BigInteger(String);

/// A decimal number of any size and precision, as its text. The text keeps its trailing zeros;
/// comparing goes by the number, so that `1.0` equals `1.00`.
#[derive(Clone, Debug)]
pub struct BigDecimal(String);

/// A text that is no number, or none with an exponent of at most nine digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidNumber;

impl fmt::Display for InvalidNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a decimal number")
    }
}

impl std::error::Error for InvalidNumber {}

/// The most digits that an integer in scientific notation may be written out to.
const MAX_WRITTEN_OUT: i64 = 4096;

/// A decimal text taken apart: `whole.fraction × 10^exponent`.
#[derive(Clone, Copy)]
struct Decimal<'a> {
    negative: bool,
    whole: &'a str,
    fraction: &'a str,
    exponent: i32,
}

impl<'a> Decimal<'a> {
    fn parse(text: &'a str) -> Option<Self> {
        let (negative, unsigned) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, parse_exponent(exponent)?),
            None => (unsigned, 0),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
        let number = !(whole.is_empty() && fraction.is_empty());
        (number && digits(whole) && digits(fraction)).then_some(Self {
            negative,
            whole: whole.trim_start_matches('0'),
            fraction,
            exponent,
        })
    }

    /// The digits from the first that is not zero to the last that is not zero.
    fn digits(&self) -> impl Iterator<Item = u8> {
        let fraction = self.fraction.trim_end_matches('0');
        let (whole, fraction) = match (self.whole, fraction) {
            (whole, "") => (whole.trim_end_matches('0'), ""),
            ("", fraction) => ("", fraction.trim_start_matches('0')),
            both => both,
        };
        whole.bytes().chain(fraction.bytes())
    }

    fn is_zero(&self) -> bool {
        self.digits().next().is_none()
    }

    /// The power of ten above the first digit: 1 for 5, 0 for 0.5, 3 for 500.
    fn magnitude(&self) -> i64 {
        let leading = if self.whole.is_empty() {
            let zeros = self.fraction.len() - self.fraction.trim_start_matches('0').len();
            -length(zeros)
        } else {
            length(self.whole.len())
        };
        leading.saturating_add(i64::from(self.exponent))
    }

    fn cmp(&self, other: &Self) -> Ordering {
        let sign = |decimal: &Self| match (decimal.is_zero(), decimal.negative) {
            (true, _) => 0,
            (false, true) => -1,
            (false, false) => 1,
        };
        let size = || {
            (self.magnitude().cmp(&other.magnitude()))
                .then_with(|| self.digits().cmp(other.digits()))
        };
        match (sign(self), sign(other)) {
            (-1, -1) => size().reverse(),
            (1, 1) => size(),
            (left, right) => left.cmp(&right),
        }
    }

    /// The number without its exponent, if it is whole and not absurdly long.
    fn to_integer(self) -> Option<String> {
        if self.is_zero() {
            return Some("0".to_owned());
        }
        let magnitude = self.magnitude();
        let plain = self.exponent == 0;
        if magnitude < 1 || (!plain && magnitude > MAX_WRITTEN_OUT) {
            return None;
        }
        let magnitude = usize::try_from(magnitude).ok()?;
        let mut text = String::with_capacity(magnitude + 1);
        if self.negative {
            text.push('-');
        }
        let sign = text.len();
        text.extend(self.digits().map(char::from));
        let digits = text.len() - sign;
        (digits <= magnitude).then(|| {
            text.extend(std::iter::repeat_n('0', magnitude - digits));
            text
        })
    }
}

/// An exponent of at most nine digits, so that sums with lengths stay far from overflow.
fn parse_exponent(text: &str) -> Option<i32> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let all_digits = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    let significant = digits.trim_start_matches('0');
    (all_digits && significant.len() <= 9)
        .then(|| text.parse().ok())
        .flatten()
}

fn length(length: usize) -> i64 {
    i64::try_from(length).unwrap_or(i64::MAX)
}

/// Compares two decimal texts by the numbers they stand for; `None` if either is not a number.
pub(crate) fn compare_decimals(left: &str, right: &str) -> Option<Ordering> {
    Some(Decimal::parse(left)?.cmp(&Decimal::parse(right)?))
}

impl BigInteger {
    /// The decimal text: an optional `-`, then digits without leading zeros.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The number as a machine integer, where it fits.
    #[must_use]
    pub fn to_i128(&self) -> Option<i128> {
        self.0.parse().ok()
    }

    pub(super) fn wipe(&mut self) {
        self.0.zeroize();
        self.0.push('0');
    }
}

impl FromStr for BigInteger {
    type Err = InvalidNumber;

    /// Reads a decimal text. One with a fraction or an exponent is accepted where the number is whole
    /// and has at most 4,096 digits.
    fn from_str(text: &str) -> Result<Self, InvalidNumber> {
        let decimal = Decimal::parse(text).ok_or(InvalidNumber)?;
        decimal.to_integer().map(Self).ok_or(InvalidNumber)
    }
}

impl Ord for BigInteger {
    fn cmp(&self, other: &Self) -> Ordering {
        compare_decimals(&self.0, &other.0).unwrap_or(Ordering::Equal)
    }
}

impl PartialOrd for BigInteger {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl BigDecimal {
    /// The text, in the form that JSON demands of numbers.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The nearest double; infinite beyond its range.
    #[must_use]
    pub fn to_f64(&self) -> f64 {
        self.0.parse().unwrap_or(f64::NAN)
    }

    pub(super) fn wipe(&mut self) {
        self.0.zeroize();
        self.0.push('0');
    }

    fn decimal(&self) -> Decimal<'_> {
        // The text was parsed when the number was made, so the zero is never taken.
        Decimal::parse(&self.0).unwrap_or(Decimal {
            negative: false,
            whole: "",
            fraction: "",
            exponent: 0,
        })
    }
}

impl FromStr for BigDecimal {
    type Err = InvalidNumber;

    /// Reads a decimal text with an optional sign, fraction and exponent.
    fn from_str(text: &str) -> Result<Self, InvalidNumber> {
        let Decimal {
            negative,
            whole,
            fraction,
            exponent,
        } = Decimal::parse(text).ok_or(InvalidNumber)?;
        let mut made = String::with_capacity(text.len() + 1);
        if negative {
            made.push('-');
        }
        made.push_str(if whole.is_empty() { "0" } else { whole });
        if !fraction.is_empty() {
            made.push('.');
            made.push_str(fraction);
        }
        if exponent != 0 {
            made.push('E');
            made.push_str(&exponent.to_string());
        }
        Ok(Self(made))
    }
}

impl PartialEq for BigDecimal {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for BigDecimal {}

impl Ord for BigDecimal {
    fn cmp(&self, other: &Self) -> Ordering {
        self.decimal().cmp(&other.decimal())
    }
}

impl PartialOrd for BigDecimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Hash for BigDecimal {
    fn hash<H: Hasher>(&self, state: &mut H) {
        let decimal = self.decimal();
        if decimal.is_zero() {
            return 0_i64.hash(state);
        }
        decimal.negative.hash(state);
        decimal.magnitude().hash(state);
        decimal.digits().for_each(|digit| digit.hash(state));
    }
}

impl From<BigInteger> for BigDecimal {
    fn from(number: BigInteger) -> Self {
        Self(number.0)
    }
}

impl TryFrom<f64> for BigDecimal {
    type Error = InvalidNumber;

    /// The shortest decimal that reads back as `number`; an error for what is not finite.
    fn try_from(number: f64) -> Result<Self, InvalidNumber> {
        number.to_string().parse()
    }
}

macro_rules! from_machine_integers {
    ($($type:ty)*) => {$(
        impl From<$type> for BigInteger {
            fn from(number: $type) -> Self {
                Self(number.to_string())
            }
        }

        impl From<$type> for BigDecimal {
            fn from(number: $type) -> Self {
                Self(number.to_string())
            }
        }
    )*};
}

from_machine_integers!(i8 i16 i32 i64 i128 u8 u16 u32 u64 u128);

macro_rules! text_number {
    ($($type:ty)*) => {$(
        impl Default for $type {
            /// Zero.
            fn default() -> Self {
                Self("0".to_owned())
            }
        }

        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl TryFrom<&str> for $type {
            type Error = InvalidNumber;

            fn try_from(text: &str) -> Result<Self, InvalidNumber> {
                text.parse()
            }
        }
    )*};
}

text_number!(BigInteger BigDecimal);

#[cfg(test)]
mod tests {
    use super::*;

    fn integer(text: &str) -> Option<String> {
        text.parse::<BigInteger>().ok().map(|n| n.to_string())
    }

    fn decimal(text: &str) -> Option<String> {
        text.parse::<BigDecimal>().ok().map(|n| n.to_string())
    }

    #[test]
    fn integers_have_one_text_each() {
        for (text, expected) in [
            ("0", "0"),
            ("-0", "0"),
            ("+007", "7"),
            ("-12", "-12"),
            ("1e3", "1000"),
            ("12.50e1", "125"),
            ("3.000", "3"),
            ("100", "100"),
            (
                "340282366920938463463374607431768211456",
                "340282366920938463463374607431768211456",
            ),
        ] {
            assert_eq!(integer(text).as_deref(), Some(expected), "{text}");
        }
        for text in [
            "", "-", "1.5", "0.1", "1e-1", "x", "1 ", "1e9999", "٣", "1e", "--1", ".",
        ] {
            assert_eq!(integer(text), None, "{text}");
        }
    }

    #[test]
    fn decimals_keep_their_precision_and_become_json() {
        for (text, expected) in [
            ("1.00", "1.00"),
            (".5", "0.5"),
            ("5.", "5"),
            ("+01.50E+02", "1.50E2"),
            ("-0.0", "-0.0"),
        ] {
            assert_eq!(decimal(text).as_deref(), Some(expected), "{text}");
        }
        for text in ["", ".", "NaN", "1e1234567890", "0x1", "1.2.3", "e5"] {
            assert_eq!(decimal(text), None, "{text}");
        }
    }

    #[test]
    fn order_is_that_of_the_numbers() {
        let ascending = [
            "-1e9",
            "-10",
            "-9.99",
            "-0.01",
            "0",
            "1e-999999999",
            "0.9",
            "1",
            "1.01",
            "99",
            "1e2",
        ];
        for (i, left) in ascending.iter().enumerate() {
            for (j, right) in ascending.iter().enumerate() {
                assert_eq!(
                    compare_decimals(left, right),
                    Some(i.cmp(&j)),
                    "{left} {right}"
                );
            }
        }
        for (left, right) in [
            ("1.0", "1.00"),
            ("10", "1e1"),
            ("0", "-0.0"),
            ("0.010", "1e-2"),
        ] {
            assert_eq!(
                compare_decimals(left, right),
                Some(Ordering::Equal),
                "{left} {right}"
            );
        }
    }

    #[test]
    fn equal_decimals_hash_alike() {
        let hash = |text: &str| {
            let mut hasher = std::hash::DefaultHasher::new();
            text.parse::<BigDecimal>().unwrap().hash(&mut hasher);
            hasher.finish()
        };
        assert_eq!(hash("10.0"), hash("1E1"));
        assert_eq!(hash("-0"), hash("0.00"));
    }

    #[test]
    fn machine_numbers_come_out_again() {
        assert_eq!(BigInteger::from(i128::MIN).to_i128(), Some(i128::MIN));
        assert_eq!(BigInteger::from(u128::MAX).to_i128(), None);
        let decimal = BigDecimal::try_from(-0.1).unwrap();
        assert_eq!((decimal.as_str(), decimal.to_f64()), ("-0.1", -0.1));
        assert!(BigDecimal::try_from(f64::INFINITY).is_err());
    }

    proptest::proptest! {
        /// Agrees with integers that are the same numbers scaled up.
        #[test]
        fn order_agrees_with_scaled_integers(
            left in -9_999_i64..=9_999, up in -8_i32..=8,
            right in -9_999_i64..=9_999, over in -8_i32..=8,
        ) {
            let scaled = |number: i64, exponent: i32| {
                i128::from(number) * 10_i128.pow((exponent + 8).unsigned_abs())
            };
            let found = compare_decimals(&format!("{left}e{up}"), &format!("{right}E{over:+}"));
            proptest::prop_assert_eq!(found, Some(scaled(left, up).cmp(&scaled(right, over))));
        }

        #[test]
        fn any_text_is_a_number_or_an_error(text in r"[-+]?[0-9]{0,30}\.?[0-9]{0,30}([eE][-+]?[0-9]{0,12})?|\PC{0,20}") {
            if let Ok(number) = text.parse::<BigDecimal>() {
                proptest::prop_assert_eq!(number.cmp(&number.as_str().parse().unwrap()), Ordering::Equal);
                proptest::prop_assert!(serde_json::from_str::<serde_json::Value>(number.as_str()).is_ok_and(|n| n.is_number())
                    || number.to_f64().is_infinite());
            }
            let _ = text.parse::<BigInteger>();
        }
    }
}
