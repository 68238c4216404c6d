//! `cargo xtask bench build`: the same program on every client, built from nothing.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::{Command, ExitCode};

use anyhow::{Context as _, Result, bail};
use indicatif::ProgressBar;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::args::BuildArgs;
use super::contestants::{self, Client, Contestant, Service};
use super::lines::{self, Lines};
use super::machine::Occasion;
use super::measure::{self, Cost};
use super::results::{self, Figures, Row};
use super::server::{self, Server};
use super::target::{Target, beside};
use crate::table::{self, Align};
use crate::{cargo, terminal};

/// What building a contestant took.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
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

/// How cargo builds a program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Profile {
    Release,
    Debug,
}

impl Profile {
    fn word(self) -> &'static str {
        match self {
            Self::Release => "release",
            Self::Debug => "debug",
        }
    }
}

/// Runs the command.
///
/// # Errors
///
/// A server that does not build. A contestant that does not build, or does not do its work, is told and left
/// out, and makes the exit status 1.
pub(super) fn run(args: &BuildArgs) -> Result<ExitCode> {
    let chosen = contestants::ALL.into_iter();
    let chosen: Vec<_> = chosen
        .filter(|it| args.only.is_empty() || args.only.contains(it))
        .collect();
    let bench = Bench {
        occasion: Occasion::now(),
        jobs: args.jobs,
        bar: terminal::builds(chosen.len() * 2),
    };
    let server = Server::start(&prepare(&bench.bar)?)?;
    // One by one, so that the longest begin first.
    let all = chosen.into_iter().par_bridge();
    let pool = super::pool(args.jobs)?;
    let complete = pool.install(|| {
        all.map(|contestant| bench.keep(contestant, &server))
            .reduce(|| true, |one, other| one && other)
    });
    bench.bar.finish_and_clear();
    results::publish::<Build>(complete)
}

/// Fetches all sources, so that no build waits for the network, and builds the server.
fn prepare(bar: &ProgressBar) -> Result<std::path::PathBuf> {
    terminal::say(bar, "fetching sources, and building the server");
    let manifest = contestants::manifest();
    let fetch = ["fetch", "--manifest-path", &manifest.to_string_lossy()];
    cargo::output(&fetch.map(str::to_owned))?;
    fs::create_dir_all(super::folder().join("log"))?;
    server::build()
}

/// What all builds of a run have in common.
struct Bench {
    occasion: Occasion,
    jobs: u32,
    bar: ProgressBar,
}

impl Bench {
    /// Measures a contestant and keeps its figures at once, whatever becomes of the others. Whether that
    /// could be done; what could not is told.
    fn keep(&self, contestant: Contestant, server: &Server) -> bool {
        let kept = self.measure(contestant, server).and_then(|figures| {
            let occasion = self.occasion.clone();
            results::keep(vec![Row { occasion, figures }])
        });
        super::told(&self.bar, contestant, kept).is_some()
    }

    fn measure(&self, contestant: Contestant, server: &Server) -> Result<Build> {
        let release = self.build(contestant, Profile::Release)?;
        let word = Profile::Release.word();
        let program = cargo::program(&contestant.folder(word), word, &contestant.package());
        try_out(&program, server)?;
        Ok(Build {
            contestant,
            crates: crates(contestant)?,
            debug: self.build(contestant, Profile::Debug)?,
            release,
            binary_bytes: program.metadata()?.len(),
            lines: lines::of(contestant)?,
        })
    }

    /// Builds a contestant where nothing is built yet.
    fn build(&self, contestant: Contestant, profile: Profile) -> Result<Cost> {
        let step = format!("{}, {}", contestant.name(), profile.word());
        self.bar.set_message(step.clone());
        let target = contestant.folder(profile.word());
        if target.exists() {
            fs::remove_dir_all(&target)
                .with_context(|| format!("cannot empty {}", target.display()))?;
        }
        let mut args = vec!["build".to_owned(), "--offline".to_owned()];
        args.extend(contestant.selection(&[]));
        args.extend(["--bin".to_owned(), contestant.package()]);
        args.extend(["--jobs".to_owned(), self.jobs.to_string()]);
        args.extend([
            "--target-dir".to_owned(),
            target.to_string_lossy().into_owned(),
        ]);
        if profile == Profile::Release {
            args.push("--release".to_owned());
        }
        let log = format!("log/{}-{}.txt", contestant.name(), profile.word());
        let cost = measure::cargo(&args, &super::folder().join(log))?;
        // The release is run, and is what the bench of calls builds on; the debug build is not needed.
        if profile == Profile::Debug {
            fs::remove_dir_all(&target)?;
        }
        self.bar.inc(1);
        let wall = cost.wall_seconds;
        let cpu = rounded(cost.cpu_seconds);
        terminal::say(&self.bar, &format!("{step}: {cpu} CPU s in {wall:.0} s"));
        Ok(cost)
    }
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

impl Figures for Build {
    const COMMAND: &'static str = "build";

    fn key(&self) -> String {
        self.contestant.name()
    }

    fn targets(rows: &[Row<Self>]) -> Vec<Target> {
        let aims = rows.iter().map(|row| Aims::of(row, rows));
        aims.flat_map(|it| [it.crates, it.lines, it.release, it.binary])
            .flatten()
            .collect()
    }

