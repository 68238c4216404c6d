//! What a client may be told by its surroundings besides an identity.
//!
//! Source: AWS SDKs and Tools Reference Guide, "AWS Region", "Service-specific endpoints" and
//! "Dual-stack and FIPS endpoints".

use std::fmt;

use super::environment::Environment;
use super::profile::{Profile, ProfileError, ProfileSource};
use super::variables::variable_suffix;

/// Settings of a client from environment variables and, after them, the profile.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Settings {
    /// `AWS_REGION`, `AWS_DEFAULT_REGION`, `region`.
    pub region: Option<String>,
    /// `AWS_ENDPOINT_URL_<SERVICE>`, `AWS_ENDPOINT_URL`, `endpoint_url` of the service in the section
    /// that the profile's `services` names, `endpoint_url`. None of them where
    /// `AWS_IGNORE_CONFIGURED_ENDPOINT_URLS` or `ignore_configured_endpoint_urls` is true.
    pub endpoint_url: Option<String>,
    /// `AWS_USE_FIPS_ENDPOINT`, `use_fips_endpoint`.
    pub use_fips: Option<bool>,
    /// `AWS_USE_DUALSTACK_ENDPOINT`, `use_dualstack_endpoint`.
    pub use_dual_stack: Option<bool>,
}

/// Why settings could not be read.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum SettingsError {
    /// A shared file is wrong.
    Profile(ProfileError),
    /// A variable is neither `true` nor `false`.
    NotBoolean {
        /// Its name.
        variable: &'static str,
    },
}

impl fmt::Display for SettingsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Profile(error) => error.fmt(f),
            Self::NotBoolean { variable } => write!(
                f,
                "the environment variable {variable} is neither `true` nor `false`"
            ),
        }
    }
}

impl std::error::Error for SettingsError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Profile(error) => error.source(),
            Self::NotBoolean { .. } => None,
        }
    }
}

impl From<ProfileError> for SettingsError {
    fn from(error: ProfileError) -> Self {
        Self::Profile(error)
    }
}

impl Settings {
    /// Reads the settings of the service with this `sdkId`.
    ///
    /// # Errors
    ///
    /// Those of [`ProfileSource::load`], a boolean that is neither `true` nor `false`, and a `services`
    /// section that does not exist.
    pub fn load(source: &ProfileSource, sdk_id: &str) -> Result<Self, SettingsError> {
        let reader = Reader {
            environment: &**source.environment(),
            profile: source.load()?,
        };
        Ok(Self {
            region: reader.text(&["AWS_REGION", "AWS_DEFAULT_REGION"], "region"),
            endpoint_url: reader.endpoint_url(sdk_id)?,
            use_fips: reader.boolean("AWS_USE_FIPS_ENDPOINT", "use_fips_endpoint")?,
            use_dual_stack: reader
                .boolean("AWS_USE_DUALSTACK_ENDPOINT", "use_dualstack_endpoint")?,
        })
    }
}

struct Reader<'a> {
    environment: &'a dyn Environment,
    profile: Profile,
}

impl Reader<'_> {
    fn text(&self, variables: &[&str], name: &str) -> Option<String> {
        let mut variables = variables.iter();
        variables
            .find_map(|variable| self.environment.text(variable))
            .or_else(|| Some(self.profile.setting(name)?.expose().to_owned()))
    }

    fn boolean(&self, variable: &'static str, name: &str) -> Result<Option<bool>, SettingsError> {
        if let Some(text) = self.environment.text(variable) {
            return match parse_boolean(&text) {
                Some(value) => Ok(Some(value)),
                None => Err(SettingsError::NotBoolean { variable }),
            };
        }
        let Some(setting) = self.profile.setting(name) else {
            return Ok(None);
        };
        match parse_boolean(setting.expose()) {
            Some(value) => Ok(Some(value)),
            None => Err(setting.error("is neither `true` nor `false`").into()),
        }
    }

    fn endpoint_url(&self, sdk_id: &str) -> Result<Option<String>, SettingsError> {
        let ignored = self.boolean(
            "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
            "ignore_configured_endpoint_urls",
        )?;
        if ignored == Some(true) {
            return Ok(None);
        }
        let suffix = variable_suffix(sdk_id);
        let own = format!("AWS_ENDPOINT_URL_{suffix}");
        let mut variables = [own.as_str(), "AWS_ENDPOINT_URL"].into_iter();
        if let Some(url) = variables.find_map(|variable| self.environment.text(variable)) {
            return Ok(Some(url));
        }
        if let Some((_, services)) = self.profile.referred("services")? {
            let service = suffix.to_ascii_lowercase();
            if let Some(url) = services.nested(&service, "endpoint_url") {
                return Ok(Some(url.to_owned()));
            }
        }
        let setting = self.profile.setting("endpoint_url");
        Ok(setting.map(|setting| setting.expose().to_owned()))
    }
}

