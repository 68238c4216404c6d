//! `cargo xtask bench build`: the same program on every client, built from nothing.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::{Command, ExitCode};
use std::thread::available_parallelism;

use anyhow::{Context as _, Result, bail};
use indicatif::ProgressBar;
use rayon::ThreadPoolBuilder;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::args::BuildArgs;
use super::cargo;
use super::contestants::{self, Client, Contestant, Service};
use super::lines::{self, Lines};
use super::machine::Machine;
use super::measure::{self, Cost};
use super::results::Results;
use super::server::{self, Server};
use super::target::Target;
use crate::table::{self, Align};
use crate::terminal;

/// What building a contestant took.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(super) struct Build {
    pub(super) contestant: Contestant,
    /// Packages that the program is made of, at any depth, itself not counted.
    pub(super) crates: usize,
    pub(super) debug: Cost,
    pub(super) release: Cost,
    /// The size of the release, stripped.
    pub(super) binary_bytes: u64,
    pub(super) lines: Option<Lines>,
}

/// The profiles of cargo.
const PROFILES: [&str; 2] = ["release", "debug"];

/// Runs the command.
///
/// # Errors
///
/// A program that does not build, or that does not do its work.
pub(super) fn run(args: &BuildArgs) -> Result<ExitCode> {
    let chosen = contestants::ALL.into_iter();
    let chosen: Vec<_> = chosen
        .filter(|it| args.only.is_empty() || args.only.contains(it))
        .collect();
    let machine = Machine::this();
    let bar = terminal::builds(chosen.len() * PROFILES.len());
    let server = prepare(&bar)?;
    let costs = build_all(&chosen, args.jobs, &bar)?;
    bar.set_message("running the programs");
    let server = Server::start(&server)?;
    let figures = chosen
        .iter()
        .zip(costs)
        .map(|(contestant, costs)| figures(*contestant, costs, &server))
        .collect::<Result<Vec<_>>>()?;
    bar.finish_and_clear();
    let results = Results {
        machine,
        targets: targets(&figures),
        figures,
    };
    let table = Service::ALL.map(|service| rows(service, &results.figures));
    results.publish("build", &table.map(|rows| render(&rows)).join("\n"))
}

/// Fetches all sources, so that no build waits for the network, and builds the server.
fn prepare(bar: &ProgressBar) -> Result<std::path::PathBuf> {
    bar.set_message("fetching sources");
    let manifest = contestants::manifest();
    let fetch = ["fetch", "--manifest-path", &manifest.to_string_lossy()];
    cargo::output(&fetch.map(str::to_owned))?;
    fs::create_dir_all(super::folder().join("log"))?;
    bar.set_message("building the server");
    server::build()
}

/// Builds in the order given, as many at once as there are processors for. The costs are those of the
/// release and of the debug build of each.
fn build_all(chosen: &[Contestant], jobs: u32, bar: &ProgressBar) -> Result<Vec<[Cost; 2]>> {
    let processors = available_parallelism().map_or(1, usize::from);
    let at_once = (processors / jobs as usize).max(1);
    let pool = ThreadPoolBuilder::new().num_threads(at_once).build()?;
    let all = chosen.iter().enumerate();
    let all = all.flat_map(|(number, it)| PROFILES.map(|profile| (number, *it, profile)));
    let one = |(number, contestant, profile)| {
        bar.set_message(format!("{}, {profile}", Contestant::name(contestant)));
        let cost = build(contestant, profile, jobs)?;
        bar.inc(1);
        Ok((number, profile, cost))
    };
    // One by one, so that the longest begin first.
    let costs: Result<Vec<_>> = pool.install(|| all.par_bridge().map(one).collect());
    let costs = costs?;
    let of = |number, profile| {
        let mut found = costs.iter();
        let found = found.find(|(it, of, _)| *it == number && *of == profile);
        found
            .map(|(_, _, cost)| *cost)
            .context("a build is missing")
    };
    (0..chosen.len())
        .map(|number| Ok([of(number, PROFILES[0])?, of(number, PROFILES[1])?]))
        .collect()
}

/// Builds a contestant where nothing is built yet.
fn build(contestant: Contestant, profile: &str, jobs: u32) -> Result<Cost> {
    let target = contestant.folder(profile);
    if target.exists() {
        fs::remove_dir_all(&target)
            .with_context(|| format!("cannot empty {}", target.display()))?;
    }
    let mut args = vec!["build".to_owned(), "--offline".to_owned()];
    args.extend(contestant.selection(&[]));
    args.extend(["--bin".to_owned(), contestant.package()]);
    args.extend(["--jobs".to_owned(), jobs.to_string()]);
    args.extend([
        "--target-dir".to_owned(),
        target.to_string_lossy().into_owned(),
    ]);
    if profile == "release" {
        args.push("--release".to_owned());
    }
    let log = format!("log/{}-{profile}.txt", contestant.name());
    let cost = measure::cargo(&args, &super::folder().join(log))?;
    // The release is run, and is what the bench of calls builds on; the debug build is not needed.
    if profile == "debug" {
        fs::remove_dir_all(&target)?;
    }
    Ok(cost)
}

