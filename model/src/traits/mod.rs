//! Typed views of the traits that a client is made by.
//!
//! Traits are kept as [`Node`]s; the methods of [`Traits`] read those that lowering needs. A value
//! that is not as Smithy says reads as if it were absent: [`check`](crate::check::check) tells of it.

mod auth;
mod constraint;
mod http;
mod pagination;
mod pattern;
#[cfg(test)]
mod tests;
mod waiters;
mod xml;

use crate::model::{ShapeId, Traits};
use crate::node::Node;

pub use auth::NO_AUTH;
pub use constraint::{Length, Range};
pub use http::{
    HostPart, HostPrefix, Http, HttpBinding, QueryLiteral, Segment, UriError, UriPattern,
};
pub use pagination::{Paginated, Pagination};
pub use pattern::PatternUse;
pub use waiters::{Acceptor, AcceptorState, Matcher, PathComparator, PathMatcher, Waiter};
pub use xml::XmlNamespace;

/// Who caused an error. Source: Smithy 2.0, "error trait".
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Fault {
    /// The caller.
    Client,
    /// The service.
    Server,
}

/// `smithy.api#retryable`: the operation may be tried again after the error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retryable {
    /// Whether the error means that too much was sent.
    pub throttling: bool,
}

/// How a timestamp is written. Source: Smithy 2.0, "timestampFormat trait".
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TimestampFormat {
    /// RFC 3339 in UTC: `date-time`.
    DateTime,
    /// The IMF-fixdate of RFC 9110 section 5.6.7: `http-date`.
    HttpDate,
    /// Seconds since 1970-01-01T00:00:00Z, with a fraction: `epoch-seconds`.
    EpochSeconds,
}

/// `smithy.api#deprecated`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deprecated<'a> {
    /// Why, or what to use instead.
    pub message: Option<&'a str>,
    /// The date or version it was deprecated in.
    pub since: Option<&'a str>,
}

/// One of `smithy.api#examples`.
#[derive(Clone, Copy, Debug)]
pub struct Example<'a, 's> {
    /// What the example shows.
    pub title: &'a str,
    /// More on it, in CommonMark.
    pub documentation: Option<&'a str>,
    /// The input, by member.
    pub input: Option<&'a Node<'s>>,
    /// The output, by member; not together with an error.
    pub output: Option<&'a Node<'s>>,
    /// The error that the operation answers.
    pub error: Option<ExampleError<'a, 's>>,
    /// Whether the input or output may break constraints.
    pub allow_constraint_errors: bool,
    /// The whole example.
    pub node: &'a Node<'s>,
}

/// The error of an [`Example`].
#[derive(Clone, Copy, Debug)]
pub struct ExampleError<'a, 's> {
    /// The error's shape id.
    pub shape: &'a str,
    /// Its members.
    pub content: Option<&'a Node<'s>>,
}

/// `aws.api#service`. Source: Smithy 2.0, "AWS core specification".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AwsService<'a> {
    /// The name that SDKs call the service by.
    pub sdk_id: &'a str,
    /// The service part of its ARNs.
    pub arn_namespace: Option<&'a str>,
    /// The first label of its host names.
    pub endpoint_prefix: Option<&'a str>,
    /// Where its CloudTrail events come from.
    pub cloud_trail_event_source: Option<&'a str>,
    /// Its name in CloudFormation types.
    pub cloud_formation_name: Option<&'a str>,
    /// The prefix of its documentation's ids.
    pub doc_id: Option<&'a str>,
}

