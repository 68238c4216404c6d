//! The access tokens of Amazon CodeCatalyst by hand on `hyper`: nothing is checked, nothing is tried
//! again, and an error is a status.

use http_body_util::{BodyExt as _, Full};
use hyper::body::Bytes;
use hyper::header::{AUTHORIZATION, CONTENT_TYPE};
use hyper::{Method, Request};
use hyper_util::client::legacy::Client as Http;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde::{Deserialize, Serialize};

#[cfg(feature = "tls")]
type Connector = hyper_rustls::HttpsConnector<HttpConnector>;
#[cfg(not(feature = "tls"))]
type Connector = HttpConnector;

/// Any error.
pub type Error = Box<dyn std::error::Error + Send + Sync>;

/// The HTTP client, and where to send requests.
pub struct Client {
    http: Http<Connector, Full<Bytes>>,
    tokens: String,
}

#[derive(Serialize)]
struct CreateInput<'a> {
    name: &'a str,
}

/// What the service says of a new token.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CreateOutput {
    /// The secret, which is shown once.
    pub secret: String,
    /// The name.
    pub name: String,
    /// When the token expires, as text.
    pub expires_time: String,
    /// The id.
    pub access_token_id: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ListInput {
    max_results: u32,
}

#[derive(Deserialize)]
struct ListOutput {
    items: Vec<Summary>,
}

/// What the service says of a token in a list.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Summary {
    /// The id.
    pub id: String,
    /// The name.
    pub name: String,
    /// When the token expires, as text.
    pub expires_time: Option<String>,
}

/// A client.
///
/// # Errors
///
/// With TLS, a system without certificates.
pub fn client(endpoint: &str) -> Result<Client, Error> {
    Ok(Client {
        http: Http::builder(TokioExecutor::new()).build(connector()?),
        tokens: format!("{endpoint}/v1/accessTokens"),
    })
}

fn tcp() -> HttpConnector {
    let mut tcp = HttpConnector::new();
    // As the other contestants have it; without it, requests wait for acknowledgements.
    tcp.set_nodelay(true);
    tcp
}

#[cfg(feature = "tls")]
fn connector() -> Result<Connector, Error> {
    let mut tcp = tcp();
    tcp.enforce_http(false);
    let https = hyper_rustls::HttpsConnectorBuilder::new().with_native_roots()?;
    Ok(https.https_or_http().enable_http1().wrap_connector(tcp))
}

#[cfg(not(feature = "tls"))]
fn connector() -> Result<Connector, Error> {
    Ok(tcp())
}

/// Creates a token and returns its id.
///
/// # Errors
///
/// Those of the call.
pub async fn create(client: &Client) -> Result<String, Error> {
    let body = serde_json::to_vec(&CreateInput { name: "ci" })?;
    let answer = send(client, Method::PUT, &client.tokens, body).await?;
    let output: CreateOutput = serde_json::from_slice(&answer)?;
    Ok(output.access_token_id)
}

/// How many tokens there are.
///
/// # Errors
///
/// Those of the call.
pub async fn list(client: &Client) -> Result<usize, Error> {
    let body = serde_json::to_vec(&ListInput { max_results: 10 })?;
    let answer = send(client, Method::POST, &client.tokens, body).await?;
    let output: ListOutput = serde_json::from_slice(&answer)?;
    Ok(output.items.len())
}

/// Deletes a token.
///
/// # Errors
///
/// Those of the call.
pub async fn delete(client: &Client, id: &str) -> Result<(), Error> {
    let uri = format!("{}/{id}", client.tokens);
    send(client, Method::DELETE, &uri, Vec::new()).await?;
    Ok(())
}

async fn send(client: &Client, method: Method, uri: &str, body: Vec<u8>) -> Result<Bytes, Error> {
    let request = Request::builder()
        .method(method)
        .uri(uri)
        .header(AUTHORIZATION, "Bearer bench-token")
        .header(CONTENT_TYPE, "application/json")
        .body(Full::new(Bytes::from(body)))?;
    let response = client.http.request(request).await?;
    if !response.status().is_success() {
        return Err(format!("the service answered {}", response.status()).into());
    }
    Ok(response.into_body().collect().await?.to_bytes())
}
