//! The access tokens of Amazon CodeCatalyst with Tinsmith's client.

use generated_client::codecatalyst::Client;
use generated_client::runtime::Config;
use generated_client::runtime::identity::Token;

/// Any error.
pub type Error = Box<dyn std::error::Error + Send + Sync>;

/// A client with the settings that it has by itself.
///
/// # Errors
///
/// A URL that is none.
pub fn client(endpoint: &str) -> Result<Client, Error> {
    let config = Config::builder()
        .endpoint_url(endpoint)
        .bearer_token(Token::new("bench-token"))
        .build()?;
    Ok(Client::new(config))
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
