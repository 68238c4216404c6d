//! The access tokens of Amazon Route 53 Global Resolver with the official client.

use aws_sdk_route53globalresolver::Client;
use aws_sdk_route53globalresolver::config::{Config, Credentials, Region};

/// Any error.
pub type Error = Box<dyn std::error::Error + Send + Sync>;

/// The DNS view whose tokens these are.
const DNS_VIEW: &str = "dnsv-0a1b2c3d4e5f67890";

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
        .credentials_provider(Credentials::new(
            "AKIDEXAMPLE",
            "bench-secret",
            None,
            None,
            "bench",
        ));
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
    let create = client
        .create_access_token()
        .dns_view_id(DNS_VIEW)
        .name("ci");
    Ok(create.send().await?.id)
}

/// How many tokens there are.
///
/// # Errors
///
/// Those of the call.
pub async fn list(client: &Client) -> Result<usize, Error> {
    let page = client
        .list_access_tokens()
        .dns_view_id(DNS_VIEW)
        .send()
        .await?;
    Ok(page.access_tokens().len())
}

/// Deletes a token.
///
/// # Errors
///
/// Those of the call.
pub async fn delete(client: &Client, id: &str) -> Result<(), Error> {
    client
        .delete_access_token()
        .access_token_id(id)
        .send()
        .await?;
    Ok(())
}
