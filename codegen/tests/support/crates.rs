//! Generated crates in the build's own folder, compiled there.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tinsmith_codegen::{Options, RuntimeDependency};

/// A generated crate, with a folder of its own below the build's.
pub(crate) struct Crate {
    folder: PathBuf,
    services: Vec<String>,
}

/// Where the crates of all tests are built, so that what they have in common is built once.
pub(crate) const TARGET: &str = concat!(env!("CARGO_TARGET_TMPDIR"), "/target");

/// The options of a crate of this name that is built against the runtime beside this package.
pub(crate) fn options(name: &str) -> Options {
    let runtime = Path::new(env!("CARGO_MANIFEST_DIR")).join("../runtime");
    let runtime = runtime.canonicalize().unwrap();
    Options {
        runtime: RuntimeDependency::path(runtime.to_str().unwrap()),
        standalone: true,
        ..Options::new(name)
    }
}

impl Crate {
    /// Writes the files of a crate in place of what an earlier run left. It resolves to the
    /// dependencies of this workspace, so that nothing is fetched.
    pub(crate) fn write(name: &str, files: &BTreeMap<String, String>) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        let _ = fs::remove_dir_all(folder.join("src"));
        let of = Self {
            folder,
            services: services(files),
        };
        for (path, text) in files {
            of.add(path, text);
        }
        let lock = Path::new(env!("CARGO_MANIFEST_DIR")).join("../Cargo.lock");
        fs::copy(lock, of.folder.join("Cargo.lock")).unwrap();
        of
    }

    /// Writes one more file.
    pub(crate) fn add(&self, path: &str, text: &str) {
        let path = self.folder.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Holds the crate to there being no warning of rustc, clippy or rustdoc.
    pub(crate) fn is_free_of_warnings(&self) {
        self.cargo("clippy", &["--", "-Dwarnings"]);
        self.cargo("rustdoc", &["--", "-Dwarnings"]);
    }

    /// Runs a command of cargo with the features of all services and no others.
    pub(crate) fn cargo(&self, command: &str, args: &[&str]) {
        let status = Command::new(env!("CARGO"))
            .args([
                command,
                "--offline",
                "--quiet",
                "--no-default-features",
                "--features",
            ])
            .arg(self.services.join(","))
            .args(args)
            .current_dir(&self.folder)
            .env("CARGO_TARGET_DIR", TARGET)
            .status()
            .unwrap();
        assert!(
            status.success(),
            "cargo {command} in {}",
            self.folder.display()
        );
    }
}

/// The modules of the services in a crate.
pub(crate) fn services(files: &BTreeMap<String, String>) -> Vec<String> {
    let modules = files
        .keys()
        .filter_map(|path| path.strip_prefix("src/")?.strip_suffix("/client.rs"))
        // An operation may be called `Client`.
        .filter(|module| !module.contains('/'));
    modules.map(String::from).collect()
}
