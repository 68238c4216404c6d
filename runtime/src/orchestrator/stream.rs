//! The body of a request, which may be the stream that the input holds.

#[cfg(all(feature = "event-stream", feature = "sigv4"))]
use std::sync::Arc;

use bytes::Bytes;
#[cfg(all(feature = "event-stream", feature = "sigv4"))]
use http::HeaderMap;
use http::HeaderValue;

use super::Plan;
use crate::auth::Payload;
use crate::body::Body;
use crate::error::BoxError;
use crate::schema::{HttpBinding, Member, ShapeKind};
use crate::stream::{Progress, StreamContext, StreamError, open};
#[cfg(all(feature = "event-stream", feature = "sigv4"))]
use crate::{
    auth::{AuthContext, sigv4::EventSigner},
    client::Shared,
    event_stream::Signed,
    identity::Identity,
    operation::AuthScheme,
    retry::Skew,
};

/// What a request is sent with.
pub(super) struct Outgoing {
    pub(super) body: Body,
    /// Set for a stream.
    pub(super) progress: Option<Progress>,
    /// Whether it is a stream of events.
    events: bool,
    /// Set where the stream is of another media type than what the protocol has written.
    pub(super) media_type: Option<HeaderValue>,
}

impl Outgoing {
    /// What the protocol has written, unless the input holds a stream.
    ///
    /// # Errors
    ///
    /// A stream that was sent before, or that lacks the length which the model asks for.
    pub(super) fn of(plan: &Plan<'_>, written: Bytes) -> Result<Self, BoxError> {
        let Some((_, member)) = plan.operation.input.streaming_member() else {
            return Ok(Self::whole(written.into()));
        };
        let context = StreamContext {
            member,
            protocol: plan.operation.service.protocol,
            validation: plan.settings.validation,
            validation_options: plan.settings.validation_options,
        };
        let Some(opened) = open(plan.input, &context) else {
            return Ok(Self::whole(written.into()));
        };
        let body = opened.ok_or(StreamError::Spent)?;
        if body.as_bytes().is_some() {
            return Ok(Self::whole(body));
        }
        let length = http_body::Body::size_hint(&body).exact();
        if member.target.requires_length && length.is_none() {
            return Err("the service needs to know the length of the stream".into());
        }
        let (body, media_type) = if is_framed(member) {
            let media_type = HeaderValue::from_static("application/vnd.amazon.eventstream");
            (
                after_initial_request(&context, written, body)?,
                Some(media_type),
            )
        } else {
            (body, None)
        };
        let progress = Progress::default();
        Ok(Self {
            body: progress.watch(body),
            progress: Some(progress),
            events: member.target.kind == ShapeKind::Union,
            media_type,
        })
    }

    fn whole(body: Body) -> Self {
        Self {
            body,
            progress: None,
            events: false,
            media_type: None,
        }
    }

    /// What of it a signature covers.
    pub(super) fn payload(&self) -> Payload<'_> {
        match self.body.as_bytes() {
            Some(bytes) => Payload::Bytes(bytes),
            None if self.events => Payload::Events,
            None => Payload::Unsigned,
        }
    }

    /// Signs each event on its own, after a request with these headers.
    #[cfg(all(feature = "event-stream", feature = "sigv4"))]
    pub(super) fn sign_events(
        &mut self,
        shared: &Shared,
        headers: &HeaderMap,
        identity: &Identity,
        context: &AuthContext<'_>,
        skew: Skew,
    ) {
        let (AuthScheme::SigV4 { name }, Identity::Credentials(credentials), Some(region)) =
            (context.scheme, identity, context.region)
        else {
            return;
        };
        let Some(signer) =
            EventSigner::after(headers, credentials, name, region).filter(|_| self.events)
        else {
            return;
        };
        let clock = Arc::clone(&shared.config().clock);
        let time = move || skew.correct(clock.now().wall).into();
        let messages = std::mem::take(&mut self.body);
        self.body = Signed::body(messages, signer, Box::new(time));
    }
}

/// Whether the members beside a stream of events are a message of it: so it is in protocols that have
/// no other place for them.
pub(crate) fn is_framed(member: &Member) -> bool {
    member.target.kind == ShapeKind::Union && member.http != HttpBinding::Payload
}

#[cfg(feature = "event-stream")]
fn after_initial_request(
    context: &StreamContext,
    document: Bytes,
    events: Body,
) -> Result<Body, BoxError> {
    let documents = context.protocol.documents();
    let documents = documents.ok_or("the protocol has no event streams")?;
    Ok(crate::event_stream::initial_request(
        documents, document, events,
    )?)
}

#[cfg(not(feature = "event-stream"))]
fn after_initial_request(_: &StreamContext, _: Bytes, _: Body) -> Result<Body, BoxError> {
    Err("the runtime was built without its feature `event-stream`".into())
}

/// Takes the members beside a stream of events out of it, as the document that a whole response would
/// be.
#[cfg(feature = "event-stream")]
pub(crate) async fn take_initial_response(
    body: Body,
    limit: usize,
) -> Result<(Bytes, Body), BoxError> {
    crate::event_stream::initial_response(body, limit).await
}

/// As above, for clients without event streams.
#[cfg(not(feature = "event-stream"))]
pub(crate) async fn take_initial_response(body: Body, _: usize) -> Result<(Bytes, Body), BoxError> {
    Ok((Bytes::new(), body))
}
