//! `cargo xtask bench call`: the same call with every client, in turns.

mod program;
mod rounds;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Result, bail};
use indicatif::ProgressBar;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use self::program::{Kind, Round};
use self::rounds::{Turns, median};
use super::args::CallArgs;
use super::contestants::{CALLERS, Client, Contestant, Service};
use super::machine::Occasion;
use super::results::{self, Figures, Row};
use super::server::{self, Server};
use super::target::{Target, beside, number};
use super::{pin, told};
use crate::table::{self, Align};
use crate::terminal;

pub(super) use self::rounds::Mode;

/// What a call takes a contestant in one mode: medians of the rounds.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub(super) struct Call {
    pub(super) contestant: Contestant,
    pub(super) mode: Mode,
    /// Whether server and clients shared one processor.
    pub(super) pinned: bool,
    pub(super) rounds: u32,
    /// Processor time of the client's process.
    pub(super) cpu_us: f64,
    /// Tinsmith's processor time by that of this client, turn by turn; `None` where Tinsmith failed.
    pub(super) tinsmith_to_this: Option<f64>,
    pub(super) p50_us: f64,
    pub(super) p99_us: f64,
    pub(super) allocations: f64,
    pub(super) allocated_bytes: f64,
}

/// Rounds that count allocations, which hardly differ.
const ALLOCATION_ROUNDS: u32 = 3;
/// Compilers at work for one program; little is left to build after the bench of builds.
const JOBS: u32 = 2;

/// A contestant's programs.
struct Entrant {
    contestant: Contestant,
    timed: PathBuf,
    counted: PathBuf,
}

/// An entrant's turns: those that were timed, and those whose allocations were counted.
struct Taken {
    contestant: Contestant,
    timed: [Turns; 2],
    counted: [Turns; 2],
}

/// Runs the command.
///
/// # Errors
///
/// A server that does not build, and no contestant that does its work. One that does not build, or whose
/// call fails, is told and left out, and makes the exit status 1.
pub(super) fn run(args: &CallArgs) -> Result<ExitCode> {
    let occasion = Occasion::now();
    let chosen = chosen(&args.only);
    let bar = terminal::turns((args.rounds + ALLOCATION_ROUNDS + 2) as usize * chosen.len());
    terminal::say(&bar, "building the server and the programs");
    let server = server::build()?;
    let entrants = build_all(&chosen, &bar)?;
    let rounds = args.rounds;
    terminal::say(
        &bar,
        &format!("{rounds} rounds of {} programs", entrants.len()),
    );
    let (pinned, taken) = pin::to_one(|pinned| {
        let server = Server::start(&server)?;
        Ok((pinned, turns(&entrants, &server, rounds, &bar)?))
    })?;
    bar.finish_and_clear();
    if taken.is_empty() {
        bail!("no contestant makes calls");
    }
    let calls = Mode::ALL.into_iter().flat_map(|mode| {
        let taken = &taken;
        let call = move |it: &Taken| it.call(mode, taken, pinned, rounds);
        taken.iter().map(call)
    });
    let row = |figures| Row {
        occasion: occasion.clone(),
        figures,
    };
    results::keep(calls.map(row).collect())?;
    results::publish::<Call>(taken.len() == chosen.len())
}

/// Those of `only`, or all, and Tinsmith's client of each of their services: the ratio to it is of one run.
fn chosen(only: &[Contestant]) -> Vec<Contestant> {
    let is_chosen = |it: &Contestant| {
        let of_service = |other: &Contestant| other.service == it.service;
        let ours = it.client == Client::Tinsmith && only.iter().any(of_service);
        only.is_empty() || ours || only.contains(it)
    };
    CALLERS.into_iter().filter(is_chosen).collect()
}

/// Builds both programs of each contestant; one that does not build is told and left out.
fn build_all(chosen: &[Contestant], bar: &ProgressBar) -> Result<Vec<Entrant>> {
    let build = |contestant: &Contestant| {
        let entrant = || {
            Ok(Entrant {
                contestant: *contestant,
                timed: program::build(*contestant, Kind::Time, JOBS)?,
                counted: program::build(*contestant, Kind::Allocations, JOBS)?,
            })
        };
        told(bar, *contestant, entrant())
    };
    let build_all = || chosen.par_iter().filter_map(build).collect();
    Ok(super::pool(JOBS)?.install(build_all))
}

