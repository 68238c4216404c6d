//! The access tokens of Amazon CodeCatalyst with the official client.

use aws_sdk_codecatalyst::Client;
use aws_sdk_codecatalyst::config::{Config, Region, Token};

/// Any error.
pub type Error = Box<dyn std::error::Error + Send + Sync>;

/// A client with the settings that it has by itself; without TLS it is given an HTTP
/// client.
///
/// # Errors
///
/// None; other contestants have some.
pub fn client(endpoint: &str) -> Result<Client, Error> {
    let config = Config::builder()
        .behavior_version_latest()
        .region(Region::from_static("us-west-2"))
        .endpoint_url(endpoint)
        .bearer_token(Token::new("bench-token", None));
    #[cfg(not(feature = "tls"))]
    let config = config.http_client(aws_smithy_http_client::Builder::new().build_http());
    Ok(Client::from_conf(config.build()))
}

/// Creates a token and returns its id.
///
/// # Errors
///
/// Those of the call.
pub async fn create(client: &Client) -> Result<String, Error> {
    let token = client.create_access_token().name("ci").send().await?;
    Ok(token.access_token_id)
}

/// How many tokens there are.
///
/// # Errors
///
/// Those of the call.
pub async fn list(client: &Client) -> Result<usize, Error> {
    let page = client.list_access_tokens().max_results(10).send().await?;
    Ok(page.items.len())
}

/// Deletes a token.
///
/// # Errors
///
/// Those of the call.
pub async fn delete(client: &Client, id: &str) -> Result<(), Error> {
    client.delete_access_token().id(id).send().await?;
    Ok(())
}
