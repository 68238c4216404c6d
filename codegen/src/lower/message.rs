//! Traits of operations that concern the finished request.

use tinsmith_model::{Node, Problem, Shape, traits};

use crate::ir::HostSegment;

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
pub(super) fn needs_checksum(shape: &Shape<'_>) -> bool {
    match shape.traits.get("aws.protocols#httpChecksum") {
        Some(checksum) => {
            let required = checksum.get("requestChecksumRequired");
            let has_choice = checksum.get("requestAlgorithmMember").is_some();
            required.and_then(Node::as_bool) == Some(true) && !has_choice
        }
        None => shape.traits.http_checksum_required(),
    }
}
