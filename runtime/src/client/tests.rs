//! Calls from end to end, over a transport that does what a script says.

use std::time::Duration;

use super::Client;
use crate::body::Body;
use crate::config::{ConfigBuilder, ResponseChecks, Timeouts};
use crate::error::Error;
use crate::fixture::{
    Act, Create, Read, Script, Secured, Thing, Things, ThingsError, answer, config, poll_once, run,
};
use crate::identity::{ProvideFuture, ProvideToken, Token};
use crate::retry::RetryConfig;
use crate::schema::Fault;
use crate::timestamp::Timestamp;
use crate::transport::{TransportError, TransportErrorKind};
use crate::validate::Validation;

type Outcome = Result<Thing, Error<ThingsError>>;

fn client(script: &Script, set: impl FnOnce(ConfigBuilder) -> ConfigBuilder) -> Client<Things> {
    Client::new(set(config(script.clone())).build().unwrap())
}

/// Reads with a client that these acts await.
fn read(acts: impl IntoIterator<Item = Act>) -> Outcome {
    run(client(&Script::new(acts), |config| config).send(Read::default()))
}

fn body(status: u16, headers: &[(&str, &str)], body: &'static str) -> Act {
    match answer(status, headers) {
        Act::Answer(response) => Act::Answer(response.map(|_| Body::from(body))),
        other => other,
    }
}

/// Any 2xx is a success, also where the model has another.
#[test]
fn any_success_status_is_a_success() {
    for status in [200, 201, 204] {
        assert_eq!(
            read([answer(status, &[])]).unwrap().metadata.status(),
            status
        );
    }
}

/// A modelled error is one match away, and its line tells everything.
#[test]
fn a_modelled_error_tells_everything() {
    let throttled = || {
        answer(
            400,
            &[("x-error", "Throttled"), ("x-amzn-requestid", "r-1")],
        )
    };
    let error = read([throttled(), throttled(), throttled()]).unwrap_err();
    assert!(matches!(&error, Error::Service(ThingsError::Throttled(_))));
    assert_eq!(error.code(), Some("Throttled"));
    assert_eq!(error.message(), Some("slow\ndown"));
    assert_eq!(error.fault(), Some(Fault::Client));
    assert_eq!(error.status(), Some(400));
    assert_eq!(error.request_id(), Some("r-1"));
    assert!(error.is_throttling() && error.is_retryable() && !error.is_timeout());
    assert_eq!(
        error.to_string(),
        "Read failed: Throttled: slow\\ndown (status 400, request id r-1, 3 attempts)"
    );
}

/// An error that the model lacks keeps its code, and one that it has keeps it although its body is
/// broken.
#[test]
fn an_unreadable_error_keeps_its_code() {
    for code in ["Unheard", "Conflict"] {
        let error = read([body(409, &[("x-error", code)], "broken")]).unwrap_err();
        assert_eq!(error.code(), Some(code));
        assert!(matches!(error, Error::Service(ThingsError::Unmodeled(_))));
    }
    let error = read([answer(409, &[("x-error", "Conflict")])]).unwrap_err();
    assert!(matches!(error, Error::Service(ThingsError::Conflict(_))));
    assert!(!error.is_retryable());
}

/// An error that lacks a required member names it.
#[test]
fn an_incomplete_error_names_what_is_missing() {
    let headers = [("x-error", "Conflict"), ("x-missing", "/message")];
    let error = read([answer(409, &headers)]).unwrap_err();
    assert_eq!(error.metadata().missing(), ["/message"]);
}

/// A redirect is not followed: it may lead anywhere, with the token.
#[test]
fn a_redirect_is_an_error() {
    let error = read([answer(301, &[("location", "http://elsewhere/secret")])]).unwrap_err();
    assert!(matches!(error, Error::Response(_)), "{error}");
    assert_eq!(error.status(), Some(301));
    let line = error.to_string();
    assert!(line.contains("redirect to `elsewhere`"), "{line}");
    assert!(!line.contains("secret"), "{line}");
}

/// A body that does not fit is an error that does not show it.
#[test]
fn an_unreadable_success_does_not_show_its_body() {
    let error = read([body(200, &[("x-amzn-requestid", "r-2")], "broken")]).unwrap_err();
    assert!(matches!(error, Error::Response(_)));
    assert_eq!(error.fault(), Some(Fault::Server));
    for text in [error.to_string(), format!("{error:?}")] {
        assert!(!text.contains("broken"), "{text}");
        assert!(text.contains("r-2"), "{text}");
    }
}

