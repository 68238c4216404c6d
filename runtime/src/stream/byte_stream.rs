//! A streaming blob.

use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use futures_core::Stream;
use http_body::{Frame, SizeHint};

use super::body::{Foreign, Measured, Pieces};
use super::{Once, OutgoingStream, StreamContext, StreamError};
use crate::body::{Body, CollectError};
use crate::error::BoxError;
use crate::schema::Member;
use crate::shape::{ReadError, ShapeReader, ShapeWriter, Value, WriteError};

/// The value of a streaming blob (`smithy.api#streaming`): bytes at hand, or a stream of them.
///
/// In an input, bytes at hand are sent again where a call is retried; a stream is sent once, and a call
/// is retried only while nothing has been taken from it. In an output, it is the body of the response,
/// read as it arrives: dropping it gives up the rest.
///
/// ```
/// use tinsmith_runtime::stream::ByteStream;
///
/// # async fn example(mut download: ByteStream) -> Result<(), Box<dyn std::error::Error>> {
/// let upload = ByteStream::from("all of it");
/// assert_eq!(upload.len(), Some(9));
///
/// while let Some(piece) = download.next().await {
///     println!("{} bytes", piece?.len());
/// }
/// # Ok(())
/// # }
/// ```
pub struct ByteStream(Inner);

enum Inner {
    Bytes(Bytes),
    Stream(Once),
}

impl ByteStream {
    /// The bytes of any body. They are sent with the length that the body knows, if it does.
    pub fn from_body<B>(body: B) -> Self
    where
        B: http_body::Body<Data = Bytes> + Send + 'static,
        B::Error: Into<BoxError>,
    {
        Self::once(Body::stream(Foreign(Box::pin(body))))
    }

    /// The bytes of any stream of them. They are sent without a length unless
    /// [`with_length`](Self::with_length) says it.
    ///
    /// ```
    /// use tinsmith_runtime::stream::ByteStream;
    /// # fn example<S>(pieces: S) -> ByteStream
    /// # where S: futures_core::Stream<Item = Result<bytes::Bytes, std::io::Error>> + Send + 'static
    /// # {
    /// // `pieces` reads a file of a million bytes.
    /// ByteStream::from_stream(pieces).with_length(1_000_000)
    /// # }
    /// ```
    pub fn from_stream<S, E>(stream: S) -> Self
    where
        S: Stream<Item = Result<Bytes, E>> + Send + 'static,
        E: Into<BoxError> + 'static,
    {
        Self::once(Body::stream(Pieces(Box::pin(stream))))
    }

    /// The same stream, which is known to have this many bytes. Sending or reading it fails where it
    /// has more or fewer.
    ///
    /// Some services need to know (`smithy.api#requiresLength`).
    #[must_use]
    pub fn with_length(self, length: u64) -> Self {
        let body = match self.0 {
            Inner::Bytes(bytes) => Body::from(bytes),
            Inner::Stream(once) => match once.lock().take() {
                Some(body) => body,
                None => return Self(Inner::Stream(once.clone())),
            },
        };
        Self::once(Body::stream(Measured {
            body,
            announced: length,
            left: length,
        }))
    }

    fn once(body: Body) -> Self {
        Self(Inner::Stream(Once::new(body)))
    }

    /// The number of bytes that are left, where it is known.
    #[must_use]
    pub fn len(&self) -> Option<u64> {
        http_body::Body::size_hint(self).exact()
    }

    /// Whether it is known that no bytes are left.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == Some(0)
    }

    /// The bytes, where all of them are at hand.
    #[must_use]
    pub fn as_bytes(&self) -> Option<&Bytes> {
        match &self.0 {
            Inner::Bytes(bytes) => Some(bytes),
            Inner::Stream(_) => None,
        }
    }

    /// The next piece, of one byte at least, or `None` at the end. After an error there is nothing
    /// more.
    ///
    /// Cancelling it loses nothing: the piece is there for the next call.
    pub async fn next(&mut self) -> Option<Result<Bytes, StreamError>> {
        poll_fn(|cx| Pin::new(&mut *self).poll_next(cx)).await
    }

    /// Reads all of it into memory, if it is not longer than `limit` bytes.
    ///
    /// # Errors
    ///
    /// A longer stream, and whatever ends it early.
    pub async fn collect(self, limit: usize) -> Result<Bytes, StreamError> {
        let body = match self.0 {
            Inner::Bytes(bytes) => Body::from(bytes),
            Inner::Stream(once) => once.lock().take().ok_or(StreamError::Spent)?,
        };
        body.collect(limit).await.map_err(|error| match error {
            CollectError::TooLarge(limit) => StreamError::TooLong { limit },
            CollectError::Broken(error) => StreamError::of_body(error),
        })
    }
}

