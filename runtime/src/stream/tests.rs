//! Streams on their own, and in calls whose transport and clock are made up.

use std::collections::VecDeque;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_core::Stream;

use super::*;
use crate::error::BoxError;
use crate::fixture::run;

/// A stream of these pieces, which an `Err` ends.
struct Pieces(VecDeque<Result<&'static str, &'static str>>);

impl Stream for Pieces {
    type Item = Result<Bytes, BoxError>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let piece = self.0.pop_front();
        Poll::Ready(piece.map(|piece| match piece {
            Ok(text) => Ok(Bytes::from(text)),
            Err(error) => Err(error.into()),
        }))
    }
}

fn stream(pieces: &[Result<&'static str, &'static str>]) -> ByteStream {
    ByteStream::from_stream(Pieces(pieces.iter().copied().collect()))
}

async fn read(mut stream: ByteStream) -> (String, Option<StreamError>) {
    let mut text = String::new();
    while let Some(piece) = stream.next().await {
        match piece {
            Ok(piece) => text.push_str(std::str::from_utf8(&piece).unwrap()),
            Err(error) => {
                assert!(stream.next().await.is_none());
                return (text, Some(error));
            }
        }
    }
    (text, None)
}

/// Pieces come as they are, and empty ones not at all.
#[test]
fn pieces_are_read_one_by_one() {
    let (text, error) = run(read(stream(&[Ok(""), Ok("ab"), Ok("c")])));
    assert_eq!((text.as_str(), error.is_none()), ("abc", true));
    let (text, error) = run(read("abc".into()));
    assert_eq!((text.as_str(), error.is_none()), ("abc", true));
    let (text, error) = run(read(stream(&[Ok("ab"), Err("cut"), Ok("c")])));
    assert_eq!(text, "ab");
    assert!(matches!(error, Some(StreamError::Broken(error)) if error.to_string() == "cut"));
}

/// What is collected is all of it, and no more than the caller wants.
#[test]
fn collecting_has_a_bound() {
    assert_eq!(run(stream(&[Ok("ab"), Ok("c")]).collect(3)).unwrap(), "abc");
    assert_eq!(run(ByteStream::from("abc").collect(3)).unwrap(), "abc");
    for stream in [stream(&[Ok("ab"), Ok("c")]), "abc".into()] {
        let error = run(stream.collect(2)).unwrap_err();
        assert!(
            matches!(error, StreamError::TooLong { limit: 2 }),
            "{error}"
        );
    }
}

/// A length that was announced is kept, or the stream fails: a server would otherwise wait, or take
/// what is too much for the next request.
#[test]
fn an_announced_length_is_kept() {
    let of = |length| stream(&[Ok("ab"), Ok("c")]).with_length(length);
    assert_eq!(of(3).len(), Some(3));
    assert_eq!(run(of(3).collect(9)).unwrap(), "abc");
    for (length, expected) in [(2, "ab"), (4, "abc")] {
        let (text, error) = run(read(of(length)));
        assert_eq!(text, expected);
        assert!(
            matches!(error, Some(StreamError::WrongLength { announced }) if announced == length)
        );
    }
    assert_eq!(ByteStream::from("ab").len(), Some(2));
    assert_eq!(stream(&[]).len(), None);
}

/// A stream is there for another attempt until something was taken from it.
#[test]
fn a_stream_is_sent_once() {
    let context = StreamContext {
        member: &crate::fixture::STREAM_MEMBER,
        protocol: crate::fixture::SERVICE.protocol,
        validation: Validation::Enforce,
        validation_options: ValidationOptions::default(),
    };
    let stream = stream(&[Ok("ab")]);
    drop(stream.open(&context));
    assert!(!stream.is_spent());
    let first = stream.open(&context).unwrap();
    let late = stream.open(&context).unwrap();
    assert_eq!(run(first.collect(9)).unwrap(), "ab");
    assert!(stream.is_spent() && stream.open(&context).is_none());
    assert!(run(late.collect(9)).is_err());

    let bytes = ByteStream::from("ab");
    for _ in 0..2 {
        let body = bytes.open(&context).unwrap();
        assert_eq!(run(body.collect(9)).unwrap(), "ab");
        assert!(!bytes.is_spent());
    }
}

/// A stream may hold a secret.
#[test]
fn debug_shows_no_content() {
    assert_eq!(
        format!("{:?}", ByteStream::from("secret")),
        "ByteStream(6 bytes)"
    );
    assert_eq!(format!("{:?}", stream(&[Ok("secret")])), "ByteStream");
}

/// An attempt's time runs while the service is what holds it up, and not otherwise.
#[test]
fn a_request_that_moves_is_told_from_one_that_does_not() {
    let poll = |body: &mut Body| {
        let mut cx = Context::from_waker(std::task::Waker::noop());
        http_body::Body::poll_frame(Pin::new(body), &mut cx).is_ready()
    };
    let progress = Progress::default();
    let mut moving = progress.watch(Body::from("ab"));
    assert!(!progress.has_moved());
    assert!(poll(&mut moving));
    assert!(progress.has_moved() && !progress.has_moved());

    struct Silent;
    impl Stream for Silent {
        type Item = Result<Bytes, BoxError>;
        fn poll_next(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
            Poll::Pending
        }
    }
    let silent = ByteStream::from_stream(Silent);
    let mut waiting = progress.watch(Body::stream(body::Foreign(Box::pin(silent))));
    assert!(!poll(&mut waiting));
    assert!(progress.has_moved() && progress.has_moved());
    drop(waiting);
    assert!(!progress.has_moved());
}

/// A response that says nothing for too long ends with an error, and one that is read slowly does not.
#[test]
fn a_silent_body_ends_in_time() {
    /// One piece, and then nothing.
    struct OnePiece(Option<Bytes>);

    impl Stream for OnePiece {
        type Item = Result<Bytes, BoxError>;

        fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
            self.0
                .take()
                .map_or(Poll::Pending, |piece| Poll::Ready(Some(Ok(piece))))
        }
    }

    let clock = crate::fixture::VirtualClock::default();
    let limit = std::time::Duration::from_secs(30);
    let body = ByteStream::from_stream(OnePiece(Some("ab".into())));
    let body = Body::stream(body::Foreign(Box::pin(body)));
    let body = Idle::limit(body, std::sync::Arc::new(clock.clone()), Some(limit));
    let mut stream = ByteStream::from(body);
    clock.pass(limit * 2);
    assert_eq!(run(stream.next()).unwrap().unwrap(), "ab");
    clock.pass(limit * 2);
    let error = run(stream.next()).unwrap().unwrap_err();
    assert!(matches!(error, StreamError::Stalled(after) if after == limit));
    assert!(run(stream.next()).is_none());
}
