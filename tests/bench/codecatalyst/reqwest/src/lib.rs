//! The access tokens of Amazon CodeCatalyst by hand on `reqwest`: nothing is checked, nothing is tried
//! again, and an error is a status.

use reqwest::Client as Http;
use serde::{Deserialize, Serialize};

/// Any error.
pub type Error = Box<dyn std::error::Error + Send + Sync>;

/// The HTTP client, and where to send requests.
pub struct Client {
    http: Http,
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
/// Those of `reqwest`.
pub fn client(endpoint: &str) -> Result<Client, Error> {
    Ok(Client {
        http: Http::builder().build()?,
        tokens: format!("{endpoint}/v1/accessTokens"),
    })
}

/// Creates a token and returns its id.
///
/// # Errors
///
/// Those of the call.
pub async fn create(client: &Client) -> Result<String, Error> {
    let request = client.http.put(&client.tokens).bearer_auth("bench-token");
    let response = request.json(&CreateInput { name: "ci" }).send().await?;
    let output: CreateOutput = response.error_for_status()?.json().await?;
    Ok(output.access_token_id)
}

/// How many tokens there are.
///
/// # Errors
///
/// Those of the call.
pub async fn list(client: &Client) -> Result<usize, Error> {
    let request = client.http.post(&client.tokens).bearer_auth("bench-token");
    let response = request.json(&ListInput { max_results: 10 }).send().await?;
    let output: ListOutput = response.error_for_status()?.json().await?;
    Ok(output.items.len())
}

/// Deletes a token.
///
/// # Errors
///
/// Those of the call.
pub async fn delete(client: &Client, id: &str) -> Result<(), Error> {
    let request = client.http.delete(format!("{}/{id}", client.tokens));
    request
        .bearer_auth("bench-token")
        .send()
        .await?
        .error_for_status()?;
    Ok(())
}
