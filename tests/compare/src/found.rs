//! In what two exchanges differ.

use std::collections::{BTreeMap, BTreeSet};

use ::tests::token_service::{Request, sigv4};
use http::HeaderName;
use jiff::Timestamp;
use serde_json::Value;

use crate::outcome::Outcome;
use crate::{Identity, REGION};

/// What one client sent, and what it made of the answer.
#[derive(Clone, Debug)]
pub struct Exchange {
    /// The requests that arrived; one, unless something is wrong.
    pub requests: Vec<Request>,
    /// What came of the call.
    pub outcome: Outcome,
}

/// Something in which the clients differ.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// What it is, such as `request header user-agent`.
    pub aspect: String,
    /// What the generated client has there.
    pub ours: String,
    /// What the official one has.
    pub official: String,
}

/// Everything in which two exchanges differ. That not one request came of each is always found, also
/// where their numbers are equal: such a case compares nothing.
pub fn differences(ours: &Exchange, official: &Exchange, identity: &Identity) -> Vec<Found> {
    let mut found = Vec::new();
    let mut add = |aspect: &str, ours: String, official: String| {
        if ours != official {
            found.push(Found {
                aspect: aspect.to_owned(),
                ours,
                official,
            });
        }
    };
    let sent = [ours, official].map(|exchange| exchange.requests.len());
    if let ([ours], [official]) = (&ours.requests[..], &official.requests[..]) {
        requests(ours, official, &mut add);
        add(
            "signature",
            verdict(ours, identity),
            verdict(official, identity),
        );
    }
    if sent[0] > 0 {
        outcomes(&ours.outcome, &official.outcome, &mut add);
    }
    // Where both send nothing, or both too much, they agree and yet nothing was compared.
    if sent != [1, 1] {
        let [ours, official] = sent.map(|count| count.to_string());
        found.push(Found {
            aspect: "number of requests".to_owned(),
            ours,
            official,
        });
    }
    found
}

fn requests(ours: &Request, official: &Request, add: &mut impl FnMut(&str, String, String)) {
    add(
        "method",
        ours.method.to_string(),
        official.method.to_string(),
    );
    add("path", ours.path.clone(), official.path.clone());
    add("query", params(&ours.query), params(&official.query));
    leaves_apart("body", &body(&ours.body), &body(&official.body), add);
    let names = |request: &Request| -> BTreeSet<String> {
        request.headers.keys().map(HeaderName::to_string).collect()
    };
    for name in names(ours).union(&names(official)) {
        let values = |request: &Request| match &*authorization(request, name) {
            "" if !request.headers.contains_key(name) => "absent".to_owned(),
            values => format!("{values:?}"),
        };
        add(
            &format!("request header {name}"),
            values(ours),
            values(official),
        );
    }
}

/// The values of a header. Signatures cover headers in which the clients must differ, so of
/// `authorization` this is what else it tells; the signatures themselves are checked.
fn authorization(request: &Request, name: &str) -> String {
    let values = request.headers.get_all(name).iter();
    let values: Vec<_> = values
        .map(|value| String::from_utf8_lossy(value.as_bytes()))
        .collect();
    let values = values.join("\n");
    match values.starts_with("AWS4-") && name == "authorization" {
        true => values
            .split(", Signed")
            .next()
            .unwrap_or_default()
            .to_owned(),
        false => values,
    }
}

/// The parameters, each as it is encoded: those of one name in their order, the names in any.
fn params(query: &str) -> String {
    let mut by_name: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for param in query.split('&').filter(|param| !param.is_empty()) {
        let (name, value) = param.split_once('=').unwrap_or((param, "(no =)"));
        by_name.entry(name).or_default().push(value);
    }
    format!("{by_name:?}")
}

/// A body by its JSON value, or as the text it is.
fn body(bytes: &[u8]) -> Value {
    let text = || String::from_utf8_lossy(bytes).into_owned().into();
    serde_json::from_slice(bytes).unwrap_or_else(|_| text())
}

