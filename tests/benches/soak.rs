//! A million calls through one client over loopback: the memory of the process must not grow.
//!
//! ```text
//! cargo bench -p tests --bench soak                 # a million calls
//! cargo bench -p tests --bench soak -- 100000       # fewer
//! ```
//!
//! The client is that of CodeCatalyst, so that every call is validated, authenticated, sent, answered and
//! read. Every hundredth answer is an error, every thousandth call is dropped half-way, and every
//! ten-thousandth connection breaks, since leaks hide where things go wrong. Memory is the resident set of
//! the process, client and server, which Linux tells; elsewhere it is not checked. The bench fails when it
//! has grown by more than 8 MiB since the first tenth of the calls.
#![allow(clippy::unwrap_used, clippy::panic)] // A bench fails by panicking.

use std::fs;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use generated_client::codecatalyst::{Client, Error};
use tinsmith_runtime::Config;
use tinsmith_runtime::identity::Token;
use tinsmith_runtime::retry::RetryConfig;

const CALLS: u64 = 1_000_000;
/// How many calls are under way at once.
const WORKERS: u64 = 32;
/// By how much the resident set may grow after the first tenth.
const ALLOWANCE: u64 = 8 * 1024 * 1024;

/// What came of the calls.
#[derive(Debug, Default)]
struct Tally {
    answered: AtomicU64,
    refused: AtomicU64,
    dropped: AtomicU64,
    broken: AtomicU64,
}

impl Tally {
    fn total(&self) -> u64 {
        [&self.answered, &self.refused, &self.dropped, &self.broken]
            .iter()
            .map(|count| count.load(Ordering::Relaxed))
            .sum()
    }
}

fn main() {
    let calls = std::env::args().find_map(|argument| argument.parse().ok());
    let calls = calls.unwrap_or(CALLS).max(10);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build();
    runtime.unwrap().block_on(soak(calls));
}

async fn soak(calls: u64) {
    let client = client(&serve());
    let tally = Arc::new(Tally::default());
    let begun = Instant::now();
    let mut early = None;
    println!(
        "{:>9}  {:>8}  {:>9}  {:>5}",
        "calls", "seconds", "RSS KiB", "files"
    );
    for tenth in 1..=10 {
        call(&client, &tally, calls / 10).await;
        let seconds = begun.elapsed().as_secs_f64();
        let resident = resident();
        let kib = resident.map_or("unknown".to_owned(), |bytes| (bytes / 1024).to_string());
        println!(
            "{:>9}  {seconds:>8.1}  {kib:>9}  {:>5}",
            tally.total(),
            open_files()
        );
        let first = early.get_or_insert(resident);
        let grown = resident.unwrap_or(0).saturating_sub(first.unwrap_or(0));
        assert!(
            grown <= ALLOWANCE,
            "tenth {tenth}: {grown} bytes more than after the first"
        );
    }
    println!("{tally:?}");
    assert_eq!(tally.total(), calls / 10 * 10);
}

fn client(url: &str) -> Client {
    let config = Config::builder()
        .endpoint_url(url)
        .bearer_token(Token::new("dummy-token"))
        .retry(RetryConfig::off());
    Client::new(config.build().unwrap())
}

/// Makes so many calls, several at once.
async fn call(client: &Client, tally: &Arc<Tally>, calls: u64) {
    let mut workers = tokio::task::JoinSet::new();
    for worker in 0..WORKERS {
        let (client, tally) = (client.clone(), Arc::clone(tally));
        workers.spawn(async move {
            let mut number = worker;
            while number < calls {
                one(&client, &tally, number).await;
                number += WORKERS;
            }
        });
    }
    workers.join_all().await;
}

async fn one(client: &Client, tally: &Tally, number: u64) {
    let call = client.list_access_tokens().max_results(10).send();
    let outcome = if number % 1000 == 999 {
        tokio::select! {
            biased;
            outcome = call => outcome,
            () = tokio::time::sleep(Duration::from_micros(50)) => {
                tally.dropped.fetch_add(1, Ordering::Relaxed);
                return;
            }
        }
    } else {
        call.await
    };
    let count = match outcome {
        Ok(page) => {
            assert_eq!(page.items.len(), 1);
            &tally.answered
        }
        Err(Error::Service(_)) => &tally.refused,
        Err(Error::Dispatch(_)) => &tally.broken,
        Err(error) => panic!("{error}"),
    };
    count.fetch_add(1, Ordering::Relaxed);
}

/// A server as quick and as frugal as may be: a thread a connection, and answers that are made once.
fn serve() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let answers = Arc::new(Answers::new());
    thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let answers = Arc::clone(&answers);
            let serve = move || answers.serve(stream);
            // Small stacks, so that threads are not what is measured.
            let thread = thread::Builder::new().stack_size(64 * 1024);
            thread.spawn(serve).unwrap();
        }
    });
    url
}

struct Answers {
    ok: Vec<u8>,
    error: Vec<u8>,
    served: AtomicU64,
}

impl Answers {
    fn new() -> Self {
        let answer = |head: &str, body: &str| {
            let length = body.len();
            format!("HTTP/1.1 {head}\r\ncontent-length: {length}\r\n\r\n{body}").into_bytes()
        };
        Self {
            ok: answer(
                "200 OK\r\ncontent-type: application/json\r\nx-amzn-requestid: r-1",
                r#"{"items":[{"id":"t-1","name":"ci","expiresTime":"2030-01-01T00:00:00Z"}]}"#,
            ),
            error: answer(
                "404 Not Found\r\nx-amzn-errortype: ResourceNotFoundException",
                r#"{"message":"There is no such space"}"#,
            ),
            served: AtomicU64::new(0),
        }
    }

    fn serve(&self, mut stream: TcpStream) {
        // A request comes in one piece, for the client waits for its answer.
        let mut request = [0; 4096];
        while stream.read(&mut request).is_ok_and(|length| length > 0) {
            let number = self.served.fetch_add(1, Ordering::Relaxed);
            let (answer, whole) = match number {
                _ if number % 10_000 == 9_999 => (&self.ok[..self.ok.len() / 2], false),
                _ if number % 100 == 99 => (&self.error[..], true),
                _ => (&self.ok[..], true),
            };
            if stream.write_all(answer).is_err() || !whole {
                return;
            }
        }
    }
}

/// The resident set of this process in bytes, where the system tells it.
fn resident() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kib: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kib * 1024)
}

/// How many files and sockets this process has open, where the system tells it.
fn open_files() -> String {
    match fs::read_dir("/proc/self/fd") {
        Ok(files) => files.count().to_string(),
        Err(_) => "?".to_owned(),
    }
}