/// Has all entrants take their turns; one whose call fails is told and left out.
fn turns(
    entrants: &[Entrant],
    server: &Server,
    rounds: u32,
    bar: &ProgressBar,
) -> Result<Vec<Taken>> {
    let programs = |of: fn(&Entrant) -> &PathBuf| entrants.iter().map(of).collect::<Vec<_>>();
    let timed = rounds::take(&programs(|it| &it.timed), server, rounds, bar);
    let counted = rounds::take(&programs(|it| &it.counted), server, ALLOCATION_ROUNDS, bar);
    let taken = entrants.iter().zip(timed).zip(counted);
    let taken = taken.filter_map(|((entrant, timed), counted)| {
        let contestant = entrant.contestant;
        let taken = || {
            Ok(Taken {
                contestant,
                timed: timed?,
                counted: counted?,
            })
        };
        told(bar, contestant, taken())
    });
    Ok(taken.collect())
}

impl Taken {
    fn call(&self, mode: Mode, all: &[Self], pinned: bool, rounds: u32) -> Call {
        let (timed, counted) = (&self.timed[mode as usize], &self.counted[mode as usize]);
        let is_ours = |it: &&Self| {
            it.contestant.service == self.contestant.service
                && it.contestant.client == Client::Tinsmith
        };
        let ours = all.iter().find(is_ours).map(|it| &it.timed[mode as usize]);
        let nanoseconds = per_call(|turn| turn.processor_ns);
        let ratio = |ours: &Turns| {
            let turns = ours.iter().zip(timed);
            median(turns.map(|(ours, this)| nanoseconds(ours) / nanoseconds(this)))
        };
        Call {
            contestant: self.contestant,
            mode,
            pinned,
            rounds,
            cpu_us: median(timed.iter().map(nanoseconds)) / 1e3,
            tinsmith_to_this: ours.map(ratio),
            p50_us: median(timed.iter().map(|turn| turn.p50_ns as f64)) / 1e3,
            p99_us: median(timed.iter().map(|turn| turn.p99_ns as f64)) / 1e3,
            allocations: median(counted.iter().map(per_call(|turn| turn.allocations))),
            allocated_bytes: median(counted.iter().map(per_call(|turn| turn.bytes))),
        }
    }
}

fn per_call(of: fn(&Round) -> u64) -> impl Fn(&Round) -> f64 + Copy {
    move |turn| of(turn) as f64 / f64::from(turn.calls)
}

impl Call {
    /// What the allocations are held to.
    fn allocations_aim(&self) -> Option<Target> {
        let ours = self.contestant.client == Client::Tinsmith;
        ours.then(|| Target::at_most(self.what("allocations"), self.allocations, 60.0))
    }

    /// What Tinsmith's processor time is held to beside this client's.
    fn ratio_aim(&self) -> Option<Target> {
        let (what, limit) = match self.contestant.client {
            Client::Official => ("CPU time to that of the official crate", 0.25),
            Client::Hyper => ("CPU time to that of bare hyper", 2.0),
            Client::Tinsmith | Client::Reqwest => return None,
        };
        Some(Target::at_most(
            self.what(what),
            self.tinsmith_to_this?,
            limit,
        ))
    }

    fn what(&self, what: &str) -> String {
        let service = self.contestant.service.module();
        format!("{service}, {}: {what}", self.mode.word())
    }

    fn cells(&self) -> Vec<String> {
        let ratio = match (self.contestant.client, self.tinsmith_to_this) {
            (Client::Tinsmith, _) => String::new(),
            (_, None) => "not told".to_owned(),
            (_, Some(ratio)) => beside(number(ratio), self.ratio_aim().as_ref()),
        };
        let allocations = format!("{:.0}", self.allocations);
        vec![
            self.contestant.title(),
            self.mode.word().to_owned(),
            number(self.cpu_us),
            ratio,
            number(self.p50_us),
            number(self.p99_us),
            beside(allocations, self.allocations_aim().as_ref()),
            format!("{:.1}", self.allocated_bytes / 1e3),
            self.contestant.code(),
        ]
    }
}

