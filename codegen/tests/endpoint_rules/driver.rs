//! The part of the test program that is the same for every rule set.

use std::process::ExitCode;

use serde_json::{Map, Value};
use tinsmith_runtime::endpoint::{
    Endpoint, EndpointBinding, EndpointError, EndpointParams, ParamValue, Property,
};
use tinsmith_runtime::schema::{Member, Schema, ShapeKind};
use tinsmith_runtime::shape::{
    ListItems, MapEntries, ReadError, ShapeReader, ShapeWriter, Structure, WriteError,
};

type Resolve = fn(&EndpointParams<'_>) -> Result<Endpoint, EndpointError>;

/// A model, and what it was compiled to.
pub(crate) struct Model {
    pub(crate) path: &'static str,
    pub(crate) text: &'static str,
    pub(crate) resolve: Resolve,
    pub(crate) bindings: Vec<(&'static str, Vec<EndpointBinding>)>,
}

#[derive(Default)]
struct Count {
    cases: usize,
    inputs: usize,
    failures: usize,
}

/// Asks every rule set what its cases ask.
pub(crate) fn run(models: &[Model]) -> ExitCode {
    let mut count = Count::default();
    for model in models {
        run_model(model, &mut count);
    }
    println!(
        "endpoint rules: {} models, {} cases, {} operation inputs, {} failures",
        models.len(),
        count.cases,
        count.inputs,
        count.failures
    );
    // A run that compares nothing must not pass.
    if count.failures == 0 && count.cases > 0 && count.inputs > 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

fn run_model(model: &Model, count: &mut Count) {
    let file: Value = serde_json::from_str(model.text).unwrap();
    let shapes = file["shapes"].as_object().unwrap();
    let (service, shape) = shapes
        .iter()
        .find(|(_, shape)| shape["type"] == "service")
        .unwrap();
    let traits = &shape["traits"];
    let namespace = service.split_once('#').unwrap().0;
    let rules = &traits["smithy.rules#endpointRuleSet"];
    let cases = traits["smithy.rules#endpointTests"]["testCases"].as_array();
    for case in cases.into_iter().flatten() {
        let told = format!("{}: {}", model.path, case["documentation"]);
        let empty = Map::new();
        let values = case["params"].as_object().unwrap_or(&empty);
        let mut params = EndpointParams::default();
        for (name, value) in values {
            set(&mut params, name, &rules["parameters"][name], value);
        }
        count.cases += 1;
        check(model, &params, &case["expect"], &told, count);
        for input in case["operationInputs"].as_array().into_iter().flatten() {
            let id = format!("{namespace}#{}", input["operationName"].as_str().unwrap());
            let told = format!("{told} ({id})");
            let operation = Operation::new(shapes, &id, &input["operationParams"]);
            count.inputs += 1;
            let mut params = bound(model, rules, &id, &operation, input);
            // Some inputs leave it to their case to say what the client's settings are.
            if input["clientParams"].is_null() {
                let of_client = traits["smithy.rules#clientContextParams"].as_object();
                for name in of_client.into_iter().flat_map(Map::keys) {
                    if let (Some(value), false) = (values.get(name), binds(model, &id, name)) {
                        params.set(name.as_str(), param_value(value));
                    }
                }
            }
            check(model, &params, &case["expect"], &told, count);
        }
    }
}

/// The parameters of a call, set in the order of their precedence.
fn bound<'a>(
    model: &Model,
    rules: &'a Value,
    id: &str,
    operation: &Operation,
    input: &'a Value,
) -> EndpointParams<'a> {
    let mut params = EndpointParams::default();
    let bindings = model
        .bindings
        .iter()
        .find(|(operation, _)| *operation == id);
    if let Some((_, bindings)) = bindings {
        params.bind(bindings, operation);
    }
    for (name, value) in input["clientParams"].as_object().into_iter().flatten() {
        params.set(name.as_str(), param_value(value));
    }
    for (built_in, value) in input["builtInParams"].as_object().into_iter().flatten() {
        let params_of_rules = rules["parameters"].as_object().unwrap();
        let (name, param) = params_of_rules
            .iter()
            .find(|(_, param)| param["builtIn"] == *built_in)
            .unwrap();
        set(&mut params, name, param, value);
    }
    params
}

/// Whether the operation gives the parameter a value.
fn binds(model: &Model, id: &str, param: &str) -> bool {
    let bindings = model
        .bindings
        .iter()
        .find(|(operation, _)| *operation == id);
    bindings.is_some_and(|(_, bindings)| bindings.iter().any(|binding| binding.param == param))
}

fn set<'a>(params: &mut EndpointParams<'a>, name: &'a str, param: &'a Value, value: &'a Value) {
    match param["builtIn"].as_str() {
        Some("AWS::Region") => params.region = value.as_str(),
        Some("AWS::UseFIPS") => params.use_fips = value.as_bool().unwrap(),
        Some("AWS::UseDualStack") => params.use_dual_stack = value.as_bool().unwrap(),
        Some("SDK::Endpoint") => params.endpoint = value.as_str(),
        Some(built_in) => params.set(built_in, param_value(value)),
        None => params.set(name, param_value(value)),
    }
}