fn figures(contestant: Contestant, [release, debug]: [Cost; 2], server: &Server) -> Result<Build> {
    let folder = contestant.folder("release").join("release");
    let program = folder.join(contestant.package());
    try_out(&program, server)?;
    Ok(Build {
        contestant,
        crates: crates(contestant)?,
        debug,
        release,
        binary_bytes: program.metadata()?.len(),
        lines: lines::of(contestant)?,
    })
}

/// Runs the program, which fails unless every call succeeds.
fn try_out(program: &Path, server: &Server) -> Result<()> {
    let output = Command::new(program).arg(&server.url).output();
    let output = output.with_context(|| format!("cannot run {}", program.display()))?;
    if !output.status.success() {
        let errors = String::from_utf8_lossy(&output.stderr);
        bail!("{} does not work: {errors}", program.display());
    }
    Ok(())
}

fn crates(contestant: Contestant) -> Result<usize> {
    let mut args: Vec<_> = [
        "tree",
        "--edges",
        "normal",
        "--prefix",
        "none",
        "--no-dedupe",
    ]
    .map(str::to_owned)
    .to_vec();
    args.extend(["--format".to_owned(), "{p}".to_owned()]);
    args.extend(contestant.selection(&[]));
    let tree = cargo::output(&args)?;
    let crates: BTreeSet<&str> = tree.lines().filter(|line| !line.is_empty()).collect();
    crates.len().checked_sub(1).context("cargo shows no tree")
}

fn targets(builds: &[Build]) -> Vec<Target> {
    let find = |contestant| builds.iter().find(|it| it.contestant == contestant);
    let mut targets = Vec::new();
    for ours in builds {
        let contestant = ours.contestant;
        if contestant.client != Client::Tinsmith {
            continue;
        }
        let what = |what: &str| format!("{}: {what}", contestant.name());
        targets.push(Target::at_most(what("crates"), ours.crates as f64, 60.0));
        if let Some(lines) = &ours.lines
            && contestant.service == Service::CodeCatalyst
            && contestant.tls
        {
            let lines = lines.tokens as f64;
            targets.push(Target::at_most(what("generated lines"), lines, 1000.0));
        }
        let official = Contestant {
            client: Client::Official,
            ..contestant
        };
        let Some(theirs) = find(official) else {
            continue;
        };
        targets.push(Target::at_most(
            what("release build, CPU time to that of the official crate"),
            ours.release.cpu_seconds / theirs.release.cpu_seconds,
            1.0 / 3.0,
        ));
        targets.push(Target::at_most(
            what("binary, size to that of the official crate"),
            ours.binary_bytes as f64 / theirs.binary_bytes as f64,
            1.0 / 3.0,
        ));
    }
    targets
}

/// The table of a service, headings first; no rows without a contestant.
pub(super) fn rows(service: Service, builds: &[Build]) -> Vec<Vec<String>> {
    let mut builds: Vec<_> = builds
        .iter()
        .filter(|it| it.contestant.service == service)
        .collect();
    // With TLS first, and within that the clients in the order of their declaration.
    builds.sort_by_key(|it| (!it.contestant.tls, it.contestant.client as u8));
    let heads = [
        service.title(),
        "crates",
        "generated lines",
        "debug build, CPU s",
        "release build, CPU s",
        "largest compiler, MB",
        "binary, MB",
        "name",
    ];
    let rows = builds.into_iter().map(row);
    std::iter::once(heads.map(str::to_owned).to_vec())
        .chain(rows)
        .collect()
}

fn row(build: &Build) -> Vec<String> {
    let lines = match build.lines {
        Some(Lines { all, tokens }) if all == tokens => all.to_string(),
        Some(Lines { all, tokens }) => format!("{all}, of which {tokens} for tokens"),
        None => String::new(),
    };
    vec![
        build.contestant.title(),
        build.crates.to_string(),
        lines,
        format!("{:.0}", build.debug.cpu_seconds),
        format!("{:.0}", build.release.cpu_seconds),
        format!("{:.0}", build.release.peak_bytes as f64 / 1e6),
        format!("{:.1}", build.binary_bytes as f64 / 1e6),
        build.contestant.name(),
    ]
}

/// The table as text; nothing where there are no rows.
pub(super) fn render(rows: &[Vec<String>]) -> String {
    if rows.len() < 2 {
        return String::new();
    }
    let mut aligns = vec![Align::Left];
    aligns.resize(7, Align::Right);
    table::render(rows, &aligns)
}
