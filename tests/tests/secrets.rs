//! Secrets are planted everywhere that one can be, and looked for everywhere that people look: in what is
//! printed of outcomes, errors and clients, and in what is traced, down to TRACE.
#![allow(clippy::unwrap_used, clippy::panic)] // A test fails by panicking.

use std::error::Error;
use std::fmt::Debug;

use generated_client::{codecatalyst, route53globalresolver};
use tests::heard;
use tinsmith_runtime::config::{Config, ConfigBuilder};
use tinsmith_runtime::identity::{Credentials, Token};
use tinsmith_runtime::retry::RetryConfig;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

/// What no text may hold: the bearer token, the secret access key, the session token and the secret that
/// the service answers with.
const PLANTED: [&str; 4] = ["pl4nted-token", "pl4nted-key", "pl4nted-session", SECRET];
const SECRET: &str = "pl4nted-secret";

/// Answers one request after the other with this, whatever it is, and hangs up.
async fn answering(answer: String) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            // The requests of these tests are small enough to come in one piece.
            let mut request = vec![0; 64 * 1024];
            let read = stream.read(&mut request).await;
            if read.is_ok_and(|length| length > 0) {
                let _ = stream.write_all(answer.as_bytes()).await;
            }
        }
    });
    url
}

fn config(url: &str) -> ConfigBuilder {
    let [token, key, session, _] = PLANTED;
    Config::builder()
        .endpoint_url(url)
        .region("us-east-1")
        .bearer_token(Token::new(token))
        .credentials(Credentials::temporary("AKIDEXAMPLE", key, session))
        .retry(RetryConfig::off())
}

/// All that can be printed of an outcome.
fn shown<T: Debug, E: Error>(outcome: &Result<T, E>) -> String {
    let mut text = format!("{outcome:?} {outcome:#?}");
    let mut next: Option<&dyn Error> = outcome.as_ref().err().map(|error| error as _);
    while let Some(error) = next {
        text.push_str(&format!("\n{error} {error:#} {error:?} {error:#?}"));
        next = error.source();
    }
    text
}

fn answer(status: &str, headers: &str, body: &str) -> String {
    let length = body.len();
    format!("HTTP/1.1 {status}\r\n{headers}content-length: {length}\r\n\r\n{body}")
}

/// Every class of response to a request for a secret, whose good body is `good`: its name, the response,
/// and whether it is a success.
fn responses(status: &str, good: &str) -> Vec<(&'static str, String, bool)> {
    let half = &good[..good.len() - 2];
    let html = format!("<html><h1>{SECRET}</h1></html>");
    let hidden = format!("{{\"message\":\"no\",\"secret\":\"{SECRET}\",\"value\":\"{SECRET}\"}}");
    let typed = "x-amzn-errortype: ThrottlingException\r\n";
    let of_html = "content-type: text/html\r\n";
    let mistyped = good.replace(&format!("\"{SECRET}\""), &format!("[\"{SECRET}\"]"));
    let other = good.replace("\"id\"", "17");
    let whole = answer(status, "", good);
    vec![
        ("good", whole.clone(), true),
        ("cut off", whole[..whole.len() - 2].to_owned(), false),
        ("broken", answer(status, "", half), false),
        ("mistyped", answer(status, "", &mistyped), false),
        ("mistyped elsewhere", answer(status, "", &other), false),
        (
            "more after it",
            answer(status, "", &format!("{good}{good}")),
            false,
        ),
        ("HTML", answer(status, of_html, &html), false),
        (
            "modelled error",
            answer("429 Slow Down", typed, &hidden),
            false,
        ),
        ("unmodelled error", answer("418 Teapot", "", &hidden), false),
        ("error in HTML", answer("503 Busy", of_html, &html), false),
        ("broken error", answer("400 Bad", typed, half), false),
        (
            "error with a code of its own",
            answer("400 Bad", "", &format!("{{\"code\":[\"{SECRET}\"]}}")),
            false,
        ),
        (
            "redirect",
            answer(
                "307 Away",
                &format!("location: http://x.example/{SECRET}\r\n"),
                "",
            ),
            false,
        ),
        ("not HTTP", format!("{SECRET}\r\n\r\n"), false),
        (
            "broken header",
            format!("HTTP/1.1 200 OK\r\n{SECRET} \0: x\r\n\r\n"),
            false,
        ),
    ]
}