fn param_value(value: &Value) -> ParamValue<'_> {
    match value {
        Value::String(text) => text.as_str().into(),
        Value::Bool(value) => (*value).into(),
        Value::Array(items) => items.iter().map(|item| item.as_str().unwrap()).collect(),
        other => panic!("no value of a parameter: {other}"),
    }
}

fn check(
    model: &Model,
    params: &EndpointParams<'_>,
    expect: &Value,
    told: &str,
    count: &mut Count,
) {
    let found = match (model.resolve)(params) {
        Ok(endpoint) => json(&endpoint),
        Err(error) => serde_json::json!({ "error": error.to_string() }),
    };
    let expected = if expect["endpoint"].is_object() {
        let part = |name: &str| match &expect["endpoint"][name] {
            Value::Null => serde_json::json!({}),
            value => value.clone(),
        };
        serde_json::json!({
            "url": expect["endpoint"]["url"],
            "headers": part("headers"),
            "properties": part("properties"),
        })
    } else {
        serde_json::json!({ "error": expect["error"] })
    };
    if found != expected {
        count.failures += 1;
        println!("{told}\n  expected {expected}\n  found    {found}");
    }
}

fn json(endpoint: &Endpoint) -> Value {
    let mut headers = Map::new();
    for (name, value) in &endpoint.headers {
        let values = headers
            .entry(name.as_ref())
            .or_insert_with(|| Value::Array(Vec::new()));
        values.as_array_mut().unwrap().push(value.as_str().into());
    }
    let properties: Map<_, _> = endpoint
        .properties
        .iter()
        .map(|(name, value)| (name.to_string(), property(value)))
        .collect();
    serde_json::json!({ "url": endpoint.url, "headers": headers, "properties": properties })
}

fn property(value: &Property) -> Value {
    match value {
        Property::Boolean(value) => (*value).into(),
        Property::String(text) => text.as_ref().into(),
        Property::Array(items) => items.iter().map(property).collect(),
        Property::Object(entries) => entries
            .iter()
            .map(|(name, value)| (name.to_string(), property(value)))
            .collect::<Map<_, _>>()
            .into(),
        other => panic!("a new kind of property: {other:?}"),
    }
}

/// An operation's input as JSON, walked as generated code walks its structures.
struct Operation {
    input: Input,
}

struct Input {
    schema: &'static Schema,
    value: Value,
}

impl Operation {
    fn new(shapes: &Map<String, Value>, id: &str, params: &Value) -> Self {
        let input = shapes[id]["input"]["target"]
            .as_str()
            .unwrap_or("smithy.api#Unit");
        Self {
            input: Input {
                schema: schema(shapes, input, params),
                value: params.clone(),
            },
        }
    }
}

