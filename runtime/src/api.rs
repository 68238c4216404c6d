//! The trait of a client: one for each service, so that code can be given something else in the
//! client's place.
//!
//! A generated client implements the trait of its service, such as `CodeCatalystApi`, which has a method
//! an operation. Code that takes a `&dyn CodeCatalystApi` or an `Arc<dyn CodeCatalystApi>` takes the
//! client, and in a test whatever the test makes: a struct by hand, or a mock of a library. Every method
//! has a body that fails, so that a stand-in needs only the ones it is asked for, and goes on to compile
//! when the service gets another operation.
//!
//! To test what a client does besides, such as retries and validation, put a
//! [`TestService`](crate::test_util::TestService) beneath a real client instead (feature `test-util`).

use std::future::{Future, ready};
use std::pin::Pin;

use crate::error::{Error, Failure, FailureKind};
use crate::metadata::ResponseMetadata;
use crate::operation::{Operation, Service};

/// The future of a method of a client's trait: of a call with the input `O`.
///
/// It borrows nothing, so that mocking libraries get along with it. A stand-in that knows its answer
/// gives `Box::pin(std::future::ready(answer))`.
pub type CallFuture<O> = Pin<
    Box<
        dyn Future<
                Output = Result<
                    <O as Operation>::Output,
                    Error<<<O as Operation>::Service as Service>::Error>,
                >,
            > + Send,
    >,
>;

/// What the methods of a client's trait do where an implementation has none of its own: the call fails
/// with an error that says so.
pub fn unanswered<O: Operation>(_input: O) -> CallFuture<O> {
    let message = "what stands for the client does not answer this operation";
    let metadata = ResponseMetadata::of(O::SCHEMA.name());
    Box::pin(ready(Err(Error::Dispatch(Failure::new(
        FailureKind::Dispatch,
        message,
        metadata,
    )))))
}

/// The trait of a service's client, and the client's implementation of it. The client must have a method
/// `call` that makes a [`Call`](crate::client::Call) of any input of the service.
#[macro_export]
macro_rules! client_api {
    ($api:ident for $client:ident of $title:literal {
        $($method:ident: $input:path),* $(,)?
    }) => {
        #[doc = concat!("The operations of ", $title, ", for code that takes the client or what a test")]
        /// puts in its place.
        ///
        /// Each method sends an input as the client does. One that an implementation leaves out fails,
        /// and says so.
        pub trait $api: ::core::marker::Send + ::core::marker::Sync {
            $(
                #[doc = concat!("Sends this input: see `", stringify!($client), "::", stringify!($method), "`.")]
                fn $method(&self, input: $input) -> $crate::api::CallFuture<$input> {
                    $crate::api::unanswered(input)
                }
            )*
        }

        impl $api for $client {
            $(
                fn $method(&self, input: $input) -> $crate::api::CallFuture<$input> {
                    ::core::future::IntoFuture::into_future(self.call(input))
                }
            )*
        }
    };
}
