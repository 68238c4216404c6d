//! Interceptors in calls over real sockets.
#![allow(clippy::unwrap_used, clippy::panic)] // A test fails by panicking.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use generated_client::codecatalyst::Error;
use generated_client::codecatalyst::operation::CreateAccessTokenInput;
use http::HeaderValue;
use tests::clients;
use tests::token_service::{Options, TokenService};
use tinsmith_runtime::error::BoxError;
use tinsmith_runtime::interceptor::{AfterCall, BeforeCall, BeforeSigning, Interceptor};

/// Marks requests, and names tokens otherwise than the caller did.
struct Rename;

impl Interceptor for Rename {
    fn before_signing(&self, request: &mut BeforeSigning<'_>) -> Result<(), BoxError> {
        let id = HeaderValue::from_static("job-17");
        request.headers_mut().insert("x-request-id", id);
        let body = request.body_mut().ok_or("a stream")?;
        let text = std::str::from_utf8(body)?.replace("the caller's", "the interceptor's");
        *body = text.into();
        Ok(())
    }
}

/// A request that an interceptor has changed passes the service's own check of its signature, which
/// covers body and headers.
#[tokio::test]
async fn a_changed_request_has_a_valid_signature() {
    let service = TokenService::start(Options::default()).await.unwrap();
    let client = clients::global_resolver(&service).unwrap();
    let builder = client
        .create_access_token()
        .dns_view_id("dv-1")
        .name("the caller's");
    let made = builder
        .into_call()
        .interceptor(Rename)
        .send()
        .await
        .unwrap();
    assert_eq!(made.name.as_deref(), Some("the interceptor's"));
    let request = service.requests().pop().unwrap();
    assert_eq!(request.headers["x-request-id"], "job-17");
    let authorization = request.headers["authorization"].to_str().unwrap();
    assert!(authorization.contains(";x-request-id"), "{authorization}");
}

/// Counts calls that begin and calls that fail, and refuses names of other teams.
struct Gate(Arc<[AtomicU32; 2]>);

impl Interceptor for Gate {
    fn before_call(&self, call: &mut BeforeCall<'_>) -> Result<(), BoxError> {
        self.0[0].fetch_add(1, Ordering::Relaxed);
        let input = call.input::<CreateAccessTokenInput>();
        match input.and_then(|input| input.name.as_deref()) {
            Some(name) if name.starts_with("other-") => Err("that is another team's".into()),
            _ => Ok(()),
        }
    }

    fn after_call(&self, call: &mut AfterCall<'_>) {
        if call.error::<Error>().is_some() {
            self.0[1].fetch_add(1, Ordering::Relaxed);
        }
    }
}

/// Blocking calls have the same hooks.
#[test]
fn blocking_calls_are_intercepted() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let service = runtime
        .block_on(TokenService::start(Options::default()))
        .unwrap();
    let client = clients::code_catalyst(&service).unwrap();
    let counters = Arc::new([AtomicU32::new(0), AtomicU32::new(0)]);
    let create = |name: &str| {
        let call = client.create_access_token().name(name).into_call();
        call.interceptor(Gate(Arc::clone(&counters)))
            .send_blocking()
    };
    create("ours-1").unwrap();
    let error = create("other-1").unwrap_err();
    assert!(matches!(error, Error::Construction(_)), "{error}");
    assert!(error.to_string().contains("another team's"), "{error}");
    let counted = [0, 1].map(|at: usize| counters[at].load(Ordering::Relaxed));
    assert_eq!(counted, [2, 1]);
    assert_eq!(service.requests().len(), 1);
}
