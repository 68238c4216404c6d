//! The floating-point numbers that have no digits.
//!
//! Source: Smithy 2.0, "AWS restJson1 protocol", "Non-numeric float and double serialization".

/// The name of `value`, if it is not finite.
pub(crate) fn special_float(value: f64) -> Option<&'static str> {
    if value.is_nan() {
        Some("NaN")
    } else if value == f64::INFINITY {
        Some("Infinity")
    } else if value == f64::NEG_INFINITY {
        Some("-Infinity")
    } else {
        None
    }
}

/// The number of this name, among those that are not finite.
pub(crate) fn special_named(name: &str) -> Option<f64> {
    match name {
        "NaN" => Some(f64::NAN),
        "Infinity" => Some(f64::INFINITY),
        "-Infinity" => Some(f64::NEG_INFINITY),
        _ => None,
    }
}

/// A number with or without digits; one beyond the range of a double is none.
pub(crate) fn parse_double(text: &str) -> Option<f64> {
    let digits = || text.parse().ok().filter(|number: &f64| number.is_finite());
    special_named(text).or_else(digits)
}

/// A number with or without digits; one beyond the range of a float is none.
pub(crate) fn parse_float(text: &str) -> Option<f32> {
    let digits = || text.parse().ok().filter(|number: &f32| number.is_finite());
    special_named(text)
        .map(|special| special as f32)
        .or_else(digits)
}