fn check(name: &str, operation: &str, texts: [String; 3]) {
    let [outcome, client, heard] = texts;
    // Or nobody listened.
    assert!(heard.contains(operation), "{name}: {heard}");
    for secret in PLANTED {
        for text in [&outcome, &client, &heard] {
            assert!(!text.contains(secret), "{name}: {secret} in {text}");
        }
    }
}

/// Protects the secret of a new token, and the bearer token it was asked for with.
#[tokio::test]
async fn planted_secrets_do_not_come_out_of_code_catalyst() {
    let good = format!(
        "{{\"accessTokenId\":\"id\",\"expiresTime\":\"2030-01-01T00:00:00Z\",\"name\":\"ci\",\
         \"secret\":\"{SECRET}\"}}"
    );
    for (name, response, succeeds) in responses("201 Created", &good) {
        let url = answering(response).await;
        let client = codecatalyst::Client::new(config(&url).build().unwrap());
        let (outcome, heard) = heard::of(client.create_access_token().name("ci").send()).await;
        assert_eq!(outcome.is_ok(), succeeds, "{name}: {outcome:?}");
        if let Ok(made) = &outcome {
            assert_eq!(made.secret.expose(), SECRET);
        }
        let client = format!("{client:?} {:?}", client.create_access_token());
        check(name, "CreateAccessToken", [shown(&outcome), client, heard]);
    }
}

/// Protects the value of a token, and the credentials it was asked for with.
#[tokio::test]
async fn planted_secrets_do_not_come_out_of_global_resolver() {
    let time = "2030-01-01T00:00:00Z";
    let good = format!(
        "{{\"id\":\"id\",\"arn\":\"arn\",\"createdAt\":\"{time}\",\"dnsViewId\":\"dv-1\",\
         \"expiresAt\":\"{time}\",\"globalResolverId\":\"gr-1\",\"status\":\"OPERATIONAL\",\
         \"updatedAt\":\"{time}\",\"value\":\"{SECRET}\"}}"
    );
    for (name, response, succeeds) in responses("200 OK", &good) {
        let url = answering(response).await;
        let client = route53globalresolver::Client::new(config(&url).build().unwrap());
        let call = client.get_access_token().access_token_id("at-1");
        let (outcome, heard) = heard::of(call.send()).await;
        assert_eq!(outcome.is_ok(), succeeds, "{name}: {outcome:?}");
        if let Ok(got) = &outcome {
            assert_eq!(got.value.expose(), SECRET);
        }
        let client = format!("{client:?} {:?}", client.get_access_token());
        check(name, "GetAccessToken", [shown(&outcome), client, heard]);
    }
}

/// Protects tokens and keys that cannot be sent: the errors that refuse them do not show them, and no
/// header is made of them.
#[tokio::test]
async fn a_line_break_in_a_secret_is_an_error_and_no_header() {
    for end in ["\r\nx-evil: 1", "\n", "\0", "\u{7f}", "é"] {
        let url = answering(answer("200 OK", "", "{}")).await;
        let [token, key, session, _] = PLANTED;
        let broken = |text: &str| format!("{text}{end}");
        let own = config(&url).bearer_token(Token::new(broken(token)));
        let client = codecatalyst::Client::new(own.build().unwrap());
        let (outcome, heard) = heard::of(client.create_access_token().name("ci").send()).await;
        let error = outcome.as_ref().unwrap_err().to_string();
        assert!(
            error.contains("the bearer token has at offset 13 a byte"),
            "{error}"
        );
        check(
            end,
            "CreateAccessToken",
            [shown(&outcome), String::new(), heard],
        );

        for credentials in [
            Credentials::temporary("AKIDEXAMPLE", broken(key), session),
            Credentials::temporary("AKIDEXAMPLE", key, broken(session)),
        ] {
            let own = config(&url).credentials(credentials).build().unwrap();
            let client = route53globalresolver::Client::new(own);
            let call = client.get_access_token().access_token_id("at-1");
            let (outcome, heard) = heard::of(call.send()).await;
            let error = outcome.as_ref().unwrap_err().to_string();
            assert!(
                error.contains("a byte that is not visible ASCII"),
                "{error}"
            );
            check(
                end,
                "GetAccessToken",
                [shown(&outcome), String::new(), heard],
            );
        }
    }
}
