//! Who calls, and by which clock.

use super::*;
use crate::fixture::OPTIONAL;
use crate::identity::Token;

/// The identity is asked for once, within the call's time, and put on every attempt.
#[test]
fn an_identity_is_used_for_all_attempts() {
    let bench = Bench::with(|config| config.bearer_token(Token::new("secret")));
    let mut play = bench.call(&SECURED);
    let Step::ResolveIdentity { kind, timeout } = play.tell(Event::Start) else {
        panic!("no identity asked for");
    };
    assert_eq!((kind, timeout), (IdentityKind::Token, Some(120 * SECOND)));
    let sent = request(play.tell(Event::Identity(Ok(Identity::Token(Token::new("secret"))))));
    assert_eq!(sent.headers()["authorization"], "Bearer secret");
    let step = play.answer(500, &[]);
    assert_eq!(
        play.wait(&step).1.headers()["authorization"],
        "Bearer secret"
    );
}

/// A missing identity tells where it was looked for, and nothing is sent.
#[test]
fn a_missing_identity_is_told() {
    let bench = Bench::with(|config| config.bearer_token(Token::new("secret")));
    let mut play = bench.call(&SECURED);
    assert!(matches!(
        play.tell(Event::Start),
        Step::ResolveIdentity { .. }
    ));
    let error = IdentityError::not_found(IdentityKind::Token, "under the sofa");
    let Failed::Construction(failure) = failed(play.tell(Event::Identity(Err(error)))) else {
        panic!("not a construction failure");
    };
    let line = failure.to_string();
    assert!(line.starts_with("Secured cannot be sent"), "{line}");
    assert!(line.contains("under the sofa"), "{line}");
}

/// A client without any provider says that, and asks nobody.
#[test]
fn a_client_without_identity_says_so() {
    let bench = Bench::new();
    let Failed::Construction(failure) = failed(bench.call(&SECURED).tell(Event::Start)) else {
        panic!("not a construction failure");
    };
    assert!(
        failure
            .to_string()
            .contains("tried the client's configuration"),
        "{failure}"
    );
}

/// Where authentication is optional, a call without an identity is sent without.
#[test]
fn optional_authentication_is_optional() {
    let not_found = || IdentityError::not_found(IdentityKind::Token, "under the sofa");
    let bench = Bench::with(|config| config.bearer_token(Token::new("secret")));
    let mut play = bench.call(&OPTIONAL);
    assert!(matches!(
        play.tell(Event::Start),
        Step::ResolveIdentity { .. }
    ));
    let sent = request(play.tell(Event::Identity(Err(not_found()))));
    assert!(!sent.headers().contains_key("authorization"));
    request(Bench::new().call(&OPTIONAL).tell(Event::Start));
    // A token that is there and broken is not passed over.
    let mut play = bench.call(&OPTIONAL);
    play.tell(Event::Start);
    failed(play.tell(Event::Identity(Err(IdentityError::invalid("broken")))));
}

/// A token never travels where it can be read on the way, unless the caller insists.
#[test]
fn tokens_stay_off_plain_http() {
    let send = |bench: Bench| {
        let mut play = bench.call(&SECURED);
        play.tell(Event::Start);
        play.tell(Event::Identity(Ok(Identity::Token(Token::new("secret")))))
    };
    let open = |config: ConfigBuilder| {
        let config = config.endpoint_url("http://example.com");
        config.bearer_token(Token::new("secret"))
    };
    let Failed::Construction(failure) = failed(send(Bench::with(open))) else {
        panic!("not refused");
    };
    assert!(!failure.to_string().contains("secret"));
    request(send(Bench::with(|config| {
        open(config).dangerously_allow_credentials_over_plain_http()
    })));
}

