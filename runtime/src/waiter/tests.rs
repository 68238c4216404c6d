//! The rules of waiting, on a virtual clock.

use std::time::Duration;

use super::accept::{Answer, Verdict};
use super::machine::{End, Event, Machine, Step};
use super::{Acceptor, Expected, Matcher, Wait, Waited, Waiter, WaiterError};
use crate::client::Client;
use crate::config::Config;
use crate::error::Error;
use crate::fixture::{
    Act, Create, Read, Script, Thing, Things, ThingsError, VirtualClock, answer, config, poll_once,
    run,
};
use crate::jmespath::Expr;
use crate::retry::RetryConfig;
use crate::time::{Clock, Moment, Sleep};
use crate::transport::{TransportError, TransportErrorKind};

const SECOND: Duration = Duration::from_secs(1);

fn machine(max_wait: u32, jitter: fn() -> f64) -> Machine {
    Machine::new(
        (2 * SECOND, 120 * SECOND),
        max_wait * SECOND,
        SECOND,
        jitter,
    )
}

/// Answers that mean nothing, until the machine ends: the waits between them, in seconds.
fn waits(mut machine: Machine) -> (Vec<f64>, Step) {
    let (mut now, mut event, mut waits) = (SECOND, Event::Started, Vec::new());
    loop {
        event = match machine.advance(event, now) {
            Step::Call(_) => Event::Answered(Verdict::Retry),
            Step::Wait(delay) => {
                now += delay;
                waits.push(delay.as_secs_f64());
                Event::Waited
            }
            end @ Step::End(_) => return (waits, end),
        };
    }
}

/// The longest possible delay doubles up to the model's; the shortest is the model's at all times.
/// Source: Smithy 2.0, "Waiter retries".
#[test]
fn delays_grow_between_their_bounds() {
    let (longest, _) = waits(machine(1000, || 1.0));
    assert_eq!(
        longest[..8],
        [2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 120.0, 120.0]
    );
    let (shortest, _) = waits(machine(1000, || 0.0));
    assert!(shortest[..490].iter().all(|delay| *delay == 2.0));
    let (middle, _) = waits(machine(1000, || 0.5));
    assert_eq!(middle[..7], [2.0, 3.0, 5.0, 9.0, 17.0, 33.0, 61.0]);
}

/// Nothing overflows, however often is asked, and whatever the model's delays are.
#[test]
fn many_calls_do_no_harm() {
    let day = 86_400;
    let (delays, end) = waits(machine(day, || 0.0));
    assert_eq!((delays.len(), end), (43_199, Step::End(End::TimedOut)));
    let huge = Duration::from_secs(u32::MAX.into());
    let machine = Machine::new((huge, huge), Duration::MAX, Duration::ZERO, || 1.0);
    let mut machine = machine;
    machine.advance(Event::Started, Duration::ZERO);
    let step = machine.advance(Event::Answered(Verdict::Retry), Duration::ZERO);
    assert_eq!(step, Step::Wait(huge));
}

/// When no other call fits in, the last is made when the time is up. Source: the same.
#[test]
fn the_last_call_is_made_when_the_time_is_up() {
    let (delays, end) = waits(machine(300, || 0.5));
    assert_eq!(delays.iter().sum::<f64>(), 300.0);
    assert_eq!(end, Step::End(End::TimedOut));

    let mut machine = machine(5, || 1.0);
    let mut now = SECOND;
    assert_eq!(machine.advance(Event::Started, now), Step::Call(5 * SECOND));
    let retry = Event::Answered(Verdict::Retry);
    assert_eq!(machine.advance(retry, now), Step::Wait(2 * SECOND));
    now += 2 * SECOND;
    assert_eq!(machine.advance(Event::Waited, now), Step::Call(3 * SECOND));
    // Four seconds would be too late, so it is three; the call may then take the least delay.
    assert_eq!(machine.advance(retry, now), Step::Wait(3 * SECOND));
    now += 3 * SECOND;
    assert_eq!(machine.advance(Event::Waited, now), Step::Call(2 * SECOND));
    assert_eq!(machine.advance(retry, now), Step::End(End::TimedOut));
    assert_eq!(machine.calls(), 3);
}

