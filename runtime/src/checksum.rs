//! Checksums of requests and responses that operations with `aws.protocols#httpChecksum` agree on.
//!
//! A checksum stands in a header, so that a body which is a stream has none unless the caller gives it.
//!
//! Source: Smithy 2.0, "httpChecksum trait".

use base64::Engine;
use bytes::Bytes;
use http::header::{HeaderMap, HeaderName, HeaderValue};

use crate::operation::OperationSchema;
use crate::request::set_header;
use crate::schema::HttpBinding;
use crate::shape::{BASE64, Structure, Text, WriteError, member_text};

/// The algorithms that clients know.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[allow(missing_docs)] // Each variant is the algorithm of the same name.
pub enum ChecksumAlgorithm {
    Crc32,
    Crc32C,
    Crc64Nvme,
    Md5,
    Sha1,
    Sha256,
    Sha512,
}

/// `aws.protocols#httpChecksum`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct HttpChecksum {
    /// Whether the service wants a checksum with every request.
    pub required: bool,
    /// The input's member that chooses the algorithm of the request's checksum.
    pub algorithm_member: Option<&'static str>,
    /// The input's member that asks for a checksum of the response.
    pub validation_member: Option<&'static str>,
    /// The algorithms that the service may use for the response.
    pub response_algorithms: &'static [ChecksumAlgorithm],
}

/// When requests carry checksums, and those of responses are checked, where an operation knows them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Checksums {
    /// Wherever the operation allows it.
    #[default]
    WhenSupported,
    /// Where the operation requires it, or the input asks for it.
    WhenRequired,
}

/// A response whose body is not the one that its checksum was made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ChecksumMismatch(ChecksumAlgorithm);

impl std::fmt::Display for ChecksumMismatch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let name = self.0.name();
        write!(
            f,
            "the {name} checksum of the body is not the one in its header"
        )
    }
}

impl std::error::Error for ChecksumMismatch {}

impl HttpChecksum {
    /// The trait without any of its members.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            required: false,
            algorithm_member: None,
            validation_member: None,
            response_algorithms: &[],
        }
    }

    /// With a checksum in every request.
    #[must_use]
    pub const fn required(mut self) -> Self {
        self.required = true;
        self
    }

    /// With a member that chooses the algorithm.
    #[must_use]
    pub const fn algorithm_member(mut self, name: &'static str) -> Self {
        self.algorithm_member = Some(name);
        self
    }

    /// With a member that asks for a checksum of the response, by one of these algorithms.
    #[must_use]
    pub const fn validation(
        mut self,
        member: &'static str,
        algorithms: &'static [ChecksumAlgorithm],
    ) -> Self {
        self.validation_member = Some(member);
        self.response_algorithms = algorithms;
        self
    }
}

impl ChecksumAlgorithm {
    /// All that clients know, the cheapest first.
    const ALL: [Self; 7] = [
        Self::Crc32,
        Self::Crc32C,
        Self::Crc64Nvme,
        Self::Sha1,
        Self::Sha256,
        Self::Sha512,
        Self::Md5,
    ];

    /// The name in models, such as `CRC32`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Crc32 => "CRC32",
            Self::Crc32C => "CRC32C",
            Self::Crc64Nvme => "CRC64NVME",
            Self::Md5 => "MD5",
            Self::Sha1 => "SHA1",
            Self::Sha256 => "SHA256",
            Self::Sha512 => "SHA512",
        }
    }

    fn named(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|algorithm| algorithm.name() == name)
    }

    /// The header that a checksum stands in.
    const fn header(self) -> HeaderName {
        HeaderName::from_static(match self {
            Self::Crc32 => "x-amz-checksum-crc32",
            Self::Crc32C => "x-amz-checksum-crc32c",
            Self::Crc64Nvme => "x-amz-checksum-crc64nvme",
            Self::Md5 => "x-amz-checksum-md5",
            Self::Sha1 => "x-amz-checksum-sha1",
            Self::Sha256 => "x-amz-checksum-sha256",
            Self::Sha512 => "x-amz-checksum-sha512",
        })
    }

    /// The checksum of `bytes`, in base64.
    #[cfg(feature = "checksums")]
    fn encode(self, bytes: &[u8]) -> Option<String> {
        use md5::{Digest, Md5};
        use sha2::{Sha256, Sha512};

        Some(match self {
            Self::Crc32 => BASE64.encode(CRC_32.checksum(bytes).to_be_bytes()),
            Self::Crc32C => BASE64.encode(CRC_32_C.checksum(bytes).to_be_bytes()),
            Self::Crc64Nvme => BASE64.encode(CRC_64_NVME.checksum(bytes).to_be_bytes()),
            Self::Md5 => BASE64.encode(Md5::digest(bytes)),
            Self::Sha1 => BASE64.encode(sha1_smol::Sha1::from(bytes).digest().bytes()),
            Self::Sha256 => BASE64.encode(Sha256::digest(bytes)),
            Self::Sha512 => BASE64.encode(Sha512::digest(bytes)),
        })
    }

    /// Without the feature there are no checksums.
    #[cfg(not(feature = "checksums"))]
    fn encode(self, _: &[u8]) -> Option<String> {
        None
    }
}

