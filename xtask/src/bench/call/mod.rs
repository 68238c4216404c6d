//! `cargo xtask bench call`: the same call with every client, in turns.

mod program;
mod rounds;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use indicatif::ProgressBar;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use self::program::{Kind, Round};
use self::rounds::{Mode, Turns, median};
use super::args::CallArgs;
use super::contestants::{Client, Contestant, Service};
use super::machine::Machine;
use super::pin;
use super::results::Results;
use super::server::{self, Server};
use super::target::{Target, number};
use crate::table::{self, Align};
use crate::terminal;

/// What was measured, and how.
#[derive(Debug, Deserialize, Serialize)]
pub(super) struct Calls {
    /// Whether server and clients shared one processor.
    pub(super) pinned: bool,
    pub(super) rounds: u32,
    pub(super) calls: Vec<Call>,
}

/// What a call takes a contestant in one mode: medians of the rounds.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(super) struct Call {
    pub(super) contestant: Contestant,
    pub(super) mode: Mode,
    /// Processor time of the client's process.
    pub(super) cpu_us: f64,
    /// How often Tinsmith's processor time holds that of this client.
    pub(super) tinsmith_to_this: f64,
    pub(super) p50_us: f64,
    pub(super) p99_us: f64,
    pub(super) allocations: f64,
    pub(super) allocated_bytes: f64,
}

/// Rounds that count allocations, which hardly differ.
const ALLOCATION_ROUNDS: u32 = 3;

/// Those who call: the clients as one gets them by default, and the floors over plain HTTP, which is what
/// all of them speak to the server here.
fn contestants() -> Vec<Contestant> {
    let of = |service, client, tls| Contestant {
        service,
        client,
        tls,
    };
    let mut all = Vec::new();
    for service in Service::ALL {
        all.extend([Client::Tinsmith, Client::Official].map(|client| of(service, client, true)));
    }
    let floors = [Client::Reqwest, Client::Hyper];
    all.extend(floors.map(|client| of(Service::CodeCatalyst, client, false)));
    all
}

/// Runs the command.
///
/// # Errors
///
/// A program that does not build, and a call that fails.
pub(super) fn run(args: &CallArgs) -> Result<ExitCode> {
    let machine = Machine::this();
    let contestants = contestants();
    let turns = (args.rounds + ALLOCATION_ROUNDS + 2) as usize * contestants.len();
    let bar = terminal::turns(turns);
    let server = server::build()?;
    let timed = build_all(&contestants, Kind::Time, &bar)?;
    let counted = build_all(&contestants, Kind::Allocations, &bar)?;
    bar.set_message("calling");
    let (pinned, timed, counted) = pin::to_one(|pinned| {
        let server = Server::start(&server)?;
        let timed = rounds::take(&timed, &server, args.rounds, &bar)?;
        let counted = rounds::take(&counted, &server, ALLOCATION_ROUNDS, &bar)?;
        Ok((pinned, timed, counted))
    })?;
    bar.finish_and_clear();
    let calls = figures(&contestants, &timed, &counted);
    let results = Results {
        machine,
        targets: targets(&calls),
        figures: Calls {
            pinned,
            rounds: args.rounds,
            calls,
        },
    };
    let tables = Service::ALL.map(|service| render(&rows(service, &results.figures.calls)));
    results.publish("call", &tables.join("\n"))
}

fn build_all(all: &[Contestant], kind: Kind, bar: &ProgressBar) -> Result<Vec<PathBuf>> {
    let build = |contestant: &Contestant| {
        bar.set_message(format!("building {}", contestant.name()));
        program::build(*contestant, kind)
    };
    all.par_iter().map(build).collect()
}

fn figures(all: &[Contestant], timed: &[[Turns; 2]], counted: &[[Turns; 2]]) -> Vec<Call> {
    let mut calls = Vec::new();
    for (number, mode) in Mode::ALL.into_iter().enumerate() {
        for (at, contestant) in all.iter().enumerate() {
            let ours = all
                .iter()
                .position(|it| it.service == contestant.service && it.client == Client::Tinsmith);
            let (timed_turns, counted_turns) = (&timed[at][number], &counted[at][number]);
            let per_call =
                |of: fn(&Round) -> u64| move |turn: &Round| of(turn) as f64 / f64::from(turn.calls);
            let cpu = per_call(|turn| turn.processor_ns);
            let ratios = ours.map(|ours| timed[ours][number].iter().zip(timed_turns));
            let ratios = ratios
                .into_iter()
                .flatten()
                .map(|(ours, this)| cpu(ours) / cpu(this));
            calls.push(Call {
                contestant: *contestant,
                mode,
                cpu_us: median(timed_turns.iter().map(cpu)) / 1e3,
                tinsmith_to_this: median(ratios),
                p50_us: median(timed_turns.iter().map(|turn| turn.p50_ns as f64)) / 1e3,
                p99_us: median(timed_turns.iter().map(|turn| turn.p99_ns as f64)) / 1e3,
                allocations: median(counted_turns.iter().map(per_call(|turn| turn.allocations))),
                allocated_bytes: median(counted_turns.iter().map(per_call(|turn| turn.bytes))),
            });
        }
    }
    calls
}

fn targets(calls: &[Call]) -> Vec<Target> {
    let mut targets = Vec::new();
    for call in calls {
        let contestant = call.contestant;
        let what = |what: &str| {
            format!(
                "{}, {}: {what}",
                contestant.service.module(),
                call.mode.word()
            )
        };
        match contestant.client {
            Client::Tinsmith => {
                targets.push(Target::at_most(what("allocations"), call.allocations, 60.0));
            }
            Client::Official => targets.push(Target::at_most(
                what("CPU time to that of the official crate"),
                call.tinsmith_to_this,
                0.25,
            )),
            Client::Hyper => targets.push(Target::at_most(
                what("CPU time to that of bare hyper"),
                call.tinsmith_to_this,
                2.0,
            )),
            Client::Reqwest => {}
        }
    }
    targets
}

/// The table of a service, headings first.
pub(super) fn rows(service: Service, calls: &[Call]) -> Vec<Vec<String>> {
    let heads = [
        service.title(),
        "calls",
        "CPU, µs",
        "Tinsmith to it",
        "p50, µs",
        "p99, µs",
        "allocations",
        "allocated, KB",
    ];
    let mut calls: Vec<_> = calls
        .iter()
        .filter(|it| it.contestant.service == service)
        .collect();
    calls.sort_by_key(|it| (it.mode as u8, it.contestant.client as u8));
    let rows = calls.into_iter().map(row);
    std::iter::once(heads.map(str::to_owned).to_vec())
        .chain(rows)
        .collect()
}

fn row(call: &Call) -> Vec<String> {
    vec![
        call.contestant.title(),
        call.mode.word().to_owned(),
        number(call.cpu_us),
        match call.contestant.client {
            Client::Tinsmith => String::new(),
            _ => number(call.tinsmith_to_this),
        },
        number(call.p50_us),
        number(call.p99_us),
        format!("{:.0}", call.allocations),
        format!("{:.1}", call.allocated_bytes / 1e3),
    ]
}

/// The table as text.
pub(super) fn render(rows: &[Vec<String>]) -> String {
    let mut aligns = vec![Align::Left, Align::Left];
    aligns.resize(8, Align::Right);
    table::render(rows, &aligns)
}
