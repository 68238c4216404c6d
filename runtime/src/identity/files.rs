//! Files and commands of this process's system.

use std::fs;
use std::io::{self, Write};
use std::path::Path;
use std::process::{Command, Stdio};

use crate::random;

/// Replaces a file by another that only its owner can read. The content is on the disk before the new
/// file takes the old one's name, which happens at once.
pub(super) fn replace(path: &Path, content: &[u8]) -> io::Result<()> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{:032x}.tmp", random::number()));
    let beside = path.with_file_name(name);
    let written = create(&beside).and_then(|mut file| {
        file.write_all(content)?;
        file.sync_all()
    });
    let replaced = written.and_then(|()| fs::rename(&beside, path));
    if replaced.is_err() {
        // The error that counts is the first.
        let _ = fs::remove_file(&beside);
    }
    replaced
}

fn create(path: &Path) -> io::Result<fs::File> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Runs a command line by the system's shell. What it says on its standard error is for its user.
pub(super) fn run(command: &str) -> io::Result<Vec<u8>> {
    let output = shell(command)
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()?;
    match output.status.success() {
        true => Ok(output.stdout),
        false => Err(io::Error::other(output.status.to_string())),
    }
}

#[cfg(not(windows))]
fn shell(command: &str) -> Command {
    let mut shell = Command::new("sh");
    shell.args(["-c", command]);
    shell
}

#[cfg(windows)]
fn shell(command: &str) -> Command {
    let mut shell = Command::new("cmd.exe");
    shell.arg("/C");
    // The shell has quotes of its own.
    std::os::windows::process::CommandExt::raw_arg(&mut shell, command);
    shell
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    /// Protects the tokens in the cache: the file is whole, its owner's only, and alone in its folder.
    #[test]
    fn a_replaced_file_is_its_owners() {
        let folder = std::env::temp_dir().join(format!("tinsmith-{:032x}", random::number()));
        fs::create_dir(&folder).unwrap();
        let path = folder.join("token.json");
        fs::write(&path, "a longer one than the new one").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        replace(&path, b"new").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"new");
        let mode = fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        // A folder cannot be replaced by a file: the attempt leaves nothing behind.
        fs::create_dir(folder.join("taken")).unwrap();
        replace(&folder.join("taken"), b"new").unwrap_err();
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 2);
        fs::remove_dir_all(&folder).unwrap();
    }

    /// Protects what a `credential_process` prints, and that a failed one is told.
    #[test]
    fn a_command_prints_or_fails() {
        assert_eq!(run("printf '%s' \"a b\" | tr a c").unwrap(), b"c b");
        let error = run("echo secret; exit 3").unwrap_err();
        assert_eq!(error.to_string(), "exit status: 3");
    }
}
