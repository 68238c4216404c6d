//! Credentials that a profile holds or leads to.

use std::borrow::Cow;

use super::process::Process;
use super::{Profile, ProfileSource};
use crate::auth::IdentityKind;
use crate::identity::{Credentials, IdentityError, ProvideCredentials, ProvideFuture, SsoToken};
use crate::timestamp::Timestamp;

/// The credentials of a profile: in its `aws_access_key_id`, `aws_secret_access_key` and, for temporary
/// ones, `aws_session_token`; else those of the role in IAM Identity Center that `sso_account_id` and
/// `sso_role_name` name; else what its `credential_process` prints.
///
/// Profiles that assume a role otherwise (`role_arn`, …) are not followed; the error says so, and what
/// to do.
#[derive(Clone, Debug)]
pub struct ProfileCredentials {
    source: ProfileSource,
    sso: SsoToken,
    process: Process,
}

/// What is not followed here, and would change who is calling if it were passed over.
const NOT_FOLLOWED: [&str; 3] = ["role_arn", "web_identity_token_file", "login_session"];

impl ProfileCredentials {
    /// The credentials in the profile of `source`, which is read each time they are asked for.
    #[must_use]
    pub fn new(source: ProfileSource) -> Self {
        let sso = SsoToken::new(source.clone());
        Self {
            source,
            sso,
            process: Process::default(),
        }
    }

    /// With the login of IAM Identity Center to ask for a role's credentials with.
    #[must_use]
    pub fn with_sso(mut self, sso: SsoToken) -> Self {
        self.sso = sso;
        self
    }

    async fn credentials(&self, now: Timestamp) -> Result<Credentials, IdentityError> {
        let profile = self.source.load()?;
        let is_set = |name: &&str| profile.setting(name).is_some();
        if let Some(setting) = NOT_FOLLOWED.iter().find(|name| is_set(name)) {
            return Err(not_followed(&profile, setting));
        }
        if let Some(credentials) = static_credentials(&profile)? {
            return Ok(credentials);
        }
        if is_set(&"sso_account_id") || is_set(&"sso_role_name") {
            return self.sso.role_credentials(&profile, now).await;
        }
        if let Some(command) = profile.setting("credential_process") {
            let environment = self.source.environment();
            let command = command.expose();
            let printed = self
                .process
                .credentials(environment, &profile, command, now);
            return printed.await;
        }
        let place = format!("the profile `{}`", profile.name());
        Err(IdentityError::not_found(IdentityKind::Credentials, place))
    }
}

fn static_credentials(profile: &Profile) -> Result<Option<Credentials>, IdentityError> {
    let id = profile.setting("aws_access_key_id");
    let secret = profile.setting("aws_secret_access_key");
    match (id, secret) {
        (Some(id), Some(secret)) => {
            let session = profile.setting("aws_session_token");
            Ok(Some(Credentials::from_parts(
                id.expose().to_owned(),
                secret.expose().to_owned(),
                session.map(|session| session.expose().to_owned()),
            )))
        }
        (None, None) => Ok(None),
        (Some(id), None) => Err(id.error("is set without `aws_secret_access_key`").into()),
        (None, Some(secret)) => Err(secret.error("is set without `aws_access_key_id`").into()),
    }
}

fn not_followed(profile: &Profile, setting: &str) -> IdentityError {
    let name = profile.name();
    let place = format!(
        "the profile `{name}` (its `{setting}` is not followed here; `aws configure \
         export-credentials --profile {name} --format env` gives credentials for the environment)"
    );
    IdentityError::not_found(IdentityKind::Credentials, place)
}