#[cfg(feature = "checksums")]
type Crc<W> = crc::Crc<W, crc::Table<16>>;
#[cfg(feature = "checksums")]
static CRC_32: Crc<u32> = Crc::<u32>::new(&crc::CRC_32_ISO_HDLC);
#[cfg(feature = "checksums")]
static CRC_32_C: Crc<u32> = Crc::<u32>::new(&crc::CRC_32_ISCSI);
#[cfg(feature = "checksums")]
static CRC_64_NVME: Crc<u64> = Crc::<u64>::new(&crc::CRC_64_NVME);

/// Chooses the algorithm of the request's checksum and asks for one of the response, where the caller
/// leaves that out.
pub(crate) fn prepare(
    operation: &'static OperationSchema,
    input: &mut dyn Structure,
    checksums: Checksums,
) {
    let Some(facts) = operation.checksum.filter(|_| cfg!(feature = "checksums")) else {
        return;
    };
    let always = checksums == Checksums::WhenSupported;
    if let Some(member) = facts.algorithm_member
        && (always || facts.required)
        && operation.input.streaming_member().is_none()
        && !is_given(operation, input)
    {
        fill(
            operation,
            input,
            member,
            default_algorithm(operation, member).name(),
        );
    }
    if let Some(member) = facts.validation_member.filter(|_| always) {
        fill(operation, input, member, "ENABLED");
    }
}

/// The cheapest algorithm that the service knows.
fn default_algorithm(operation: &OperationSchema, member: &str) -> ChecksumAlgorithm {
    let known = operation.input.member(member);
    let known = known.map_or(&[][..], |member| member.target.enum_values);
    let mut all = ChecksumAlgorithm::ALL.into_iter();
    all.find(|algorithm| known.contains(&algorithm.name()))
        .unwrap_or(ChecksumAlgorithm::Crc32)
}

/// Sets a member that is not set.
fn fill(operation: &OperationSchema, input: &mut dyn Structure, member: &str, text: &str) {
    let members = operation.input.members;
    let index = members.iter().position(|it| it.name == member);
    if let Some(index) = index.filter(|_| member_text(input, member).is_none()) {
        // The member is an enum, which takes every text.
        let _ = input.read(index, &mut Text(text));
    }
}

/// Whether the input itself gives a checksum, in a header of its own.
fn is_given(operation: &OperationSchema, input: &dyn Structure) -> bool {
    let is_checksum = |name: &str| {
        let mut all = ChecksumAlgorithm::ALL.into_iter();
        all.any(|algorithm| name.eq_ignore_ascii_case(algorithm.header().as_str()))
    };
    operation.input.members.iter().any(|member| {
        matches!(member.http, HttpBinding::Header(name) if is_checksum(name))
            && member_text(input, member.name).is_some()
    })
}

