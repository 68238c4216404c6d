//! The service that answers by rules.

use std::fmt::{self, Debug};
use std::panic::Location;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use http::HeaderValue;

use super::clock::VirtualClock;
use super::record::{RecordedRequest, Sent};
use super::rule::{Act, State, When};
use crate::body::{Body, CollectError};
use crate::config::{Config, ConfigBuilder};
use crate::error::BoxError;
use crate::identity::{Credentials, Token};
use crate::operation::Operation;
use crate::transport::{Transport, TransportError, TransportErrorKind, TransportFuture};

/// A service in memory that answers by rules, and keeps what it was sent.
///
/// See the [module](super) for an example. A clone is the same service.
#[derive(Clone, Default)]
pub struct TestService {
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    rules: Mutex<Vec<Arc<State>>>,
    requests: Mutex<Vec<RecordedRequest>>,
    /// Requests that were not answered as the test meant, in words.
    unanswered: Mutex<Vec<String>>,
    clock: VirtualClock,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl TestService {
    /// A service without rules, which answers nothing.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The configuration of a client of this service: this transport, this clock, the region
    /// `us-east-1`, a token and credentials. The rest is as by default, so that a client retries,
    /// validates and signs as it does elsewhere.
    #[must_use]
    pub fn config(&self) -> Config {
        let transport: Arc<dyn Transport> = Arc::new(self.clone());
        let clock = Arc::new(self.shared.clock.clone());
        self.config_builder().assemble(transport, clock)
    }

    /// The same, to change before it is built.
    pub fn config_builder(&self) -> ConfigBuilder {
        let mut builder = Config::builder()
            .transport(self.clone())
            .clock(self.shared.clock.clone())
            .region("us-east-1")
            .bearer_token(Token::new("test-token"))
            .credentials(Credentials::new("AKIDTEST", "test-secret"));
        builder.watched = true;
        builder
    }

    /// The clock of the clients of this service.
    #[must_use]
    pub fn clock(&self) -> &VirtualClock {
        &self.shared.clock
    }

    /// A rule for the inputs of which `condition` is true.
    #[track_caller]
    pub fn when<O: Operation>(
        &self,
        condition: impl Fn(&O) -> bool + Send + Sync + 'static,
    ) -> When<O> {
        When::new(self, Location::caller(), None, condition)
    }

    /// A rule for this input and no other. Where it does not match, the error shows it.
    #[track_caller]
    pub fn when_input<O: Operation + PartialEq>(&self, expected: O) -> When<O> {
        let shown = format!("{expected:?}");
        let condition = move |input: &O| *input == expected;
        When::new(self, Location::caller(), Some(shown), condition)
    }

    /// A rule for every input of the operation.
    #[track_caller]
    pub fn when_any<O: Operation>(&self) -> When<O> {
        When::new(self, Location::caller(), None, |_: &O| true)
    }

    pub(super) fn add(&self, rule: Arc<State>) {
        lock(&self.shared.rules).push(rule);
    }

    /// The requests that came in, the first one first. Each attempt of a call is one.
    #[must_use]
    pub fn requests(&self) -> Vec<RecordedRequest> {
        lock(&self.shared.requests).clone()
    }

    /// The inputs of the calls of one operation, each once however often it was sent.
    #[must_use]
    pub fn inputs<O: Operation>(&self) -> Vec<Arc<O>> {
        let requests = lock(&self.shared.requests);
        let first = requests.iter().filter(|request| request.attempt() == 1);
        first.filter_map(RecordedRequest::shared_input).collect()
    }

    /// What did not go as the rules say: answers that nobody asked for, and requests that no rule
    /// answered. Empty where all is well.
    #[must_use]
    pub fn unmet(&self) -> Vec<String> {
        let rules = lock(&self.shared.rules);
        let mut unmet: Vec<String> = rules.iter().filter_map(|rule| rule.unmet()).collect();
        unmet.extend(lock(&self.shared.unanswered).iter().cloned());
        unmet
    }

    /// Holds the code under test to the rules: each answer was asked for as often as its rule says, or
    /// at least once where it does not say, and every request was answered.
    ///
    /// # Panics
    ///
    /// Where that is not so; the message is [`unmet`](Self::unmet).
    #[track_caller]
    pub fn verify(&self) {
        let unmet = self.unmet();
        assert!(
            unmet.is_empty(),
            "not all went as the rules say:\n  {}",
            unmet.join("\n  ")
        );
    }
}

impl Shared {
    async fn serve(
        &self,
        mut request: http::Request<Body>,
    ) -> Result<http::Response<Body>, TransportError> {
        let Some(sent) = request.extensions_mut().remove::<Sent>() else {
            return Err(self.refuse(
                "the client was not configured by the test service: begin its configuration with \
                 `TestService::config` or `config_builder`"
                    .into(),
            ));
        };
        let (head, body) = request.into_parts();
        let body = body
            .collect(usize::MAX)
            .await
            .map_err(|error| match error {
                CollectError::Broken(error) => {
                    TransportError::new(TransportErrorKind::Stream, error)
                }
                CollectError::TooLarge(_) => {
                    TransportError::new(TransportErrorKind::Stream, "it does not fit into memory")
                }
            })?;
        let number = {
            let mut requests = lock(&self.requests);
            requests.push(RecordedRequest::new(sent.clone(), head, body));
            requests.len()
        };
        let (rule, act) = self.choose(&sent)?;
        match &*act {
            Act::Fail(failure) => failure.happen(&self.clock, &sent).await,
            Act::Raw(respond) => respond().map_err(|error| self.broken(&rule, &error)),
            Act::Answer(respond) => {
                let response = respond(&*sent.input);
                let mut response = response.map_err(|error| self.broken(&rule, &error))?;
                if let Ok(id) = HeaderValue::try_from(format!("test-request-{number}")) {
                    response.headers_mut().insert("x-amzn-requestid", id);
                }
                Ok(response)
            }
        }
    }

    /// The first rule that is for the input and not used up, and what it does.
    fn choose(&self, sent: &Sent) -> Result<(Arc<State>, Arc<Act>), TransportError> {
        // A condition may ask the service something, so that nothing stays locked.
        let rules = lock(&self.rules).clone();
        let mut misses = Vec::new();
        for rule in rules {
            match rule.take(sent) {
                Ok(act) => return Ok((rule, act)),
                Err(miss) => misses.push(rule.explain(&miss)),
            }
        }
        let reasons = match misses.is_empty() {
            true => "there are no rules".to_owned(),
            false => misses.join("; "),
        };
        let (input, attempt) = (&sent.input, sent.attempt);
        Err(self.refuse(format!(
            "no rule of the test service answers {input:?} (attempt {attempt}): {reasons}"
        )))
    }

    fn broken(&self, rule: &State, error: &BoxError) -> TransportError {
        self.refuse(format!("{rule} gives no response: {error}"))
    }

    /// The error that the caller gets. It is no failure that a retry could mend.
    fn refuse(&self, message: String) -> TransportError {
        lock(&self.unanswered).push(message.clone());
        TransportError::new(TransportErrorKind::Unsupported, message)
    }
}

impl Transport for TestService {
    fn send(&self, request: http::Request<Body>) -> TransportFuture<'_> {
        Box::pin(self.shared.serve(request))
    }
}

impl Debug for TestService {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TestService")
            .field("rules", &lock(&self.shared.rules).len())
            .field("requests", &lock(&self.shared.requests).len())
            .finish_non_exhaustive()
    }
}
