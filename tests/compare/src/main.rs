//! Sends the same inputs through the generated client and the official crates, gives both the same
//! answers, and compares what they send and what they read.

mod deliberate;
mod draw;
mod found;
mod model;
mod official;
mod ours;
mod outcome;
mod reply;
mod server;

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, SystemTime};

use anyhow::Result;
use clap::Parser;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestError, TestRng, TestRunner};
use serde_json::Value;
use tests::token_service::Request;
use tokio::runtime::Runtime;

use draw::{Draw, Quality};
use found::{Exchange, Found};
use model::Model;
use official::Official;
use ours::Ours;
use reply::Reply;
use server::Server;

/// The region that requests are signed for.
pub const REGION: &str = "us-west-2";

/// The services, and the files of their models.
const SERVICES: [(&str, &str); 2] = [
    ("codecatalyst", "codecatalyst-access-tokens.json"),
    (
        "route53globalresolver",
        "route53globalresolver-access-tokens.json",
    ),
];

/// So many cases of each operation show every deliberate difference.
const ENOUGH: u32 = 1000;

/// What both clients sign with, and when.
#[derive(Debug)]
pub struct Identity {
    bearer_token: String,
    access_key_id: String,
    secret_access_key: String,
    session_token: String,
    time: SystemTime,
}

/// Compares the generated client with the official crates.
#[derive(Debug, Parser)]
struct Args {
    /// How many cases to draw for each operation
    #[arg(long, default_value_t = ENOUGH)]
    cases: u32,

    /// What the cases are drawn by: the same seed gives the same cases
    #[arg(long, default_value_t = 0)]
    seed: u64,
}

/// What goes in and what is answered.
#[derive(Clone, Debug)]
pub struct Case {
    /// The input of the operation.
    pub input: Value,
    /// The service's answer.
    pub reply: Reply,
}

/// How often each deliberate difference explained something, by its place in the table.
type Counts = RefCell<BTreeMap<usize, u64>>;

/// Of how many cases a request arrived from both clients, from one, and from neither: only those of both
/// say whether requests and answers are equivalent.
#[derive(Debug, Default)]
struct Sent {
    by_both: Cell<u32>,
    by_one: Cell<u32>,
    by_neither: Cell<u32>,
}

impl Sent {
    fn count(&self, ours: &Exchange, official: &Exchange) {
        let count = match (ours.requests.is_empty(), official.requests.is_empty()) {
            (false, false) => &self.by_both,
            (true, true) => &self.by_neither,
            _ => &self.by_one,
        };
        count.update(|count| count + 1);
    }
}

impl fmt::Display for Sent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            by_both,
            by_one,
            by_neither,
        } = self;
        let [both, one, neither] = [by_both, by_one, by_neither].map(Cell::get);
        write!(
            f,
            "{both:>8} sent by both, {one:>3} by one, {neither:>3} by neither"
        )
    }
}

