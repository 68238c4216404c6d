//! An in-memory implementation of both services on a real HTTP server.
//!
//! It is written from the services' API references alone and shares no code with the client's runtime,
//! so that a mistake there is not made here again: it has its own checks of methods, paths, headers,
//! bodies and constraints, and its own computation of SigV4 signatures.
//!
//! Both services share one address. CodeCatalyst has the paths below `/v1/accessTokens`, Route 53
//! Global Resolver those below `/tokens`.

mod bearer;
mod checks;
mod code_catalyst;
mod fault;
mod global_resolver;
mod json;
mod reply;
mod request;
mod route;
mod server;
pub mod sigv4;
mod store;
mod tls;

pub use fault::Fault;
pub use request::Request;
pub use server::TokenService;

use jiff::SignedDuration;

/// How a [`TokenService`] behaves.
#[derive(Clone, Debug)]
pub struct Options {
    /// The port on the loopback address; 0 takes a free one.
    pub port: u16,
    /// Whether to speak TLS, with a certificate made for the occasion.
    pub tls: bool,
    /// The bearer token that CodeCatalyst accepts.
    pub bearer_token: String,
    /// The AWS credentials that Route 53 Global Resolver accepts.
    pub credentials: sigv4::Credentials,
    /// The region in the credential scope.
    pub region: String,
    /// The DNS views that exist.
    pub dns_views: Vec<String>,
    /// How many access tokens each service keeps.
    pub quota: usize,
    /// How far the service's clock is ahead of this machine's.
    pub clock_offset: SignedDuration,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            port: 0,
            tls: false,
            bearer_token: "dummy-token".to_owned(),
            credentials: sigv4::Credentials::example(),
            region: "us-east-1".to_owned(),
            dns_views: vec!["dv-1".to_owned()],
            quota: 100,
            clock_offset: SignedDuration::ZERO,
        }
    }
}
