//! The cache over providers that answer as a script says.

use std::pin::{Pin, pin};
use std::sync::Mutex as StdMutex;
use std::sync::atomic::AtomicUsize;
use std::task::{Context, Poll, Waker};

use super::*;
use crate::auth::IdentityKind;
use crate::fixture::{VirtualClock, run};
use crate::identity::{Chain, Providers};

/// Gives prepared answers. Each is pending until `open` is set.
#[derive(Debug, Default)]
struct Scripted {
    answers: StdMutex<Vec<Result<Token, IdentityError>>>,
    asked: AtomicUsize,
    open: Arc<StdMutex<bool>>,
}

impl Scripted {
    fn new(mut answers: Vec<Result<Token, IdentityError>>) -> Arc<Self> {
        answers.reverse();
        Arc::new(Self {
            answers: StdMutex::new(answers),
            open: Arc::new(StdMutex::new(true)),
            ..Self::default()
        })
    }
}

impl ProvideToken for Scripted {
    fn provide_token(&self, _now: Timestamp) -> ProvideFuture<'_, Token> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        ProvideFuture::new(std::future::poll_fn(move |_| {
            if !*self.open.lock().unwrap() {
                return Poll::Pending;
            }
            let answer = self.answers.lock().unwrap().pop();
            Poll::Ready(answer.unwrap_or_else(|| Err(IdentityError::invalid("no more"))))
        }))
    }
}

fn second(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

fn token(name: &str, expires: i64) -> Result<Token, IdentityError> {
    Ok(Token::new(name).expiring(second(expires)))
}

fn cached(provider: &Arc<Scripted>) -> Cached<dyn ProvideToken, Token> {
    Cached::new(Arc::clone(provider) as Arc<dyn ProvideToken>)
}

fn poll<T>(future: Pin<&mut impl Future<Output = T>>) -> Poll<T> {
    future.poll(&mut Context::from_waker(Waker::noop()))
}

fn now_or_panic(cache: &Cached<dyn ProvideToken, Token>, now: i64) -> Result<String, String> {
    match poll(pin!(cache.provide_token(second(now)))) {
        Poll::Ready(answer) => answer
            .map(|token| token.expose().to_owned())
            .map_err(|error| error.to_string()),
        Poll::Pending => panic!("pending"),
    }
}

/// Protects against asking at every call, and against an identity that expires on the way.
#[test]
fn an_identity_is_kept_until_shortly_before_it_expires() {
    let provider = Scripted::new(vec![token("one", 1000), token("two", 2000)]);
    let cache = cached(&provider);
    for now in [0, 1, 699] {
        assert_eq!(now_or_panic(&cache, now).unwrap(), "one");
    }
    assert_eq!(provider.asked.load(Ordering::SeqCst), 1);
    assert_eq!(now_or_panic(&cache, 700).unwrap(), "two");
    assert_eq!(provider.asked.load(Ordering::SeqCst), 2);
}

/// Protects programs that run for days: an identity without an end is asked for again after a
/// while, since it may have been replaced, and stays in use where that fails.
#[test]
fn an_identity_without_an_end_is_kept_for_a_while() {
    let provider = Scripted::new(vec![Ok(Token::new("one")), Ok(Token::new("two"))]);
    let cache = cached(&provider);
    for (now, expected) in [(0, "one"), (899, "one"), (900, "two"), (9000, "two")] {
        assert_eq!(now_or_panic(&cache, now).unwrap(), expected, "at {now}");
    }
    assert_eq!(provider.asked.load(Ordering::SeqCst), 3);
}

/// Protects availability: a failing renewal does not fail calls before it must, and the provider
/// is not asked at every one of them.
#[test]
fn a_failed_renewal_leaves_the_old_identity_in_use() {
    let failure = || Err(IdentityError::invalid("down"));
    let provider = Scripted::new(vec![token("one", 1000), failure(), failure(), failure()]);
    let cache = cached(&provider);
    for (now, asked) in [(0, 1), (700, 2), (729, 2), (760, 3)] {
        assert_eq!(now_or_panic(&cache, now).unwrap(), "one");
        assert_eq!(provider.asked.load(Ordering::SeqCst), asked, "at {now}");
    }
    assert_eq!(now_or_panic(&cache, 1000).unwrap_err(), "down");
}

/// Protects providers from a crowd: one asks, the others wait, and all get what it got.
#[test]
fn one_caller_asks_for_all() {
    let provider = Scripted::new(vec![token("one", 1000)]);
    *provider.open.lock().unwrap() = false;
    let cache = cached(&provider);
    let mut first = pin!(cache.provide_token(second(0)));
    let mut other = pin!(cache.provide_token(second(0)));
    assert!(poll(first.as_mut()).is_pending());
    assert!(poll(other.as_mut()).is_pending());
    *provider.open.lock().unwrap() = true;
    assert!(poll(first.as_mut()).is_ready());
    assert!(matches!(poll(other.as_mut()), Poll::Ready(Ok(token)) if token.expose() == "one"));
    assert_eq!(provider.asked.load(Ordering::SeqCst), 1);
}

/// Protects callers from a provider that hangs: whoever needs its answer is told who keeps them
/// waiting, and whoever has a valid identity goes on with that.
#[test]
fn a_provider_has_its_time() {
    let provider = Scripted::new(vec![token("one", 1000), token("two", 2000)]);
    let clock = VirtualClock::default();
    let limit = Duration::from_secs(60);
    let cache = cached(&provider).with_limit(Arc::new(clock.clone()), limit);
    let open = |open| *provider.open.lock().unwrap() = open;
    open(false);
    let error = now_or_panic(&cache, 0).unwrap_err();
    assert!(
        error.ends_with("Scripted gave no identity within 60s"),
        "{error}"
    );
    assert_eq!(clock.now().elapsed, limit);
    // Who comes later asks anew.
    open(true);
    assert_eq!(now_or_panic(&cache, 0).unwrap(), "one");
    assert_eq!(provider.asked.load(Ordering::SeqCst), 2);
    open(false);
    assert_eq!(now_or_panic(&cache, 800).unwrap(), "one");
    assert_eq!(clock.now().elapsed, 2 * limit);
    assert_eq!(provider.asked.load(Ordering::SeqCst), 3);
    // Left alone for a while.
    assert_eq!(now_or_panic(&cache, 820).unwrap(), "one");
    assert_eq!(provider.asked.load(Ordering::SeqCst), 3);
}

/// Protects the error of a chain: it names the one in it that hangs.
#[test]
fn a_chain_names_the_provider_that_hangs() {
    #[derive(Debug)]
    struct Nothing;

    impl ProvideToken for Nothing {
        fn provide_token(&self, _: Timestamp) -> ProvideFuture<'_, Token> {
            let error = IdentityError::not_found(IdentityKind::Token, "here");
            ProvideFuture::ready(Err(error))
        }
    }

    let hanging = Scripted::new(Vec::new());
    *hanging.open.lock().unwrap() = false;
    let chain: Chain<dyn ProvideToken> =
        Chain::new(vec![Arc::new(Nothing), hanging, Arc::new(Nothing)]);
    let clock: Arc<dyn Clock> = Arc::new(VirtualClock::default());
    let second = Some(Duration::from_secs(1));
    let providers = Providers::default().with_token(chain).kept(&clock, second);
    let asked = providers.provide(IdentityKind::Token, Timestamp::default());
    let error = run(asked).unwrap_err().to_string();
    assert!(
        error.ends_with("Scripted gave no identity within 1s"),
        "{error}"
    );
}