/// Adds the checksum that the input asks for to the headers of a request, unless one is there.
///
/// # Errors
///
/// An algorithm that the client does not know, and a body that is a stream.
pub(crate) fn add(
    operation: &'static OperationSchema,
    input: &dyn Structure,
    headers: &mut HeaderMap,
    body: Option<&Bytes>,
) -> Result<(), WriteError> {
    let member = operation.checksum.and_then(|facts| facts.algorithm_member);
    let Some(name) = member.and_then(|member| member_text(input, member)) else {
        return Ok(());
    };
    let mut all = ChecksumAlgorithm::ALL.into_iter();
    if all.any(|algorithm| headers.contains_key(algorithm.header())) {
        return Ok(());
    }
    let Some(body) = body else {
        let message = "the checksum of a stream goes before it, so that the caller must give it";
        return Err(WriteError::new(message));
    };
    let unknown = || WriteError::new("a checksum algorithm that this client does not know");
    let algorithm = ChecksumAlgorithm::named(&name).ok_or_else(unknown)?;
    let checksum = algorithm.encode(body).ok_or_else(unknown)?;
    let value = HeaderValue::try_from(checksum).map_err(|_| unknown())?;
    set_header(headers, algorithm.header(), value);
    Ok(())
}

/// Checks a response by one of its checksums, if the input asked for that, and tells by which.
///
/// # Errors
///
/// A body that is not the one that the checksum was made of.
pub(crate) fn verify(
    operation: &'static OperationSchema,
    input: &dyn Structure,
    response: &http::Response<Bytes>,
) -> Result<Option<ChecksumAlgorithm>, ChecksumMismatch> {
    let Some(facts) = operation.checksum else {
        return Ok(None);
    };
    let mode = facts
        .validation_member
        .and_then(|it| member_text(input, it));
    if mode.as_deref() != Some("ENABLED") {
        return Ok(None);
    }
    let mut known = ChecksumAlgorithm::ALL.into_iter();
    let found = known.find_map(|algorithm| {
        let value = response.headers().get(algorithm.header())?.to_str().ok()?;
        // With a number of parts it is a checksum of checksums, which the body alone does not tell.
        let whole = !value.contains('-') && facts.response_algorithms.contains(&algorithm);
        let computed = algorithm.encode(response.body()).filter(|_| whole)?;
        Some((algorithm, computed == value))
    });
    match found {
        Some((algorithm, false)) => Err(ChecksumMismatch(algorithm)),
        Some((algorithm, true)) => Ok(Some(algorithm)),
        None => Ok(None),
    }
}

#[cfg(test)]
#[cfg(feature = "checksums")]
mod tests {
    use super::*;
    use crate::operation::{HttpTrait, ServiceSchema};
    use crate::protocol::REST_JSON_1;
    use crate::request::{RequestOptions, prepare, write};
    use crate::schema::{Member, Schema, ShapeKind, prelude};

    /// The check values of the catalogue of CRCs, and digests of the same text.
    #[test]
    fn algorithms_agree_with_their_check_values() {
        let hex = |algorithm: ChecksumAlgorithm| {
            let bytes = BASE64
                .decode(algorithm.encode(b"123456789").unwrap())
                .unwrap();
            let digits: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
            digits
        };
        assert_eq!(hex(ChecksumAlgorithm::Crc32), "cbf43926");
        assert_eq!(hex(ChecksumAlgorithm::Crc32C), "e3069283");
        assert_eq!(hex(ChecksumAlgorithm::Crc64Nvme), "ae8b14860a799888");
        assert_eq!(
            hex(ChecksumAlgorithm::Md5),
            "25f9e794323b453885f5181f1b624d0b"
        );
        assert_eq!(
            hex(ChecksumAlgorithm::Sha1),
            "f7c3bc1d808e04732adf679965ccc34ca7ae3441"
        );
        assert!(hex(ChecksumAlgorithm::Sha256).starts_with("15e2b0d3c33891ebb0f1ef609ec41942"));
        assert!(hex(ChecksumAlgorithm::Sha512).starts_with("d9e6762dd1c8eaf6d61b3c6192fc408d"));
    }

    static ALGORITHM: Schema =
        Schema::new("test#Algorithm", ShapeKind::Enum).values(&["CRC32C", "SHA256"]);
    static MEMBERS: [Member; 4] = [
        Member::new("algorithm", &ALGORITHM).http(HttpBinding::Header("x-algorithm")),
        Member::new("mode", &prelude::STRING).http(HttpBinding::Header("x-mode")),
        Member::new("given", &prelude::STRING).http(HttpBinding::Header("X-Amz-Checksum-Sha256")),
        Member::new("data", &prelude::STRING).http(HttpBinding::Payload),
    ];
    static INPUT: Schema = Schema::structure("test#Input", &MEMBERS);
    static SERVICE: ServiceSchema = ServiceSchema::new("test#S", "", "S", &REST_JSON_1, &[]);
    static OPERATION: OperationSchema = OperationSchema::new(
        "test#Put",
        &SERVICE,
        HttpTrait::new("PUT", &[], 200),
        &INPUT,
        &prelude::UNIT,
    )
    .checksum(
        HttpChecksum::new()
            .algorithm_member("algorithm")
            .validation(
                "mode",
                &[ChecksumAlgorithm::Crc32, ChecksumAlgorithm::Sha256],
            ),
    );