/// What a response lacks is named, and refused where the caller wants it so.
#[test]
fn missing_members_are_named_or_refused() {
    let lacking = || answer(200, &[("x-missing", "/secret")]);
    assert_eq!(read([lacking()]).unwrap().metadata.missing(), ["/secret"]);
    let strict = |config: ConfigBuilder| config.response_checks(ResponseChecks::Strict);
    let error = run(client(&Script::new([lacking()]), strict).send(Read::default())).unwrap_err();
    let Error::Response(failure) = error else {
        panic!("{error}");
    };
    assert!(failure.message().contains("/secret"));
    assert_eq!(failure.metadata().missing(), ["/secret"]);
}

/// A stalled service ends in an error that says so, after all attempts.
#[test]
fn a_stall_is_a_timeout() {
    let error = read([Act::Stall, Act::Stall, Act::Stall]).unwrap_err();
    assert!(error.is_timeout() && error.is_retryable());
    assert_eq!(
        error.to_string(),
        "Read timed out: no complete response within 30s (3 attempts)"
    );
}

/// A provider that never answers does not keep a caller waiting either: neither for longer than it may
/// take itself, nor for longer than the call may.
#[test]
fn a_stalled_provider_is_a_timeout() {
    #[derive(Debug)]
    struct Never;

    impl ProvideToken for Never {
        fn provide_token(&self, _: Timestamp) -> ProvideFuture<'_, Token> {
            ProvideFuture::new(std::future::pending())
        }
    }

    let client = client(&Script::default(), |config| config.bearer_token(Never));
    let error = run(client.send(Secured::default())).unwrap_err();
    assert!(error.is_timeout() && error.is_retryable());
    let line = error.to_string();
    assert!(
        line.starts_with("Secured timed out: no identity: ")
            && line.ends_with("Never gave no identity within 60s"),
        "{line}"
    );
    let client = self::client(&Script::default(), |config| {
        let timeouts = Timeouts {
            identity: None,
            ..Timeouts::default()
        };
        config.bearer_token(Never).timeouts(timeouts)
    });
    let error = run(client.send(Secured::default())).unwrap_err();
    assert!(error.is_timeout());
    assert_eq!(
        error.to_string(),
        "Secured timed out: no identity within 120s"
    );
}

/// A provider is asked once for many calls, not once a call, and again when its token is about to expire.
#[test]
fn a_provider_is_asked_when_it_has_to_be() {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use crate::fixture::VirtualClock;

    #[derive(Debug)]
    struct Counting(Arc<AtomicUsize>);

    impl ProvideToken for Counting {
        fn provide_token(&self, now: Timestamp) -> ProvideFuture<'_, Token> {
            self.0.fetch_add(1, Ordering::SeqCst);
            let in_an_hour = now.checked_add(jiff::SignedDuration::from_hours(1));
            ProvideFuture::ready(Ok(Token::new("secret").expiring(in_an_hour.unwrap())))
        }
    }

    let (asked, clock) = (Arc::new(AtomicUsize::new(0)), VirtualClock::default());
    let script = Script::new((0..4).map(|_| answer(200, &[])));
    let client = client(&script, |config| {
        let config = config.clock(clock.clone());
        config.bearer_token(Counting(Arc::clone(&asked)))
    });
    for (minutes, expected) in [(0, 1), (1, 1), (53, 1), (1, 2)] {
        clock.pass(Duration::from_secs(minutes * 60));
        run(client.send(Secured::default())).unwrap();
        assert_eq!(
            asked.load(Ordering::SeqCst),
            expected,
            "after {minutes} more minutes"
        );
    }
}

/// A call has settings of its own, and the client keeps its.
#[test]
fn a_call_overrides_its_client() {
    let script = Script::new([Act::Stall, Act::Stall, answer(500, &[]), answer(200, &[])]);
    let client = client(&script, |config| config);
    let call = client.call(Read::default());
    let error = run(call
        .retry(RetryConfig::off())
        .attempt_timeout(Duration::from_secs(2))
        .send())
    .unwrap_err();
    assert!(
        error.to_string().contains("within 2s (1 attempt)"),
        "{error}"
    );
    let call = client.call(Read::default());
    let error = run(call.operation_timeout(Duration::from_secs(3)).send()).unwrap_err();
    assert!(error.to_string().contains("within 3s"), "{error}");
    assert_eq!(
        run(client.send(Read::default()))
            .unwrap()
            .metadata
            .attempts(),
        2
    );
}

