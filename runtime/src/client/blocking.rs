//! The blocking driver: calls for programs that have no async runtime.
//!
//! A thread of the client's own, started by its first blocking call, drives the calls and keeps their
//! connections; the caller's thread waits. It is the same driver as of async calls, so both keep the
//! same rules, and since nothing is driven on the caller's thread, a blocking call works wherever that
//! thread may wait, also within an async runtime.

use std::future::Future;
use std::io;
use std::sync::OnceLock;
use std::sync::mpsc::sync_channel;
#[cfg(feature = "sigv4")]
use std::time::Duration;

use tokio::runtime::{Builder, Runtime};
use tracing::Instrument;

#[cfg(feature = "sigv4")]
use super::PresignedRequest;
use super::call::ErrorOf;
use super::{Call, Client};
use crate::error::{Error, Failed, Failure, FailureKind};
use crate::metadata::ResponseMetadata;
use crate::operation::{Operation, Service};

/// The thread that drives a client's blocking calls, once there are any.
#[derive(Debug, Default)]
pub(super) struct Worker {
    runtime: OnceLock<Thread>,
}

#[derive(Debug)]
struct Thread(Option<Runtime>);

impl Drop for Thread {
    fn drop(&mut self) {
        // Dropping a runtime waits for its thread, which async code must not do.
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}

impl Worker {
    /// Runs `future` to its end; `None` where it broke off, as when a provider panics.
    ///
    /// # Errors
    ///
    /// The system's, where it gives no thread.
    fn run<F>(&self, future: F) -> io::Result<Option<F::Output>>
    where
        F: Future<Output: Send> + Send + 'static,
    {
        let (sender, receiver) = sync_channel(1);
        let driven = async move {
            // Whoever waits for it cannot have gone away.
            let _ = sender.send(future.await);
        };
        if let Some(runtime) = self.thread()?.0.as_ref() {
            runtime.spawn(driven.in_current_span());
        }
        Ok(receiver.recv().ok())
    }

    fn thread(&self) -> io::Result<&Thread> {
        if let Some(thread) = self.runtime.get() {
            return Ok(thread);
        }
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("tinsmith-blocking")
            .enable_all()
            .build()?;
        // Two callers may both get here; the first one's is kept, and the other's is dropped as a thread.
        let thread = Thread(Some(runtime));
        Ok(self.runtime.get_or_init(|| thread))
    }
}

impl<S: Service> Client<S> {
    /// Runs what calls `operation` to its end on the client's own thread, and waits.
    ///
    /// # Errors
    ///
    /// There is no thread, or the future broke off.
    pub(crate) fn drive_blocking<F>(
        &self,
        operation: &'static str,
        future: F,
    ) -> Result<F::Output, Failed>
    where
        F: Future<Output: Send> + Send + 'static,
    {
        let failure = |kind, message: &'static str| {
            Failure::new(kind, message, ResponseMetadata::of(operation))
        };
        match self.shared.worker.run(future) {
            Ok(Some(outcome)) => Ok(outcome),
            Ok(None) => Err(Failed::Dispatch(failure(
                FailureKind::Dispatch,
                "the call broke off",
            ))),
            Err(error) => Err(Failed::Construction(
                failure(
                    FailureKind::Construction,
                    "there is no thread for blocking calls",
                )
                .with_source(error),
            )),
        }
    }

    /// Calls an operation with this input, and waits.
    ///
    /// # Errors
    ///
    /// See [`Error`].
    pub fn send_blocking<O: Operation<Service = S>>(
        &self,
        input: O,
    ) -> Result<O::Output, Error<S::Error>> {
        self.call(input).send_blocking()
    }
}

impl<O: Operation> Call<O> {
    /// Like [`send`](Self::send), for programs without an async runtime: waits for the response.
    ///
    /// The client drives its blocking calls on a thread of its own, several at once. Within async code
    /// use `.await`, which does not hold up a thread.
    ///
    /// ```
    /// use tinsmith_runtime::operation::{Operation, Service};
    /// use tinsmith_runtime::{Client, Error};
    ///
    /// fn call<O: Operation>(
    ///     client: &Client<O::Service>,
    ///     input: O,
    /// ) -> Result<O::Output, Error<<O::Service as Service>::Error>> {
    ///     client.call(input).send_blocking()
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// See [`Error`]. It is one of construction where the system gives no thread.
    pub fn send_blocking(self) -> Result<O::Output, Error<ErrorOf<O>>> {
        let client = self.client.clone();
        client.drive_blocking(O::SCHEMA.name(), self.send())?
    }

    /// Like [`presigned`](Self::presigned), for programs without an async runtime.
    ///
    /// # Errors
    ///
    /// As there, and as [`send_blocking`](Self::send_blocking).
    #[cfg(feature = "sigv4")]
    pub fn presigned_blocking(
        self,
        expires_in: Duration,
    ) -> Result<PresignedRequest, Error<ErrorOf<O>>> {
        let client = self.client.clone();
        client.drive_blocking(O::SCHEMA.name(), self.presigned(expires_in))?
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Barrier;

    use super::*;

    /// Whoever comes second with the first blocking call drops a thread of its own, which must do no
    /// harm within async code.
    #[test]
    fn first_calls_may_come_at_the_same_time() {
        const CALLERS: usize = 4;
        for _ in 0..25 {
            let (worker, barrier) = (Worker::default(), Barrier::new(CALLERS));
            std::thread::scope(|scope| {
                for _ in 0..CALLERS {
                    scope.spawn(|| {
                        let caller = Builder::new_current_thread().build().unwrap();
                        barrier.wait();
                        let answer = caller.block_on(async { worker.run(async { 7 }) });
                        assert_eq!(answer.unwrap(), Some(7));
                    });
                }
            });
        }
    }
}
