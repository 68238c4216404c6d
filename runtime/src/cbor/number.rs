//! Numbers of CBOR in all of their forms.

use std::borrow::Cow;

use minicbor::Decoder;
use minicbor::data::Type;

use super::reader::{malformed, read_bytes};
use super::{bignum, tag};
use crate::shape::{BigDecimal, BigInteger, ReadError};

/// A number as it was written.
#[derive(Clone, Copy, Debug)]
pub(super) enum Number {
    Integer(i128),
    Float(f64),
}

/// Takes a number that has no tag, or `None` if the next item is none.
pub(super) fn read(source: &mut Decoder<'_>, kind: Type) -> Result<Option<Number>, ReadError> {
    let number = match kind {
        Type::U8
        | Type::U16
        | Type::U32
        | Type::U64
        | Type::I8
        | Type::I16
        | Type::I32
        | Type::I64
        | Type::Int => Number::Integer(source.int().map_err(malformed)?.into()),
        Type::F16 => Number::Float(read_half(source)?),
        Type::F32 => Number::Float(source.f32().map_err(malformed)?.into()),
        Type::F64 => Number::Float(source.f64().map_err(malformed)?),
        _ => return Ok(None),
    };
    Ok(Some(number))
}

/// Source: RFC 8949, appendix D.
fn read_half(source: &mut Decoder<'_>) -> Result<f64, ReadError> {
    let start = source.position();
    let bits = match source.input().get(start + 1..start + 3) {
        Some([high, low]) => u16::from_be_bytes([*high, *low]),
        _ => return Err(ReadError::new("malformed CBOR: it ends within a number")),
    };
    source.set_position(start + 3);
    Ok(half(bits))
}

/// The number with these bits in the binary16 format of IEEE 754.
fn half(bits: u16) -> f64 {
    let fraction = f64::from(bits & 0x3ff);
    let size = match (bits >> 10) & 0x1f {
        0 => fraction * 2_f64.powi(-24),
        0x1f if fraction == 0.0 => f64::INFINITY,
        0x1f => f64::NAN,
        exponent => (1024.0 + fraction) * 2_f64.powi(i32::from(exponent) - 25),
    };
    if bits & 0x8000 == 0 { size } else { -size }
}

/// Takes a whole number, with or without one of the tags of big ones; `None` if it is something else or
/// has too many digits.
pub(super) fn read_integer(
    source: &mut Decoder<'_>,
    kind: Type,
    tagged: Option<u64>,
) -> Result<Option<BigInteger>, ReadError> {
    let negative = match tagged {
        Some(tag::UNSIGNED_BIGNUM) => false,
        Some(tag::NEGATIVE_BIGNUM) => true,
        _ => {
            return Ok(match read(source, kind)? {
                Some(Number::Integer(number)) => Some(number.into()),
                _ => None,
            });
        }
    };
    let Some(bytes): Option<Cow<'_, [u8]>> = read_bytes(source, kind)? else {
        return Ok(None);
    };
    let sign = if negative { "-" } else { "" };
    let digits = bignum::to_digits(&bytes, negative);
    Ok(digits.and_then(|digits| format!("{sign}{digits}").parse().ok()))
}

/// Takes a number of any precision; `None` if it is something else.
pub(super) fn read_decimal(
    source: &mut Decoder<'_>,
    kind: Type,
    tagged: Option<u64>,
) -> Result<Option<BigDecimal>, ReadError> {
    if tagged == Some(tag::DECIMAL_FRACTION) {
        return read_fraction(source, kind);
    }
    if let Type::F16 | Type::F32 | Type::F64 = kind {
        let number = read(source, kind)?;
        return Ok(match number {
            Some(Number::Float(number)) => BigDecimal::try_from(number).ok(),
            _ => None,
        });
    }
    Ok(read_integer(source, kind, tagged)?.map(Into::into))
}

/// Source: RFC 8949, section 3.4.4.
fn read_fraction(source: &mut Decoder<'_>, kind: Type) -> Result<Option<BigDecimal>, ReadError> {
    if kind != Type::Array || source.array().map_err(malformed)? != Some(2) {
        return Ok(None);
    }
    let exponent = source.datatype().map_err(malformed)?;
    let Some(Number::Integer(exponent)) = read(source, exponent)? else {
        return Ok(None);
    };
    let mut kind = source.datatype().map_err(malformed)?;
    let mut tagged = None;
    if kind == Type::Tag {
        tagged = Some(source.tag().map_err(malformed)?.as_u64());
        kind = source.datatype().map_err(malformed)?;
    }
    let mantissa = read_integer(source, kind, tagged)?;
    Ok(mantissa.and_then(|mantissa| decimal(mantissa.as_str(), exponent)))
}

/// How many zeros a number is written out with before it gets an exponent.
const MAX_PLACES: usize = 64;

/// `mantissa` × 10^`exponent`, with a point where that is short.
fn decimal(mantissa: &str, exponent: i128) -> Option<BigDecimal> {
    let digits = mantissa.trim_start_matches('-');
    let places = usize::try_from(-exponent).ok();
    let Some(places) = places.filter(|places| (1..=MAX_PLACES).contains(places)) else {
        let text = match exponent {
            0 => mantissa.to_owned(),
            _ => format!("{mantissa}e{exponent}"),
        };
        return text.parse().ok();
    };
    let padded = format!("{digits:0>width$}", width = places + 1);
    let (whole, fraction) = padded.split_at_checked(padded.len() - places)?;
    let sign = if digits.len() < mantissa.len() {
        "-"
    } else {
        ""
    };
    format!("{sign}{whole}.{fraction}").parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The values of RFC 8949, appendix A.
    #[test]
    fn halves_are_numbers() {
        for (bits, expected) in [
            (0x0000, 0.0),
            (0x3c00, 1.0),
            (0x3e00, 1.5),
            (0x7bff, 65504.0),
            (0x0001, 5.960464477539063e-8),
            (0x0400, 0.00006103515625),
            (0xc400, -4.0),
            (0x7c00, f64::INFINITY),
            (0xfc00, f64::NEG_INFINITY),
        ] {
            assert_eq!(half(bits), expected, "{bits:x}");
        }
        assert!(half(0x7e00).is_nan() && half(0x7c01).is_nan());
        assert!(half(0x8000).is_sign_negative());
    }

    #[test]
    fn decimals_are_written_as_people_do() {
        for (mantissa, exponent, expected) in [
            ("27315", -2, "273.15"),
            ("-5", -3, "-0.005"),
            ("15", 0, "15"),
            ("15", 2, "15E2"),
            ("1", -100, "1E-100"),
        ] {
            let found = decimal(mantissa, exponent).map(|number| number.to_string());
            assert_eq!(found.as_deref(), Some(expected));
        }
        assert!(decimal("1", i128::MIN + 1).is_none());
    }
}
