//! Headers of a request.

use http::header::{HeaderMap, HeaderName, HeaderValue};

/// The most headers that members may set. `HeaderMap` holds 24,576 and panics beyond, and those that
/// every request gets have to fit beside them.
#[cfg(any(feature = "rest-json-1", test))]
pub(crate) const MOST_HEADERS: usize = 24_000;

/// Sets a header. One for all: it is much code each time that it is compiled.
///
/// A map that an interceptor has filled to its end stays as it is: the service will say what it misses.
pub(crate) fn set_header(headers: &mut HeaderMap, name: HeaderName, value: HeaderValue) {
    let _ = headers.try_insert(name, value);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Protects the process: there is room beside the most headers that members may set, and a map that
    /// is full is no panic, which `HeaderMap::insert` would be.
    #[test]
    fn a_full_map_stays_as_it_is() {
        let name = |number: usize| HeaderName::try_from(format!("x-{number}")).unwrap();
        let value = HeaderValue::from_static("v");
        let mut headers = HeaderMap::new();
        for number in 0..MOST_HEADERS + 1_000 {
            set_header(&mut headers, name(number), value.clone());
        }
        assert!(headers.len() > MOST_HEADERS + 500);
        assert!(headers.len() < MOST_HEADERS + 1_000);
    }
}