/// A deadline is one: a call that took all the time is not followed by another.
#[test]
fn no_time_is_no_call() {
    let mut none = machine(0, || 1.0);
    assert_eq!(
        (none.advance(Event::Started, SECOND), none.calls()),
        (Step::End(End::TimedOut), 0)
    );
    let mut slow = machine(5, || 1.0);
    slow.advance(Event::Started, SECOND);
    let retry = Event::Answered(Verdict::Retry);
    assert_eq!(slow.advance(retry, 6 * SECOND), Step::End(End::TimedOut));
    // An answer that came in time, or a little late, counts.
    let mut late = machine(5, || 1.0);
    late.advance(Event::Started, SECOND);
    let success = Event::Answered(Verdict::Success);
    assert_eq!(late.advance(success, 9 * SECOND), Step::End(End::Success));
}

static NEXT: Expr = Expr::Field("next");

/// Waits for a thing to be ready, or fails with it.
static READY: Waiter = Waiter::new(
    "ThingReady",
    const {
        &[
            Acceptor::success(Matcher::Output(
                "next",
                &NEXT,
                Expected::StringEquals("READY"),
            )),
            Acceptor::failure(Matcher::Output(
                "next",
                &NEXT,
                Expected::StringEquals("FAILED"),
            ))
            .message(&NEXT),
            Acceptor::retry(Matcher::ErrorType("test#Conflict")),
            // Too late: the first that matches decides.
            Acceptor::failure(Matcher::ErrorType("Conflict")),
        ]
    },
);

type Outcome = Result<Waited<Thing, Error<ThingsError>>, WaiterError<Thing, Error<ThingsError>>>;

fn client(script: &Script) -> Client<Things> {
    Client::new(config(script.clone()).build().unwrap())
}

fn wait_with(waiter: &'static Waiter, acts: impl IntoIterator<Item = Act>) -> Outcome {
    let call = client(&Script::new(acts)).call(Read::default());
    let call = call.retry(RetryConfig::off());
    run(Wait::new(call, waiter, 60 * SECOND).wait())
}

fn wait(acts: impl IntoIterator<Item = Act>) -> Outcome {
    wait_with(&READY, acts)
}

fn state(state: &str) -> Act {
    answer(200, &[("x-next", state), ("x-amzn-requestid", "r-1")])
}

fn error(status: u16, code: &str) -> Act {
    answer(status, &[("x-error", code)])
}

/// It is asked until an acceptor decides, and the last output is at hand.
#[test]
fn a_success_hands_out_the_output() {
    let acts = [
        error(409, "Conflict"),
        state("BUSY"),
        answer(200, &[]),
        state("READY"),
    ];
    let waited = wait(acts).unwrap();
    assert_eq!(waited.calls, 4);
    // At least three times the least delay, at most the sum of the longest.
    assert!((6.0..=14.0).contains(&waited.elapsed.as_secs_f64()));
    assert_eq!(waited.into_output().unwrap().next.as_deref(), Some("READY"));
}

/// A failure tells what the model has to say of it.
#[test]
fn a_failure_tells_why() {
    let failed = wait([state("BUSY"), state("FAILED")]).unwrap_err();
    assert!(matches!(&failed, WaiterError::Failed(failure) if failure.calls == 2));
    assert_eq!(failed.output().unwrap().next.as_deref(), Some("FAILED"));
    assert_eq!(
        failed.to_string(),
        "waiting for ThingReady failed after 2 calls of Read in 2.0 s: FAILED; the last answer had \
         status 200 and request id r-1, and `next` is \"FAILED\""
    );
}