fn parse_boolean(text: &str) -> Option<bool> {
    match text {
        _ if text.eq_ignore_ascii_case("true") => Some(true),
        _ if text.eq_ignore_ascii_case("false") => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::identity::MemoryEnvironment;

    const CONFIG: &str = "[default]\nregion = eu-west-1\nuse_fips_endpoint = True\n\
        endpoint_url = http://profile\nservices = dev\n[services dev]\ncodecatalyst =\n  \
        endpoint_url = http://service\n";

    fn load(vars: &[(&str, &str)], config: &str, sdk_id: &str) -> Result<Settings, SettingsError> {
        let environment = MemoryEnvironment::default()
            .with_var("HOME", "/home/me")
            .with_file("/home/me/.aws/config", config);
        let environment = vars.iter().fold(environment, |all, (name, value)| {
            all.with_var(*name, *value)
        });
        Settings::load(&ProfileSource::new(Arc::new(environment)), sdk_id)
    }

    fn url(vars: &[(&str, &str)], sdk_id: &str) -> Option<String> {
        load(vars, CONFIG, sdk_id).unwrap().endpoint_url
    }

    /// Protects the order in which settings count.
    #[test]
    fn variables_come_before_the_profile() {
        let settings = load(&[], CONFIG, "CodeCatalyst").unwrap();
        assert_eq!(settings.region.as_deref(), Some("eu-west-1"));
        assert_eq!(settings.use_fips, Some(true));
        assert_eq!(settings.use_dual_stack, None);
        let legacy = [("AWS_DEFAULT_REGION", "us-east-2")];
        let settings = load(&legacy, CONFIG, "CodeCatalyst").unwrap();
        assert_eq!(settings.region.as_deref(), Some("us-east-2"));
        let vars = [
            ("AWS_DEFAULT_REGION", "us-east-2"),
            ("AWS_REGION", "us-west-2"),
            ("AWS_USE_FIPS_ENDPOINT", "false"),
            ("AWS_USE_DUALSTACK_ENDPOINT", "true"),
        ];
        let settings = load(&vars, CONFIG, "CodeCatalyst").unwrap();
        assert_eq!(settings.region.as_deref(), Some("us-west-2"));
        assert_eq!(settings.use_fips, Some(false));
        assert_eq!(settings.use_dual_stack, Some(true));
    }

    /// Protects the five places of an endpoint URL and the switch that turns them off.
    #[test]
    fn an_endpoint_of_the_service_comes_before_one_of_all() {
        let all = ("AWS_ENDPOINT_URL", "http://all");
        let one = ("AWS_ENDPOINT_URL_CODECATALYST", "http://one");
        let ignore = ("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true");
        for (vars, sdk_id, expected) in [
            (&[one, all][..], "CodeCatalyst", Some("http://one")),
            (&[one, all], "Other", Some("http://all")),
            (&[], "CodeCatalyst", Some("http://service")),
            (&[], "Other", Some("http://profile")),
            (&[one, all, ignore], "CodeCatalyst", None),
        ] {
            assert_eq!(url(vars, sdk_id).as_deref(), expected, "{vars:?} {sdk_id}");
        }
    }

    /// Protects against a setting that is misspelt and silently off.
    #[test]
    fn a_boolean_is_true_or_false() {
        let error = load(&[("AWS_USE_FIPS_ENDPOINT", "yes")], "", "X").unwrap_err();
        assert_eq!(
            error.to_string(),
            "the environment variable AWS_USE_FIPS_ENDPOINT is neither `true` nor `false`"
        );
        let error = load(&[], "[default]\nuse_fips_endpoint = 1\n", "X").unwrap_err();
        assert_eq!(
            error.to_string(),
            "/home/me/.aws/config:2: `use_fips_endpoint` is neither `true` nor `false`"
        );
    }
}
