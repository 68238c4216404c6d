//! What a user's program does with the generated client, without the network: it is run by CI with one
//! service, with all of them, and without TLS.

use generated_client::codecatalyst::operation::{CreateAccessTokenInput, DeleteAccessTokenInput};
use generated_client::codecatalyst::{Client, Error};
use generated_client::runtime::Config;
#[cfg(not(feature = "tls"))]
use generated_client::runtime::identity::Token;
use generated_client::runtime::operation::Operation;
use generated_client::runtime::validate::Validate as _;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let config = Config::builder()
        .endpoint_url("http://127.0.0.1:9")
        .build()?;
    let client = Client::new(config);

    // A bad input is refused before the dead endpoint, or a missing token, could matter.
    match client.delete_access_token().id("x".repeat(37)).send().await {
        Err(Error::Validation(error)) => println!("{error}"),
        other => return Err(format!("an id of 37 characters was not refused: {other:?}").into()),
    }

    // The same through generic code, and without a client.
    let input = CreateAccessTokenInput::default();
    println!(
        "{} needs a name: {}",
        name_of(&input),
        input.validate().is_err()
    );
    let input = DeleteAccessTokenInput {
        id: Some("a1b2c3d4-5678-90ab-cdef-EXAMPLEbbbbb".into()),
    };
    input.validate()?;

    // A good input gets as far as the token, of which there is none.
    let error = client
        .send(input)
        .await
        .err()
        .ok_or("a call without a token succeeded")?;
    println!("{error}");

    #[cfg(not(feature = "tls"))]
    try_https().await?;

    #[cfg(feature = "all-services")]
    println!(
        "{:?}",
        generated_client::route53globalresolver::operation::GetAccessTokenInput::default()
    );
    Ok(())
}

/// What needs TLS must be told at once, and not be tried as if it might work the next time.
#[cfg(not(feature = "tls"))]
async fn try_https() -> Result<(), Box<dyn std::error::Error>> {
    let config = Config::builder()
        .endpoint_url("https://127.0.0.1:9")
        .bearer_token(Token::new("token"))
        .build()?;
    let call = Client::new(config).list_access_tokens();
    let error = call.send().await.err().ok_or("https without TLS")?;
    println!("{error}");
    match error {
        Error::Dispatch(failure) if failure.metadata().attempts() == 1 => Ok(()),
        other => Err(format!("not the error of a build without TLS: {other:?}").into()),
    }
}

fn name_of<O: Operation>(_: &O) -> &'static str {
    O::SCHEMA.name()
}