/// When the time is up, the last answer tells how far it came.
#[test]
fn a_timeout_tells_the_last_answer() {
    let out = wait(std::iter::repeat_with(|| state("BUSY")).take(31)).unwrap_err();
    assert!(out.is_timeout());
    assert_eq!(out.failure().elapsed, 60 * SECOND);
    let line = out.to_string();
    let (start, end) = line.split_once(" after ").unwrap();
    assert_eq!(start, "waiting for ThingReady timed out");
    let calls = out.failure().calls;
    assert_eq!(
        end,
        format!(
            "{calls} calls of Read in 60.0 s; the last answer had status 200 and request id r-1, and \
             `next` is \"BUSY\""
        )
    );
}

/// An error that no acceptor knows ends the waiting, with everything that is known of the call.
#[test]
fn an_unexpected_error_ends_it() {
    let broken = wait([error(403, "Denied")]).unwrap_err();
    assert!(matches!(&broken, WaiterError::Call(_)));
    assert_eq!(broken.error().unwrap().code(), Some("Denied"));
    assert_eq!(
        broken.to_string(),
        "waiting for ThingReady broke off after 1 call of Read in 0.0 s: Read failed: Denied: it failed \
         (status 403, 1 attempt)"
    );
    let source = std::error::Error::source(&broken).unwrap();
    assert!(source.is::<Error<ThingsError>>());
}

/// A call that hangs is given up when the time is up.
#[test]
fn a_call_that_hangs_is_given_up() {
    let script = Script::new([Act::Stall]);
    let call = client(&script).call(Read::default());
    let call = call.attempt_timeout(None).operation_timeout(None);
    let out = run(Wait::new(call, &READY, 5 * SECOND).wait()).unwrap_err();
    assert!(out.is_timeout() && out.output().is_none() && out.error().is_none());
    assert_eq!(
        out.to_string(),
        "waiting for ThingReady timed out after 1 call of Read in 5.0 s; no call came to an end"
    );
}

/// A clock on which no time passes.
#[derive(Debug)]
struct Still;

impl Clock for Still {
    fn now(&self) -> Moment {
        VirtualClock::default().now()
    }

    fn sleep(&self, _: Duration) -> Sleep {
        Box::pin(std::future::pending())
    }
}

/// Whoever drops it ends it, between two calls and within one.
#[test]
fn dropping_ends_it() {
    for act in [state("BUSY"), Act::Stall] {
        let script = Script::new([act]);
        let config = config(script.clone()).clock(Still).build().unwrap();
        let call = Client::<Things>::new(config).call(Read::default());
        let wait = Wait::new(call, &READY, 60 * SECOND).wait();
        assert!(poll_once(wait).is_pending());
        assert_eq!(script.sent().len(), 1);
    }
}

/// The caller may wait shorter or longer between calls than the model says.
#[test]
fn delays_are_the_callers_to_change() {
    let acts = [state("BUSY"), state("BUSY"), state("READY")];
    let call = client(&Script::new(acts)).call(Read::default());
    let millis = Duration::from_millis;
    let wait = Wait::new(call, &READY, SECOND).delays(millis(500), millis(10));
    assert_eq!(run(wait.wait()).unwrap().elapsed, millis(20));
}

/// No delays are still some: a service is not called without a pause, and the time gets up.
#[test]
fn no_delay_is_a_short_one() {
    let script = Script::new(std::iter::repeat_with(|| state("BUSY")).take(200));
    let call = client(&script).call(Read::default());
    let wait = Wait::new(call, &READY, Duration::from_millis(50));
    let out = run(wait.delays(Duration::ZERO, Duration::ZERO).wait()).unwrap_err();
    assert!(out.is_timeout());
    assert_eq!(out.failure().calls, 50);
    assert_eq!(out.failure().elapsed, Duration::from_millis(50));
}

/// The last call is made when the time is up, so it has a time of its own, however short the delays are.
#[test]
fn the_last_call_has_time_for_an_answer() {
    let millis = Duration::from_millis;
    let mut machine = Machine::new((millis(10), millis(10)), millis(15), SECOND, || 1.0);
    machine.advance(Event::Started, SECOND);
    let retry = Event::Answered(Verdict::Retry);
    assert_eq!(machine.advance(retry, SECOND), Step::Wait(millis(15)));
    let step = machine.advance(Event::Waited, SECOND + millis(15));
    assert_eq!(step, Step::Call(SECOND));
}

