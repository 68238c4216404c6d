//! Credentials that a command prints.

use std::sync::Arc;

use tokio::sync::oneshot;
use zeroize::Zeroizing;

use super::Profile;
use crate::identity::secret_object::SecretObject;
use crate::identity::{Credentials, Environment, IdentityError};

/// Runs the profile's `credential_process` and reads the credentials that it prints.
///
/// It runs on a thread of its own: a command may take its time, and ask its user.
///
/// Source: AWS SDKs and Tools Reference Guide, "Process credential provider".
pub(super) async fn credentials(
    environment: &Arc<dyn Environment>,
    profile: &Profile,
    command: &str,
) -> Result<Credentials, IdentityError> {
    let what = format!(
        "the `credential_process` of the profile `{}`",
        profile.name()
    );
    let failed = |error| IdentityError::caused_by(format!("{what} failed"), error);
    let (sender, receiver) = oneshot::channel();
    let (environment, command) = (Arc::clone(environment), Zeroizing::new(command.to_owned()));
    std::thread::Builder::new()
        .name("tinsmith-credentials".to_owned())
        .spawn(move || {
            // Whoever asked may have gone away.
            let _ = sender.send(environment.run(&command).map(Zeroizing::new));
        })
        .map_err(failed)?;
    let printed = receiver.await.map_err(std::io::Error::other);
    let printed = printed.and_then(|printed| printed).map_err(failed)?;
    read(&printed)
        .map_err(|why| IdentityError::invalid(format!("{what} printed no credentials: {why}")))
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
