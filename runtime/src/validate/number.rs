//! Machine numbers against the decimal text of a bound, exactly.

use std::cmp::Ordering;
use std::fmt::{self, Write as _};

use crate::shape::compare_decimals;

/// Compares an integer with a bound, which may be beyond every machine integer or have a fraction.
pub(super) fn compare_integer(value: i64, bound: &str) -> Option<Ordering> {
    match bound.parse::<i64>() {
        Ok(bound) => Some(value.cmp(&bound)),
        Err(_) => compare_decimals(NumberText::new(&value).as_str(), bound),
    }
}

/// Compares a float or double with a bound; `None` for NaN.
pub(super) fn compare_float<F>(value: F, bound: &str) -> Option<Ordering>
where
    F: fmt::LowerExp + Into<f64> + Copy,
{
    let number: f64 = value.into();
    if number.is_finite() {
        compare_decimals(NumberText::new(&value).as_str(), bound)
    } else {
        number.partial_cmp(&0.0)
    }
}

/// The text of a machine number, on the stack.
///
/// A float is its shortest decimal that reads back as the same float, which is also what a text
/// protocol sends: `8.8_f32` equals the bound `8.8`, although the nearest float is a little more.
struct NumberText {
    bytes: [u8; Self::CAPACITY],
    len: usize,
}

impl NumberText {
    /// The longest text is that of a double: a sign, 17 digits, a point and `e-308`.
    const CAPACITY: usize = 32;

    fn new(number: &impl fmt::LowerExp) -> Self {
        let mut text = Self {
            bytes: [0; Self::CAPACITY],
            len: 0,
        };
        // Were a text not to fit, it would be no decimal, and within no bounds.
        let _ = write!(text, "{number:e}");
        text
    }

    fn as_str(&self) -> &str {
        let text = self.bytes.get(..self.len);
        text.and_then(|bytes| str::from_utf8(bytes).ok())
            .unwrap_or_default()
    }
}

impl fmt::Write for NumberText {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let end = self.len + text.len();
        let room = self.bytes.get_mut(self.len..end).ok_or(fmt::Error)?;
        room.copy_from_slice(text.as_bytes());
        self.len = end;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Ordering::{Equal, Greater, Less};

    #[test]
    fn integers_compare_with_bounds_of_any_size_and_form() {
        for (value, bound, order) in [
            (10, "10", Equal),
            (10, "1e1", Equal),
            (10, "10.0", Equal),
            (10, "10.000000000000000000000000001", Less),
            (i64::MAX, "9223372036854775808", Less),
            (i64::MIN, "-9223372036854775809", Greater),
            (i64::MIN, "-9223372036854775808", Equal),
            (0, "-0", Equal),
            (0, "1e-400", Less),
        ] {
            assert_eq!(
                compare_integer(value, bound),
                Some(order),
                "{value} {bound}"
            );
        }
        assert_eq!(compare_integer(1, "one"), None);
    }

    #[test]
    fn a_float_is_the_decimal_that_is_sent() {
        assert_eq!(compare_float(8.8_f32, "8.8"), Some(Equal));
        assert_eq!(compare_float(2.2_f32, "2.2"), Some(Equal));
        assert_eq!(compare_float(8.9_f32, "8.8"), Some(Greater));
        assert_eq!(compare_float(0.1, "0.1"), Some(Equal));
        assert_eq!(
            compare_float(0.1, "0.10000000000000000000000001"),
            Some(Less)
        );
        assert_eq!(
            compare_float(9_007_199_254_740_993.0, "9007199254740993"),
            Some(Less)
        );
        assert_eq!(compare_float(-0.0, "0"), Some(Equal));
    }

    #[test]
    fn infinities_are_beyond_every_bound_and_nan_is_nowhere() {
        assert_eq!(compare_float(f64::INFINITY, "1e999999"), Some(Greater));
        assert_eq!(compare_float(f32::NEG_INFINITY, "-1e999999"), Some(Less));
        assert_eq!(compare_float(f64::NAN, "0"), None);
        assert_eq!(compare_float(f32::NAN, "0"), None);
    }

    #[test]
    fn the_text_of_every_machine_number_fits() {
        for number in [
            f64::MIN_POSITIVE,
            f64::MIN,
            -2.225_073_858_507_201_4e-308,
            5e-324,
        ] {
            assert_eq!(NumberText::new(&number).as_str().parse(), Ok(number));
        }
        assert_eq!(
            NumberText::new(&i64::MIN).as_str(),
            "-9.223372036854775808e18"
        );
    }
}
