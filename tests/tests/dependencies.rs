//! What a program builds for the sake of a generated client.
#![allow(clippy::unwrap_used, clippy::panic)] // A test fails by panicking.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

/// Crates that a program with both services, TLS and signatures builds, ours included.
const MOST: usize = 60;

/// What a program with both services and the default features builds, a line a crate.
fn tree() -> BTreeSet<String> {
    let output = Command::new(env!("CARGO"))
        .args(["tree", "--package", "generated-client", "--edges", "normal"])
        .args(["--prefix", "none", "--no-dedupe", "--offline", "--locked"])
        .args(["--format", "{p}"])
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(".."))
        .output()
        .unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    let tree = String::from_utf8(output.stdout).unwrap();
    let lines = tree.lines().filter(|line| !line.is_empty());
    lines.map(str::to_owned).collect()
}

/// Protects the build time of every consumer: a crate more is to be noticed, and weighed.
#[test]
fn a_client_stays_light() {
    let crates = tree();
    assert!(crates.iter().any(|name| name.starts_with("hyper ")));
    assert!(crates.len() <= MOST, "{} crates: {crates:#?}", crates.len());
}

/// Protects against two versions of what connections are made of, one of which is then out of date
/// (smithy-lang/smithy-rs 4605, 4049), and against what needs a C toolchain beyond that of `ring`.
#[test]
fn there_is_one_tls_stack() {
    let crates = tree();
    let versions = |name: &str| {
        let own = crates
            .iter()
            .filter(|line| line.split(' ').next() == Some(name));
        own.count()
    };
    for one in [
        "http",
        "hyper",
        "hyper-rustls",
        "ring",
        "rustls",
        "rustls-webpki",
        "tokio-rustls",
    ] {
        assert_eq!(versions(one), 1, "{one}: {crates:#?}");
    }
    for none in [
        "aws-lc-rs",
        "aws-lc-sys",
        "native-tls",
        "openssl",
        "openssl-sys",
        "s2n-tls",
    ] {
        assert_eq!(versions(none), 0, "{none}");
    }
}
