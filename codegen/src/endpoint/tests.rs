//! What the compiler refuses, where it points, and what its Rust looks like.

use tinsmith_model::{Sources, link, load};

/// Compiles the model of a service with these parameters and rules.
fn compile(parameters: &str, rules: &str) -> Result<String, Vec<(String, String)>> {
    compile_model(&format!(
        r#"{{"smithy": "2.0", "shapes": {{"a#S": {{"type": "service", "traits": {{
            "smithy.rules#endpointRuleSet":
                {{"version": "1.1", "parameters": {{{parameters}}}, "rules": [{rules}]}}
        }}}}}}}}"#
    ))
}

/// The Rust, or each problem with the text it stands at.
fn compile_model(model: &str) -> Result<String, Vec<(String, String)>> {
    let mut sources = Sources::new();
    sources.add("model.json", model);
    let mut problems = Vec::new();
    let model = link(load(&sources, &mut problems), &mut problems);
    let services = model.services();
    let closure = model.closure(&services[0].id).unwrap();
    assert!(problems.is_empty(), "{problems:?}");
    let endpoint = super::service(&model, &closure, &mut problems);
    if problems.is_empty() {
        let bindings = endpoint.bindings.into_values().flatten();
        let bindings: Vec<_> = bindings.map(|tokens| tokens.to_string()).collect();
        let file = syn::parse2(endpoint.resolve).unwrap();
        return Ok(prettyplease::unparse(&file) + &bindings.join("\n"));
    }
    let told = problems.into_iter().map(|problem| {
        assert!(problem.shape.is_some());
        let place = problem.span.and_then(|span| sources.text(span));
        (problem.message, place.unwrap_or_default().to_owned())
    });
    Err(told.collect())
}

/// The body of `resolve`, without its indentation.
fn body(parameters: &str, rules: &str) -> String {
    let code = compile(parameters, rules).unwrap();
    let body = code.lines().skip_while(|line| !line.contains("fn resolve"));
    let body: Vec<_> = body.skip(1).filter(|line| *line != "}").collect();
    let lines = body
        .iter()
        .map(|line| line.strip_prefix("    ").unwrap_or(line));
    lines.collect::<Vec<_>>().join("\n")
}

/// The one problem, and where it stands.
fn problem(parameters: &str, rules: &str) -> (String, String) {
    let problems = compile(parameters, rules).unwrap_err();
    assert_eq!(problems.len(), 1, "{problems:?}");
    problems[0].clone()
}

const REGION: &str = r#""Region": {"type": "string", "builtIn": "AWS::Region"}"#;
const BUCKET: &str = r#""Bucket": {"type": "string"}"#;

