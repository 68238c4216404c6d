//! What the caller decides of the generated crate.

/// What the caller decides of the generated crate; everything else comes from the model.
///
/// ```
/// use tinsmith_codegen::{Options, RuntimeDependency};
///
/// let options = Options {
///     version: "1.2.0".into(),
///     license: Some("MIT".into()),
///     runtime: RuntimeDependency::version("0.1"),
///     ..Options::new("weather-client")
/// };
/// assert_eq!(options.name, "weather-client");
/// ```
#[derive(Clone, Debug)]
pub struct Options {
    /// The crate's name, which Cargo must accept; else it is an error.
    pub name: String,
    /// The crate's version; `0.1.0` unless set.
    pub version: String,
    /// The Rust edition the crate is built with; `2024` unless set.
    pub edition: String,
    /// The oldest compiler the crate promises to build with; that of the runtime unless set.
    pub rust_version: String,
    /// The crate's description; made from the services' names unless set.
    pub description: Option<String>,
    /// The crate's licence as an SPDX expression.
    pub license: Option<String>,
    /// The address of the crate's repository.
    pub repository: Option<String>,
    /// Whether `cargo publish` may upload the crate; off unless set.
    pub publish: bool,
    /// Where the crate finds the runtime; the version this generator was made for unless set.
    pub runtime: RuntimeDependency,
    /// Hand-written examples below the crate's folder, which the manifest must name because they
    /// need features.
    pub examples: Vec<Example>,
    /// What the examples and tests of the crate need besides its dependencies.
    pub dev_dependencies: Vec<DevDependency>,
    /// Whether the manifest says that the crate is a workspace of its own, for a crate that is put below
    /// a workspace it does not belong to.
    pub standalone: bool,
    /// Whether operations that cannot be generated yet, for instance because they stream, are left out
    /// with a warning each. Unless set they are errors.
    pub skip_unsupported: bool,
    /// Whether patterns that are not ECMA-262 are left unchecked, with a warning each. Unless set they
    /// are errors: what a client lets through, its caller must know of.
    pub lenient_patterns: bool,
    /// The services to generate, each by its absolute shape id or its name; all where empty. A name
    /// that the model does not have is an error.
    pub services: Vec<String>,
}

/// Where the generated crate finds `tinsmith-runtime`. Both may be given, as Cargo allows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuntimeDependency {
    /// The folder of the runtime, relative to that of the generated crate.
    pub path: Option<String>,
    /// The version requirement.
    pub version: Option<String>,
}

/// A hand-written example of the generated crate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Example {
    /// The example's name, for `cargo run --example`.
    pub name: String,
    /// Its file, relative to the crate's folder.
    pub path: String,
    /// The features it needs.
    pub required_features: Vec<String>,
}

/// A line of `[dev-dependencies]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DevDependency {
    /// The package's name.
    pub name: String,
    /// What stands after the equals sign, in TOML: `"1"` with its quotes, or an inline table.
    pub requirement: String,
}

impl Options {
    /// The defaults for a crate of this name.
    #[must_use]
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            version: "0.1.0".into(),
            edition: "2024".into(),
            rust_version: env!("CARGO_PKG_RUST_VERSION").into(),
            description: None,
            license: None,
            repository: None,
            publish: false,
            runtime: RuntimeDependency::version(env!("CARGO_PKG_VERSION")),
            examples: Vec::new(),
            dev_dependencies: Vec::new(),
            standalone: false,
            skip_unsupported: false,
            lenient_patterns: false,
            services: Vec::new(),
        }
    }
}

impl RuntimeDependency {
    /// The runtime of this version from the registry.
    #[must_use]
    pub fn version(version: impl Into<String>) -> Self {
        Self {
            path: None,
            version: Some(version.into()),
        }
    }

    /// The runtime in this folder, relative to that of the generated crate.
    #[must_use]
    pub fn path(path: impl Into<String>) -> Self {
        Self {
            path: Some(path.into()),
            version: None,
        }
    }
}
