//! Operations that answer in pages (`smithy.api#paginated`).
//!
//! [`Pages`] asks for one page after the other, [`Items`] gives what is on them one by one. Both are
//! [`Stream`]s, and both have a `next` for those who need no stream. With the feature `blocking` both
//! become iterators for programs without an async runtime. The next page is asked for only when it is
//! wanted.

#[cfg(feature = "blocking")]
mod blocking;

use std::collections::HashSet;
use std::collections::hash_map::RandomState;
use std::fmt;
use std::future::{Future, poll_fn};
use std::hash::BuildHasher;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

#[cfg(feature = "blocking")]
pub use blocking::{BlockingItems, BlockingPages};
use futures_core::Stream;

use crate::client::Call;
use crate::error::{Error, Failure, FailureKind};
use crate::metadata::ResponseMetadata;
use crate::operation::{Operation, Output, Paginated, Service};

type ErrorOf<O> = Error<<<O as Operation>::Service as Service>::Error>;
type PageOf<O> = Result<<O as Operation>::Output, ErrorOf<O>>;

/// The pages that a call answers, from the first on.
///
/// Ends after the page without a token for the next one; an empty token counts as none. A token that
/// came before is an error, since it would go round for ever. After an error the stream has ended.
///
/// ```
/// use tinsmith_runtime::operation::{Paginated, Service};
/// use tinsmith_runtime::paginate::Pages;
/// use tinsmith_runtime::{Client, Error};
///
/// /// Counts what is there, on however many pages.
/// async fn count<O: Paginated>(
///     client: &Client<O::Service>,
///     input: O,
/// ) -> Result<usize, Error<<O::Service as Service>::Error>> {
///     let mut pages = Pages::new(client.call(input));
///     let mut count = 0;
///     while let Some(page) = pages.next().await {
///         count += O::into_items(page?).len();
///     }
///     Ok(count)
/// }
/// ```
#[must_use = "nothing is asked for until a page is wanted"]
pub struct Pages<O: Paginated> {
    state: State<O>,
    seen: SeenTokens,
}

enum State<O: Paginated> {
    /// A page to ask for.
    Ready(Box<Call<O>>),
    /// A page on its way, and the call for the one after.
    Waiting(
        Pin<Box<dyn Future<Output = PageOf<O>> + Send>>,
        Box<Call<O>>,
    ),
    Ended,
}

/// The tokens that have been asked with, as hashes: a listing may have very many.
#[derive(Debug, Default)]
struct SeenTokens {
    hasher: RandomState,
    hashes: HashSet<u64>,
}

impl SeenTokens {
    /// Whether `token` is new.
    fn insert(&mut self, token: &str) -> bool {
        self.hashes.insert(self.hasher.hash_one(token))
    }
}

impl<O: Paginated> Pages<O> {
    /// The pages from the one that the call's input asks for.
    pub fn new(call: Call<O>) -> Self {
        let mut seen = SeenTokens::default();
        if let Some(token) = call.input().token() {
            seen.insert(token);
        }
        Self {
            state: State::Ready(Box::new(call)),
            seen,
        }
    }

    /// The next page, or `None` after the last one.
    ///
    /// Dropping the future loses nothing: the next one goes on with the same page.
    pub async fn next(&mut self) -> Option<PageOf<O>> {
        poll_fn(|cx| self.poll_page(cx)).await
    }

    /// The items on the pages, one by one.
    pub fn items(self) -> Items<O> {
        Items {
            pages: self,
            page: Vec::new().into_iter(),
        }
    }

    fn poll_page(&mut self, cx: &mut Context<'_>) -> Poll<Option<PageOf<O>>> {
        loop {
            match std::mem::replace(&mut self.state, State::Ended) {
                State::Ended => return Poll::Ready(None),
                State::Ready(call) => {
                    let page = Box::pin((*call).clone().send());
                    self.state = State::Waiting(page, call);
                }
                State::Waiting(mut page, call) => match page.as_mut().poll(cx) {
                    Poll::Pending => {
                        self.state = State::Waiting(page, call);
                        return Poll::Pending;
                    }
                    Poll::Ready(page) => return Poll::Ready(Some(self.turn(page, call))),
                },
            }
        }
    }

    /// Prepares for the page after this one.
    fn turn(&mut self, page: PageOf<O>, mut call: Box<Call<O>>) -> PageOf<O> {
        let mut page = page?;
        let token = O::next_token(&page).filter(|token| !token.is_empty());
        let Some(token) = token.map(ToOwned::to_owned) else {
            return Ok(page);
        };
        if !self.seen.insert(&token) {
            let metadata = std::mem::take(page.metadata_mut());
            return Err(Error::Response(repeated_token(metadata)));
        }
        call.input_mut().set_token(Some(token));
        self.state = State::Ready(call);
        Ok(page)
    }
}

fn repeated_token(metadata: ResponseMetadata) -> Failure {
    let message = "the token of the next page has come before, so the listing would never end";
    Failure::new(FailureKind::Response, message, metadata)
}

impl<O: Paginated> Stream for Pages<O> {
    type Item = PageOf<O>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.get_mut().poll_page(cx)
    }
}

// Nothing in here is pinned in place: the future of a page is in a box.
impl<O: Paginated> Unpin for Pages<O> {}

impl<O: Paginated> fmt::Debug for Pages<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pages")
            .field("operation", &O::SCHEMA.id)
            .finish_non_exhaustive()
    }
}

/// The items on the pages that a call answers, one by one. See [`Pages`] for when it ends.
#[must_use = "nothing is asked for until an item is wanted"]
pub struct Items<O: Paginated> {
    pages: Pages<O>,
    page: std::vec::IntoIter<O::Item>,
}

impl<O: Paginated> Items<O> {
    /// The items from the page on that the call's input asks for.
    pub fn new(call: Call<O>) -> Self {
        Pages::new(call).items()
    }

    /// The next item, or `None` after the last one.
    ///
    /// Dropping the future loses nothing.
    pub async fn next(&mut self) -> Option<Result<O::Item, ErrorOf<O>>> {
        poll_fn(|cx| self.poll_item(cx)).await
    }

    fn poll_item(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<O::Item, ErrorOf<O>>>> {
        loop {
            if let Some(item) = self.page.next() {
                return Poll::Ready(Some(Ok(item)));
            }
            match ready!(self.pages.poll_page(cx)) {
                None => return Poll::Ready(None),
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                // An empty page may have others after it.
                Some(Ok(page)) => self.page = O::into_items(page).into_iter(),
            }
        }
    }
}

impl<O: Paginated> Stream for Items<O> {
    type Item = Result<O::Item, ErrorOf<O>>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.get_mut().poll_item(cx)
    }
}

impl<O: Paginated> Unpin for Items<O> {}

impl<O: Paginated> fmt::Debug for Items<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Items")
            .field("operation", &O::SCHEMA.id)
            .finish_non_exhaustive()
    }
}