fn error_rule(conditions: &str, error: &str) -> String {
    format!(r#"{{"type": "error", "conditions": [{conditions}], "error": {error}}}"#)
}

#[test]
fn an_unset_value_cannot_be_read() {
    let (message, place) = problem(REGION, &error_rule("", r#""no {Region}""#));
    assert_eq!(message, "this value may be unset here");
    assert_eq!(place, r#""no {Region}""#);
}

#[test]
fn a_test_makes_a_value_readable_in_its_rule_alone() {
    let is_set = r#"{"fn": "isSet", "argv": [{"ref": "Region"}]}"#;
    let rules = [
        error_rule(is_set, r#""in {Region}""#),
        error_rule("", r#"{"ref": "Region"}"#),
    ];
    let (_, place) = problem(REGION, &rules.join(","));
    assert_eq!(place, r#"{"ref": "Region"}"#);
}

#[test]
fn problems_name_what_is_wrong_and_where() {
    for (condition, message, place) in [
        (
            r#"{"fn": "isset", "argv": [true]}"#,
            "there is no function `isset`",
            r#"{"fn": "isset", "argv": [true]}"#,
        ),
        (
            r#"{"fn": "not", "argv": [{"ref": "Regoin"}]}"#,
            "there is no parameter or variable `Regoin` here",
            r#"{"ref": "Regoin"}"#,
        ),
        (
            r#"{"fn": "not", "argv": ["text"]}"#,
            "expected a boolean, found a string",
            r#""text""#,
        ),
        (
            r#"{"fn": "not", "argv": [true, false]}"#,
            "`not` takes another number of arguments",
            r#"{"fn": "not", "argv": [true, false]}"#,
        ),
        (
            r#"{"fn": "aws.partition", "argv": ["a"], "assign": "Region"}"#,
            "the name `Region` is taken in this scope",
            r#""Region""#,
        ),
        (
            r#"{"fn": "getAttr", "argv": [{"fn": "aws.partition", "argv": ["a"]}, "nam"]}"#,
            "a partition has no attribute `nam`",
            r#"{"fn": "getAttr", "argv": [{"fn": "aws.partition", "argv": ["a"]}, "nam"]}"#,
        ),
        (
            r#"{"fn": "isSet", "argv": ["{Region"]}"#,
            "the template `{Region` has a brace without its match",
            r#""{Region""#,
        ),
        (
            r#"{"fn": "isSet"}"#,
            "`argv` is missing",
            r#"{"fn": "isSet"}"#,
        ),
    ] {
        let found = problem(REGION, &error_rule(condition, r#""e""#));
        assert_eq!(found, (message.to_owned(), place.to_owned()));
    }
}

#[test]
fn parameters_are_checked() {
    let (message, place) = problem(r#""P": {"type": "boolean", "default": "x"}"#, "");
    assert_eq!(message, "the default is not of the parameter's type");
    assert_eq!(place, r#""x""#);
    let (message, _) = problem(r#""P": {"type": "string"}, "p": {"type": "string"}"#, "");
    assert_eq!(message, "the parameter `p` is there twice");
    let (message, _) = problem(r#""R": {"type": "boolean", "builtIn": "AWS::Region"}"#, "");
    assert!(message.contains("must be a string"), "{message}");
}

#[test]
fn nesting_without_end_is_refused() {
    let mut condition = r#"{"fn": "isSet", "argv": ["x"]}"#.to_owned();
    for _ in 0..80 {
        condition = format!(r#"{{"fn": "not", "argv": [{condition}]}}"#);
    }
    let (message, _) = problem("", &error_rule(&condition, r#""e""#));
    assert_eq!(message, "this is nested too deeply to be compiled");
}

#[test]
fn an_empty_rule_set_matches_nothing() {
    assert_eq!(body("", ""), "Err(EndpointError::no_rule_matched())");
    assert!(
        compile("", "")
            .unwrap()
            .contains("_params: &EndpointParams")
    );
}

#[test]
fn what_follows_an_unconditional_rule_is_left_out() {
    let rules = [error_rule("", r#""first""#), error_rule("", r#""second""#)];
    assert_eq!(
        body("", &rules.join(",")),
        r#"Err(EndpointError::new("first"))"#
    );
}

#[test]
fn a_required_parameter_is_asked_for_even_where_no_rule_reads_it() {
    let parameter = r#""P": {"type": "string", "required": true}"#;
    assert!(body(parameter, "").contains(r#"missing_parameter("P")"#));
}

#[test]
fn values_that_nothing_reads_have_no_name() {
    let parse = r#"{"fn": "parseURL", "argv": ["https://a.example"], "assign": "url"}"#;
    let split = r#"{"fn": "split", "argv": ["a-b", "-", 0], "assign": "parts"}"#;
    assert_eq!(
        body("", &error_rule(&format!("{parse}, {split}"), r#""e""#)),
        "if functions::parse_url(\"https://a.example\").is_some() {\n    \
         return Err(EndpointError::new(\"e\"));\n}\nErr(EndpointError::no_rule_matched())"
    );
}

#[test]
fn text_that_is_borrowed_from_is_kept() {
    let is_set = r#"{"fn": "isSet", "argv": [{"ref": "Bucket"}]}"#;
    let split = r#"{"fn": "split", "argv": ["{Bucket}-x", "-", 0], "assign": "parts"}"#;
    let first = r#"{"fn": "getAttr", "argv": [{"ref": "parts"}, "[0]"], "assign": "first"}"#;
    let conditions = [is_set, split, first].join(",");
    let body = body(BUCKET, &error_rule(&conditions, r#"{"ref": "first"}"#));
    assert!(
        body.contains(r#"let text = format!("{bucket}-x");"#),
        "{body}"
    );
    assert!(
        body.contains("let parts = functions::split(&text, \"-\", 0);"),
        "{body}"
    );
    assert!(
        body.contains("&& let Some(first)") || body.contains("if let Some(first)"),
        "{body}"
    );
}

#[test]
fn built_ins_give_way_to_what_the_service_binds() {
    let model = r#"{"smithy": "2.0", "shapes": {
        "a#S": {"type": "service", "operations": [{"target": "a#O"}], "traits": {
            "smithy.rules#clientContextParams": {"Region": {"type": "string"}},
            "smithy.rules#endpointRuleSet": {"version": "1.0", "parameters": {
                "Region": {"type": "string", "builtIn": "AWS::Region"},
                "ForcePathStyle": {"type": "boolean", "builtIn": "AWS::S3::ForcePathStyle",
                    "required": true, "default": false},
                "Keys": {"type": "stringArray"}
            }, "rules": [
                {"type": "error", "conditions": [
                    {"fn": "isSet", "argv": [{"ref": "Region"}]},
                    {"fn": "isSet", "argv": [{"ref": "Keys"}]},
                    {"fn": "booleanEquals", "argv": [{"ref": "ForcePathStyle"}, true]}
                ], "error": "{Region}"}
            ]}}},
        "a#O": {"type": "operation", "input": {"target": "a#I"}, "output": {"target": "smithy.api#Unit"},
            "traits": {
                "smithy.rules#staticContextParams": {"ForcePathStyle": {"value": true}},
                "smithy.rules#operationContextParams": {"Keys": {"path": "delete.objects[*].key"}}
            }},
        "a#I": {"type": "structure", "members": {"delete": {"target": "a#Delete"}}},
        "a#Delete": {"type": "structure", "members": {"objects": {"target": "a#Objects"}}},
        "a#Objects": {"type": "list", "member": {"target": "a#Object"}},
        "a#Object": {"type": "structure", "members": {"key": {"target": "smithy.api#String"}}}
    }}"#;
    let code = compile_model(model).unwrap();
    for expected in [
        r#"params.string("Region").or(params.region)"#,
        r#"params.boolean("AWS::S3::ForcePathStyle")"#,
        r#"params.strings("Keys")"#,
        r#"EndpointBinding :: new ("ForcePathStyle" , ParamSource :: Fixed (FixedParam :: Boolean (true)))"#,
        r#"PathStep :: Member ("objects") , PathStep :: Each , PathStep :: Member ("key")"#,
    ] {
        assert!(code.contains(expected), "{expected} in\n{code}");
    }
    let problems = compile_model(&model.replace("[*].key", "[*].kye")).unwrap_err();
    assert_eq!(problems[0].0, "`a#Object` has no member `kye`");
    let problems = compile_model(&model.replace(".objects[*].key", "")).unwrap_err();
    assert!(
        problems[0].0.contains("no string, boolean or list"),
        "{problems:?}"
    );
}
