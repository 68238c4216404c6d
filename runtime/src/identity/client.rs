//! The requests that providers make themselves.

use std::fmt;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use zeroize::Zeroizing;

use super::secret_object::SecretObject;
use crate::auth::is_confidential;
use crate::body::{Body, CollectError};
use crate::client::Patience;
use crate::error::BoxError;
use crate::random;
use crate::retry::{ErrorClass, RetryConfig, classify};
use crate::time::Clock;
use crate::transport::{Transport, TransportError};

/// How long a provider waits for an answer. A call's own time limit holds besides.
const LIMIT: Duration = Duration::from_secs(15);

/// The longest answer that is read.
const LONGEST: usize = 64 * 1024;

/// What providers send requests with: the transport and the clock of the client they serve.
#[derive(Clone, Debug)]
pub struct ProviderClient {
    transport: Arc<dyn Transport>,
    clock: Arc<dyn Clock>,
}

/// The status and the whole body.
type Answer = (http::StatusCode, Zeroizing<Vec<u8>>);

impl ProviderClient {
    /// Sends by this transport, and waits by this clock.
    #[must_use]
    pub fn new(transport: Arc<dyn Transport>, clock: Arc<dyn Clock>) -> Self {
        Self { transport, clock }
    }

    /// Sends a request that carries secrets, and reads the JSON object that answers it.
    ///
    /// After an error that may pass, a request that may be repeated is sent again, as often and after such
    /// waits as those of a call. A renewal may not: it spends its token, and what is to be renewed may still
    /// be good, so that nobody should wait.
    pub(super) async fn exchange(
        &self,
        request: http::Request<Bytes>,
    ) -> Result<SecretObject, ExchangeError> {
        if !is_confidential(request.uri()) {
            return Err(ExchangeError::PlainHttp);
        }
        let answered = pin!(self.answers(request));
        let (status, body) = Patience::new(&*self.clock, Some(LIMIT), None)
            .wait_for(answered)
            .await
            .ok_or(ExchangeError::TimedOut)??;
        let object = SecretObject::parse(&body);
        if status.is_success() {
            return object.map_err(ExchangeError::Unreadable);
        }
        let code = object.ok().as_ref().and_then(error_code);
        Err(ExchangeError::Refused {
            status: status.as_u16(),
            code,
        })
    }

    async fn answers(&self, request: http::Request<Bytes>) -> Result<Answer, ExchangeError> {
        let retry = match request.method().is_idempotent() {
            true => RetryConfig::standard(),
            false => RetryConfig::off(),
        };
        for failed in 1..retry.attempts() {
            let (status, body) = self.answer(request.clone().map(Body::from)).await?;
            if classify(None, status.as_u16(), None) == ErrorClass::Permanent {
                return Ok((status, body));
            }
            let wait = retry.backoff(failed, random::fraction());
            self.clock.sleep(wait).await;
        }
        self.answer(request.map(Body::from)).await
    }

    async fn answer(&self, request: http::Request<Body>) -> Result<Answer, ExchangeError> {
        let response = self
            .transport
            .send(request)
            .await
            .map_err(ExchangeError::Transport)?;
        let status = response.status();
        let body = response.into_body().collect(LONGEST).await;
        let body = body.map_err(|error| match error {
            CollectError::TooLarge(limit) => {
                ExchangeError::Unreadable(format!("longer than {limit} bytes"))
            }
            CollectError::Broken(source) => ExchangeError::Broken(source),
        })?;
        Ok((status, Zeroizing::new(Vec::from(body))))
    }
}

/// The code of an error: of OAuth (RFC 6749, section 5.2), or of AWS. Never a description, which might
/// quote the request.
fn error_code(object: &SecretObject) -> Option<String> {
    let code = object.text("error").or_else(|| object.text("__type"))?;
    let code = code.rsplit('#').next().unwrap_or(code);
    let is_code = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    ((1..=64).contains(&code.len()) && code.bytes().all(is_code)).then(|| code.to_owned())
}

/// Why a request of a provider came to nothing. Never holds a secret.
#[derive(Debug)]
pub(super) enum ExchangeError {
    PlainHttp,
    TimedOut,
    Transport(TransportError),
    Broken(BoxError),
    /// An answer that is not what it should be, and why.
    Unreadable(String),
    Refused {
        status: u16,
        code: Option<String>,
    },
}

impl fmt::Display for ExchangeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::PlainHttp => f.write_str("refused to send secrets over plain http"),
            Self::TimedOut => write!(f, "no answer within {LIMIT:?}"),
            Self::Transport(error) => error.fmt(f),
            Self::Broken(_) => f.write_str("the answer broke off"),
            Self::Unreadable(why) => write!(f, "the answer cannot be understood: {why}"),
            Self::Refused { status, code } => {
                write!(f, "refused with status {status}")?;
                match code {
                    Some(code) => write!(f, " ({code})"),
                    None => Ok(()),
                }
            }
        }
    }
}

impl std::error::Error for ExchangeError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Transport(error) => error.source(),
            Self::Broken(source) => Some(&**source),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{Act, Script, run};
    use crate::time::{Moment, Sleep};

    /// A clock on which time stands still while there is work to do.
    #[derive(Debug)]
    struct Still;

    impl Clock for Still {
        fn now(&self) -> Moment {
            Moment {
                wall: std::time::UNIX_EPOCH,
                elapsed: Duration::ZERO,
            }
        }

        fn sleep(&self, _: Duration) -> Sleep {
            Box::pin(std::future::ready(()))
        }

        fn timeout(&self, _: Duration) -> Sleep {
            Box::pin(std::future::pending())
        }
    }

    /// Protects tests on a clock that jumps over waits: an answer that takes real time is not cut off,
    /// as that of a call is not.
    #[test]
    fn the_limit_is_a_timeout_of_the_clock() {
        let script = Script::new([Act::Later(http::Response::new(Body::from("{}")))]);
        let client = ProviderClient::new(Arc::new(script), Arc::new(Still));
        let request = http::Request::get("https://localhost/");
        assert!(run(client.exchange(request.body(Bytes::new()).unwrap())).is_ok());
    }
}
