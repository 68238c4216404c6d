//! What the official tests of protocols without HTTP bindings leave out: responses that are of no
//! protocol, and bodies that break off.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use bytes::Bytes;
use http::Response;
use tinsmith_runtime::operation::{OperationSchema, ServiceSchema};
use tinsmith_runtime::protocol::{AWS_JSON_1_1, Protocol, RPC_V2_CBOR, RPC_V2_JSON};
use tinsmith_runtime::schema::{Fault, Member, Schema, prelude};

use crate::support::DynStructure;

static OUTPUT: Schema = Schema::structure(
    "test#Output",
    &[
        Member::new("name", &prelude::STRING).required(),
        Member::new("size", &prelude::INTEGER),
    ],
);
static ERROR: Schema = Schema::structure(
    "test#Lost",
    &[
        Member::new("Message", &prelude::STRING).required(),
        Member::new("size", &prelude::INTEGER).required(),
    ],
)
.error(Fault::Client, 404);
static SERVICE: ServiceSchema = ServiceSchema::new("test#Service", "", "", &RPC_V2_JSON, &[]);
static OPERATION: OperationSchema =
    OperationSchema::rpc("test#Get", &SERVICE, &prelude::UNIT, &OUTPUT);

/// The protocols of this kind, each with its name in the header and a body that holds
/// `{"__type": "x#Lost", "code": "Other", "message": "gone", "size": 3}`.
fn protocols() -> [(&'static dyn Protocol, &'static str, Vec<u8>); 3] {
    let json = br#"{"__type": "x#Lost", "code": "Other", "message": "gone", "size": 3}"#;
    let cbor = "pGZfX3R5cGVmeCNMb3N0ZGNvZGVlT3RoZXJnbWVzc2FnZWRnb25lZHNpemUD";
    [
        (&AWS_JSON_1_1, "", json.to_vec()),
        (&RPC_V2_JSON, "rpc-v2-json", json.to_vec()),
        (
            &RPC_V2_CBOR,
            "rpc-v2-cbor",
            BASE64_STANDARD.decode(cbor).unwrap(),
        ),
    ]
}

fn response(name: &str, body: &[u8]) -> Response<Bytes> {
    let response = Response::builder().header("Smithy-Protocol", name);
    response.body(Bytes::copy_from_slice(body)).unwrap()
}

/// In the newer protocols nothing but `__type` names an error, whatever else is there.
#[test]
fn the_type_names_the_error() {
    for (protocol, name, body) in protocols() {
        let mut response = response(name, &body);
        let code = |response: &_| protocol.read_error_code(response).code;
        let expected = if name.is_empty() { "Other" } else { "Lost" };
        assert_eq!(code(&response).as_deref(), Some(expected));
        let header = "Else".parse().unwrap();
        response.headers_mut().insert("X-Amzn-Errortype", header);
        let expected = if name.is_empty() { "Else" } else { "Lost" };
        assert_eq!(code(&response).as_deref(), Some(expected));
    }
}

/// A response that does not name the protocol may come from anybody: a proxy, a load balancer.
#[test]
fn a_response_of_another_protocol_is_not_read() {
    for (protocol, name, body) in protocols() {
        if name.is_empty() {
            continue;
        }
        let response = response("rpc-v2-other", &body);
        assert_eq!(protocol.read_error_code(&response).code, None);
        let mut output = DynStructure::unread(&OUTPUT);
        let error = protocol.read_output(&OPERATION, &response, &mut output);
        let error = error.unwrap_err().to_string();
        assert!(
            error.contains("Smithy-Protocol") && error.contains(name),
            "{error}"
        );
    }
}

/// An error is read as far as it goes, and its message is found under any of its names.
#[test]
fn a_broken_error_keeps_what_was_there() {
    for (protocol, name, body) in protocols() {
        let read = |body: &[u8]| {
            let mut error = DynStructure::unread(&ERROR);
            let missing = protocol.read_error(&ERROR, &response(name, body), &mut error);
            (error.to_string(), missing.unwrap())
        };
        assert_eq!(read(&body), (r#"Message="gone" size=3"#.into(), Vec::new()));
        let cut = &body[..body.len() - 2];
        let (error, missing) = read(cut);
        assert!(error.starts_with(r#"Message="gone""#), "{error}");
        assert!(missing.iter().all(|path| path == "/size"), "{missing:?}");
        let (error, missing) = read(b"<html>");
        assert_eq!(error, r#"Message="" size=0"#);
        assert_eq!(missing, ["/Message", "/size"]);
    }
}

/// Services answer nothing where they have nothing to say, and what they leave out is told.
#[test]
fn an_empty_body_lacks_what_is_required() {
    for (protocol, name, _) in protocols() {
        let mut output = DynStructure::unread(&OUTPUT);
        let missing = protocol.read_output(&OPERATION, &response(name, b""), &mut output);
        assert_eq!(missing.unwrap(), ["/name"]);
        let broken = protocol.read_output(&OPERATION, &response(name, b"{"), &mut output);
        assert!(broken.is_err());
    }
}
