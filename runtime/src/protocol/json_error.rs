//! Which error a response of a JSON protocol is.
//!
//! Source: Smithy 2.0, "AWS restJson1 protocol" and "Smithy RPC v2 JSON protocol", "Operation error
//! serialization".

use bytes::Bytes;
use http::Response;

use super::{ErrorCode, clean_code};
use crate::json::{self, Dialect, Timestamps};
use crate::schema::{Member, TimestampFormat};
use crate::shape::{Document, MapSink, ReadError, ShapeReader};

/// None of these errors has what dialects differ in.
const DIALECT: &Dialect = &Dialect {
    json_names: false,
    timestamps: Timestamps::Default(TimestampFormat::EpochSeconds),
    big_number_strings: false,
};

/// Finds the code in the header, else in the body, and the message in the body. A body that is not
/// JSON, or ends early, gives what could be read of it.
pub(super) fn read_error_code(response: &Response<Bytes>) -> ErrorCode {
    let header = response.headers().get("x-amzn-errortype");
    let header = header
        .and_then(|value| value.to_str().ok())
        .and_then(clean_code);
    let body = Hints::find(response.body());
    let in_body = || body.code.as_deref().and_then(clean_code);
    let in_type = || body.tag.as_deref().and_then(clean_code);
    ErrorCode {
        code: header.or_else(in_body).or_else(in_type),
        message: body.message,
    }
}

/// Finds code and message in a body whose `__type` alone says what it is.
#[cfg(feature = "rpc-v2-json")]
pub(super) fn read_typed_body(body: &[u8]) -> ErrorCode {
    let body = Hints::find(body);
    ErrorCode {
        code: body.tag.as_deref().and_then(clean_code),
        message: body.message,
    }
}

/// The members of an error's body that tell what it is.
#[derive(Debug, Default)]
struct Hints {
    code: Option<String>,
    tag: Option<String>,
    message: Option<String>,
}

impl Hints {
    fn find(body: &[u8]) -> Self {
        let mut hints = Self::default();
        // Where the body breaks off does not matter: what was found before is kept.
        let _ = json::read_value(DIALECT, body, &mut |reader| {
            reader.map(&json::ANY_OBJECT, &mut hints).map(drop)
        });
        hints
    }

    fn slot(&mut self, key: &str) -> Option<&mut Option<String>> {
        match key {
            "code" => Some(&mut self.code),
            "__type" => Some(&mut self.tag),
            "message" | "Message" | "errorMessage" => Some(&mut self.message),
            _ => None,
        }
    }
}

impl MapSink for Hints {
    fn read_entry(
        &mut self,
        key: &str,
        value: &'static Member,
        reader: &mut dyn ShapeReader,
    ) -> Result<(), ReadError> {
        if let Some(slot) = self.slot(key) {
            // Some services put a number or an object there, which says nothing to us.
            if let Ok(Some(Document::String(text))) = reader.document(value) {
                *slot = Some(text);
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(header: Option<&str>, body: &str) -> (Option<String>, Option<String>) {
        let mut response = Response::new(Bytes::copy_from_slice(body.as_bytes()));
        if let Some(header) = header {
            let value = header.parse().unwrap();
            response.headers_mut().insert("X-Amzn-Errortype", value);
        }
        let ErrorCode { code, message } = read_error_code(&response);
        (code, message)
    }

    #[test]
    fn namespaces_and_uris_are_cut_off() {
        for code in [
            "FooError",
            "FooError:http://internal.amazon.com/coral/com.amazon.coral.validate/",
            "aws.protocoltests.restjson#FooError",
            "aws.protocoltests.restjson#FooError:http://internal.amazon.com/coral/",
        ] {
            assert_eq!(
                read(Some(code), "").0.as_deref(),
                Some("FooError"),
                "{code}"
            );
            let body = format!("{{\"__type\": \"{code}\"}}");
            assert_eq!(read(None, &body).0.as_deref(), Some("FooError"), "{code}");
        }
    }

    #[test]
    fn the_header_comes_before_the_code_and_the_code_before_the_type() {
        let body = r#"{"__type": "C", "code": "B", "errorMessage": "why"}"#;
        assert_eq!(
            read(Some("A"), body),
            (Some("A".into()), Some("why".into()))
        );
        assert_eq!(read(None, body).0.as_deref(), Some("B"));
        assert_eq!(read(Some(":"), body).0.as_deref(), Some("B"));
    }

    #[test]
    fn broken_bodies_lose_nothing_that_was_there() {
        let truncated = r#"{"code": "B", "Message": "why", "deta"#;
        assert_eq!(
            read(None, truncated),
            (Some("B".into()), Some("why".into()))
        );
        assert_eq!(read(Some("A"), "<html>").0.as_deref(), Some("A"));
        assert_eq!(
            read(None, r#"{"code": 7, "message": {}, "__type": "C"}"#),
            (Some("C".into()), None)
        );
        assert_eq!(
            read(None, r#"{"message": "\ud800", "__type": "C"}"#),
            (Some("C".into()), None)
        );
        assert_eq!(read(None, "[1]"), (None, None));
    }
}
