//! What a program builds for the sake of a generated client.
#![allow(clippy::unwrap_used, clippy::panic)] // A test fails by panicking.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

/// Crates that a program with both services, TLS and signatures builds, ours included.
const MOST: usize = 60;

/// Protects the build time of every consumer: a crate more is to be noticed, and weighed.
#[test]
fn a_client_stays_light() {
    let output = Command::new(env!("CARGO"))
        .args(["tree", "--package", "generated-client", "--edges", "normal"])
        .args(["--prefix", "none", "--no-dedupe", "--offline", "--locked"])
        .args(["--format", "{p}"])
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(".."))
        .output()
        .unwrap();
    let tree = String::from_utf8(output.stdout).unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    let crates: BTreeSet<&str> = tree.lines().filter(|line| !line.is_empty()).collect();
    assert!(crates.iter().any(|name| name.starts_with("hyper ")));
    assert!(crates.len() <= MOST, "{} crates: {crates:#?}", crates.len());
}
