//! What becomes of logins, on a transport that does what a script says.

use std::path::Path;

use super::*;
use crate::body::Body;
use crate::fixture::{Act, Script, VirtualClock};
use crate::identity::{
    Credentials, Environment, MemoryEnvironment, ProfileCredentials, ProvideCredentials,
};

const CONFIG: &str = "[default]\nsso_session = my-sso\n\
    sso_account_id = 111122223333\nsso_role_name = Read Only\n\
    [sso-session my-sso]\nsso_region = eu-west-1\nsso_start_url = https://x.awsapps.com/start\n";
/// The SHA-1 of `my-sso`.
const FILE: &str = "/home/me/.aws/sso/cache/0ad374308c5a4e22f723adf10145eafad7c4031c.json";
const NOW: &str = "2030-01-01T00:00:00Z";
const RENEWED: &str =
    r#"{"accessToken":"n3w-secret","expiresIn":3600,"refreshToken":"n3xt-secret"}"#;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// A file whose token expires then, and can be renewed.
fn cached(expires: &str) -> String {
    format!(
        r#"{{"accessToken":"0ld-secret","expiresAt":"{expires}","refreshToken":"r3fresh-secret",
            "clientId":"id","clientSecret":"cl1ent-secret","region":"eu-west-1",
            "registrationExpiresAt":"2030-02-01T00:00:00Z"}}"#
    )
}

fn environment(config: &str, content: &str) -> MemoryEnvironment {
    MemoryEnvironment::default()
        .with_var("HOME", "/home/me")
        .with_file("/home/me/.aws/config", config)
        .with_file(FILE, content)
}

fn answer(status: u16, body: &'static str) -> Act {
    let response = http::Response::builder().status(status);
    Act::Answer(response.body(Body::from(body)).unwrap())
}

/// A login, what it reads from, and where it sends to.
struct Bench {
    environment: Arc<MemoryEnvironment>,
    script: Script,
    sso: SsoToken,
}

impl Bench {
    fn new(environment: MemoryEnvironment, acts: impl IntoIterator<Item = Act>) -> Self {
        let environment = Arc::new(environment);
        let script = Script::new(acts);
        let clock = Arc::new(VirtualClock::default());
        let client = ProviderClient::new(Arc::new(script.clone()), clock);
        let source = ProfileSource::new(Arc::clone(&environment) as Arc<dyn Environment>);
        Self {
            sso: SsoToken::new(source).with_client(client),
            environment,
            script,
        }
    }

    async fn token(&self) -> Result<Token, IdentityError> {
        self.sso.provide_token(at(NOW)).await
    }

    async fn credentials(&self) -> Result<Credentials, IdentityError> {
        let source = self.sso.source.clone();
        let provider = ProfileCredentials::new(source).with_sso(self.sso.clone());
        provider.provide_credentials(at(NOW)).await
    }

    fn file(&self) -> serde_json::Value {
        let content = self.environment.read(Path::new(FILE)).unwrap();
        serde_json::from_slice(&content).unwrap()
    }
}

async fn token(config: &str, content: &str) -> Result<Token, IdentityError> {
    Bench::new(environment(config, content), []).token().await
}

/// All that an error tells, with its causes.
fn line(error: &dyn std::error::Error) -> String {
    let mut line = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        line = format!("{line}: {error}");
        cause = error.source();
    }
    line
}