fn main() -> Result<ExitCode> {
    let args = Args::parse();
    let bench = Bench::new()?;
    let counts = Counts::default();
    let models = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../model/services");
    let mut failed = false;
    for (service, file) in SERVICES {
        let model = Model::read(&models.join(file))?;
        for operation in model.operations() {
            let (sent, different) = bench.compare(&model, service, operation, &args, &counts);
            let verdict = if different.is_some() {
                "DIFFERENT"
            } else {
                "equivalent"
            };
            println!("{service:<22}{operation:<20}{sent}  {verdict}");
            if let Some(difference) = different {
                println!("\n{difference}");
                failed = true;
            }
        }
    }
    failed |= !summary(&counts.into_inner(), args.cases);
    Ok(if failed {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}

/// Prints the deliberate differences; whether each of them occurred.
fn summary(counts: &BTreeMap<usize, u64>, cases: u32) -> bool {
    println!("\nDifferent on purpose:");
    let mut all = true;
    for (index, difference) in deliberate::ALL.iter().enumerate() {
        let count = counts.get(&index).copied().unwrap_or_default();
        println!("{count:>8}  {}: {}", difference.name, difference.reason);
        all &= count > 0;
    }
    if !all && cases >= ENOUGH {
        println!("\nerror: what is listed and did not occur is no difference any more: remove it");
    }
    all || cases < ENOUGH
}

/// A server and the clients that reach it.
struct Bench {
    identity: Identity,
    server: Server,
    ours: Ours,
    official: Official,
    runtime: Runtime,
}

impl Bench {
    fn new() -> Result<Self> {
        let identity = Identity {
            bearer_token: "token-of-a-test".to_owned(),
            access_key_id: "AKIDEXAMPLE".to_owned(),
            secret_access_key: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY".to_owned(),
            session_token: "session/token+of=a-test".to_owned(),
            time: SystemTime::UNIX_EPOCH + Duration::from_secs(1_767_225_600),
        };
        let server = Server::start()?;
        Ok(Self {
            ours: Ours::new(&server.url(), &identity)?,
            official: Official::new(&server.url(), &identity),
            runtime: tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()?,
            identity,
            server,
        })
    }

    /// Compares one operation; gives what was sent, and what tells of the smallest case that is
    /// different.
    fn compare(
        &self,
        model: &Model,
        service: &str,
        operation: &str,
        args: &Args,
        counts: &Counts,
    ) -> (Sent, Option<String>) {
        let draw = Draw {
            model,
            quality: Quality::Sound,
        };
        let input = draw.structure(model.part(operation, "input"));
        let cases = (input, reply::any_reply(model, operation))
            .prop_map(|(input, reply)| Case { input, reply });
        let sent = Sent::default();
        let outcome = runner(args).run(&cases, |case| {
            let (ours, official) = self.both(service, operation, &case).map_err(failure)?;
            sent.count(&ours, &official);
            let found = found::differences(&ours, &official, &self.identity);
            let explained = found.iter().map(|found| explained(&case, found)).collect();
            let explained: Option<Vec<usize>> = explained;
            let Some(explained) = explained else {
                return Err(TestCaseError::fail("different"));
            };
            for index in explained {
                *counts.borrow_mut().entry(index).or_default() += 1;
            }
            Ok(())
        });
        let different = match outcome {
            Ok(()) => None,
            Err(TestError::Abort(reason)) => Some(format!("no cases can be drawn: {reason}")),
            Err(TestError::Fail(reason, case)) => Some(
                self.tell(service, operation, &case)
                    .unwrap_or_else(|error| format!("{reason}: {error:#}\n{case:#?}")),
            ),
        };
        (sent, different)
    }

    /// The exchanges of both clients.
    fn both(&self, service: &str, operation: &str, case: &Case) -> Result<(Exchange, Exchange)> {
        self.server.answer(&case.reply);
        let ours = self
            .runtime
            .block_on(self.ours.call(service, operation, &case.input))?;
        let ours = Exchange {
            requests: self.server.take()?,
            outcome: ours,
        };
        let official = self.official.call(service, operation, &case.input);
        let official = self.runtime.block_on(official)?;
        let official = Exchange {
            requests: self.server.take()?,
            outcome: official,
        };
        Ok((ours, official))
    }

    /// What a person needs to know of a case.
    fn tell(&self, service: &str, operation: &str, case: &Case) -> Result<String> {
        let (ours, official) = self.both(service, operation, case)?;
        let mut text = format!("  input     {}\n", case.input);
        for (who, exchange) in [("ours", &ours), ("official", &official)] {
            let requests: Vec<String> = exchange.requests.iter().map(shown).collect();
            text.push_str(&format!("  {who:<10}{}\n", requests.join("\n            ")));
        }
        let reply = &case.reply;
        text.push_str(&format!(
            "  answer    {} {:?} {:?}\n",
            reply.status, reply.headers, reply.body
        ));
        text.push_str(&format!("  ours      {:?}\n", ours.outcome.result));
        text.push_str(&format!("  official  {:?}\n", official.outcome.result));
        let found = found::differences(&ours, &official, &self.identity);
        for found in found
            .iter()
            .filter(|found| explained(case, found).is_none())
        {
            text.push_str(&format!(
                "\n  different: {}\n    ours      {}\n    official  {}\n",
                found.aspect, found.ours, found.official
            ));
        }
        Ok(text)
    }
}

fn runner(args: &Args) -> TestRunner {
    let config = Config {
        cases: args.cases,
        failure_persistence: None,
        // Patterns with a look-ahead are drawn by trying.
        max_local_rejects: u32::MAX,
        // A run of few cases finds the smallest one as well as a run of many.
        max_shrink_iters: 4 * ENOUGH,
        ..Config::default()
    };
    let mut seed = [0; 32];
    seed[..8].copy_from_slice(&args.seed.to_le_bytes());
    TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &seed))
}

fn failure(error: anyhow::Error) -> TestCaseError {
    TestCaseError::fail(format!("{error:#}"))
}

/// The place of the deliberate difference that explains what was found.
fn explained(case: &Case, found: &Found) -> Option<usize> {
    let mut all = deliberate::ALL.iter();
    all.position(|difference| (difference.explains)(case, found))
}

/// A request in one line.
fn shown(request: &Request) -> String {
    let body = String::from_utf8_lossy(&request.body);
    format!(
        "{} {}?{} {:?} {body}",
        request.method, request.path, request.query, request.headers
    )
}