/// An input that is refused says nothing of the resource, whatever the acceptors say of errors.
#[test]
fn what_was_never_sent_matches_nothing() {
    static ANY: Waiter = Waiter::new(
        "Any",
        const {
            &[
                Acceptor::retry(Matcher::Success(false)),
                Acceptor::success(Matcher::Success(true)),
            ]
        },
    );
    // There is no endpoint to send to.
    let config = Config::builder().transport(Script::default());
    let config = config.clock(VirtualClock::default()).build().unwrap();
    let call = Client::<Things>::new(config).call(Read::default());
    let broken = run(Wait::new(call, &ANY, 60 * SECOND).wait()).unwrap_err();
    assert!(matches!(broken, WaiterError::Call(failure) if failure.calls == 1));
}

/// `success` is about any answer; a broken connection is an error, but no proof of a success.
#[test]
fn success_is_about_any_answer() {
    static GONE: Waiter = Waiter::new(
        "Gone",
        const { &[Acceptor::success(Matcher::Success(false))] },
    );
    static BACK: Waiter = Waiter::new(
        "Back",
        const {
            &[
                Acceptor::retry(Matcher::Success(false)),
                Acceptor::success(Matcher::Success(true)),
            ]
        },
    );
    let reset = || Act::Fail(TransportError::new(TransportErrorKind::Io, "reset"));
    let gone = wait_with(&GONE, [state(""), error(404, "NotFound")]).unwrap();
    assert_eq!(gone.last.unwrap_err().code(), Some("NotFound"));
    let broken = wait_with(&GONE, [reset()]).unwrap_err();
    assert!(matches!(broken, WaiterError::Call(_)));
    let back = wait_with(&BACK, [reset(), error(500, "Oops"), state("")]).unwrap();
    assert_eq!(back.calls, 3);
}

/// Errors go by the name of their shape, or the code that the service sent; namespaces play no part.
#[test]
fn errors_go_by_name() {
    let matches = |wanted, code, name| {
        let waiter = Waiter::new("Any", const { &[] });
        let acceptor = Acceptor::success(Matcher::ErrorType(wanted));
        let acceptors: &'static [Acceptor] = Box::leak(Box::new([acceptor]));
        let waiter = Waiter {
            acceptors,
            ..waiter
        };
        let answer = Answer::ServiceError { code, name };
        waiter.acceptor(&Read::default(), &answer).is_some()
    };
    assert!(matches("NotFound", Some("NotFound"), None));
    assert!(matches("other#NotFound", Some("NotFound"), None));
    assert!(matches(
        "NotFoundFault",
        Some("NotFound"),
        Some("NotFoundFault")
    ));
    assert!(!matches("NotFound", Some("Conflict"), Some("Conflict")));
    assert!(!matches("NotFound", None, None));
}

/// What `inputOutput` compares is what was asked with and what was answered.
#[test]
fn inputs_are_compared_with_outputs() {
    static NAME: Expr = Expr::Sequence(&[Expr::Field("input"), Expr::Field("name")]);
    static STATE: Expr = Expr::Sequence(&[Expr::Field("output"), Expr::Field("next")]);
    static SAME: Expr = Expr::Comparison(crate::jmespath::Comparator::Equal, &NAME, &STATE);
    static NAMED: Waiter = Waiter::new(
        "Named",
        const {
            &[Acceptor::success(Matcher::InputOutput(
                "input.name == output.next",
                &SAME,
                Expected::BooleanEquals(true),
            ))]
        },
    );
    let script = Script::new([state("b"), state("a")]);
    let mut call = client(&script).call(Create::default());
    call.input_mut().name = Some("a".to_owned());
    let waited = run(Wait::new(call, &NAMED, 60 * SECOND).wait()).unwrap();
    assert_eq!(waited.calls, 2);
}
