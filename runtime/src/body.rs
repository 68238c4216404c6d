//! Bodies of requests and responses.

use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::{Bytes, BytesMut};
use http_body::{Frame, SizeHint};

use crate::error::BoxError;
#[cfg(feature = "hyper")]
use crate::transport::Slot;

/// The body of a message: bytes that are at hand, or a stream of them.
///
/// ```
/// use tinsmith_runtime::body::Body;
///
/// let body = Body::from("{}");
/// assert_eq!(body.as_bytes().map(|bytes| &bytes[..]), Some(&b"{}"[..]));
/// ```
pub struct Body {
    inner: Inner,
}

enum Inner {
    Bytes(Bytes),
    #[cfg(feature = "hyper")]
    Incoming {
        body: hyper::body::Incoming,
        /// Given back as soon as the body has been read.
        slot: Option<Slot>,
    },
    Stream(Pin<Box<dyn http_body::Body<Data = Bytes, Error = BoxError> + Send>>),
}

/// Why a body could not be read to its end.
#[derive(Debug)]
pub(crate) enum CollectError {
    /// It is longer than the limit, in bytes.
    TooLarge(usize),
    /// It broke off.
    Broken(BoxError),
}

/// What has been read of a body.
#[derive(Debug, Default)]
pub(crate) struct Collected {
    /// Small responses come in one piece, which is then handed on without a copy.
    first: Bytes,
    /// All pieces, where there are several.
    whole: BytesMut,
}

impl Collected {
    fn len(&self) -> usize {
        self.first.len().max(self.whole.len())
    }

    fn push(&mut self, piece: Bytes) {
        if self.first.is_empty() {
            self.first = piece;
            return;
        }
        if self.whole.is_empty() {
            self.whole.extend_from_slice(&self.first);
        }
        self.whole.extend_from_slice(&piece);
    }

    pub(crate) fn into_bytes(self) -> Bytes {
        match self.whole.is_empty() {
            true => self.first,
            false => self.whole.freeze(),
        }
    }
}

impl Body {
    /// A body without bytes.
    #[must_use]
    pub const fn empty() -> Self {
        Self {
            inner: Inner::Bytes(Bytes::new()),
        }
    }

    /// A body that is read as it arrives.
    #[must_use]
    pub fn stream(
        body: impl http_body::Body<Data = Bytes, Error = BoxError> + Send + 'static,
    ) -> Self {
        Self {
            inner: Inner::Stream(Box::pin(body)),
        }
    }

    /// What comes over a connection, and the place that it takes up.
    #[cfg(feature = "hyper")]
    pub(crate) fn incoming(body: hyper::body::Incoming, slot: Option<Slot>) -> Self {
        Self {
            inner: Inner::Incoming { body, slot },
        }
    }

    /// The bytes, where all of them are at hand.
    #[must_use]
    pub fn as_bytes(&self) -> Option<&Bytes> {
        match &self.inner {
            Inner::Bytes(bytes) => Some(bytes),
            _ => None,
        }
    }

    /// Reads all of the body, and gives up when it is longer than `limit` bytes.
    pub(crate) async fn collect(mut self, limit: usize) -> Result<Bytes, CollectError> {
        if let Inner::Bytes(bytes) = &mut self.inner
            && bytes.len() <= limit
        {
            return Ok(std::mem::take(bytes));
        }
        let mut read = Collected::default();
        self.collect_into(limit, &mut read).await?;
        Ok(read.into_bytes())
    }

    /// Like [`collect`](Self::collect), but leaves in `read` what came before the end, whichever it was.
    pub(crate) async fn collect_into(
        mut self,
        limit: usize,
        read: &mut Collected,
    ) -> Result<(), CollectError> {
        let announced = http_body::Body::size_hint(&self).lower();
        if usize::try_from(announced).map_or(true, |announced| announced > limit) {
            return Err(CollectError::TooLarge(limit));
        }
        while let Some(piece) = self.next_piece().await? {
            if piece.len() > limit.saturating_sub(read.len()) {
                return Err(CollectError::TooLarge(limit));
            }
            read.push(piece);
        }
        Ok(())
    }

    /// The next piece that is not empty; trailers are passed over.
    async fn next_piece(&mut self) -> Result<Option<Bytes>, CollectError> {
        loop {
            let frame = poll_fn(|cx| http_body::Body::poll_frame(Pin::new(self), cx)).await;
            match frame {
                None => return Ok(None),
                Some(Err(error)) => return Err(CollectError::Broken(error)),
                Some(Ok(frame)) => match frame.into_data() {
                    Ok(data) if !data.is_empty() => return Ok(Some(data)),
                    _ => {}
                },
            }
        }
    }
}

