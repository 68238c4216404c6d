//! The workspace in `target/conformance`: the clients, and a program that runs their tests.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use fs4::{FileExt, TryLockError};
use tinsmith_codegen::{HEADER, OperationIndex, ServiceIndex};

use super::cases::WrittenCall;
use super::models::{ModelUnderTest, ServiceUnderTest};
use crate::{sync, target, workspace};

/// The generated program.
pub(super) struct Program {
    /// The manifest of its workspace.
    pub(super) manifest: PathBuf,
    /// Where it is built; shared with this workspace.
    pub(super) target: PathBuf,
    /// The file with the tests that it is to run.
    pub(super) cases: PathBuf,
    /// Keeps other runs out of the folder until this one is over. The system takes it from a run that is
    /// killed.
    _lock: File,
}

/// The name of the generated program.
pub(super) const NAME: &str = "conformance-program";

fn root() -> PathBuf {
    target().join("conformance")
}

/// The folder of a client.
pub(super) fn client_folder(krate: &str) -> PathBuf {
    root().join("clients").join(krate)
}

/// Writes what changed of the clients and of the program, and the tests that it is to run.
///
/// # Errors
///
/// A file that cannot be written.
pub(super) fn write(models: &[ModelUnderTest]) -> Result<Program> {
    let root = root();
    let held = lock(&root)?;
    sync::plan(&root, &files(models))?.apply()?;
    let lock = root.join("Cargo.lock");
    // The versions of this workspace, so that nothing is fetched or built that it does not have.
    fs::copy(workspace().join("Cargo.lock"), &lock)
        .with_context(|| format!("cannot write {}", lock.display()))?;
    let cases = root.join("cases.json");
    let all: Vec<_> = models
        .iter()
        .flat_map(ModelUnderTest::supported)
        .flat_map(|(service, _)| &service.cases)
        .collect();
    fs::write(&cases, serde_json::to_string(&all)?)
        .with_context(|| format!("cannot write {}", cases.display()))?;
    Ok(Program {
        manifest: root.join("Cargo.toml"),
        target: target(),
        cases,
        _lock: held,
    })
}

/// Waits until no other run has the folder: it would exchange the clients and the tests of this one.
fn lock(root: &Path) -> Result<File> {
    fs::create_dir_all(root).with_context(|| format!("cannot create {}", root.display()))?;
    let path = root.join(".lock");
    let context = || format!("cannot lock {}", path.display());
    let file = File::create(&path).with_context(context)?;
    match FileExt::try_lock(&file) {
        Err(TryLockError::WouldBlock) => {
            eprintln!("waiting for another run in {}", root.display());
            FileExt::lock(&file).with_context(context)?;
        }
        tried => tried.with_context(context)?,
    }
    Ok(file)
}

fn files(models: &[ModelUnderTest]) -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    for model in models {
        for (path, text) in model.package.iter().flat_map(|package| &package.files) {
            files.insert(format!("clients/{}/{path}", model.krate), text.clone());
        }
    }
    files.insert("Cargo.toml".into(), workspace_manifest(models));
    files.insert("program/Cargo.toml".into(), manifest(models));
    files.insert("program/src/main.rs".into(), main(models));
    files
}

fn workspace_manifest(models: &[ModelUnderTest]) -> String {
    let clients = models.iter().filter(|model| model.package.is_some());
    let clients: String = clients
        .map(|model| format!(", \"clients/{}\"", model.krate))
        .collect();
    format!(
        "# {HEADER}\n\n[workspace]\nresolver = \"3\"\nmembers = [\"program\"{clients}]\n\n\
         [profile.dev]\ndebug = 0\n"
    )
}

fn manifest(models: &[ModelUnderTest]) -> String {
    let library = workspace().join("tests/conformance");
    let mut text = format!(
        "# {HEADER}\n\n[package]\nname = \"{NAME}\"\nedition = \"2024\"\npublish = false\n\n\
         [dependencies]\nconformance = {{ path = {:?} }}\n",
        library.display().to_string()
    );
    for model in models.iter().filter(|model| model.package.is_some()) {
        let modules: Vec<_> = model
            .supported()
            .map(|(_, index)| feature(&index.module))
            .collect();
        // Writing to a String does not fail.
        let _ = writeln!(
            text,
            "{0} = {{ path = \"../clients/{0}\", default-features = false, features = {modules:?} }}",
            model.krate
        );
    }
    text
}

