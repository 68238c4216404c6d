//! Values of a model's shapes, drawn from inside their constraints.

use std::ops::RangeInclusive;
use std::sync::Arc;

use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use crate::model::{Member, Model};

/// How good the values are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quality {
    /// As the model has them.
    Sound,
    /// With members that are missing, null or unknown, unknown enum values and other forms of
    /// timestamps.
    Sloppy,
    /// With values of the wrong type too.
    Broken,
}

/// Draws structures of one model.
#[derive(Clone, Copy, Debug)]
pub struct Draw<'m> {
    /// The model.
    pub model: &'m Model,
    /// How good they are to be.
    pub quality: Quality,
}

type Entry = Option<(String, Value)>;

impl Draw<'_> {
    /// A structure, without its members that travel in headers.
    pub fn structure(self, id: &str) -> BoxedStrategy<Value> {
        let mut entries: Vec<BoxedStrategy<Entry>> = self
            .model
            .members(id)
            .into_iter()
            .filter(|member| !member.has("httpHeader"))
            .map(|member| self.entry(id, member))
            .collect();
        if self.quality != Quality::Sound {
            entries.push(self.unknown_member());
        }
        let object = |entries: Vec<Entry>| {
            Value::Object(entries.into_iter().flatten().collect::<Map<_, _>>())
        };
        entries.prop_map(object).boxed()
    }

    fn entry(self, id: &str, member: Member<'_>) -> BoxedStrategy<Entry> {
        let value = self.value(id, member);
        let value = match self.quality {
            Quality::Sound => value,
            Quality::Sloppy => prop_oneof![20 => value, 1 => Just(Value::Null)].boxed(),
            Quality::Broken => prop_oneof![20 => value, 1 => wrong()].boxed(),
        };
        let name = member.name.to_owned();
        // A token that nobody gives is drawn by the client, and by each another.
        let always = member.has("idempotencyToken")
            || member.has("required") && self.quality == Quality::Sound;
        let value = match (always, member.has("required")) {
            (true, _) => value.prop_map(Some).boxed(),
            (false, true) => proptest::option::weighted(0.95, value).boxed(),
            (false, false) => proptest::option::weighted(0.6, value).boxed(),
        };
        value
            .prop_map(move |value| Some((name.clone(), value?)))
            .boxed()
    }

    fn unknown_member(self) -> BoxedStrategy<Entry> {
        let value = prop_oneof![
            wrong(),
            Just(json!({"deep": [1, {"deeper": null}], "metadata": "x"})),
        ];
        let name = prop_oneof!["[a-z]{1,8}", Just("__type".to_owned()), any::<String>()]
            .prop_filter("a name that no member has", |name| name != "message");
        proptest::option::of((name, value)).boxed()
    }

    fn value(self, of: &str, member: Member<'_>) -> BoxedStrategy<Value> {
        let target = member.target;
        match self.model.kind(target).as_str() {
            "string" => string(member).prop_map(Value::from).boxed(),
            "enum" => self.enum_value(target),
            "timestamp" => self.timestamp(),
            "integer" => integer(member),
            "structure" => self.structure(target),
            "list" => {
                let item = self.value(target, self.model.member(target, "member"));
                vec(item, 0..5).prop_map(Value::from).boxed()
            }
            "map" => self.map(of, member),
            kind => panic!("this program draws no {kind}; {target} needs it"),
        }
    }

    fn map(self, of: &str, member: Member<'_>) -> BoxedStrategy<Value> {
        let target = member.target;
        let mut key = string(self.model.member(target, "key"));
        if member.has("httpQueryParams") {
            // What a parameter of its own has comes before an entry of the map.
            let members = self.model.members(of);
            let names = members
                .iter()
                .filter_map(|member| member.get("httpQuery").as_str());
            let names: Vec<String> = names.map(str::to_owned).collect();
            key = prop_oneof![4 => key, 1 => proptest::sample::select(names)].boxed();
        }
        let value = self.value(target, self.model.member(target, "value"));
        let most = member.get("length")["max"].as_u64().unwrap_or(6).min(50) as usize;
        let size = prop_oneof![9 => 0..5_usize, 1 => Just(most)];
        size.prop_flat_map(move |size| btree_map(key.clone(), value.clone(), 0..=size))
            .prop_map(|entries| Value::Object(entries.into_iter().collect()))
            .boxed()
    }

    fn enum_value(self, target: &str) -> BoxedStrategy<Value> {
        let members = self.model.members(target);
        let values = members.iter().map(|member| member.get("enumValue").clone());
        let known = proptest::sample::select(values.collect::<Vec<_>>());
        match self.quality {
            Quality::Sound => known.boxed(),
            _ => prop_oneof![4 => known, 1 => any::<String>().prop_map(Value::from)].boxed(),
        }
    }

    /// RFC 3339, from the year 1 to the last days of the year 9999, so that any offset stays within.
    fn timestamp(self) -> BoxedStrategy<Value> {
        let second = prop_oneof![
            4 => 1_500_000_000..2_500_000_000_i64,
            2 => -62_135_596_800..253_402_100_000_i64,
            1 => proptest::sample::select(vec![-62_135_596_800, -1, 0, 951_782_400, 253_402_099_999]),
        ];
        let nano = prop_oneof![
            3 => Just(0),
            1 => (0..1_000).prop_map(|milli| milli * 1_000_000),
            1 => 0..1_000_000_000,
        ];
        let sound = (second, nano).prop_map(|(second, nano)| {
            let time = jiff::Timestamp::new(second, nano).unwrap_or_default();
            time.to_string()
        });
        if self.quality == Quality::Sound {
            return sound.prop_map(Value::from).boxed();
        }
        let form = 0..12_u8;
        (sound, form)
            .prop_map(|(text, form)| other_form(text, form))
            .boxed()
    }
}

