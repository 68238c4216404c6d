//! Pages and items for programs without an async runtime.

use std::fmt;
use std::iter::FusedIterator;

use super::{ErrorOf, Items, PageOf, Pages, State};
use crate::client::Client;
use crate::operation::Paginated;

impl<O: Paginated> Pages<O> {
    /// The same pages for programs without an async runtime: an [`Iterator`] that waits for each page
    /// when it is asked for it. What ends it is what ends the [stream](Pages).
    ///
    /// The client drives its blocking calls on a thread of its own, as
    /// [`Call::send_blocking`](crate::client::Call::send_blocking) does.
    ///
    /// ```
    /// use tinsmith_runtime::operation::{Paginated, Service};
    /// use tinsmith_runtime::paginate::Pages;
    /// use tinsmith_runtime::{Client, Error};
    ///
    /// /// Counts what is there, on however many pages.
    /// fn count<O: Paginated>(
    ///     client: &Client<O::Service>,
    ///     input: O,
    /// ) -> Result<usize, Error<<O::Service as Service>::Error>> {
    ///     let mut count = 0;
    ///     for page in Pages::new(client.call(input)).into_iter_blocking() {
    ///         count += O::into_items(page?).len();
    ///     }
    ///     Ok(count)
    /// }
    /// ```
    pub fn into_iter_blocking(self) -> BlockingPages<O> {
        BlockingPages { pages: Some(self) }
    }

    /// The client that gives the next page, if there may be one.
    fn client(&self) -> Option<Client<O::Service>> {
        match &self.state {
            State::Ready(call) | State::Waiting(_, call) => Some(call.client().clone()),
            State::Ended => None,
        }
    }
}

impl<O: Paginated> Items<O> {
    /// The same items for programs without an async runtime: an [`Iterator`] that waits where the next
    /// item is on a page that is still to come. See [`Pages::into_iter_blocking`].
    ///
    /// ```
    /// use tinsmith_runtime::operation::{Paginated, Service};
    /// use tinsmith_runtime::paginate::Items;
    /// use tinsmith_runtime::{Client, Error};
    ///
    /// /// All that is there, up to the first error.
    /// fn all<O: Paginated>(
    ///     client: &Client<O::Service>,
    ///     input: O,
    /// ) -> Result<Vec<O::Item>, Error<<O::Service as Service>::Error>> {
    ///     Items::new(client.call(input)).into_iter_blocking().collect()
    /// }
    /// ```
    pub fn into_iter_blocking(self) -> BlockingItems<O> {
        BlockingItems {
            pages: self.pages.into_iter_blocking(),
            page: self.page,
        }
    }
}

/// The pages that a call answers, each waited for. Made by [`Pages::into_iter_blocking`].
#[must_use = "nothing is asked for until a page is wanted"]
pub struct BlockingPages<O: Paginated> {
    /// Nothing where the thread broke off that had them.
    pages: Option<Pages<O>>,
}

impl<O: Paginated> Iterator for BlockingPages<O> {
    type Item = PageOf<O>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut pages = self.pages.take()?;
        let client = pages.client()?;
        let turned = client.drive_blocking(O::SCHEMA.name(), async move {
            let page = pages.next().await;
            (page, pages)
        });
        match turned {
            Ok((page, pages)) => {
                self.pages = Some(pages);
                page
            }
            Err(failed) => Some(Err(failed.into())),
        }
    }
}

impl<O: Paginated> FusedIterator for BlockingPages<O> {}

impl<O: Paginated> fmt::Debug for BlockingPages<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BlockingPages")
            .field("operation", &O::SCHEMA.id)
            .finish_non_exhaustive()
    }
}

/// The items on the pages that a call answers, each page waited for. Made by
/// [`Items::into_iter_blocking`].
#[must_use = "nothing is asked for until an item is wanted"]
pub struct BlockingItems<O: Paginated> {
    pages: BlockingPages<O>,
    page: std::vec::IntoIter<O::Item>,
}

impl<O: Paginated> Iterator for BlockingItems<O> {
    type Item = Result<O::Item, ErrorOf<O>>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(item) = self.page.next() {
                return Some(Ok(item));
            }
            match self.pages.next()? {
                Ok(page) => self.page = O::into_items(page).into_iter(),
                Err(error) => return Some(Err(error)),
            }
        }
    }
}

impl<O: Paginated> FusedIterator for BlockingItems<O> {}

impl<O: Paginated> fmt::Debug for BlockingItems<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BlockingItems")
            .field("operation", &O::SCHEMA.id)
            .finish_non_exhaustive()
    }
}
