//! Credentials that a command prints.

use std::fmt;
use std::io;
use std::sync::Arc;

use jiff::SignedDuration;
use tokio::sync::oneshot::error::TryRecvError;
use tokio::sync::{Mutex, oneshot};
use zeroize::Zeroizing;

use super::Profile;
use crate::identity::secret_object::SecretObject;
use crate::identity::{Credentials, Environment, IdentityError};
use crate::timestamp::Timestamp;

/// How long after its start a command is taken to hang, and another one is started.
const HANGS_AFTER: SignedDuration = SignedDuration::from_mins(10);

/// Runs the `credential_process` of a profile, once at a time. Copies share what runs.
///
/// A command may take its time, and ask its user. One that calls gave up waiting for still runs: the next
/// call waits for the same one, for [a while](HANGS_AFTER), or a command that hangs would be started by
/// every call.
#[derive(Clone, Default)]
pub(super) struct Process {
    running: Arc<Mutex<Option<Running>>>,
}

/// A command that runs, or has run while nobody waited.
struct Running {
    command: Zeroizing<String>,
    hangs_at: Timestamp,
    printed: oneshot::Receiver<Printed>,
}

type Printed = io::Result<Zeroizing<Vec<u8>>>;

impl Process {
    /// Runs the command and reads the credentials that it prints.
    ///
    /// Source: AWS SDKs and Tools Reference Guide, "Process credential provider".
    pub(super) async fn credentials(
        &self,
        environment: &Arc<dyn Environment>,
        profile: &Profile,
        command: &str,
        now: Timestamp,
    ) -> Result<Credentials, IdentityError> {
        let name = profile.name();
        let what = format!("the `credential_process` of the profile `{name}`");
        let failed = |error| IdentityError::caused_by(format!("{what} failed"), error);
        let mut slot = self.running.lock().await;
        let left = slot.take().filter(|it| it.command.as_str() == command);
        let running = match left.map(Running::look) {
            Some(Left::Running(running)) if now < running.hangs_at => running,
            // What was printed a while ago may have been replaced, unless it says that it is still good.
            Some(Left::Printed(found)) if found.expires().is_some_and(|end| now < end) => {
                return Ok(found);
            }
            _ => Running::start(environment, command, now).map_err(failed)?,
        };
        // It stays there when this call is given up.
        let printed = (&mut slot.insert(running).printed).await;
        *slot = None;
        let printed = printed.map_err(io::Error::other);
        let printed = printed.and_then(|printed| printed).map_err(failed)?;
        read(&printed)
            .map_err(|why| IdentityError::invalid(format!("{what} printed no credentials: {why}")))
    }
}

impl fmt::Debug for Process {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Process")
    }
}

/// What has become of a command that nobody waited for.
enum Left {
    Running(Running),
    Printed(Credentials),
    Failed,
}

impl Running {
    /// Runs the command on a thread of its own.
    fn start(
        environment: &Arc<dyn Environment>,
        command: &str,
        now: Timestamp,
    ) -> io::Result<Self> {
        let (sender, printed) = oneshot::channel();
        let command = Zeroizing::new(command.to_owned());
        let (environment, line) = (Arc::clone(environment), command.clone());
        std::thread::Builder::new()
            .name("tinsmith-credentials".to_owned())
            .spawn(move || {
                // Whoever asked may have gone away.
                let _ = sender.send(environment.run(&line).map(Zeroizing::new));
            })?;
        Ok(Self {
            command,
            hangs_at: now.checked_add(HANGS_AFTER).unwrap_or(now),
            printed,
        })
    }

    fn look(mut self) -> Left {
        match self.printed.try_recv() {
            Err(TryRecvError::Empty) => Left::Running(self),
            Ok(Ok(printed)) => read(&printed).map_or(Left::Failed, Left::Printed),
            Ok(Err(_)) | Err(TryRecvError::Closed) => Left::Failed,
        }
    }
}

fn read(printed: &[u8]) -> Result<Credentials, String> {
    let printed = SecretObject::parse(printed)?;
    if printed.number("Version") != Some(1) {
        return Err("`Version` is not 1".to_owned());
    }
    let credentials = Credentials::from_parts(
        printed.required("AccessKeyId")?.to_owned(),
        printed.required("SecretAccessKey")?.to_owned(),
        printed.text("SessionToken").map(str::to_owned),
    );
    match printed.text("Expiration") {
        None => Ok(credentials),
        Some(expires) => match expires.parse() {
            Ok(expires) => Ok(credentials.expiring(expires)),
            Err(_) => Err("`Expiration` is not a time".to_owned()),
        },
    }
}
