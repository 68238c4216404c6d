//! Creates, lists and deletes access tokens of Amazon CodeCatalyst.
//!
//! ```text
//! cargo run -p generated-client --example tokens -- create --name ci --days 30
//! cargo run -p generated-client --example tokens -- list
//! cargo run -p generated-client --example tokens -- delete a1b2c3d4-5678-90ab-cdef-EXAMPLEbbbbb
//! ```
//!
//! The bearer token that authenticates the calls comes from `AWS_BEARER_TOKEN_CODECATALYST` or from the
//! AWS SSO token cache.

use std::error::Error;
use std::process::ExitCode;
use std::time::{Duration, SystemTime};

use clap::{Parser, Subcommand};
use generated_client::codecatalyst::operation::{CreateAccessTokenInput, DeleteAccessTokenInput};
use generated_client::codecatalyst::{self, Client, CodeCatalyst};
use generated_client::runtime::Config;
use generated_client::runtime::operation::{Operation, Service as _};
use generated_client::runtime::timestamp::Timestamp;
use generated_client::runtime::validate::{ValidationOptions, validate_value};

/// Manage access tokens of Amazon CodeCatalyst.
#[derive(Debug, Parser)]
#[command(name = "tokens", version)]
struct Cli {
    /// Where to send requests instead of to AWS
    #[arg(long, global = true, value_name = "URL")]
    endpoint_url: Option<String>,

    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Create a token and print its secret, which cannot be shown again
    Create {
        /// A name to tell the token by
        #[arg(long, value_parser = |text: &str| checked::<CreateAccessTokenInput>("name", text))]
        name: String,
        /// Days until the token expires, counted from now [default: the service's own, one year]
        #[arg(long)]
        days: Option<u32>,
    },
    /// List the tokens
    List,
    /// Delete a token
    Delete {
        /// The token's id, as `create` and `list` print it
        #[arg(value_parser = |text: &str| checked::<DeleteAccessTokenInput>("id", text))]
        id: String,
    },
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match run(Cli::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // One line tells operation, code, message, status, request id and attempts.
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(cli: Cli) -> Result<(), Box<dyn Error>> {
    let client = client(cli.endpoint_url)?;
    match cli.command {
        Command::Create { name, days } => create(&client, name, days).await?,
        Command::List => list(&client).await?,
        Command::Delete { id } => delete(&client, &id).await?,
    }
    Ok(())
}

fn client(endpoint_url: Option<String>) -> Result<Client, Box<dyn Error>> {
    let mut config = Config::builder()
        .with_process_environment(CodeCatalyst::SCHEMA)?
        .app_name("tokens-example");
    if let Some(url) = endpoint_url {
        config = config.endpoint_url(url);
    }
    Ok(Client::new(config.build()?))
}

async fn create(
    client: &Client,
    name: String,
    days: Option<u32>,
) -> Result<(), codecatalyst::Error> {
    let mut call = client.create_access_token().name(name);
    if let Some(days) = days {
        call = call.expires_time(in_days(days));
    }
    let token = call.send().await?;
    println!("id:      {}", token.access_token_id);
    println!("expires: {}", token.expires_time);
    println!("secret:  {}", token.secret.expose());
    Ok(())
}

async fn list(client: &Client) -> Result<(), codecatalyst::Error> {
    let mut tokens = client.list_access_tokens().items();
    while let Some(token) = tokens.next().await {
        let token = token?;
        let expires = token
            .expires_time
            .map(|time| time.to_string())
            .unwrap_or_default();
        println!("{}  {expires:20}  {}", token.id, token.name);
    }
    Ok(())
}

async fn delete(client: &Client, id: &str) -> Result<(), codecatalyst::Error> {
    client.delete_access_token().id(id).send().await?;
    println!("deleted {id}");
    Ok(())
}

fn in_days(days: u32) -> Timestamp {
    Timestamp::from(SystemTime::now() + Duration::from_secs(u64::from(days) * 24 * 60 * 60))
}

/// Holds an argument to what the model says of the member that it becomes, so that a mistake is told
/// with the usage at hand and before a bearer token is looked for.
fn checked<O: Operation>(member: &str, text: &str) -> Result<String, String> {
    let text = text.to_owned();
    match O::SCHEMA.input.member(member) {
        Some(member) => validate_value(member, &text, ValidationOptions::new())
            .map(|()| text)
            .map_err(|error| error.to_string()),
        None => Err(format!("{} has no member {member}", O::SCHEMA.name())),
    }
}
