//! The header parsers: lines of `name: value` in, an error or values that can be written as headers and
//! read again.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tinsmith_fuzz::{REST_JSON, headers};

fuzz_target!(|lines: &[u8]| {
    let headers = headers(lines);
    REST_JSON.read_error(headers.clone(), b"{}");
    if let Ok(read) = REST_JSON.read(headers, b"{}") {
        REST_JSON.check_round_trip(&read);
    }
});
