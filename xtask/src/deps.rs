//! `cargo xtask deps`: checks the dependency tree against `deny.toml`, without the network.
//!
//! The file is cargo-deny's; this reads the part of it that `cargo metadata` can answer.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use cargo_metadata::{CargoOpt, Metadata, MetadataCommand, Package};
use serde::Deserialize;

use crate::terminal::{self, counted};
use crate::workspace;

/// The tables of `deny.toml` that are checked.
#[derive(Debug, Deserialize)]
struct Policy {
    licenses: Licenses,
    bans: Bans,
    sources: Sources,
}

#[derive(Debug, Deserialize)]
struct Licenses {
    allow: BTreeSet<String>,
}

#[derive(Debug, Deserialize)]
struct Bans {
    deny: Vec<Ban>,
}

#[derive(Debug, Deserialize)]
struct Ban {
    name: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Sources {
    allow_registry: BTreeSet<String>,
}

/// What the tree has that the policy forbids, and what it has twice.
#[derive(Debug, Default)]
struct Findings {
    /// Packages of other origin than ours.
    packages: usize,
    /// Breaches of the policy, a line each.
    errors: Vec<String>,
    /// Packages in more than one version, a line each.
    duplicates: Vec<String>,
}

/// Checks the tree of the workspace at `root`.
///
/// # Errors
///
/// A policy that cannot be read, and a tree that `cargo metadata` cannot tell.
fn check(root: &Path) -> Result<Findings> {
    let path = root.join("deny.toml");
    let text =
        fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let policy: Policy =
        toml::from_str(&text).with_context(|| format!("{} is broken", path.display()))?;
    let metadata = MetadataCommand::new()
        .manifest_path(root.join("Cargo.toml"))
        .features(CargoOpt::AllFeatures)
        .other_options(vec!["--locked".to_owned()])
        .exec()
        .context("cargo metadata failed")?;
    Ok(judge(&policy, &metadata))
}

fn judge(policy: &Policy, metadata: &Metadata) -> Findings {
    let mut findings = Findings::default();
    let mut versions: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for package in metadata
        .packages
        .iter()
        .filter(|package| package.source.is_some())
    {
        findings.packages += 1;
        versions
            .entry(package.name.as_str())
            .or_default()
            .insert(package.version.to_string());
        let breaches = [
            licence_breach(policy, package),
            ban_breach(policy, package),
            source_breach(policy, package),
        ];
        for breach in breaches.into_iter().flatten() {
            findings
                .errors
                .push(format!("{} {}: {breach}", package.name, package.version));
        }
    }
    for (name, versions) in versions.iter().filter(|(_, versions)| versions.len() > 1) {
        let versions: Vec<&str> = versions.iter().map(String::as_str).collect();
        findings.duplicates.push(format!(
            "{name} is there in versions {}",
            versions.join(", ")
        ));
    }
    findings
}

fn licence_breach(policy: &Policy, package: &Package) -> Option<String> {
    let Some(licence) = &package.license else {
        return Some("names no licence".to_owned());
    };
    let allowed =
        spdx::Expression::parse_mode(licence, spdx::ParseMode::LAX).is_ok_and(|expression| {
            expression.evaluate(|requirement| {
                requirement
                    .license
                    .id()
                    .is_some_and(|id| policy.licenses.allow.contains(id.name))
            })
        });
    (!allowed).then(|| format!("the licence `{licence}` is not allowed"))
}

fn ban_breach(policy: &Policy, package: &Package) -> Option<String> {
    let banned = policy
        .bans
        .deny
        .iter()
        .any(|ban| ban.name == package.name.as_str());
    banned.then(|| "is banned".to_owned())
}

fn source_breach(policy: &Policy, package: &Package) -> Option<String> {
    let source = package.source.as_ref()?.to_string();
    let registry = source.trim_start_matches("registry+");
    (!policy.sources.allow_registry.contains(registry)).then(|| format!("comes from `{source}`"))
}

/// Runs `cargo xtask deps`.
///
/// # Errors
///
/// What [`check`] says.
pub(crate) fn run() -> Result<ExitCode> {
    let findings = check(workspace())?;
    for error in &findings.errors {
        eprintln!("{} {error}", terminal::error_label());
    }
    for duplicate in &findings.duplicates {
        eprintln!("warning: {duplicate}");
    }
    println!(
        "{}: {}, {}",
        counted(findings.packages, "package"),
        counted(findings.errors.len(), "error"),
        counted(findings.duplicates.len(), "duplicate"),
    );
    Ok(if findings.errors.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