/// Nothing is sent when the input is refused, and the line lists all that is wrong.
#[test]
fn a_refused_input_is_not_sent() {
    let script = Script::default();
    let client = client(&script, |config| config);
    let input = Create {
        name: Some("much-too-long".to_owned()),
        token: None,
    };
    let error = run(client.send(input)).unwrap_err();
    assert!(script.sent().is_empty());
    assert_eq!(error.fault(), Some(Fault::Client));
    assert_eq!(
        error.to_string(),
        "Create refused before sending: Value with length 13 at '/name' failed to satisfy \
         constraint: Member must have length less than or equal to 8"
    );
    let Error::Validation(refused) = error else {
        panic!("not refused");
    };
    assert_eq!(refused.violations[0].path, "/name");
}

/// A relaxed call is sent.
#[test]
fn a_call_may_skip_validation() {
    let client = client(&Script::new([answer(200, &[])]), |config| config);
    let mut call = client.call(Read::default());
    call.input_mut().name = Some("much-too-long".to_owned());
    assert!(run(call.validation(Validation::Off).send()).is_ok());
}

/// All attempts carry one idempotency token, which makes them safe to repeat.
#[test]
fn attempts_share_an_idempotency_token() {
    let reset = || Act::Fail(TransportError::new(TransportErrorKind::Io, "reset"));
    let script = Script::new([reset(), answer(500, &[]), answer(200, &[])]);
    let output = run(client(&script, |config| config).send(Create::default())).unwrap();
    assert_eq!(output.metadata.attempts(), 3);
    let uris: Vec<_> = script
        .sent()
        .iter()
        .map(|request| request.uri().clone())
        .collect();
    let token = uris[0].query().unwrap().strip_prefix("token=").unwrap();
    assert!(is_uuid_v4(token), "{token}");
    assert!(uris.iter().all(|uri| *uri == uris[0]), "{uris:?}");
}

/// Whether the text is a version-4 UUID (RFC 9562, sections 4 and 5.4).
fn is_uuid_v4(text: &str) -> bool {
    text.len() == 36
        && text.char_indices().all(|(at, character)| match at {
            8 | 13 | 18 | 23 => character == '-',
            14 => character == '4',
            19 => "89ab".contains(character),
            _ => character.is_ascii_hexdigit() && !character.is_ascii_uppercase(),
        })
}

/// A caller may decide what the tokens are.
#[test]
fn idempotency_tokens_have_a_source() {
    let script = Script::new([answer(200, &[])]);
    let fixed = |config: ConfigBuilder| config.idempotency_tokens(|| "fixed".to_owned());
    run(client(&script, fixed).send(Create::default())).unwrap();
    assert_eq!(script.sent()[0].uri().query(), Some("token=fixed"));
}

/// A secret is in the request, and nowhere that people look.
#[test]
fn a_token_is_never_shown() {
    let script = Script::new([Act::Fail(TransportError::new(
        TransportErrorKind::Io,
        "cut",
    ))]);
    let secret = |config: ConfigBuilder| {
        let off = RetryConfig::off();
        config.bearer_token(Token::new("s3cr3t")).retry(off)
    };
    let client = client(&script, secret);
    let error = run(std::future::IntoFuture::into_future(
        client.call(Secured::default()),
    ))
    .unwrap_err();
    assert_eq!(script.sent()[0].headers()["authorization"], "Bearer s3cr3t");
    let call = client.call(Secured::default());
    for text in [
        format!("{error:?} {error}"),
        format!("{client:?}"),
        format!("{call:?}"),
    ] {
        assert!(!text.contains("s3cr3t"), "{text}");
    }
}

/// A body is read up to the limit and not beyond it.
#[test]
fn bodies_are_bounded() {
    let limited = |config: ConfigBuilder| config.max_response_bytes(4);
    let send =
        |text| run(client(&Script::new([body(200, &[], text)]), limited).send(Read::default()));
    assert!(send("1234").is_ok());
    let error = send("12345").unwrap_err();
    assert!(matches!(&error, Error::Response(_)), "{error}");
    assert!(error.to_string().contains("longer than 4 bytes"), "{error}");
}

