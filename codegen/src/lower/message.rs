//! Traits of operations that concern the finished request.

use tinsmith_model::{Node, Problem, Shape, traits};

use crate::ir::{Checksum, HostSegment};

/// `smithy.api#endpoint`, taken apart.
pub(super) fn host_prefix(shape: &Shape<'_>, problems: &mut Vec<Problem>) -> Vec<HostSegment> {
    let text = shape.traits.endpoint_host_prefix().unwrap_or_default();
    let prefix = traits::HostPrefix::parse(text).unwrap_or_else(|error| {
        let message = format!("the host prefix is not one: {}", error.message);
        problems.push(Problem::error(shape.span, message).about(shape.id.as_str()));
        traits::HostPrefix::default()
    });
    let segments = prefix.parts.into_iter().map(|part| match part {
        traits::HostPart::Literal(text) => HostSegment::Literal(text.into()),
        traits::HostPart::Label(name) => HostSegment::Label(name.into()),
    });
    segments.collect()
}

/// Whether `smithy.api#requestCompression` allows gzip, which is all that a client knows.
pub(super) fn is_compressed(shape: &Shape<'_>) -> bool {
    let compression = shape.traits.get("smithy.api#requestCompression");
    let encodings = compression.and_then(|value| value.get("encodings"));
    let mut encodings = encodings.and_then(Node::as_array).into_iter().flatten();
    encodings.any(|encoding| (encoding.as_str()).is_some_and(|it| it.eq_ignore_ascii_case("gzip")))
}

/// Whether the request must carry an MD5 checksum: `smithy.api#httpChecksumRequired`, or
/// `aws.protocols#httpChecksum` that asks for a checksum and leaves no choice of algorithm.
pub(super) fn needs_md5(shape: &Shape<'_>) -> bool {
    match shape.traits.get("aws.protocols#httpChecksum") {
        Some(checksum) => {
            let required = checksum.get("requestChecksumRequired");
            let has_choice = checksum.get("requestAlgorithmMember").is_some();
            required.and_then(Node::as_bool) == Some(true) && !has_choice
        }
        None => shape.traits.http_checksum_required(),
    }
}

/// The algorithms that clients know, with the variants of the runtime.
const ALGORITHMS: [(&str, &str); 7] = [
    ("CRC32", "Crc32"),
    ("CRC32C", "Crc32C"),
    ("CRC64NVME", "Crc64Nvme"),
    ("MD5", "Md5"),
    ("SHA1", "Sha1"),
    ("SHA256", "Sha256"),
    ("SHA512", "Sha512"),
];

/// `aws.protocols#httpChecksum`, where it leaves a choice.
pub(super) fn checksum(shape: &Shape<'_>) -> Option<Checksum> {
    let checksum = shape.traits.get("aws.protocols#httpChecksum")?;
    let required = checksum.get("requestChecksumRequired");
    let algorithm_member = checksum.get_str("requestAlgorithmMember");
    let listed = checksum.get("responseAlgorithms").and_then(Node::as_array);
    let known = listed.into_iter().flatten().filter_map(|algorithm| {
        let name = algorithm.as_str()?;
        let (_, variant) = ALGORITHMS.iter().find(|(known, _)| *known == name)?;
        Some(*variant)
    });
    let validation_member = checksum.get_str("requestValidationModeMember");
    let validation = validation_member.map(|member| (member.to_owned(), known.collect()));
    (algorithm_member.is_some() || validation.is_some()).then(|| Checksum {
        required: required.and_then(Node::as_bool) == Some(true),
        algorithm_member: algorithm_member.map(ToOwned::to_owned),
        validation,
    })
}