impl http_body::Body for ByteStream {
    type Data = Bytes;
    type Error = StreamError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, StreamError>>> {
        let once = match &mut self.0 {
            Inner::Bytes(bytes) if bytes.is_empty() => return Poll::Ready(None),
            Inner::Bytes(bytes) => {
                return Poll::Ready(Some(Ok(Frame::data(std::mem::take(bytes)))));
            }
            Inner::Stream(once) => once,
        };
        let mut body = once.lock();
        let frame = match &mut *body {
            Some(body) => ready!(Pin::new(body).poll_frame(cx)),
            None => Some(Err(StreamError::Spent.into())),
        };
        if matches!(frame, None | Some(Err(_))) {
            *body = Some(Body::empty());
        }
        Poll::Ready(frame.map(|frame| frame.map_err(StreamError::of_body)))
    }

    fn is_end_stream(&self) -> bool {
        match &self.0 {
            Inner::Bytes(bytes) => bytes.is_empty(),
            Inner::Stream(once) => once.lock().as_ref().is_some_and(Body::is_end_stream),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match &self.0 {
            Inner::Bytes(bytes) => SizeHint::with_exact(bytes.len() as u64),
            Inner::Stream(once) => match &*once.lock() {
                Some(body) => body.size_hint(),
                None => SizeHint::default(),
            },
        }
    }
}

impl Stream for ByteStream {
    type Item = Result<Bytes, StreamError>;

    /// Passes over empty pieces and trailers.
    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            match ready!(http_body::Body::poll_frame(self.as_mut(), cx)) {
                None => return Poll::Ready(None),
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                Some(Ok(frame)) => match frame.into_data() {
                    Ok(data) if !data.is_empty() => return Poll::Ready(Some(Ok(data))),
                    _ => {}
                },
            }
        }
    }
}

impl OutgoingStream for ByteStream {
    fn open(&self, _: &StreamContext) -> Option<Body> {
        match &self.0 {
            Inner::Bytes(bytes) => Some(Body::from(bytes.clone())),
            Inner::Stream(once) => once.open(),
        }
    }

    fn is_spent(&self) -> bool {
        match &self.0 {
            Inner::Bytes(_) => false,
            Inner::Stream(once) => once.lock().is_none(),
        }
    }
}

impl Value for ByteStream {
    fn write(
        &self,
        member: &'static Member,
        writer: &mut dyn ShapeWriter,
    ) -> Result<(), WriteError> {
        writer.stream(member, self)
    }

    fn read(
        member: &'static Member,
        reader: &mut dyn ShapeReader,
    ) -> Result<Option<Self>, ReadError> {
        Ok(reader.stream(member)?.map(|stream| Self::from(stream.body)))
    }

    fn zero() -> Self {
        Self::default()
    }
}

impl Default for ByteStream {
    /// No bytes.
    fn default() -> Self {
        Self(Inner::Bytes(Bytes::new()))
    }
}

impl From<Body> for ByteStream {
    fn from(body: Body) -> Self {
        match body.as_bytes() {
            Some(bytes) => Self(Inner::Bytes(bytes.clone())),
            None => Self::once(body),
        }
    }
}

/// What is at hand, and can be sent any number of times.
macro_rules! from_bytes {
    ($($type:ty: $value:ident => $bytes:expr;)*) => {$(
        impl From<$type> for ByteStream {
            fn from($value: $type) -> Self {
                Self(Inner::Bytes($bytes))
            }
        }
    )*};
}

from_bytes! {
    Bytes: bytes => bytes;
    Vec<u8>: bytes => bytes.into();
    String: text => text.into();
    &'static str: text => Bytes::from_static(text.as_bytes());
    &'static [u8]: bytes => Bytes::from_static(bytes);
    crate::shape::Blob: blob => blob.into_bytes();
}

impl fmt::Debug for ByteStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // What is in it may be secret, so its length is all that is shown.
        match self.len() {
            Some(length) => write!(f, "ByteStream({length} bytes)"),
            None => f.write_str("ByteStream"),
        }
    }
}