/// Errors travel in `Result`s through callers' code.
#[test]
fn errors_are_small() {
    assert!(size_of::<Error<Box<ThingsError>>>() <= 64);
    assert!(size_of::<crate::error::UnmodeledError>() <= 64);
}

/// A client, its calls and their futures may move between threads.
#[test]
fn calls_are_send() {
    fn send<T: Send>(value: T) -> T {
        value
    }
    let client = send(client(&Script::new([answer(200, &[])]), |config| config));
    let future = send(client.call(Read::default()).send());
    // Small, so that callers' own futures are.
    assert!(size_of_val(&future) <= 512, "{}", size_of_val(&future));
    run(future).unwrap();
}

/// The user agent says what it is.
#[test]
fn the_user_agent_is_our_own() {
    let script = Script::new([answer(200, &[])]);
    run(client(&script, |config| config.app_name("rotator")).send(Read::default())).unwrap();
    let sent = script.sent();
    let agent = sent[0].headers()["user-agent"].to_str().unwrap();
    assert!(agent.starts_with("tinsmith/"), "{agent}");
    assert!(agent.contains(" api/things#2020-01-01 "), "{agent}");
    assert!(agent.ends_with(" app/rotator"), "{agent}");
}

/// What only some services' endpoints know reaches their rules, and the last word counts.
#[test]
fn endpoint_parameters_are_passed_on() {
    use crate::endpoint::ParamValue;

    let client = client(&Script::new([]), |config| {
        config
            .endpoint_param("Mode", "preferred")
            .endpoint_param("Mode", String::from("required"))
            .endpoint_param("Flag", true)
            .endpoint_param("Keys", ["a", "b"].into_iter().collect::<ParamValue<'_>>())
    });
    let params = client.shared.endpoint_params();
    assert_eq!(params.string("Mode"), Some("required"));
    assert_eq!(params.boolean("Flag"), Some(true));
    assert_eq!(params.strings("Keys"), Some(vec!["a", "b"]));
    assert_eq!(params.string("Other"), None);
}

/// Settings of the environment reach the client.
#[cfg(feature = "hyper")]
#[test]
fn the_environment_configures() {
    use std::sync::Arc;

    use crate::config::Config;
    use crate::identity::MemoryEnvironment;
    use crate::operation::Service;

    let load = |name, value| {
        let environment = MemoryEnvironment::default().with_var(name, value);
        Config::builder().with_environment(Arc::new(environment), Things::SCHEMA)
    };
    let config = load("AWS_ENDPOINT_URL_THINGS", "http://localhost:9")
        .unwrap()
        .build()
        .unwrap();
    assert_eq!(config.endpoint_url(), Some("http://localhost:9"));
    let config = load("TINSMITH_VALIDATION", "warn")
        .unwrap()
        .build()
        .unwrap();
    assert_eq!(config.inner().settings.validation, Validation::Warn);
    let config = load("AWS_MAX_ATTEMPTS", "7").unwrap().build().unwrap();
    assert_eq!(config.inner().settings.retry.attempts(), 7);
    assert!(load("AWS_RETRY_MODE", "adaptive").is_ok());
    let error = load("AWS_RETRY_MODE", "perhaps").unwrap_err();
    assert!(error.to_string().contains("AWS_RETRY_MODE"), "{error}");
    let config = load("AWS_SDK_UA_APP_ID", "rotator").unwrap().build();
    assert_eq!(config.unwrap().inner().app_name.as_deref(), Some("rotator"));
    let error = load("TINSMITH_VALIDATION", "perhaps").unwrap_err();
    assert!(error.to_string().contains("TINSMITH_VALIDATION"), "{error}");
}

mod pages {
    use super::*;
    use crate::paginate::{Items, Pages};

    fn pages(acts: impl IntoIterator<Item = Act>) -> (Script, Pages<Read>) {
        let script = Script::new(acts);
        let call = client(&script, |config| config).call(Read::default());
        (script, Pages::new(call))
    }

    fn next(token: &str) -> Act {
        answer(202, &[("x-next", token)])
    }

    fn queries(script: &Script) -> Vec<String> {
        let query = |request: &http::Request<Body>| request.uri().query().unwrap().to_owned();
        script.sent().iter().map(query).collect()
    }

    /// Every page is asked for with the token of the one before, until there is none.
    #[test]
    fn follow_the_tokens() {
        let (script, mut pages) = pages([next("a"), next("b"), answer(200, &[])]);
        for _ in 0..3 {
            run(pages.next()).unwrap().unwrap();
        }
        assert!(run(pages.next()).is_none());
        assert!(run(pages.next()).is_none());
        assert_eq!(queries(&script), ["", "token=a", "token=b"]);
    }

    /// Some services send an empty token with the last page.
    #[test]
    fn an_empty_token_is_the_end() {
        let (_, mut pages) = pages([next("")]);
        run(pages.next()).unwrap().unwrap();
        assert!(run(pages.next()).is_none());
    }

    /// A service that repeats itself, at once or after a while, is told of and not followed.
    #[test]
    fn a_repeated_token_is_an_error() {
        for tokens in [&["a", "a"][..], &["a", "b", "a"]] {
            let (_, mut pages) = pages(tokens.iter().map(|token| next(token)));
            for _ in 1..tokens.len() {
                run(pages.next()).unwrap().unwrap();
            }
            let error = run(pages.next()).unwrap().unwrap_err();
            assert!(matches!(&error, Error::Response(_)), "{error}");
            assert!(error.to_string().contains("never end"), "{error}");
            assert!(run(pages.next()).is_none());
        }
    }

    /// An error is told once, and then it is over.
    #[test]
    fn an_error_ends_the_pages() {
        let (_, mut pages) = pages([next("a"), answer(400, &[])]);
        run(pages.next()).unwrap().unwrap();
        assert!(run(pages.next()).unwrap().is_err());
        assert!(run(pages.next()).is_none());
    }

    /// Items come one by one, over empty pages too.
    #[test]
    fn items_come_one_by_one() {
        let empty = answer(200, &[("x-next", "b")]);
        let (_, pages) = pages([next("a"), empty, answer(201, &[])]);
        let mut items: Items<Read> = pages.items();
        let mut seen = Vec::new();
        while let Some(item) = run(items.next()) {
            seen.push(item.unwrap());
        }
        assert_eq!(seen, [0, 1, 0]);
    }

    /// The iterators of blocking programs take the same pages and items, over empty pages too, and end
    /// where those end: after the last page, and after an error such as a repeated token.
    #[cfg(feature = "blocking")]
    #[test]
    fn iterators_end_where_the_pages_do() {
        let acts = || {
            let empty = answer(200, &[("x-next", "b")]);
            [next("a"), empty, answer(201, &[])]
        };
        let (script, all) = pages(acts());
        let statuses = all.into_iter_blocking().map(|page| page.unwrap().metadata);
        let statuses: Vec<u16> = statuses.map(|metadata| metadata.status()).collect();
        assert_eq!(statuses, [202, 200, 201]);
        assert_eq!(queries(&script), ["", "token=a", "token=b"]);
        let items = pages(acts()).1.items().into_iter_blocking();
        let items: Result<Vec<u32>, _> = items.collect();
        assert_eq!(items.unwrap(), [0, 1, 0]);

        let mut repeated = pages([next("a"), next("a")]).1.into_iter_blocking();
        repeated.next().unwrap().unwrap();
        let error = repeated.next().unwrap().unwrap_err();
        assert!(error.to_string().contains("never end"), "{error}");
        assert!(repeated.next().is_none());
        let mut failing = pages([next("a"), answer(400, &[])])
            .1
            .items()
            .into_iter_blocking();
        assert_eq!(failing.by_ref().take(2).flatten().count(), 2);
        assert!(failing.next().unwrap().is_err());
        assert!(failing.next().is_none());
    }

    /// Dropping the future of a page loses nothing: the same page comes next.
    #[test]
    fn a_dropped_future_loses_nothing() {
        let Act::Answer(slow) = next("a") else {
            unreachable!()
        };
        let script = Script::new([Act::Later(slow), answer(200, &[])]);
        let patient = |config: ConfigBuilder| {
            config.timeouts(Timeouts {
                identity: None,
                idle: None,
                connect: None,
                attempt: None,
                operation: None,
            })
        };
        let mut pages = Pages::new(client(&script, patient).call(Read::default()));
        assert!(poll_once(pages.next()).is_pending());
        run(pages.next()).unwrap().unwrap();
        run(pages.next()).unwrap().unwrap();
        assert_eq!(queries(&script), ["", "token=a"]);
    }
}
