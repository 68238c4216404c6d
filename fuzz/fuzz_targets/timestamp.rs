//! The timestamp parsers: what one reads, it writes and reads again as the same point in time.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tinsmith_runtime::schema::TimestampFormat;
use tinsmith_runtime::timestamp::Timestamp;

fuzz_target!(|text: &str| {
    for format in [
        TimestampFormat::DateTime,
        TimestampFormat::EpochSeconds,
        TimestampFormat::HttpDate,
    ] {
        let Ok(time) = Timestamp::parse(text, format) else {
            continue;
        };
        let written = time.format(format).to_string();
        let again = Timestamp::parse(&written, format);
        assert_eq!(again, Ok(time), "{text:?} was written as {written:?}");
    }
    if let Ok(time) = text.parse::<Timestamp>() {
        assert_eq!(time.to_string().parse(), Ok(time));
    }
});
