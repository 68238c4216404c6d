//! AWS's shared config and credentials files.
//!
//! Source: AWS SDKs and Tools Reference Guide, "Using shared config and credentials files to globally
//! configure AWS SDKs and tools".

mod credentials;
mod error;
mod ini;
mod process;

pub use credentials::ProfileCredentials;
pub use error::ProfileError;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use self::ini::Section;
use super::environment::{Environment, ProcessEnvironment};

/// The profile that counts when none is named.
const DEFAULT: &str = "default";

/// Where the shared files are, and which profile of theirs counts.
#[derive(Clone, Debug)]
pub struct ProfileSource {
    environment: Arc<dyn Environment>,
    name: Option<String>,
}

impl Default for ProfileSource {
    /// Of this process.
    fn default() -> Self {
        Self::new(Arc::new(ProcessEnvironment))
    }
}

impl ProfileSource {
    /// The files that `AWS_CONFIG_FILE` and `AWS_SHARED_CREDENTIALS_FILE` name, else `~/.aws/config`
    /// and `~/.aws/credentials`, and in them the profile that `AWS_PROFILE` names, else `default`.
    #[must_use]
    pub fn new(environment: Arc<dyn Environment>) -> Self {
        Self {
            environment,
            name: None,
        }
    }

    /// With this profile, whatever `AWS_PROFILE` says.
    #[must_use]
    pub fn profile(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// The variables and files it reads from.
    #[must_use]
    pub fn environment(&self) -> &Arc<dyn Environment> {
        &self.environment
    }

    /// Reads the files. One that does not exist counts as empty.
    ///
    /// # Errors
    ///
    /// A file that cannot be read, is not UTF-8 or breaks the syntax; a profile that was asked for by
    /// name and does not exist, unless it is `default`.
    pub fn load(&self) -> Result<Profile, ProfileError> {
        let environment = &*self.environment;
        let mut profile = Profile {
            name: DEFAULT.to_owned(),
            files: [
                environment.path("AWS_CONFIG_FILE", ".aws/config"),
                environment.path("AWS_SHARED_CREDENTIALS_FILE", ".aws/credentials"),
            ],
            config: BTreeMap::new(),
            credentials: BTreeMap::new(),
        };
        profile.config = read(environment, &profile.files[0])?;
        profile.credentials = read(environment, &profile.files[1])?;
        let name = self.name.clone();
        if let Some(name) = name.or_else(|| environment.text("AWS_PROFILE")) {
            profile.name = name;
            if !profile.exists() && profile.name != DEFAULT {
                return Err(profile.missing());
            }
        }
        Ok(profile)
    }
}

fn read(
    environment: &dyn Environment,
    path: &Path,
) -> Result<BTreeMap<String, Section>, ProfileError> {
    let content = environment.read_if_there(path);
    let Some(content) = content.map_err(|error| ProfileError::unreadable(path, error))? else {
        return Ok(BTreeMap::new());
    };
    let text = str::from_utf8(&content).map_err(|_| ProfileError::new(path, "not UTF-8"))?;
    ini::parse(text).map_err(|error| ProfileError::at_line(path, error.line, error.message))
}

/// One profile, with what it refers to.
#[derive(Clone, Debug)]
pub struct Profile {
    name: String,
    /// The config file and the credentials file.
    files: [PathBuf; 2],
    config: BTreeMap<String, Section>,
    credentials: BTreeMap<String, Section>,
}

/// A property of a profile: its value, and where it stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Setting<'a> {
    property: &'a ini::Property,
    file: &'a Path,
    name: &'a str,
}

impl<'a> Setting<'a> {
    /// The value, which may be a secret.
    pub(super) fn expose(&self) -> &'a str {
        self.property.value.expose()
    }

    /// What is wrong with the value.
    pub(super) fn error(&self, what: &str) -> ProfileError {
        let message = format!("`{}` {what}", self.name);
        ProfileError::at_line(self.file, self.property.line, message)
    }
}

impl Profile {
    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The profile's sections that exist, the most important first. The credentials file comes before
    /// the config file, and there `[profile default]` before `[default]`.
    fn sections(&self) -> impl Iterator<Item = (&Path, &Section)> {
        let [config, credentials] = &self.files;
        let plain = (self.name == DEFAULT).then(|| self.config.get(DEFAULT));
        [
            (credentials, self.credentials.get(&self.name)),
            (config, self.config.get(&format!("profile {}", self.name))),
            (config, plain.flatten()),
        ]
        .into_iter()
        .filter_map(|(file, section)| Some((file.as_path(), section?)))
    }

    fn exists(&self) -> bool {
        self.sections().next().is_some()
    }

    fn missing(&self) -> ProfileError {
        let [config, credentials] = &self.files;
        ProfileError::new(
            config,
            format!(
                "there is no profile `{}`, nor in {}",
                self.name,
                credentials.display()
            ),
        )
    }

