//! Which login of IAM Identity Center belongs to a profile.

use std::fmt::Write as _;

use sha1_smol::Sha1;

use super::super::profile::Setting;
use super::{IdentityError, IdentityKind, Profile};

/// A login of the AWS CLI.
pub(super) struct Login {
    /// What the cached token's file is named after: the session's name, or the portal's URL in profiles
    /// that have no session.
    key: String,
    /// The command that logs in again.
    pub(super) command: String,
    /// Where IAM Identity Center is.
    pub(super) region: Option<String>,
}

impl Login {
    pub(super) fn of(profile: &Profile) -> Result<Self, IdentityError> {
        if let Some((name, session)) = profile.referred("sso-session")? {
            // What the login itself needs; without it the section cannot be the right one.
            session.required("sso_start_url")?;
            let region = session.required("sso_region")?;
            return Ok(Self {
                key: name.to_owned(),
                command: format!("aws sso login --sso-session {name}"),
                region: Some(region.expose().to_owned()),
            });
        }
        if let Some(url) = profile.setting("sso_start_url") {
            let region = profile.setting("sso_region");
            return Ok(Self {
                key: url.expose().to_owned(),
                command: format!("aws sso login --profile {}", profile.name()),
                region: region.as_ref().map(Setting::expose).map(str::to_owned),
            });
        }
        Err(IdentityError::not_found(
            IdentityKind::Token,
            format!("the profile `{}` (it has no `sso_session`)", profile.name()),
        ))
    }

    /// The SHA-1 of the key, in hexadecimal.
    pub(super) fn file_name(&self) -> String {
        let mut name = String::with_capacity(45);
        for byte in Sha1::from(&self.key).digest().bytes() {
            // Writing to a string does not fail.
            let _ = write!(name, "{byte:02x}");
        }
        name.push_str(".json");
        name
    }
}
