//! In what the generated client differs from the official crates on purpose.
//!
//! A difference that none of these explains is a failure, and so is an entry that explains nothing any
//! more.

use serde_json::Value;

use crate::Case;
use crate::found::Found;

/// A difference that is meant to be.
pub struct Deliberate {
    /// What differs.
    pub name: &'static str,
    /// Why.
    pub reason: &'static str,
    /// Whether it explains what was found.
    pub explains: fn(&Case, &Found) -> bool,
}

/// All of them.
pub const ALL: &[Deliberate] = &[
    Deliberate {
        name: "user-agent",
        reason: "each client says what it is",
        explains: |_, found| {
            found.aspect == "request header user-agent"
                && found.ours.starts_with("\"tinsmith/")
                && found.official.starts_with("\"aws-sdk-rust/")
        },
    },
    Deliberate {
        name: "x-amz-user-agent",
        reason: "it repeats user-agent for browsers, which do not let programs set that one",
        explains: |_, found| {
            found.aspect == "request header x-amz-user-agent" && found.ours == "absent"
        },
    },
    Deliberate {
        name: "amz-sdk-invocation-id",
        reason: "a random id of the call; both are UUIDs of version 4",
        explains: |_, found| {
            let is_id = |text: &str| text.len() == 38 && text.get(15..16) == Some("4");
            found.aspect == "request header amz-sdk-invocation-id"
                && is_id(&found.ours)
                && is_id(&found.official)
        },
    },
    Deliberate {
        name: "timestamps to the nanosecond",
        reason: "the official crate writes microseconds and drops the rest",
        explains: |_, found| {
            found.aspect.starts_with("body ") && to_the_microsecond(&found.ours) == found.official
        },
    },
    Deliberate {
        name: "content-length with such timestamps",
        reason: "the body is longer by the digits that the official crate drops",
        explains: |case, found| {
            found.aspect == "request header content-length"
                && leaves(&case.input).any(|text| to_the_microsecond(&text) != text)
        },
    },
    Deliberate {
        name: "labels `.` and `..`",
        reason: "they would address another resource: refused here, sent by the official crate",
        explains: |case, found| {
            let labels = ["id", "accessTokenId", "dnsViewId"];
            found.aspect == "number of requests"
                && (&*found.ours, &*found.official) == ("0", "1")
                && labels
                    .iter()
                    .any(|name| matches!(case.input[*name].as_str(), Some("." | "..")))
        },
    },
    Deliberate {
        name: "`Message` and `errorMessage` in modelled errors",
        reason: "services spell it so too; the official crate has it in its metadata only",
        explains: |case, found| {
            let spelt_so = ["\"Message\"", "\"errorMessage\""];
            found.aspect == "modelled error /members/message"
                && found.official == "\"\""
                && spelt_so.iter().any(|name| case.reply.body.contains(name))
        },
    },
    Deliberate {
        name: "messages of errors without a code",
        reason: "the message is told all the same; the official crate drops it",
        explains: |_, found| {
            found.aspect == "unmodelled error /message" && found.official == "null"
        },
    },
    Deliberate {
        name: "codes of errors whose body cannot be read",
        reason: "the header names the code, or what of the body can be read; the official crate loses it",
        explains: |_, found| found.aspect == "unmodelled error /code" && found.official == "null",
    },
    Deliberate {
        name: "empty codes",
        reason: "an empty text names nothing: there is no code",
        explains: |_, found| {
            found.aspect == "unmodelled error /code"
                && found.ours == "null"
                && found.official == "\"\""
        },
    },
    Deliberate {
        name: "filters called like a parameter that is not set",
        reason: "only a parameter that is set comes before them; the official crate drops them always",
        explains: |case, found| {
            let own = [("max_results", "maxResults"), ("next_token", "nextToken")];
            let dropped = |&(name, member): &(&str, &str)| {
                let named = format!("\"{name}\": ");
                case.input[member].is_null()
                    && case.input["filters"].get(name).is_some()
                    && found.ours.contains(&named)
                    && !found.official.contains(&named)
            };
            found.aspect == "query" && own.iter().any(dropped)
        },
    },
    Deliberate {
        name: "modelled errors whose body cannot be read",
        reason: "the code is known, so the error is what it says, with what of its members can be read",
        explains: |_, found| {
            found.aspect == "kind of result"
                && found.ours.starts_with("modelled error ")
                && found.official == r#"unmodelled error {"code":null,"message":null}"#
        },
    },
    Deliberate {
        name: "errors that the model has for other operations",
        reason: "one enum for a service: a service may answer more than its model says of an operation",
        explains: |_, found| {
            let code = |text: &str, before: &str| {
                let rest = text.split_once(before)?.1;
                Some(rest.split('"').next()?.to_owned())
            };
            found.aspect == "kind of result"
                && found.ours.starts_with("modelled error ")
                && found.official.starts_with("unmodelled error ")
                && code(&found.ours, r#""shape":""#).is_some()
                && code(&found.ours, r#""shape":""#) == code(&found.official, r#""code":""#)
        },
    },
    Deliberate {
        name: "required enums that a response lacks",
        reason: "they hold the empty text, as Smithy's error correction says, and are named in the metadata",
        explains: |_, found| found.ours == "\"\"" && found.official == "\"no value was set\"",
    },
    Deliberate {
        name: "a blank between date and time",
        reason: "RFC 3339 allows it; the official crate does not read it",
        explains: |case, found| {
            found.aspect == "kind of result"
                && found.ours.starts_with("output ")
                && found.official.starts_with("unreadable response")
                && blank_in_a_time(&case.reply.body)
        },
    },
];

/// A JSON string that is a timestamp, without what is finer than microseconds; any other as it is.
fn to_the_microsecond(json: &str) -> String {
    let cut = || {
        let (whole, rest) = json.strip_suffix("Z\"")?.split_once('.')?;
        let kept = rest.get(..6).unwrap_or(rest).trim_end_matches('0');
        let digits = rest.bytes().all(|byte| byte.is_ascii_digit());
        let point = if kept.is_empty() { "" } else { "." };
        digits.then(|| format!("{whole}{point}{kept}Z\""))
    };
    cut().unwrap_or_else(|| json.to_owned())
}

/// The strings of an input's members, as JSON.
fn leaves(input: &Value) -> impl Iterator<Item = String> {
    let members = input.as_object().into_iter().flatten();
    members.map(|(_, value)| value.to_string())
}

/// Whether a body holds a timestamp with a blank in place of the `T`.
fn blank_in_a_time(body: &str) -> bool {
    body.match_indices(' ').any(|(at, _)| {
        let digit = |at: usize| body.as_bytes().get(at).is_some_and(u8::is_ascii_digit);
        at > 2 && digit(at - 1) && digit(at - 2) && digit(at + 1) && digit(at + 2)
    })
}
