//! `package.toml` beside the models: what no model says of the crate.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};
use serde::Deserialize;
use tinsmith_codegen::{DevDependency, Example, Options};

/// The file's content. An unknown key is an error, so that a misspelt one is not silently ignored.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Settings {
    name: String,
    version: Option<String>,
    description: Option<String>,
    license: Option<String>,
    repository: Option<String>,
    #[serde(default)]
    publish: bool,
    #[serde(default, rename = "example")]
    examples: Vec<ExampleSettings>,
    #[serde(default)]
    dev_dependencies: BTreeMap<String, String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct ExampleSettings {
    name: String,
    path: String,
    #[serde(default)]
    required_features: Vec<String>,
}

/// Reads the options of the generated crate from `path`.
///
/// # Errors
///
/// A file that cannot be read or is not as it should be; the message has the place.
pub(crate) fn read(path: &Path) -> Result<Options> {
    let text =
        fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    let settings: Settings =
        toml::from_str(&text).with_context(|| format!("{} is broken", path.display()))?;
    let defaults = Options::new(settings.name);
    Ok(Options {
        version: settings.version.unwrap_or_else(|| defaults.version.clone()),
        description: settings.description,
        license: settings.license,
        repository: settings.repository,
        publish: settings.publish,
        examples: settings
            .examples
            .into_iter()
            .map(|example| Example {
                name: example.name,
                path: example.path,
                required_features: example.required_features,
            })
            .collect(),
        dev_dependencies: settings
            .dev_dependencies
            .into_iter()
            .map(|(name, requirement)| DevDependency { name, requirement })
            .collect(),
        ..defaults
    })
}
