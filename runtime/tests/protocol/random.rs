//! Nothing that a service can send makes the reading of headers and timestamps panic.

use bytes::Bytes;
use http::{HeaderValue, Response};
use proptest::prelude::*;
use tinsmith_runtime::protocol::{Protocol, REST_JSON_1};
use tinsmith_runtime::schema::{HttpBinding, Member, Schema, TimestampFormat, prelude};
use tinsmith_runtime::timestamp::Timestamp;

use crate::support::DynStructure;

static TEXTS: Schema = Schema::list("test#Texts", &[Member::new("member", &prelude::STRING)]);
static TIMES: Schema = Schema::list("test#Times", &[Member::new("member", &prelude::TIMESTAMP)]);
static NUMBERS: Schema = Schema::list("test#Numbers", &[Member::new("member", &prelude::DOUBLE)]);
static MEMBERS: [Member; 8] = [
    Member::new("text", &prelude::STRING).http(HttpBinding::Header("x")),
    Member::new("texts", &TEXTS).http(HttpBinding::Header("x")),
    Member::new("times", &TIMES).http(HttpBinding::Header("x")),
    Member::new("numbers", &NUMBERS).http(HttpBinding::Header("x")),
    Member::new("integer", &prelude::INTEGER).http(HttpBinding::Header("x")),
    Member::new("blob", &prelude::BLOB).http(HttpBinding::Header("x")),
    Member::new("big", &prelude::BIG_INTEGER).http(HttpBinding::Header("x")),
    Member::new("decimal", &prelude::BIG_DECIMAL).http(HttpBinding::Header("x")),
];
static ERROR: Schema = Schema::structure("test#Error", &MEMBERS);

const FORMATS: [TimestampFormat; 3] = [
    TimestampFormat::DateTime,
    TimestampFormat::HttpDate,
    TimestampFormat::EpochSeconds,
];

/// Reads a header as every kind that a header can be; what fails is left out.
fn read_header(value: HeaderValue, code: HeaderValue) {
    let mut response = Response::new(Bytes::new());
    response.headers_mut().insert("x", value);
    response.headers_mut().insert("x-amzn-errortype", code);
    let _ = REST_JSON_1.read_error_code(&response);
    let mut error = DynStructure::unread(&ERROR);
    assert!(
        REST_JSON_1
            .read_error(&ERROR, &response, &mut error)
            .is_ok()
    );
}

proptest! {
    #[test]
    fn headers_do_no_harm(bytes in proptest::collection::vec(any::<u8>(), 0..64)) {
        if let Ok(value) = HeaderValue::from_bytes(&bytes) {
            read_header(value.clone(), value);
        }
    }

    #[test]
    fn header_like_text_does_no_harm(text in r#"(["\\, aé]|Mon, 16 Dec 2019 23:48:18 GMT|-?[0-9]{1,30}(\.|e)?){0,12}"#) {
        if let Ok(value) = HeaderValue::from_str(&text) {
            read_header(value.clone(), value);
        }
    }

    #[test]
    fn any_text_is_a_timestamp_or_an_error(text in r"\PC{0,40}") {
        for format in FORMATS {
            let _ = Timestamp::parse(&text, format);
        }
    }

    #[test]
    fn time_like_text_is_a_timestamp_or_an_error(
        text in r"-?[0-9]{1,5}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{0,12})?(Z|[+-][0-9]{2}:[0-9]{2})",
        number in r"-?[0-9]{0,25}(\.[0-9]{0,12})?([eE][+-]?[0-9]{0,4})?",
    ) {
        for format in FORMATS {
            let _ = Timestamp::parse(&text, format);
            let _ = Timestamp::parse(&number, format);
        }
    }

    /// What is written is read again, over the years that RFC 3339 can express.
    #[test]
    fn timestamps_survive_every_format(
        second in -62_167_219_200_i64..=253_402_300_799,
        nanosecond in prop_oneof![Just(0), 0..1_000_000_000_i32],
    ) {
        let time = Timestamp::from_second(second).unwrap();
        let fraction = i64::from(nanosecond);
        let later = time.checked_add(std::time::Duration::from_nanos(fraction.unsigned_abs()).try_into().unwrap());
        let time = later.unwrap();
        for format in FORMATS {
            let text = time.format(format).to_string();
            prop_assert_eq!(Timestamp::parse(&text, format), Ok(time), "{}", text);
        }
    }
}