    fn tables(rows: &[Row<Self>]) -> Vec<String> {
        let tables = Service::ALL.into_iter();
        tables.filter_map(|service| table(service, rows)).collect()
    }
}

/// What a contestant is held to: Tinsmith's clients are.
#[derive(Debug, Default, PartialEq)]
struct Aims {
    crates: Option<Target>,
    lines: Option<Target>,
    release: Option<Target>,
    binary: Option<Target>,
}

impl Aims {
    /// The figures of the official crate are limits only where they are of the same machine.
    fn of(ours: &Row<Build>, all: &[Row<Build>]) -> Self {
        let build = &ours.figures;
        let contestant = build.contestant;
        if contestant.client != Client::Tinsmith {
            return Self::default();
        }
        let official = Contestant {
            client: Client::Official,
            ..contestant
        };
        let theirs = all.iter().find(|row| {
            row.figures.contestant == official && row.occasion.machine == ours.occasion.machine
        });
        let theirs = theirs.map(|row| &row.figures);
        let target = |what: &str, figure, limit| {
            Target::at_most(format!("{}: {what}", contestant.name()), figure, limit)
        };
        let third = |what: &str, of: fn(&Build) -> Option<f64>| {
            let what = format!("{what}, to a third of the official crate's");
            Some(target(&what, of(build)?, of(theirs?)? / 3.0))
        };
        let lines = build.lines.filter(|_| {
            // The number was set for three operations, which Global Resolver has five of.
            contestant.service == Service::CodeCatalyst
        });
        Self {
            crates: Some(target("crates", build.crates as f64, 60.0)),
            lines: lines.map(|lines| target("generated lines", lines.tokens as f64, 1000.0)),
            release: third("release build, CPU s", |it| it.release.cpu_seconds),
            binary: third("binary, MB", |it| Some(it.binary_bytes as f64 / 1e6)),
        }
    }
}

/// The table of a service, where there are rows.
fn table(service: Service, rows: &[Row<Build>]) -> Option<String> {
    let mut shown: Vec<_> = rows
        .iter()
        .filter(|row| row.figures.contestant.service == service)
        .collect();
    if shown.is_empty() {
        return None;
    }
    // With TLS first, and within that the clients in the order of their declaration.
    shown.sort_by_key(|row| {
        let contestant = row.figures.contestant;
        (!contestant.tls, contestant.client as u8)
    });
    let heads = [
        service.title(),
        "crates",
        "generated lines",
        "debug build, CPU s",
        "release build, CPU s",
        "largest compiler, MB",
        "binary, MB",
        "`cargo xtask bench build --only`",
    ];
    let mut aligns = vec![Align::Left];
    aligns.resize(heads.len() - 1, Align::Right);
    let cells = shown
        .iter()
        .map(|row| cells(&row.figures, &Aims::of(row, rows)));
    let table = table::with_heads(heads, cells, &aligns);
    let measured = results::measured(shown.iter().copied(), |it| it.contestant.code());
    Some(format!("{table}\n{measured}"))
}

fn cells(build: &Build, aims: &Aims) -> Vec<String> {
    let lines = match build.lines {
        Some(Lines { all, tokens }) if all == tokens => all.to_string(),
        Some(Lines { all, tokens }) => format!("{all}, of which {tokens} for tokens"),
        None => String::new(),
    };
    let megabytes = |bytes: u64| bytes as f64 / 1e6;
    vec![
        build.contestant.title(),
        beside(build.crates.to_string(), aims.crates.as_ref()),
        beside(lines, aims.lines.as_ref()),
        rounded(build.debug.cpu_seconds),
        beside(rounded(build.release.cpu_seconds), aims.release.as_ref()),
        rounded(build.release.peak_bytes.map(megabytes)),
        beside(
            format!("{:.2}", megabytes(build.binary_bytes)),
            aims.binary.as_ref(),
        ),
        build.contestant.code(),
    ]
}

/// A figure in whole units, or that the system does not tell it.
fn rounded(figure: Option<f64>) -> String {
    figure.map_or_else(|| "not told".to_owned(), |figure| format!("{figure:.0}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bench::machine::Machine;

    fn row(client: Client, cpu_seconds: Option<f64>, processors: usize) -> Row<Build> {
        let cost = Cost {
            cpu_seconds,
            wall_seconds: 1.0,
            peak_bytes: None,
        };
        let machine = Machine {
            processor: String::new(),
            processors,
            memory_gib: None,
            system: String::new(),
            rustc: String::new(),
        };
        Row {
            occasion: Occasion {
                at: jiff::Timestamp::UNIX_EPOCH,
                load: None,
                machine,
            },
            figures: Build {
                contestant: Contestant {
                    service: Service::CodeCatalyst,
                    client,
                    tls: true,
                },
                crates: 50,
                debug: cost,
                release: cost,
                binary_bytes: 3_000_000,
                lines: None,
            },
        }
    }

    /// A third of another machine's time is no limit, and time that is not told meets none.
    #[test]
    fn the_official_crate_is_a_limit_on_its_own_machine() {
        let ours = row(Client::Tinsmith, Some(40.0), 4);
        let release = |ours: &Row<Build>, official: &Row<Build>| {
            Aims::of(ours, &[ours.clone(), official.clone()]).release
        };
        let slow = row(Client::Official, Some(120.0), 4);
        let fast = row(Client::Official, Some(117.0), 4);
        assert!(release(&ours, &slow).unwrap().met);
        assert!(!release(&ours, &fast).unwrap().met);
        let other = row(Client::Official, Some(900.0), 8);
        assert_eq!(release(&ours, &other), None);
        assert_eq!(release(&row(Client::Tinsmith, None, 4), &slow), None);
        assert_eq!(Aims::of(&slow, &[ours]), Aims::default());
    }

    /// What was not measured must not read as nothing.
    #[test]
    fn what_the_system_does_not_tell_is_said() {
        let build = row(Client::Hyper, None, 4).figures;
        let cells = cells(&build, &Aims::default());
        assert_eq!(cells[3..6], ["not told", "not told", "not told"]);
    }
}