/// Protects the rule for the file's name, and both forms of the time.
#[tokio::test]
async fn the_sessions_name_leads_to_the_token() {
    for expires in ["2030-01-01T01:00:00Z", "2030-01-01T01:00:00UTC"] {
        let content = format!(r#"{{"accessToken":"secret","expiresAt":"{expires}"}}"#);
        let token = token(CONFIG, &content).await.unwrap();
        assert_eq!(token.expose(), "secret");
        assert_eq!(token.expires(), Some(at("2030-01-01T01:00:00Z")));
    }
}

/// Protects callers from sending a token that cannot work, and tells them what to do.
#[tokio::test]
async fn an_expired_token_is_not_used() {
    let content = r#"{"accessToken":"secret","expiresAt":"2030-01-01T00:00:00Z"}"#;
    let error = token(CONFIG, content).await.unwrap_err();
    assert_eq!(
        line(&error),
        format!("expired bearer token: {FILE} (run `aws sso login --sso-session my-sso`)")
    );
}

/// Protects the secret, and the account of what is wrong with a file.
#[tokio::test]
async fn a_broken_file_is_told_without_its_content() {
    for (content, message) in [
        (
            "{\"accessToken\":\"secret\n",
            "not a JSON object at line 2, column 0",
        ),
        ("[]", "not a JSON object at line 1, column 0"),
        (r#"{"accessToken":1}"#, "`accessToken` is missing"),
        (r#"{"accessToken":"secret"}"#, "`expiresAt` is missing"),
        (
            r#"{"accessToken":"secret","expiresAt":"secret"}"#,
            "`expiresAt` is not a time",
        ),
    ] {
        let error = token(CONFIG, content).await.unwrap_err();
        assert_eq!(line(&error), format!("{FILE}: {message}"));
    }
}

/// Protects what a caller without a login is told.
#[tokio::test]
async fn what_is_missing_is_named() {
    let error = async |config: &str| {
        let environment = MemoryEnvironment::default()
            .with_var("HOME", "/home/me")
            .with_file("/home/me/.aws/config", config);
        line(&Bench::new(environment, []).token().await.unwrap_err())
    };
    assert_eq!(
        error(CONFIG).await,
        format!("no bearer token found; tried {FILE} (run `aws sso login --sso-session my-sso`)")
    );
    assert_eq!(
        error("[default]\nregion = x\n").await,
        "no bearer token found; tried the profile `default` (it has no `sso_session`)"
    );
    assert_eq!(
        error("[default]\nsso_session = other\n").await,
        "/home/me/.aws/config:2: there is no section `[sso-session other]`"
    );
}

/// Protects long-running programs: a token is renewed shortly before it expires and after, by one
/// request, and all programs get it.
#[tokio::test]
async fn a_token_is_renewed() {
    for expires in ["2030-01-01T00:04:59Z", "2029-12-31T23:00:00Z"] {
        let bench = Bench::new(
            environment(CONFIG, &cached(expires)),
            [answer(200, RENEWED)],
        );
        let token = bench.token().await.unwrap();
        assert_eq!(token.expose(), "n3w-secret");
        assert_eq!(token.expires(), Some(at("2030-01-01T01:00:00Z")));
        assert_eq!(bench.token().await.unwrap().expose(), "n3w-secret");

        let sent = bench.script.sent();
        assert_eq!(sent.len(), 1);
        assert_eq!(sent[0].method(), "POST");
        assert_eq!(sent[0].uri(), "https://oidc.eu-west-1.amazonaws.com/token");
        let body = sent[0].body().as_bytes().unwrap();
        let expected = serde_json::json!({
            "clientId": "id", "clientSecret": "cl1ent-secret",
            "refreshToken": "r3fresh-secret", "grantType": "refresh_token",
        });
        assert_eq!(
            serde_json::from_slice::<serde_json::Value>(body).unwrap(),
            expected
        );
        let file = bench.file();
        assert_eq!(file["accessToken"], "n3w-secret");
        assert_eq!(file["expiresAt"], "2030-01-01T01:00:00Z");
        assert_eq!(file["refreshToken"], "n3xt-secret");
        assert_eq!(file["region"], "eu-west-1", "what else there is stays");
    }
}

/// Protects against needless renewals, and against asking with what is known to be refused.
#[tokio::test]
async fn only_what_is_due_and_can_be_renewed_is_renewed() {
    let fresh = cached("2030-01-01T00:05:01Z");
    assert_eq!(token(CONFIG, &fresh).await.unwrap().expose(), "0ld-secret");
    let due = cached("2030-01-01T00:01:00Z");
    for (from, to) in [("refreshToken", "x"), ("2030-02-01", "2030-01-01")] {
        let kept = token(CONFIG, &due.replace(from, to)).await.unwrap();
        assert_eq!(kept.expose(), "0ld-secret");
    }
}

/// Protects availability and people: a failed renewal does no harm while the token is valid, and after
/// that the error says why, and which command helps, and nothing secret.
#[tokio::test]
async fn a_failed_renewal_is_told_without_secrets() {
    type Failure = (fn() -> Act, &'static str);
    let failures: [Failure; 5] = [
        (
            || {
                answer(
                    400,
                    r#"{"error":"invalid_grant","error_description":"r3fresh-secret"}"#,
                )
            },
            "refused with status 400 (invalid_grant)",
        ),
        (
            || answer(500, "<html>cl1ent-secret"),
            "refused with status 500",
        ),
        (
            || answer(200, r#"{"accessToken":"n3w-secret"}"#),
            "the answer cannot be understood: `expiresIn` is missing",
        ),
        (
            || answer(200, r#"{"accessToken":"n3w-secret"#),
            "the answer cannot be understood: not a JSON object at line 1, column 26",
        ),
        (|| Act::Stall, "no answer within 15s"),
    ];
    for (act, why) in failures {
        let valid = cached("2030-01-01T00:04:00Z");
        let kept = Bench::new(environment(CONFIG, &valid), [act()])
            .token()
            .await;
        assert_eq!(kept.unwrap().expose(), "0ld-secret");

        let expired = cached("2029-12-31T00:00:00Z");
        let bench = Bench::new(environment(CONFIG, &expired), [act()]);
        let error = bench.token().await.unwrap_err();
        assert_eq!(
            line(&error),
            format!(
                "expired bearer token: {FILE} (run `aws sso login --sso-session my-sso`): the \
                 token cannot be renewed: {why}"
            )
        );
        assert!(!format!("{error:?}").contains("-secret"), "{error:?}");
        assert_eq!(bench.file()["accessToken"], "0ld-secret");
    }
}

/// Protects the refresh token, which must be used once: callers who come at the same time wait for one
/// renewal, and take what it brought.
#[tokio::test]
async fn one_caller_renews_for_all() {
    let Act::Answer(response) = answer(200, RENEWED) else {
        unreachable!()
    };
    let content = cached("2029-12-31T23:00:00Z");
    let bench = Bench::new(environment(CONFIG, &content), [Act::Answer(response)]);
    let copy = bench.sso.clone();
    let (one, other) = tokio::join!(bench.token(), copy.provide_token(at(NOW)));
    assert_eq!(one.unwrap().expose(), "n3w-secret");
    assert_eq!(other.unwrap().expose(), "n3w-secret");
    assert_eq!(bench.script.sent().len(), 1);
}

/// Protects where secrets go: the partition's host, the variants of endpoints, an endpoint of the
/// caller's own; and never a host that a region's text makes up, or one that can be overheard.
#[tokio::test]
async fn renewals_go_to_the_right_host() {
    let region = |region: &str| CONFIG.replace("eu-west-1", region);
    let content = cached("2029-12-31T23:00:00Z");
    let url = ("AWS_ENDPOINT_URL_SSO_OIDC", "http://localhost:1/base/");
    let fips = ("AWS_USE_FIPS_ENDPOINT", "true");
    let dual = ("AWS_USE_DUALSTACK_ENDPOINT", "true");
    for (region_name, variables, expected) in [
        (
            "cn-north-1",
            &[][..],
            "https://oidc.cn-north-1.amazonaws.com.cn/token",
        ),
        (
            "us-east-1",
            &[fips],
            "https://oidc-fips.us-east-1.amazonaws.com/token",
        ),
        (
            "us-gov-west-1",
            &[fips],
            "https://oidc.us-gov-west-1.amazonaws.com/token",
        ),
        ("us-east-1", &[dual], "https://oidc.us-east-1.api.aws/token"),
        (
            "us-gov-west-1",
            &[dual],
            "https://oidc.us-gov-west-1.api.aws/token",
        ),
        (
            "us-east-1",
            &[fips, dual],
            "https://oidc-fips.us-east-1.api.aws/token",
        ),
        (
            "us-gov-west-1",
            &[fips, dual],
            "https://oidc-fips.us-gov-west-1.api.aws/token",
        ),
        ("us-east-1", &[url], "http://localhost:1/base/token"),
    ] {
        let mut environment = environment(&region(region_name), &content);
        for &(name, value) in variables {
            environment = environment.with_var(name, value);
        }
        let bench = Bench::new(environment, [answer(200, RENEWED)]);
        bench.token().await.unwrap();
        assert_eq!(bench.script.sent()[0].uri(), expected);
    }
    let error = token(&region("evil.example/x"), &content)
        .await
        .unwrap_err();
    assert!(
        line(&error).contains("`sso_region` is not a region"),
        "{error}"
    );
    let plain = environment(CONFIG, &content).with_var(url.0, "http://10.0.0.1");
    let error = Bench::new(plain, []).token().await.unwrap_err();
    assert!(line(&error).ends_with("refused to send secrets over plain http"));
}

/// Files that cannot be written.
#[derive(Debug)]
struct ReadOnly(MemoryEnvironment);

impl Environment for ReadOnly {
    fn var(&self, name: &str) -> Option<String> {
        self.0.var(name)
    }

    fn read(&self, path: &Path) -> std::io::Result<Vec<u8>> {
        self.0.read(path)
    }
}

/// Protects logins where the cache cannot be written: a refresh token that is good for one renewal is
/// not used twice.
#[tokio::test]
async fn a_renewal_that_cannot_be_written_is_kept() {
    let script = Script::new([answer(200, RENEWED), answer(200, RENEWED)]);
    let clock = Arc::new(VirtualClock::default());
    let files = ReadOnly(environment(CONFIG, &cached("2029-12-31T23:00:00Z")));
    let client = ProviderClient::new(Arc::new(script.clone()), clock);
    let sso = SsoToken::new(ProfileSource::new(Arc::new(files))).with_client(client);
    for (now, sent_with) in [
        (NOW, Some("r3fresh-secret")),
        ("2030-01-01T00:54:00Z", None),
        ("2030-01-01T00:56:00Z", Some("n3xt-secret")),
    ] {
        let token = sso.clone().provide_token(at(now)).await.unwrap();
        assert_eq!(token.expose(), "n3w-secret");
        let sent = script.sent();
        assert_eq!(sent.len(), usize::from(sent_with.is_some()), "at {now}");
        for (request, secret) in sent.iter().zip(sent_with) {
            let body = request.body().as_bytes().unwrap();
            assert!(String::from_utf8_lossy(body).contains(secret), "at {now}");
        }
    }
    assert!(!format!("{sso:?}").contains("secret"));
}

const ROLE: &str = r#"{"roleCredentials":{"accessKeyId":"AKIDROLE","secretAccessKey":"k3y-secret",
    "sessionToken":"s3ssion-secret","expiration":1893459600000}}"#;

/// Protects profiles of IAM Identity Center: the role's credentials are asked for with the token, which
/// is renewed first where it has expired.
#[tokio::test]
async fn a_login_gives_credentials_of_a_role() {
    let content = cached("2029-12-31T23:00:00Z");
    let acts = [answer(200, RENEWED), answer(200, ROLE)];
    let bench = Bench::new(environment(CONFIG, &content), acts);
    let credentials = bench.credentials().await.unwrap();
    assert_eq!(credentials.access_key_id(), "AKIDROLE");
    assert_eq!(credentials.expose_secret_access_key(), "k3y-secret");
    assert_eq!(credentials.expose_session_token(), Some("s3ssion-secret"));
    assert_eq!(credentials.expires(), Some(at("2030-01-01T01:00:00Z")));
    let sent = &bench.script.sent()[1];
    assert_eq!(
        sent.uri(),
        "https://portal.sso.eu-west-1.amazonaws.com/federation/credentials?\
         account_id=111122223333&role_name=Read%20Only"
    );
    let token = &sent.headers()["x-amz-sso_bearer_token"];
    assert_eq!(token, "n3w-secret");
    assert!(token.is_sensitive());
}

/// Protects programs that start many at a time, for which IAM Identity Center asks to come back later.
#[tokio::test]
async fn a_role_is_asked_for_again_after_what_may_pass() {
    let fresh = cached("2030-01-01T02:00:00Z");
    let busy = || answer(429, r#"{"__type":"TooManyRequestsException"}"#);
    let acts = [busy(), answer(503, ""), answer(200, ROLE)];
    let bench = Bench::new(environment(CONFIG, &fresh), acts);
    let credentials = bench.credentials().await.unwrap();
    assert_eq!(credentials.access_key_id(), "AKIDROLE");
    for request in bench.script.sent() {
        assert_eq!(request.headers()["x-amz-sso_bearer_token"], "0ld-secret");
    }
    let bench = Bench::new(environment(CONFIG, &fresh), [busy(), busy(), busy()]);
    let error = bench.credentials().await.unwrap_err();
    assert_eq!(
        line(&error),
        "IAM Identity Center gives no credentials for the profile `default`: refused with status 429 \
         (TooManyRequestsException)"
    );
    assert_eq!(bench.script.sent().len(), 3);
}

/// Protects people whose login has ended or who have not the role, and the secrets of the others.
#[tokio::test]
async fn a_refused_role_is_told() {
    let fresh = cached("2030-01-01T02:00:00Z");
    for (act, expected) in [
        (
            answer(401, r#"{"message":"0ld-secret"}"#),
            "expired AWS credentials: the profile `default` (run `aws sso login --sso-session \
             my-sso`): refused with status 401",
        ),
        (
            answer(403, r#"{"__type":"com.amazonaws#ForbiddenException"}"#),
            "IAM Identity Center gives no credentials for the profile `default`: refused with \
             status 403 (ForbiddenException)",
        ),
        (
            answer(
                200,
                r#"{"roleCredentials":{"accessKeyId":"A","expiration":1}}"#,
            ),
            "IAM Identity Center gives no credentials for the profile `default`: the answer \
             cannot be understood: `secretAccessKey` is missing",
        ),
    ] {
        let bench = Bench::new(environment(CONFIG, &fresh), [act]);
        let error = bench.credentials().await.unwrap_err();
        assert_eq!(line(&error), expected);
    }
    let half = CONFIG.replace("sso_role_name", "other");
    let error = Bench::new(environment(&half, &fresh), [])
        .credentials()
        .await;
    assert_eq!(
        line(&error.unwrap_err()),
        "the profile `default` has no `sso_role_name`"
    );
}