impl Figures for Call {
    const COMMAND: &'static str = "call";

    fn key(&self) -> String {
        format!("{}, {}", self.contestant.name(), self.mode.word())
    }

    fn targets(rows: &[Row<Self>]) -> Vec<Target> {
        let calls = rows.iter().map(|row| &row.figures);
        calls
            .flat_map(|call| [call.allocations_aim(), call.ratio_aim()])
            .flatten()
            .collect()
    }

    fn tables(rows: &[Row<Self>]) -> Vec<String> {
        let tables = Service::ALL.into_iter();
        tables.filter_map(|service| table(service, rows)).collect()
    }
}

/// The table of a service, where there are rows.
fn table(service: Service, rows: &[Row<Call>]) -> Option<String> {
    let mut shown: Vec<_> = rows
        .iter()
        .filter(|row| row.figures.contestant.service == service)
        .collect();
    if shown.is_empty() {
        return None;
    }
    shown.sort_by_key(|row| (row.figures.mode as u8, row.figures.contestant.client as u8));
    let heads = [
        service.title(),
        "calls",
        "CPU, µs",
        "Tinsmith to it",
        "p50, µs",
        "p99, µs",
        "allocations",
        "allocated, KB",
        "`cargo xtask bench call --only`",
    ];
    let mut aligns = vec![Align::Left; 2];
    aligns.resize(heads.len() - 1, Align::Right);
    let cells = shown.iter().map(|row| row.figures.cells());
    let table = table::with_heads(heads, cells, &aligns);
    let measured = results::measured(shown.iter().copied(), |it| it.contestant.code());
    Some(format!("{table}\n{}{measured}", conditions(&shown)))
}

/// How the calls of a table were made.
fn conditions(rows: &[&Row<Call>]) -> String {
    let place = match rows.iter().all(|row| row.figures.pinned) {
        true => "on one processor",
        false => "not all on one processor",
    };
    let rounds = rows.iter().map(|row| row.figures.rounds);
    let rounds = match (rounds.clone().min(), rounds.max()) {
        (Some(least), Some(most)) if least < most => format!("{least} to {most}"),
        (least, _) => least.unwrap_or_default().to_string(),
    };
    format!("Client and server {place}, medians of {rounds} turns.\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(client: Client, nanoseconds: [u64; 3]) -> Taken {
        let turn = |processor_ns| Round {
            calls: 1,
            processor_ns,
            p50_ns: 0,
            p99_ns: 0,
            allocations: 61,
            bytes: 0,
        };
        let turns = || nanoseconds.map(turn).to_vec();
        Taken {
            contestant: Contestant {
                service: Service::CodeCatalyst,
                client,
                tls: true,
            },
            timed: [turns(), turns()],
            counted: [turns(), turns()],
        }
    }

    /// A ratio without Tinsmith's turns would be of two runs, and no ratio at all must not read as one that
    /// meets the target.
    #[test]
    fn a_ratio_is_of_one_run() {
        let call = |it: &Taken, all: &[Taken]| it.call(Mode::Sequential, all, true, 3);
        let all = [
            taken(Client::Tinsmith, [2, 2, 8]),
            taken(Client::Official, [8, 10, 32]),
        ];
        let official = call(&all[1], &all);
        assert_eq!(official.tinsmith_to_this, Some(0.25));
        assert!(official.ratio_aim().unwrap().met);
        let alone = call(&all[1], &all[1..]);
        assert_eq!((alone.tinsmith_to_this, alone.ratio_aim()), (None, None));
        assert!(!call(&all[0], &all).allocations_aim().unwrap().met);
    }

    /// Tinsmith has its turn beside whoever is chosen, and only for the sake of its services.
    #[test]
    fn tinsmith_always_has_its_turn() {
        let names = |only: &[&str]| {
            let only = only.iter().map(|it| Contestant::named_caller(it).unwrap());
            let chosen = chosen(&only.collect::<Vec<_>>());
            chosen.iter().map(|it| it.name()).collect::<Vec<_>>()
        };
        assert_eq!(
            names(&["codecatalyst-hyper-no-tls"]),
            ["codecatalyst-tinsmith", "codecatalyst-hyper-no-tls"]
        );
        assert_eq!(names(&[]).len(), CALLERS.len());
    }
}
