//! What surrounds a program: its environment variables and its files.

use std::collections::BTreeMap;
use std::fmt::{self, Debug};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use zeroize::Zeroizing;

/// The home directory as people write it.
const HOME: &str = "~";

/// Environment variables and files, as providers see them.
///
/// Behind a trait so that tests depend on neither; see [`MemoryEnvironment`].
pub trait Environment: Debug + Send + Sync + 'static {
    /// The value of a variable. One that is not Unicode is not there.
    fn var(&self, name: &str) -> Option<String>;

    /// The content of a file.
    ///
    /// # Errors
    ///
    /// Those of the file system; [`io::ErrorKind::NotFound`] is not an error to most callers.
    fn read(&self, path: &Path) -> io::Result<Vec<u8>>;

    /// Replaces the content of a file at once, so that no reader sees half of it, and lets nobody but
    /// its owner read it.
    ///
    /// # Errors
    ///
    /// Those of the file system, and [`io::ErrorKind::Unsupported`] where nothing is ever written.
    fn write(&self, path: &Path, content: &[u8]) -> io::Result<()> {
        let _ = (path, content);
        Err(io::ErrorKind::Unsupported.into())
    }

    /// What a command line of the system's shell prints. Waits until it has ended.
    ///
    /// # Errors
    ///
    /// A command that cannot be run or fails, and [`io::ErrorKind::Unsupported`] where none is ever run.
    fn run(&self, command: &str) -> io::Result<Vec<u8>> {
        let _ = command;
        Err(io::ErrorKind::Unsupported.into())
    }
}

impl dyn Environment {
    /// The value of a variable that is set to something.
    pub(crate) fn text(&self, name: &str) -> Option<String> {
        self.var(name).filter(|value| !value.is_empty())
    }

    /// The content of a file, or nothing where there is no such file.
    ///
    /// Below a home directory that is not known there is none: the system would look for it in the working
    /// directory, where anybody may have put one that names a command to run.
    pub(crate) fn read_if_there(&self, path: &Path) -> io::Result<Option<Zeroizing<Vec<u8>>>> {
        if path.starts_with(HOME) {
            return Ok(None);
        }
        match self.read(path) {
            Ok(content) => Ok(Some(Zeroizing::new(content))),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The path that the variable names, else `default` below the home directory. A leading `~` is the
    /// home directory.
    pub(super) fn path(&self, variable: &str, default: &str) -> PathBuf {
        match self.text(variable) {
            None => self.home(default),
            Some(path) => self.expand(&path),
        }
    }

    /// The path of this text. A leading `~` is the home directory.
    pub(super) fn expand(&self, path: &str) -> PathBuf {
        match path.strip_prefix("~/") {
            Some(below) => self.home(below),
            None => PathBuf::from(path),
        }
    }

    /// The path of what is `below` the home directory, which is `~` where it is not known.
    pub(super) fn home(&self, below: &str) -> PathBuf {
        let home = self.text("HOME").or_else(|| self.text("USERPROFILE"));
        PathBuf::from(home.unwrap_or_else(|| HOME.to_owned())).join(below)
    }
}

/// The variables and files of this process.
#[derive(Clone, Copy, Debug, Default)]
pub struct ProcessEnvironment;

impl Environment for ProcessEnvironment {
    fn var(&self, name: &str) -> Option<String> {
        std::env::var(name).ok()
    }

    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        std::fs::read(path)
    }

    fn write(&self, path: &Path, content: &[u8]) -> io::Result<()> {
        super::files::replace(path, content)
    }

    fn run(&self, command: &str) -> io::Result<Vec<u8>> {
        super::files::run(command)
    }
}

/// Variables, files and commands that exist only in memory, for tests.
///
/// ```
/// use tinsmith_runtime::identity::{Environment, MemoryEnvironment};
///
/// let environment = MemoryEnvironment::default()
///     .with_var("AWS_REGION", "us-west-2")
///     .with_file("/home/me/.aws/config", "[default]\n");
/// assert_eq!(environment.var("AWS_REGION").as_deref(), Some("us-west-2"));
/// ```
#[derive(Default)]
pub struct MemoryEnvironment {
    vars: BTreeMap<String, String>,
    files: Mutex<BTreeMap<PathBuf, Vec<u8>>>,
    commands: BTreeMap<String, Vec<u8>>,
}

impl MemoryEnvironment {
    /// With a variable.
    #[must_use]
    pub fn with_var(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.vars.insert(name.into(), value.into());
        self
    }

    /// With a file.
    #[must_use]
    pub fn with_file(self, path: impl Into<PathBuf>, content: impl Into<Vec<u8>>) -> Self {
        self.files().insert(path.into(), content.into());
        self
    }

    /// With a command, and what it prints.
    #[must_use]
    pub fn with_command(mut self, command: impl Into<String>, output: impl Into<Vec<u8>>) -> Self {
        self.commands.insert(command.into(), output.into());
        self
    }

    fn files(&self) -> MutexGuard<'_, BTreeMap<PathBuf, Vec<u8>>> {
        self.files.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Clone for MemoryEnvironment {
    /// What is written to the copy is not written to the original.
    fn clone(&self) -> Self {
        Self {
            vars: self.vars.clone(),
            files: Mutex::new(self.files().clone()),
            commands: self.commands.clone(),
        }
    }
}

impl Environment for MemoryEnvironment {
    fn var(&self, name: &str) -> Option<String> {
        self.vars.get(name).cloned()
    }

    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        let content = self.files().get(path).cloned();
        content.ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    fn write(&self, path: &Path, content: &[u8]) -> io::Result<()> {
        self.files().insert(path.to_owned(), content.to_vec());
        Ok(())
    }

    fn run(&self, command: &str) -> io::Result<Vec<u8>> {
        let output = self.commands.get(command).cloned();
        output.ok_or_else(|| io::ErrorKind::NotFound.into())
    }
}

impl fmt::Debug for MemoryEnvironment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The values may be secrets.
        f.debug_struct("MemoryEnvironment")
            .field("vars", &self.vars.keys())
            .field("files", &self.files().keys())
            .field("commands", &self.commands.len())
            .finish()
    }
}