    #[derive(Clone, Default)]
    struct Input {
        algorithm: Option<String>,
        mode: Option<String>,
        given: Option<String>,
        data: Option<String>,
    }

    crate::structure!(
        Input = MEMBERS {
            0: algorithm,
            1: mode,
            2: given,
            3: data
        }
    );

    fn text(text: &str) -> Option<String> {
        Some(text.to_owned())
    }

    fn headers(input: &Input, checksums: Checksums) -> Result<HeaderMap, String> {
        let options = RequestOptions {
            checksums,
            ..RequestOptions::default()
        };
        let mut input = Input {
            data: text("123456789"),
            ..input.clone()
        };
        prepare(&OPERATION, &mut input, &options);
        let request = write(&OPERATION, &input, &options).map_err(|error| error.to_string())?;
        Ok(request.headers().clone())
    }

    #[test]
    fn requests_carry_the_cheapest_checksum_that_the_service_knows() {
        let found = headers(&Input::default(), Checksums::WhenSupported).unwrap();
        assert_eq!(found["x-algorithm"], "CRC32C");
        assert_eq!(found["x-amz-checksum-crc32c"], "4waSgw==");
        assert_eq!(found["x-mode"], "ENABLED");
    }

    #[test]
    fn the_caller_chooses() {
        let chosen = Input {
            algorithm: text("SHA256"),
            ..Input::default()
        };
        let found = headers(&chosen, Checksums::WhenRequired).unwrap();
        assert!(found.contains_key("x-amz-checksum-sha256") && !found.contains_key("x-mode"));
        let none = headers(&Input::default(), Checksums::WhenRequired).unwrap();
        assert!(none.keys().all(|name| !name.as_str().contains("checksum")));
        let given = Input {
            given: text("mine"),
            ..Input::default()
        };
        let found = headers(&given, Checksums::WhenSupported).unwrap();
        assert_eq!(found["x-amz-checksum-sha256"], "mine");
        assert!(!found.contains_key("x-algorithm") && !found.contains_key("x-amz-checksum-crc32c"));
        let unknown = Input {
            algorithm: text("XXHASH3"),
            ..Input::default()
        };
        let error = headers(&unknown, Checksums::WhenSupported).unwrap_err();
        assert_eq!(error, "a checksum algorithm that this client does not know");
    }

    fn verified(
        mode: &str,
        header: (&'static str, &'static str),
    ) -> Result<Option<ChecksumAlgorithm>, ChecksumMismatch> {
        let mut response = http::Response::new(Bytes::from_static(b"123456789"));
        response
            .headers_mut()
            .insert(header.0, HeaderValue::from_static(header.1));
        let input = Input {
            mode: text(mode),
            ..Input::default()
        };
        verify(&OPERATION, &input, &response)
    }

    #[test]
    fn responses_are_held_to_their_checksums() {
        let crc32 = Some(ChecksumAlgorithm::Crc32);
        assert_eq!(
            verified("ENABLED", ("x-amz-checksum-crc32", "y/Q5Jg==")),
            Ok(crc32)
        );
        let wrong = verified("ENABLED", ("x-amz-checksum-crc32", "AAAAAA=="));
        assert_eq!(wrong, Err(ChecksumMismatch(ChecksumAlgorithm::Crc32)));
        // Not asked for, of several parts, and by an algorithm that the operation does not list.
        assert_eq!(verified("", ("x-amz-checksum-crc32", "AAAAAA==")), Ok(None));
        assert_eq!(
            verified("ENABLED", ("x-amz-checksum-crc32", "AAAAAA==-2")),
            Ok(None)
        );
        assert_eq!(
            verified("ENABLED", ("x-amz-checksum-crc32c", "AAAAAA==")),
            Ok(None)
        );
    }
}
