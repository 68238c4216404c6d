//! What several fuzz targets need: a shape that has everything, and the reading and writing of it.

mod everything;

use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use tinsmith_runtime::operation::{HttpTrait, OperationSchema, ServiceSchema};
use tinsmith_runtime::protocol::{AWS_JSON_1_1, Protocol, REST_JSON_1, RPC_V2_CBOR, RPC_V2_JSON};
use tinsmith_runtime::shape::ReadError;

pub use everything::Everything;

/// A protocol, and an operation that has everything as its input and output.
#[derive(Debug)]
pub struct Subject {
    protocol: &'static dyn Protocol,
    operation: &'static OperationSchema,
}

macro_rules! subject {
    ($name:ident, $protocol:ident, $doc:literal) => {
        #[doc = $doc]
        pub static $name: Subject = {
            static SERVICE: ServiceSchema =
                ServiceSchema::new("fuzz#Service", "1", "Fuzz", &$protocol, &[]);
            static OPERATION: OperationSchema = OperationSchema::new(
                "fuzz#Operation",
                &SERVICE,
                HttpTrait::new("POST", &[], 200),
                &everything::EVERYTHING,
                &everything::EVERYTHING,
            );
            Subject {
                protocol: &$protocol,
                operation: &OPERATION,
            }
        };
    };
}

subject!(REST_JSON, REST_JSON_1, "`aws.protocols#restJson1`.");
subject!(AWS_JSON, AWS_JSON_1_1, "`aws.protocols#awsJson1_1`.");
subject!(CBOR, RPC_V2_CBOR, "`smithy.protocols#rpcv2Cbor`.");
subject!(RPC_JSON, RPC_V2_JSON, "`smithy.protocols#rpcv2Json`.");

impl Subject {
    /// Reads a success.
    pub fn read(&self, headers: HeaderMap, body: &[u8]) -> Result<Everything, ReadError> {
        let response = response(StatusCode::OK, headers, Bytes::copy_from_slice(body));
        let mut output = Everything::default();
        self.protocol
            .read_output(self.operation, &response, &mut output)?;
        Ok(output)
    }

    /// Reads the response as an error, as far as that goes for every kind of body.
    pub fn read_error(&self, headers: HeaderMap, body: &[u8]) {
        let response = response(
            StatusCode::BAD_REQUEST,
            headers,
            Bytes::copy_from_slice(body),
        );
        let _ = self.protocol.read_error_code(&response);
        let mut error = Everything::default();
        let _ = self
            .protocol
            .read_error(&everything::EVERYTHING, &response, &mut error);
    }

    /// What was read can be written, and what was written reads as the same.
    pub fn check_round_trip(&self, read: &Everything) {
        // Some of what may be read may not be sent, such as an unknown variant.
        let Ok(request) = self.protocol.write_request(self.operation, read) else {
            return;
        };
        let (parts, body) = request.into_parts();
        let again = self.read(parts.headers, &body);
        let again = again.unwrap_or_else(|error| panic!("{error}: {body:?}"));
        assert!(again.is_same(read), "{read:#?}\nis not\n{again:#?}");
    }
}

fn response(status: StatusCode, headers: HeaderMap, body: Bytes) -> http::Response<Bytes> {
    let mut response = http::Response::new(body);
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    response
}

/// Headers from lines of `name: value`, without those that HTTP itself refuses.
pub fn headers(lines: &[u8]) -> HeaderMap {
    lines
        .split(|byte| *byte == b'\n')
        .filter_map(|line| {
            let colon = line.iter().position(|byte| *byte == b':')?;
            let (name, value) = line.split_at(colon);
            let name = http::HeaderName::from_bytes(name).ok()?;
            Some((name, http::HeaderValue::from_bytes(value.get(1..)?).ok()?))
        })
        .collect()
}
