//! The access tokens of Amazon Route 53 Global Resolver with Tinsmith's client.

use generated_client::route53globalresolver::Client;
use generated_client::runtime::Config;
use generated_client::runtime::identity::Credentials;

/// Any error.
pub type Error = Box<dyn std::error::Error + Send + Sync>;

/// The DNS view whose tokens these are.
const DNS_VIEW: &str = "dnsv-0a1b2c3d4e5f67890";

/// A client with the settings that it has by itself.
///
/// # Errors
///
/// A URL that is none.
pub fn client(endpoint: &str) -> Result<Client, Error> {
    let config = Config::builder()
        .region("us-west-2")
        .endpoint_url(endpoint)
        .credentials(Credentials::new("AKIDEXAMPLE", "bench-secret"))
        .build()?;
    Ok(Client::new(config))
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
    Ok(page.access_tokens.map_or(0, |tokens| tokens.len()))
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