impl<'s> Traits<'s> {
    /// The value of the trait with this absolute id.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<&Node<'s>> {
        self.values.get(id)
    }

    /// Whether there is a trait with this absolute id.
    #[must_use]
    pub fn has(&self, id: &str) -> bool {
        self.values.contains_key(id)
    }

    /// The traits, in the order of the file.
    pub fn iter(&self) -> impl Iterator<Item = (&ShapeId<'s>, &Node<'s>)> {
        self.values.iter()
    }

    fn string(&self, id: &str) -> Option<&str> {
        self.get(id)?.as_str()
    }

    /// `smithy.api#required`.
    #[must_use]
    pub fn required(&self) -> bool {
        self.has("smithy.api#required")
    }

    /// `smithy.api#clientOptional`: a client treats the member as optional, whatever else is said.
    #[must_use]
    pub fn client_optional(&self) -> bool {
        self.has("smithy.api#clientOptional")
    }

    /// `smithy.api#default`; a `null` takes the default of the target away.
    #[must_use]
    pub fn default_value(&self) -> Option<&Node<'s>> {
        self.get("smithy.api#default")
    }

    /// `smithy.api#addedDefault`: the default was added later, so older callers see no value.
    #[must_use]
    pub fn added_default(&self) -> bool {
        self.has("smithy.api#addedDefault")
    }

    /// `smithy.api#input`.
    #[must_use]
    pub fn input(&self) -> bool {
        self.has("smithy.api#input")
    }

    /// `smithy.api#output`.
    #[must_use]
    pub fn output(&self) -> bool {
        self.has("smithy.api#output")
    }

    /// `smithy.api#error`.
    #[must_use]
    pub fn error(&self) -> Option<Fault> {
        match self.string("smithy.api#error")? {
            "client" => Some(Fault::Client),
            "server" => Some(Fault::Server),
            _ => None,
        }
    }

    /// `smithy.api#httpError`: the status of an error.
    #[must_use]
    pub fn http_error(&self) -> Option<u16> {
        self.get("smithy.api#httpError")?.as_number()?.parse().ok()
    }

    /// `smithy.api#retryable`.
    #[must_use]
    pub fn retryable(&self) -> Option<Retryable> {
        let throttling = self.get("smithy.api#retryable")?.get("throttling");
        Some(Retryable {
            throttling: throttling.and_then(Node::as_bool) == Some(true),
        })
    }

    /// `smithy.api#idempotent`.
    #[must_use]
    pub fn idempotent(&self) -> bool {
        self.has("smithy.api#idempotent")
    }

    /// `smithy.api#readonly`.
    #[must_use]
    pub fn readonly(&self) -> bool {
        self.has("smithy.api#readonly")
    }

    /// `smithy.api#idempotencyToken`.
    #[must_use]
    pub fn idempotency_token(&self) -> bool {
        self.has("smithy.api#idempotencyToken")
    }

    /// `smithy.api#sensitive`.
    #[must_use]
    pub fn sensitive(&self) -> bool {
        self.has("smithy.api#sensitive")
    }

    /// `smithy.api#sparse`.
    #[must_use]
    pub fn sparse(&self) -> bool {
        self.has("smithy.api#sparse")
    }

    /// `smithy.api#streaming`.
    #[must_use]
    pub fn streaming(&self) -> bool {
        self.has("smithy.api#streaming")
    }

    /// `smithy.api#requiresLength`.
    #[must_use]
    pub fn requires_length(&self) -> bool {
        self.has("smithy.api#requiresLength")
    }

    /// `smithy.api#eventHeader`.
    #[must_use]
    pub fn event_header(&self) -> bool {
        self.has("smithy.api#eventHeader")
    }

    /// `smithy.api#eventPayload`.
    #[must_use]
    pub fn event_payload(&self) -> bool {
        self.has("smithy.api#eventPayload")
    }

    /// `smithy.api#timestampFormat`.
    #[must_use]
    pub fn timestamp_format(&self) -> Option<TimestampFormat> {
        match self.string("smithy.api#timestampFormat")? {
            "date-time" => Some(TimestampFormat::DateTime),
            "http-date" => Some(TimestampFormat::HttpDate),
            "epoch-seconds" => Some(TimestampFormat::EpochSeconds),
            _ => None,
        }
    }

    /// `smithy.api#jsonName`.
    #[must_use]
    pub fn json_name(&self) -> Option<&str> {
        self.string("smithy.api#jsonName")
    }

    /// `smithy.api#mediaType`.
    #[must_use]
    pub fn media_type(&self) -> Option<&str> {
        self.string("smithy.api#mediaType")
    }

    /// `smithy.api#enumValue`: a string, or a number of an intEnum.
    #[must_use]
    pub fn enum_value(&self) -> Option<&Node<'s>> {
        self.get("smithy.api#enumValue")
    }

    /// `smithy.api#documentation`, in CommonMark; AWS writes HTML.
    #[must_use]
    pub fn documentation(&self) -> Option<&str> {
        self.string("smithy.api#documentation")
    }

    /// `smithy.api#title`.
    #[must_use]
    pub fn title(&self) -> Option<&str> {
        self.string("smithy.api#title")
    }

    /// `smithy.api#externalDocumentation`: names and addresses.
    pub fn external_documentation(&self) -> impl Iterator<Item = (&str, &str)> {
        let node = self.get("smithy.api#externalDocumentation");
        let entries = node.and_then(Node::as_object).unwrap_or_default();
        entries
            .iter()
            .filter_map(|(name, _, url)| Some((&**name, url.as_str()?)))
    }

    /// `smithy.api#deprecated`.
    #[must_use]
    pub fn deprecated(&self) -> Option<Deprecated<'_>> {
        let node = self.get("smithy.api#deprecated")?;
        Some(Deprecated {
            message: node.get_str("message"),
            since: node.get_str("since"),
        })
    }

    /// `smithy.api#examples`.
    #[must_use]
    pub fn examples(&self) -> Vec<Example<'_, 's>> {
        let node = self.get("smithy.api#examples");
        let nodes = node.and_then(Node::as_array).unwrap_or_default();
        nodes.iter().filter_map(example).collect()
    }

    /// `aws.api#service`.
    #[must_use]
    pub fn aws_service(&self) -> Option<AwsService<'_>> {
        let node = self.get("aws.api#service")?;
        Some(AwsService {
            sdk_id: node.get_str("sdkId")?,
            arn_namespace: node.get_str("arnNamespace"),
            endpoint_prefix: node.get_str("endpointPrefix"),
            cloud_trail_event_source: node.get_str("cloudTrailEventSource"),
            cloud_formation_name: node.get_str("cloudFormationName"),
            doc_id: node.get_str("docId"),
        })
    }

    /// `smithy.rules#endpointRuleSet`, as it is: the generator compiles it.
    #[must_use]
    pub fn endpoint_rule_set(&self) -> Option<&Node<'s>> {
        self.get("smithy.rules#endpointRuleSet")
    }
}

fn example<'a, 's>(node: &'a Node<'s>) -> Option<Example<'a, 's>> {
    let error = node.get("error");
    Some(Example {
        title: node.get_str("title")?,
        documentation: node.get_str("documentation"),
        input: node.get("input"),
        output: node.get("output"),
        error: error.and_then(|error| {
            Some(ExampleError {
                shape: error.get_str("shapeId")?,
                content: error.get("content"),
            })
        }),
        allow_constraint_errors: node.get("allowConstraintErrors").and_then(Node::as_bool)
            == Some(true),
        node,
    })
}
