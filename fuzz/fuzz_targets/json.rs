//! The JSON reader: what is no JSON is an error, and what is read can be written and read again.
#![no_main]

use http::HeaderMap;
use libfuzzer_sys::fuzz_target;
use tinsmith_fuzz::{AWS_JSON, REST_JSON, RPC_JSON};

fuzz_target!(|body: &[u8]| {
    for subject in [&AWS_JSON, &RPC_JSON, &REST_JSON] {
        subject.read_error(HeaderMap::new(), body);
        if let Ok(read) = subject.read(HeaderMap::new(), body) {
            // A body of nothing is an output without members, as Smithy's protocols have it. Text that
            // nobody asked for is passed over without being decoded.
            let is_json = serde_json::from_slice::<serde::de::IgnoredAny>(body).is_ok();
            assert!(body.is_empty() || is_json, "read what is not JSON");
            subject.check_round_trip(&read);
        }
    }
});
