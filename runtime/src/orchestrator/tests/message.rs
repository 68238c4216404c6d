//! Where requests go and what they carry beyond what the protocol writes.

use super::*;
use crate::customizations::Customization;
use crate::fixture::HeaderProtocol;
use crate::operation::{AuthScheme, HostSegment, HttpTrait, ServiceSchema};
use crate::schema::{Fault, Member, Schema, prelude};
use crate::shape::{Field, ReadError, ShapeReader, ShapeWriter, WriteError, member_text};

static OUTPUT: Schema = Schema::structure("test#Output", &[]);
const AUTH: &[AuthScheme] = &[AuthScheme::Anonymous];

const fn operation(service: &'static ServiceSchema) -> OperationSchema {
    OperationSchema::new("test#Op", service, HTTP, &OUTPUT, &OUTPUT)
}

const HTTP: HttpTrait = HttpTrait::new("PUT", &[], 200);

static PREFIXED: OperationSchema =
    operation(&SERVICE).host_prefix(&[HostSegment::Label("name"), HostSegment::Literal(".data.")]);

fn named(name: &str) -> Bench {
    let mut bench = Bench::new();
    bench.input.name = Some(name.to_owned());
    bench
}

/// The input's label becomes part of the host, and cannot lead to another one.
#[test]
fn a_label_is_part_of_the_host() {
    let sent = request(named("blue").call(&PREFIXED).tell(Event::Start));
    assert_eq!(sent.uri().authority().unwrap(), "blue.data.localhost:1");
    for name in ["", "a.b", "e.x/", "a@b", "-a", "é"] {
        let failed = failed(named(name).call(&PREFIXED).tell(Event::Start));
        assert!(matches!(failed, Failed::Construction(_)), "{name}");
    }
    let absent = failed(Bench::new().call(&PREFIXED).tell(Event::Start));
    assert!(matches!(absent, Failed::Construction(_)));
}

/// Sends to the host that the input names, and marks what it sends.
#[derive(Debug)]
struct Elsewhere;

impl Customization for Elsewhere {
    fn endpoint(&self, _: &'static OperationSchema, input: &dyn Structure) -> Option<String> {
        let name = member_text(input, "name")?;
        Some(format!("https://{name}.example/base"))
    }

    fn finish(
        &self,
        _: &'static OperationSchema,
        headers: &mut http::HeaderMap,
        body: Option<&Bytes>,
    ) -> Result<(), WriteError> {
        let length = body.map_or(0, Bytes::len);
        headers.insert("x-length", length.into());
        Ok(())
    }
}

static CUSTOMIZED_SERVICE: ServiceSchema =
    ServiceSchema::new("test#Custom", "", "Custom", &HeaderProtocol, AUTH).customized(&Elsewhere);
static CUSTOMIZED: OperationSchema = operation(&CUSTOMIZED_SERVICE);

/// A service's customization may choose the endpoint by the input, and adds to the request.
#[test]
fn a_customization_has_its_say() {
    let sent = request(named("there").call(&CUSTOMIZED).tell(Event::Start));
    assert!(
        sent.uri()
            .to_string()
            .starts_with("https://there.example/base/")
    );
    assert_eq!(sent.headers()["x-length"], "0");
    let sent = request(Bench::new().call(&CUSTOMIZED).tell(Event::Start));
    assert_eq!(sent.uri().host(), Some("localhost"));
}

static QUERY_SERVICE: ServiceSchema =
    ServiceSchema::new("test#Query", "", "Query", &HeaderProtocol, AUTH).query_compatible();
static QUERY: OperationSchema = operation(&QUERY_SERVICE);

/// A service that spoke awsQuery is told that its old codes are understood, and they are what counts.
#[test]
fn codes_of_the_query_protocol_are_kept() {
    let bench = Bench::new();
    let mut play = bench.call(&QUERY);
    let sent = request(play.tell(Event::Start));
    assert_eq!(sent.headers()["x-amzn-query-mode"], "true");
    let answer = [
        ("x-error", "Conflict"),
        ("x-amzn-query-error", "Old.Code;Sender"),
    ];
    let Step::Done(Reply::Error {
        error,
        modeled,
        metadata,
        ..
    }) = play.answer(409, &answer)
    else {
        panic!("not refused");
    };
    assert_eq!(error.code.as_deref(), Some("Old.Code"));
    assert!(modeled.is_some(), "the shape's name finds the error's type");
    let found = metadata.query_error().unwrap();
    assert_eq!(
        (found.code.as_str(), found.fault),
        ("Old.Code", Some(Fault::Client))
    );
    // By the old code it is known that the caller sends too much.
    let mut play = bench.call(&QUERY);
    play.tell(Event::Start);
    let throttled = play.answer(400, &[("x-amzn-query-error", "Throttling;Sender")]);
    assert!(matches!(throttled, Step::Wait(_)));
}

/// Other services have no say in that: the header may be anybody's.
#[test]
fn other_services_have_no_query_codes() {
    let bench = Bench::new();
    let mut play = bench.call(&CREATE);
    let sent = request(play.tell(Event::Start));
    assert!(!sent.headers().contains_key("x-amzn-query-mode"));
    let metadata = refused(play.answer(409, &[("x-amzn-query-error", "Throttling;Sender")]));
    assert_eq!(metadata.query_error(), None);
}

static PAIR: Schema = Schema::structure("test#Pair", &PAIR_MEMBERS);
static PAIR_MEMBERS: [Member; 2] = [
    Member::new("left", &prelude::STRING).required(),
    Member::new("right", &prelude::STRING).required(),
];
static MATCH: OperationSchema = OperationSchema::new(
    "test#Match",
    &SERVICE,
    HttpTrait::new("GET", &[], 200),
    &PAIR,
    READ.output,
);

/// An input that lacks both.
struct Pair;

impl Structure for Pair {
    fn write(&self, writer: &mut dyn ShapeWriter) -> Result<(), WriteError> {
        let nothing = None::<String>;
        Field::write(&nothing, &PAIR_MEMBERS[0], writer)?;
        Field::write(&nothing, &PAIR_MEMBERS[1], writer)
    }

    fn read(&mut self, _: usize, _: &mut dyn ShapeReader) -> Result<bool, ReadError> {
        Ok(false)
    }
}

/// An input that is sent although it is invalid is told of in one line, however much is wrong with it: a
/// second line in a log would look like another message.
#[test]
fn a_warning_is_of_one_line() {
    let bench = Bench::with(|config| config.validation(Validation::Warn));
    let (_, _, text) = crate::trace::recorder::listen(|| {
        let plan = Plan {
            input: &Pair,
            ..bench.plan(&MATCH)
        };
        let mut play = Play {
            orchestrator: Orchestrator::new(plan),
            now: SECOND,
        };
        request(play.tell(Event::Start))
    });
    assert!(text.contains("sending an invalid input"), "{text}");
    assert!(text.contains("left") && text.contains("right"), "{text}");
    // The recorder shows a line break as the two characters that stand for one.
    assert!(!text.contains("\\n"), "{text}");
}