/// Adds each place in which two values differ, such as `output /items/0/name`.
fn leaves_apart(
    of: &str,
    ours: &Value,
    official: &Value,
    add: &mut impl FnMut(&str, String, String),
) {
    let (ours, official) = (leaves(ours), leaves(official));
    let places: BTreeSet<_> = ours.keys().chain(official.keys()).collect();
    for place in places {
        let at = |leaves: &BTreeMap<String, String>| {
            leaves
                .get(place)
                .cloned()
                .unwrap_or_else(|| "absent".to_owned())
        };
        add(&format!("{of} {place}"), at(&ours), at(&official));
    }
}

/// All that is in a value, by JSON pointer. Structures and lists are there with their kind.
fn leaves(value: &Value) -> BTreeMap<String, String> {
    fn walk(value: &Value, place: &str, found: &mut BTreeMap<String, String>) {
        let (kind, parts): (_, Vec<(String, &Value)>) = match value {
            Value::Object(members) => (
                "an object",
                members
                    .iter()
                    .map(|(name, value)| (name.clone(), value))
                    .collect(),
            ),
            Value::Array(items) => {
                let items = items.iter().enumerate();
                (
                    "an array",
                    items
                        .map(|(index, item)| (index.to_string(), item))
                        .collect(),
                )
            }
            _ => return drop(found.insert(place.to_owned(), value.to_string())),
        };
        found.insert(place.to_owned(), kind.to_owned());
        for (name, part) in parts {
            walk(part, &format!("{place}/{name}"), found);
        }
    }
    let mut found = BTreeMap::new();
    walk(value, "", &mut found);
    found
}

/// What a service finds when it computes the signature, or compares the token, itself.
fn verdict(request: &Request, identity: &Identity) -> String {
    let authorization = request.header("authorization").unwrap_or_default();
    if !request.path.starts_with("/tokens") {
        let right = authorization == format!("Bearer {}", identity.bearer_token);
        return if right { "right" } else { "wrong" }.to_owned();
    }
    let credentials = sigv4::Credentials {
        access_key_id: identity.access_key_id.clone(),
        secret_access_key: identity.secret_access_key.clone(),
        session_token: Some(identity.session_token.clone()),
    };
    let now = Timestamp::try_from(identity.time).unwrap_or_default();
    match sigv4::verify(request, &credentials, "route53globalresolver", REGION, now) {
        Ok(()) => "right".to_owned(),
        Err(refusal) => format!("{refusal:?}"),
    }
}

fn outcomes(ours: &Outcome, official: &Outcome, add: &mut impl FnMut(&str, String, String)) {
    let (our_kind, our_value) = ours.result.parts();
    let (official_kind, official_value) = official.result.parts();
    if our_kind == official_kind {
        leaves_apart(our_kind, &our_value, &official_value, add);
    } else {
        add(
            "kind of result",
            format!("{our_kind} {our_value}"),
            format!("{official_kind} {official_value}"),
        );
    }
    if official.status.is_some() {
        add(
            "status",
            format!("{:?}", ours.status),
            format!("{:?}", official.status),
        );
    }
    add(
        "request id",
        format!("{:?}", ours.request_id),
        format!("{:?}", official.request_id),
    );
}

#[cfg(test)]
mod tests {
    use std::time::SystemTime;

    use serde_json::json;

    use super::{Exchange, differences};
    use crate::outcome::{CallResult, Outcome};
    use crate::reply::Reply;
    use crate::{Case, Identity, explained};

    /// Protects the comparison from saying that clients are equivalent which both send nothing.
    #[test]
    fn a_case_that_neither_client_sends_is_found_and_not_explained() {
        let refused = || Exchange {
            requests: Vec::new(),
            outcome: Outcome {
                result: CallResult::Refused("an invalid input".to_owned()),
                status: None,
                request_id: None,
            },
        };
        let identity = Identity {
            bearer_token: String::new(),
            access_key_id: String::new(),
            secret_access_key: String::new(),
            session_token: String::new(),
            time: SystemTime::UNIX_EPOCH,
        };
        let found = differences(&refused(), &refused(), &identity);
        let aspects: Vec<_> = found.iter().map(|found| found.aspect.as_str()).collect();
        assert_eq!(aspects, ["number of requests"]);
        let reply = Reply {
            status: 200,
            headers: Vec::new(),
            body: String::new(),
        };
        for input in [json!({"id": "a"}), json!({"id": "."})] {
            let case = Case {
                input,
                reply: reply.clone(),
            };
            assert_eq!(explained(&case, &found[0]), None);
        }
    }
}