impl http_body::Body for Body {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        match &mut self.inner {
            Inner::Bytes(bytes) if bytes.is_empty() => Poll::Ready(None),
            Inner::Bytes(bytes) => Poll::Ready(Some(Ok(Frame::data(std::mem::take(bytes))))),
            #[cfg(feature = "hyper")]
            Inner::Incoming { body, slot } => {
                let frame = ready!(Pin::new(body).poll_frame(cx));
                if !matches!(frame, Some(Ok(_))) {
                    *slot = None;
                }
                Poll::Ready(frame.map(|frame| frame.map_err(Into::into)))
            }
            Inner::Stream(body) => Poll::Ready(ready!(body.as_mut().poll_frame(cx))),
        }
    }

    fn is_end_stream(&self) -> bool {
        match &self.inner {
            Inner::Bytes(bytes) => bytes.is_empty(),
            #[cfg(feature = "hyper")]
            Inner::Incoming { body, .. } => body.is_end_stream(),
            Inner::Stream(body) => body.is_end_stream(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match &self.inner {
            Inner::Bytes(bytes) => SizeHint::with_exact(bytes.len() as u64),
            #[cfg(feature = "hyper")]
            Inner::Incoming { body, .. } => body.size_hint(),
            Inner::Stream(body) => body.size_hint(),
        }
    }
}

impl Default for Body {
    fn default() -> Self {
        Self::empty()
    }
}

impl From<Bytes> for Body {
    fn from(bytes: Bytes) -> Self {
        Self {
            inner: Inner::Bytes(bytes),
        }
    }
}

impl From<Vec<u8>> for Body {
    fn from(bytes: Vec<u8>) -> Self {
        Bytes::from(bytes).into()
    }
}

impl From<&'static str> for Body {
    fn from(text: &'static str) -> Self {
        Bytes::from_static(text.as_bytes()).into()
    }
}

#[cfg(feature = "hyper")]
impl From<hyper::body::Incoming> for Body {
    fn from(body: hyper::body::Incoming) -> Self {
        Self::incoming(body, None)
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A body may hold a secret, so its length is all that is shown.
        match &self.inner {
            Inner::Bytes(bytes) => write!(f, "Body({} bytes)", bytes.len()),
            _ => f.write_str("Body(stream)"),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;

    use super::*;
    use crate::fixture::run;

    /// A body that comes in these pieces.
    struct Pieces(VecDeque<Result<&'static str, &'static str>>);

    impl http_body::Body for Pieces {
        type Data = Bytes;
        type Error = BoxError;

        fn poll_frame(
            mut self: Pin<&mut Self>,
            _: &mut Context<'_>,
        ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
            let piece = self.0.pop_front();
            Poll::Ready(piece.map(|piece| match piece {
                Ok(text) => Ok(Frame::data(Bytes::from_static(text.as_bytes()))),
                Err(error) => Err(error.into()),
            }))
        }
    }

    fn collect(
        pieces: &[Result<&'static str, &'static str>],
        limit: usize,
    ) -> Result<Bytes, CollectError> {
        let body = Body::stream(Pieces(pieces.iter().copied().collect()));
        run(body.collect(limit))
    }

    /// Pieces become one whole, of which empty ones are no part.
    #[test]
    fn pieces_are_joined() {
        assert_eq!(collect(&[], 0).unwrap(), "");
        assert_eq!(collect(&[Ok("ab")], 2).unwrap(), "ab");
        assert_eq!(
            collect(&[Ok(""), Ok("ab"), Ok(""), Ok("c")], 3).unwrap(),
            "abc"
        );
    }

    /// The limit holds for a body whose length nobody announced, and for one at hand.
    #[test]
    fn the_limit_holds() {
        let too_large = |result| matches!(result, Err(CollectError::TooLarge(2)));
        assert!(too_large(collect(&[Ok("abc")], 2)));
        assert!(too_large(collect(&[Ok("ab"), Ok("c"), Err("unread")], 2)));
        assert!(too_large(run(Body::from("abc").collect(2))));
    }

    /// What came before the end was cut off is not passed off as the whole.
    #[test]
    fn a_broken_body_is_an_error() {
        let broken = collect(&[Ok("ab"), Err("cut")], 9);
        assert!(matches!(broken, Err(CollectError::Broken(error)) if error.to_string() == "cut"));
    }

    /// A body may hold a secret.
    #[test]
    fn debug_shows_no_content() {
        assert_eq!(format!("{:?}", Body::from("secret")), "Body(6 bytes)");
    }
}
