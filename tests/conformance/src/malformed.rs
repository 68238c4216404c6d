//! `smithy.test#httpMalformedRequestTests` of constraints, turned round: a request that a service must
//! refuse with given words is an input that a client must refuse in the same words.

use bytes::Bytes;
use http::Response;
use tinsmith_runtime::operation::{HttpTrait, OperationSchema};
use tinsmith_runtime::schema::HttpBinding;
use tinsmith_runtime::shape::Structure;
use tinsmith_runtime::validate::{ValidationError, Violation};

use crate::case::{Case, pairs, texts};
use crate::diff::same;
use crate::json::Json;
use crate::params::fill;

/// Makes an input and validates it.
type Validate<'a> =
    &'a dyn Fn(&dyn Fn(&mut dyn Structure) -> Result<(), String>) -> Result<Refused, String>;

/// What validation said.
type Refused = Result<(), ValidationError>;

/// That the input which the test's request carries is refused as the test says, in every variant.
///
/// # Errors
///
/// The first variant in which it is not.
pub(crate) fn check(
    case: &Case,
    operation: &'static OperationSchema,
    validate: Validate<'_>,
) -> Result<(), String> {
    let request = case.test.get("request").ok_or("the test has no request")?;
    let contents = ["response", "body", "assertion", "contents"];
    let contents = contents
        .iter()
        .try_fold(&case.test, |json, name| json.get(name));
    let contents = contents
        .and_then(Json::as_str)
        .ok_or("the test expects no message")?;
    for variant in variants(&case.test) {
        let refused = validate(&|input| read(operation, request, &variant, input))?;
        let expected = Json::parse(&expand(contents, &variant));
        let expected = expected.map_err(|error| format!("the test's response: {error}"))?;
        let what = match variant.as_slice() {
            [] => "refusal".to_owned(),
            values => format!("refusal of {values:?}"),
        };
        same(&what, &expected, &told(refused))?;
    }
    Ok(())
}

/// The values of parameters by their names: one variant of a test.
type Variant<'a> = Vec<(&'a str, &'a str)>;

/// The variants of a test: each takes one value of every parameter.
fn variants(test: &Json) -> Vec<Variant<'_>> {
    let Some(Json::Object(parameters)) = test.get("testParameters") else {
        return vec![Vec::new()];
    };
    let lists = parameters
        .keys()
        .map(|name| texts(test.get("testParameters").unwrap_or(&Json::Null), name));
    let lists: Vec<_> = lists.collect();
    let count = lists.iter().map(Vec::len).min().unwrap_or_default();
    let nth = |index: usize| {
        let values = parameters.keys().zip(&lists);
        values
            .filter_map(|(name, list)| Some((name.as_str(), *list.get(index)?)))
            .collect()
    };
    (0..count).map(nth).collect()
}

/// Fills in a template: `$name:S` is a value as a JSON string, `$name:L` the value as it is, and `$$`
/// a dollar sign.
///
/// Source: Smithy 2.0, "HTTP malformed request tests", "Parameterized test cases".
fn expand(template: &str, variant: &Variant<'_>) -> String {
    let mut text = template.to_owned();
    for (name, value) in variant {
        let string = Json::String((*value).to_owned()).to_string();
        text = text.replace(&format!("${name}:S"), &string);
        text = text.replace(&format!("${name}:L"), value);
    }
    text.replace("$$", "$")
}

/// Reads the input from the request, as the service would.
fn read(
    operation: &'static OperationSchema,
    request: &Json,
    variant: &Variant<'_>,
    input: &mut dyn Structure,
) -> Result<(), String> {
    // A client only reads responses, whose bindings are those of a request apart from the query
    // string; so the input is taken for an output. Schemas are static, hence the leak: a few bytes a
    // test.
    let reversed = OperationSchema::new(
        operation.id,
        operation.service,
        HttpTrait::new("POST", &[], 200),
        operation.input,
        operation.input,
    );
    let reversed: &'static OperationSchema = Box::leak(Box::new(reversed));
    let mut message = Response::builder();
    for (name, value) in pairs(request, "headers") {
        message = message.header(name, value);
    }
    let body = request
        .get("body")
        .and_then(Json::as_str)
        .unwrap_or_default();
    let message = message.body(Bytes::from(expand(body, variant)));
    let message = message.map_err(|error| error.to_string())?;
    let protocol = operation.service.protocol;
    protocol
        .read_output(reversed, &message, input)
        .map_err(|error| error.to_string())?;
    for parameter in texts(request, "queryParams") {
        let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
        let members = operation.input.members.iter();
        let bound = members
            .filter(|member| matches!(member.http, HttpBinding::Query(query) if query == name))
            .map(|member| (member.name, Json::String(value.to_owned())));
        for (member, value) in bound {
            let params = Json::object([(member, value)]);
            fill(operation.input, &params, input)?;
        }
    }
    Ok(())
}

/// A refusal as a service answers it.
fn told(refused: Refused) -> Json {
    let Err(error) = refused else {
        return Json::Null;
    };
    let field = |violation: &Violation| {
        let message = Json::String(violation.message().to_string());
        Json::object([
            ("path", Json::String(violation.path.clone())),
            ("message", message),
        ])
    };
    let fields = error.violations.iter().map(field).collect();
    Json::object([
        ("message", Json::String(error.to_string())),
        ("fieldList", Json::Array(fields)),
    ])
}