    /// A property of the profile that has a value.
    pub(super) fn setting<'a>(&'a self, name: &'a str) -> Option<Setting<'a>> {
        self.sections()
            .find_map(|(file, section)| setting(file, section, name))
    }

    /// A property of the section that the profile names in its property `kind`, with `_` for `-`, such
    /// as `sso_session`; nothing where it names none.
    ///
    /// # Errors
    ///
    /// A name without a section.
    pub(super) fn referred(
        &self,
        kind: &str,
    ) -> Result<Option<(&str, ReferredSection<'_>)>, ProfileError> {
        let Some((file, property)) = self.sections().find_map(|(file, section)| {
            let property = section.get(&kind.replace('-', "_"))?;
            Some((file, property))
        }) else {
            return Ok(None);
        };
        let name = property.value.expose();
        let title = format!("{kind} {name}");
        let section = self.config.get(&title).ok_or_else(|| {
            let message = format!("there is no section `[{title}]`");
            ProfileError::at_line(file, property.line, message)
        })?;
        let file = self.files[0].as_path();
        Ok(Some((name, ReferredSection { section, file })))
    }
}

fn setting<'a>(file: &'a Path, section: &'a Section, name: &'a str) -> Option<Setting<'a>> {
    let property = section.get(name)?;
    (!property.value.expose().is_empty()).then_some(Setting {
        property,
        file,
        name,
    })
}

/// A section of the config file that a profile refers to.
#[derive(Clone, Copy, Debug)]
pub(super) struct ReferredSection<'a> {
    section: &'a Section,
    file: &'a Path,
}

impl<'a> ReferredSection<'a> {
    /// The property `name` below the property `outer`, where it has a value.
    pub(super) fn nested(&self, outer: &str, name: &str) -> Option<&'a str> {
        let value = self.section.get(outer)?.nested.get(name)?.expose();
        (!value.is_empty()).then_some(value)
    }

    /// A property that must have a value.
    pub(super) fn required(&self, name: &'a str) -> Result<Setting<'a>, ProfileError> {
        setting(self.file, self.section, name)
            .ok_or_else(|| ProfileError::new(self.file, format!("a section lacks `{name}`")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::MemoryEnvironment;

    fn load(environment: MemoryEnvironment) -> Result<Profile, ProfileError> {
        ProfileSource::new(Arc::new(environment.with_var("HOME", "/home/me"))).load()
    }

    fn text<'a>(profile: &'a Profile, name: &'a str) -> Option<&'a str> {
        profile.setting(name).map(|setting| setting.expose())
    }

    /// Protects the precedence between the files and between the two titles of the default profile.
    #[test]
    fn the_credentials_file_comes_first() {
        let files = MemoryEnvironment::default()
            .with_file(
                "/home/me/.aws/config",
                "[default]\na = 1\nb = 1\nc = 1\n[profile default]\nb = 2\nc = 2\n[ci]\na = 9\n",
            )
            .with_file(
                "/home/me/.aws/credentials",
                "[default]\nc = 3\n[ci]\nd = 4\n",
            );
        let profile = load(files.clone()).unwrap();
        assert_eq!(text(&profile, "a"), Some("1"));
        assert_eq!(text(&profile, "b"), Some("2"));
        assert_eq!(text(&profile, "c"), Some("3"));

        let profile = load(files.with_var("AWS_PROFILE", "ci")).unwrap();
        assert_eq!(text(&profile, "a"), None, "needs the title `profile ci`");
        assert_eq!(text(&profile, "d"), Some("4"));
    }

    /// Protects the variables that name the files, and `~`.
    #[test]
    fn the_files_may_be_elsewhere() {
        let files = MemoryEnvironment::default()
            .with_var("AWS_CONFIG_FILE", "~/config")
            .with_var("AWS_SHARED_CREDENTIALS_FILE", "/etc/credentials")
            .with_file("/home/me/config", "[default]\na = 1\n")
            .with_file("/etc/credentials", "[default]\nb = 2\n");
        let profile = load(files).unwrap();
        assert_eq!(text(&profile, "a"), Some("1"));
        assert_eq!(text(&profile, "b"), Some("2"));
    }

    /// Protects the difference between no configuration, which is fine, and a wrong one.
    #[test]
    fn only_what_was_asked_for_must_exist() {
        let none = MemoryEnvironment::default();
        assert_eq!(text(&load(none.clone()).unwrap(), "a"), None);
        assert!(load(none.clone().with_var("AWS_PROFILE", "default")).is_ok());
        let error = load(none.clone().with_var("AWS_PROFILE", "ci")).unwrap_err();
        assert_eq!(
            error.to_string(),
            "/home/me/.aws/config: there is no profile `ci`, nor in /home/me/.aws/credentials"
        );
        let broken = none.with_file("/home/me/.aws/config", "[default]\nsecret\n");
        let error = load(broken).unwrap_err();
        assert_eq!(
            error.to_string(),
            "/home/me/.aws/config:2: a line has no `=`"
        );
    }
}
