//! What a client may be told by its surroundings besides an identity.
//!
//! Source: AWS SDKs and Tools Reference Guide, "AWS Region", "Service-specific endpoints", "Dual-stack
//! and FIPS endpoints", "Retry behavior" and "General configuration settings".

use std::fmt;
use std::path::PathBuf;

use super::environment::Environment;
use super::profile::{Profile, ProfileError, ProfileSource};
use super::variables::variable_suffix;
use crate::config::{NOT_APP_NAME, is_app_name};

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
    /// `AWS_MAX_ATTEMPTS`, `max_attempts`: the most times a request is sent, at least 1.
    pub max_attempts: Option<u32>,
    /// `AWS_CA_BUNDLE`, `ca_bundle`: the file with the certificates to trust, in PEM form, in place of
    /// those of the system.
    pub ca_bundle: Option<PathBuf>,
    /// `AWS_SDK_UA_APP_ID`, `sdk_ua_app_id`: the name of the program in the `User-Agent` header.
    pub app_name: Option<String>,
}

/// Why settings could not be read.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum SettingsError {
    /// A shared file is wrong.
    Profile(ProfileError),
    /// A variable has a value that it cannot have.
    Variable {
        /// Its name.
        variable: &'static str,
        /// What is wrong with its value, such as "is neither `true` nor `false`".
        wrong: &'static str,
    },
}

impl fmt::Display for SettingsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Profile(error) => error.fmt(f),
            Self::Variable { variable, wrong } => {
                write!(f, "the environment variable {variable} {wrong}")
            }
        }
    }
}

