//! What was sent.

use std::any::Any;
use std::fmt::{self, Debug};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, Method, Uri};

use crate::operation::{Operation, OperationSchema};
use crate::schema::HttpBinding;

/// The input of any operation.
pub(crate) trait AnyInput: Any + Debug + Send + Sync {
    fn as_any(&self) -> &dyn Any;

    fn into_any(self: Arc<Self>) -> Arc<dyn Any + Send + Sync>;
}

impl<O: Operation> AnyInput for O {
    fn as_any(&self) -> &dyn Any {
        self
    }

    fn into_any(self: Arc<Self>) -> Arc<dyn Any + Send + Sync> {
        self
    }
}

/// What a request was made of. The client of a test puts it beside the request.
#[derive(Clone)]
pub(crate) struct Sent {
    pub(crate) operation: &'static OperationSchema,
    pub(crate) input: Arc<dyn AnyInput>,
    /// Counts from 1.
    pub(crate) attempt: u32,
    /// How long the client waits for an answer.
    pub(crate) timeout: Option<Duration>,
}

/// A request that a client sent to a [`TestService`](super::TestService): one attempt of a call.
///
/// `Debug` shows neither credentials, nor the body, nor a path or query that holds what the model calls
/// sensitive; the methods give all of it.
#[derive(Clone)]
pub struct RecordedRequest {
    inner: Arc<Inner>,
}

struct Inner {
    sent: Sent,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
}

impl RecordedRequest {
    pub(super) fn new(sent: Sent, head: http::request::Parts, body: Bytes) -> Self {
        Self {
            inner: Arc::new(Inner {
                sent,
                method: head.method,
                uri: head.uri,
                headers: head.headers,
                body,
            }),
        }
    }

    /// The operation's name, such as `CreateAccessToken`.
    #[must_use]
    pub fn operation(&self) -> &'static str {
        self.inner.sent.operation.name()
    }

    /// Which attempt of its call it was, counted from 1.
    #[must_use]
    pub fn attempt(&self) -> u32 {
        self.inner.sent.attempt
    }

    /// The input that the request was made of, idempotency token included, or `None` where it is that
    /// of another operation.
    #[must_use]
    pub fn input<O: Operation>(&self) -> Option<&O> {
        self.inner.sent.input.as_any().downcast_ref()
    }

    /// The input, shared.
    pub(super) fn shared_input<O: Operation>(&self) -> Option<Arc<O>> {
        let input = Arc::clone(&self.inner.sent.input);
        input.into_any().downcast().ok()
    }

    /// The HTTP method.
    #[must_use]
    pub fn method(&self) -> &Method {
        &self.inner.method
    }

    /// Where it went: scheme, host, path and query.
    #[must_use]
    pub fn uri(&self) -> &Uri {
        &self.inner.uri
    }

    /// All headers, credentials among them.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.inner.headers
    }

    /// The first value of a header, where it is text.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.inner.headers.get(name)?.to_str().ok()
    }

    /// The body, that of a stream read to its end.
    #[must_use]
    pub fn body(&self) -> &Bytes {
        &self.inner.body
    }

    /// Whether the path or the query may hold what nobody should read.
    fn has_sensitive_uri(&self) -> bool {
        let mut members = self.inner.sent.operation.input.members.iter();
        members.any(|member| {
            let in_uri = matches!(
                member.http,
                HttpBinding::Label | HttpBinding::Query(_) | HttpBinding::QueryParams
            );
            in_uri && member.target.holds_sensitive()
        })
    }
}

impl Debug for RecordedRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = &*self.inner;
        let mut shown = f.debug_struct("RecordedRequest");
        shown
            .field("operation", &self.operation())
            .field("attempt", &self.attempt())
            .field("input", &inner.sent.input)
            .field("method", &inner.method);
        if self.has_sensitive_uri() {
            shown.field("host", &inner.uri.host());
        } else {
            shown.field("uri", &inner.uri);
        }
        shown
            .field("headers", &Headers(&inner.headers))
            .field("body", &format_args!("{} bytes", inner.body.len()))
            .finish()
    }
}

/// Headers of which those that authenticate are hidden.
struct Headers<'a>(&'a HeaderMap);

impl Debug for Headers<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let hidden = |name: &str| matches!(name, "authorization" | "x-amz-security-token");
        let mut map = f.debug_map();
        for (name, value) in self.0 {
            if hidden(name.as_str()) || value.is_sensitive() {
                map.entry(name, &format_args!("***"));
            } else {
                map.entry(name, value);
            }
        }
        map.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{Create, SERVICE};
    use crate::operation::{HttpTrait, PathSegment};
    use crate::schema::{Member, Schema, ShapeKind, prelude};

    static SECRET: Schema = Schema::new("test#Secret", ShapeKind::String).sensitive();
    static SECRETS: Schema = Schema::list("test#Secrets", &[Member::new("member", &SECRET)]);
    static LISTS: Schema = Schema::map(
        "test#Lists",
        &[
            Member::new("key", &prelude::STRING),
            Member::new("value", &SECRETS),
        ],
    );
    static OUTPUT: Schema = Schema::structure("test#Output", &[]);
    const HTTP: HttpTrait = HttpTrait::new("GET", &[PathSegment::Literal("find")], 200);

    /// An operation whose input has this member alone.
    fn operation(member: Member) -> &'static OperationSchema {
        let members = Box::leak(Box::new([member]));
        let input = Box::leak(Box::new(Schema::structure("test#Input", members)));
        let schema = OperationSchema::new("test#Find", &SERVICE, HTTP, input, &OUTPUT);
        Box::leak(Box::new(schema))
    }

    fn shown(member: Member) -> String {
        let sent = Sent {
            operation: operation(member),
            input: Arc::new(Create::default()),
            attempt: 1,
            timeout: None,
        };
        let request = http::Request::get("https://localhost/find?a=hunter2");
        let (head, ()) = request.body(()).unwrap().into_parts();
        format!("{:?}", RecordedRequest::new(sent, head, Bytes::new()))
    }

    /// Protects secrets in a query from the output of failed tests, however deep the model puts them.
    #[test]
    fn a_sensitive_query_is_not_shown() {
        let parameters = Member::new("all", &LISTS).http(HttpBinding::QueryParams);
        let list = Member::new("some", &SECRETS).http(HttpBinding::Query("a"));
        let one = Member::new("one", &SECRET).http(HttpBinding::Query("a"));
        for member in [parameters, list, one] {
            let shown = shown(member);
            assert!(!shown.contains("hunter2"), "{shown}");
            assert!(shown.contains("localhost"), "{shown}");
        }
        let open = Member::new("one", &prelude::STRING).http(HttpBinding::Query("a"));
        assert!(shown(open).contains("hunter2"));
    }
}