/// The schema of a shape, made as the program runs and kept for as long as it does. Only what `value`
/// has is described, since shapes may hold themselves.
fn schema(shapes: &Map<String, Value>, id: &str, value: &Value) -> &'static Schema {
    let shape = &shapes.get(id).unwrap_or(&Value::Null);
    let member = |name: &str, definition: &Value, value: &Value| {
        let target = definition["target"].as_str().unwrap();
        Member::new(leak(name.to_owned()), schema(shapes, target, value))
    };
    let item = &match value {
        Value::Array(items) => merged(items.iter()),
        Value::Object(entries) => merged(entries.values()),
        _ => Value::Null,
    };
    let id = leak(id.to_owned());
    let leaked: &'static Schema = Box::leak(Box::new(match shape["type"].as_str() {
        Some("list") => Schema::list(
            id,
            Box::leak(Box::new([member("member", &shape["member"], item)])),
        ),
        Some("map") => Schema::map(
            id,
            Box::leak(Box::new([
                member("key", &shape["key"], &Value::Null),
                member("value", &shape["value"], item),
            ])),
        ),
        Some(kind @ ("structure" | "union")) => {
            let members: Vec<_> = value
                .as_object()
                .into_iter()
                .flatten()
                .map(|(name, value)| member(name, &shape["members"][name], value))
                .collect();
            let members = Vec::leak(members);
            match kind {
                "union" => Schema::union(id, members),
                _ => Schema::structure(id, members),
            }
        }
        _ => Schema::new(id, ShapeKind::String),
    }));
    leaked
}

/// A value with the members that any of the items has.
fn merged<'v>(items: impl Iterator<Item = &'v Value>) -> Value {
    let members = items.filter_map(Value::as_object).flatten();
    members
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect::<Map<_, _>>()
        .into()
}

fn leak(text: String) -> &'static str {
    Box::leak(text.into_boxed_str())
}

fn write(
    member: &'static Member,
    value: &Value,
    to: &mut dyn ShapeWriter,
) -> Result<(), WriteError> {
    match value {
        Value::Null => to.null(member),
        Value::Bool(value) => to.boolean(member, *value),
        Value::String(text) => to.string(member, text),
        Value::Array(items) => to.list(member, &Items(items)),
        Value::Object(entries) if member.target.kind == ShapeKind::Map => {
            to.map(member, &Entries(entries))
        }
        Value::Object(_) => to.structure(
            member,
            &Input {
                schema: member.target,
                value: value.clone(),
            },
        ),
        Value::Number(number) => to.integer(member, number.as_i64().unwrap()),
    }
}

impl Structure for Operation {
    fn write(&self, writer: &mut dyn ShapeWriter) -> Result<(), WriteError> {
        self.input.write(writer)
    }

    fn read(&mut self, _: usize, _: &mut dyn ShapeReader) -> Result<bool, ReadError> {
        Ok(false)
    }
}

impl Structure for Input {
    fn write(&self, writer: &mut dyn ShapeWriter) -> Result<(), WriteError> {
        for member in self.schema.members {
            write(member, &self.value[member.name], writer)?;
        }
        Ok(())
    }

    fn read(&mut self, _: usize, _: &mut dyn ShapeReader) -> Result<bool, ReadError> {
        Ok(false)
    }
}

struct Items<'v>(&'v [Value]);

impl ListItems for Items<'_> {
    fn len(&self) -> usize {
        self.0.len()
    }

    fn write_items(
        &self,
        item: &'static Member,
        writer: &mut dyn ShapeWriter,
    ) -> Result<(), WriteError> {
        self.0
            .iter()
            .try_for_each(|value| write(item, value, writer))
    }
}

struct Entries<'v>(&'v Map<String, Value>);

impl MapEntries for Entries<'_> {
    fn len(&self) -> usize {
        self.0.len()
    }

    fn write_entries(
        &self,
        key: &'static Member,
        value: &'static Member,
        writer: &mut dyn ShapeWriter,
    ) -> Result<(), WriteError> {
        for (name, entry) in self.0 {
            writer.key(key, name)?;
            write(value, entry, writer)?;
        }
        Ok(())
    }
}
