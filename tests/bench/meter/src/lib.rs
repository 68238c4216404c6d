//! Makes calls as it is told on standard input, and tells on standard output what they cost this process.
//!
//! `cargo xtask bench call` starts one program of this kind a contestant and gives them turns. A line of
//! input is a number of tasks that call at the same time, and a number of calls that they make together;
//! the answer is a line of JSON, a [`Round`].

use std::error;
use std::io::{self, BufRead as _, Write as _};
use std::rc::Rc;
use std::time::{Duration, Instant};

use nix::time::{ClockId, clock_gettime};
use tokio::runtime::{Builder, Runtime};
use tokio::task::LocalSet;

/// Any error; it ends the program.
pub type Error = Box<dyn error::Error + Send + Sync>;

/// The allocator that counts.
#[cfg(feature = "allocations")]
#[global_allocator]
static ALLOCATOR: &stats_alloc::StatsAlloc<std::alloc::System> = &stats_alloc::INSTRUMENTED_SYSTEM;

/// What a round of calls took.
struct Round {
    calls: usize,
    /// Of all threads of this process, in user and system mode together.
    processor: Duration,
    /// From the first call to the end of the last.
    wall: Duration,
    /// Half of the calls took no longer.
    median: Duration,
    /// 99 of 100 calls took no longer.
    percentile_99: Duration,
    /// New blocks of memory, and changes of their size.
    allocations: usize,
    /// Bytes that were allocated for them.
    bytes: usize,
}

/// The runtime that every program uses: one thread, which is also the one that is pinned.
///
/// # Errors
///
/// Those of the system.
pub fn runtime() -> io::Result<Runtime> {
    Builder::new_current_thread().enable_all().build()
}

/// Connects to the endpoint of the first argument, and makes rounds of `call`s until the input ends.
///
/// # Errors
///
/// The first of a call, and those of reading and writing.
pub fn run<C: 'static>(
    connect: impl FnOnce(&str) -> Result<C, Error>,
    call: impl AsyncFn(&C) -> Result<(), Error> + 'static,
) -> Result<(), Error> {
    let endpoint = std::env::args().nth(1);
    let client = connect(&endpoint.ok_or("give the URL of the endpoint")?)?;
    let contestant = Rc::new((client, call));
    let runtime = runtime()?;
    for line in io::stdin().lock().lines() {
        let line = line?;
        let (tasks, calls) = line.split_once(' ').ok_or("give tasks and calls")?;
        let round = round(&runtime, &contestant, tasks.parse()?, calls.parse()?)?;
        println!("{}", round.json());
        io::stdout().flush()?;
    }
    Ok(())
}

/// Makes `calls` calls, shared evenly by `tasks` tasks.
fn round<C: 'static, F: AsyncFn(&C) -> Result<(), Error> + 'static>(
    runtime: &Runtime,
    contestant: &Rc<(C, F)>,
    tasks: usize,
    calls: usize,
) -> Result<Round, Error> {
    let share = calls / tasks;
    let task = || {
        let mut times = Vec::with_capacity(share);
        let contestant = Rc::clone(contestant);
        async move {
            let (client, call) = &*contestant;
            for _ in 0..share {
                let start = Instant::now();
                call(client).await?;
                times.push(start.elapsed());
            }
            Ok::<_, Error>(times)
        }
    };
    let tasks: Vec<_> = (0..tasks).map(|_| task()).collect();
    let mut times = Vec::with_capacity(calls);

    let before = Counters::now()?;
    if tasks.len() == 1 {
        // As in a program that does one thing after the other: nothing but the calls is measured.
        for task in tasks {
            times.append(&mut runtime.block_on(task)?);
        }
    } else {
        LocalSet::new().block_on(runtime, async {
            let tasks: Vec<_> = tasks.into_iter().map(tokio::task::spawn_local).collect();
            for task in tasks {
                times.append(&mut task.await??);
            }
            Ok::<_, Error>(())
        })?;
    }
    let after = Counters::now()?;

    times.sort_unstable();
    let percentile = |of_100: usize| times[(times.len() - 1) * of_100 / 100];
    Ok(Round {
        calls: times.len(),
        processor: after.processor - before.processor,
        wall: after.wall - before.wall,
        median: percentile(50),
        percentile_99: percentile(99),
        allocations: after.allocations - before.allocations,
        bytes: after.bytes - before.bytes,
    })
}

/// What has been used since the process began.
struct Counters {
    processor: Duration,
    wall: Instant,
    allocations: usize,
    bytes: usize,
}

impl Counters {
    fn now() -> Result<Self, Error> {
        let (allocations, bytes) = allocated();
        Ok(Self {
            processor: clock_gettime(ClockId::CLOCK_PROCESS_CPUTIME_ID)?.into(),
            wall: Instant::now(),
            allocations,
            bytes,
        })
    }
}

#[cfg(feature = "allocations")]
fn allocated() -> (usize, usize) {
    let stats = ALLOCATOR.stats();
    (
        stats.allocations + stats.reallocations,
        stats.bytes_allocated,
    )
}

#[cfg(not(feature = "allocations"))]
fn allocated() -> (usize, usize) {
    (0, 0)
}

impl Round {
    fn json(&self) -> String {
        format!(
            r#"{{"calls":{},"processor_ns":{},"wall_ns":{},"p50_ns":{},"p99_ns":{},"allocations":{},"bytes":{}}}"#,
            self.calls,
            self.processor.as_nanos(),
            self.wall.as_nanos(),
            self.median.as_nanos(),
            self.percentile_99.as_nanos(),
            self.allocations,
            self.bytes
        )
    }
}