/// A signature refused for its time is made anew at once by the service's clock, which is then known.
#[cfg(feature = "sigv4")]
#[test]
fn a_wrong_clock_is_corrected() {
    let credentials = crate::identity::Credentials::new("AKIDEXAMPLE", "secret");
    let bench = Bench::with(|config| {
        let config = config.region("us-east-1");
        config.credentials(credentials.clone())
    });
    let mut play = bench.call(&crate::fixture::SIGNED);
    play.tell(Event::Start);
    let sent = request(play.tell(Event::Identity(Ok(Identity::Credentials(credentials)))));
    assert_eq!(sent.headers()["x-amz-date"], "19700101T001640Z");
    let skewed = [
        ("x-error", "RequestTimeTooSkewed"),
        ("date", "Thu, 01 Jan 1970 02:00:00 GMT"),
    ];
    let step = play.answer(403, &skewed);
    let (delay, sent) = play.wait(&step);
    assert_eq!(delay, Duration::ZERO);
    assert_eq!(sent.headers()["x-amz-date"], "19700101T020000Z");
    // Now the clocks agree, so that is not what is wrong.
    refused(play.answer(403, &skewed));
}

/// What was signed before another call learnt of the wrong clock is signed anew as well: with many calls
/// at once, one would succeed and the others fail for good.
#[cfg(feature = "sigv4")]
#[test]
fn a_wrong_clock_is_corrected_for_all_that_were_under_way() {
    let credentials = crate::identity::Credentials::new("AKIDEXAMPLE", "secret");
    let bench = Bench::with(|config| config.region("us-east-1").credentials(credentials.clone()));
    let mut calls = [(); 3].map(|()| bench.call(&crate::fixture::SIGNED));
    for play in &mut calls {
        play.tell(Event::Start);
        let identity = Identity::Credentials(credentials.clone());
        request(play.tell(Event::Identity(Ok(identity))));
    }
    let skewed = [
        ("x-error", "RequestTimeTooSkewed"),
        ("date", "Thu, 01 Jan 1970 02:00:00 GMT"),
    ];
    for play in &mut calls {
        let step = play.answer(403, &skewed);
        let (delay, sent) = play.wait(&step);
        assert_eq!(delay, Duration::ZERO);
        assert_eq!(sent.headers()["x-amz-date"], "19700101T020000Z");
    }
    for play in &mut calls {
        refused(play.answer(403, &skewed));
    }
}

/// Only a signature can be handed to others, so a scheme without one is passed over, however much it is
/// preferred; a client that cannot sign says what it lacks.
#[cfg(feature = "sigv4")]
#[test]
fn presigning_takes_a_scheme_that_signs() {
    static EITHER: OperationSchema = OperationSchema::new(
        "test#Either",
        &SERVICE,
        crate::operation::HttpTrait::new("GET", &[], 200),
        READ.input,
        READ.output,
    )
    .auth(&[
        AuthScheme::HttpBearer,
        AuthScheme::SigV4 { name: "things" },
        AuthScheme::Anonymous,
    ]);
    let credentials = crate::identity::Credentials::new("AKIDEXAMPLE", "secret");
    let presign = |bench: &Bench, identity: Option<Identity>| {
        let plan = Plan {
            presign: Some(Presign::valid_for(60 * SECOND)),
            ..bench.plan(&EITHER)
        };
        let mut play = Play {
            orchestrator: Orchestrator::new(plan),
            now: Duration::from_secs(1000),
        };
        let step = play.tell(Event::Start);
        match identity {
            None => step,
            Some(identity) => {
                let Step::ResolveIdentity { kind, .. } = step else {
                    panic!("no identity asked for");
                };
                assert_eq!(kind, IdentityKind::Credentials);
                play.tell(Event::Identity(Ok(identity)))
            }
        }
    };
    let both = Bench::with(|config| {
        let config = config
            .region("us-east-1")
            .bearer_token(Token::new("secret"));
        config.credentials(credentials.clone())
    });
    let identity = Identity::Credentials(credentials.clone());
    let signed = request(presign(&both, Some(identity)));
    let query = signed.uri().query().unwrap_or_default();
    assert!(query.contains("X-Amz-Signature="), "{query}");
    let token = Bench::with(|config| config.bearer_token(Token::new("secret")));
    let Failed::Construction(failure) = failed(presign(&token, None)) else {
        panic!("not a construction failure");
    };
    assert!(failure.to_string().contains("credentials"), "{failure}");
}

/// A bearer token has no time to correct.
#[test]
fn a_wrong_clock_matters_to_signatures_only() {
    let bench = Bench::new();
    let mut play = bench.call(&READ);
    play.tell(Event::Start);
    let skewed = [
        ("x-error", "RequestExpired"),
        ("date", "Thu, 01 Jan 1970 02:00:00 GMT"),
    ];
    refused(play.answer(403, &skewed));
}