/// Protects callers that bring credentials from asking their provider for every call, as those that bring
/// a token are.
#[test]
fn credentials_are_kept_too() {
    #[derive(Debug)]
    struct Counting(Arc<AtomicUsize>);

    impl ProvideCredentials for Counting {
        fn provide_credentials(&self, _: Timestamp) -> ProvideFuture<'_, Credentials> {
            self.0.fetch_add(1, Ordering::SeqCst);
            ProvideFuture::ready(Ok(Credentials::new("AKIDEXAMPLE", "a secret")))
        }
    }

    let asked = Arc::new(AtomicUsize::new(0));
    let clock: Arc<dyn Clock> = Arc::new(VirtualClock::default());
    let providers = Providers::default().with_credentials(Counting(Arc::clone(&asked)));
    let providers = providers.kept(&clock, None);
    for _ in 0..3 {
        let identity = run(providers.provide(IdentityKind::Credentials, second(0))).unwrap();
        assert_eq!(identity.kind(), IdentityKind::Credentials);
    }
    assert_eq!(asked.load(Ordering::SeqCst), 1);
}

/// Protects against a deadlock: when the one that asks is dropped, the next asks.
#[test]
fn an_abandoned_caller_makes_room() {
    let provider = Scripted::new(vec![token("one", 1000)]);
    *provider.open.lock().unwrap() = false;
    let cache = cached(&provider);
    {
        let mut first = pin!(cache.provide_token(second(0)));
        assert!(poll(first.as_mut()).is_pending());
    }
    *provider.open.lock().unwrap() = true;
    assert_eq!(now_or_panic(&cache, 0).unwrap(), "one");
}