impl std::error::Error for SettingsError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Profile(error) => error.source(),
            Self::Variable { .. } => None,
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
    /// Those of [`ProfileSource::load`], a boolean that is neither `true` nor `false`, a number of
    /// attempts that is none, a `services` section that does not exist, a program's name with characters
    /// that it must not have, and a retry mode (`AWS_RETRY_MODE`, `retry_mode`) that no AWS client has.
    /// The modes `adaptive` and `legacy`, which this client lacks, are taken for `standard` and traced
    /// as a warning: shared files are written for all clients of a machine.
    pub fn load(source: &ProfileSource, sdk_id: &str) -> Result<Self, SettingsError> {
        let reader = Reader {
            environment: &**source.environment(),
            profile: source.load()?,
        };
        reader.retry_mode()?;
        Ok(Self {
            region: reader.text(&["AWS_REGION", "AWS_DEFAULT_REGION"], "region"),
            endpoint_url: reader.endpoint_url(sdk_id)?,
            use_fips: reader.boolean("AWS_USE_FIPS_ENDPOINT", "use_fips_endpoint")?,
            use_dual_stack: reader
                .boolean("AWS_USE_DUALSTACK_ENDPOINT", "use_dualstack_endpoint")?,
            max_attempts: reader.max_attempts()?,
            ca_bundle: reader
                .text(&["AWS_CA_BUNDLE"], "ca_bundle")
                .map(|path| reader.environment.expand(&path)),
            app_name: reader.app_name()?,
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

    /// What `parse` makes of a variable or, after it, of a setting of the profile; an error that says
    /// what is `wrong` where it makes nothing of the text.
    fn parsed<T>(
        &self,
        variable: &'static str,
        name: &str,
        wrong: &'static str,
        parse: fn(&str) -> Option<T>,
    ) -> Result<Option<T>, SettingsError> {
        if let Some(text) = self.environment.text(variable) {
            let value = parse(&text);
            return match value {
                None => Err(SettingsError::Variable { variable, wrong }),
                value => Ok(value),
            };
        }
        let Some(setting) = self.profile.setting(name) else {
            return Ok(None);
        };
        match parse(setting.expose()) {
            None => Err(setting.error(wrong).into()),
            value => Ok(value),
        }
    }

    fn boolean(&self, variable: &'static str, name: &str) -> Result<Option<bool>, SettingsError> {
        let wrong = "is neither `true` nor `false`";
        self.parsed(variable, name, wrong, parse_boolean)
    }

    fn max_attempts(&self) -> Result<Option<u32>, SettingsError> {
        let wrong = "is not a whole number from 1 on";
        let parse = |text: &str| text.parse().ok().filter(|attempts| *attempts > 0);
        self.parsed("AWS_MAX_ATTEMPTS", "max_attempts", wrong, parse)
    }

    /// Refuses a mode that nobody has, and tells of one that becomes another.
    fn retry_mode(&self) -> Result<(), SettingsError> {
        let wrong = "is none of `standard`, `adaptive` and `legacy`";
        let parse = |text: &str| {
            let mut modes = ["standard", "adaptive", "legacy"].into_iter();
            modes.find(|mode| text.eq_ignore_ascii_case(mode))
        };
        let mode = self.parsed("AWS_RETRY_MODE", "retry_mode", wrong, parse)?;
        if let Some(mode) = mode.filter(|mode| *mode != "standard") {
            tracing::warn!(
                retry_mode = mode,
                "the retry mode is `standard`, the only one of this client"
            );
        }
        Ok(())
    }

    fn app_name(&self) -> Result<Option<String>, SettingsError> {
        let parse = |text: &str| is_app_name(text).then(|| text.to_owned());
        self.parsed("AWS_SDK_UA_APP_ID", "sdk_ua_app_id", NOT_APP_NAME, parse)
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
    use crate::trace::recorder::listen;

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

    /// Protects what an operations team sets for all of a machine's programs.
    #[test]
    fn attempts_and_certificates_are_found() {
        let settings = load(
            &[],
            "[default]\nmax_attempts = 7\nca_bundle = ~/ca.pem\n",
            "X",
        )
        .unwrap();
        assert_eq!(settings.max_attempts, Some(7));
        assert_eq!(
            settings.ca_bundle.unwrap(),
            PathBuf::from("/home/me/ca.pem")
        );
        let vars = [("AWS_MAX_ATTEMPTS", "1"), ("AWS_CA_BUNDLE", "/etc/ca.pem")];
        let settings = load(&vars, "[default]\nmax_attempts = 7\n", "X").unwrap();
        assert_eq!(settings.max_attempts, Some(1));
        assert_eq!(settings.ca_bundle.unwrap(), PathBuf::from("/etc/ca.pem"));
        for wrong in ["0", "-1", "three", "1.5"] {
            let error = load(&[("AWS_MAX_ATTEMPTS", wrong)], "", "X").unwrap_err();
            assert_eq!(
                error.to_string(),
                "the environment variable AWS_MAX_ATTEMPTS is not a whole number from 1 on"
            );
        }
    }

    /// Protects programs beside others on a machine whose shared file asks for what only those have, and
    /// against a mode that is misspelt.
    #[test]
    fn the_retry_mode_is_standard() {
        let warning = |vars: &[(&str, &str)], config| {
            let (settings, _, text) = listen(|| load(vars, config, "X"));
            settings.unwrap();
            text
        };
        assert!(!warning(&[("AWS_RETRY_MODE", "Standard")], "").contains("standard"));
        let text = warning(&[("AWS_RETRY_MODE", "ADAPTIVE")], "");
        assert!(text.contains("\"retry_mode\": \"adaptive\""), "{text}");
        let text = warning(&[], "[default]\nretry_mode = legacy\n");
        assert!(text.contains("\"retry_mode\": \"legacy\""), "{text}");
        let error = load(&[("AWS_RETRY_MODE", "adaptiv")], "", "X").unwrap_err();
        assert_eq!(
            error.to_string(),
            "the environment variable AWS_RETRY_MODE is none of `standard`, `adaptive` and `legacy`"
        );
        let error = load(&[], "[default]\nretry_mode = none\n", "X").unwrap_err();
        assert!(
            error
                .to_string()
                .starts_with("/home/me/.aws/config:2: `retry_mode` is none of")
        );
    }

    /// Protects the header that the program's name becomes part of, and names where a wrong one is.
    #[test]
    fn the_programs_name_is_found_and_checked() {
        let config = "[default]\nsdk_ua_app_id = rotator\n";
        let found = |vars: &[(&str, &str)]| load(vars, config, "X").unwrap().app_name;
        assert_eq!(found(&[]).as_deref(), Some("rotator"));
        let found = found(&[("AWS_SDK_UA_APP_ID", "other")]);
        assert_eq!(found.as_deref(), Some("other"));
        let error = load(&[("AWS_SDK_UA_APP_ID", "a b")], "", "X").unwrap_err();
        let message = error.to_string();
        assert!(
            message.contains("AWS_SDK_UA_APP_ID is not 1 to 50"),
            "{message}"
        );
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
