//! A service in memory, for tests of the code that calls one (feature `test-util`).
//!
//! A test states what the service answers to which inputs, hands a client of it to the code under test,
//! and asks afterwards what was sent. No socket is opened, no time is waited for, and no async runtime is
//! needed.
//!
//! ```
//! # use tinsmith_runtime::endpoint::{Endpoint, EndpointError, EndpointParams};
//! # use tinsmith_runtime::error::UnmodeledError;
//! # use tinsmith_runtime::metadata::ResponseMetadata;
//! # use tinsmith_runtime::operation::*;
//! # use tinsmith_runtime::schema::{Fault, Member, Schema, prelude};
//! # static MEMBERS: [Member; 1] = [Member::new("id", &prelude::STRING).required()];
//! # static INPUT: Schema = Schema::structure("example#DeleteTokenInput", &MEMBERS);
//! # static OUTPUT: Schema = Schema::structure("example#DeleteTokenOutput", &[]);
//! # static GONE_MEMBERS: [Member; 1] = [Member::new("message", &prelude::STRING)];
//! # static GONE: Schema = Schema::structure("example#Gone", &GONE_MEMBERS).error(Fault::Client, 404);
//! # static SERVICE: ServiceSchema =
//! #     ServiceSchema::new("example#Tokens", "1", "Tokens", &tinsmith_runtime::protocol::AWS_JSON_1_1, &[]);
//! # static DELETE: OperationSchema = OperationSchema::rpc("example#DeleteToken", &SERVICE, &INPUT, &OUTPUT);
//! # #[derive(Clone, Debug, Default, PartialEq)]
//! # pub struct DeleteTokenInput { id: Option<String> }
//! # tinsmith_runtime::structure!(DeleteTokenInput = MEMBERS { 0: id });
//! # #[derive(Clone, Debug, Default)]
//! # pub struct DeleteTokenOutput { metadata: ResponseMetadata }
//! # tinsmith_runtime::structure!(DeleteTokenOutput);
//! # impl Output for DeleteTokenOutput {
//! #     fn metadata_mut(&mut self) -> &mut ResponseMetadata { &mut self.metadata }
//! # }
//! # #[derive(Clone, Debug, Default, PartialEq)]
//! # pub struct Gone { message: String, metadata: ResponseMetadata }
//! # tinsmith_runtime::structure!(Gone = GONE_MEMBERS { 0: message });
//! # #[derive(Clone, Debug, PartialEq)]
//! # pub enum ServiceError { Gone(Box<Gone>), Unmodeled(Box<UnmodeledError>) }
//! # tinsmith_runtime::service_errors!(ServiceError { Gone(Gone) = GONE, message; });
//! # #[derive(Debug)]
//! # pub struct Tokens;
//! # impl Service for Tokens {
//! #     type Error = ServiceError;
//! #     const SCHEMA: &'static ServiceSchema = &SERVICE;
//! #     fn resolve_endpoint(_: &EndpointParams<'_>) -> Result<Endpoint, EndpointError> {
//! #         Ok(Endpoint::new("https://tokens.example"))
//! #     }
//! # }
//! # impl Operation for DeleteTokenInput {
//! #     type Service = Tokens;
//! #     type Output = DeleteTokenOutput;
//! #     const SCHEMA: &'static OperationSchema = &DELETE;
//! # }
//! # type Client = tinsmith_runtime::Client<Tokens>;
//! use tinsmith_runtime::Error;
//! use tinsmith_runtime::build;
//! use tinsmith_runtime::test_util::{TestService, TransportFailure, block_on};
//!
//! /// The code under test: a token that is gone already is as good as deleted.
//! async fn forget(client: &Client, id: &str) -> Result<(), Error<ServiceError>> {
//!     match client.send(DeleteTokenInput { id: Some(id.to_owned()) }).await {
//!         Ok(_) | Err(Error::Service(ServiceError::Gone(_))) => Ok(()),
//!         Err(error) => Err(error),
//!     }
//! }
//!
//! let service = TestService::new();
//! let client = Client::new(service.config());
//!
//! service
//!     .when::<DeleteTokenInput>(|input| input.id.as_deref() == Some("t-1"))
//!     .fail_with_code(429, "SlowDown", "too fast")
//!     .then()
//!     .fail_with(build!(Gone { message: "no such token".into() }));
//! service.when_any::<DeleteTokenInput>().fail(TransportFailure::ConnectionReset);
//!
//! // The first answer is retried, after a wait on the service's clock that takes no time.
//! assert!(block_on(forget(&client, "t-1")).is_ok());
//! assert_eq!(service.requests()[1].attempt(), 2);
//! // A reset leaves it unknown what the service did, so that this operation is not sent again.
//! assert!(matches!(block_on(forget(&client, "t-2")), Err(Error::Dispatch(_))));
//! service.verify();
//! ```
//!
//! # What is real, and what is not
//!
//! Everything of a call but the sockets is real: the input is checked, the endpoint found, the request
//! written and signed, failures classified and retried, the response read. An answer is given as a value,
//! written as the service would write it in the protocol of the model, and read by the client from there.
//! So a test sees what a program would: an invalid input never reaches a rule, and an error that the test
//! gives as a value comes back as the variant, the status and the retries that the model says.
//!
//! # Rules
//!
//! - The first rule for the operation whose condition holds and that is not used up answers a request.
//!   Rules are tried in the order in which they were stated.
//! - An answer is for any number of requests, unless [`Rule::times`] says for how many. With
//!   [`Rule::then`] another one follows, and the one before it is for one request.
//! - Each attempt of a call is a request and uses a rule like any other.
//! - A request that no rule answers fails at once, without retries. The error has the input and says of
//!   each rule, with its place in the test, why it did not answer.
//! - [`TestService::verify`] fails a test whose rules were not asked, or that sent what no rule answers.
//!
//! Outputs with streams of bytes can be answered. Streams of events cannot be given as values; their bytes
//! can, by [`When::raw_response`]. Secrets stay hidden: inputs are shown by their `Debug`.
//!
//! # Values
//!
//! Outputs and errors are `#[non_exhaustive]`, because services add members. [`build!`](crate::build)
//! makes one all the same, as the expression that it looks like would.

mod answer;
mod clock;
mod executor;
mod failure;
mod record;
mod rule;
mod service;

pub use clock::VirtualClock;
pub use executor::block_on;
pub use failure::TransportFailure;
pub use record::RecordedRequest;
pub(crate) use record::{AnyInput, Sent};
pub use rule::{Rule, When};
pub use service::TestService;

/// An output or error with these members, the rest of them empty.
///
/// ```
/// use tinsmith_runtime::build;
/// # #[derive(Default)]
/// # struct CreateTokenOutput { id: String, name: String, size: Option<i32> }
///
/// let output = build!(CreateTokenOutput { id: "t-1".into(), size: Some(3) });
/// assert_eq!((output.id.as_str(), output.name.as_str()), ("t-1", ""));
/// ```
#[macro_export]
macro_rules! build {
    ($type:path { $($field:ident: $value:expr),* $(,)? }) => {{
        #[allow(unused_mut)] // Where no field is given.
        let mut value = <$type as ::core::default::Default>::default();
        $(value.$field = $value;)*
        value
    }};
}