/// Protects calls from waiting for a renewal that they do not need yet.
#[test]
fn nobody_waits_while_the_identity_is_valid() {
    let provider = Scripted::new(vec![token("one", 1000), token("two", 2000)]);
    let cache = cached(&provider);
    assert_eq!(now_or_panic(&cache, 0).unwrap(), "one");
    *provider.open.lock().unwrap() = false;
    let mut renewing = pin!(cache.provide_token(second(800)));
    assert!(poll(renewing.as_mut()).is_pending());
    assert_eq!(now_or_panic(&cache, 800).unwrap(), "one");
}

/// Protects calls from a renewal that hangs: when the one that asks is dropped, the next ones use the
/// old identity and do not ask at once.
#[test]
fn an_abandoned_renewal_leaves_the_old_identity_in_use() {
    let provider = Scripted::new(vec![token("one", 1000), token("two", 2000)]);
    let cache = cached(&provider);
    assert_eq!(now_or_panic(&cache, 0).unwrap(), "one");
    *provider.open.lock().unwrap() = false;
    assert!(poll(pin!(cache.provide_token(second(700)))).is_pending());
    for now in [701, 729] {
        assert_eq!(now_or_panic(&cache, now).unwrap(), "one");
    }
    assert_eq!(provider.asked.load(Ordering::SeqCst), 2);
    assert!(poll(pin!(cache.provide_token(second(730)))).is_pending());
    *provider.open.lock().unwrap() = true;
    assert_eq!(now_or_panic(&cache, 760).unwrap(), "two");
}

/// Protects calls from a renewal that is abandoned shortly before the end: what has expired is never
/// used.
#[test]
fn an_abandoned_renewal_does_not_outlive_the_identity() {
    let provider = Scripted::new(vec![token("one", 1000), token("two", 2000)]);
    let cache = cached(&provider);
    assert_eq!(now_or_panic(&cache, 0).unwrap(), "one");
    *provider.open.lock().unwrap() = false;
    assert!(poll(pin!(cache.provide_token(second(990)))).is_pending());
    assert_eq!(now_or_panic(&cache, 999).unwrap(), "one");
    *provider.open.lock().unwrap() = true;
    assert_eq!(now_or_panic(&cache, 1000).unwrap(), "two");
}

/// Protects a provider that is slow to fail: the wait for the next time begins when it has failed.
#[test]
fn the_wait_is_counted_from_the_failure() {
    let failure = || Err(IdentityError::invalid("down"));
    let provider = Scripted::new(vec![token("one", 1000), failure(), failure()]);
    let cache = cached(&provider);
    assert_eq!(now_or_panic(&cache, 0).unwrap(), "one");
    *provider.open.lock().unwrap() = false;
    {
        let mut slow = pin!(cache.provide_token(second(700)));
        assert!(poll(slow.as_mut()).is_pending());
        std::thread::sleep(std::time::Duration::from_millis(5));
        *provider.open.lock().unwrap() = true;
        assert!(poll(slow.as_mut()).is_ready());
    }
    // Exactly then it would be time, had the failure taken none.
    assert_eq!(now_or_panic(&cache, 730).unwrap(), "one");
    assert_eq!(provider.asked.load(Ordering::SeqCst), 2);
}

/// Protects providers that are down, and those who wait for them: a crowd gets one error from one
/// question. Who comes later asks again.
#[test]
fn an_error_is_for_all_who_waited() {
    let failure = || Err(IdentityError::invalid("down"));
    let provider = Scripted::new(vec![failure(), token("one", 1000)]);
    *provider.open.lock().unwrap() = false;
    let cache = cached(&provider);
    let mut crowd: Vec<_> = (0..4).map(|_| cache.provide_token(second(0))).collect();
    for waiting in &mut crowd {
        assert!(poll(Pin::new(waiting)).is_pending());
    }
    *provider.open.lock().unwrap() = true;
    for waiting in &mut crowd {
        let Poll::Ready(Err(error)) = poll(Pin::new(waiting)) else {
            panic!("no error")
        };
        assert_eq!(error.to_string(), "down");
    }
    assert_eq!(provider.asked.load(Ordering::SeqCst), 1);
    assert_eq!(now_or_panic(&cache, 0).unwrap(), "one");
}

/// Protects the way from a missing identity to the list of places that were tried.
#[test]
fn nothing_found_is_not_kept() {
    let missing = || Err(IdentityError::not_found(IdentityKind::Token, "here"));
    let provider = Scripted::new(vec![missing(), token("one", 1000)]);
    let cache = cached(&provider);
    assert_eq!(
        now_or_panic(&cache, 0).unwrap_err(),
        "no bearer token found; tried here"
    );
    assert_eq!(now_or_panic(&cache, 0).unwrap(), "one");
}