/// A timestamp in one of the forms that services have been seen to write, or nearly so.
fn other_form(text: String, form: u8) -> Value {
    let stem = text.trim_end_matches('Z');
    match form {
        0 => format!("{stem}+00:00").into(),
        1 => format!("{stem}-07:30").into(),
        2 => text.to_lowercase().into(),
        3 if !stem.contains('.') => format!("{stem}.1234567891Z").into(),
        4 if !stem.contains('.') => format!("{stem}.120Z").into(),
        5 => stem.into(),
        6 => text.replace('T', " ").into(),
        7 => json!(1_700_000_000.25),
        _ => text.into(),
    }
}

/// A value that few members can take.
fn wrong() -> BoxedStrategy<Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        Just(json!(1.5)),
        Just(json!("")),
        any::<String>().prop_map(Value::from),
        Just(json!([])),
        Just(json!(["a"])),
        Just(json!({})),
    ]
    .boxed()
}

fn integer(member: Member<'_>) -> BoxedStrategy<Value> {
    let bound = |name: &str, else_: i32| {
        let bound = member.get("range")[name].as_i64();
        bound
            .and_then(|bound| i32::try_from(bound).ok())
            .unwrap_or(else_)
    };
    let (min, max) = (bound("min", i32::MIN), bound("max", i32::MAX));
    let near = max.saturating_sub(12).max(min)..=max;
    prop_oneof![2 => near, 1 => min..=max]
        .prop_map(Value::from)
        .boxed()
}

/// A text within `length` and `pattern`.
fn string(member: Member<'_>) -> BoxedStrategy<String> {
    let length = member.get("length");
    let min = length["min"].as_u64().unwrap_or(0) as usize;
    let max = length["max"].as_u64().map_or(300, |max| max as usize);
    match member.get("pattern").as_str() {
        Some(pattern) => matching(pattern, min, max),
        None => free(min, max),
    }
}

/// A text of any characters. Some are as long as they may be.
fn free(min: usize, max: usize) -> BoxedStrategy<String> {
    let character = prop_oneof![
        4 => proptest::char::range(' ', '~'),
        2 => any::<char>(),
        1 => proptest::sample::select(" %+&=/?#.~\0\r\n\t\"\\'\u{85}\u{2028}é漢\u{1F600}".chars().collect::<Vec<_>>()),
    ];
    let text = |lengths: RangeInclusive<usize>| {
        vec(character.clone(), lengths).prop_map(String::from_iter)
    };
    let usual = text(min..=max.min(min + 30));
    let longest = text(max..=max);
    let dots =
        proptest::sample::select(vec![".", "..", "a/b", "a//b", "/"]).prop_map(str::to_owned);
    let dots = dots.prop_filter("within the length", move |text| {
        (min..=max).contains(&text.chars().count())
    });
    match min <= 4 {
        true => prop_oneof![30 => usual, 1 => longest, 3 => dots].boxed(),
        false => prop_oneof![30 => usual, 1 => longest].boxed(),
    }
}

/// A text that an ECMA-262 engine finds to match `pattern`.
///
/// The generator reads another dialect, and no look-ahead: what it makes is tried with the engine.
fn matching(pattern: &str, min: usize, max: usize) -> BoxedStrategy<String> {
    let engine = regress::Regex::with_flags(pattern, "u")
        .or_else(|_| regress::Regex::new(pattern))
        .expect("a pattern of the model");
    let engine = Arc::new(engine);
    let inner = pattern.trim_start_matches('^').trim_end_matches('$');
    let inner = inner.trim_start_matches("(?!^[0-9]+$)");
    let made = |length: (usize, usize)| {
        let counted = format!("{{{},{}}}", length.0, length.1);
        let regex = inner
            .replace("]+", &format!("]{counted}"))
            .replace("]*", &format!("]{counted}"));
        proptest::string::string_regex(&regex).expect("a pattern that the generator knows")
    };
    let usual = made((min, max.min(min + 12)));
    let any = made((min, max));
    prop_oneof![4 => usual, 1 => any]
        .prop_filter("what the pattern and the length allow", move |text| {
            (min..=max).contains(&text.chars().count()) && engine.find(text).is_some()
        })
        .boxed()
}
