//! What a test sees of a call: the caller's input beside the request that was made of it.
//!
//! Only a client whose configuration comes from a
//! [`TestService`](crate::test_util::TestService) is watched; any other pays nothing for it.

use std::sync::Arc;
use std::time::Duration;

use crate::body::Body;
use crate::config::Inner as Config;
use crate::operation::Operation;
use crate::test_util::{AnyInput, Sent};

/// The input of a call, which outlives the call where a test watches.
pub(super) struct Watched<O> {
    shared: Option<Arc<O>>,
}

impl<O: Operation> Watched<O> {
    /// Takes the input, where a test watches.
    pub(super) fn take(config: &Config, input: &mut O) -> Self {
        let shared = config.watched.then(|| Arc::new(std::mem::take(input)));
        Self { shared }
    }

    /// The input, which is `own` where nobody watches.
    pub(super) fn input<'a>(&'a self, own: &'a O) -> &'a O {
        self.shared.as_deref().unwrap_or(own)
    }

    pub(super) fn witness(&self) -> Witness {
        let input = self.shared.clone();
        Witness(input.map(|input| {
            let input: Arc<dyn AnyInput> = input;
            Sent {
                operation: O::SCHEMA,
                input,
                attempt: 0,
                timeout: None,
            }
        }))
    }
}

/// Tells a test of the requests of one call.
pub(super) struct Witness(Option<Sent>);

impl Witness {
    /// Adds what the next request was made of.
    pub(super) fn mark(&mut self, request: &mut http::Request<Body>, timeout: Option<Duration>) {
        if let Some(sent) = &mut self.0 {
            sent.attempt += 1;
            sent.timeout = timeout;
            request.extensions_mut().insert(sent.clone());
        }
    }
}
