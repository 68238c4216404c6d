//! What other tools would look for, and this does not.

use std::sync::Arc;

use super::environment::Environment;
use super::{Credentials, IdentityError, ProvideCredentials, ProvideFuture};
use crate::auth::IdentityKind;
use crate::timestamp::Timestamp;

/// The variables by which AWS tells programs on its machines where to ask for a role's credentials.
const VARIABLES: [&str; 3] = [
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
];

/// The end of the chain: has never any credentials, and tells where they might be.
#[derive(Clone, Debug)]
pub(super) struct RoleOfMachine {
    environment: Arc<dyn Environment>,
}

impl RoleOfMachine {
    pub(super) fn new(environment: Arc<dyn Environment>) -> Self {
        Self { environment }
    }

    fn place(&self) -> String {
        let set = |name: &&&str| self.environment.text(name).is_some();
        let what = match VARIABLES.iter().find(set) {
            Some(variable) => format!("the environment variable {variable}"),
            None => "the role of this instance or container".to_owned(),
        };
        format!(
            "{what} (not followed here; the feature `aws-config` takes providers that do, and `aws \
             configure export-credentials` gives credentials for the environment)"
        )
    }
}

impl ProvideCredentials for RoleOfMachine {
    fn provide_credentials(&self, _now: Timestamp) -> ProvideFuture<'_, Credentials> {
        let error = IdentityError::not_found(IdentityKind::Credentials, self.place());
        ProvideFuture::ready(Err(error))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::MemoryEnvironment;

    /// Protects programs that are moved to a container or an instance: they are told what is missing.
    #[test]
    fn the_machine_says_where_credentials_are() {
        let place = |environment: MemoryEnvironment| {
            let place = RoleOfMachine::new(Arc::new(environment)).place();
            place.split_once(" (").unwrap().0.to_owned()
        };
        let none = MemoryEnvironment::default();
        assert_eq!(
            place(none.clone()),
            "the role of this instance or container"
        );
        for variable in VARIABLES {
            let set = none.clone().with_var(variable, "/x");
            assert_eq!(place(set), format!("the environment variable {variable}"));
        }
    }
}