/// The feature of a service: its module, without the `r#` of a keyword.
fn feature(module: &str) -> &str {
    module.strip_prefix("r#").unwrap_or(module)
}

/// The program: a suite for each service, and all of them handed over.
fn main(models: &[ModelUnderTest]) -> String {
    let (mut suites, mut list) = (String::new(), String::new());
    let services = models.iter().flat_map(|model| {
        let krate = model.krate.replace('-', "_");
        model
            .supported()
            .map(move |(service, index)| (krate.clone(), service, index))
    });
    for (number, (krate, service, index)) in services.enumerate() {
        let _ = writeln!(list, "        Box::new(suite_{number}()),");
        suites.push_str(&suite(
            number,
            &format!("{krate}::{}", index.module),
            service,
            index,
        ));
    }
    format!(
        "// {HEADER}\n\n//! Runs the protocol tests of generated clients.\n\n\
         // Operations that the model deprecates are tested, too.\n#![allow(deprecated)]\n\n\
         fn main() -> std::process::ExitCode {{\n    conformance::run(&[\n{list}    ])\n}}\n{suites}"
    )
}

fn suite(number: usize, path: &str, service: &ServiceUnderTest, index: &ServiceIndex) -> String {
    let mut text = format!(
        "\n/// {}.\nfn suite_{number}() -> conformance::Suite<{path}::ServiceError> {{\n    \
         conformance::Suite::new({:?})\n",
        service.name, service.suite
    );
    for operation in &index.operations {
        let id = &operation.id;
        let call = format!(
            "|config| {path}::Client::new(config).{}().into_call()",
            operation.method
        );
        let _ = match streams(path, operation) {
            None => writeln!(text, "        .operation({id:?}, {call})"),
            Some(streams) => writeln!(text, "        .streaming({id:?}, {streams}, {call})"),
        };
    }
    for call in &service.calls {
        text.push_str(&built(path, call));
    }
    for (id, variant) in &index.errors {
        let _ = writeln!(
            text,
            "        .error({id:?}, |error| match error {{ {path}::ServiceError::{variant}(error) => \
             Some(error), _ => None }})"
        );
    }
    text.push_str("}\n");
    text
}

/// How the streams of an operation are put in and taken out; `None` where it has none.
fn streams(path: &str, operation: &OperationIndex) -> Option<String> {
    let sends = operation.sends.as_ref();
    let sends = sends.map(|field| format!(".sends(|input, stream| input.{field} = Some(stream))"));
    let receives = operation.receives.as_ref();
    let receives =
        receives.map(|field| format!(".receives(|output| std::mem::take(&mut output.{field}))"));
    if sends.is_none() && receives.is_none() {
        return None;
    }
    Some(format!(
        "conformance::Streams::<{path}::operation::{}>::none(){}{}",
        operation.input,
        sends.unwrap_or_default(),
        receives.unwrap_or_default()
    ))
}

/// A call that a program writes, with what it needs at hand.
fn built(path: &str, written: &WrittenCall) -> String {
    let call = &written.call;
    let krate = path.split("::").next().unwrap_or_default();
    let types = format!("use {path}::types; ");
    let timestamp = format!("use {krate}::runtime::timestamp::Timestamp; ");
    format!(
        "        .built({:?}, {:?}, |config| {{ {}{}let client = {path}::Client::new(config); \
         Ok({call}.into_call()) }})\n",
        written.operation,
        written.id,
        if call.contains("types ::") {
            &types
        } else {
            ""
        },
        if call.contains("Timestamp") {
            &timestamp
        } else {
            ""
        },
    )
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;
    use std::thread;
    use std::time::Duration;

    use super::lock;

    /// Protects a run from another that writes its own clients and tests to the same folder.
    #[test]
    fn one_run_at_a_time_has_the_folder() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("conformance");
        let first = lock(&root).unwrap();
        let (sender, second) = mpsc::channel();
        thread::spawn({
            let root = root.clone();
            move || sender.send(lock(&root).is_ok())
        });
        let soon = second.recv_timeout(Duration::from_millis(100));
        assert_eq!(soon, Err(mpsc::RecvTimeoutError::Timeout));
        drop(first);
        assert_eq!(second.recv(), Ok(true));
    }
}
