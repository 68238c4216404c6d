//! The official tests of `smithy.framework#ValidationException`, turned round: each is a request that
//! a service must refuse with given words, so a client must refuse its input in the same words.

use std::path::Path;

use bytes::Bytes;
use http::Response;
use serde_json::Value as Json;
use tinsmith_runtime::operation::{HttpTrait, OperationSchema, ServiceSchema};
use tinsmith_runtime::protocol::{Protocol, REST_JSON_1};
use tinsmith_runtime::schema::{HttpBinding, Schema};
use tinsmith_runtime::validate::{ValidationOptions, validate};

use crate::support::{DynStructure, Model, conformance};

/// The model of a service of the protocol tests.
fn model(file: &Path) -> Model {
    Model::parse(&std::fs::read_to_string(file).unwrap())
}

/// The tests of `kind`, each with the input of its operation.
fn cases(model: &Model, kind: &str) -> Vec<(&'static Schema, &'static Json)> {
    let of_shape = |(_, shape): (&'static str, &'static Json)| {
        let cases = Model::trait_of(shape, kind).and_then(Json::as_array);
        let input = shape
            .get("input")
            .and_then(|input| input["target"].as_str());
        cases
            .into_iter()
            .flatten()
            .filter_map(move |case| Some((input?, case)))
    };
    let cases = model.shapes().flat_map(of_shape);
    cases
        .map(|(input, case)| (model.schema(input), case))
        .collect()
}

/// The variants of a test that has parameters: each takes one value of every parameter.
fn variants(case: &'static Json) -> Vec<Vec<(&'static str, &'static str)>> {
    let Some(parameters) = case.get("testParameters").and_then(Json::as_object) else {
        return vec![Vec::new()];
    };
    let count = parameters
        .values()
        .map(|it| it.as_array().unwrap().len())
        .min();
    let nth = |index: usize| {
        let value = |(name, values): (&'static String, &'static Json)| {
            (name.as_str(), values[index].as_str().unwrap())
        };
        parameters.iter().map(value).collect()
    };
    (0..count.unwrap()).map(nth).collect()
}

/// Fills in a template: `$name:S` is a value as a JSON string, `$name:L` the value as it is, and `$$`
/// a dollar sign.
///
/// Source: Smithy 2.0, "HTTP malformed request tests", "Parameterized test cases".
fn expand(template: &str, variant: &[(&str, &str)]) -> String {
    let mut text = template.to_owned();
    for (name, value) in variant {
        text = text.replace(&format!("${name}:S"), &Json::from(*value).to_string());
        text = text.replace(&format!("${name}:L"), value);
    }
    text.replace("$$", "$")
}

/// What a service reads from the request of a test.
fn read_input(schema: &'static Schema, request: &Json, variant: &[(&str, &str)]) -> DynStructure {
    let service = ServiceSchema::new("test#Service", "", "Test", &REST_JSON_1, &[]);
    let http = HttpTrait::new("POST", &[], 200);
    // The bindings of a response are those of a request, apart from the query string.
    let operation: &'static OperationSchema = Box::leak(Box::new(OperationSchema::new(
        "test#Operation",
        Box::leak(Box::new(service)),
        http,
        schema,
        schema,
    )));
    let mut message = Response::builder();
    for (name, value) in request
        .get("headers")
        .and_then(Json::as_object)
        .into_iter()
        .flatten()
    {
        message = message.header(name, value.as_str().unwrap());
    }
    let body = request
        .get("body")
        .and_then(Json::as_str)
        .unwrap_or_default();
    let message = message.body(Bytes::from(expand(body, variant))).unwrap();

    let mut input = DynStructure::unread_input(schema);
    REST_JSON_1
        .read_output(operation, &message, &mut input)
        .unwrap();
    let parameters = request.get("queryParams").and_then(Json::as_array);
    for parameter in parameters.into_iter().flatten() {
        let parameter = parameter.as_str().unwrap();
        let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
        let bound = schema
            .members
            .iter()
            .find(|it| it.http == HttpBinding::Query(leak(name)));
        input.set_text(bound.unwrap().name, value);
    }
    input
}

fn leak(text: &str) -> &'static str {
    String::leak(text.to_owned())
}

/// What is refused, as a service answers it.
fn refusal(schema: &'static Schema, input: &DynStructure) -> Json {
    let options = ValidationOptions::new().check_enums(true);
    let Err(error) = validate(schema, input, options) else {
        return Json::Null;
    };
    let field = |it: &tinsmith_runtime::validate::Violation| serde_json::json!({"path": it.path, "message": it.message()});
    let fields: Vec<_> = error.violations.iter().map(field).collect();
    serde_json::json!({"message": error.to_string(), "fieldList": fields})
}

#[test]
fn what_services_refuse_is_refused_in_the_same_words() {
    let Some(folder) = conformance("protocol-tests") else {
        return;
    };
    let model = model(&folder.join("RestJsonValidation.json"));
    let cases = cases(&model, "smithy.test#httpMalformedRequestTests");
    let mut variants_run = 0;
    for (schema, case) in &cases {
        for variant in variants(case) {
            variants_run += 1;
            let input = read_input(schema, &case["request"], &variant);
            let body = &case["response"]["body"]["assertion"]["contents"];
            let expected = expand(body.as_str().unwrap(), &variant);
            let expected: Json = serde_json::from_str(&expected).unwrap();
            assert_eq!(
                refusal(schema, &input),
                expected,
                "{} {variant:?}",
                case["id"]
            );
        }
    }
    let count = cases.len();
    println!("{count} malformed requests refused, in {variants_run} variants");
    assert_eq!(count, 84);
}

/// Glacier's clients send `-` for an empty account id, which they put in before the input is checked.
const FILLED_IN_BEFORE: &str = "GlacierAccountId";

#[test]
fn the_valid_requests_of_every_protocol_pass() {
    let Some(folder) = conformance("protocol-tests") else {
        return;
    };
    let mut count = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let model = model(&path);
        for (schema, case) in cases(&model, "smithy.test#httpRequestTests") {
            if case.get("appliesTo").is_some_and(|to| to != "client") {
                continue;
            }
            count += 1;
            let input = DynStructure::input(&model, schema, &case["params"]);
            let refusal = refusal(schema, &input);
            if case["id"] == FILLED_IN_BEFORE {
                assert_eq!(refusal["fieldList"][0]["path"], "/accountId");
                continue;
            }
            assert_eq!(refusal, Json::Null, "{} of {}", case["id"], path.display());
        }
    }
    println!("{count} valid requests passed");
    assert!(count > 400, "only {count} requests");
}
