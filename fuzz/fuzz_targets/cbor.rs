//! The CBOR reader: whatever the bytes, an error or a value that can be written and read again.
#![no_main]

use http::HeaderMap;
use libfuzzer_sys::fuzz_target;
use tinsmith_fuzz::CBOR;

fuzz_target!(|body: &[u8]| {
    let mut headers = HeaderMap::new();
    headers.insert(
        "smithy-protocol",
        http::HeaderValue::from_static("rpc-v2-cbor"),
    );
    CBOR.read_error(headers.clone(), body);
    if let Ok(read) = CBOR.read(headers, body) {
        CBOR.check_round_trip(&read);
    }
});