impl ProvideCredentials for ProfileCredentials {
    fn provide_credentials(&self, now: Timestamp) -> ProvideFuture<'_, Credentials> {
        ProvideFuture::new(self.credentials(now))
    }

    fn name(&self) -> Cow<'static, str> {
        "the profile".into()
    }
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::path::Path;
    use std::pin::pin;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::sync::{Arc, Mutex, mpsc};

    use super::*;
    use crate::fixture::poll_once;
    use crate::identity::{Environment, MemoryEnvironment};

    fn environment(file: &str) -> MemoryEnvironment {
        MemoryEnvironment::default()
            .with_var("HOME", "/home/me")
            .with_file("/home/me/.aws/credentials", file)
    }

    async fn ask(environment: MemoryEnvironment) -> Result<Credentials, IdentityError> {
        let source = ProfileSource::new(Arc::new(environment));
        let provider = ProfileCredentials::new(source);
        provider.provide_credentials(Timestamp::default()).await
    }

    async fn credentials(file: &str) -> Result<Credentials, IdentityError> {
        ask(environment(file)).await
    }

    /// Protects what is read, and that an incomplete pair is told with its place and not its text.
    #[tokio::test]
    async fn credentials_stand_in_the_profile() {
        let keys = "[default]\naws_access_key_id = AKIDEXAMPLE\naws_secret_access_key=hunter2==\n";
        let found = credentials(keys).await.unwrap();
        assert_eq!(found.access_key_id(), "AKIDEXAMPLE");
        assert_eq!(found.expose_secret_access_key(), "hunter2==");
        assert_eq!(found.expose_session_token(), None);
        let session = format!("{keys}aws_session_token = session\n");
        let found = credentials(&session).await.unwrap();
        assert_eq!(found.expose_session_token(), Some("session"));
        let error = credentials("[default]\n\naws_secret_access_key = hunter2\n");
        assert_eq!(
            error.await.unwrap_err().to_string(),
            "/home/me/.aws/credentials:3: `aws_secret_access_key` is set without \
             `aws_access_key_id`"
        );
    }

    /// Protects against calls in the name of a profile's user where a role was meant, and says what to
    /// do.
    #[tokio::test]
    async fn a_role_is_not_passed_over() {
        let keys = "aws_access_key_id = AKIDEXAMPLE\naws_secret_access_key=hunter2\n";
        let role = "role_arn = arn:aws:iam::1:role/x\nsource_profile = base\n";
        for settings in [role.to_owned(), format!("{keys}{role}")] {
            let error = credentials(&format!("[default]\n{settings}")).await;
            assert_eq!(
                error.unwrap_err().to_string(),
                "no AWS credentials found; tried the profile `default` (its `role_arn` is not \
                 followed here; `aws configure export-credentials --profile default --format env` \
                 gives credentials for the environment)"
            );
        }
    }

    const PROCESS: &str = "[default]\ncredential_process = print-keys --now\n";

    async fn printed(output: &str) -> Result<Credentials, IdentityError> {
        ask(environment(PROCESS).with_command("print-keys --now", output)).await
    }

    /// Protects credentials that a command prints, with and without a session and an end.
    #[tokio::test]
    async fn a_process_prints_credentials() {
        let keys = r#""Version":1,"AccessKeyId":"AKIDEXAMPLE","SecretAccessKey":"hunter2""#;
        let found = printed(&format!("{{{keys}}}")).await.unwrap();
        assert_eq!(found.access_key_id(), "AKIDEXAMPLE");
        assert_eq!(found.expose_secret_access_key(), "hunter2");
        assert_eq!(
            (found.expose_session_token(), found.expires()),
            (None, None)
        );
        let session = r#""SessionToken":"session","Expiration":"2030-01-01T00:00:00+00:00""#;
        let found = printed(&format!("{{{keys},{session}}}")).await.unwrap();
        assert_eq!(found.expose_session_token(), Some("session"));
        let expires = "2030-01-01T00:00:00Z".parse().unwrap();
        assert_eq!(found.expires(), Some(expires));
    }

    /// A command that runs until the test lets it.
    #[derive(Debug)]
    struct Slow {
        files: MemoryEnvironment,
        runs: AtomicUsize,
        end: Mutex<mpsc::Receiver<&'static str>>,
    }

    impl Environment for Slow {
        fn var(&self, name: &str) -> Option<String> {
            self.files.var(name)
        }

        fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
            self.files.read(path)
        }

        fn run(&self, _: &str) -> io::Result<Vec<u8>> {
            self.runs.fetch_add(1, Ordering::SeqCst);
            let printed = self.end.lock().unwrap().recv();
            printed.map(Into::into).map_err(io::Error::other)
        }
    }

    /// Protects the machine, and the user who is asked: a command that hangs is not started anew by every
    /// call, and what it prints after a call gave up is not lost.
    #[tokio::test]
    async fn a_slow_process_runs_once() {
        const KEYS: &str = r#"{"Version":1,"AccessKeyId":"AKIDEXAMPLE","SecretAccessKey":"hunter2",
            "Expiration":"2030-01-01T00:00:00Z"}"#;
        let (sender, end) = mpsc::channel();
        let slow = Arc::new(Slow {
            files: environment(PROCESS),
            runs: AtomicUsize::new(0),
            end: Mutex::new(end),
        });
        let runs = || slow.runs.load(Ordering::SeqCst);
        let provider = ProfileCredentials::new(ProfileSource::new(slow.clone()));
        let idle = Arc::strong_count(&slow);
        let ask = |now| provider.provide_credentials(now);
        let now = Timestamp::default();
        for _ in 0..3 {
            assert!(poll_once(ask(now)).is_pending());
        }
        sender.send(KEYS).unwrap();
        assert_eq!(ask(now).await.unwrap().access_key_id(), "AKIDEXAMPLE");
        assert_eq!(runs(), 1);

        // Printed while nobody waited: good until it expires.
        let later = "2031-01-01T00:00:00Z".parse().unwrap();
        for (asked_at, expected) in [(now, 2), (later, 4)] {
            assert!(poll_once(ask(now)).is_pending());
            sender.send(KEYS).unwrap();
            // The command's thread lets go of the environment when it has ended.
            while Arc::strong_count(&slow) > idle {
                tokio::task::yield_now().await;
            }
            let mut asked = pin!(ask(asked_at));
            let given = poll_once(asked.as_mut());
            assert_eq!(given.is_pending(), asked_at == later);
            if given.is_pending() {
                sender.send(KEYS).unwrap();
                asked.await.unwrap();
            }
            assert_eq!(runs(), expected);
        }

        // One that never ends is replaced in the end.
        for (asked_at, expected) in [(now, 5), (now, 5), (later, 6)] {
            assert!(poll_once(ask(asked_at)).is_pending());
            while runs() < expected {
                tokio::task::yield_now().await;
            }
        }
        assert_eq!(runs(), 6);
    }

    /// Protects programs that run without a home directory, as services do: a folder called `~` in the
    /// working directory may be anybody's, and so may the command that it names.
    #[tokio::test]
    async fn nothing_is_read_below_an_unknown_home() {
        for (variable, path) in [
            ("X", "~/.aws/config"),
            ("X", "~/.aws/credentials"),
            ("AWS_CONFIG_FILE", "~/config"),
        ] {
            let environment = MemoryEnvironment::default()
                .with_var(variable, path)
                .with_file(path, PROCESS)
                .with_command("print-keys --now", "{}");
            let error = ask(environment).await.unwrap_err();
            assert_eq!(
                error.to_string(),
                "no AWS credentials found; tried the profile `default`",
                "{path}"
            );
        }
    }

    /// Protects the secrets in what a process prints, and tells what is wrong with it.
    #[tokio::test]
    async fn a_process_that_prints_nonsense_is_told() {
        for (output, why) in [
            ("hunter2", "not a JSON object at line 1, column 1"),
            ("{\"Version\":2}", "`Version` is not 1"),
            (
                r#"{"Version":1,"SecretAccessKey":"hunter2"}"#,
                "`AccessKeyId` is missing",
            ),
            (
                r#"{"Version":1,"AccessKeyId":"A","SecretAccessKey":"B","Expiration":"hunter2"}"#,
                "`Expiration` is not a time",
            ),
        ] {
            let expected = format!(
                "the `credential_process` of the profile `default` printed no credentials: {why}"
            );
            assert_eq!(printed(output).await.unwrap_err().to_string(), expected);
        }
        let error = ask(environment(PROCESS)).await.unwrap_err();
        let expected = "the `credential_process` of the profile `default` failed";
        assert_eq!(error.to_string(), expected);
        assert!(std::error::Error::source(&error).is_some());
    }
}
